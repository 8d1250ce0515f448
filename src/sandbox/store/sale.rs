//! One transaction as the server keeps it, and how the API shows it.
//!
//! Owns the documented shape of answers. Must not move money: `ledger` and `capture` do.

use std::borrow::Cow;
use std::sync::{Arc, LazyLock};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::money::Money;
use crate::wire::{
    BasketInfoView, BasketView, BonusProduct, Ident, Item, MerchantView, ReceiptLine,
    ReferenceView, Status, TransactionView,
};

use crate::sandbox::amounts::{basket, bonus};
use crate::sandbox::fixtures::world::Fixtures;
use crate::sandbox::ledger::Accounts;
use crate::sandbox::request::Draft;
use crate::sandbox::store::account::Balance;
use crate::sandbox::store::payment::Remote;
use crate::sandbox::views::idents;

/// A transaction.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Sale {
    pub(crate) id: String,
    /// ISO 8601.
    pub(crate) created: String,
    pub(crate) draft: Draft,
    pub(crate) stage: Stage,
    /// A terminal payment is under way: nothing else may touch the sale. No restart survives it.
    /// Ringing tells the terminal to stop.
    #[serde(skip)]
    pub(crate) paying: Option<Arc<Notify>>,
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

    fn method(&self) -> Option<&str> {
        match &self.stage {
            Stage::Approved { method, .. } => Some(method.as_str()),
            _ => self.settled().and_then(|settled| settled.method.as_deref()),
        }
    }

    /// The fields that are told again, with those that the server fills in.
    fn more(&self) -> Vec<(&str, Cow<'_, Value>)> {
        // Shown in places of their own.
        let elsewhere = |name: &str| {
            name == "application_context" || (name == "device_source" && self.settled().is_some())
        };
        let kept = self.draft.more.iter().filter(|(name, _)| !elsewhere(name));
        let mut more: Vec<_> =
            kept.map(|(name, value)| (name.as_str(), Cow::Borrowed(value))).collect();
        if let Some(method) = self.method() {
            let method = Cow::Owned(Value::from(method));
            match more.iter_mut().find(|(name, _)| *name == "payment_method") {
                Some((_, told)) => *told = method,
                None => more.push(("payment_method", method)),
            }
        }
        more
    }

    /// The sum of the articles, without the applied card.
    pub(crate) fn sum(&self) -> Money {
        basket::total(&self.draft.items)
    }

    /// The transaction as the API answers it now.
    pub(crate) fn shown<'a>(
        &'a self,
        world: &'a Fixtures,
        accounts: &Accounts,
    ) -> TransactionView<'a> {
        let (applied, settled) = (self.applied(), self.settled());
        let slip = settled.and_then(|settled| settled.slip.as_ref());
        let task = settled.and_then(|settled| settled.task);
        let reference = |object, id: &'a String| ReferenceView { object, id };
        let device = |id| reference("smart.devices", id);
        TransactionView {
            object: "smart.transactions",
            id: &self.id,
            merchant: MerchantView {
                object: "general.merchants",
                id: &world.merchant_id,
                companyname: &world.companyname,
            },
            device_source: settled.map(|_| device(&world.till_id)),
            device_destination: (slip.is_some() || task.is_some())
                .then(|| device(&world.terminal_id)),
            transactions: settled
                .iter()
                .flat_map(|settled| &settled.bookings)
                .map(|id| reference("loyalty.transactions", id))
                .collect(),
            created: &self.created,
            updated: match &self.stage {
                Stage::Aborted { updated } => Some(updated),
                _ => settled.map(|settled| settled.updated.as_str()),
            },
            status: self.status(),
            transaction_ref: self.draft.transaction_ref.as_deref(),
            merchant_ref: self.draft.merchant_ref.as_deref(),
            // Documented answers of sales lose the intent with the start.
            intent: if settled.is_some() && !self.draft.is_order() {
                None
            } else {
                self.draft.intent.as_deref()
            },
            basket: BasketView {
                products: products(&self.draft.items, applied, settled.is_some()),
                texts: [],
                kind: "default",
            },
            receipt: settled.map(|settled| settled.receipt.as_slice()),
            receipt_number: slip.map(|slip| slip.number),
            receipt_merchant: slip.map(|slip| slip.merchant_copy.as_slice()),
            receipt_merchant_print: slip.map(|_| true),
            basket_info: BasketInfoView {
                sum: self.sum(),
                gratuity: self.draft.gratuity,
                currency: "EUR",
                missing_sum: applied.map(|applied| applied.missing),
            },
            idents: settled.map_or_else(
                || Cow::Owned(idents::shown(&self.draft.idents, world, accounts)),
                |settled| Cow::Borrowed(settled.idents.as_slice()),
            ),
            is_demo: self.draft.is_demo,
            application_context: context(self.draft.more.get("application_context")),
            checkout_links: (),
            payment_links: (),
            more: self.more(),
        }
    }
}

/// The lines as answered: charges show tax 0 until they are paid, then the tax that was sent.
fn products<'a>(items: &'a [Item], applied: Option<&Applied>, paid: bool) -> Vec<Cow<'a, Item>> {
    let bonus_lines = applied.map_or(&[][..], |applied| &applied.products);
    let mut lines = Vec::with_capacity(items.len() + bonus_lines.len());
    lines.extend(items.iter().map(|item| {
        if basket::is_charge(item) && !paid {
            Cow::Owned(Item { tax: 0, ..item.clone() })
        } else {
            Cow::Borrowed(item)
        }
    }));
    lines.extend(bonus_lines.iter().map(|product| Cow::Owned(bonus::basket_item(product))));
    lines
}

/// The context of a web shop: what was sent goes over what stands there anyway.
fn context(sent: Option<&Value>) -> Cow<'static, Value> {
    static ANYWAY: LazyLock<Value> = LazyLock::new(
        || json!({ "locks": { "customer": false }, "return_urls": null, "iframe_opts": null }),
    );
    let Some(sent) = sent.and_then(Value::as_object) else { return Cow::Borrowed(&ANYWAY) };
    let mut context = ANYWAY.clone();
    if let Some(fields) = context.as_object_mut() {
        fields.extend(sent.iter().map(|(name, value)| (name.clone(), value.clone())));
    }
    Cow::Owned(context)
}
