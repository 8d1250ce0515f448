//! Ids, tokens and numbers in the documented shapes, the same ones again for the same seed.
//!
//! Owns nothing but a counter. Not a source of secrets: its values are predictable.

use serde::{Deserialize, Serialize};

/// A source of ids; equal seeds give equal sequences.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ids(u64);

const UPPER: &[u8] = b"0123456789ABCDEFGHJKMNPQRSTUVWXYZ";
const LOWER: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";
const HEX: &[u8] = b"0123456789abcdef";
const DIGITS: &[u8] = b"0123456789";

impl Ids {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// `STX_` and thirty digits and capitals.
    pub(crate) fn object(&mut self, prefix: &str) -> String {
        let mut id = String::with_capacity(prefix.len() + 31);
        id.push_str(prefix);
        id.push('_');
        self.put(&mut id, 30, UPPER);
        id
    }

    /// 26 lower-case letters and digits.
    pub(crate) fn access_token(&mut self) -> String {
        self.take(26, LOWER)
    }

    /// `length` hex digits.
    pub(crate) fn hex(&mut self, length: usize) -> String {
        self.take(length, HEX)
    }

    /// The code that is entered to pair a device: 8 lower-case letters and digits.
    pub(crate) fn user_code(&mut self) -> String {
        self.take(8, LOWER)
    }

    /// The 8 digits that receipts call "TA Code".
    pub(crate) fn booking_code(&mut self) -> String {
        self.digits(8)
    }

    /// `length` digits.
    pub(crate) fn digits(&mut self, length: usize) -> String {
        self.take(length, DIGITS)
    }

    /// Where the sequence stands: a source that starts there goes on where this one is.
    pub(crate) const fn position(&self) -> u64 {
        self.0
    }

    fn take(&mut self, length: usize, alphabet: &[u8]) -> String {
        let mut text = String::with_capacity(length);
        self.put(&mut text, length, alphabet);
        text
    }

    fn put(&mut self, text: &mut String, length: usize, alphabet: &[u8]) {
        let size = alphabet.len() as u64;
        text.extend((0..length).filter_map(|_| {
            let index = usize::try_from(self.number() % size).unwrap_or_default();
            alphabet.get(index).map(|byte| char::from(*byte))
        }));
    }

    /// Any number. `SplitMix64`: a counter and a mixer, so every seed, 0 too, gives a full-length sequence.
    pub(crate) fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_the_documented_shapes() {
        let mut ids = Ids::new(7);
        let id = ids.object("STX");
        assert_eq!(id.len(), 34);
        assert!(id.starts_with("STX_"));
        assert!(id.chars().skip(4).all(|c| c.is_ascii_digit() || c.is_ascii_uppercase()), "{id}");
        assert_eq!(ids.access_token().len(), 26);
        assert!(ids.hex(40).chars().all(|c| matches!(c, '0'..='9' | 'a'..='f')));
        assert!(ids.booking_code().chars().all(|c| c.is_ascii_digit()));
    }

    #[test]
    fn a_seed_gives_the_same_ids_again_and_another_seed_others() {
        let first = Ids::new(1).object("STX");
        assert_eq!(Ids::new(1).object("STX"), first);
        assert_ne!(Ids::new(2).object("STX"), first);
    }
}
