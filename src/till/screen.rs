//! What the cashier has in front of the panels: the entry line and the overlays.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::card::{CardLookup, CheckIn, Choice, CodeEntry, Programme};
use super::{Command, Listing, PinPrompt, PinPurpose};
use crate::exchange::Exchange;
use crate::money::Money;
use crate::shop::{Line, Shape, shape};
use crate::wire::StartMethod;

/// The entry line. `Debug` shows its length only.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// The characters so far; [`crate::shop::shape`] tells what they are becoming.
    pub text: String,
    /// Characters that no longer fitted; an entry that overflowed is refused at its end.
    pub overflow: bool,
    /// The multiplier typed before.
    pub multiplier: Option<Multiplier>,
    /// What has become of it already.
    pub fate: Fate,
    /// The last key was [`super::Key::Enter`]: a line feed right after it belongs to it.
    pub after_enter: bool,
    /// What was typed can only be a code: everything up to the terminator belongs to it.
    pub code: bool,
    /// A key that may be the first sign of a code, and what followed it.
    pub held: Option<Held>,
    /// When the last key arrived, ms.
    pub typed_at: u64,
    /// When a line ended that was refused as a code, ms.
    pub ended_at: Option<u64>,
}

/// Printable keys with a command that wait whether a code follows. `Debug` shows their number only.
#[derive(Clone, PartialEq, Eq)]
pub struct Held {
    /// The first one and what followed it.
    pub text: String,
    /// When the first one arrived, ms.
    pub since: u64,
    /// When they act unless something follows, ms.
    pub due: u64,
    /// A pause stands between what was typed before and the first of them.
    pub is_apart: bool,
    /// The screen at which the first one was pressed.
    pub screen: Screen,
}

impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Held")
            .field("characters", &self.text.chars().count())
            .field("due", &self.due)
            .finish_non_exhaustive()
    }
}

/// As much of what a cashier looks at as decides what a key does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Screen {
    /// The sale at hand.
    pub reference: String,
    /// Its step, by number.
    pub step: u8,
    /// In the tender step: method, amount due, and whether it has been seen.
    pub due: Option<(StartMethod, Money, bool)>,
    /// How many overlays lie over the panels.
    pub overlays: usize,
}

/// What has become of an entry before its end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Fate {
    /// Nothing yet.
    #[default]
    Open,
    /// The number was refused as an amount or as pieces: it is shown as refused, and the next
    /// digit starts anew.
    Refused,
    /// Part of the line came while the terminal was too small: its rest is swallowed.
    Cut,
}

impl Entry {
    /// True for a number that is shown as refused.
    #[must_use]
    pub const fn is_refused(&self) -> bool {
        matches!(self.fate, Fate::Refused)
    }

    /// Refuses the number that is typed; anything else stays as it is.
    pub(super) fn refuse(&mut self) {
        if shape(&self.text) == Shape::Number {
            self.fate = Fate::Refused;
        }
    }
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
    /// A code of a card, typed unseen.
    Code(CodeEntry),
    /// Programmes of which a card can be made.
    Programmes(Choice<Programme>),
    /// Customers who have checked in.
    CheckIns(Choice<CheckIn>),
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
        /// Index into [`super::State::history`]; `None`: the sale at hand.
        of: Option<usize>,
        /// Lines scrolled.
        scroll: usize,
    },
    /// How this till is paired; stands on the state's [`super::Pairing`].
    Pairing,
    /// The last exchanges with the server.
    Wire(Inspector),
    /// One of them whole; lines scrolled.
    Exchange(Arc<Exchange>, usize),
    /// What the terminal was asked for last, and its report; lines scrolled.
    Terminal(usize),
    /// The server's list of transactions.
    Transactions(Box<Listing>),
    /// The transaction that the list below highlights; lines scrolled.
    Transaction(usize),
    /// A command that asks first; → does it, Esc does not.
    Confirm(Command),
    /// A return of many pieces; → adds the line, Esc does not.
    ConfirmReturn(Box<Line>),
    /// Nothing but F12 (or → on terminals that swallow it) goes on.
    Locked,
    /// The PIN is asked for; to unlock, nothing else goes on.
    Pin(PinPrompt),
}

impl Overlay {
    /// True for the locked screen: nothing of the sale is shown, and nothing takes it away but
    /// the cashier.
    #[must_use]
    pub const fn is_lock(&self) -> bool {
        matches!(self, Self::Locked | Self::Pin(PinPrompt { purpose: PinPurpose::Unlock, .. }))
    }

    /// True for what no answer of the server takes away: the lock, a PIN being typed, whose other
    /// digits would otherwise land in what lies below, and a line that is not in the basket yet.
    #[must_use]
    pub const fn stays(&self) -> bool {
        matches!(self, Self::Locked | Self::Pin(_) | Self::ConfirmReturn(_))
    }
}

/// How much of the till a frame showed, as far as decisions depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Seen {
    /// The terminal is smaller than a till needs: nothing of it.
    TooSmall,
    /// The till, but no amount due that may be paid: there is none, it lies under something, or it
    /// did not fit.
    Panels,
    /// The till with the whole amount due.
    Due,
}

/// The exchanges at hand and the highlighted one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inspector {
    /// The oldest first; shown the newest first.
    pub exchanges: Vec<Arc<Exchange>>,
    /// Its number, while it is kept; `None`: always the newest.
    pub selected: Option<u64>,
}

impl Inspector {
    /// The index of the highlighted exchange, from the newest.
    #[must_use]
    pub fn index(&self) -> usize {
        let Some(selected) = self.selected else { return 0 };
        let newest_first = self.exchanges.iter().rev();
        let index = newest_first.take_while(|exchange| exchange.id != selected).count();
        index.min(self.exchanges.len().saturating_sub(1))
    }

    /// The exchange at this index from the newest.
    #[must_use]
    pub fn at(&self, index: usize) -> Option<&Arc<Exchange>> {
        self.exchanges.iter().rev().nth(index)
    }
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
