//! Receipts: from a finished sale to lines, from lines to rows of text.
//!
//! Owns what stands on a receipt and how it is set. Must not print and must not know the screen.

use crate::lang::Lang;
use crate::till::Finished;
use crate::wire::ReceiptLine;

/// What every receipt of this shop carries.
#[derive(Debug, Clone, Default)]
pub struct Profile {
    /// Language of the texts that are ours.
    pub lang: Lang,
    /// Lines above, like the shop's address.
    pub header: Vec<String>,
    /// Lines below.
    pub footer: Vec<String>,
    /// Say that this is not a fiscal receipt.
    pub not_fiscal: bool,
}

/// One row of a set receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Exactly as printed, at most the width asked for.
    pub text: String,
    /// Bold.
    pub bold: bool,
}

/// The receipt of a finished sale: ours, then the lines the server gave.
#[must_use]
pub fn compose(finished: &Finished, merchant: Option<&str>, profile: &Profile) -> Vec<ReceiptLine> {
    let mut lines = vec![ReceiptLine::Separator(merchant.map(str::to_owned))];
    lines.extend(profile.header.iter().map(ReceiptLine::text));
    lines.extend(finished.receipt.iter().cloned());
    lines
}

/// Sets `lines` in rows of `width` columns.
#[must_use]
pub fn layout(lines: &[ReceiptLine], width: usize) -> Vec<Row> {
    lines
        .iter()
        .map(|line| match line {
            ReceiptLine::Text(text) => Row { text: text.text.clone(), bold: false },
            ReceiptLine::NameValue { name, value, .. } => {
                Row { text: format!("{name} {value}"), bold: false }
            }
            ReceiptLine::Separator(caption) => {
                Row { text: caption.clone().unwrap_or_else(|| "-".repeat(width)), bold: true }
            }
            ReceiptLine::Space | ReceiptLine::Unknown => Row { text: String::new(), bold: false },
        })
        .collect()
}
