//! Reads state files of the first form, which versions up to 0.1.0 wrote: one file, its first line
//! whole books, every later one a change, all of them chained by checksums.
//!
//! Must not write any.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::sandbox::fixtures::Fixtures;
use crate::sandbox::ids::Ids;
use crate::sandbox::store::{Account, Book, Booking, Customer, Sale};

/// The books that such a file holds.
///
/// # Errors
/// The first line that is damaged, from 1.
pub(super) fn read(file: &[u8]) -> Result<Book, usize> {
    let mut lines = Lines { rest: file, chain: Chain::new() };
    let first = lines.next().ok_or(1_usize)?.map_err(|Damaged| 1_usize)?;
    let snapshot: Snapshot = serde_json::from_slice(first).map_err(|_| 1_usize)?;
    let mut book = snapshot.open().ok_or(1_usize)?;
    for (line, number) in lines.zip(2_usize..) {
        let entry = line.ok().and_then(|line| Entry::read(line).ok());
        entry.and_then(|entry| entry.replay(&mut book)).ok_or(number)?;
    }
    Ok(book)
}

/// A chain of checksums; each line's depends on those before it.
#[derive(Debug, Clone, Copy)]
struct Chain(u64);

impl Chain {
    /// The start of a file. FNV-1a finds accidents; it is no protection against intent.
    const fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn over(self, text: &[u8]) -> Self {
        Self(text.iter().fold(self.0, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
        }))
    }
}

/// The lines of a file: sixteen hex digits, a blank, the text. One that was never finished is left
/// out: its answer never left.
struct Lines<'a> {
    rest: &'a [u8],
    chain: Chain,
}

/// A finished line that is not what was written.
#[derive(Debug)]
struct Damaged;

impl<'a> Iterator for Lines<'a> {
    type Item = Result<&'a [u8], Damaged>;

    fn next(&mut self) -> Option<Self::Item> {
        let end = self.rest.iter().position(|byte| *byte == b'\n')?;
        let (line, rest) = self.rest.split_at(end);
        self.rest = rest.get(1..).unwrap_or_default();
        let Some((digits, text)) = line.split_at_checked(17) else { return Some(Err(Damaged)) };
        self.chain = self.chain.over(text);
        let is_whole = digits == format!("{:016x} ", self.chain.0).as_bytes();
        Some(if is_whole { Ok(text) } else { Err(Damaged) })
    }
}

/// The form of the records; other numbers are not read.
const FORM: u32 = 1;

/// The first line: whole books.
#[derive(Debug, Deserialize)]
struct Snapshot {
    kasse_sandbox: u32,
    #[serde(rename = "world")]
    shop: Fixtures,
    accounts: BTreeMap<String, Account>,
    /// Oldest first.
    sales: Vec<Sale>,
    bookings: Vec<Booking>,
    #[serde(default)]
    customers: BTreeMap<String, Customer>,
    ids: Ids,
    slips: i64,
    #[serde(default)]
    closed: i64,
}

/// Every later line.
enum Entry {
    /// Nothing of what stands before counts any more.
    Reset(Reset),
    Change(Box<Change>),
}

#[derive(Debug, Deserialize)]
struct Reset {
    reset: Box<Snapshot>,
}

impl Entry {
    /// Reads a line. Which kind it is stands at its beginning: to try one kind after the other,
    /// serde would compile the reader of whole books once more.
    fn read(line: &[u8]) -> serde_json::Result<Self> {
        if line.starts_with(b"{\"reset\":") {
            serde_json::from_slice(line).map(Self::Reset)
        } else {
            serde_json::from_slice(line).map(Self::Change)
        }
    }

    /// Does again what was done, `None` when another version of the sandbox did it.
    fn replay(self, book: &mut Book) -> Option<()> {
        match self {
            Self::Reset(Reset { reset }) => *book = reset.open()?,
            Self::Change(change) => change.replay(book),
        }
        Some(())
    }
}

/// What one step of the ledger left changed.
#[derive(Debug, Deserialize)]
struct Change {
    #[serde(default)]
    sale: Option<Sale>,
    /// The accounts that were booked on or changed otherwise, as they are now.
    #[serde(default)]
    accounts: BTreeMap<String, Account>,
    /// New bookings.
    #[serde(default)]
    bookings: Vec<Booking>,
    /// Card holders that changed, as they are now; `null` for those that went.
    #[serde(default)]
    customers: BTreeMap<String, Option<Customer>>,
    ids: Ids,
    slips: i64,
    #[serde(default)]
    closed: i64,
}

impl Snapshot {
    /// The books, `None` when another version of the sandbox wrote them.
    fn open(self) -> Option<Book> {
        if self.kasse_sandbox != FORM {
            return None;
        }
        let mut book = Book::empty(self.shop.into(), self.ids);
        book.accounts = self.accounts.into_iter().collect();
        for sale in self.sales {
            book.put(sale);
        }
        book.bookings = self.bookings.into_iter().collect();
        book.recorded = book.bookings.ever();
        book.customers = self.customers.into_iter().collect();
        book.slips = self.slips;
        book.closed = self.closed;
        Some(book)
    }
}

impl Change {
    fn replay(self, book: &mut Book) {
        if let Some(sale) = self.sale {
            book.put(sale);
        }
        for (number, account) in self.accounts {
            book.accounts.insert(number, account);
        }
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
