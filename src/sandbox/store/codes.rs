//! The secret codes of a card: what is printed on its back, and what its holder has chosen.
//!
//! Owns their comparison. They are in no answer, no log and no debug output.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The codes of one card.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Codes {
    /// Four digits on the back.
    csc: Option<String>,
    passcode: Option<i64>,
}

impl fmt::Debug for Codes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Codes")
    }
}

impl Codes {
    pub(crate) const fn new(csc: Option<String>, passcode: Option<i64>) -> Self {
        Self { csc, passcode }
    }

    /// Whether this is the code on the back; no code is like none that could be given.
    pub(crate) fn has_csc(&self, csc: &str) -> bool {
        self.csc.as_deref() == Some(csc)
    }

    pub(crate) fn has_passcode(&self, passcode: i64) -> bool {
        self.passcode == Some(passcode)
    }

    /// Chooses a passcode; not while there is one.
    pub(crate) fn choose(&mut self, passcode: i64) -> bool {
        let free = self.passcode.is_none();
        if free {
            self.passcode = Some(passcode);
        }
        free
    }

    /// Takes the passcode away, for who knows it.
    pub(crate) fn reset(&mut self, passcode: i64) -> bool {
        let known = self.has_passcode(passcode);
        if known {
            self.passcode = None;
        }
        known
    }

    /// The passcode, for fixtures.
    pub(crate) const fn passcode(&self) -> Option<i64> {
        self.passcode
    }

    /// The code on the back, for fixtures and for the one answer that hands out new cards.
    pub(crate) fn csc(&self) -> Option<&str> {
        self.csc.as_deref()
    }
}
