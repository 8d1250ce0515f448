//! An article of the shop's catalogue.

use serde::{Deserialize, Serialize};

use super::VatRate;
use crate::money::Money;

/// What the shop sells. All texts are sanitised.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Article {
    /// The shop's own number (PLU); at most 20 letters or digits.
    pub number: String,
    /// The printed codes: 8, 12, 13 or 14 digits, check digit not enforced. The first one is sent
    /// to the API.
    pub eans: Vec<String>,
    /// What cashier and customer read.
    pub name: String,
    /// What the receipt says instead; empty: the name.
    pub short: String,
    /// Gross price of one piece or one kilogram; `None`: asked for at the till.
    pub price: Option<Money>,
    /// VAT.
    pub vat: Vat,
    /// Merchandise group, may be empty.
    pub group: String,
    /// What the price is for.
    pub unit: Unit,
    /// The number of the article that is charged as deposit with every piece.
    pub deposit: Option<String>,
    /// The customer's least age, years.
    pub age: Option<u8>,
    /// It stands for several pieces of another article; its own price does not count.
    pub pack: Option<Pack>,
    /// It may not be sold.
    pub locked: bool,
    /// For the cashier, may be empty.
    pub note: String,
}

/// How an article is taxed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Vat {
    /// At this rate.
    Rate(VatRate),
    /// As the VAT class of this name says on the day of the sale.
    Class(String),
}

impl Default for Vat {
    fn default() -> Self {
        Self::Rate(VatRate::ZERO)
    }
}

/// What an article's price is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// One piece.
    #[default]
    Piece,
    /// One kilogram.
    Kilogram,
}

/// Several pieces of another article under one code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pack {
    /// The other article's number.
    pub of: String,
    /// How many of it, at least 2.
    pub pieces: u16,
}
