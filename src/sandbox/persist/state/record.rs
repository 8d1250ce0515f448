//! What the state file holds: the books as they were when it was opened, then every change.
//!
//! Owns the translation between the books and these records. Must not touch files.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use crate::sandbox::fixtures::world::Fixtures;
use crate::sandbox::ids::Ids;
use crate::sandbox::ledger::{Accounts, Book, Customers};
use crate::sandbox::loyalty::customers::Customer;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::store::account::Account;
use crate::sandbox::store::book::MOST_BOOKINGS;
use crate::sandbox::store::bookings::Booking;
use crate::sandbox::store::sale::Sale;

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
    #[serde(default)]
    customers: Customers,
    ids: Ids,
    slips: i64,
    #[serde(default)]
    closed: i64,
}

/// Every later line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Entry {
    /// Nothing of what stands before counts any more. Tried first: a change has next to no part
    /// that must be there.
    Reset {
        reset: Box<Snapshot>,
    },
    Change(Box<Change>),
}

impl Entry {
    /// Does again what was done, `None` when another version of the sandbox did it.
    pub(super) fn repeat(self, book: &mut Book) -> Option<()> {
        match self {
            Self::Reset { reset } => *book = reset.open()?,
            Self::Change(change) => change.repeat(book),
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
            world: book.world.clone(),
            accounts: book.accounts.clone(),
            sales: book.order.iter().filter_map(|id| book.sale(id).ok()).cloned().collect(),
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
        let order: Vec<String> = self.sales.iter().map(|sale| sale.id.clone()).collect();
        let mut book = Book {
            order: order.iter().cloned().collect(),
            sales: self.sales.into_iter().map(|sale| (sale.id.clone(), Box::new(sale))).collect(),
            references: HashMap::new(),
            world: self.world,
            accounts: self.accounts,
            recorded: self.bookings.len().min(MOST_BOOKINGS),
            bookings: self.bookings.into_iter().collect(),
            touched: BTreeSet::new(),
            customers: self.customers,
            touched_customers: BTreeSet::new(),
            ids: self.ids,
            slips: self.slips,
            closed: self.closed,
        };
        for id in &order {
            book.index(id);
        }
        book.forget_oldest();
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
            accounts: booked.chain(&book.touched).filter_map(account).collect(),
            bookings,
            customers: book
                .touched_customers
                .iter()
                .map(|id| (id.clone(), book.customers.get(id).cloned()))
                .collect(),
            ids: book.ids.clone(),
            slips: book.slips,
            closed: book.closed,
        })
    }

    fn repeat(self, book: &mut Book) {
        if let Some(sale) = self.sale {
            let id = sale.id.clone();
            let former = book.sale(&id).ok().map(|former| &former.draft.transaction_ref);
            let moves = former != Some(&sale.draft.transaction_ref);
            if moves {
                book.unindex(&id);
            }
            if book.sales.insert(id.clone(), Box::new(sale)).is_none() {
                book.order.push_back(id.clone());
            }
            if moves {
                book.index(&id);
            }
            book.forget_oldest();
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
