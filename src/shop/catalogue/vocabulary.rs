//! The words of all articles, and in which articles each stands.
//!
//! Owns the index that the search walks: all words in order in one text, line by line, so that a
//! search within words is one pass over memory; and for each word the positions of its articles, as
//! differences. Must not know how hits are ranked.

use std::hash::{BuildHasher, RandomState};
use std::ops::Range;

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use memchr::{memchr, memmem};

use super::bytes::{Reader, length, put_number, short, word_at};
use super::set::Set;

/// Words of a group: the way to a word leads through the group's beginning.
const GROUP: usize = 16;
/// What stands before each word, and behind the last.
const BREAK: u8 = b'\n';

/// The index.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Vocabulary {
    /// The words in the order of their bytes.
    pub text: Vec<u8>,
    /// Two numbers per group: where its first word's break and its first list begin.
    pub groups: Vec<u8>,
    /// A list per word: its length in bytes, the first position, the differences.
    pub lists: Vec<u8>,
}

impl Vocabulary {
    fn group_count(&self) -> usize {
        self.groups.len() / 8
    }

    /// Where a group's text begins; behind the last group, the end.
    fn text_at(&self, group: usize) -> usize {
        word_at(&self.groups, group * 2).map_or(self.text.len(), |at| at as usize)
    }

    /// The words of a group.
    fn words(&self, group: usize) -> impl Iterator<Item = &[u8]> {
        let text = self.text.get(self.text_at(group)..self.text_at(group + 1));
        // Each begins with its break; what is behind the very last break is no word.
        text.unwrap_or_default()
            .split(|byte| *byte == BREAK)
            .skip(1)
            .filter(|word| !word.is_empty())
    }

    /// How many words come before `key`.
    fn rank(&self, key: &[u8]) -> usize {
        let (mut low, mut high) = (0, self.group_count());
        while low < high {
            let middle = low + (high - low) / 2;
            match self.words(middle).next() {
                Some(first) if first < key => low = middle + 1,
                _ => high = middle,
            }
        }
        let Some(group) = low.checked_sub(1) else { return 0 };
        group * GROUP + self.words(group).take_while(|word| *word < key).count()
    }

    /// The word itself, if it is there.
    pub(super) fn exactly(&self, word: &str) -> Range<usize> {
        let behind = [word.as_bytes(), &[0]].concat();
        self.rank(word.as_bytes())..self.rank(&behind)
    }

    /// The words that begin so.
    pub(super) fn beginning(&self, with: &str) -> Range<usize> {
        let behind = [with.as_bytes(), &[0xff]].concat();
        self.rank(with.as_bytes())..self.rank(&behind)
    }

    /// Calls `found` with each word that has `part` in it, and its rank, in order.
    pub(super) fn containing(&self, part: &str, mut found: impl FnMut(usize, &[u8])) {
        if part.is_empty() || part.as_bytes().contains(&BREAK) {
            return;
        }
        // The word that was found last: its group, its rank and where it ends.
        let (mut group, mut rank, mut end) = (0, 0, self.text_at(0) + 1);
        let mut known = false;
        for hit in memmem::find_iter(&self.text, part.as_bytes()) {
            if known && hit < end {
                continue;
            }
            while hit >= self.text_at(group + 1) && group + 1 < self.group_count() {
                group += 1;
                (rank, known) = (group * GROUP, false);
            }
            let mut start = if known {
                rank += 1;
                end + 1
            } else {
                self.text_at(group) + 1
            };
            loop {
                let rest = self.text.get(start..).unwrap_or_default();
                end = start + memchr(BREAK, rest).unwrap_or(rest.len());
                if hit < end || rest.is_empty() {
                    break;
                }
                start = end + 1;
                rank += 1;
            }
            known = true;
            found(rank, self.text.get(start..end).unwrap_or_default());
        }
    }

    /// Takes the articles of the words with these ranks into `set`.
    pub(super) fn collect(&self, ranks: Range<usize>, set: &mut Set) {
        if ranks.is_empty() {
            return;
        }
        let group = ranks.start / GROUP;
        let Some(at) = word_at(&self.groups, group * 2 + 1) else { return };
        let mut lists = Reader(self.lists.get(at as usize..).unwrap_or_default());
        for rank in group * GROUP..ranks.end {
            let list = lists.index().and_then(|length| lists.take(length));
            let Some(list) = list else { return };
            if rank >= ranks.start {
                let (mut list, mut position) = (Reader(list), 0_usize);
                while let Some(difference) = list.index() {
                    position = position.saturating_add(difference);
                    set.insert(position);
                }
            }
        }
    }
}

/// Takes the words of one article after the other.
#[derive(Default)]
pub(super) struct Collector {
    hasher: RandomState,
    /// Places in `ends`, by the word's hash.
    known: HashTable<u32>,
    /// All different words, one behind the other.
    text: String,
    /// Where each ends.
    ends: Vec<u32>,
    /// The words of all articles, article by article.
    uses: Vec<u32>,
    /// How many words the articles have.
    counts: Vec<u16>,
}

impl Collector {
    /// Takes the words of the next article; one that is there twice counts once.
    pub(super) fn push<'a>(&mut self, words: impl Iterator<Item = &'a str>) {
        let first = self.uses.len();
        for word in words {
            let id = self.id(word);
            if !self.uses.get(first..).is_some_and(|own| own.contains(&id)) {
                self.uses.push(id);
            }
        }
        self.counts.push(u16::try_from(self.uses.len() - first).unwrap_or(u16::MAX));
    }

    fn id(&mut self, word: &str) -> u32 {
        let Self { hasher, known, text, ends, .. } = self;
        let same = |id: &u32| spelled(text, ends, *id) == word;
        let rehash = |id: &u32| hasher.hash_one(spelled(text, ends, *id));
        match known.entry(hasher.hash_one(word), same, rehash) {
            Entry::Occupied(id) => *id.get(),
            Entry::Vacant(place) => {
                let id = short(ends.len());
                place.insert(id);
                text.push_str(word);
                ends.push(short(text.len()));
                id
            }
        }
    }

    /// The index of all of them.
    pub(super) fn finish(self) -> Vocabulary {
        let Self { known, text, ends, uses, counts, .. } = self;
        drop(known);
        let mut order: Vec<u32> = (0..short(ends.len())).collect();
        order.sort_unstable_by_key(|id| spelled(&text, &ends, *id));
        // Where each word's positions end in `positions`, once they are filled in.
        let mut fill = vec![0_u32; ends.len() + 1];
        for id in &uses {
            fill.get_mut(*id as usize + 1).into_iter().for_each(|count| *count += 1);
        }
        let mut sum = 0;
        for end in &mut fill {
            sum += *end;
            *end = sum;
        }
        let mut positions = vec![0_u32; uses.len()];
        let mut rest = uses.as_slice();
        for (position, count) in (0_u32..).zip(&counts) {
            let Some((own, behind)) = rest.split_at_checked(usize::from(*count)) else { break };
            for id in own {
                let Some(at) = fill.get_mut(*id as usize) else { continue };
                positions.get_mut(*at as usize).into_iter().for_each(|place| *place = position);
                *at += 1;
            }
            rest = behind;
        }
        drop(uses);
        let mut done = Vocabulary::default();
        let mut list = Vec::new();
        for (rank, id) in order.iter().enumerate() {
            if rank % GROUP == 0 {
                for at in [done.text.len(), done.lists.len()] {
                    done.groups.extend_from_slice(&short(at).to_le_bytes());
                }
            }
            done.text.push(BREAK);
            done.text.extend_from_slice(spelled(&text, &ends, *id).as_bytes());
            let end = |id: u32| fill.get(id as usize).map_or(0, |end| *end as usize);
            let start = id.checked_sub(1).map_or(0, end);
            list.clear();
            let mut before = 0;
            for position in positions.get(start..end(*id)).unwrap_or_default() {
                put_number(&mut list, u64::from(position - before));
                before = *position;
            }
            put_number(&mut done.lists, length(list.len()));
            done.lists.extend_from_slice(&list);
        }
        done.text.push(BREAK);
        for bytes in [&mut done.text, &mut done.groups, &mut done.lists] {
            bytes.shrink_to_fit();
        }
        done
    }
}

fn spelled<'a>(text: &'a str, ends: &[u32], id: u32) -> &'a str {
    let end = |id: u32| ends.get(id as usize).map_or(0, |end| *end as usize);
    text.get(id.checked_sub(1).map_or(0, end)..end(id)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::collections::{BTreeMap, BTreeSet};

    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn words_lead_to_the_articles_that_a_map_has(
            articles in vec(vec("[ab]{1,3}|[a-cä]{1,9}", 0..6), 0..120),
            asked in "[abä]{1,3}",
        ) {
            let mut collector = Collector::default();
            let mut map: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
            for (position, words) in articles.iter().enumerate() {
                collector.push(words.iter().map(String::as_str));
                for word in words {
                    map.entry(word).or_default().insert(position);
                }
            }
            let index = collector.finish();
            let expected = |of: &dyn Fn(&str) -> bool| -> Vec<usize> {
                let sets = map.iter().filter(|(word, _)| of(word)).flat_map(|(_, set)| set);
                sets.copied().collect::<BTreeSet<_>>().into_iter().collect()
            };
            let found = |ranks: Vec<Range<usize>>| -> Vec<usize> {
                let mut set = Set::empty(articles.len());
                for ranks in ranks {
                    index.collect(ranks, &mut set);
                }
                set.iter().collect()
            };
            let word = asked.as_str();
            prop_assert_eq!(found(vec![index.exactly(word)]), expected(&|other| other == word));
            let beginning = expected(&|other| other.starts_with(word));
            prop_assert_eq!(found(vec![index.beginning(word)]), beginning);
            let mut inside = Vec::new();
            let mut spelled = Vec::new();
            index.containing(word, |rank, text| {
                inside.push(rank..rank + 1);
                spelled.push(String::from_utf8(text.to_vec()).unwrap());
            });
            prop_assert_eq!(found(inside), expected(&|other| other.contains(word)));
            let all = map.keys().filter(|other| other.contains(word));
            prop_assert_eq!(spelled, all.map(ToString::to_string).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_damaged_index_finds_something_or_nothing_and_never_panics() {
        let mut collector = Collector::default();
        for n in 0..200_u32 {
            collector.push([format!("word{n}"), "shop".to_owned()].iter().map(String::as_str));
        }
        let index = collector.finish();
        for at in 0..index.groups.len() {
            let mut damaged = index.clone();
            damaged.groups.get_mut(at).into_iter().for_each(|byte| *byte ^= 0xff);
            let mut set = Set::empty(200);
            damaged.collect(damaged.beginning("word1"), &mut set);
            damaged.containing("ord", |rank, _| assert!(rank < 100_000));
        }
    }
}
