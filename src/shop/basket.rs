//! The basket: lines, discounts, their sum, and what may be added.
//!
//! Owns the rules of a basket and what it comes to. Must not know the API's calls or the till's
//! steps.

mod counts;
mod discount;
mod line;
mod rows;
mod weight;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{VatLine, VatRate, table};
use crate::money::{Money, spread};

use counts::Counts;
pub use discount::{Discount, Off};
pub use line::{Deposit, Line, LineKind, Weight};
pub use rows::{Row, RowKind};

/// The most pieces one line may have.
pub const MAX_QUANTITY: i64 = 999_999;

/// The most one row may come to, 99,999.99.
pub const MAX_LINE: Money = Money(9_999_999);

/// The largest sum of a basket: keeps every later sum far from overflow and typing errors visible.
const MAX_SUM: Money = Money(99_999_999);

/// The most discounts of one sale.
const MAX_DISCOUNTS: usize = 20;

/// Why a basket was not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum BasketError {
    /// Zero pieces, or more than [`MAX_QUANTITY`].
    #[error("quantity out of range")]
    Quantity,
    /// A line would exceed [`MAX_LINE`].
    #[error("line too large")]
    LineTooLarge,
    /// The sum would exceed 999,999.99.
    #[error("sum too large")]
    TooLarge,
    /// There is no such line.
    #[error("no such line")]
    NoLine,
    /// Money on a card has no other price and no discount.
    #[error("card sales are neither changed nor discounted")]
    CardSale,
    /// A discount of nothing, of more than everything, or one that takes nothing off here.
    #[error("the discount takes nothing off")]
    NoDiscount,
    /// The sale has as many discounts as it can have.
    #[error("too many discounts")]
    TooManyDiscounts,
}

/// What a sale has beside its lines.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extras {
    /// Discounts of the whole sale, in their order: each counts on what the ones before left.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub discounts: Vec<Discount>,
    /// A note on the sale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Extras {
    fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

/// The lines of a sale, and what they come to: counted as they come and go, so that asking costs
/// the same with ten thousand lines as with ten.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Stored")]
pub struct Basket {
    lines: Vec<Line>,
    voided: Vec<Line>,
    sum: Money,
    #[serde(skip_serializing_if = "Extras::is_none")]
    extras: Extras,
    #[serde(skip_serializing)]
    counts: Counts,
}

/// A basket as it was written down; what the lines come to follows from them.
#[derive(Deserialize)]
struct Stored {
    lines: Vec<Line>,
    voided: Vec<Line>,
    #[serde(default)]
    extras: Extras,
}

impl From<Stored> for Basket {
    fn from(Stored { lines, voided, extras }: Stored) -> Self {
        let mut counts = Counts::default();
        for line in &lines {
            counts.count(line, 1);
        }
        let mut basket = Self { lines, voided, sum: Money::ZERO, extras, counts };
        basket.settle();
        basket
    }
}

impl Basket {
    /// Adds a line at the end.
    ///
    /// # Errors
    /// [`BasketError`]; the basket is unchanged then.
    pub fn add(&mut self, line: Line) -> Result<(), BasketError> {
        self.check(None, &line)?;
        self.restore(line);
        Ok(())
    }

    /// Adds a line that an earlier run accepted, perhaps by the wider limits of an older version.
    pub fn restore(&mut self, line: Line) {
        self.counts.count(&line, 1);
        self.lines.push(line);
        self.settle();
    }

    /// Puts `line` in the place of the one at `index`. Pieces that it has less are kept among the
    /// voided ones, at the price that they had.
    ///
    /// # Errors
    /// [`BasketError`]; the basket is unchanged then.
    pub fn replace(&mut self, index: usize, line: Line) -> Result<(), BasketError> {
        let old = self.lines.get(index).ok_or(BasketError::NoLine)?;
        let same =
            |a: &Line, b: &Line| (a.quantity, a.price, &a.ean) == (b.quantity, b.price, &b.ean);
        if old.is_card_sale() && !same(old, &line) {
            return Err(BasketError::CardSale);
        }
        self.check(Some(old), &line)?;
        self.restore_replaced(index, line);
        Ok(())
    }

    /// As [`Basket::replace`], for what an earlier run accepted.
    pub fn restore_replaced(&mut self, index: usize, line: Line) {
        let Some(place) = self.lines.get_mut(index) else { return };
        self.counts.count(&line, 1);
        let old = std::mem::replace(place, line);
        self.counts.count(&old, -1);
        let gone = match (old.quantity, place.quantity) {
            (old, new) if (old < 0) != (new < 0) => old,
            (old, new) if old.abs() > new.abs() => old - new,
            _ => 0,
        };
        if gone != 0 {
            self.voided.push(Line { quantity: gone, discount: None, ..old });
        }
        self.settle();
    }

    /// Voids the line at `index`: takes it out of the sum and keeps it among the voided ones.
    pub fn void(&mut self, index: usize) -> Option<&Line> {
        if index >= self.lines.len() {
            return None;
        }
        let line = self.lines.remove(index);
        self.counts.count(&line, -1);
        self.voided.push(line);
        self.settle();
        self.voided.last()
    }

    /// Gives the whole sale these discounts instead of those that it has.
    ///
    /// # Errors
    /// [`BasketError`]; the basket is unchanged then.
    pub fn set_discounts(&mut self, discounts: Vec<Discount>) -> Result<(), BasketError> {
        if discounts.len() > MAX_DISCOUNTS {
            return Err(BasketError::TooManyDiscounts);
        }
        if discounts.iter().any(|discount| !discount.off.is_sound()) {
            return Err(BasketError::NoDiscount);
        }
        let note = self.extras.note.clone();
        self.restore_extras(Extras { discounts, note });
        Ok(())
    }

    /// Sets or takes away the note on the sale.
    pub fn set_note(&mut self, note: Option<String>) {
        self.extras.note = note;
    }

    /// Sets what an earlier run accepted.
    pub fn restore_extras(&mut self, extras: Extras) {
        self.extras = extras;
        self.settle();
    }

    /// Whether `line` may be in the basket, at the end or in the place of `old`.
    fn check(&self, old: Option<&Line>, line: &Line) -> Result<(), BasketError> {
        if line.quantity == 0 || line.quantity.saturating_abs() > MAX_QUANTITY {
            return Err(BasketError::Quantity);
        }
        let within = |most: Money, amount: Money| (-most..=most).contains(&amount);
        if !within(MAX_LINE, line.total()) || !within(MAX_LINE, line.deposits()) {
            return Err(BasketError::LineTooLarge);
        }
        if line.discount.is_some() && line.is_card_sale() {
            return Err(BasketError::CardSale);
        }
        if line.discount.as_ref().is_some_and(|discount| !discount.off.is_sound()) {
            return Err(BasketError::NoDiscount);
        }
        let mut counts = Counts { sum: self.counts.sum, ..Counts::default() };
        counts.count(line, 1);
        if let Some(old) = old {
            counts.count(old, -1);
        }
        // A void may leave more than that: what makes it no larger is always possible.
        let magnitude = |sum: Money| sum.max(-sum);
        let is_no_more = old.is_some() && magnitude(counts.sum) <= magnitude(self.counts.sum);
        if is_no_more || within(MAX_SUM, counts.sum) { Ok(()) } else { Err(BasketError::TooLarge) }
    }

    /// What each discount of the sale takes off, by VAT rate: of what may be discounted and the
    /// ones before have left, and never more than the sale without card sales comes to.
    fn reductions<'a>(&'a self) -> Vec<(&'a Discount, BTreeMap<VatRate, Money>)> {
        if self.extras.discounts.is_empty() {
            return Vec::new();
        }
        let mut open = self.counts.open.clone();
        let goods = self.counts.sum - self.counts.card_sales;
        let mut most = goods.min(self.counts.sum).max(Money::ZERO);
        let reduction = |discount: &'a Discount| {
            let amount = discount.off.of(open.values().copied().sum()).min(most);
            let parts = spread(amount, &open);
            most = most - amount;
            for (rate, part) in &parts {
                if let Some(open) = open.get_mut(rate) {
                    *open = *open - *part;
                }
            }
            (discount, parts)
        };
        self.extras.discounts.iter().map(reduction).collect()
    }

    /// Counts the sum anew after lines or discounts changed.
    fn settle(&mut self) {
        let off: Money =
            self.reductions().iter().flat_map(|(_, parts)| parts.values()).copied().sum();
        self.sum = self.counts.sum - off;
    }

    /// The lines that count.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The lines that were voided, in the order of voiding.
    #[must_use]
    pub fn voided(&self) -> &[Line] {
        &self.voided
    }

    /// The discounts of the whole sale.
    #[must_use]
    pub fn discounts(&self) -> &[Discount] {
        &self.extras.discounts
    }

    /// The note on the sale.
    #[must_use]
    pub fn note(&self) -> Option<&str> {
        self.extras.note.as_deref()
    }

    /// What the sale has beside its lines.
    #[must_use]
    pub const fn extras(&self) -> &Extras {
        &self.extras
    }

    /// Gross sum of all rows.
    #[must_use]
    pub const fn sum(&self) -> Money {
        self.sum
    }

    /// True without any line.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// True when a card is to be loaded.
    #[must_use]
    pub const fn has_top_up(&self) -> bool {
        self.counts.top_ups > 0
    }

    /// Pieces of goods, returns counted as negative.
    #[must_use]
    pub const fn pieces(&self) -> i64 {
        self.counts.pieces
    }

    /// What all discounts take off, less what is kept of goods that come back.
    #[must_use]
    pub fn saved(&self) -> Money {
        let discounts = self.rows().filter(|row| row.kind == RowKind::Discount);
        -discounts.map(|row| row.total()).sum::<Money>()
    }

    /// The VAT table of all rows with a redeemed `bonus` (positive amounts) taken off, highest rate
    /// first.
    #[must_use]
    pub fn vat(&self, bonus: &[(VatRate, Money)]) -> Vec<VatLine> {
        table(
            self.rows()
                .map(|row| (row.vat, row.total()))
                .chain(bonus.iter().map(|&(rate, amount)| (rate, -amount))),
        )
    }
}

#[cfg(test)]
mod tests;
