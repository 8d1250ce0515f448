//! Loyalty card numbers: recognised by shape only, never shown in full.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::text::mask_card;

/// A card number as the API wants it. `Debug` and `Display` mask it.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CardNumber(String);

impl CardNumber {
    /// Takes `digits` as a card number; the caller has matched it with a [`CardPattern`] or got it
    /// from the server.
    pub fn new(digits: impl Into<String>) -> Self {
        Self(digits.into())
    }

    /// The number itself, for requests only.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// `9276 •••• •••• 2845`.
    #[must_use]
    pub fn masked(&self, ascii: bool) -> String {
        mask_card(&self.0, ascii)
    }
}

impl fmt::Debug for CardNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CardNumber({})", self.masked(true))
    }
}

impl fmt::Display for CardNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked(false))
    }
}

/// What a loyalty card number looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardPattern {
    /// Leading digits.
    pub prefix: String,
    /// Length in digits, prefix included.
    pub length: usize,
}

impl Default for CardPattern {
    fn default() -> Self {
        Self { prefix: "9276".to_owned(), length: 16 }
    }
}

impl CardPattern {
    /// True when the whole of `digits` is such a number.
    #[must_use]
    pub fn matches(&self, digits: &str) -> bool {
        digits.len() == self.length
            && digits.starts_with(&self.prefix)
            && digits.bytes().all(|b| b.is_ascii_digit())
    }
}
