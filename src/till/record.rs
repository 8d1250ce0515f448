//! What the journal keeps of a sale: its changes.
//!
//! Owns the records. Must not know how or where they are kept; [`super::Replay`] puts them together.
//!
//! `update` tells every change of a sale as an [`super::Effect::Record`] ahead of the calls that
//! follow from it. Replaying all records gives the same sales again; a `start` that was on its
//! way when the program ended has no known outcome and is asked after.

use serde::{Deserialize, Serialize};

use super::head::HeadChange;
use super::{Abandoned, CancelStep, Cancelled, Finished, Payment, Tender, kept_lines};
use crate::money::Money;
use crate::shop::{Extras, Line};
use crate::wire::{DownReason, ReceiptLine};

/// One change of one sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The sale's reference.
    pub sale: String,
    /// What changed.
    pub change: Change,
}

/// What changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// A line was added at the end.
    Line(Box<Line>),
    /// The line at this index was voided.
    Void(usize),
    /// The line at this index is another now: quantity, price, discount, rate or note.
    Replaced(usize, Box<Line>),
    /// What the sale has beside its lines is this now: its discounts and its note.
    Extras(Box<Extras>),
    /// Card, server copy or step changed.
    Head(Box<HeadChange>),
    /// The sale was put aside.
    Parked,
    /// The cashier decided to go on without the outcome of the payment: it may have been paid.
    WrittenOff {
        /// `STX_…`.
        id: String,
        /// What was to be paid, minor units.
        due: Money,
        /// Why the outcome was not known.
        reason: DownReason,
    },
    /// A payment that was written off turned out to be made.
    FoundPaid {
        /// `STX_…`.
        id: String,
        /// What was to be paid, minor units.
        due: Money,
    },
    /// The sale is at hand again.
    Recalled,
    /// The sale goes on being asked after while others are sold.
    Detached,
    /// The paid sale was left: its receipt need not come back to the screen.
    Closed,
    /// All lines were voided and the sale given up.
    Discarded,
    /// A transaction on the server is to be given up.
    Abandoned(Abandoned),
    /// It was given up, or the server does not know it.
    Released(Abandoned),
    /// The cancellation of the paid sale is about to be asked for, as versions up to 0.1 wrote it.
    Cancelling,
    /// The cancellation of this paid sale is about to be asked for. However long ago it was paid,
    /// nothing else need be read for that.
    CancellingSale(Box<Finished>),
    /// The server cancelled the paid sale.
    Cancelled(Box<Cancelled>),
    /// The server did not cancel it.
    NotCancelled,
    /// The cancellation of a paid sale that is not of this till is about to be asked for.
    CancellingOther(Other),
    /// The next call of a cancellation is about to be sent; one of the two above came before.
    CancelStep {
        /// `STX_…`.
        id: String,
        /// Which call.
        step: CancelStep,
    },
    /// The server does not tell what became of the cancellation, and the cashier decided to treat
    /// the sale as not cancelled: it may have been.
    PerhapsCancelled {
        /// `STX_…`.
        id: String,
    },
    /// What became of it is known.
    OtherSettled {
        /// `STX_…`.
        id: String,
        /// It is cancelled.
        cancelled: bool,
    },
    /// The end of the journal may be missing, and the cashier goes on.
    EndAccepted(MissingEnd),
}

/// What of the journal's end is missing, compared with the mark beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingEnd {
    /// How many entries it has.
    pub found: i64,
    /// How many it had once; `None`: that is not known.
    pub noted: Option<i64>,
    /// The time of the last entry then, ISO-8601 in UTC.
    pub at: Option<String>,
}

/// A paid sale that this till knows from the server's list alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Other {
    /// `STX_…`.
    pub id: String,
    /// What it came to.
    pub sum: Money,
}

/// Where a sale stands, without what is under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Articles and card are collected.
    Basket,
    /// The remainder was shown.
    Tender(Tender),
    /// `start` is about to be sent, or was.
    Paying(Payment),
    /// `start` had no definite answer.
    Unknown(Payment, DownReason),
    /// Paid.
    Done(Box<Booked>),
}

/// What the server said of a payment: what is new when a sale is paid.
///
/// Earlier versions wrote the whole [`Finished`] in its place; what this lacks of it is in the
/// entries before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booked {
    /// `STX_…`.
    pub id: String,
    /// The payment. `None`: that of the entry before; earlier versions wrote it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment: Option<Payment>,
    /// As in [`Finished`], like all that follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merchant: Option<String>,
    /// ISO 8601.
    pub booked: String,
    /// Card numbers masked.
    #[serde(default, with = "kept_lines", skip_serializing_if = "Vec::is_empty")]
    pub receipt: Vec<ReceiptLine>,
    /// `None`: the shop needs no copy.
    #[serde(default, with = "kept_lines::maybe", skip_serializing_if = "Option::is_none")]
    pub receipt_merchant: Option<Vec<ReceiptLine>>,
    /// Of the terminal's receipt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt_number: Option<i64>,
    /// Loyalty transactions; `None`: not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loyalty: Option<usize>,
}

impl Change {
    /// True for changes that must be on disk before anything else happens: money is about to
    /// move, or has moved.
    #[must_use]
    pub fn is_durable(&self) -> bool {
        match self {
            Self::Head(head) => matches!(head.stage, Some(Stage::Paying(_))) || self.is_outcome(),
            Self::Cancelling
            | Self::CancellingSale(_)
            | Self::CancellingOther(_)
            | Self::CancelStep { .. }
            | Self::PerhapsCancelled { .. }
            | Self::WrittenOff { .. }
            | Self::EndAccepted(_) => true,
            _ => self.is_outcome(),
        }
    }

    /// True for changes after which the screen says that something is paid or cancelled: they are
    /// on disk before that is shown.
    #[must_use]
    pub fn is_outcome(&self) -> bool {
        let ends = matches!(
            self,
            Self::Cancelled(_)
                | Self::FoundPaid { .. }
                | Self::OtherSettled { cancelled: true, .. }
        );
        self.finishes() || ends
    }

    /// True for the change that finishes a sale: the history lists the sale by it.
    #[must_use]
    pub fn finishes(&self) -> bool {
        matches!(self, Self::Head(head) if matches!(head.stage, Some(Stage::Done(_))))
    }

    /// A short name, for lists of entries.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Line(_) => "line",
            Self::Void(_) => "void",
            Self::Replaced(..) => "replaced",
            Self::Extras(_) => "extras",
            Self::Head(head) => match head.stage {
                None | Some(Stage::Basket) => "basket",
                Some(Stage::Tender(_)) => "tender",
                Some(Stage::Paying(_)) => "start",
                Some(Stage::Unknown(..)) => "unknown",
                Some(Stage::Done(_)) => "paid",
            },
            Self::Parked => "parked",
            Self::WrittenOff { .. } => "written_off",
            Self::FoundPaid { .. } => "found_paid",
            Self::Recalled => "recalled",
            Self::Detached => "detached",
            Self::Closed => "closed",
            Self::Discarded => "discarded",
            Self::Abandoned(_) => "abandoned",
            Self::Released(_) => "released",
            Self::Cancelling | Self::CancellingSale(_) => "cancelling",
            Self::Cancelled(_) => "cancelled",
            Self::NotCancelled => "not_cancelled",
            Self::CancellingOther(_) => "cancelling_other",
            Self::CancelStep { .. } => "cancel_step",
            Self::PerhapsCancelled { .. } => "perhaps_cancelled",
            Self::OtherSettled { cancelled: true, .. } => "cancelled_other",
            Self::OtherSettled { cancelled: false, .. } => "not_cancelled_other",
            Self::EndAccepted(_) => "end_accepted",
        }
    }
}
