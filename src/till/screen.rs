//! What the cashier has in front of the panels: the entry line and the overlays.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::sale::CardView;
use super::{CallId, Command, Listing};
use crate::shop::CardNumber;

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
        /// Index into [`super::State::history`]; `None`: the sale at hand.
        of: Option<usize>,
        /// Lines scrolled.
        scroll: usize,
    },
    /// What the terminal was asked for last, and its report; lines scrolled.
    Terminal(usize),
    /// The server's list of transactions.
    Transactions(Box<Listing>),
    /// The transaction that the list below highlights; lines scrolled.
    Transaction(usize),
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
