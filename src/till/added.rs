//! Goods on their way into the basket: what was scanned, typed or chosen.

use serde::{Deserialize, Serialize};

use crate::money::Money;

/// An article that is to be sold, with what its code carries.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Added {
    /// Its number.
    pub number: String,
    /// The price of one piece, carried by the code or typed; `None`: the article's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
    /// Pieces, negative if they come back; `None`: one. A multiplier that waits counts as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<i64>,
}

impl Added {
    /// One piece of the article with this number, at its price.
    #[must_use]
    pub fn one(number: impl Into<String>) -> Self {
        Self { number: number.into(), ..Self::default() }
    }
}
