//! One line of the basket: what is sold, at which price, and what belongs to it.
//!
//! Owns the line and its stored form. Its discount and its deposit are no lines of their own: what
//! they come to follows from the line, in [`super::rows`].

use serde::{Deserialize, Serialize};

use super::Discount;
use crate::money::Money;
use crate::shop::{Article, Vat, VatRate};
use crate::wire::{CHARGE_EANS, DISCHARGE_EANS};

/// What kind of line it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum LineKind {
    /// Goods.
    #[default]
    Article,
    /// Money loaded onto the customer's card.
    TopUp,
}

/// What was weighed: the price of the line was computed from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weight {
    /// Grams.
    pub grams: u32,
    /// Gross price of one kilogram.
    pub per_kilo: Money,
}

/// The deposit that is charged with every piece of a line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deposit {
    /// The number of the deposit article.
    pub number: String,
    /// Its code, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ean: Option<String>,
    /// What cashier and customer read.
    pub name: String,
    /// Gross price for one piece.
    pub price: Money,
    /// VAT contained in the price.
    pub vat: VatRate,
    /// The VAT class whose rate `vat` is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
}

/// One line of the basket.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "StoredLine", into = "StoredLine")]
pub struct Line {
    /// Goods or top-up.
    pub kind: LineKind,
    /// The shop's number, if any.
    pub number: Option<String>,
    /// The code, if any. Sent to the API, which evaluates it.
    pub ean: Option<String>,
    /// What cashier and customer read.
    pub name: String,
    /// What the receipt says instead of the name.
    pub short: Option<String>,
    /// Pieces; negative on a return line, never 0.
    pub quantity: i64,
    /// Gross price of one piece.
    pub price: Money,
    /// The price before the cashier set another one.
    pub list_price: Option<Money>,
    /// What was weighed; the price is that of the whole then.
    pub weight: Option<Weight>,
    /// VAT contained in the price. A top-up is a multi-purpose voucher: 0.
    pub vat: VatRate,
    /// The rate sent to the API; differs from `vat` only on a top-up (no. 5 of the
    /// [`crate::wire::api::contradictions`]).
    pub sent_vat: VatRate,
    /// The VAT class whose rate `vat` is; the rate follows the day of the sale.
    pub class: Option<String>,
    /// The deposit charged with every piece, given back with every piece that is returned.
    pub deposit: Option<Box<Deposit>>,
    /// What is taken off the line, deposit aside.
    pub discount: Option<Discount>,
    /// Why it is returned, or has another price.
    pub reason: Option<String>,
    /// For whoever reads the receipt.
    pub note: Option<String>,
    /// The customer's least age, years.
    pub age: Option<u8>,
}

/// A line as it is written down, without what most lines have in common.
#[derive(Serialize, Deserialize)]
struct StoredLine {
    #[serde(default, skip_serializing_if = "LineKind::is_article")]
    kind: LineKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    number: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ean: Option<String>,
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    short: Option<String>,
    quantity: i64,
    price: Money,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    list_price: Option<Money>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    weight: Option<Weight>,
    vat: VatRate,
    /// `None`: `vat`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sent_vat: Option<VatRate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    class: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    deposit: Option<Box<Deposit>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    discount: Option<Discount>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    age: Option<u8>,
}

impl From<StoredLine> for Line {
    fn from(stored: StoredLine) -> Self {
        Self {
            kind: stored.kind,
            number: stored.number,
            ean: stored.ean,
            name: stored.name,
            short: stored.short,
            quantity: stored.quantity,
            price: stored.price,
            list_price: stored.list_price,
            weight: stored.weight,
            vat: stored.vat,
            sent_vat: stored.sent_vat.unwrap_or(stored.vat),
            class: stored.class,
            deposit: stored.deposit,
            discount: stored.discount,
            reason: stored.reason,
            note: stored.note,
            age: stored.age,
        }
    }
}

impl From<Line> for StoredLine {
    fn from(line: Line) -> Self {
        Self {
            kind: line.kind,
            number: line.number,
            ean: line.ean,
            name: line.name,
            short: line.short,
            quantity: line.quantity,
            price: line.price,
            list_price: line.list_price,
            weight: line.weight,
            vat: line.vat,
            sent_vat: (line.sent_vat != line.vat).then_some(line.sent_vat),
            class: line.class,
            deposit: line.deposit,
            discount: line.discount,
            reason: line.reason,
            note: line.note,
            age: line.age,
        }
    }
}

impl LineKind {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
    const fn is_article(&self) -> bool {
        matches!(self, Self::Article)
    }
}

impl Line {
    /// A line of `quantity` pieces of `article` at this price and rate, without its deposit.
    #[must_use]
    pub fn article(article: &Article, price: Money, vat: VatRate, quantity: i64) -> Self {
        Self {
            number: Some(article.number.clone()),
            ean: article.eans.first().cloned(),
            name: article.name.clone(),
            short: Some(&article.short).filter(|short| !short.is_empty()).cloned(),
            quantity,
            price,
            vat,
            sent_vat: vat,
            class: match &article.vat {
                Vat::Class(class) => Some(class.clone()),
                Vat::Rate(_) => None,
            },
            age: article.age,
            ..Self::default()
        }
    }

    /// Gross sum of the goods, before discount and without deposit.
    #[must_use]
    pub const fn total(&self) -> Money {
        self.price.times(self.quantity)
    }

    /// What the discount takes off the total: of its sign, and never more than it. 0 without one.
    #[must_use]
    pub fn reduction(&self) -> Money {
        match &self.discount {
            Some(discount) if !self.is_card_sale() => discount.off.of(self.total()),
            _ => Money::ZERO,
        }
    }

    /// The deposit for all pieces; negative on a return line.
    #[must_use]
    pub fn deposits(&self) -> Money {
        self.deposit.as_ref().map_or(Money::ZERO, |deposit| deposit.price.times(self.quantity))
    }

    /// True for goods that come back.
    #[must_use]
    pub const fn is_return(&self) -> bool {
        self.quantity < 0
    }

    /// True for what the server books on a card: it is money, so nothing is taken off.
    #[must_use]
    pub fn is_card_sale(&self) -> bool {
        let ean = self.ean.as_deref().unwrap_or_default();
        self.kind == LineKind::TopUp || CHARGE_EANS.contains(&ean) || DISCHARGE_EANS.contains(&ean)
    }
}
