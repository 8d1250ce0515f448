//! How much the books keep: a sandbox runs for days, and must not grow for ever.
//!
//! The newest [`MOST_SALES`] transactions and [`MOST_BOOKINGS`] bookings are kept; older ones are
//! forgotten, whatever their status, and answered like unknown ones. A transaction that a terminal
//! works on is never forgotten. Balances stay: what an account holds does not depend on what is
//! still told of it. An end of day counts only what is kept.

use crate::sandbox::ledger::Book;

/// One takes up to 10 KiB, and the sandbox is to stay below 30 MiB.
pub(crate) const MOST_SALES: usize = 2_000;
/// Twice as many: a transaction can be paid and reversed.
pub(crate) const MOST_BOOKINGS: usize = 2 * MOST_SALES;

impl Book {
    /// Forgets what is too old. To be called for every new transaction.
    pub(crate) fn forget_oldest(&mut self) {
        while self.order.len() > MOST_SALES {
            let is_paying = |id: &String| self.sales.get(id).is_some_and(|it| it.paying.is_some());
            let Some(oldest) = self.order.iter().position(|id| !is_paying(id)) else { return };
            let Some(id) = self.order.remove(oldest) else { return };
            self.unindex(&id);
            self.sales.remove(&id);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use jiff::Timestamp;
    use serde_json::json;

    use super::*;
    use crate::sandbox::fixtures::world::{CARD_EMPTY, Fixtures};
    use crate::sandbox::ledger::Ledger;
    use crate::sandbox::store::payment::Payment;
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
        assert_eq!(book.referred("same").count(), MOST_SALES);
        assert_eq!(book.references["same"].len(), MOST_SALES, "the index forgets too");
        assert_eq!(book.bookings.len(), sales);
        drop(book);
        assert!(ledger.transaction(&working).is_some(), "the terminal still works on it");
        assert!(ledger.transaction(&ids[50]).is_none());
        assert!(ledger.transaction(&ids[51]).is_some());
        let held = ledger.balance(CARD_EMPTY).unwrap().cash.minor();
        assert_eq!(held, i64::try_from(sales).unwrap() * 100);
    }
}
