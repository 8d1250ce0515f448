//! What a payment terminal can be asked for besides payments ([`super::api::devices`]).

use serde::{Deserialize, Serialize};

/// A job of the terminal; the call blocks until the terminal is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum TerminalJob {
    /// Extended diagnosis: tests the terminal and fetches its configuration.
    Diagnosis,
    /// The terminal closes its day. What was paid before can then no longer be cancelled at it.
    EndOfDay,
}

impl TerminalJob {
    /// The last part of the address, `…/Smart/Transactions/me/{job}`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Diagnosis => "diagnosis",
            Self::EndOfDay => "endOfDay",
        }
    }
}
