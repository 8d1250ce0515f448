//! The books: accounts, transactions, bookings and card holders, with their indexes.
//!
//! Owns how much is kept: a sandbox runs for years, and must not grow without bound. The newest
//! [`MOST_SALES`] transactions are kept, fewer when they are large ([`MOST_BYTES`]), and the newest
//! bookings; older ones are removed in any status, and answered like unknown ones. A transaction
//! that a terminal works on is never removed. Balances stay: what an account holds does not depend
//! on what is kept of its past. An end of day counts only what is kept. Cards and card holders are
//! never removed; there are at most [`MOST_CARDS`] and [`MOST_HOLDERS`]. Must not decide whether a
//! step is allowed.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use jiff::Timestamp;

use crate::sandbox::clock;
use crate::sandbox::fixtures::{CardFixture, Fixtures};
use crate::sandbox::ids::Ids;
use crate::sandbox::refusal::{Action, Refusal};
use crate::sandbox::store::account::Account;
use crate::sandbox::store::bookings::Bookings;
use crate::sandbox::store::customer::Customer;
use crate::sandbox::store::draft::Draft;
use crate::sandbox::store::sale::Sale;
use crate::sandbox::store::shared::Shared;
use crate::sandbox::store::weight;
use crate::wire::Status;

/// One usually takes up to 10 KiB, and the sandbox is to stay below 30 MiB.
pub(crate) const MOST_SALES: usize = 2_000;
/// What the transactions take at the most, bytes by [`weight::sale`].
pub(crate) const MOST_BYTES: usize = 32 << 20;
/// No card is made beyond so many; fixtures may bring more.
pub(crate) const MOST_CARDS: usize = 10_000;
/// No card holder is made beyond so many.
pub(crate) const MOST_HOLDERS: usize = 1_000;

/// Accounts by card number.
pub(crate) type Accounts = Shared<Account>;

/// Card holders by id.
pub(crate) type Customers = Shared<Customer>;

/// All books of a server.
pub(crate) struct Book {
    pub(crate) shop: Arc<Fixtures>,
    pub(crate) accounts: Accounts,
    /// By id.
    pub(crate) sales: Shared<Sale>,
    /// What they take together, bytes by [`weight::sale`].
    weight: usize,
    /// Transaction ids, oldest first.
    pub(crate) order: VecDeque<String>,
    /// Transaction ids by reference in small letters.
    references: HashMap<String, VecDeque<String>>,
    pub(crate) bookings: Bookings,
    /// Cards that changed otherwise than by bookings, since the last record.
    pub(crate) changed_cards: BTreeSet<String>,
    pub(crate) customers: Customers,
    /// Card holders that changed or went since the last record.
    pub(crate) changed_customers: BTreeSet<String>,
    /// How many bookings of all that ever were the state file has.
    pub(crate) recorded: usize,
    pub(crate) ids: Ids,
    /// Number of the last terminal slip.
    pub(crate) slips: i64,
    /// Number of the last slip before the last end of day.
    pub(crate) closed: i64,
}

impl Book {
    /// Books that open with `shop`; ids follow from `seed`.
    pub(crate) fn new(shop: impl Into<Arc<Fixtures>>, seed: u64) -> Self {
        let shop = shop.into();
        let account = |card: &CardFixture| (card.number.clone(), Account::new(card, &shop));
        let accounts = shop.cards.iter().map(account).collect();
        let mut book = Self { accounts, ..Self::empty(Arc::clone(&shop), Ids::new(seed)) };
        for sale in &shop.sales {
            book.put(Sale::opening(sale));
        }
        book
    }

    /// Books without cards and transactions.
    pub(crate) fn empty(shop: Arc<Fixtures>, ids: Ids) -> Self {
        Self {
            shop,
            accounts: Accounts::default(),
            sales: Shared::default(),
            weight: 0,
            order: VecDeque::new(),
            references: HashMap::new(),
            bookings: Bookings::default(),
            changed_cards: BTreeSet::new(),
            customers: Customers::default(),
            changed_customers: BTreeSet::new(),
            recorded: 0,
            ids,
            slips: 0,
            closed: 0,
        }
    }

    /// Adds a transaction and gives its id.
    pub(crate) fn add(&mut self, draft: Draft, at: Timestamp) -> String {
        let id = self.ids.object("STX");
        self.put(Sale::new(id.clone(), clock::iso(at), draft));
        id
    }

    /// Adds a transaction, or puts it in the place of the one with its id.
    pub(crate) fn put(&mut self, sale: Sale) {
        let id = sale.id.clone();
        let former = self.sales.get(&id).map(|former| &former.draft.transaction_ref);
        let moves = former != Some(&sale.draft.transaction_ref);
        if moves {
            self.unindex(&id);
        }
        self.weight -= self.sales.get(&id).map_or(0, |former| former.weight);
        if self.sales.insert(id.clone(), sale) {
            self.order.push_back(id.clone());
        }
        if moves {
            self.index(&id);
        }
        self.weigh(&id);
    }

    /// Counts what the transaction takes now, and removes the oldest ones for it.
    fn weigh(&mut self, id: &str) {
        if let Some(sale) = self.sales.get_mut(id) {
            let weight = weight::sale(&sale.draft);
            self.weight = self.weight - sale.weight + weight;
            sale.weight = weight;
        }
        self.remove_oldest();
    }

    /// Says that all changes so far, on the transaction `id` or on none, are recorded as `step`.
    pub(crate) fn set_recorded(&mut self, id: Option<&str>, step: u64) {
        self.changed_cards.clear();
        self.changed_customers.clear();
        self.recorded = self.bookings.ever();
        let Some((id, sale)) = id.and_then(|id| Some((id, self.sales.get_mut(id)?))) else {
            return;
        };
        sale.step = step;
        if !sale.draft.is_recorded() {
            sale.draft.set_recorded();
            self.weigh(id);
        }
    }

    pub(crate) fn sale(&self, id: &str) -> Result<&Sale, Refusal> {
        self.sales.get(id).ok_or_else(|| Refusal::not_found("smart.transactions", id))
    }

    /// The transaction, provided it is still unpaid and no payment is under way.
    pub(crate) fn open(&mut self, id: &str, action: Action) -> Result<&mut Sale, Refusal> {
        let sale =
            self.sales.get_mut(id).ok_or_else(|| Refusal::not_found("smart.transactions", id))?;
        match sale.status() {
            Status::Created | Status::Processing | Status::Approved if sale.paying.is_some() => {
                Err(Refusal::Busy)
            }
            Status::Created | Status::Processing | Status::Approved => Ok(sale),
            status => Err(Refusal::Status { action, status }),
        }
    }

    /// All transactions, oldest first.
    pub(crate) fn in_order(&self) -> impl DoubleEndedIterator<Item = &Sale> {
        self.order.iter().filter_map(|id| self.sales.get(id))
    }

    /// The transactions that have this reference, in any case, oldest first.
    pub(crate) fn by_reference<'a>(&'a self, reference: &str) -> impl Iterator<Item = &'a Sale> {
        let known = self.references.get(&reference.to_lowercase());
        known.into_iter().flatten().filter_map(|id| self.sales.get(id))
    }

    /// Makes the transaction `id` findable by its reference.
    fn index(&mut self, id: &str) {
        let Some(reference) = self.indexed_reference(id) else { return };
        self.references.entry(reference).or_default().push_back(id.to_owned());
    }

    /// Undoes [`Book::index`], as long as the transaction still has that reference.
    fn unindex(&mut self, id: &str) {
        let Some(reference) = self.indexed_reference(id) else { return };
        let Some(known) = self.references.get_mut(&reference) else { return };
        if let Some(place) = known.iter().position(|known| known == id) {
            known.remove(place);
        }
        if known.is_empty() {
            self.references.remove(&reference);
        }
    }

    fn indexed_reference(&self, id: &str) -> Option<String> {
        Some(self.sales.get(id)?.draft.transaction_ref.as_ref()?.to_lowercase())
    }

    fn remove_oldest(&mut self) {
        while self.order.len() > MOST_SALES || self.weight > MOST_BYTES {
            let is_paying = |id: &String| self.sales.get(id).is_some_and(|it| it.paying.is_some());
            let Some(oldest) = self.order.iter().position(|id| !is_paying(id)) else { return };
            if oldest + 1 == self.order.len() {
                return;
            }
            let Some(id) = self.order.remove(oldest) else { return };
            self.weight -= self.sales.get(&id).map_or(0, |sale| sale.weight);
            self.unindex(&id);
            self.sales.remove(&id);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing)]
    use super::*;

    #[test]
    fn transactions_beyond_the_limit_leave_the_books_and_the_index() {
        let mut book = Book::new(Fixtures { sales: Vec::new(), ..Fixtures::default() }, 1);
        for _ in 0..MOST_SALES + 3 {
            let draft = Draft { transaction_ref: Some("Same".to_owned()), ..Draft::new() };
            book.add(draft, Timestamp::UNIX_EPOCH);
        }
        assert_eq!((book.sales.len(), book.order.len()), (MOST_SALES, MOST_SALES));
        assert_eq!(book.references["same"].len(), MOST_SALES);
    }

    #[test]
    fn large_transactions_are_fewer_and_changes_count_too() {
        let mut book = Book::new(Fixtures { sales: Vec::new(), ..Fixtures::default() }, 1);
        let large = |book: &mut Book, bytes: usize| {
            let draft = Draft { merchant_ref: Some("x".repeat(bytes)), ..Draft::new() };
            book.add(draft, Timestamp::UNIX_EPOCH)
        };
        for _ in 0..100 {
            large(&mut book, 1 << 20);
        }
        assert!(book.weight <= MOST_BYTES);
        assert_eq!(book.order.len(), MOST_BYTES / (1 << 20) - 1, "each takes a little more");
        // What grows makes room as well, and what shrinks gives it back.
        let last = book.order[book.order.len() - 1].clone();
        let sale = Sale::new(last.clone(), String::new(), Draft::new());
        book.put(sale);
        assert!(book.weight < MOST_BYTES - (1 << 20));
        if let Some(sale) = book.sales.get_mut(&last) {
            sale.draft.merchant_ref = Some("x".repeat(3 << 20));
        }
        book.set_recorded(Some(&last), 1);
        assert!(book.weight <= MOST_BYTES);
        assert_eq!(book.order.len(), MOST_BYTES / (1 << 20) - 3);
        let total: usize = book.sales.values().map(|sale| sale.weight).sum();
        assert_eq!(book.weight, total);
        assert!(book.sale(&last).is_ok());
        // One that a terminal works on stays, however old.
        let first = book.order[0].clone();
        if let Some(sale) = book.sales.get_mut(&first) {
            sale.paying = Some(Arc::default());
        }
        for _ in 0..100 {
            large(&mut book, 1 << 20);
        }
        assert!(book.sale(&first).is_ok() && book.weight <= MOST_BYTES);
    }
}
