//! The till's state: one sale at a time, as sum types, so that nonsense cannot be written down.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{CallId, Command, Notice, Settings};
use crate::money::Money;
use crate::shop::{Basket, CardNumber, VatLine, VatRate};
use crate::wire::{DownReason, LockStatus, MerchantCard, ReceiptLine, StartMethod, StockStatus};

/// Everything the console shows and decides by. Times are ms of one monotonic clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// The sale at hand.
    pub sale: Sale,
    /// What is being typed or scanned, and the multiplier before it. Never kept anywhere: it may
    /// hold the track of a card.
    #[serde(skip)]
    pub entry: Entry,
    /// What lies over the panels, the topmost last.
    pub overlays: Vec<Overlay>,
    /// The line for the cashier.
    pub notice: Option<Notice>,
    /// Errors that nobody has dismissed yet, behind the one in `notice`, the oldest first.
    pub more_errors: Vec<Notice>,
    /// The amount due has been on the screen: only then may it be paid.
    pub due_shown: bool,
    /// How the server was when last heard of.
    pub link: Link,
    /// Whether the server is a sandbox.
    pub server: ServerKind,
    /// The shop's name as the server gave it.
    pub merchant: Option<String>,
    /// Sales put aside, the oldest first.
    pub parked: Vec<Sale>,
    /// Sales whose payment has no known outcome, asked after while others are sold.
    pub unresolved: Vec<Sale>,
    /// Finished sales, the oldest first, at most [`HISTORY`].
    pub history: Vec<Finished>,
    /// Transactions on the server that nobody needs any more.
    pub abandoned: Vec<Abandoned>,
    /// The one being given up right now.
    pub releasing: Option<Release>,
    /// The cancellation of a paid sale under way.
    pub cancellation: Option<Cancellation>,
    /// Why nothing can be sold: the journal does not take records any more.
    pub stopped: Option<String>,
    /// Clock of the last event.
    pub now: u64,
    /// When the loop must send a [`super::Event::Tick`] at the latest.
    pub wake_at: Option<u64>,
    /// The card swiped last and when, to take a double swipe as one.
    pub last_swipe: Option<(CardNumber, u64)>,
    /// Makes references of sales unique: given at start.
    pub session: String,
    /// Sales begun so far.
    pub sales: u64,
    /// Calls made so far.
    pub calls: u64,
    /// The connection check under way.
    pub connecting: Option<Pending>,
    /// Faults switched on in the sandbox.
    pub faults: Vec<String>,
}

/// One sale, from the first scan to the receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sale {
    /// Our own unique reference, sent as `transactionRef`.
    pub reference: String,
    /// The articles. The truth: the server's copy follows it.
    pub basket: Basket,
    /// The selected line.
    pub selected: usize,
    /// The customer's card.
    pub card: Option<SaleCard>,
    /// The cashier wants the card to pay.
    pub use_card: bool,
    /// Grows with every change that the server must learn of.
    pub revision: u64,
    /// Transactions of this sale that came to nothing after a payment was tried.
    pub attempts: u32,
    /// What the server knows.
    pub remote: Option<Remote>,
    /// A create was sent whose answer is not known: it is looked for before another is made.
    pub create_sent: bool,
    /// Where the sale stands.
    pub step: Step,
}

/// The customer's card in a sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleCard {
    /// Its number.
    pub number: CardNumber,
    /// What the server said of it.
    pub state: CardState,
}

/// What the server said of a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum CardState {
    /// Not asked yet, or no answer yet.
    Unchecked,
    /// Known and usable.
    Known(Box<CardView>),
    /// Known and locked: it is not sent with the sale any more.
    Locked(Box<CardView>),
    /// Unknown to the server: it is not sent with the sale any more.
    Invalid,
}

/// A card's balances and state, for the ident panel.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardView {
    /// The programme.
    pub programme: String,
    /// Loaded money.
    pub cash: Money,
    /// Collected bonus.
    pub bonus: Money,
    /// Both.
    pub balance: Money,
    /// Points.
    pub points: i64,
    /// In circulation.
    pub stock: StockStatus,
    /// Blocked.
    pub lock: LockStatus,
    /// ISO 8601.
    pub last_usage: Option<String>,
    /// ISO 8601.
    pub last_charge: Option<String>,
    /// ISO 8601.
    pub expiry: Option<String>,
}

impl From<&MerchantCard> for CardView {
    fn from(card: &MerchantCard) -> Self {
        Self {
            programme: card.cardgroup.display_name.clone(),
            cash: card.cash_balance,
            bonus: card.bonus_balance,
            balance: card.balance,
            points: card.points,
            stock: card.stock_status,
            lock: card.lock_status,
            last_usage: card.last_usage.clone(),
            last_charge: card.last_charge.clone(),
            expiry: card.expiry_date.clone(),
        }
    }
}

/// The server's copy of the sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remote {
    /// `STX_…`.
    pub id: String,
    /// The revision of the sale that the server has; [`Remote::DOUBTFUL`] when that is not known.
    pub synced: u64,
    /// The applied card, while the server has it applied.
    pub applied: Option<Applied>,
}

/// What applying the card gave: shown before any money moves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    /// The revision of the sale that this holds for.
    pub revision: u64,
    /// Paid from loaded money.
    pub cash: Money,
    /// Paid from bonus, per VAT rate, lowest rate first; positive amounts.
    pub bonus: Vec<(VatRate, Money)>,
    /// What remains to pay.
    pub missing: Money,
    /// VAT of the basket, highest rate first.
    pub vat_before: Vec<VatLine>,
    /// VAT after the bonus is taken off.
    pub vat_after: Vec<VatLine>,
}

/// Where a sale stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// Articles and card are collected.
    Basket(Option<Work>),
    /// The remainder is shown, the entry line takes the amount given.
    Tender(Tender),
    /// `start` is under way.
    Paying(Payment),
    /// `start` had no definite answer: the server is being asked what became of it.
    Unknown(Inquiry),
    /// Paid: the server said so.
    Done(Box<Finished>),
}

/// A server step under way on the way to a goal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    /// What is wanted.
    pub goal: Goal,
    /// What is asked right now.
    pub pending: Pending,
    /// The server forgot the transaction once already on this way.
    pub set_up_again: bool,
    /// The amount that was typed before the way was begun: given back when the tender opens.
    pub typed: String,
}

/// What server steps in the basket lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Goal {
    /// The server knows the card.
    Card,
    /// The card is applied.
    Apply,
    /// The tender step opens, with this method.
    Tender(StartMethod),
}

/// A call under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// Its number.
    pub call: CallId,
    /// Its kind, for the status panel.
    pub kind: CallKind,
    /// When it was sent, ms.
    pub since: u64,
    /// The revision that it carries.
    pub revision: u64,
}

/// The kind of a call, for the status panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CallKind {
    /// Getting a token.
    Connect,
    /// Creating the transaction.
    Create,
    /// Updating it.
    Update,
    /// Looking for a transaction whose create had no answer.
    Find,
    /// Applying the card.
    Apply,
    /// Cancelling a paid sale.
    Cancel,
    /// Asking for the status.
    Read,
    /// Giving up the transaction.
    Abort,
}

/// The tender step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tender {
    /// What `+` pays with.
    pub method: StartMethod,
    /// What is to be paid.
    pub due: Money,
}

/// A payment on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// How.
    pub method: StartMethod,
    /// What is to be paid.
    pub due: Money,
    /// What the customer gave; equals `due` unless cash.
    pub given: Money,
    /// What the cashier had typed, to give it back if the call fails.
    pub typed: String,
    /// The `start` call.
    pub call: CallId,
    /// When it was sent, ms.
    pub since: u64,
}

impl Payment {
    /// What the customer gets back.
    #[must_use]
    pub fn change(&self) -> Money {
        self.given - self.due
    }
}

/// The question what became of a payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inquiry {
    /// The payment.
    pub payment: Payment,
    /// Why its outcome is unknown.
    pub reason: DownReason,
    /// Answers so far that said "not paid (yet)", without one in between that failed.
    pub unpaid_answers: u32,
    /// The server's last answer was that it does not know the transaction.
    pub unknown_there: bool,
    /// Questions asked so far.
    pub asked: u32,
    /// The question under way, or when the next one is due.
    pub next: NextQuestion,
}

impl Inquiry {
    /// An inquiry that has not asked yet.
    #[must_use]
    pub const fn of(payment: Payment, reason: DownReason, next: NextQuestion) -> Self {
        Self { payment, reason, unpaid_answers: 0, unknown_there: false, asked: 0, next }
    }

    /// The server has said "not paid" often enough, and long enough after the payment was sent,
    /// that giving the transaction up is offered.
    #[must_use]
    pub fn may_give_up(&self, now: u64, settings: &Settings) -> bool {
        let patience = match self.payment.method {
            // A customer at the terminal may take as long as the call itself was given.
            StartMethod::Cashless => settings.cashless_patience,
            StartMethod::Cash | StartMethod::Loyalty => 0,
        };
        self.unpaid_answers >= ENOUGH_ANSWERS && now.saturating_sub(self.payment.since) >= patience
    }
}

/// Answers in a row that say "not paid" before giving the transaction up is offered.
pub const ENOUGH_ANSWERS: u32 = 4;

/// The next question of an [`Inquiry`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum NextQuestion {
    /// Due at this time, ms.
    At(u64),
    /// Under way.
    Asked(Pending),
}

/// A paid sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finished {
    /// Our own reference.
    pub reference: String,
    /// `STX_…`.
    pub id: String,
    /// The shop's name as the server gave it.
    #[serde(default)]
    pub merchant: Option<String>,
    /// The articles.
    pub basket: Basket,
    /// The card.
    pub card: Option<SaleCard>,
    /// What the card paid.
    pub applied: Option<Applied>,
    /// The rest of the payment.
    pub payment: Payment,
    /// When the server booked it, ISO 8601 as the server wrote it.
    pub booked: String,
    /// The server's receipt, card numbers masked.
    pub receipt: Vec<ReceiptLine>,
    /// The merchant's copy, where the shop must keep one.
    pub receipt_merchant: Option<Vec<ReceiptLine>>,
    /// The server has cancelled the sale since.
    #[serde(default)]
    pub cancelled: Option<Cancelled>,
}

/// The cancellation of a paid sale, as the server booked it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancelled {
    /// When, ISO 8601 as the server wrote it.
    pub booked: String,
    /// The server's storno receipt.
    pub receipt: Vec<ReceiptLine>,
}

/// A transaction on the server that nobody needs any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Abandoned {
    /// Known by its id.
    Id(String),
    /// Its create had no answer: known by our reference only.
    Reference(String),
}

/// A transaction being given up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// As it stands in [`State::abandoned`].
    pub abandoned: Abandoned,
    /// The call under way.
    pub call: CallId,
}

/// A paid sale being cancelled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancellation {
    /// Our own reference of the sale.
    pub reference: String,
    /// `STX_…`.
    pub id: String,
    /// `None`: the cancel itself is under way. Otherwise it had no definite answer, for this
    /// reason, and the server is asked.
    pub unknown: Option<DownReason>,
    /// Answers in a row that said "still paid".
    pub paid_answers: u32,
    /// Questions asked so far.
    pub asked: u32,
    /// The call under way, or when the next question is due.
    pub next: NextQuestion,
}

/// Finished sales kept in memory; the journal keeps all.
pub const HISTORY: usize = 200;

/// The entry line. `Debug` shows its length only.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// The characters so far; [`crate::shop::shape`] tells what they are becoming.
    pub text: String,
    /// Characters that no longer fitted; an entry that overflowed is refused at its end.
    pub overflow: bool,
    /// The multiplier typed before.
    pub multiplier: Option<Multiplier>,
    /// The last key was [`super::Key::Enter`]: a line feed right after it belongs to it.
    pub after_enter: bool,
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("characters", &self.text.chars().count())
            .field("multiplier", &self.multiplier)
            .finish_non_exhaustive()
    }
}

/// Pieces of the next article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Multiplier {
    /// 1 to 9,999.
    pub pieces: i64,
    /// The goods come back.
    pub is_return: bool,
}

impl Multiplier {
    /// Pieces with their sign.
    #[must_use]
    pub const fn quantity(self) -> i64 {
        if self.is_return { -self.pieces } else { self.pieces }
    }
}

/// What lies over the panels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Overlay {
    /// Keys and how to sell; lines scrolled.
    Help(usize),
    /// All commands; the entry text filters them. Index among those shown.
    Menu(usize),
    /// Articles whose names match the entry text.
    Search(Hits),
    /// A card's balance.
    Card(CardLookup),
    /// Sales of this session; index from the newest.
    History(usize),
    /// Parked sales; index from the oldest.
    Parked(usize),
    /// Sales whose payment has no known outcome; index from the oldest.
    Unresolved(usize),
    /// Faults that a trainer can show on the sandbox; index into [`super::FAULTS`].
    Faults(usize),
    /// The receipt of the sale at this index of the history, or of the sale at hand; lines scrolled.
    Receipt {
        /// Index into [`State::history`]; `None`: the sale at hand.
        of: Option<usize>,
        /// Lines scrolled.
        scroll: usize,
    },
    /// A command that asks first; → does it, Esc does not.
    Confirm(Command),
    /// Nothing but F12 (or → on terminals that swallow it) goes on.
    Locked,
}

/// Articles found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hits {
    /// Indexes into the catalogue, best first.
    pub found: Vec<usize>,
    /// The best one contains every word typed.
    pub literal: bool,
    /// The highlighted one.
    pub selected: usize,
    /// The cashier has moved the highlight.
    pub chosen: bool,
}

/// A balance look-up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardLookup {
    /// The card.
    pub number: CardNumber,
    /// What is known.
    pub result: Lookup,
}

/// The state of a [`CardLookup`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lookup {
    /// Asked.
    Pending(CallId, u64),
    /// Found.
    Found(Box<CardView>),
    /// The server does not know the card.
    Unknown,
    /// No answer; the notice says why.
    Failed,
}

/// How the server was when last heard of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Link {
    /// Not heard of yet.
    Unheard,
    /// It answered.
    Up,
    /// It did not.
    Down(DownReason),
}

/// What kind of server the till talks to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ServerKind {
    /// A practice server: no real money.
    Sandbox,
    /// The real thing.
    Live,
}

impl Sale {
    /// The applied card, if it still holds for the basket as it is.
    #[must_use]
    pub fn applied(&self) -> Option<&Applied> {
        self.remote.as_ref()?.applied.as_ref().filter(|applied| applied.revision == self.revision)
    }

    /// The cashier wants the card to pay, but it must be applied (again) first.
    #[must_use]
    pub fn must_apply(&self) -> bool {
        self.use_card && self.usable_card().is_some() && self.applied().is_none()
    }

    /// The card, unless the server said it cannot be used.
    #[must_use]
    pub fn usable_card(&self) -> Option<&SaleCard> {
        self.card
            .as_ref()
            .filter(|card| matches!(card.state, CardState::Unchecked | CardState::Known(_)))
    }

    /// Our reference of the sale's transaction, unique on the server: after a failed payment the
    /// next transaction is another one.
    #[must_use]
    pub fn transaction_ref(&self) -> String {
        match self.attempts {
            0 => self.reference.clone(),
            attempts => format!("{}-{attempts}", self.reference),
        }
    }

    /// What is to be paid: the remainder if the card is applied, the sum otherwise.
    #[must_use]
    pub fn due(&self) -> Money {
        self.applied().map_or(self.basket.sum(), |applied| applied.missing)
    }

    /// The call under way, if any.
    #[must_use]
    pub fn pending(&self) -> Option<&Pending> {
        match &self.step {
            Step::Basket(Some(work)) => Some(&work.pending),
            Step::Unknown(Inquiry { next: NextQuestion::Asked(pending), .. }) => Some(pending),
            _ => None,
        }
    }

    /// True when nothing would be lost by throwing the sale away.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        matches!(self.step, Step::Basket(_)) && self.basket.is_empty() && self.card.is_none()
    }
}

impl Remote {
    /// A call that changes the transaction had no answer, or an earlier run of the program may
    /// have sent one: it may still take effect at any time, even right before `start`. So the
    /// transaction is never paid, but given up and replaced. No sale has this revision.
    pub const DOUBTFUL: u64 = 0;

    /// True when nobody knows what the server has, or will have.
    #[must_use]
    pub const fn is_doubtful(&self) -> bool {
        self.synced == Self::DOUBTFUL
    }
}

impl State {
    /// A till at its start. `session` makes references unique and must never be used twice.
    #[must_use]
    pub fn new(session: impl Into<String>, server: ServerKind, now: u64) -> Self {
        let session = session.into();
        let mut state = Self {
            sale: Sale::blank(String::new()),
            entry: Entry::default(),
            overlays: Vec::new(),
            notice: None,
            more_errors: Vec::new(),
            due_shown: false,
            link: Link::Unheard,
            server,
            merchant: None,
            parked: Vec::new(),
            unresolved: Vec::new(),
            history: Vec::new(),
            abandoned: Vec::new(),
            releasing: None,
            cancellation: None,
            stopped: None,
            faults: Vec::new(),
            now,
            wake_at: None,
            last_swipe: None,
            session,
            sales: 0,
            calls: 0,
            connecting: None,
        };
        state.sale = state.blank_sale();
        state
    }

    /// A new, empty sale with the next reference.
    pub(super) fn blank_sale(&mut self) -> Sale {
        self.sales += 1;
        Sale::blank(format!("{}-{}", self.session, self.sales))
    }

    /// The number of the next call.
    pub(super) fn next_call(&mut self) -> CallId {
        self.calls += 1;
        CallId(self.calls)
    }

    /// The finished sale that the receipt overlay or the success screen shows.
    #[must_use]
    pub fn finished(&self, of: Option<usize>) -> Option<&Finished> {
        match (of, &self.sale.step) {
            (Some(index), _) => self.history.get(index),
            (None, Step::Done(finished)) => Some(finished),
            (None, _) => None,
        }
    }
}

impl State {
    /// Keeps a finished sale for reprints.
    pub(super) fn remember(&mut self, finished: Finished) {
        if self.history.len() >= HISTORY {
            self.history.remove(0);
        }
        self.history.push(finished);
    }

    /// Asks what became of a cancellation that was under way when the program ended.
    pub(super) fn ask_after_cancel(&mut self, finished: &Finished, now: u64) {
        self.cancellation = Some(Cancellation {
            reference: finished.reference.clone(),
            id: finished.id.clone(),
            unknown: Some(DownReason::Internal),
            paid_answers: 0,
            asked: 0,
            next: NextQuestion::At(now),
        });
    }

    /// True while the outcome of a payment with this card is not known.
    #[must_use]
    pub fn is_card_blocked(&self, number: &CardNumber) -> bool {
        self.unresolved.iter().any(|sale| sale.card.as_ref().is_some_and(|c| c.number == *number))
    }
}

impl Sale {
    pub(super) fn blank(reference: String) -> Self {
        Self {
            reference,
            basket: Basket::default(),
            selected: 0,
            card: None,
            use_card: false,
            revision: 1,
            attempts: 0,
            remote: None,
            create_sent: false,
            step: Step::Basket(None),
        }
    }
}
