//! Goods on their way into the basket: what was scanned, typed or chosen.

use serde::{Deserialize, Serialize};

use crate::money::Money;
use crate::shop::Carried;

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
    /// What was weighed, grams: the article's price is that of a kilogram then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<u32>,
    /// What its label says is 0, so it has to be asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unclear: Option<Measure>,
}

/// What a label of the shop says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Measure {
    /// A price.
    Price,
    /// A weight.
    Weight,
    /// Pieces.
    Pieces,
}

impl Added {
    /// One piece of the article with this number, at its price.
    #[must_use]
    pub fn one(number: impl Into<String>) -> Self {
        Self { number: number.into(), ..Self::default() }
    }

    /// The article with this number, with what its code carries.
    #[must_use]
    pub fn carrying(number: String, carried: Carried) -> Self {
        let one = Self::one(number);
        let unclear = |measure| Self { unclear: Some(measure), ..one.clone() };
        match carried {
            Carried::Price(Money(0)) => unclear(Measure::Price),
            Carried::Weight(0) => unclear(Measure::Weight),
            Carried::Pieces(0) => unclear(Measure::Pieces),
            Carried::Nothing => one,
            Carried::Price(price) => Self { price: Some(price), ..one },
            Carried::Weight(grams) => Self { weight: Some(grams), ..one },
            Carried::Pieces(pieces) => Self { quantity: Some(pieces), ..one },
        }
    }
}
