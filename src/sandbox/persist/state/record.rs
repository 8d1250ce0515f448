//! What the state file holds: the books as they were when it was opened, then every change.
//!
//! Owns the translation between the books and these records. Must not touch files.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::sandbox::fixtures::Fixtures;
use crate::sandbox::ids::Ids;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::store::{Account, Accounts, Book, Booking, Customer, Customers, Sale};

/// The form of the records; other numbers are not read.
const FORM: u32 = 1;

/// The first line: whole books.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Snapshot {
    kasse_sandbox: u32,
    #[serde(rename = "world")]
    shop: Fixtures,
    accounts: Accounts,
    /// Oldest first.
    sales: Vec<Sale>,
    bookings: Vec<Booking>,
    #[serde(default)]
    customers: Customers,
    ids: Ids,
    slips: i64,
    #[serde(default)]
    closed: i64,
}

/// Every later line.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Entry {
    /// Nothing of what stands before counts any more.
    Reset(Reset),
    Change(Box<Change>),
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Reset {
    reset: Box<Snapshot>,
}

impl Entry {
    /// The books begin anew with what they hold now.
    pub(super) fn reset(book: &Book) -> Self {
        Self::Reset(Reset { reset: Box::new(Snapshot::of(book)) })
    }

    /// Reads a line. Which kind it is stands at its beginning: to try one kind after the other,
    /// serde would compile the reader of whole books once more.
    pub(super) fn read(line: &[u8]) -> serde_json::Result<Self> {
        if line.starts_with(b"{\"reset\":") {
            serde_json::from_slice(line).map(Self::Reset)
        } else {
            serde_json::from_slice(line).map(Self::Change)
        }
    }

    /// Does again what was done, `None` when another version of the sandbox did it.
    pub(super) fn replay(self, book: &mut Book) -> Option<()> {
        match self {
            Self::Reset(Reset { reset }) => *book = reset.open()?,
            Self::Change(change) => change.replay(book),
        }
        Some(())
    }
}

/// What one step of the ledger left changed.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Change {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sale: Option<Sale>,
    /// The accounts that were booked on or changed otherwise, as they are now.
    #[serde(default, skip_serializing_if = "Accounts::is_empty")]
    accounts: Accounts,
    /// New bookings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    bookings: Vec<Booking>,
    /// Card holders that changed, as they are now; `null` for those that went.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    customers: BTreeMap<String, Option<Customer>>,
    ids: Ids,
    slips: i64,
    #[serde(default)]
    closed: i64,
}

impl Snapshot {
    pub(super) fn of(book: &Book) -> Self {
        Self {
            kasse_sandbox: FORM,
            shop: book.shop.clone(),
            accounts: book.accounts.clone(),
            sales: book.in_order().cloned().collect(),
            bookings: book.bookings.all().iter().cloned().collect(),
            customers: book.customers.clone(),
            ids: book.ids.clone(),
            slips: book.slips,
            closed: book.closed,
        }
    }

    /// The books, `None` when another version of the sandbox wrote them.
    pub(super) fn open(self) -> Option<Book> {
        if self.kasse_sandbox != FORM {
            return None;
        }
        let mut book = Book::with(self.shop, self.accounts, self.sales, self.ids);
        book.bookings = self.bookings.into_iter().collect();
        book.recorded = book.bookings.ever();
        book.customers = self.customers;
        book.slips = self.slips;
        book.closed = self.closed;
        Some(book)
    }
}

impl Change {
    /// What a step, on the sale `id` or on none, changed since the last record.
    pub(super) fn of(book: &Book, id: Option<&str>) -> Result<Self, Refusal> {
        let bookings: Vec<Booking> = book.bookings.since(book.recorded).cloned().collect();
        let account = |number: &String| -> Option<(String, Account)> {
            Some((number.clone(), book.accounts.get(number)?.clone()))
        };
        let booked = bookings.iter().map(|booking| &booking.card);
        Ok(Self {
            sale: id.map(|id| book.sale(id).cloned()).transpose()?,
            accounts: booked.chain(&book.changed_cards).filter_map(account).collect(),
            bookings,
            customers: book
                .changed_customers
                .iter()
                .map(|id| (id.clone(), book.customers.get(id).cloned()))
                .collect(),
            ids: book.ids.clone(),
            slips: book.slips,
            closed: book.closed,
        })
    }

    fn replay(self, book: &mut Book) {
        if let Some(sale) = self.sale {
            book.put(sale);
        }
        book.accounts.extend(self.accounts);
        book.bookings.extend(self.bookings);
        for (id, customer) in self.customers {
            match customer {
                Some(customer) => book.customers.insert(id, customer),
                None => book.customers.remove(&id),
            };
        }
        book.recorded = book.bookings.ever();
        book.ids = self.ids;
        book.slips = self.slips;
        book.closed = self.closed;
    }
}
