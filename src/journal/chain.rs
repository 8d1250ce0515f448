//! The chain of hashes over the entries.
//!
//! Owns the canonical encoding and the comparison. It detects changes, nothing more: there is no
//! secret in it, so a program that can write the file can also compute a new chain.

use std::fmt;

use sha2::{Digest, Sha256};

use super::Mode;

/// A SHA-256 value.
pub(super) type Hash = [u8; 32];

/// What precedes the first entry. It differs by mode, so entries cannot change sides.
pub(super) fn genesis(mode: Mode) -> Hash {
    Sha256::digest(format!("kasse journal 1 {mode}")).into()
}

/// One stored entry's bytes as they are now, changed or not.
#[derive(Clone, Copy)]
pub(super) struct Link<'a> {
    pub(super) prev: &'a [u8],
    pub(super) seq: i64,
    pub(super) at: &'a [u8],
    pub(super) sale: &'a [u8],
    pub(super) kind: &'a [u8],
    pub(super) body: &'a [u8],
}

impl Link<'_> {
    /// The entry's hash. Every field is preceded by its length, so no two entries read alike.
    pub(super) fn hash(self) -> Hash {
        let mut hasher = Sha256::new();
        let seq = self.seq.to_be_bytes();
        for field in [self.prev, &seq, self.at, self.sale, self.kind, self.body] {
            hasher.update((field.len() as u64).to_be_bytes());
            hasher.update(field);
        }
        hasher.finalize().into()
    }
}

/// One place where the journal is not what was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Break {
    /// The entry where it shows.
    pub seq: i64,
    /// What shows.
    pub reason: Reason,
}

/// Why an entry does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// Its content does not have its hash: content or hash was changed.
    Changed,
    /// It does not continue the entry before it: one of the two was changed, or one was put in
    /// or taken out between them.
    Unlinked,
    /// This entry and all up to the given one are missing.
    Missing {
        /// The last missing number.
        until: i64,
    },
    /// More was written than there is, or less: entries at the end were taken away or added.
    End,
    /// From here on the file cannot be read.
    Unreadable {
        /// `SQLite`'s words.
        detail: String,
    },
}

impl fmt::Display for Break {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seq = self.seq;
        match &self.reason {
            Reason::Changed => write!(f, "entry {seq}: content or hash was changed"),
            Reason::Unlinked => write!(f, "entry {seq}: does not continue the entry before it"),
            Reason::Missing { until } if *until == seq => write!(f, "entry {seq}: missing"),
            Reason::Missing { until } => write!(f, "entries {seq} to {until}: missing"),
            Reason::End => write!(f, "entry {seq}: not the end that was recorded"),
            Reason::Unreadable { detail } => write!(f, "entry {seq}: unreadable ({detail})"),
        }
    }
}

/// What a walk over the whole journal has found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// How many entries were read.
    pub entries: u64,
    /// Every break of the chain, first one first.
    pub breaks: Vec<Break>,
    /// What `SQLite` says about the structure of the file, if anything is wrong with it.
    pub structure: Vec<String>,
}

impl Verdict {
    /// Whether no change was detected.
    #[must_use]
    pub const fn is_sound(&self) -> bool {
        self.breaks.is_empty() && self.structure.is_empty()
    }
}

/// Compares entry after entry with the one before.
pub(super) struct Walk {
    last_seq: i64,
    last_hash: Vec<u8>,
    entries: u64,
    breaks: Vec<Break>,
}

impl Walk {
    pub(super) fn new(mode: Mode) -> Self {
        Self { last_seq: 0, last_hash: genesis(mode).to_vec(), entries: 0, breaks: Vec::new() }
    }

    /// The next entry, with the hash that is stored for it.
    pub(super) fn step(&mut self, link: Link<'_>, stored: &[u8]) {
        let expected = self.last_seq.saturating_add(1);
        if link.seq > expected {
            self.note(expected, Reason::Missing { until: link.seq.saturating_sub(1) });
        } else if link.prev != self.last_hash || link.seq < expected {
            // After missing entries the link cannot fit; that would be the same break twice.
            self.note(link.seq, Reason::Unlinked);
        }
        if link.hash().as_slice() != stored {
            self.note(link.seq, Reason::Changed);
        }
        self.last_seq = link.seq;
        self.last_hash = stored.to_vec();
        self.entries += 1;
    }

    /// Whether every step so far has fitted.
    pub(super) const fn is_sound(&self) -> bool {
        self.breaks.is_empty()
    }

    /// The walk ended early, after the last step.
    pub(super) fn unreadable(&mut self, detail: String) {
        self.note(self.last_seq.saturating_add(1), Reason::Unreadable { detail });
    }

    /// Compares the end with the recorded one.
    pub(super) fn end(&mut self, seq: i64, hash: &[u8]) {
        if seq != self.last_seq || hash != self.last_hash {
            self.note(self.last_seq, Reason::End);
        }
    }

    pub(super) fn verdict(self, structure: Vec<String>) -> Verdict {
        Verdict { entries: self.entries, breaks: self.breaks, structure }
    }

    fn note(&mut self, seq: i64, reason: Reason) {
        self.breaks.push(Break { seq, reason });
    }
}
