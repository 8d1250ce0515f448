//! An article of the shop's catalogue.

use super::VatRate;
use crate::money::Money;

/// What the shop sells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    /// The shop's own number (PLU); at most 20 letters or digits.
    pub number: String,
    /// The printed code, if the article has one: 8, 12, 13 or 14 digits, check digit not enforced.
    pub ean: Option<String>,
    /// What cashier and customer read; sanitised.
    pub name: String,
    /// Gross price of one piece.
    pub price: Money,
    /// VAT rate.
    pub vat: VatRate,
    /// Merchandise group, may be empty.
    pub group: String,
}
