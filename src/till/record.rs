//! What the journal keeps of a sale: changes, and the state they lead back to.
//!
//! Owns the records and their replay. Must not know how or where they are kept.
//!
//! `update` tells every change of a sale as an [`super::Effect::Record`] ahead of the calls that
//! follow from it. Replaying all records gives the same sales again; a `start` that was on its
//! way when the program ended has no known outcome and is asked after.

use serde::{Deserialize, Serialize};

use super::{
    Abandoned, CancelStep, Cancelled, Finished, Inquiry, NextQuestion, Payment, Remote, Sale,
    SaleCard, Step, Tender,
};
use crate::money::Money;
use crate::shop::Line;
use crate::wire::DownReason;

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
    Line(Line),
    /// The line at this index was voided.
    Void(usize),
    /// Card, server copy or step changed.
    Head(Box<Head>),
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
    /// The cancellation of the paid sale is about to be asked for.
    Cancelling,
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

/// Everything of a sale but its lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The card.
    pub card: Option<SaleCard>,
    /// The cashier wants it to pay.
    pub use_card: bool,
    /// The sale's revision.
    pub revision: u64,
    /// Its transactions that came to nothing after a payment was tried.
    #[serde(default)]
    pub attempts: u32,
    /// The server's copy.
    pub remote: Option<Remote>,
    /// A create was sent whose answer is not known.
    pub create_sent: bool,
    /// Where the sale stands.
    pub stage: Stage,
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
    Done(Box<Finished>),
}

impl Change {
    /// True for changes that must be on disk before anything else happens: money is about to
    /// move, or has moved.
    #[must_use]
    pub fn is_durable(&self) -> bool {
        match self {
            Self::Head(head) => matches!(head.stage, Stage::Paying(_)) || self.is_outcome(),
            Self::Cancelling
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
        match self {
            Self::Head(head) => matches!(head.stage, Stage::Done(_)),
            Self::Cancelled(_)
            | Self::FoundPaid { .. }
            | Self::OtherSettled { cancelled: true, .. } => true,
            _ => false,
        }
    }

    /// True for the change that finishes a sale: the history lists the sale by it.
    #[must_use]
    pub fn finishes(&self) -> bool {
        matches!(self, Self::Head(head) if matches!(head.stage, Stage::Done(_)))
    }

    /// A short name, for lists of entries.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Line(_) => "line",
            Self::Void(_) => "void",
            Self::Head(head) => match head.stage {
                Stage::Basket => "basket",
                Stage::Tender(_) => "tender",
                Stage::Paying(_) => "start",
                Stage::Unknown(..) => "unknown",
                Stage::Done(_) => "paid",
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
            Self::Cancelling => "cancelling",
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

impl Head {
    /// The head of `sale` as it is.
    #[must_use]
    pub fn of(sale: &Sale) -> Self {
        Self {
            card: sale.card.clone(),
            use_card: sale.use_card,
            revision: sale.revision,
            attempts: sale.attempts,
            remote: sale.remote.clone(),
            create_sent: sale.create_sent,
            stage: match &sale.step {
                Step::Basket(_) => Stage::Basket,
                Step::Tender(tender) => Stage::Tender(tender.clone()),
                Step::Paying(paying) => Stage::Paying(paying.payment.clone()),
                Step::Unknown(inquiry) => Stage::Unknown(inquiry.payment.clone(), inquiry.reason),
                Step::Done(finished) => Stage::Done(finished.clone()),
            },
        }
    }

    /// True when nothing that the journal keeps differs between the sale and this head. Lines
    /// are recorded by themselves, so the revision alone is no difference; and a finished sale
    /// does not change any more.
    #[must_use]
    pub fn is_of(&self, sale: &Sale) -> bool {
        let stage = match (&self.stage, &sale.step) {
            (Stage::Basket, Step::Basket(_)) | (Stage::Done(_), Step::Done(_)) => true,
            (Stage::Tender(tender), Step::Tender(now)) => tender == now,
            (Stage::Paying(payment), Step::Paying(now)) => *payment == now.payment,
            (Stage::Unknown(payment, _), Step::Unknown(now)) => *payment == now.payment,
            _ => false,
        };
        stage
            && self.card == sale.card
            && self.use_card == sale.use_card
            && self.remote == sale.remote
            && self.attempts == sale.attempts
            && self.create_sent == sale.create_sent
    }

    pub(super) fn restore(self, sale: &mut Sale, now: u64) {
        let Self { card, use_card, revision, attempts, remote, create_sent, stage } = self;
        sale.card = card;
        sale.use_card = use_card;
        sale.revision = revision;
        sale.attempts = attempts;
        // What was sent after the last record that reached the disk is not known: the server may
        // have another basket, or the card applied.
        sale.remote = remote.map(|remote| Remote { synced: Remote::DOUBTFUL, ..remote });
        sale.create_sent = create_sent;
        let ask = |payment, reason| {
            // The clock of the run that sent it is not this one's.
            let payment = Payment { since: now, ..payment };
            let next = NextQuestion::At(now);
            Step::Unknown(Inquiry::of(payment, reason, next))
        };
        sale.step = match stage {
            Stage::Basket => Step::Basket(None),
            Stage::Tender(tender) => Step::Tender(tender),
            // Whether the call left before the program ended is not known: it is asked after.
            Stage::Paying(payment) => ask(payment, DownReason::Internal),
            Stage::Unknown(payment, reason) => ask(payment, reason),
            Stage::Done(finished) => Step::Done(finished),
        };
    }
}
