//! What the state file holds: the books as they were when it was opened, then every change.
//!
//! Owns the translation between the books and these records. Must not touch files.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::super::account::{Account, Booking};
use super::super::fixtures::Fixtures;
use super::super::ids::Ids;
use super::super::ledger::{Accounts, Book};
use super::super::refusal::Refusal;
use super::super::sale::Sale;

/// The form of the records; other numbers are not read.
const FORM: u32 = 1;

/// The first line: whole books.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Snapshot {
    kasse_sandbox: u32,
    world: Fixtures,
    accounts: Accounts,
    /// Oldest first.
    sales: Vec<Sale>,
    bookings: Vec<Booking>,
    ids: Ids,
    slips: i64,
    #[serde(default)]
    closed: i64,
}

/// Every later line: what one step of the ledger left changed.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Change {
    sale: Sale,
    /// The accounts that were booked on, as they are now.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    accounts: Accounts,
    /// New bookings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    bookings: Vec<Booking>,
    ids: Ids,
    slips: i64,
    #[serde(default)]
    closed: i64,
}

impl Snapshot {
    pub(super) fn of(book: &Book) -> Self {
        Self {
            kasse_sandbox: FORM,
            world: book.world.clone(),
            accounts: book.accounts.clone(),
            sales: book.order.iter().filter_map(|id| book.sales.get(id)).cloned().collect(),
            bookings: book.bookings.clone(),
            ids: book.ids.clone(),
            slips: book.slips,
            closed: book.closed,
        }
    }

    /// The books, `None` when another version of the sandbox wrote them.
    pub(super) fn open(self) -> Option<Book> {
        (self.kasse_sandbox == FORM).then(|| Book {
            order: self.sales.iter().map(|sale| sale.id.clone()).collect(),
            sales: self.sales.into_iter().map(|sale| (sale.id.clone(), sale)).collect(),
            world: self.world,
            accounts: self.accounts,
            recorded: self.bookings.len(),
            bookings: self.bookings,
            ids: self.ids,
            slips: self.slips,
            closed: self.closed,
        })
    }
}

impl Change {
    /// What the step on the sale `id` changed since the last record.
    pub(super) fn of(book: &Book, id: &str) -> Result<Self, Refusal> {
        let bookings: Vec<Booking> = book.bookings.iter().skip(book.recorded).cloned().collect();
        let account = |booking: &Booking| -> Option<(String, Account)> {
            Some((booking.card.clone(), book.accounts.get(&booking.card)?.clone()))
        };
        Ok(Self {
            sale: book.sale(id)?.clone(),
            accounts: bookings.iter().filter_map(account).collect(),
            bookings,
            ids: book.ids.clone(),
            slips: book.slips,
            closed: book.closed,
        })
    }

    pub(super) fn repeat(self, book: &mut Book) {
        let id = self.sale.id.clone();
        if book.sales.insert(id.clone(), self.sale).is_none() {
            book.order.push(id);
        }
        book.accounts.extend(self.accounts);
        book.bookings.extend(self.bookings);
        book.recorded = book.bookings.len();
        book.ids = self.ids;
        book.slips = self.slips;
        book.closed = self.closed;
    }
}
