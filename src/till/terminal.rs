//! The payment terminal besides payments: a job it was asked for, and what the server writes.

use serde::{Deserialize, Serialize};

use crate::shop::CardNumber;
use crate::wire::{ReceiptLine, Status, TerminalJob, Transaction};

/// A job of the terminal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TerminalRun {
    /// What it was asked for.
    pub job: TerminalJob,
    /// How far it is.
    pub run: Run,
}

impl TerminalRun {
    /// True while the terminal works.
    #[must_use]
    pub const fn is_at_work(&self) -> bool {
        matches!(self.run, Run::Asked(..))
    }
}

/// How far a [`TerminalRun`] is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Run {
    /// The terminal works; since when, ms.
    Asked(u64),
    /// It is done: its report.
    Done(Box<Slip>),
    /// It reported a failure, perhaps with a report.
    Failed(Box<Slip>),
    /// It was not done, or nobody knows; the notice says which.
    Unreported,
}

/// What the server wrote about one transaction, to be shown and printed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slip {
    /// A card whose number may stand in the lines; those of other cards are found by their form.
    pub card: Option<CardNumber>,
    /// The customer's receipt, then the shop's copy.
    pub lines: Vec<ReceiptLine>,
}

impl From<&Transaction> for Slip {
    fn from(transaction: &Transaction) -> Self {
        let card = transaction.idents.iter().find(|ident| !ident.value.is_empty());
        let receipt = transaction.receipt.iter().flatten();
        let shops = transaction.receipt_merchant.iter().flatten();
        Self {
            card: card.map(|ident| CardNumber::new(&ident.value)),
            lines: receipt.chain(shops).cloned().collect(),
        }
    }
}

impl Run {
    /// What the terminal's answer comes to.
    pub(super) fn of(transaction: &Transaction) -> Self {
        let slip = Box::new(Slip::from(transaction));
        match transaction.status {
            Status::Failed | Status::Aborted | Status::Cancelled => Self::Failed(slip),
            _ => Self::Done(slip),
        }
    }

    /// The report, if there is one.
    #[must_use]
    pub const fn slip(&self) -> Option<&Slip> {
        match self {
            Self::Done(slip) | Self::Failed(slip) => Some(slip),
            Self::Asked(_) | Self::Unreported => None,
        }
    }
}
