//! One line of the journal, before and after it is stored.
//!
//! Owns the shapes. What kinds there are and what their bodies mean is the till's business.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{OWN_KIND, mask};

/// Whether real money moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Against the sandbox: play money.
    Sandbox,
    /// Against the real server.
    Live,
}

impl Mode {
    /// As it is stored and shown: `sandbox` or `live`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sandbox => "sandbox",
            Self::Live => "live",
        }
    }

    pub(super) fn from_str(text: &str) -> Option<Self> {
        [Self::Sandbox, Self::Live].into_iter().find(|mode| mode.as_str() == text)
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An entry that is to be recorded. Number and mode are the journal's to give.
#[derive(Clone, PartialEq)]
pub struct Draft {
    /// When, ISO-8601 in UTC, by the caller's clock.
    pub at: String,
    /// The sale's reference.
    pub sale: String,
    /// What happened, in a short word.
    pub kind: String,
    /// The details. Never tokens, secrets or passcodes: the journal keeps what it is given.
    pub body: Value,
    /// The sale is finished with it: the history lists the sale by this entry.
    pub finishes: bool,
}

/// A recorded entry.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its number: 1, 2, 3 … without gaps, in the order in which the entries were given.
    pub seq: i64,
    /// When, ISO-8601 in UTC.
    pub at: String,
    /// Whose journal it is in.
    pub mode: Mode,
    /// The sale's reference.
    pub sale: String,
    /// What happened.
    pub kind: String,
    /// The details.
    pub body: Value,
}

/// What the journal has about one sale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaleSummary {
    /// The sale's reference.
    pub sale: String,
    /// When its first entry was made, ISO-8601 in UTC.
    pub first_at: String,
    /// When its last entry was made, ISO-8601 in UTC.
    pub last_at: String,
    /// The kind of its last entry.
    pub last_kind: String,
    /// How many entries it has.
    pub entries: u32,
}

impl Entry {
    /// True for an entry that the journal made for itself: it says where entries went, and nothing
    /// of a sale.
    #[must_use]
    pub fn is_own(&self) -> bool {
        self.kind.starts_with(OWN_KIND)
    }
}

// By hand, because bodies hold card numbers.
impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Draft")
            .field("at", &self.at)
            .field("sale", &self.sale)
            .field("kind", &self.kind)
            .field("body", &mask::cards_in(&self.body))
            .field("finishes", &self.finishes)
            .finish()
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("seq", &self.seq)
            .field("at", &self.at)
            .field("mode", &self.mode)
            .field("sale", &self.sale)
            .field("kind", &self.kind)
            .field("body", &mask::cards_in(&self.body))
            .finish()
    }
}
