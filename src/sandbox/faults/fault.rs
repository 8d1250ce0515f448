//! One fault as data: what, where, how often. Its text form is in `text`.

use std::time::Duration;

/// All names, in the order of the module's table.
pub(super) const NAMES: [&str; 11] = [
    "latency",
    "card-spent",
    "lost-request",
    "restart",
    "error-500",
    "html",
    "token-expired",
    "too-many",
    "lost-answer",
    "torn-body",
    "slow-drip",
];

/// One fault: what goes wrong, at which call and how often. Made from its text form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    pub(super) kind: Kind,
    pub(super) place: Place,
    pub(super) when: When,
}

/// What goes wrong, by the moment at which it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Milliseconds, both ends included.
    Latency {
        least: u32,
        most: u32,
    },
    CardSpent,
    Before(Before),
    After(After),
}

/// What prevents the effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Before {
    Lost,
    Restart,
    Internal,
    Html,
    TokenExpired,
    TooMany,
}

/// What damages the answer after the effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum After {
    Lost,
    Torn,
    Internal,
    Html,
    Drip(Duration),
}

/// A call of the API, or any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Place {
    Any,
    Token,
    Create,
    List,
    Read,
    Update,
    PreTransaction,
    Start,
    Abort,
    Cancel,
    Cards,
    /// A call without a name of its own: only faults at any place hit it.
    Other,
}

/// How often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    Always,
    /// `hits` of `of` times on average; `of` is never 0.
    Chance {
        hits: u32,
        of: u32,
    },
    /// This many times from now on.
    Next(u32),
    /// Each time the count of calls divides by this, never 0.
    Every(u32),
}

impl Fault {
    /// The name, one of [`super::Faults::names`].
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self.kind {
            Kind::Latency { .. } => "latency",
            Kind::CardSpent => "card-spent",
            Kind::Before(Before::Lost) => "lost-request",
            Kind::Before(Before::Restart) => "restart",
            Kind::Before(Before::Internal) | Kind::After(After::Internal) => "error-500",
            Kind::Before(Before::Html) | Kind::After(After::Html) => "html",
            Kind::Before(Before::TokenExpired) => "token-expired",
            Kind::Before(Before::TooMany) => "too-many",
            Kind::After(After::Lost) => "lost-answer",
            Kind::After(After::Torn) => "torn-body",
            Kind::After(After::Drip(_)) => "slow-drip",
        }
    }

    /// Whether the fault can hit this call.
    pub(super) fn covers(&self, call: Place) -> bool {
        matches!(self.place, Place::Any) && self.kind.suits(call) || self.place == call
    }
}

impl Kind {
    /// Whether the fault makes sense at this call.
    pub(super) const fn suits(self, call: Place) -> bool {
        match self {
            // Asking for a token needs none.
            Self::Before(Before::TokenExpired) => !matches!(call, Place::Token),
            // Only a call that names a transaction leads to its card.
            Self::CardSpent => !matches!(
                call,
                Place::Token | Place::Create | Place::List | Place::Cards | Place::Other
            ),
            _ => true,
        }
    }
}
