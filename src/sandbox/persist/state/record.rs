//! What the files say: a snapshot is a list of entries that make the books, a log one of entries
//! that change them.
//!
//! Owns the translation between the books and entries. A line is one step of the ledger, a list of
//! entries in JSON, and counts wholly or not at all. Must not touch files.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::sandbox::fixtures::Fixtures;
use crate::sandbox::ids::Ids;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::store::{Account, Book, Booking, Customer, Sale, Stage};

/// The form of the files; other numbers are not read.
const FORM: u32 = 2;

/// The first line of a file.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Head {
    kasse_sandbox: u32,
    /// Which books these are: a log of others is never applied.
    pub(super) books: u64,
    /// A snapshot: the number of the log that goes on from it. A log: its own number.
    pub(super) log: u64,
    /// A snapshot: how many lines follow.
    pub(super) lines: usize,
}

impl Head {
    pub(super) const fn new(books: u64, log: u64, lines: usize) -> Self {
        Self { kasse_sandbox: FORM, books, log, lines }
    }

    pub(super) fn line(&self) -> serde_json::Result<Vec<u8>> {
        let mut line = serde_json::to_vec(self)?;
        line.push(b'\n');
        Ok(line)
    }

    /// Reads a first line, `None` for that of another form.
    pub(super) fn read(line: &[u8]) -> Option<Self> {
        serde_json::from_slice(line).ok().filter(|head: &Self| head.kasse_sandbox == FORM)
    }
}

/// One entry, to be written.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Put<'a> {
    /// New books of this shop; nothing of what stands before counts any more.
    Begin(&'a Fixtures),
    Account(&'a Account),
    Customer(&'a Customer),
    /// The card holder with this id is deleted.
    NoCustomer(&'a str),
    Sale(&'a Sale),
    /// Where the transaction with this id stands; all else of it is as before.
    Stage(&'a str, &'a Stage),
    Booking(&'a Booking),
    /// Ids, the last slip, the last slip before the end of day.
    Counters(&'a Ids, i64, i64),
}

/// The same, read.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Got {
    Begin(Box<Fixtures>),
    Account(Box<Account>),
    Customer(Box<Customer>),
    NoCustomer(String),
    Sale(Box<Sale>),
    Stage(String, Box<Stage>),
    Booking(Box<Booking>),
    Counters(Ids, i64, i64),
}

/// Appends a line with these entries.
pub(super) fn line(bytes: &mut Vec<u8>, entries: &[Put<'_>]) -> serde_json::Result<()> {
    serde_json::to_writer(&mut *bytes, entries)?;
    bytes.push(b'\n');
    Ok(())
}

/// What a step, on the sale `id` or on none, changed since the last record.
pub(super) fn change<'a>(book: &'a Book, id: Option<&str>) -> Result<Vec<Put<'a>>, Refusal> {
    let mut entries = Vec::with_capacity(4);
    if let Some(id) = id {
        let sale = book.sale(id)?;
        entries.push(if sale.draft.is_recorded() {
            Put::Stage(&sale.id, &sale.stage)
        } else {
            Put::Sale(sale)
        });
    }
    let bookings = || book.bookings.since(book.recorded);
    for booking in bookings() {
        if !book.changed_cards.contains(&booking.card) {
            entries.extend(book.accounts.get(&booking.card).map(Put::Account));
        }
    }
    let changed = book.changed_cards.iter();
    entries.extend(changed.filter_map(|number| book.accounts.get(number)).map(Put::Account));
    entries.extend(bookings().map(Put::Booking));
    let changed = book.changed_customers.iter();
    entries.extend(changed.map(|id| match book.customers.get(id) {
        Some(customer) => Put::Customer(customer),
        None => Put::NoCustomer(id),
    }));
    entries.push(counters(book));
    Ok(entries)
}

/// New books, whole.
pub(super) fn begin(book: &Book) -> Vec<Put<'_>> {
    let head = [Put::Begin(&book.shop), counters(book)];
    let accounts = book.accounts.values().map(Put::Account);
    let sales = book.in_order().map(Put::Sale);
    head.into_iter().chain(accounts).chain(sales).collect()
}

/// Where the numbers stand.
pub(super) const fn counters(book: &Book) -> Put<'_> {
    Put::Counters(&book.ids, book.slips, book.closed)
}

/// Does again what a line says, `None` for what no sandbox of this form wrote.
pub(super) fn replay(line: &[u8], book: &mut Option<Book>) -> Option<()> {
    let entries: Vec<Got> = serde_json::from_slice(line).ok()?;
    for entry in entries {
        entry.replay(book)?;
    }
    if let Some(book) = book {
        book.set_recorded(None, 0);
    }
    Some(())
}

impl Got {
    fn replay(self, book: &mut Option<Book>) -> Option<()> {
        if let Self::Begin(shop) = self {
            *book = Some(Book::empty(Arc::from(shop), Ids::new(0)));
            return Some(());
        }
        let book = book.as_mut()?;
        match self {
            Self::Begin(_) => return None,
            Self::Account(account) => {
                book.accounts.insert(account.number().to_owned(), *account);
            }
            Self::Customer(customer) => {
                book.customers.insert(customer.id.clone(), *customer);
            }
            Self::NoCustomer(id) => {
                book.customers.remove(&id);
            }
            Self::Sale(mut sale) => {
                sale.draft.set_recorded();
                book.put(*sale);
            }
            Self::Stage(id, stage) => {
                // A transaction may have left these books, which keep fewer than those that wrote.
                if let Some(sale) = book.sales.get_mut(&id) {
                    sale.stage = *stage;
                }
            }
            Self::Booking(booking) => book.bookings.push(*booking),
            Self::Counters(ids, slips, closed) => {
                (book.ids, book.slips, book.closed) = (ids, slips, closed);
            }
        }
        Some(())
    }
}
