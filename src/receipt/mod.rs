//! Receipts: from a finished sale to lines, from lines to rows of text, from rows to bytes.
//!
//! Owns what stands on a receipt, how it is set and how a printer is told. Must not print and
//! must not know the screen.
//!
//! A receipt claims nothing about tax law: it says what was sold and how it was paid.

mod compose;
mod escpos;
mod layout;
mod mask;
mod plain;

use crate::lang::Lang;

pub use compose::{compose, for_customer, merchant_copy, slip};
pub use escpos::{CodePage, UnknownCodePage, encode};
pub use layout::layout;
pub use plain::plain;

/// What every receipt of this shop carries.
#[derive(Debug, Clone)]
pub struct Profile {
    /// Language of the texts that are ours.
    pub lang: Lang,
    /// Lines above, like the shop's address.
    pub header: Vec<String>,
    /// Lines below.
    pub footer: Vec<String>,
    /// Say that this is not a fiscal receipt.
    pub not_fiscal: bool,
    /// Currency printed with the total and the payment, `EUR`.
    pub currency: String,
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            lang: Lang::default(),
            header: Vec::new(),
            footer: Vec::new(),
            // A till without a security module must not look like one that has it.
            not_fiscal: true,
            currency: "EUR".to_owned(),
        }
    }
}

/// One row of a set receipt.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// Exactly as printed, at most the width asked for, without trailing blanks.
    pub text: String,
    /// Bold.
    pub bold: bool,
}
