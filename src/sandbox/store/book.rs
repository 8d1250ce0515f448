//! The books: accounts, transactions, bookings and card holders, with their indexes.
//!
//! Owns how much is kept: a sandbox runs for days, and must not grow without bound. The newest
//! [`MOST_SALES`] transactions and the newest bookings are kept; older ones are removed in
//! any status, and answered like unknown ones. A transaction that a terminal works on is never
//! removed. Balances stay: what an account holds does not depend on what is kept of its past. An
//! end of day counts only what is kept. Must not decide whether a step is allowed.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

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
use crate::wire::Status;

/// One takes up to 10 KiB, and the sandbox is to stay below 30 MiB.
pub(crate) const MOST_SALES: usize = 2_000;

/// Accounts by card number.
pub(crate) type Accounts = BTreeMap<String, Account>;

/// Card holders by id.
pub(crate) type Customers = BTreeMap<String, Customer>;

/// All books of a server.
pub(crate) struct Book {
    pub(crate) shop: Fixtures,
    pub(crate) accounts: Accounts,
    /// By id. Boxed: the table has free places, and is copied when it grows.
    pub(crate) sales: HashMap<String, Box<Sale>>,
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
    pub(crate) fn new(shop: Fixtures, seed: u64) -> Self {
        let account = |card: &CardFixture| (card.number.clone(), Account::new(card, &shop));
        let accounts = shop.cards.iter().map(account).collect();
        let sales: Vec<Sale> = shop.sales.iter().map(Sale::opening).collect();
        Self::with(shop, accounts, sales, Ids::new(seed))
    }

    /// Books with these accounts and these transactions, oldest first.
    pub(crate) fn with(shop: Fixtures, accounts: Accounts, sales: Vec<Sale>, ids: Ids) -> Self {
        let mut book = Self {
            shop,
            accounts,
            sales: HashMap::new(),
            order: VecDeque::new(),
            references: HashMap::new(),
            bookings: Bookings::default(),
            changed_cards: BTreeSet::new(),
            customers: Customers::new(),
            changed_customers: BTreeSet::new(),
            recorded: 0,
            ids,
            slips: 0,
            closed: 0,
        };
        for sale in sales {
            book.put(sale);
        }
        book
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
        if self.sales.insert(id.clone(), Box::new(sale)).is_none() {
            self.order.push_back(id.clone());
        }
        if moves {
            self.index(&id);
        }
        self.remove_oldest();
    }

    pub(crate) fn sale(&self, id: &str) -> Result<&Sale, Refusal> {
        self.sales
            .get(id)
            .map(Box::as_ref)
            .ok_or_else(|| Refusal::not_found("smart.transactions", id))
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
        self.order.iter().filter_map(|id| self.sales.get(id)).map(Box::as_ref)
    }

    /// The transactions that have this reference, in any case, oldest first.
    pub(crate) fn by_reference<'a>(&'a self, reference: &str) -> impl Iterator<Item = &'a Sale> {
        let known = self.references.get(&reference.to_lowercase());
        known.into_iter().flatten().filter_map(|id| self.sales.get(id)).map(Box::as_ref)
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
}
