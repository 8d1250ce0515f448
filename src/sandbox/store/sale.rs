//! One transaction as the server keeps it.
//!
//! Must not move money: the ledger does.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use crate::money::Money;
use crate::sandbox::amounts::basket;
use crate::sandbox::fixtures::SaleFixture;
use crate::sandbox::store::account::Balance;
use crate::sandbox::store::draft::{Draft, IdentKind, SentIdent};
use crate::sandbox::store::payment::{Payment, Remote};
use crate::sandbox::store::shared::Tracked;
use crate::wire::{BonusProduct, Ident, Item, ReceiptLine, Status, Tax};

/// A transaction.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Sale {
    pub(crate) id: String,
    /// ISO 8601.
    pub(crate) created: String,
    pub(crate) draft: Tracked<Draft>,
    pub(crate) stage: Stage,
    /// A terminal payment is under way: nothing else may touch the sale. No restart survives it.
    /// Notifying it tells the terminal to stop.
    #[serde(skip)]
    pub(crate) paying: Option<Arc<Notify>>,
    /// The number of the step that changed it last, 0 for one of a former run.
    #[serde(skip)]
    pub(crate) step: u64,
    /// What it counts for in the books, bytes.
    #[serde(skip)]
    pub(crate) weight: usize,
}

/// Where a transaction stands, with what belongs to that stage alone.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Stage {
    /// Nothing applied, nothing paid.
    Created,
    /// The card is applied, nothing paid.
    Processing(Applied),
    /// A remote payment is authorised (`prepare`), the card applied if it was before.
    Approved { method: Remote, applied: Option<Applied> },
    /// Paid.
    Ok(Settled),
    /// Paid and reversed.
    Cancelled(Settled),
    /// The terminal took no money, and nothing was booked.
    Failed(Settled),
    /// Given up unpaid.
    Aborted {
        /// ISO 8601.
        updated: String,
    },
}

/// What `preTransaction` earmarks; minor units.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Applied {
    pub(crate) cash: Money,
    pub(crate) bonus: Money,
    pub(crate) missing: Money,
    pub(crate) products: Vec<BonusProduct>,
}

/// What `start` fixed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Settled {
    /// ISO 8601.
    pub(crate) updated: String,
    pub(crate) applied: Option<Applied>,
    /// The idents with the balances after the payment.
    pub(crate) idents: Vec<Ident>,
    /// `LTX_…`
    pub(crate) bookings: Vec<String>,
    pub(crate) receipt: Vec<ReceiptLine>,
    pub(crate) slip: Option<Slip>,
    /// The account that was changed, and by how much.
    pub(crate) change: Option<(String, Balance)>,
    /// How far a paid sale is.
    #[serde(default)]
    pub(crate) progress: Progress,
    /// As `payment_method` shows it.
    #[serde(default)]
    pub(crate) method: Option<String>,
    /// What the terminal did, if this is no sale.
    #[serde(default)]
    pub(crate) task: Option<Task>,
}

/// How far a paid sale is: payments by remote methods and orders go on after the start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Progress {
    #[default]
    Done,
    /// The money is on its way.
    Pending,
    /// An order to be sent.
    Received,
    Shipped,
    /// An order to be fetched.
    Collection,
    Collected,
}

/// What a terminal does besides payments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Task {
    Diagnosis,
    EndOfDay,
}

/// What a terminal says about a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Accepted,
    Declined,
    /// The buyer has cancelled at the terminal.
    BrokenOff,
    TimedOut,
    /// The till told it to stop.
    Stopped,
}

impl Settled {
    /// Settled at `updated` without money or paper.
    pub(crate) const fn at(updated: String, idents: Vec<Ident>) -> Self {
        Self {
            updated,
            applied: None,
            idents,
            bookings: Vec::new(),
            receipt: Vec::new(),
            slip: None,
            change: None,
            progress: Progress::Done,
            method: None,
            task: None,
        }
    }
}

/// The merchant's side of a terminal payment.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Slip {
    pub(crate) number: i64,
    pub(crate) merchant_copy: Vec<ReceiptLine>,
    /// What the terminal was asked for, minor units.
    #[serde(default)]
    pub(crate) amount: Money,
}

impl Sale {
    /// An unpaid transaction, created at `created` (ISO 8601).
    pub(crate) const fn new(id: String, created: String, draft: Draft) -> Self {
        let draft = Tracked::new(draft);
        Self { id, created, draft, stage: Stage::Created, paying: None, step: 0, weight: 0 }
    }

    /// A transaction that the books open with.
    pub(crate) fn opening(fixture: &SaleFixture) -> Self {
        let items = fixture.items.iter().zip(1..).map(|(item, id)| Item {
            id,
            article_number: item.article_number.clone(),
            ean: item.ean.clone(),
            desc: item.desc.clone(),
            quantity: item.quantity,
            price_one: item.price_one,
            tax: Tax::whole(item.tax),
            item_type: "article".to_owned(),
            ..Item::default()
        });
        let card = SentIdent { kind: IdentKind::Card, value: fixture.card.clone() };
        let draft =
            Draft { is_demo: true, idents: vec![card], items: items.collect(), ..Draft::new() };
        Self::new(fixture.id.clone(), fixture.created.clone(), draft)
    }

    pub(crate) const fn status(&self) -> Status {
        match &self.stage {
            Stage::Created => Status::Created,
            Stage::Processing(_) => Status::Processing,
            Stage::Approved { .. } => Status::Approved,
            Stage::Ok(settled) => match settled.progress {
                Progress::Done => Status::Ok,
                Progress::Pending => Status::Pending,
                Progress::Received => Status::Received,
                Progress::Shipped => Status::Shipped,
                Progress::Collection => Status::Collection,
                Progress::Collected => Status::Collected,
            },
            Stage::Failed(_) => Status::Failed,
            Stage::Cancelled(_) => Status::Cancelled,
            Stage::Aborted { .. } => Status::Aborted,
        }
    }

    /// What `start` fixed, once it did.
    pub(crate) const fn settled(&self) -> Option<&Settled> {
        match &self.stage {
            Stage::Ok(settled) | Stage::Failed(settled) | Stage::Cancelled(settled) => {
                Some(settled)
            }
            _ => None,
        }
    }

    /// The card as it is applied, before the start and after it.
    pub(crate) const fn applied(&self) -> Option<&Applied> {
        match &self.stage {
            Stage::Processing(applied) => Some(applied),
            Stage::Approved { applied, .. } => applied.as_ref(),
            Stage::Ok(settled) | Stage::Cancelled(settled) => settled.applied.as_ref(),
            Stage::Created | Stage::Failed(_) | Stage::Aborted { .. } => None,
        }
    }

    /// What is paid otherwise than with the card.
    pub(crate) fn missing(&self) -> Money {
        self.applied().map_or_else(|| self.sum(), |applied| applied.missing)
    }

    /// As `payment_method` shows it, once it is known.
    pub(crate) fn method(&self) -> Option<&str> {
        match &self.stage {
            Stage::Approved { method, .. } => Some(Payment::Remote(*method).as_str()),
            _ => self.settled().and_then(|settled| settled.method.as_deref()),
        }
    }

    /// The sum of the articles, without the applied card.
    pub(crate) fn sum(&self) -> Money {
        basket::total(&self.draft.items)
    }
}
