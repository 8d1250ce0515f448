//! The pairing of this till with an account at the server, as far as the cashier sees it.

use serde::{Deserialize, Serialize};

use crate::wire::{ApiError, DeviceCode, DownReason};

/// Where pairing stands. A till that is paired has none. Times are ms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Pairing {
    /// The server was asked for a code.
    Asking,
    /// Somebody has to enter the code.
    Waiting(Waiting),
    /// The code was not entered in time.
    Expired,
    /// The server does not want this till, in its words.
    Refused(ApiError),
    /// There is no code, because nothing was heard of the server.
    Unheard(DownReason),
}

/// A code that waits to be entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// What people need.
    pub code: DeviceCode,
    /// When the code came.
    pub since: u64,
    /// When it can no longer be entered.
    pub until: u64,
    /// The pause between two polls.
    pub interval: u64,
    /// The poll under way, or when the next one is due.
    pub next: NextPoll,
    /// Polls in a row of which nothing was heard, and why of the last one.
    pub trouble: Option<(u32, DownReason)>,
}

/// When a poll leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum NextPoll {
    /// Then.
    At(u64),
    /// It has left.
    Asked,
}

impl Pairing {
    /// The code that somebody has to enter.
    #[must_use]
    pub const fn code(&self) -> Option<&DeviceCode> {
        match self {
            Self::Waiting(waiting) => Some(&waiting.code),
            _ => None,
        }
    }

    /// True if nothing happens any more unless somebody asks for a new code.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        matches!(self, Self::Expired | Self::Refused(_) | Self::Unheard(_))
    }

    /// The next moment at which something happens by itself.
    pub(super) fn due(&self) -> Option<u64> {
        match self {
            Self::Waiting(Waiting { next: NextPoll::At(due), until, .. }) => Some(*due.min(until)),
            _ => None,
        }
    }
}
