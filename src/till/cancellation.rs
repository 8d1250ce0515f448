//! Taking a paid sale back: the steps of it, what is known of them, and what the customer gets.
//!
//! Owns the data and the arithmetic of what is handed back. Must not decide what an answer of the
//! server does to it.

use serde::{Deserialize, Serialize};

use super::card::CardView;
use super::{CardState, ENOUGH_ANSWERS, Finished, Settings};
use crate::money::Money;
use crate::wire::{ApiError, DownReason, ReceiptLine, Reference, StartMethod};

/// A paid sale being cancelled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancellation {
    /// The sale that is cancelled.
    pub whose: CancelTarget,
    /// `STX_…`.
    pub id: String,
    /// What is being taken back.
    pub step: CancelStep,
    /// Loyalty transactions of the sale before it was cancelled, where that is known.
    pub booked: Option<usize>,
    /// When the call was sent, or is taken to have been, ms.
    pub since: u64,
    /// `None`: the call itself is under way. Otherwise it had no definite answer, for this reason,
    /// and the server is asked.
    pub unknown: Option<DownReason>,
    /// How the server refused the call. That alone says nothing about the sale.
    pub refusal: Option<ApiError>,
    /// Answers in a row that said "still paid"; in [`CancelStep::Card`], that showed no reversal.
    pub paid_answers: u32,
    /// Answers in a row that told nothing: the question was refused, or answered with a status
    /// that is neither.
    pub idle_answers: u32,
    /// Questions asked so far.
    pub asked: u32,
    /// What the terminal printed for its reversal: the customer's copy, and the shop's.
    pub slips: Option<Box<Slips>>,
    /// The call under way, when the next question is due, or that none is.
    pub next: NextCancel,
}

/// What a terminal printed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slips {
    /// When the server booked it, ISO 8601.
    pub booked: String,
    /// The customer's copy.
    pub receipt: Vec<ReceiptLine>,
    /// The shop's copy.
    pub merchant: Vec<ReceiptLine>,
}

/// One call of a cancellation ([`crate::wire::api::transactions`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CancelStep {
    /// `cancel`: the sale as a whole.
    Whole,
    /// Reading the number of the terminal's receipt, of a sale that an older version has booked.
    Number,
    /// `cancelTrx`: what the terminal took, by the number of its receipt.
    Terminal(i64),
    /// `cancel` after [`CancelStep::Terminal`]: what was booked on the card. Carries the loyalty
    /// transactions that the server showed before, where that is known.
    Card(Option<usize>),
}

/// What a [`Cancellation`] waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum NextCancel {
    /// A question is due at this time, ms.
    At(u64),
    /// A call is under way.
    Asked,
    /// The server does not tell: nothing is asked until the next start or connection check. It is
    /// an open point, and stands in nothing's way.
    Open,
}

/// The sale that is being cancelled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CancelTarget {
    /// One of this till.
    Ours(Box<Finished>),
    /// One that this till knows from the server's list alone, with its sum.
    Other(Money),
}

/// The cancellation of a paid sale, as the server booked it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancelled {
    /// When, ISO 8601 as the server wrote it.
    pub booked: String,
    /// The server's storno receipt.
    pub receipt: Vec<ReceiptLine>,
    /// The shop's copy of the terminal's reversal; empty where it wrote none of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub receipt_merchant: Vec<ReceiptLine>,
    /// What is known of the bookings on the customer's card.
    #[serde(default)]
    pub card: CardSide,
    /// The card as the server showed it with the cancellation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub view: Option<Box<CardView>>,
}

impl CancelTarget {
    /// The sale, where it is one of this till.
    #[must_use]
    pub fn sale(&self) -> Option<&Finished> {
        match self {
            Self::Ours(sale) => Some(sale),
            Self::Other(_) => None,
        }
    }

    /// What the sale came to.
    #[must_use]
    pub fn sum(&self) -> Money {
        match self {
            Self::Ours(sale) => sale.basket.sum(),
            Self::Other(sum) => *sum,
        }
    }
}

/// What is known of the bookings of a cancelled sale on the customer's card.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardSide {
    /// They were taken back, or there were none.
    #[default]
    TakenBack,
    /// They stand: the call that takes them back never left.
    Standing,
    /// It is not known whether they were taken back.
    NotKnown,
}

/// What the customer gets back of a cancelled sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Back {
    /// How the part that the card did not pay was paid.
    pub method: StartMethod,
    /// That part, minor units.
    pub paid: Money,
    /// What the card paid, minor units.
    pub card: Money,
    /// What is known of the card's part.
    pub side: CardSide,
}

/// How many of these are bookings on a card.
#[must_use]
pub(super) fn loyalty(transactions: &[Reference]) -> usize {
    transactions.iter().filter(|reference| reference.object == "loyalty.transactions").count()
}

impl Back {
    /// What `finished` gives back once it is cancelled.
    #[must_use]
    pub fn of(finished: &Finished) -> Self {
        let card = finished.applied.as_ref().map(|applied| finished.basket.sum() - applied.missing);
        Self {
            method: finished.payment.method,
            paid: finished.payment.due,
            card: card.unwrap_or_default(),
            side: finished.cancelled.as_ref().map(|cancelled| cancelled.card).unwrap_or_default(),
        }
    }
}

impl Cancellation {
    /// A question that is due at `now`: what became of a call that may have left.
    #[must_use]
    pub const fn asked_after(whose: CancelTarget, id: String, step: CancelStep, now: u64) -> Self {
        Self {
            whose,
            id,
            step,
            booked: None,
            since: now,
            unknown: Some(DownReason::Internal),
            refusal: None,
            paid_answers: 0,
            idle_answers: 0,
            asked: 0,
            slips: None,
            next: NextCancel::At(now),
        }
    }

    /// The server has said often enough, and long enough after the call was sent, that nothing was
    /// taken back. A terminal may be at it as long as a payment there is given.
    #[must_use]
    pub const fn is_refuted(&self, now: u64, settings: &Settings) -> bool {
        let patience = match self.step {
            CancelStep::Terminal(_) => settings.cashless_patience,
            CancelStep::Whole | CancelStep::Number | CancelStep::Card(_) => 0,
        };
        self.paid_answers >= ENOUGH_ANSWERS && now.saturating_sub(self.since) >= patience
    }

    /// True while its outcome is expected: then no shift ends. An open point blocks nothing.
    #[must_use]
    pub const fn is_expected(&self) -> bool {
        !matches!(self.next, NextCancel::Open)
    }

    /// True while the terminal is, or may be, at it.
    #[must_use]
    pub const fn is_at_terminal(&self) -> bool {
        matches!(self.step, CancelStep::Terminal(_))
            && matches!(self.next, NextCancel::Asked)
            && self.unknown.is_none()
    }

    /// When the next question is due, ms.
    #[must_use]
    pub const fn due(&self) -> Option<u64> {
        match self.next {
            NextCancel::At(due) => Some(due),
            NextCancel::Asked | NextCancel::Open => None,
        }
    }
}

impl Finished {
    /// How the sale is taken back.
    #[must_use]
    pub const fn cancel_step(&self) -> CancelStep {
        match (self.payment.method, self.receipt_number) {
            (StartMethod::Cashless, Some(number)) => CancelStep::Terminal(number),
            (StartMethod::Cashless, None) => CancelStep::Number,
            (StartMethod::Cash | StartMethod::Loyalty, _) => CancelStep::Whole,
        }
    }

    /// True where the server has booked something on a customer's card.
    #[must_use]
    pub fn has_card_side(&self) -> bool {
        let known =
            self.card.as_ref().is_some_and(|card| matches!(card.state, CardState::Known(_)));
        self.loyalty.map_or(known, |count| count > 0)
    }
}
