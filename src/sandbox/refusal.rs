//! Why a request is refused, and how that reads in the documented error body
//! ([`crate::wire::api::errors`]).
//!
//! Owns exception names, codes and German user texts. Must not know how an answer travels.

use crate::money::{Money, Notation};
use crate::wire::{ErrorBody, Status};

/// A refusal of the API. Every one of them but [`Refusal::Internal`] means: nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// No token, an unknown or an expired one.
    Token,
    /// A control route was asked for by a web page or under another machine's name; carries the
    /// header and what it holds.
    Foreign(&'static str, String),
    /// No such object or path; carries what was asked for.
    NotFound(String),
    /// The path exists, not for this method; carries the methods that do.
    Method(String),
    /// The body or the query is wrong; carries field and reason.
    Format(String),
    /// The request is larger or slower than the server reads.
    Limit(Limit),
    /// The transaction's status does not allow this.
    Status { action: Action, status: Status },
    /// Another request is paying this very transaction.
    Busy,
    /// Sub-baskets are not enabled for this contract.
    MixedBasket,
    /// Nothing to pay, or nothing in the basket.
    NothingToPay,
    /// `loyalty` cannot pay this much of the sum.
    Remainder(Money),
    /// The card no longer holds what was applied.
    Insufficient,
    /// The card may not be used; carries the reason.
    Card(&'static str),
    /// The card cannot be put into this programme.
    CardGroup,
    /// There is one already; carries what.
    Duplicate(&'static str),
    /// The loyalty side can no longer be reversed.
    NotReversible,
    /// A discharge is paid by the card and by nothing else.
    Discharge,
    /// A start without a method, and nothing is prepared.
    NotPrepared,
    /// The payment needs another company's page; carries the method.
    NotSimulated(String),
    /// The sandbox keeps no more of them; carries what, and how many it keeps.
    Full(&'static str, usize),
    /// The terminal has closed the day since the payment.
    Closed,
    /// Too many requests: later ones may pass.
    TooMany,
    /// The server itself failed. Says nothing about what was changed.
    Internal,
}

/// A bound that keeps one request from occupying the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Limit {
    Body,
    Path,
    Headers,
    /// The body did not come in time.
    Time,
}

/// What was tried on a transaction in the wrong status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    Update,
    Apply,
    Start,
    Abort,
    Cancel,
    Deliver,
}

impl Refusal {
    /// There is no `object` (`smart.transactions`) with this id.
    pub(crate) fn not_found(object: &str, id: &str) -> Self {
        Self::NotFound(format!("{object} {id}"))
    }

    /// The HTTP status; 5xx only for [`Refusal::Internal`], as all else is known to be undone.
    pub(crate) const fn http(&self) -> u16 {
        match self {
            Self::Token | Self::Foreign(..) => 403,
            Self::NotFound(_) => 404,
            Self::Method(_) => 405,
            Self::Limit(Limit::Body) => 413,
            Self::Limit(Limit::Path) => 414,
            Self::Limit(Limit::Headers) => 431,
            Self::Limit(Limit::Time) => 408,
            Self::Status { .. }
            | Self::Busy
            | Self::Full(..)
            | Self::Closed
            | Self::Duplicate(_) => 409,
            Self::TooMany => 429,
            Self::Internal => 500,
            _ => 400,
        }
    }

    /// The exception's name: field `error` and reason phrase.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "ProductNotFoundException",
            Self::Duplicate(_) => "ProductDuplicateException",
            Self::Format(_) | Self::Limit(_) => "ProductFormatException",
            Self::Token
            | Self::Foreign(..)
            | Self::Method(_)
            | Self::Status { .. }
            | Self::Busy
            | Self::TooMany
            | Self::Full(..)
            | Self::Closed
            | Self::NotPrepared
            | Self::MixedBasket => "ProductNotAllowedException",
            Self::Internal | Self::CardGroup => "ProductInternalException",
            Self::NothingToPay
            | Self::Remainder(_)
            | Self::Insufficient
            | Self::Card(_)
            | Self::Discharge
            | Self::NotSimulated(_)
            | Self::NotReversible => "ProductBackendproviderException",
        }
    }

    /// The API's own code. 2003 and 4028 are documented with their cause; the rest are the
    /// documented codes whose names fit best.
    pub(crate) const fn code(&self) -> i64 {
        match self {
            Self::Token => 2003,
            Self::MixedBasket => 4028,
            Self::NotFound(_)
            | Self::Foreign(..)
            | Self::Method(_)
            | Self::Format(_)
            | Self::Limit(_)
            | Self::TooMany
            | Self::Full(..)
            | Self::Internal
            | Self::NotPrepared
            | Self::CardGroup
            | Self::Duplicate(_)
            | Self::Status {
                action: Action::Update | Action::Apply | Action::Abort | Action::Deliver,
                ..
            } => 1001,
            Self::Status { action: Action::Cancel, .. } | Self::NotReversible | Self::Closed => {
                1007
            }
            Self::NotSimulated(_) => 1009,
            Self::Status { action: Action::Start, .. }
            | Self::Busy
            | Self::NothingToPay
            | Self::Remainder(_)
            | Self::Discharge
            | Self::Insufficient => 1005,
            Self::Card(_) => 1016,
        }
    }

    fn details(&self) -> String {
        match self {
            Self::Token => "Valid auth token required".to_owned(),
            Self::Foreign(header, value) => format!(
                "{header} {value:?} is not this machine: paths below /sandbox answer localhost and \
                 loopback addresses alone"
            ),
            Self::NotFound(what) => format!("{what} not found"),
            Self::Method(allowed) => format!("Method not allowed, use {allowed}"),
            Self::Format(details) => details.clone(),
            Self::Limit(Limit::Body) => "body: larger than 1 MiB".to_owned(),
            Self::Limit(Limit::Path) => "path: longer than 8 KiB".to_owned(),
            Self::Limit(Limit::Headers) => "headers: more than 64 KiB".to_owned(),
            Self::Limit(Limit::Time) => "body: did not arrive in time".to_owned(),
            Self::Status { action, status } => {
                let action = match action {
                    Action::Update => "updated",
                    Action::Apply => "applied to a card",
                    Action::Start => "started",
                    Action::Abort => "aborted",
                    Action::Cancel => "cancelled",
                    Action::Deliver => "delivered",
                };
                let status = status.as_str();
                format!("A transaction in status {status} cannot be {action}")
            }
            Self::Busy => "The payment of this transaction is under way".to_owned(),
            Self::MixedBasket => "Mixed baskets are not enabled".to_owned(),
            Self::NothingToPay => "not captured: nothing to pay".to_owned(),
            Self::Remainder(missing) => {
                format!("not captured: missing_sum is {}", missing.minor())
            }
            Self::Insufficient => "not captured: insufficient card balance".to_owned(),
            Self::Card(reason) => format!("Card validation failed: {reason}"),
            Self::Duplicate(what) => (*what).to_owned(),
            Self::CardGroup => "Card group cannot be set".to_owned(),
            Self::NotReversible => "Could not cancel loyalty transaction".to_owned(),
            Self::Discharge => "not captured: a discharge is paid with start/loyalty".to_owned(),
            Self::NotPrepared => "payment_method: missing, and nothing is prepared".to_owned(),
            Self::NotSimulated(method) => format!("{method} cannot be simulated"),
            Self::Closed => "The terminal has closed the day since this payment".to_owned(),
            Self::TooMany => "Too many requests".to_owned(),
            Self::Full(what, most) => format!("The sandbox keeps at most {most} {what}"),
            Self::Internal => "Internal error".to_owned(),
        }
    }

    fn user_text(&self) -> String {
        match self {
            Self::Token
            | Self::Foreign(..)
            | Self::Method(_)
            | Self::MixedBasket
            | Self::Internal => {
                format!("Es ist ein unbekannter Fehler aufgetreten (Code {})", self.code())
            }
            Self::NotFound(_) => "Der Vorgang wurde nicht gefunden".to_owned(),
            Self::Format(_) | Self::Limit(_) => "Die übermittelten Daten sind ungültig".to_owned(),
            Self::Status { status: Status::Ok, action: Action::Start } => {
                "Der Vorgang wurde bereits bezahlt".to_owned()
            }
            Self::Status { .. } => "Diese Aktion ist für den Vorgang nicht mehr möglich".to_owned(),
            Self::Busy => "Die Zahlung läuft bereits".to_owned(),
            Self::TooMany => "Zu viele Anfragen, bitte später erneut versuchen".to_owned(),
            Self::Full(..) => "Es können nicht mehr Daten gespeichert werden".to_owned(),
            Self::NothingToPay => "Es gibt nichts zu bezahlen".to_owned(),
            Self::Remainder(missing) => format!(
                "Das Guthaben der Karte reicht nicht aus, es fehlen {} EUR",
                missing.show(Notation::Comma)
            ),
            Self::Insufficient => "Das Guthaben der Karte reicht nicht mehr aus".to_owned(),
            Self::Card(_) => "Die Karte kann nicht verwendet werden".to_owned(),
            Self::Duplicate(_) => "Die Zuordnung besteht bereits".to_owned(),
            Self::CardGroup => "Die Kartengruppe kann nicht zugewiesen werden".to_owned(),
            Self::Discharge => "Eine Entladung kann nur mit der Karte bezahlt werden".to_owned(),
            Self::NotPrepared | Self::NotSimulated(_) => {
                "Diese Zahlungsart ist hier nicht möglich".to_owned()
            }
            Self::NotReversible | Self::Closed => {
                "Der Vorgang kann nicht storniert werden".to_owned()
            }
        }
    }

    /// The documented body, with `support_id` (32 hex digits) for the help desk.
    pub(crate) fn body(&self, support_id: String) -> ErrorBody {
        ErrorBody {
            status: "error".to_owned(),
            error: self.name().to_owned(),
            error_details: self.details(),
            error_user: self.user_text(),
            code: self.code(),
            support_id,
        }
    }
}
