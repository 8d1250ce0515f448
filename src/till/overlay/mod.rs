//! What lies over the panels: one file for each overlay, and [`Overlays`], the stack of them.
//!
//! An overlay's file owns its state, its rows, what each kind of key does in it, what becomes of it
//! when something else comes up or when a list that it shows changes, and its hints for the legend.
//! It opens over what is there by one of the stack's policies. Must not draw or choose words, and
//! must not do a command's work: that is [`super::update()`]'s.

mod age;
mod article;
mod ask;
mod card;
mod check_ins;
mod choice;
mod code;
mod faults;
mod help;
mod hint;
mod history;
mod lock;
mod menu;
mod pairing;
mod parked;
mod pin;
mod programmes;
mod question;
mod quick;
mod reason;
mod receipt;
mod search;
mod stack;
mod teach;
mod terminal;
mod transaction;
mod transactions;
mod unresolved;
mod wire;

use serde::{Deserialize, Serialize};

pub use age::AgeQuestion;
pub use article::Shown;
pub use ask::Asking;
pub use card::{CardLookup, CscCheck, LockDetails, Lookup};
pub use choice::Choice;
pub use code::CodeEntry;
pub use faults::Faults;
pub use help::Help;
pub use hint::{Hint, Label};
pub use history::{History, Reading};
pub use menu::{Menu, menu_commands};
pub use parked::Parked;
pub use pin::{PinEntry, PinPrompt, PinPurpose, PinStep};
pub use quick::QuickPage;
pub use reason::{ReasonList, Reasoned};
pub use receipt::Receipt;
pub(in crate::till) use receipt::rows_of as rows_of_receipt;
pub use search::Hits;
pub use stack::Overlays;
pub(in crate::till) use stack::{After, Coming, Shift};
pub use teach::{Field, Teaching};
pub use terminal::Terminal;
pub use transaction::OneTransaction;
pub use transactions::{Fetch, Listed, Listing};
pub use unresolved::Unresolved;
pub use wire::{Inspector, OneExchange};

use super::update::Context;
use super::{Answer, CheckIn, Command, Key, Programme, Settings, State, Waiter};
use crate::shop::Line;
use crate::wire::Outcome;

/// What lies over the panels. The names stand in recordings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Overlay {
    /// Keys and how to sell.
    Help(Help),
    /// All commands; the entry text filters them.
    Menu(Menu),
    /// Articles whose names match the entry text.
    Search(Hits),
    /// A card's balance.
    Card(CardLookup),
    /// A code of a card, typed unseen.
    Code(CodeEntry),
    /// Programmes of which a card can be made.
    Programmes(Choice<Programme>),
    /// Customers who have checked in.
    CheckIns(Choice<CheckIn>),
    /// Paid sales.
    History(History),
    /// Parked sales.
    Parked(Parked),
    /// Payments and cancellations without a known outcome.
    Unresolved(Unresolved),
    /// Faults that a trainer can show on the sandbox.
    Faults(Faults),
    /// The receipt of a sale.
    Receipt(Receipt),
    /// How this till is paired; stands on the state's [`super::Pairing`].
    Pairing,
    /// The last exchanges with the server.
    Wire(Inspector),
    /// One of them whole.
    Exchange(OneExchange),
    /// What the terminal was asked for last, and its report.
    Terminal(Terminal),
    /// The server's list of transactions.
    Transactions(Box<Listing>),
    /// The transaction that the list below highlights.
    Transaction(OneTransaction),
    /// A command that asks first; → does it, Esc does not.
    Confirm(Command),
    /// A return of many pieces; → adds the line, Esc does not.
    ConfirmReturn(Box<Line>),
    /// The price of one article; → sells it.
    Article(Box<Shown>),
    /// A number that goods or a command wait for; → takes it.
    Ask(Box<Asking>),
    /// Whether the customer is old enough; → sells, Esc does not.
    Age(Box<AgeQuestion>),
    /// Reasons to choose from; → takes one.
    Reason(Box<ReasonList>),
    /// What the quick keys sell.
    Quick(QuickPage),
    /// A new article; → makes it.
    Teach(Box<Teaching>),
    /// Nothing but F12 (or → on terminals that swallow it) goes on.
    Locked,
    /// The PIN is asked for; to unlock, nothing else goes on.
    Pin(PinPrompt),
}

/// What is to be done once an overlay has changed itself.
pub(in crate::till) type Then = fn(&mut Context);

/// Which keys an overlay takes instead of the entry line and the commands.
pub(in crate::till) enum Takes {
    /// None.
    Nothing,
    /// All that are not held as a possible scan and do not dismiss an error.
    Keys(fn(&mut Context, Key)),
    /// All, before anything else looks at them.
    Everything(fn(&mut Context, Key)),
}

/// What an overlay asks for before anything else may be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::till) enum Asks {
    /// Nothing.
    Nothing,
    /// An answer: no command works but those that work everywhere.
    Answer,
    /// One of its rows: as [`Asks::Answer`], and another row can be highlighted.
    Row,
}

/// What an overlay does with keys and changes. Methods that take `&self` and the context are given
/// a copy of the topmost overlay; what they change, they change on the stack.
pub(in crate::till) trait Layer {
    /// Whether it remains when this comes up.
    fn stays(&self, _coming: Coming) -> bool {
        false
    }

    /// What it asks for.
    fn asks(&self) -> Asks {
        Asks::Nothing
    }

    /// True if what ends in Enter is refused while it is open: a scan must not be taken for what it
    /// asks for.
    fn refuses_scans(&self) -> bool {
        false
    }

    /// Pieces that wait for its answer, negative for a return.
    fn waiting(&self) -> Option<i64> {
        None
    }

    /// Which keys it takes.
    fn takes(&self) -> Takes {
        Takes::Nothing
    }

    /// True if printable keys are text behind `typed` even where they have a command.
    fn is_text(&self, _typed: &str) -> bool {
        false
    }

    /// How many rows can be highlighted, or at least as many as can be scrolled.
    fn rows(&self, _state: &State, _settings: &Settings) -> usize {
        0
    }

    /// The highlighted row, or the first one shown; `None`: there is nothing to move.
    fn cursor(&mut self) -> Option<&mut usize> {
        None
    }

    /// Up, Down and pages.
    fn moved(&mut self, command: Command, rows: usize) -> Then {
        let Some(cursor) = self.cursor() else { return |context| context.bell() };
        *cursor = moved(*cursor, command, rows);
        |_| ()
    }

    /// The text of the entry line has changed.
    fn typed(&mut self) -> Then {
        |context| context.search_words()
    }

    /// Enter on an empty line. A scanner sends it too, so it decides nothing.
    fn enter(&self, _context: &mut Context) {}

    /// Enter behind `text`; false: it is posted as everywhere.
    fn posted(&self, _context: &mut Context, _text: &str) -> bool {
        false
    }

    /// →.
    fn right(&self, context: &mut Context) {
        context.bell();
    }

    /// ←.
    fn left(&self, context: &mut Context) {
        context.bell();
    }

    /// Esc on an empty line.
    fn close(&self, context: &mut Context) {
        context.state.overlays.close();
    }

    /// The key of the history, which prints what is shown; false: it shows the history.
    fn print(&self, _context: &mut Context) -> bool {
        false
    }

    /// A list that it may show has changed.
    fn shifted(&mut self, _shift: Shift) -> After {
        After::Stays
    }

    /// True while it waits for the answer of `waiter`.
    fn awaits(&self, _waiter: &Waiter) -> bool {
        false
    }

    /// Takes the answer to [`Waiter::Fetch`], and returns what became of the call.
    fn fetched(&mut self, outcome: Outcome<Answer>) -> Outcome<()> {
        outcome.map(drop)
    }

    /// True while it shows seconds that pass.
    fn counts(&self, _state: &State) -> bool {
        false
    }

    /// What the entry line is for under it.
    fn prompt(&self) -> Option<Label> {
        None
    }

    /// Its keys, the most useful first.
    fn hints(&self, state: &State, settings: &Settings) -> Vec<Hint>;
}

impl Overlay {
    pub(in crate::till) fn layer(&self) -> &dyn Layer {
        match self {
            Self::Help(it) => it,
            Self::Menu(it) => it,
            Self::Search(it) => it,
            Self::Card(it) => it,
            Self::Code(it) => it,
            Self::Programmes(it) => it,
            Self::CheckIns(it) => it,
            Self::History(it) => it,
            Self::Parked(it) => it,
            Self::Unresolved(it) => it,
            Self::Faults(it) => it,
            Self::Receipt(it) => it,
            Self::Pairing => &pairing::Page,
            Self::Wire(it) => it,
            Self::Exchange(it) => it,
            Self::Terminal(it) => it,
            Self::Transactions(it) => it.as_ref(),
            Self::Transaction(it) => it,
            Self::Confirm(it) => it,
            Self::ConfirmReturn(it) => it.as_ref(),
            Self::Article(it) => it.as_ref(),
            Self::Ask(it) => it.as_ref(),
            Self::Age(it) => it.as_ref(),
            Self::Reason(it) => it.as_ref(),
            Self::Quick(it) => it,
            Self::Teach(it) => it.as_ref(),
            Self::Locked => &lock::Lock,
            Self::Pin(it) => it,
        }
    }

    /// The overlay to be changed by `change`.
    pub(in crate::till) fn change<T>(&mut self, change: impl FnOnce(&mut dyn Layer) -> T) -> T {
        let (mut page, mut lock) = (pairing::Page, lock::Lock);
        change(match self {
            Self::Help(it) => it,
            Self::Menu(it) => it,
            Self::Search(it) => it,
            Self::Card(it) => it,
            Self::Code(it) => it,
            Self::Programmes(it) => it,
            Self::CheckIns(it) => it,
            Self::History(it) => it,
            Self::Parked(it) => it,
            Self::Unresolved(it) => it,
            Self::Faults(it) => it,
            Self::Receipt(it) => it,
            Self::Pairing => &mut page,
            Self::Wire(it) => it,
            Self::Exchange(it) => it,
            Self::Terminal(it) => it,
            Self::Transactions(it) => it.as_mut(),
            Self::Transaction(it) => it,
            Self::Confirm(it) => it,
            Self::ConfirmReturn(it) => it.as_mut(),
            Self::Article(it) => it.as_mut(),
            Self::Ask(it) => it.as_mut(),
            Self::Age(it) => it.as_mut(),
            Self::Reason(it) => it.as_mut(),
            Self::Quick(it) => it,
            Self::Teach(it) => it.as_mut(),
            Self::Locked => &mut lock,
            Self::Pin(it) => it,
        })
    }

    /// Its keys for the legend, the most useful first.
    #[must_use]
    pub fn hints(&self, state: &State, settings: &Settings) -> Vec<Hint> {
        self.layer().hints(state, settings)
    }

    /// What the entry line is for under it.
    #[must_use]
    pub fn prompt(&self) -> Option<Label> {
        self.layer().prompt()
    }

    /// True for the locked screen: nothing of the sale is shown, and only the cashier takes it
    /// away.
    #[must_use]
    pub const fn is_lock(&self) -> bool {
        matches!(self, Self::Locked | Self::Pin(PinPrompt { purpose: PinPurpose::Unlock, .. }))
    }

    /// True for a code of a card that is being typed: its digits must not be shown.
    #[must_use]
    pub const fn is_code(&self) -> bool {
        matches!(self, Self::Code(_))
    }
}

/// ← where it says no: what was typed there means nothing elsewhere.
fn declined(layer: &impl Layer, context: &mut Context) {
    context.clear_text();
    layer.close(context);
}

/// How far Page Up and Page Down move.
const PAGE: usize = 10;

/// Where Up, Down and pages lead from this row of so many.
pub(in crate::till) fn moved(from: usize, command: Command, rows: usize) -> usize {
    let to = match command {
        Command::Up => from.saturating_sub(1),
        Command::Down => from.saturating_add(1),
        Command::PageUp => from.saturating_sub(PAGE),
        Command::PageDown => from.saturating_add(PAGE),
        _ => from,
    };
    to.min(rows.saturating_sub(1))
}
