//! A hash table of positions: four bytes a key and no copy of it.
//!
//! Owns the slots. A slot holds a position and some bits of the key's hash, so that almost every
//! position that is found is the right one; the caller looks at the article itself to be sure.

use super::bytes::{short, word_at};

/// Bits of a slot that hold a position, counted from 1; 0 is a free slot.
const POSITION_BITS: u32 = 21;
/// The most articles whose positions fit.
pub(super) const MOST: usize = (1 << POSITION_BITS) - 1;
/// Different keys hardly ever have one hash, and this many never.
const MOST_ALIKE: usize = 8;
const POSITION: u32 = (1 << POSITION_BITS) - 1;

/// The slots, four bytes each.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Table(pub Vec<u8>);

impl Table {
    /// A table of `keys`, in order: the hash and the position of each. Positions behind [`MOST`]
    /// are left out, and so are keys behind the first [`MOST_ALIKE`] of one hash.
    pub(super) fn of(keys: &[(u64, u32)]) -> Self {
        // One in nine stays free: fewer make the search for what is not there long.
        let slots = keys.len() + keys.len() / 8 + 1;
        let mut table = Self(vec![0; slots * 4]);
        for same in keys.chunk_by(|a, b| a.0 == b.0) {
            // More are keys that are there again and again: each would be put behind all others.
            for (hash, position) in same.iter().take(MOST_ALIKE) {
                if (*position as usize) < MOST {
                    table.put(*hash, *position);
                }
            }
        }
        table
    }

    fn put(&mut self, hash: u64, position: u32) {
        let count = self.slots();
        let mut slot = start(hash, count);
        while word_at(&self.0, slot).is_some_and(|slot| slot != 0) {
            slot = if slot + 1 == count { 0 } else { slot + 1 };
        }
        if let Some(free) = self.0.get_mut(slot * 4..).and_then(|rest| rest.first_chunk_mut()) {
            *free = (tag(hash) | (position + 1)).to_le_bytes();
        }
    }

    fn slots(&self) -> usize {
        self.0.len() / 4
    }

    /// The positions that may have a key with this hash.
    pub(super) fn find(&self, hash: u64) -> impl Iterator<Item = usize> {
        let count = self.slots();
        let first = start(hash, count);
        // A damaged table may have no free slot.
        (first..count)
            .chain(0..first)
            .map_while(|slot| word_at(&self.0, slot).filter(|found| *found != 0))
            .filter(move |found| found & !POSITION == tag(hash))
            .filter_map(|found| (found & POSITION).checked_sub(1))
            .map(|position| position as usize)
    }
}

/// The slot that a hash begins at: its upper half, spread over all slots.
fn start(hash: u64, slots: usize) -> usize {
    let upper = hash >> 32;
    usize::try_from((upper * u64::from(short(slots))) >> 32).unwrap_or_default()
}

/// The lowest bits of a hash, where a slot has them.
fn tag(hash: u64) -> u32 {
    let [a, b, c, d, ..] = hash.to_le_bytes();
    u32::from_le_bytes([a, b, c, d]) << POSITION_BITS
}

/// The hash of `bytes` under `seed`: FNV-1a, and the mixing of `MurmurHash3` behind it.
pub(super) fn hash(seed: u64, bytes: impl Iterator<Item = u8>) -> u64 {
    let mut hash = bytes.fold(seed ^ 0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_position_is_found_and_few_others() {
        let key = |n: u32| hash(7, n.to_le_bytes().into_iter());
        let mut keys: Vec<_> = (0..10_000).map(|n| (key(n), n)).collect();
        keys.sort_unstable();
        let table = Table::of(&keys);
        let mut others = 0;
        for (hash, position) in keys {
            let found: Vec<_> = table.find(hash).collect();
            assert!(found.contains(&(position as usize)));
            others += found.len() - 1;
        }
        let misses: usize = (10_000..20_000).map(|n| table.find(key(n)).count()).sum();
        assert!(others < 500 && misses < 500, "{others} {misses}");
    }

    #[test]
    fn an_empty_or_a_full_table_ends_the_search() {
        assert_eq!(Table::default().find(5).count(), 0);
        assert_eq!(Table::of(&[]).find(5).count(), 0);
        assert!(Table(vec![0xff; 64]).find(u64::MAX).count() <= 16);
    }

    #[test]
    fn the_first_keys_with_one_hash_are_found() {
        let keys: Vec<_> = (0..100).map(|n| (42, n)).collect();
        let found: Vec<_> = Table::of(&keys).find(42).collect();
        assert_eq!(found, (0..MOST_ALIKE).collect::<Vec<_>>());
    }
}
