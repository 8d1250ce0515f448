//! Ledgers in a folder of their own, with one step of every kind.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod compaction;
mod damage;
mod kept;
mod random;
mod recovery;

use std::fs::{self, File};

use jiff::Timestamp;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;
use crate::sandbox::fixtures::{CARD_BONUS, CARD_EMPTY, CARD_VOUCHER, Fixtures};
use crate::sandbox::ledger::Ledger;
use crate::sandbox::store::{Remote, Task, Verdict};
use crate::wire::{CHARGE_EAN, StartMethod, Transaction};

const AT: Timestamp = Timestamp::UNIX_EPOCH;

struct Kit {
    folder: TempDir,
}

impl Kit {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("deep/sandbox.jsonl")
    }

    /// A file beside the state.
    fn beside(&self, suffix: &str) -> PathBuf {
        self.folder.path().join(format!("deep/sandbox.jsonl{suffix}"))
    }

    fn try_open(&self, fresh: bool) -> Result<Ledger, StateError> {
        Ledger::open(&self.path(), fresh, &Fixtures::default(), 3)
    }

    fn open(&self) -> Ledger {
        self.try_open(false).unwrap()
    }

    /// The same, with a log that is compacted from `least` bytes on.
    fn open_from(&self, least: u64) -> Ledger {
        Ledger::open_with(&self.path(), false, least, &Fixtures::default(), 3).unwrap()
    }
}

fn body(card: &str, price: i64, ean: &str) -> Value {
    json!({
        "idents": [{ "type": "card", "value": card }],
        "transactionRef": "ref",
        "basket": { "products": [{ "id": 1, "desc": "x", "quantity": 1, "priceOne": price,
                                   "tax": 7, "ean": ean, "group": ["a", 1] }] },
    })
}

/// So many sales, paid in cash.
fn sell(ledger: &Ledger, sales: usize) {
    for _ in 0..sales {
        let id = ledger.create::<Transaction>(&body(CARD_BONUS, 500, ""), AT).unwrap().id;
        ledger.apply(&id).unwrap();
        ledger.start::<Transaction>(&id, StartMethod::Cash, AT).unwrap();
    }
}

/// One sale per status, and one per kind of answer.
fn trade(ledger: &Ledger) -> Vec<String> {
    let create =
        |card, price, ean| ledger.create::<Transaction>(&body(card, price, ean), AT).unwrap().id;
    let sales = [
        create(CARD_BONUS, 796, ""),
        create(CARD_BONUS, 50, ""),
        create(CARD_EMPTY, 1500, CHARGE_EAN),
        create(CARD_VOUCHER, 300, ""),
        create(CARD_VOUCHER, 100, ""),
        create("9276000000000000", 100, ""),
    ];
    ledger.apply(&sales[0]).unwrap();
    ledger.start::<Transaction>(&sales[0], StartMethod::Cash, AT).unwrap();
    ledger.apply(&sales[1]).unwrap();
    ledger.start::<Transaction>(&sales[2], StartMethod::Cash, AT).unwrap();
    ledger.start::<Transaction>(&sales[3], StartMethod::Loyalty, AT).unwrap();
    ledger.cancel::<Transaction>(&sales[3], AT).unwrap();
    ledger.abort::<Transaction>(&sales[4], AT).unwrap();
    ledger.update::<Transaction>(&sales[5], &body(CARD_VOUCHER, 120, "")).unwrap();
    ledger.begin_terminal(&sales[5]).unwrap();
    ledger.finish_terminal::<Transaction>(&sales[5], Verdict::Accepted, AT).unwrap();
    ledger.spend_at_other_till(&sales[4], AT).unwrap();
    more(ledger);
    loyalty_steps(ledger);
    sales.into()
}

/// One of every further kind of record: created cards, failed and remote payments, orders, tasks.
fn more(ledger: &Ledger) {
    let gift = json!([{ "type": "create_card", "value": ledger.book().shop.groups[0].id }]);
    let create = |price: i64, ean: &str, idents: &Value, intent: &str| {
        let mut body = body(CARD_EMPTY, price, ean);
        body["idents"] = idents.clone();
        body["intent"] = json!(intent);
        body["delivery_options"] = json!({ "type": "collection" });
        body["cashier"] = json!("1");
        ledger.create::<Transaction>(&body, AT).unwrap().id
    };
    let new = create(2500, CHARGE_EAN, &gift, "sale");
    ledger.start::<Transaction>(&new, StartMethod::Cash, AT).unwrap();
    let declined = create(100, "", &json!([]), "sale");
    ledger.begin_terminal(&declined).unwrap();
    ledger.finish_terminal::<Transaction>(&declined, Verdict::Declined, AT).unwrap();
    let stopped = create(100, "", &json!([]), "sale");
    ledger.begin_terminal(&stopped).unwrap();
    ledger.abort::<Transaction>(&stopped, AT).unwrap();
    let order = create(100, "", &json!([]), "order");
    ledger
        .prepare::<Transaction>(&order, Remote::Debit, &json!({ "customer": { "id": "PCU_1" } }))
        .unwrap();
    ledger.start_prepared::<Transaction>(&order, AT).unwrap();
    let delivery = json!({ "delivery_options": { "delivered_at": "2020-09-25T11:15:30+02:00" } });
    ledger.set_delivery::<Transaction>(&order, &delivery, AT).unwrap();
    let pending = create(100, "", &json!([]), "sale");
    ledger.prepare::<Transaction>(&pending, Remote::Prepaid, &Value::Null).unwrap();
    ledger.task::<Transaction>(Task::EndOfDay, AT).unwrap();
}

/// One step of every kind that no sale is part of.
fn loyalty_steps(ledger: &Ledger) {
    let id = |number: &str| ledger.card(number).unwrap().id;
    let group = ledger.card(CARD_BONUS).unwrap().cardgroup.id;
    let (empty, bonus) = (id(CARD_EMPTY), id(CARD_BONUS));
    ledger.lock(&empty, &json!({ "reason": 2, "note": "bent" })).unwrap();
    ledger.lock(&bonus, &json!({ "reason": 1 })).unwrap();
    ledger.unlock(&bonus, &json!({})).unwrap();
    assert!(ledger.new_passcode(&bonus, &json!({ "passcode": 7 })).unwrap());
    assert!(ledger.new_passcode(&empty, &json!({ "passcode": 8 })).unwrap());
    assert!(ledger.reset_passcode(&empty, &json!({ "passcode": 8 })).unwrap());
    let holder = json!({ "merchant_contact": { "surname": "Meier" }, "note": "n" });
    ledger.register_customer(&bonus, &holder, AT).unwrap();
    let [kept, gone] = [0, 1]
        .map(|_| ledger.add_customer(&holder, AT).unwrap()["id"].as_str().unwrap().to_owned());
    ledger.set_customer(&empty, &gone).unwrap();
    ledger.update_customer(&kept, &json!({ "note": "other" })).unwrap();
    ledger.delete_customer(&gone).unwrap();
    ledger
        .update_card(&empty, &json!({ "expiry_date": "2031-12-31", "additional_data": { "a": 1 } }))
        .unwrap();
    ledger.set_group(&empty, &group).unwrap();
    let made = ledger.create_cards("me", &group, &json!({ "cards_amount": 2 }), AT).unwrap();
    let new = made[1]["id"].as_str().unwrap();
    for (action, amount) in [("charge", 500), ("discharge", 200), ("cancel_last", 0)] {
        let body = json!({ "action": action, "amount": amount, "additional_data": { "b": [] } });
        ledger.book_directly("me", new, &body, AT).unwrap();
    }
}

/// Everything that the books hold but the ids to come, which every opening moves on.
fn all(ledger: &Ledger) -> Value {
    let book = ledger.book();
    json!({
        "shop": *book.shop,
        "accounts": book.accounts.values().collect::<Vec<_>>(),
        "customers": book.customers.values().collect::<Vec<_>>(),
        "sales": book.in_order().collect::<Vec<_>>(),
        "bookings": book.bookings.all().collect::<Vec<_>>(),
        "slips": [book.slips, book.closed],
    })
}

/// Waits until everything that was recorded is on the disk.
fn flush(ledger: &Ledger) {
    let state = ledger.state().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(state.synced(state.recorded())).unwrap();
}
