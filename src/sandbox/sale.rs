//! One transaction as the server keeps it, and how the API shows it.
//!
//! Owns the documented shape of answers. Must not move money: `ledger` and `capture` do.

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::money::Money;
use crate::wire::{
    Basket, BasketInfo, BonusProduct, Ident, Item, Merchant, ReceiptLine, Reference, Status,
    Transaction,
};

use super::account::Balance;
use super::basket;
use super::bonus;
use super::fixtures::Fixtures;
use super::ledger::Accounts;
use super::request::{Draft, IdentKind, SentIdent};

/// A transaction.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Sale {
    pub(super) id: String,
    /// ISO 8601.
    pub(super) created: String,
    pub(super) draft: Draft,
    pub(super) stage: Stage,
    /// A terminal payment is under way: nothing else may touch the sale. No restart survives it.
    #[serde(skip)]
    pub(super) paying: bool,
}

/// Where a transaction stands, with what belongs to that stage alone.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) enum Stage {
    /// Nothing applied, nothing paid.
    Created,
    /// The card is applied, nothing paid.
    Processing(Applied),
    /// Paid.
    Ok(Settled),
    /// Paid and reversed.
    Cancelled(Settled),
    /// Given up unpaid.
    Aborted {
        /// ISO 8601.
        updated: String,
    },
}

/// What `preTransaction` earmarks; minor units.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Applied {
    pub(super) cash: Money,
    pub(super) bonus: Money,
    pub(super) missing: Money,
    pub(super) products: Vec<BonusProduct>,
}

/// What `start` fixed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Settled {
    /// ISO 8601.
    pub(super) updated: String,
    pub(super) applied: Option<Applied>,
    /// The idents with the balances after the payment.
    pub(super) idents: Vec<Ident>,
    /// `LTX_…`
    pub(super) bookings: Vec<String>,
    pub(super) receipt: Vec<ReceiptLine>,
    pub(super) slip: Option<Slip>,
    /// The account that was changed, and by how much.
    pub(super) change: Option<(String, Balance)>,
}

/// The merchant's side of a terminal payment.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Slip {
    pub(super) number: i64,
    pub(super) merchant_copy: Vec<ReceiptLine>,
}

impl Sale {
    pub(super) const fn status(&self) -> Status {
        match self.stage {
            Stage::Created => Status::Created,
            Stage::Processing(_) => Status::Processing,
            Stage::Ok(_) => Status::Ok,
            Stage::Cancelled(_) => Status::Cancelled,
            Stage::Aborted { .. } => Status::Aborted,
        }
    }

    /// The sum of the articles, without the applied card.
    pub(super) fn sum(&self) -> Money {
        basket::total(&self.draft.items)
    }

    /// The transaction as the API answers it now.
    pub(super) fn shown(&self, world: &Fixtures, accounts: &Accounts) -> Transaction {
        let (applied, settled) = match &self.stage {
            Stage::Created | Stage::Aborted { .. } => (None, None),
            Stage::Processing(applied) => (Some(applied), None),
            Stage::Ok(settled) | Stage::Cancelled(settled) => {
                (settled.applied.as_ref(), Some(settled))
            }
        };
        let slip = settled.and_then(|settled| settled.slip.as_ref());
        let device = |id: &String| Reference::new("smart.devices", id.clone());
        Transaction {
            object: "smart.transactions".to_owned(),
            id: self.id.clone(),
            merchant: Merchant {
                object: "general.merchants".to_owned(),
                id: world.merchant_id.clone(),
                companyname: Some(world.companyname.clone()),
            },
            device_source: settled.map(|_| device(&world.till_id)),
            device_destination: slip.map(|_| device(&world.terminal_id)),
            transactions: settled
                .iter()
                .flat_map(|settled| &settled.bookings)
                .map(|id| Reference::new("loyalty.transactions", id.clone()))
                .collect(),
            created: self.created.clone(),
            updated: match &self.stage {
                Stage::Aborted { updated } => Some(updated.clone()),
                _ => settled.map(|settled| settled.updated.clone()),
            },
            status: self.status(),
            transaction_ref: self.draft.transaction_ref.clone(),
            merchant_ref: self.draft.merchant_ref.clone(),
            // Documented answers lose the intent with the start.
            intent: if settled.is_some() { None } else { self.draft.intent.clone() },
            basket: Basket {
                products: products(&self.draft.items, applied, settled.is_some()),
                texts: Vec::new(),
                kind: "default".to_owned(),
            },
            receipt: settled.map(|settled| settled.receipt.clone()),
            receipt_number: slip.map(|slip| slip.number),
            receipt_merchant: slip.map(|slip| slip.merchant_copy.clone()),
            receipt_merchant_print: slip.map(|_| true),
            basket_info: BasketInfo {
                sum: self.sum(),
                gratuity: None,
                currency: "EUR".to_owned(),
                missing_sum: applied.map(|applied| applied.missing),
            },
            idents: settled.map_or_else(
                || idents(&self.draft.idents, accounts),
                |settled| settled.idents.clone(),
            ),
            is_demo: self.draft.is_demo,
            application_context: json!({
                "locks": { "customer": false },
                "return_urls": null,
                "iframe_opts": null,
            }),
            checkout_links: serde_json::Value::Null,
            payment_links: serde_json::Value::Null,
        }
    }
}

/// The lines as answered: charges show tax 0 until they are paid, then the tax that was sent.
fn products(items: &[Item], applied: Option<&Applied>, paid: bool) -> Vec<Item> {
    let lines = items.iter().map(|item| {
        let mut line = item.clone();
        if basket::is_charge(item) && !paid {
            line.tax = 0;
        }
        line
    });
    let bonus_lines = applied.iter().flat_map(|applied| &applied.products).map(bonus::basket_item);
    lines.chain(bonus_lines).collect()
}

/// The idents as answered, cards with their balances of this moment.
pub(super) fn idents(sent: &[SentIdent], accounts: &Accounts) -> Vec<Ident> {
    sent.iter()
        .map(|ident| {
            let (id, prefix, name, kind) = match ident.kind {
                IdentKind::Card => ("smi_1", "9276", "secucard Kundenkarte", "card"),
                IdentKind::Checkin => ("smi_2", "CKI_", "secucard Check-In", "checkin"),
                IdentKind::CreateCard => {
                    ("smi_3", "CRG_", "secucard Kundenkarte erstellen", "create_card")
                }
            };
            let account =
                (ident.kind == IdentKind::Card).then(|| accounts.get(&ident.value)).flatten();
            Ident {
                object: "smart.idents".to_owned(),
                id: id.to_owned(),
                prefix: Some(prefix.to_owned()),
                name: Some(name.to_owned()),
                kind: kind.to_owned(),
                value: ident.value.clone(),
                valid: account.is_some(),
                merchantcard: account.map(super::account::Account::in_transaction),
                customer: serde_json::Value::Null,
            }
        })
        .collect()
}
