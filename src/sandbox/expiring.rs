//! Entries that are kept under a key for a while: codes, tokens, sessions.
//!
//! Owns age and number: entries expire by the time that callers pass, and the oldest are
//! removed when there are too many, so that no caller can fill the memory. Must not know what is kept.

use std::collections::{HashMap, VecDeque};

use jiff::Timestamp;

/// Entries by key, each for the same number of seconds from when it was put in.
pub(crate) struct Expiring<T> {
    /// Seconds.
    lifetime: i64,
    most: usize,
    entries: HashMap<String, (T, i64)>,
    /// Keys and when they expire, oldest first. May name keys that were removed since.
    order: VecDeque<(String, i64)>,
}

impl<T> Expiring<T> {
    /// Room for `most` entries that each live `lifetime` seconds.
    pub(crate) fn new(lifetime: i64, most: usize) -> Self {
        Self { lifetime, most, entries: HashMap::new(), order: VecDeque::new() }
    }

    /// Puts an entry in and drops those that are too old or too many. Keys are new every time.
    pub(crate) fn insert(&mut self, key: &str, entry: T, now: Timestamp) {
        let expires = now.as_second().saturating_add(self.lifetime);
        self.entries.insert(key.to_owned(), (entry, expires));
        self.order.push_back((key.to_owned(), expires));
        while self.order.len() > self.most
            || self.order.front().is_some_and(|(_, expires)| *expires <= now.as_second())
        {
            let Some((oldest, _)) = self.order.pop_front() else { break };
            self.entries.remove(&oldest);
        }
    }

    /// The entry of a key that has not expired.
    pub(crate) fn get_mut(&mut self, key: &str, now: Timestamp) -> Option<&mut T> {
        let (entry, expires) = self.entries.get_mut(key)?;
        (now.as_second() < *expires).then_some(entry)
    }

    /// The newest entry that is `wanted`, with its key.
    pub(crate) fn find(
        &mut self,
        now: Timestamp,
        wanted: impl Fn(&T) -> bool,
    ) -> Option<(&str, &mut T)> {
        let fits = |key: &&(String, i64)| {
            let entry = self.entries.get(&key.0);
            entry.is_some_and(|(entry, expires)| now.as_second() < *expires && wanted(entry))
        };
        let (key, _) = self.order.iter().rev().find(fits)?;
        self.entries.get_mut(key).map(|(entry, _)| (key.as_str(), entry))
    }

    pub(crate) fn remove(&mut self, key: &str) {
        self.entries.remove(key);
    }

    pub(crate) fn clear(&mut self) {
        self.entries.clear();
        self.order.clear();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn expired_entries_are_removed() {
        let mut kept = Expiring::new(10, 100);
        kept.insert("a", 1, at(0));
        assert_eq!(kept.get_mut("a", at(9)), Some(&mut 1));
        assert_eq!(kept.get_mut("a", at(10)), None);
        kept.insert("b", 2, at(10));
        assert_eq!((kept.entries.len(), kept.order.len()), (1, 1));
        assert_eq!(kept.find(at(11), |entry| *entry == 2), Some(("b", &mut 2)));
        assert_eq!(kept.find(at(20), |entry| *entry == 2), None);
    }

    #[test]
    fn the_oldest_are_removed_when_there_are_too_many() {
        let mut kept = Expiring::new(10, 3);
        for key in ["a", "b", "c"] {
            kept.insert(key, (), at(0));
        }
        kept.remove("b");
        kept.insert("d", (), at(1));
        let left: Vec<&str> = ["a", "b", "c", "d"]
            .into_iter()
            .filter(|key| kept.entries.contains_key(*key))
            .collect();
        assert_eq!(left, ["c", "d"]);
        assert!(kept.order.len() <= 3);
    }
}
