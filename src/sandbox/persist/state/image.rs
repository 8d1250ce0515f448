//! The books at one moment, to be written while they go on.
//!
//! Taking an image copies references alone, under the books' lock. Must not know files.

use std::io;
use std::sync::Arc;

use crate::sandbox::fixtures::Fixtures;
use crate::sandbox::ids::Ids;
use crate::sandbox::persist::state::record::{Put, line};
use crate::sandbox::store::{Account, Book, Booking, Customer, Sale};

/// The books as they were.
pub(super) struct Image {
    shop: Arc<Fixtures>,
    accounts: Vec<Arc<Account>>,
    customers: Vec<Arc<Customer>>,
    /// Oldest first.
    sales: Vec<Arc<Sale>>,
    bookings: Vec<Arc<Booking>>,
    ids: Ids,
    slips: i64,
    closed: i64,
}

impl Image {
    pub(super) fn of(book: &Book) -> Self {
        Self {
            shop: Arc::clone(&book.shop),
            accounts: book.accounts.share_all(),
            customers: book.customers.share_all(),
            sales: book.order.iter().filter_map(|id| book.sales.share(id)).collect(),
            bookings: book.bookings.share_all(),
            ids: book.ids.clone(),
            slips: book.slips,
            closed: book.closed,
        }
    }

    /// How many lines it makes.
    pub(super) fn lines(&self) -> usize {
        1 + self.accounts.len() + self.customers.len() + self.sales.len() + self.bookings.len()
    }

    /// Hands out its lines, in pieces of about `size` bytes.
    pub(super) fn write(
        &self,
        size: usize,
        mut out: impl FnMut(&[u8]) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut piece = Vec::with_capacity(size + 8 * 1024);
        line(
            &mut piece,
            &[Put::Begin(&self.shop), Put::Counters(&self.ids, self.slips, self.closed)],
        )?;
        let entries = (self.accounts.iter().map(|it| Put::Account(it)))
            .chain(self.customers.iter().map(|it| Put::Customer(it)))
            .chain(self.sales.iter().map(|it| Put::Sale(it)))
            .chain(self.bookings.iter().map(|it| Put::Booking(it)));
        for entry in entries {
            line(&mut piece, &[entry])?;
            if piece.len() >= size {
                out(&piece)?;
                piece.clear();
            }
        }
        if piece.is_empty() { Ok(()) } else { out(&piece) }
    }
}
