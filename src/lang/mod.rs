//! The languages: everything the till says, in words.
//!
//! Owns texts and the notation of amounts. Must not decide anything and must not know the screen.

use serde::{Deserialize, Serialize};

use crate::money::{Money, Notation};

/// A language of console and receipt.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// German.
    De,
}

impl Lang {
    /// How amounts are written.
    #[must_use]
    pub const fn notation(self) -> Notation {
        match self {
            Self::En => Notation::Point,
            Self::De => Notation::Comma,
        }
    }

    /// An amount in this language, without currency.
    #[must_use]
    pub fn amount(self, amount: Money) -> String {
        amount.show(self.notation())
    }
}
