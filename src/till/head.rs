//! How a sale differs from what the journal was told of it last, its lines aside.
//!
//! Owns the comparison and the way back. Lines are recorded by themselves ([`super::Change`]).

use serde::{Deserialize, Deserializer, Serialize};

use super::record::{Booked, Stage};
use super::{CallId, Finished, Inquiry, NextQuestion, Payment, Remote, Sale, SaleCard, Step};
use crate::wire::{DownReason, StartMethod};

/// What of a sale differs from the entry before. A field that is absent is as it was, one that is
/// `null` is there no more. Earlier versions wrote every field each time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeadChange {
    /// The card.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub card: Option<Option<SaleCard>>,
    /// The cashier wants it to pay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub use_card: Option<bool>,
    /// The sale's revision, in every entry: it also changes by itself.
    pub revision: u64,
    /// Its transactions that came to nothing after a payment was tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempts: Option<u32>,
    /// The server's copy.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub remote: Option<Option<Remote>>,
    /// A create was sent whose answer is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub create_sent: Option<bool>,
    /// Where the sale stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
}

/// A field that is there, be it `null`.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

/// Everything of a sale but its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    card: Option<SaleCard>,
    use_card: bool,
    revision: u64,
    attempts: u32,
    remote: Option<Remote>,
    create_sent: bool,
    stage: Stage,
}

impl Head {
    /// The head of `sale` as it is.
    pub(super) fn of(sale: &Sale) -> Self {
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
                Step::Done(finished) => Stage::Done(Box::new(Booked::of(finished))),
            },
        }
    }

    /// What the journal must be told when the sale with this head has become `sale`; `None`:
    /// nothing. The revision alone is no difference, and a finished sale does not change any more.
    pub(super) fn change_to(&self, sale: &Sale) -> Option<HeadChange> {
        let now = Self::of(sale);
        let changed = HeadChange {
            card: (self.card != now.card).then_some(now.card),
            use_card: (self.use_card != now.use_card).then_some(now.use_card),
            revision: now.revision,
            attempts: (self.attempts != now.attempts).then_some(now.attempts),
            remote: (kept(self.remote.as_ref()) != kept(now.remote.as_ref())).then_some(now.remote),
            create_sent: (self.create_sent != now.create_sent).then_some(now.create_sent),
            stage: (!self.stage.is_same(&now.stage)).then_some(now.stage),
        };
        let nothing = HeadChange { revision: now.revision, ..HeadChange::default() };
        (changed != nothing).then_some(changed)
    }
}

/// What is of use after a restart: which revision the server has is not known then.
fn kept(remote: Option<&Remote>) -> Option<Remote> {
    remote.map(|remote| Remote { synced: Remote::DOUBTFUL, ..remote.clone() })
}

impl Stage {
    /// Why an outcome is not known may change from answer to answer: that alone is not recorded.
    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Unknown(payment, _), Self::Unknown(now, _)) => payment == now,
            (Self::Done(_), Self::Done(_)) => true,
            _ => self == other,
        }
    }
}

impl HeadChange {
    /// Makes the change at `sale`. A payment under way has no known outcome: whether its call left
    /// before the program ended is not known.
    pub(super) fn apply_to(self, sale: &mut Sale) {
        let Self { card, use_card, revision, attempts, remote, create_sent, stage } = self;
        sale.revision = revision;
        if let Some(card) = card {
            sale.card = card;
        }
        if let Some(remote) = remote {
            // What was sent after the last record that reached the disk is not known: the server
            // may have another basket, or the card applied.
            sale.remote = kept(remote.as_ref());
        }
        sale.use_card = use_card.unwrap_or(sale.use_card);
        sale.attempts = attempts.unwrap_or(sale.attempts);
        sale.create_sent = create_sent.unwrap_or(sale.create_sent);
        // The first question is due when the state is put together.
        let ask =
            |payment, reason| Step::Unknown(Inquiry::of(payment, reason, NextQuestion::At(0)));
        let Some(stage) = stage else { return };
        sale.step = match stage {
            Stage::Basket => Step::Basket(None),
            Stage::Tender(tender) => Step::Tender(tender),
            Stage::Paying(payment) => ask(payment, DownReason::Internal),
            Stage::Unknown(payment, reason) => ask(payment, reason),
            Stage::Done(booked) => Step::Done(Box::new(booked.finished(sale))),
        };
    }
}

impl Booked {
    fn of(finished: &Finished) -> Self {
        Self {
            id: finished.id.clone(),
            payment: None,
            merchant: finished.merchant.clone(),
            booked: finished.booked.clone(),
            receipt: finished.receipt.clone(),
            receipt_merchant: finished.receipt_merchant.clone(),
            receipt_number: finished.receipt_number,
            loyalty: finished.loyalty,
        }
    }

    /// The paid sale, of which `sale` was the state before.
    fn finished(self, sale: &Sale) -> Finished {
        let payment = self.payment.or_else(|| match &sale.step {
            Step::Unknown(inquiry) => Some(inquiry.payment.clone()),
            _ => None,
        });
        let due = sale.due();
        Finished {
            reference: sale.reference.clone(),
            id: self.id,
            merchant: self.merchant,
            basket: sale.basket.clone(),
            card: sale.card.clone(),
            applied: sale.applied().cloned(),
            // Of a sale that is over, the entries from before a segment may not be at hand.
            payment: payment.unwrap_or(Payment {
                method: StartMethod::Cash,
                due,
                given: due,
                typed: None,
                call: CallId(0),
                since: 0,
            }),
            booked: self.booked,
            receipt: self.receipt,
            receipt_merchant: self.receipt_merchant,
            receipt_number: self.receipt_number,
            loyalty: self.loyalty,
            cancelled: None,
            perhaps_cancelled: false,
        }
    }
}
