//! One fault as data: what, where, how often. Its text form is in `text`.

use std::time::Duration;

/// All names, in the order of the module's table.
pub(crate) const NAMES: [&str; 16] = [
    "latency",
    "lag",
    "card-spent",
    "duplicate",
    "lost-request",
    "restart",
    "error-500",
    "html",
    "token-expired",
    "too-many",
    "refused",
    "refused-after",
    "other-answer",
    "lost-answer",
    "torn-body",
    "slow-drip",
];

/// One fault: what goes wrong, at which call and how often. Made from its text form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    pub(crate) kind: Kind,
    pub(crate) place: Place,
    pub(crate) when: When,
}

/// What goes wrong, by the moment at which it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Milliseconds, both ends included.
    Latency {
        least: u32,
        most: u32,
    },
    /// Transactions younger than this many milliseconds are not known.
    Lag(u32),
    CardSpent,
    /// The call is carried out twice.
    Duplicate,
    Before(Before),
    After(After),
}

/// What prevents the effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Before {
    Lost,
    Restart,
    Internal,
    Html,
    TokenExpired,
    TooMany,
    Refused(Refusing),
    /// The answer of another transaction, which is paid if there is one.
    Other,
}

/// What damages the answer after the effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum After {
    Lost,
    Torn,
    Internal,
    Html,
    Drip(Duration),
    Refused(Refusing),
    Other(Differing),
}

/// A refusal that does not come from the books.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refusing {
    /// The HTTP status, 400 to 499.
    pub(crate) status: u16,
    /// A gateway's page instead of the API's error body.
    pub(crate) bare: bool,
}

/// In what the answer of another transaction differs from the right one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Differing {
    /// It is the whole answer of the newest other transaction.
    Whole,
    Id,
    Reference,
    Sum,
    Currency,
}

/// A call of the API, or any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
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
pub(crate) enum When {
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
    /// The name, one of [`crate::sandbox::Faults::names`].
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self.kind {
            Kind::Latency { .. } => "latency",
            Kind::Lag(_) => "lag",
            Kind::CardSpent => "card-spent",
            Kind::Duplicate => "duplicate",
            Kind::Before(Before::Lost) => "lost-request",
            Kind::Before(Before::Restart) => "restart",
            Kind::Before(Before::Internal) | Kind::After(After::Internal) => "error-500",
            Kind::Before(Before::Html) | Kind::After(After::Html) => "html",
            Kind::Before(Before::TokenExpired) => "token-expired",
            Kind::Before(Before::TooMany) => "too-many",
            Kind::Before(Before::Refused(_)) => "refused",
            Kind::After(After::Refused(_)) => "refused-after",
            Kind::Before(Before::Other) | Kind::After(After::Other(_)) => "other-answer",
            Kind::After(After::Lost) => "lost-answer",
            Kind::After(After::Torn) => "torn-body",
            Kind::After(After::Drip(_)) => "slow-drip",
        }
    }

    /// Whether the fault can hit this call.
    pub(crate) fn covers(&self, call: Place) -> bool {
        matches!(self.place, Place::Any) && self.kind.suits(call) || self.place == call
    }
}

impl Kind {
    /// Whether the fault makes sense at this call.
    pub(crate) const fn suits(self, call: Place) -> bool {
        match self {
            // Asking for a token needs none.
            Self::Before(Before::TokenExpired) => !matches!(call, Place::Token),
            Self::Lag(_) => matches!(
                call,
                Place::Any
                    | Place::List
                    | Place::Read
                    | Place::Update
                    | Place::PreTransaction
                    | Place::Start
                    | Place::Abort
                    | Place::Cancel
            ),
            // What `preTransaction` answers names neither transaction nor currency.
            Self::After(After::Other(
                Differing::Id | Differing::Reference | Differing::Currency,
            )) => {
                !matches!(call, Place::Token | Place::Cards | Place::Other | Place::PreTransaction)
            }
            Self::After(After::Other(_)) => {
                !matches!(call, Place::Token | Place::Cards | Place::Other)
            }
            Self::Before(Before::Other) => !matches!(
                call,
                Place::Token
                    | Place::Create
                    | Place::List
                    | Place::PreTransaction
                    | Place::Cards
                    | Place::Other
            ),
            // Only a call that names a transaction leads to its card.
            Self::CardSpent => !matches!(
                call,
                Place::Token | Place::Create | Place::List | Place::Cards | Place::Other
            ),
            _ => true,
        }
    }
}
