//! The ledger: accounts, transactions and bookings behind one lock.
//!
//! Every method is one step that happens wholly or not at all, so concurrent requests see and
//! change consistent balances. A ledger with a file writes each change under the same lock. Time
//! comes in as data. Must not know HTTP, and never awaits.

pub(crate) mod buyers;
mod capture;
mod orders;
mod other_till;
mod plan;
pub(crate) mod reset;
pub(crate) mod terminal;

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde_json::Value;

use crate::money::Money;
use crate::wire::{Item, MerchantCard, PreTransaction, Status, Transaction, TransactionView};

use crate::sandbox::amounts::{basket, bonus};
use crate::sandbox::clock;
use crate::sandbox::fixtures::world::{Fixtures, GroupFixture, SaleFixture};
use crate::sandbox::ids::Ids;
use crate::sandbox::ledger::terminal::Verdict;
use crate::sandbox::loyalty::customers::Customer;
use crate::sandbox::persist::state::{self, StateError, StateFile};
use crate::sandbox::refusal::{Action, Refusal};
use crate::sandbox::request::{Draft, IdentKind, SentIdent};
use crate::sandbox::store::account::{Account, Balance};
use crate::sandbox::store::bookings::{Booking, Bookings};
use crate::sandbox::store::sale::{Applied, Sale, Stage};

/// Accounts by card number.
pub(crate) type Accounts = BTreeMap<String, Account>;

/// Card holders by id.
pub(crate) type Customers = BTreeMap<String, Customer>;

/// What a step makes of the sale that it was about, while the books are locked: JSON on its way
/// out, or a copy to look at.
pub(crate) trait OfSale: for<'a> From<TransactionView<'a>> {}

impl<T: for<'a> From<TransactionView<'a>>> OfSale for T {}

/// The server's books. Cheap to share; all methods lock for a moment.
pub struct Ledger {
    book: Mutex<Book>,
    state: Option<Arc<StateFile>>,
}

/// What the lock guards.
pub(crate) struct Book {
    pub(crate) world: Fixtures,
    pub(crate) accounts: Accounts,
    /// Boxed: the table has free places, and is copied when it grows.
    pub(crate) sales: HashMap<String, Box<Sale>>,
    /// Transaction ids, oldest first.
    pub(crate) order: VecDeque<String>,
    /// Transaction ids by reference in small letters; see [`Book::index`].
    pub(crate) references: HashMap<String, VecDeque<String>>,
    pub(crate) bookings: Bookings,
    /// Cards that changed otherwise than by bookings, since the last record.
    pub(crate) touched: BTreeSet<String>,
    /// Card holders by id.
    pub(crate) customers: Customers,
    /// Card holders that changed or went since the last record.
    pub(crate) touched_customers: BTreeSet<String>,
    /// How many bookings of all that ever were the state file has.
    pub(crate) recorded: usize,
    pub(crate) ids: Ids,
    /// Number of the last terminal slip.
    pub(crate) slips: i64,
    /// Number of the last slip before the last end of day.
    pub(crate) closed: i64,
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
        let (book, state) = state::open(path, fresh, || Book::new(fixtures.clone(), seed))?;
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
        self.book().bookings.all().iter().cloned().collect()
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
        book.order.iter().filter_map(|id| book.shown(id).ok()).collect()
    }

    pub(crate) fn create<T: OfSale>(&self, body: &Value, at: Timestamp) -> Result<T, Refusal> {
        let draft = Draft::new().overlaid(body)?;
        let mut book = self.book();
        book.check_contracts(&draft)?;
        let id = book.add(draft, at);
        self.record(&mut book, &id)?;
        book.shown(&id)
    }

    pub(crate) fn read<T: OfSale>(&self, id: &str) -> Result<T, Refusal> {
        self.book().shown(id)
    }

    /// Changes an unpaid transaction; an applied card is dropped.
    pub(crate) fn update<T: OfSale>(&self, id: &str, body: &Value) -> Result<T, Refusal> {
        let mut book = self.book();
        let draft = book.open(id, Action::Update)?.draft.clone().overlaid(body)?;
        book.check_contracts(&draft)?;
        let moves = book.sale(id)?.draft.transaction_ref != draft.transaction_ref;
        if moves {
            book.unindex(id);
        }
        let sale = book.open(id, Action::Update)?;
        sale.draft = draft;
        sale.stage = Stage::Created;
        if moves {
            book.index(id);
        }
        self.record(&mut book, id)?;
        book.shown(id)
    }

    /// Earmarks the card's balance: cash first, then bonus. Spends nothing.
    pub(crate) fn apply(&self, id: &str) -> Result<PreTransaction, Refusal> {
        let mut book = self.book();
        book.open(id, Action::Apply)?;
        let applied = book.applied_to(&book.sale(id)?.draft)?;
        let answer = PreTransaction {
            missing_sum: applied.missing,
            bonus_products: applied.products.clone(),
        };
        book.open(id, Action::Apply)?.stage = Stage::Processing(applied);
        self.record(&mut book, id)?;
        Ok(answer)
    }

    /// Gives up an unpaid transaction. A terminal that works on it is told to stop: the payment
    /// has failed then.
    pub(crate) fn abort<T: OfSale>(&self, id: &str, at: Timestamp) -> Result<T, Refusal> {
        let mut book = self.book();
        let paying = book.sales.get_mut(id).and_then(|sale| sale.paying.take());
        if let Some(terminal) = paying {
            book.fail(id, Verdict::Stopped, at)?;
            terminal.notify_one();
        } else {
            book.open(id, Action::Abort)?.stage = Stage::Aborted { updated: clock::iso(at) };
        }
        self.record(&mut book, id)?;
        book.shown(id)
    }

    /// The transactions whose `transactionRef` is `reference`, oldest first.
    pub(crate) fn find(&self, reference: &str) -> Vec<Transaction> {
        let book = self.book();
        book.referred(reference)
            .filter(|sale| sale.draft.transaction_ref.as_deref() == Some(reference))
            .map(|sale| sale.shown(&book.world, &book.accounts).into())
            .collect()
    }

    /// The card as list answers show it.
    pub(crate) fn card(&self, number: &str) -> Option<MerchantCard> {
        self.book().accounts.get(number).map(Account::listed)
    }

    /// Where the ids stand; tokens start from there.
    pub(crate) fn position(&self) -> u64 {
        self.book().ids.position()
    }

    /// The file, if there is one.
    pub(crate) const fn state(&self) -> Option<&Arc<StateFile>> {
        self.state.as_ref()
    }

    /// Writes what a step on the sale `id` changed to the file, if there is one. When that fails,
    /// the books in memory are ahead of the file; the server stops then and shows neither.
    pub(crate) fn record(&self, book: &mut Book, id: &str) -> Result<(), Refusal> {
        self.write(book, Some(id))
    }

    /// Like [`Ledger::record`], for a step that no sale is part of.
    pub(crate) fn record_rest(&self, book: &mut Book) -> Result<(), Refusal> {
        self.write(book, None)
    }

    fn write(&self, book: &mut Book, id: Option<&str>) -> Result<(), Refusal> {
        let written = self.state.as_ref().map_or(Ok(()), |state| state.append(book, id));
        book.touched.clear();
        book.touched_customers.clear();
        written
    }

    /// The books. A panic elsewhere cannot leave them half changed: every step checks first and
    /// then only assigns.
    pub(crate) fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Book {
    pub(crate) fn new(fixtures: Fixtures, seed: u64) -> Self {
        let accounts = fixtures
            .cards
            .iter()
            .map(|card| {
                let group = fixtures.groups.iter().find(|group| group.id == card.group);
                (card.number.clone(), Account::new(card, group, &fixtures))
            })
            .collect();
        let sales =
            fixtures.sales.iter().map(|sale| (sale.id.clone(), Box::new(opened(sale)))).collect();
        let order = fixtures.sales.iter().map(|sale| sale.id.clone()).collect();
        Self {
            world: fixtures,
            accounts,
            sales,
            order,
            references: HashMap::new(),
            bookings: Bookings::default(),
            touched: BTreeSet::new(),
            customers: Customers::new(),
            touched_customers: BTreeSet::new(),
            recorded: 0,
            ids: Ids::new(seed),
            slips: 0,
            closed: 0,
        }
    }

    /// Adds a transaction and gives its id.
    pub(crate) fn add(&mut self, draft: Draft, at: Timestamp) -> String {
        let id = self.ids.object("STX");
        let sale = Sale {
            id: id.clone(),
            created: clock::iso(at),
            draft,
            stage: Stage::Created,
            paying: None,
        };
        self.sales.insert(id.clone(), Box::new(sale));
        self.order.push_back(id.clone());
        self.index(&id);
        self.forget_oldest();
        id
    }

    pub(crate) fn shown<T: OfSale>(&self, id: &str) -> Result<T, Refusal> {
        Ok(T::from(self.sale(id)?.shown(&self.world, &self.accounts)))
    }

    pub(crate) fn sale(&self, id: &str) -> Result<&Sale, Refusal> {
        self.sales.get(id).map(Box::as_ref).ok_or_else(|| unknown(id))
    }

    /// Refuses sub-baskets and shares for contracts that are not enabled for them.
    fn check_contracts(&self, draft: &Draft) -> Result<(), Refusal> {
        let enabled = |id: &str| self.world.contracts.iter().any(|contract| contract == id);
        let all = basket::contracts(&draft.items).all(|contract| contract.is_some_and(enabled));
        all.then_some(()).ok_or(Refusal::MixedBasket)
    }

    /// The sale, provided it is still unpaid and nobody is paying it.
    pub(crate) fn open(&mut self, id: &str, action: Action) -> Result<&mut Sale, Refusal> {
        let sale = self.sales.get_mut(id).ok_or_else(|| unknown(id))?;
        match sale.status() {
            Status::Created | Status::Processing | Status::Approved if sale.paying.is_some() => {
                Err(Refusal::Busy)
            }
            Status::Created | Status::Processing | Status::Approved => Ok(sale),
            status => Err(Refusal::Status { action, status }),
        }
    }

    /// The programme of a card.
    pub(crate) fn programme(&self, account: &Account) -> Option<&GroupFixture> {
        self.world.groups.iter().find(|group| group.id == account.group())
    }

    /// What the card can pay of the sale. Its balance pays ordinary articles but no charge: money
    /// moved from a card onto the same card would be a payment of nothing.
    pub(crate) fn applied_to(&self, draft: &Draft) -> Result<Applied, Refusal> {
        if draft.items.is_empty() {
            return Err(Refusal::NothingToPay);
        }
        let (_, account) = self.card_of(draft).ok_or(Refusal::Card("no valid card"))?;
        account.may_spend()?;
        let named = self.programme(account).map_or(&[][..], |group| &group.bonus_products);
        let total = basket::total(&draft.items);
        let payable = basket::payable(&draft.items).clamp(Money::ZERO, total);
        let balance = account.balance();
        let cash = balance.cash.min(payable);
        let bonus = balance.bonus.min(payable - cash);
        let parts = bonus::split(bonus, &basket::by_rate(&draft.items));
        Ok(Applied {
            cash,
            bonus,
            missing: total - cash - bonus,
            products: bonus::products(&parts, basket::highest_id(&draft.items), named),
        })
    }
}

pub(crate) fn unknown(id: &str) -> Refusal {
    Refusal::NotFound(format!("smart.transactions {id}"))
}

/// The sale that a fixture opens the books with.
pub(crate) fn opened(fixture: &SaleFixture) -> Sale {
    let items = fixture.items.iter().zip(1..).map(|(item, id)| Item {
        id,
        article_number: item.article_number.clone(),
        ean: item.ean.clone(),
        desc: item.desc.clone(),
        quantity: item.quantity,
        price_one: item.price_one,
        tax: item.tax,
        item_type: "article".to_owned(),
        ..Item::default()
    });
    let card = SentIdent { kind: IdentKind::Card, value: fixture.card.clone() };
    Sale {
        id: fixture.id.clone(),
        created: fixture.created.clone(),
        draft: Draft { is_demo: true, idents: vec![card], items: items.collect(), ..Draft::new() },
        stage: Stage::Created,
        paying: None,
    }
}
