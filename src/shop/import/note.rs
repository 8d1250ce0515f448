//! What an import tells although nothing is wrong: each in one line.

use std::fmt;

use super::layout::Ignored;
use super::{Counts, Encoding};

/// What was left out of a file, or changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// The file was not UTF-8.
    ReadAs(Encoding),
    /// Further columns, by name; and how many more there are.
    Ignored(Vec<String>, usize),
    /// Codes that had lost leading zeros, which their check digits prove.
    Zeros(usize),
    /// Texts that were longer than is kept.
    Cut(usize),
    /// Packs with a price of their own: a pack costs what its pieces cost.
    Packs(usize),
    /// Rows that sum up others: how many, and the line of the first.
    Totals(usize, usize),
    /// Rows of products that are sold in variants only: how many, and the line of the first.
    Parents(usize, usize),
}

impl Note {
    /// What there is to tell.
    pub(super) fn all(encoding: Encoding, counts: &Counts, ignored: &Ignored) -> Vec<Self> {
        let mut notes = Vec::new();
        if encoding != Encoding::Utf8 {
            notes.push(Self::ReadAs(encoding));
        }
        if ignored.count > 0 {
            notes.push(Self::Ignored(ignored.names.clone(), ignored.count - ignored.names.len()));
        }
        if counts.zeros > 0 {
            notes.push(Self::Zeros(counts.zeros));
        }
        if counts.cut > 0 {
            notes.push(Self::Cut(counts.cut));
        }
        if counts.packs > 0 {
            notes.push(Self::Packs(counts.packs));
        }
        if counts.totals.0 > 0 {
            notes.push(Self::Totals(counts.totals.0, counts.totals.1));
        }
        if counts.parents.0 > 0 {
            notes.push(Self::Parents(counts.parents.0, counts.parents.1));
        }
        notes
    }
}

/// `1 code`, `2 codes`.
fn counted(count: usize, one: &str, several: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {several}") }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ReadAs(encoding) => write!(f, "read as {encoding}"),
            Self::Ignored(names, more) => {
                write!(f, "columns that are not read: {}", names.join(", "))?;
                if *more > 0 { write!(f, " and {more} more") } else { Ok(()) }
            }
            Self::Zeros(count) => {
                let codes = counted(*count, "code has its", "codes have their");
                write!(f, "{codes} lost leading zeros back")
            }
            Self::Cut(count) => {
                write!(f, "{} cut", counted(*count, "long text was", "long texts were"))
            }
            Self::Packs(count) => {
                let packs = counted(*count, "pack has a price", "packs have a price");
                let its = if *count == 1 { "its" } else { "their" };
                write!(f, "{packs} of {its} own that is not used")
            }
            Self::Totals(count, line) => {
                let rows = counted(*count, "row is a total and was", "rows are totals and were");
                write!(f, "{rows} left out, from line {line}")
            }
            Self::Parents(count, line) => {
                let rows = counted(*count, "row is no article", "rows are no articles");
                write!(f, "{rows} of its own and was left out, from line {line}")
            }
        }
    }
}
