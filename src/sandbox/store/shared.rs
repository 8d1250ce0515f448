//! Entries of the books by key, shared with a snapshot until they change.
//!
//! A snapshot takes a reference to every entry while the books are locked and writes them out
//! afterwards; an entry that changes meanwhile is copied. Must not know what the entries are.

use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Entries in the order of their keys.
#[derive(Debug, Clone)]
pub(crate) struct Shared<T>(BTreeMap<String, Arc<T>>);

impl<T> Default for Shared<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T: Clone> Shared<T> {
    pub(crate) fn get(&self, key: &str) -> Option<&T> {
        self.0.get(key).map(Arc::as_ref)
    }

    /// The entry to change it; one that a snapshot still holds is copied first.
    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut T> {
        self.0.get_mut(key).map(Arc::make_mut)
    }

    pub(crate) fn contains_key(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// Whether the entry is a new one.
    pub(crate) fn insert(&mut self, key: String, entry: T) -> bool {
        self.0.insert(key, Arc::new(entry)).is_none()
    }

    /// Whether there was one.
    pub(crate) fn remove(&mut self, key: &str) -> bool {
        self.0.remove(key).is_some()
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &String> {
        self.0.keys()
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &T> {
        self.0.values().map(Arc::as_ref)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The entry itself, for a snapshot.
    pub(crate) fn share(&self, key: &str) -> Option<Arc<T>> {
        self.0.get(key).map(Arc::clone)
    }

    /// All entries, for a snapshot.
    pub(crate) fn share_all(&self) -> Vec<Arc<T>> {
        self.0.values().map(Arc::clone).collect()
    }
}

impl<T> FromIterator<(String, T)> for Shared<T> {
    fn from_iter<I: IntoIterator<Item = (String, T)>>(entries: I) -> Self {
        Self(entries.into_iter().map(|(key, entry)| (key, Arc::new(entry))).collect())
    }
}

/// A part of an entry that knows whether it changed since it was last recorded.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Tracked<T> {
    value: T,
    #[serde(skip)]
    recorded: bool,
}

impl<T> Tracked<T> {
    /// Not recorded yet.
    pub(crate) const fn new(value: T) -> Self {
        Self { value, recorded: false }
    }

    pub(crate) const fn is_recorded(&self) -> bool {
        self.recorded
    }

    /// Says that it stands in the log as it is now.
    pub(crate) const fn set_recorded(&mut self) {
        self.recorded = true;
    }

    /// Says that it has to be recorded anew.
    pub(crate) const fn touch(&mut self) {
        self.recorded = false;
    }

    pub(crate) fn into_inner(self) -> T {
        self.value
    }
}

impl<T> Deref for Tracked<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for Tracked<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.recorded = false;
        &mut self.value
    }
}
