//! What faults need of other tills: one that spends the card between two calls, and transactions
//! whose answers take the place of the right one.
//!
//! The other till is served by the same ledger under the same rules.

use jiff::Timestamp;

use crate::money::Money;
use crate::wire::{Item, Status, Tax, Transaction};

use crate::sandbox::ledger::{Ledger, show};
use crate::sandbox::refusal::Refusal;
use crate::sandbox::store::{Balance, Draft, IdentKind, Payment, SentIdent};

impl Ledger {
    /// Sells something worth the whole balance of the card of transaction `id`, paid with that
    /// card. Does nothing without a card that can pay. Its programme gives bonus for that sale too.
    pub(crate) fn spend_at_other_till(&self, id: &str, at: Timestamp) -> Result<(), Refusal> {
        let mut book = self.book();
        let Some(account) = book.card_of(&book.sale(id)?.draft) else { return Ok(()) };
        let Balance { cash, bonus, .. } = account.balance();
        if !account.is_usable() || (cash + bonus).is_zero() {
            return Ok(());
        }
        let card = SentIdent { kind: IdentKind::Card, value: account.number().to_owned() };
        let draft = Draft {
            is_demo: true,
            idents: vec![card],
            items: vec![sold(cash + bonus)],
            ..Draft::new()
        };
        let theirs = book.add(draft, at);
        let paid = book.capture(&theirs, Payment::Loyalty, at);
        self.record(&mut book, &theirs)?;
        paid
    }

    /// The newest transaction but `id`, `None` if there is no other.
    pub(crate) fn newest_other_than(&self, id: &str) -> Option<Transaction> {
        let book = self.book();
        let other = book.order.iter().rev().find(|other| *other != id)?;
        show(&book, other).ok()
    }

    /// The newest paid transaction but `id`; the newest of all if no other is paid.
    pub(crate) fn newest_paid_other_than(&self, id: &str) -> Option<Transaction> {
        let book = self.book();
        let paid = book.in_order().rev().find(|it| it.id != id && it.status() == Status::Ok);
        let paid = paid.and_then(|sale| show(&book, &sale.id).ok());
        drop(book);
        paid.or_else(|| self.newest_other_than(id))
    }
}

fn sold(price: Money) -> Item {
    Item {
        id: 1,
        desc: "Sold at another till".to_owned(),
        quantity: 1,
        price_one: price,
        tax: Tax::whole(19),
        item_type: "article".to_owned(),
        ..Item::default()
    }
}
