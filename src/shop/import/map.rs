//! What the configuration says of the columns of the shop's files.

use super::columns::Column;
use crate::hint::{did_you_mean, nearest};
use crate::text::sanitise;

/// The entries of `[articles] columns`, which go before all names that are known anyway.
///
/// * `price=VK 2`: the column `VK 2` is the price;
/// * `note=`: no column is the note;
/// * `vat:=19`: every article has this value, whatever the file says;
/// * `vat.reduced-rate=7`: `reduced-rate` in the file means 7; `vat.=19`: so does an empty field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ColumnMap {
    headers: Vec<(Column, String)>,
    fixed: Vec<(Column, String)>,
    /// Column, what is written in lower case, what is meant.
    values: Vec<(Column, String, String)>,
}

/// An entry that says nothing; `Display` says what is expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MapError {
    /// No equals sign.
    #[error("{0:?} is not \"column=Header of the file\"")]
    NoEntry(String),
    /// Not a column.
    #[error("{0:?} is not a column of an article{1}")]
    UnknownColumn(String, String),
    /// Said before.
    #[error("{0:?} is decided twice")]
    Twice(String),
}

impl ColumnMap {
    /// Reads the entries.
    ///
    /// # Errors
    /// The first one that says nothing.
    pub fn parse<'a>(entries: impl IntoIterator<Item = &'a str>) -> Result<Self, MapError> {
        let mut map = Self::default();
        for entry in entries {
            let clean = sanitise(entry);
            let (left, right) =
                clean.split_once('=').ok_or_else(|| MapError::NoEntry(clean.clone()))?;
            let (left, right) = (left.trim(), right.trim().to_owned());
            let (name, value) = match left.split_once('.') {
                Some((name, value)) => (name.trim(), Some(value.trim().to_lowercase())),
                None => (left.strip_suffix(':').unwrap_or(left).trim(), None),
            };
            let column = Column::named(name).ok_or_else(|| {
                let near = nearest(name, Column::ALL.map(Column::name));
                MapError::UnknownColumn(name.to_owned(), did_you_mean(near))
            })?;
            let is_new = match &value {
                Some(value) => map.meant(column, value).is_none(),
                None => !map.decides(column),
            };
            if !is_new {
                return Err(MapError::Twice(left.to_owned()));
            }
            match value {
                Some(value) => map.values.push((column, value, right)),
                None if left.ends_with(':') => map.fixed.push((column, right)),
                None => map.headers.push((column, right)),
            }
        }
        Ok(map)
    }

    /// Whether the names that are known anyway do not count for this column.
    pub(super) fn decides(&self, column: Column) -> bool {
        self.names_header(column) || self.is_fixed(column)
    }

    pub(super) fn names_header(&self, column: Column) -> bool {
        self.headers.iter().any(|(own, _)| *own == column)
    }

    pub(super) fn is_fixed(&self, column: Column) -> bool {
        self.fixed.iter().any(|(own, _)| *own == column)
    }

    /// The headers that must be in a file.
    pub(super) fn headers(&self) -> impl Iterator<Item = (Column, &str)> {
        let named = self.headers.iter().filter(|(_, header)| !header.is_empty());
        named.map(|(column, header)| (*column, header.as_str()))
    }

    /// The columns that a header of the file is.
    pub(super) fn of_header(&self, header: &str) -> Vec<Column> {
        if self.headers.is_empty() {
            return Vec::new();
        }
        let header = sanitise(header).trim().to_lowercase();
        self.headers().filter(|(_, own)| own.to_lowercase() == header).map(|own| own.0).collect()
    }

    /// The value that every article has.
    pub(super) fn fixed(&self, column: Column) -> Option<&str> {
        self.fixed.iter().find(|(own, _)| *own == column).map(|(_, value)| value.as_str())
    }

    /// What a written value means instead.
    pub(super) fn meant(&self, column: Column, written: &str) -> Option<&str> {
        if self.values.is_empty() {
            return None;
        }
        let written = written.trim().to_lowercase();
        self.values
            .iter()
            .find(|(own, value, _)| *own == column && *value == written)
            .map(|(_, _, meant)| meant.as_str())
    }
}
