//! The ledger: the steps that change the books, behind one lock.
//!
//! Every method is one step that happens wholly or not at all, so concurrent requests see and
//! change consistent balances. A ledger with a file writes each change under the same lock. Time
//! comes in as data. Must not know HTTP, and never awaits.

pub(crate) mod buyers;
mod capture;
mod idents;
mod orders;
mod other_till;
mod plan;
mod posting;
pub(crate) mod reset;
mod sales;
pub(crate) mod terminal;

use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::sandbox::fixtures::Fixtures;
use crate::sandbox::persist::state::{self, LEAST_LOG, StateError, StateFile};
use crate::sandbox::refusal::Refusal;
use crate::sandbox::store::{Account, Balance, Book, Booking};
use crate::sandbox::views::{card, transaction};
use crate::wire::{MerchantCard, Transaction, TransactionView};

/// What a step makes of the sale that it was about, while the books are locked: JSON on its way
/// out, or a copy to look at.
pub(crate) trait OfSale: for<'a> From<TransactionView<'a>> {}

impl<T: for<'a> From<TransactionView<'a>>> OfSale for T {}

/// The server's books. Cheap to share; all methods lock for a moment.
pub struct Ledger {
    book: Mutex<Book>,
    state: Option<Arc<StateFile>>,
}

impl fmt::Debug for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let book = self.book();
        f.debug_struct("Ledger")
            .field("accounts", &book.accounts.len())
            .field("transactions", &book.order.len())
            .field("bookings", &book.bookings.len())
            .finish()
    }
}

impl Ledger {
    /// Books that open with `fixtures`; ids follow from `seed`.
    #[must_use]
    pub fn new(fixtures: Fixtures, seed: u64) -> Self {
        Self::with(Book::new(fixtures, seed), None)
    }

    /// The books that `path` keeps, or new ones that it keeps from now on. Blocks while it reads.
    ///
    /// With `fresh`, what the file holds does not count.
    ///
    /// # Errors
    /// [`StateError`] when the file is in use, damaged or out of reach.
    pub fn open(
        path: &Path,
        fresh: bool,
        fixtures: &Fixtures,
        seed: u64,
    ) -> Result<Self, StateError> {
        Self::open_with(path, fresh, LEAST_LOG, fixtures, seed)
    }

    /// [`Ledger::open`], with a log that is compacted from `least` bytes on.
    pub(crate) fn open_with(
        path: &Path,
        fresh: bool,
        least: u64,
        fixtures: &Fixtures,
        seed: u64,
    ) -> Result<Self, StateError> {
        let (book, state) = state::open(path, fresh, least, || Book::new(fixtures.clone(), seed))?;
        Ok(Self::with(book, Some(state)))
    }

    pub(crate) fn with(book: Book, state: Option<StateFile>) -> Self {
        Self { book: Mutex::new(book), state: state.map(Arc::new) }
    }

    /// What the card `number` holds, `None` for an unknown one.
    #[must_use]
    pub fn balance(&self, number: &str) -> Option<Balance> {
        self.book().accounts.get(number).map(Account::balance)
    }

    /// All loyalty transactions, oldest first.
    #[must_use]
    pub fn bookings(&self) -> Vec<Booking> {
        self.book().bookings.all().cloned().collect()
    }

    /// How many loyalty transactions there are.
    #[must_use]
    pub fn loyalty_transactions(&self) -> usize {
        self.book().bookings.len()
    }

    /// The transaction `id` as the API would answer it.
    #[must_use]
    pub fn transaction(&self, id: &str) -> Option<Transaction> {
        self.read(id).ok()
    }

    /// All transactions as the API would answer them, oldest first; the fixtures' come first.
    #[must_use]
    pub fn transactions(&self) -> Vec<Transaction> {
        let book = self.book();
        book.in_order().map(|sale| transaction::view(&book, sale).into()).collect()
    }

    pub(crate) fn read<T: OfSale>(&self, id: &str) -> Result<T, Refusal> {
        show(&self.book(), id)
    }

    /// How many steps must be on the disk before anyone is told of the transaction `id` as it is;
    /// `None` where it depends on more than its own last step, as on what its card holds.
    pub(crate) fn steps_of(&self, id: &str) -> Option<u64> {
        self.book().sale(id).ok().filter(|sale| sale.settled().is_some()).map(|sale| sale.step)
    }

    /// The card as list answers show it.
    pub(crate) fn card(&self, number: &str) -> Option<MerchantCard> {
        self.book().accounts.get(number).map(card::listed)
    }

    /// Where the ids stand; tokens start from there.
    pub(crate) fn position(&self) -> u64 {
        self.book().ids.position()
    }

    /// The file, if there is one.
    pub(crate) const fn state(&self) -> Option<&Arc<StateFile>> {
        self.state.as_ref()
    }

    /// Records what a step on the sale `id` changed, for the files if there are any. When those
    /// fail, the books in memory are ahead of them; the server stops then and shows neither.
    pub(crate) fn record(&self, book: &mut Book, id: &str) -> Result<(), Refusal> {
        self.write(book, Some(id))
    }

    /// [`Ledger::record`], and the transaction as it is then.
    pub(crate) fn recorded<T: OfSale>(&self, book: &mut Book, id: &str) -> Result<T, Refusal> {
        self.record(book, id)?;
        show(book, id)
    }

    /// Like [`Ledger::record`], for a step that no sale is part of.
    pub(crate) fn record_rest(&self, book: &mut Book) -> Result<(), Refusal> {
        self.write(book, None)
    }

    fn write(&self, book: &mut Book, id: Option<&str>) -> Result<(), Refusal> {
        let written = self.state.as_ref().map_or(Ok(0), |state| state.append(book, id));
        book.set_recorded(id, written.as_ref().copied().unwrap_or_default());
        written.map(drop)
    }

    /// The books. A panic of another thread cannot leave them half changed: every step checks
    /// first and then only assigns.
    pub(crate) fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The transaction as answers show it.
pub(crate) fn show<T: OfSale>(book: &Book, id: &str) -> Result<T, Refusal> {
    Ok(T::from(transaction::view(book, book.sale(id)?)))
}
