//! What the cashier has in front of the panels: the entry line, and how much of the till is seen.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::money::Money;
use crate::shop::{Shape, shape};
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
