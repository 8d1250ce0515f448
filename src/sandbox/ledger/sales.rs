//! The life of a transaction before it is paid: create, update, apply, abort.

use jiff::Timestamp;
use serde_json::Value;

use crate::sandbox::amounts::basket;
use crate::sandbox::clock;
use crate::sandbox::fixtures::Fixtures;
use crate::sandbox::ledger::{Ledger, OfSale};
use crate::sandbox::refusal::{Action, Refusal};
use crate::sandbox::store::{Draft, Sale, Stage, Verdict};
use crate::sandbox::views::transaction;
use crate::wire::{PreTransaction, Transaction};

impl Ledger {
    pub(crate) fn create<T: OfSale>(&self, body: &Value, at: Timestamp) -> Result<T, Refusal> {
        let draft = Draft::new().overlaid(body)?;
        let mut book = self.book();
        check_contracts(&book.shop, &draft)?;
        let id = book.add(draft, at);
        self.recorded(&mut book, &id)
    }

    /// Changes an unpaid transaction; an applied card is dropped.
    pub(crate) fn update<T: OfSale>(&self, id: &str, body: &Value) -> Result<T, Refusal> {
        let mut book = self.book();
        let sale = book.open(id, Action::Update)?.clone();
        let draft = sale.draft.into_inner().overlaid(body)?;
        check_contracts(&book.shop, &draft)?;
        book.put(Sale::new(sale.id, sale.created, draft));
        self.recorded(&mut book, id)
    }

    /// Earmarks the card's balance: cash first, then bonus. Spends nothing.
    pub(crate) fn apply(&self, id: &str) -> Result<PreTransaction, Refusal> {
        let mut book = self.book();
        book.open(id, Action::Apply)?;
        let applied = book.applied_to(&book.sale(id)?.draft)?;
        let answer = PreTransaction {
            missing_sum: applied.missing,
            bonus_products: applied.products.clone(),
        };
        book.open(id, Action::Apply)?.stage = Stage::Processing(applied);
        self.record(&mut book, id)?;
        Ok(answer)
    }

    /// Gives up an unpaid transaction. A terminal that works on it is told to stop: the payment
    /// has failed then.
    pub(crate) fn abort<T: OfSale>(&self, id: &str, at: Timestamp) -> Result<T, Refusal> {
        let mut book = self.book();
        let paying = book.sales.get_mut(id).and_then(|sale| sale.paying.take());
        if let Some(terminal) = paying {
            book.fail(id, Verdict::Stopped, at)?;
            terminal.notify_one();
        } else {
            book.open(id, Action::Abort)?.stage = Stage::Aborted { updated: clock::iso(at) };
        }
        self.recorded(&mut book, id)
    }

    /// The transactions whose `transactionRef` is `reference`, oldest first.
    pub(crate) fn find(&self, reference: &str) -> Vec<Transaction> {
        let book = self.book();
        book.by_reference(reference)
            .filter(|sale| sale.draft.transaction_ref.as_deref() == Some(reference))
            .map(|sale| transaction::view(&book, sale).into())
            .collect()
    }
}

/// Refuses sub-baskets and shares for contracts that are not enabled for them.
fn check_contracts(shop: &Fixtures, draft: &Draft) -> Result<(), Refusal> {
    let enabled = |id: &str| shop.contracts.iter().any(|contract| contract == id);
    let all = basket::contracts(&draft.items).all(|contract| contract.is_some_and(enabled));
    all.then_some(()).ok_or(Refusal::MixedBasket)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use jiff::Timestamp;
    use serde_json::json;

    use super::*;
    use crate::sandbox::fixtures::CARD_EMPTY;
    use crate::sandbox::store::{MOST_SALES, Payment};
    use crate::wire::Transaction;

    #[test]
    fn the_newest_are_kept_and_balances_do_not_depend_on_them() {
        let at = Timestamp::UNIX_EPOCH;
        let ledger = Ledger::new(Fixtures { sales: Vec::new(), ..Fixtures::default() }, 1);
        let body = json!({
            "idents": [{ "type": "card", "value": CARD_EMPTY }], "transactionRef": "same",
            "basket": { "products": [{ "id": 1, "desc": "x", "quantity": 1, "priceOne": 100,
                                       "tax": 0, "ean": crate::wire::CHARGE_EAN }] },
        });
        let working = ledger.create::<Transaction>(&body, at).unwrap().id;
        ledger.begin_terminal(&working).unwrap();
        let sales = MOST_SALES + 50;
        let ids: Vec<String> = (0..sales)
            .map(|_| {
                let id = ledger.create::<Transaction>(&body, at).unwrap().id;
                ledger.start::<Transaction>(&id, Payment::Cash, at).unwrap();
                id
            })
            .collect();
        let book = ledger.book();
        assert_eq!((book.sales.len(), book.order.len()), (MOST_SALES, MOST_SALES));
        assert_eq!(book.by_reference("same").count(), MOST_SALES);
        assert_eq!(book.bookings.len(), sales);
        drop(book);
        assert!(ledger.transaction(&working).is_some(), "the terminal still works on it");
        assert!(ledger.transaction(&ids[50]).is_none());
        assert!(ledger.transaction(&ids[51]).is_some());
        let held = ledger.balance(CARD_EMPTY).unwrap().cash.minor();
        assert_eq!(held, i64::try_from(sales).unwrap() * 100);
    }
}
