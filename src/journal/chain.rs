//! The chain of hashes over the entries.
//!
//! Owns the canonical encoding and the comparison. It detects changes, nothing more: there is no
//! secret in it, so a program that can write the file can also compute a new chain.

use std::fmt;

use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::Mode;

/// The most breaks that a [`Verdict`] names.
pub const MOST_BREAKS: usize = 1_000;

/// A SHA-256 value.
pub(super) type Hash = [u8; 32];

/// Hashes fields, each preceded by its length, so that no two lists of fields read alike.
pub(super) fn hash_of<'a>(fields: impl IntoIterator<Item = &'a [u8]>) -> Hash {
    let mut hasher = Sha256::new();
    for field in fields {
        hasher.update((field.len() as u64).to_be_bytes());
        hasher.update(field);
    }
    hasher.finalize().into()
}

/// Whose chain it is. What precedes the first entry follows from it, so neither entries nor whole
/// chains can change sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) mode: Mode,
    /// The till, made once.
    pub(super) till: Uuid,
    /// Random for each journal that is begun: two journals of one till are told apart by it.
    pub(super) epoch: Uuid,
    /// The end of the chain of format 1 that this one continues; number 0 and its genesis if none.
    pub(super) before: Head,
    /// What the salts follow from. Secret: a masked body is not found by trying as long as the salt
    /// is not known.
    pub(super) salts: Hash,
}

impl Identity {
    /// What precedes the first entry of format 2.
    pub(super) fn genesis(&self) -> Hash {
        let Self { mode, till, epoch, before, .. } = self;
        hash_of([
            b"kasse journal 2".as_slice(),
            mode.as_str().as_bytes(),
            till.as_bytes(),
            epoch.as_bytes(),
            &before.seq.to_be_bytes(),
            &before.hash,
        ])
    }

    /// What the entry behind `head` continues: the chain of format 2 begins behind the last entry of
    /// format 1.
    fn behind(&self, head: Head) -> Head {
        if head.seq == self.before.seq { Head { hash: self.genesis(), ..head } } else { head }
    }

    /// The salt of the entry `seq`. It tells nothing of the salts of other entries.
    pub(super) fn salt(&self, seq: i64) -> Hash {
        hash_of([b"kasse salt".as_slice(), &self.salts, &seq.to_be_bytes()])
    }
}

/// What precedes the first entry of format 1.
pub(super) fn genesis_1(mode: Mode) -> Hash {
    Sha256::digest(format!("kasse journal 1 {mode}")).into()
}

/// The end of a chain: the last entry's number (0 for none) and hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) seq: i64,
    pub(super) hash: Hash,
}

/// One entry's texts as they are stored now, changed or not.
#[derive(Debug, Clone, Copy)]
pub(super) struct Link<'a> {
    pub(super) seq: i64,
    pub(super) at: &'a [u8],
    pub(super) sale: &'a [u8],
    pub(super) kind: &'a [u8],
    pub(super) body: &'a [u8],
}

impl Link<'_> {
    /// The entry's hash behind `prev`.
    pub(super) fn hash(self, prev: &Hash, of: &Identity) -> Hash {
        if self.seq <= of.before.seq {
            self.hash_1(prev)
        } else {
            self.hash_2(prev, &salted(&of.salt(self.seq), self.body))
        }
    }

    /// The hash in format 1.
    pub(super) fn hash_1(self, prev: &Hash) -> Hash {
        let seq = self.seq.to_be_bytes();
        hash_of([prev.as_slice(), &seq, self.at, self.sale, self.kind, self.body])
    }

    /// The hash in format 2: the body takes part by its salted hash alone, so that whoever has that
    /// can check an entry whose body is masked.
    pub(super) fn hash_2(self, prev: &Hash, body: &Hash) -> Hash {
        let seq = self.seq.to_be_bytes();
        hash_of([b"2".as_slice(), prev, &seq, self.at, self.sale, self.kind, body])
    }
}

/// The hash of a body with its salt.
pub(super) fn salted(salt: &Hash, body: &[u8]) -> Hash {
    hash_of([salt.as_slice(), body])
}

/// `bytes` as hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing into a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The hash that `digits` write.
pub(super) fn from_hex(digits: &str) -> Option<Hash> {
    let mut bytes = [0; 32];
    if digits.len() != 64 || !digits.is_ascii() {
        return None;
    }
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(digits.get(index * 2..index * 2 + 2)?, 16).ok()?;
    }
    Some(bytes)
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
    /// Its hash does not follow from its content and the hash before it: one of the three was
    /// changed.
    Changed,
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
    /// The first breaks of the chain, at most [`MOST_BREAKS`].
    pub breaks: Vec<Break>,
    /// How many more there are.
    pub more: u64,
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
pub(super) struct Walk<'a> {
    of: &'a Identity,
    last: Head,
    entries: u64,
    breaks: Vec<Break>,
    more: u64,
}

impl<'a> Walk<'a> {
    /// A walk from the first entry on.
    pub(super) fn new(of: &'a Identity) -> Self {
        Self::behind(of, Head { seq: 0, hash: genesis_1(of.mode) })
    }

    /// A walk from the entry behind `last` on.
    pub(super) fn behind(of: &'a Identity, last: Head) -> Self {
        Self { of, last: of.behind(last), entries: 0, breaks: Vec::new(), more: 0 }
    }

    /// The next entry, with the hash that is stored for it.
    pub(super) fn step(&mut self, link: Link<'_>, stored: &Hash) {
        let expected = self.last.seq.saturating_add(1);
        if link.seq != expected {
            // Without the entry before it, its own hash cannot be computed.
            self.note(expected, Reason::Missing { until: link.seq.saturating_sub(1) });
        } else if link.hash(&self.last.hash, self.of) != *stored {
            self.note(link.seq, Reason::Changed);
        }
        self.pass(link.seq, *stored);
    }

    fn pass(&mut self, seq: i64, hash: Hash) {
        if seq == self.of.before.seq && hash != self.of.before.hash {
            self.note(seq, Reason::Changed);
        }
        self.skip_to(Head { seq, hash });
        self.entries += 1;
    }

    /// Goes on behind `head`, whatever was before.
    pub(super) fn skip_to(&mut self, head: Head) {
        self.last = self.of.behind(head);
    }

    /// The last entry of the walk so far.
    pub(super) const fn last(&self) -> Head {
        self.last
    }

    /// Whether every step so far has fitted.
    pub(super) const fn is_sound(&self) -> bool {
        self.breaks.is_empty()
    }

    /// The walk ended early, after the last step.
    pub(super) fn unreadable(&mut self, detail: String) {
        self.note(self.last.seq.saturating_add(1), Reason::Unreadable { detail });
    }

    /// Compares the end with the recorded one.
    pub(super) fn end(&mut self, end: Head) {
        if end != self.last {
            self.note(self.last.seq, Reason::End);
        }
    }

    pub(super) fn verdict(self, structure: Vec<String>) -> Verdict {
        Verdict { entries: self.entries, breaks: self.breaks, more: self.more, structure }
    }

    fn note(&mut self, seq: i64, reason: Reason) {
        if self.breaks.len() < MOST_BREAKS {
            self.breaks.push(Break { seq, reason });
        } else {
            self.more += 1;
        }
    }
}
