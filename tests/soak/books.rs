//! The books of tills beside the sandbox's ledger: what both must agree on.
//!
//! Reads journals and compares; drives nothing. Every rule says what is wrong in words.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use kasse::journal::{Journal, JournalError, Mode};
use kasse::money::Money;
use kasse::sandbox::{Fixtures, Ledger};
use kasse::till::{
    Abandoned, Change, Finished, Record, Replay, Sale, ServerKind, Stage, State, Step, finished,
};
use kasse::wire::{Status, Transaction};
use serde_json::Value;

/// What is wrong, in words.
pub type Finding = String;

/// What one journal says.
pub struct Books {
    /// Every sale that ever had an entry.
    pub sales: BTreeSet<String>,
    pub discarded: BTreeSet<String>,
    /// Lines that were added and not voided: a sale without any may go without a word.
    lines: BTreeMap<String, i64>,
    changes: BTreeMap<String, Vec<Change>>,
    pub paid: BTreeMap<String, Finished>,
    pub cancelled: BTreeSet<String>,
    /// Ids of cancelled transactions that are not sales of this journal.
    pub cancelled_others: BTreeSet<String>,
    /// Ids of transactions that the cashier decided to go on without: they may have been paid.
    pub written_off: BTreeSet<String>,
    /// Ids of sales that the cashier decided to keep as not cancelled: they may have been.
    pub perhaps_cancelled: BTreeSet<String>,
    /// Sales whose outcome was unknown at some time.
    pub doubted: BTreeSet<String>,
    /// What a console would come back to.
    pub state: State,
    wrong: Option<Finding>,
}

impl Books {
    /// Reads and verifies; `None` before the first console has come so far.
    pub fn read(dir: &Path) -> Result<Option<Self>, Finding> {
        Self::look(dir, true)
    }

    /// Reads without verifying the chain, which takes its time.
    pub fn glance(dir: &Path) -> Result<Option<Self>, Finding> {
        Self::look(dir, false)
    }

    fn look(dir: &Path, verify: bool) -> Result<Option<Self>, Finding> {
        let reader = match Journal::read_only(dir, Mode::Sandbox) {
            Err(JournalError::Missing { .. }) => return Ok(None),
            reader => reader.map_err(|error| format!("the journal: {error}"))?,
        };
        if verify {
            let verdict =
                reader.verify(|_, _| {}).map_err(|error| format!("the journal: {error}"))?;
            if !verdict.is_sound() {
                return Err(format!("the journal does not verify: {verdict:?}"));
            }
        }
        let mut books = Self {
            sales: BTreeSet::new(),
            discarded: BTreeSet::new(),
            lines: BTreeMap::new(),
            changes: BTreeMap::new(),
            paid: BTreeMap::new(),
            cancelled: BTreeSet::new(),
            cancelled_others: BTreeSet::new(),
            written_off: BTreeSet::new(),
            perhaps_cancelled: BTreeSet::new(),
            doubted: BTreeSet::new(),
            state: State::new("reader", ServerKind::Sandbox, 0),
            wrong: None,
        };
        let mut replay = Replay::default();
        let read = reader.for_each(1, |entry| {
            if entry.is_own() {
                return Ok(());
            }
            let written_off = entry.body.pointer("/written_off/id").and_then(Value::as_str);
            books.written_off.extend(written_off.map(str::to_owned));
            let change: Change = serde_json::from_value(entry.body).unwrap();
            books.take(&entry.sale, &change);
            replay.record(entry.seq, Record { sale: entry.sale, change });
            Ok::<(), JournalError>(())
        });
        read.map_err(|error| format!("the journal: {error}"))?;
        replay.into_state(&mut books.state);
        match books.wrong.take() {
            Some(wrong) => Err(wrong),
            None => Ok(Some(books)),
        }
    }

    fn take(&mut self, sale: &str, change: &Change) {
        if let Change::OtherSettled { id, cancelled: true } = change {
            self.cancelled_others.insert(id.clone());
        }
        if let Change::PerhapsCancelled { id } = change {
            self.perhaps_cancelled.insert(id.clone());
        }
        if sale.is_empty() {
            return;
        }
        self.sales.insert(sale.to_owned());
        let changes = self.changes.entry(sale.to_owned()).or_default();
        changes.push(change.clone());
        let lines = self.lines.entry(sale.to_owned()).or_default();
        match change {
            Change::Line(_) => *lines += 1,
            Change::Void(_) => *lines -= 1,
            Change::Discarded => drop(self.discarded.insert(sale.to_owned())),
            Change::Cancelled(_) if !self.cancelled.insert(sale.to_owned()) => {
                self.wrong = Some(format!("{sale} is cancelled twice in the journal"));
            }
            Change::Head(head) => match (&head.stage, self.paid.contains_key(sale)) {
                (Some(Stage::Done(_)), false) => {
                    let done = finished(sale, changes.clone());
                    self.paid.extend(done.map(|done| (sale.to_owned(), done)));
                }
                (Some(Stage::Unknown(..)), false) => drop(self.doubted.insert(sale.to_owned())),
                (_, false) => {}
                (stage, true) => {
                    self.wrong = Some(format!("{sale} was paid and goes on as {stage:?}"));
                }
            },
            _ => {}
        }
    }

    pub fn open_sale(&self, reference: &str) -> Option<&Sale> {
        let State { sale, parked, unresolved, .. } = &self.state;
        std::iter::once(sale).chain(parked).chain(unresolved).find(|s| s.reference == reference)
    }

    /// How many sales have no known outcome.
    pub fn unknown(&self) -> usize {
        let State { sale, unresolved, .. } = &self.state;
        std::iter::once(sale).chain(unresolved).filter(|s| is_unknown(s)).count()
    }

    /// What still waits for the server or for a decision, `None` for nothing.
    pub fn waits_for(&self) -> Option<Finding> {
        let State { abandoned, cancellations, .. } = &self.state;
        match (self.unknown(), abandoned.first(), cancellations.first()) {
            (0, None, None) => None,
            (0, None, Some(cancellation)) => Some(format!("a cancellation of {}", cancellation.id)),
            (0, Some(first), _) => Some(format!("{} to be given up, {first:?}", abandoned.len())),
            (unknown, ..) => Some(format!("{unknown} unknown outcomes")),
        }
    }
}

/// Where an open sale stands, in a few words.
fn told(sale: &Sale) -> String {
    let Sale { basket, attempts, remote, create_sent, step, .. } = sale;
    let remote = remote.as_ref().map_or("none", |remote| remote.id.as_str());
    let step = match step {
        Step::Basket(_) => "a basket",
        Step::Tender(_) => "in the tender step",
        Step::Paying(_) => "being paid",
        Step::Unknown(_) => "unknown",
        Step::Done(_) => "paid",
    };
    let sum = basket.sum();
    format!("{step} of {sum:?}, transaction {remote}, {attempts} attempts, asked: {create_sent}")
}

fn is_unknown(sale: &Sale) -> bool {
    matches!(sale.step, Step::Unknown(_))
}

fn was_paid(transaction: &Transaction) -> bool {
    matches!(transaction.status, Status::Ok | Status::Cancelled)
}

/// The sale that a transaction belongs to: its reference without the number of the attempt.
fn sale_of(transaction: &Transaction) -> String {
    let reference = transaction.transaction_ref.as_deref().unwrap_or_default();
    reference.splitn(3, '-').take(2).collect::<Vec<_>>().join("-")
}

/// A transaction that was ever paid, and the sale that it belongs to.
pub type Charge = (String, Transaction);

/// What the server says of the sales in `books`: those that were ever paid. No sale may be paid
/// twice; only a copy of a till may sell again what the other one has cancelled.
pub fn charged(ledger: &Ledger, books: &[Books]) -> Result<Vec<Charge>, Finding> {
    let mut charged: Vec<Charge> = Vec::new();
    for transaction in ledger.transactions().into_iter().filter(was_paid) {
        let reference = sale_of(&transaction);
        if !books.iter().any(|books| books.sales.contains(&reference)) {
            continue; // Another till's.
        }
        let id = &transaction.id;
        if books.iter().any(|books| books.written_off.contains(id)) {
            continue; // Paid again by decision.
        }
        let earlier = charged.iter().find(|(other, earlier)| {
            *other == reference && earlier.status == Status::Ok && transaction.status == Status::Ok
        });
        if let Some((_, earlier)) = earlier {
            return Err(format!("{reference} was charged twice: {} and {id}", earlier.id));
        }
        charged.push((reference, transaction));
    }
    Ok(charged)
}

/// Paid transactions with a reference that no journal knows.
pub fn strangers(ledger: &Ledger, books: &[Books]) -> Vec<String> {
    let known = |reference: &String| books.iter().any(|books| books.sales.contains(reference));
    let paid = ledger.transactions().into_iter().filter(was_paid);
    paid.filter(|t| t.transaction_ref.is_some() && !known(&sale_of(t))).map(|t| t.id).collect()
}

/// What must hold at every moment, even with the program dead and calls still on their way.
pub fn check(books: &[Books], ledger: &Ledger) -> Result<(), Finding> {
    let charged = charged(ledger, books)?;
    for (reference, transaction) in &charged {
        let holders = || books.iter().filter_map(|books| books.paid.get(reference));
        if holders().any(|done| done.id == transaction.id) {
            continue;
        }
        if let Some(done) = holders().next() {
            let id = &transaction.id;
            return Err(format!("{reference} is paid as {} here, and as {id} besides", done.id));
        }
        let mut open = books.iter().filter_map(|books| books.open_sale(reference));
        let asked = |sale: &Sale| {
            is_unknown(sale) && sale.remote.as_ref().is_some_and(|it| it.id == transaction.id)
        };
        if !open.any(asked) {
            let kept = books.iter().find_map(|books| books.open_sale(reference));
            let kept = kept.map_or_else(|| "gone".to_owned(), told);
            let id = &transaction.id;
            return Err(format!("{reference} is paid at the server ({id}), here it is {kept}"));
        }
    }
    for books in books {
        for (reference, done) in &books.paid {
            let theirs = charged.iter().find(|(_, transaction)| transaction.id == done.id);
            let Some((_, transaction)) = theirs else {
                return Err(format!("{reference} ({}) is paid in the journal alone", done.id));
            };
            agree(books, done, transaction, ledger)?;
        }
        for reference in &books.sales {
            let blank = books.lines.get(reference).is_none_or(|lines| *lines == 0);
            let over = books.paid.contains_key(reference) || books.discarded.contains(reference);
            let kept = over || blank;
            if !kept && books.open_sale(reference).is_none() {
                return Err(format!("{reference} has vanished"));
            }
        }
    }
    Ok(())
}

/// A finished sale and its transaction tell the same money.
fn agree(
    books: &Books,
    done: &Finished,
    transaction: &Transaction,
    ledger: &Ledger,
) -> Result<(), Finding> {
    let reference = &done.reference;
    let (sum, theirs) = (done.basket.sum(), transaction.basket_info.sum);
    if sum != theirs {
        return Err(format!("{reference}: sold {sum:?}, the server has {theirs:?}"));
    }
    let applied = done.applied.as_ref();
    let due = applied.map_or(sum, |applied| applied.missing);
    if done.payment.due != due {
        return Err(format!("{reference}: {:?} was due, {due:?} remains", done.payment.due));
    }
    if books.cancelled.contains(reference) && transaction.status != Status::Cancelled {
        return Err(format!("{reference} is cancelled in the journal alone"));
    }
    if transaction.status == Status::Ok && !done.basket.has_top_up() {
        let bookings = ledger.bookings().into_iter().filter(|b| b.transaction == done.id);
        let taken: Money = bookings.map(|booking| booking.cash).sum();
        let shown = applied.map_or(Money::ZERO, |applied| applied.cash);
        if taken != -shown {
            return Err(format!("{reference}: the card gave {taken:?}, {shown:?} was shown"));
        }
    }
    Ok(())
}

/// Unpaid transactions of this till on the server that nobody knows any more, not even by their
/// reference: harmless, but litter.
pub fn orphans(books: &Books, ledger: &Ledger) -> usize {
    let unpaid = |t: &Transaction| matches!(t.status, Status::Created | Status::Processing);
    let known = |t: &Transaction| {
        let reference = t.transaction_ref.as_deref().unwrap_or_default();
        let given_up = books.state.abandoned.iter().any(|abandoned| {
            if let Abandoned::Reference(sale) = abandoned {
                return sale == reference;
            }
            // However it came there, it is known by its id.
            format!("{abandoned:?}").contains(&t.id)
        });
        let open = books.open_sale(&sale_of(t));
        given_up
            || open.is_some_and(|sale| match &sale.remote {
                Some(remote) => remote.id == t.id,
                None => sale.create_sent,
            })
    };
    let ours = |t: &Transaction| books.sales.contains(&sale_of(t));
    ledger.transactions().iter().filter(|t| ours(t) && unpaid(t) && !known(t)).count()
}

/// Why journals and ledger do not say the same of every payment and cancellation yet, `None` when
/// they do.
pub fn difference(books: &[Books], ledger: &Ledger) -> Result<Option<Finding>, Finding> {
    let charged = charged(ledger, books)?;
    let paid = || books.iter().flat_map(|books| books.paid.values());
    if let Some((open, _)) = charged.iter().find(|(_, t)| !paid().any(|done| done.id == t.id)) {
        return Ok(Some(format!("{open} is paid at the server alone")));
    }
    if let Some(open) = paid().find(|done| !charged.iter().any(|(_, t)| t.id == done.id)) {
        return Ok(Some(format!("{} is paid in the journal alone", open.reference)));
    }
    for (reference, transaction) in charged {
        let id = &transaction.id;
        let ours = books.iter().any(|books| {
            let done = books.paid.get(&reference);
            done.is_some_and(|done| done.id == *id) && books.cancelled.contains(&reference)
                || books.cancelled_others.contains(id)
        });
        if ours != (transaction.status == Status::Cancelled) {
            let status = transaction.status.as_str();
            return Ok(Some(format!("{reference} is {status}, in the journal cancelled: {ours}")));
        }
    }
    Ok(None)
}

/// Every card holds what it held at the opening and what its bookings changed. Only for books that
/// are small enough to keep all bookings.
pub fn balances(opening: &Fixtures, ledger: &Ledger) -> Result<(), Finding> {
    let bookings = ledger.bookings();
    for card in ledger.fixtures().cards {
        let opened = opening.cards.iter().find(|opened| opened.number == card.number);
        let (cash, bonus) =
            opened.map_or((Money::ZERO, Money::ZERO), |opened| (opened.cash, opened.bonus));
        let own = || bookings.iter().filter(|booking| booking.card == card.number);
        let cash = cash + own().map(|booking| booking.cash).sum::<Money>();
        let bonus = bonus + own().map(|booking| booking.bonus).sum::<Money>();
        if (card.cash, card.bonus) != (cash, bonus) {
            let end = card.number.get(12..).unwrap_or_default();
            return Err(format!(
                "card … {end} holds {:?} and {:?}, its bookings make {cash:?} and {bonus:?}",
                card.cash, card.bonus
            ));
        }
    }
    Ok(())
}
