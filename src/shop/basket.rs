//! The basket: lines, their sum, and what may be added.

use serde::{Deserialize, Serialize};

use super::{Article, VatLine, VatRate, table};
use crate::money::Money;

/// The most pieces one line may have.
pub const MAX_QUANTITY: i64 = 9_999;

/// The largest sum of a basket: keeps every later sum far from overflow and typing errors visible.
const MAX_SUM: Money = Money(99_999_999);

/// What kind of line it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum LineKind {
    /// Goods.
    #[default]
    Article,
    /// Money loaded onto the customer's card.
    TopUp,
}

/// One line of the basket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Pieces; negative on a return line, never 0.
    pub quantity: i64,
    /// Gross price of one piece.
    pub price: Money,
    /// VAT contained in the price. A top-up is a multi-purpose voucher: 0.
    pub vat: VatRate,
    /// The rate sent to the API; differs from `vat` only on a top-up (no. 5 of the
    /// [`crate::wire::api::contradictions`]).
    pub sent_vat: VatRate,
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
    quantity: i64,
    price: Money,
    vat: VatRate,
    /// `None`: `vat`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sent_vat: Option<VatRate>,
}

impl From<StoredLine> for Line {
    fn from(stored: StoredLine) -> Self {
        let StoredLine { kind, number, ean, name, quantity, price, vat, sent_vat } = stored;
        let sent_vat = sent_vat.unwrap_or(vat);
        Self { kind, number, ean, name, quantity, price, vat, sent_vat }
    }
}

impl From<Line> for StoredLine {
    fn from(line: Line) -> Self {
        let Line { kind, number, ean, name, quantity, price, vat, sent_vat } = line;
        let sent_vat = (sent_vat != vat).then_some(sent_vat);
        Self { kind, number, ean, name, quantity, price, vat, sent_vat }
    }
}

impl LineKind {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
    const fn is_article(&self) -> bool {
        matches!(self, Self::Article)
    }
}

impl Line {
    /// A line of `quantity` pieces of `article` at this price and rate.
    #[must_use]
    pub fn article(article: &Article, price: Money, vat: VatRate, quantity: i64) -> Self {
        Self {
            kind: LineKind::Article,
            number: Some(article.number.clone()),
            ean: article.eans.first().cloned(),
            name: article.name.clone(),
            quantity,
            price,
            vat,
            sent_vat: vat,
        }
    }

    /// Gross sum of the line.
    #[must_use]
    pub const fn total(&self) -> Money {
        self.price.times(self.quantity)
    }

    /// True for goods that come back.
    #[must_use]
    pub const fn is_return(&self) -> bool {
        self.quantity < 0
    }
}

/// Why a line was not added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum BasketError {
    /// Zero pieces, or more than [`MAX_QUANTITY`].
    #[error("quantity out of range")]
    Quantity,
    /// The sum would exceed 999,999.99.
    #[error("sum too large")]
    TooLarge,
}

/// The lines of a sale, and what they come to: counted as they come and go, so that asking costs
/// the same with ten thousand lines as with ten.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Stored")]
pub struct Basket {
    lines: Vec<Line>,
    voided: Vec<Line>,
    sum: Money,
    #[serde(skip_serializing)]
    pieces: i64,
    #[serde(skip_serializing)]
    top_ups: usize,
}

/// A basket as it was written down; what the lines come to follows from them.
#[derive(Deserialize)]
struct Stored {
    lines: Vec<Line>,
    voided: Vec<Line>,
}

impl From<Stored> for Basket {
    fn from(Stored { lines, voided }: Stored) -> Self {
        let mut basket = Self { voided, ..Self::default() };
        for line in &lines {
            basket.count(line, 1);
        }
        Self { lines, ..basket }
    }
}

impl Basket {
    /// Adds a line at the end.
    ///
    /// # Errors
    /// [`BasketError`]; the basket is unchanged then.
    pub fn add(&mut self, line: Line) -> Result<(), BasketError> {
        if line.quantity == 0 || line.quantity.abs() > MAX_QUANTITY {
            return Err(BasketError::Quantity);
        }
        let sum = self.sum + line.total();
        if sum > MAX_SUM || sum < -MAX_SUM || line.total() > MAX_SUM || line.total() < -MAX_SUM {
            return Err(BasketError::TooLarge);
        }
        self.count(&line, 1);
        self.lines.push(line);
        Ok(())
    }

    /// Voids the line at `index`: takes it out of the sum and keeps it among the voided ones.
    pub fn void(&mut self, index: usize) -> Option<&Line> {
        if index >= self.lines.len() {
            return None;
        }
        let line = self.lines.remove(index);
        self.count(&line, -1);
        self.voided.push(line);
        self.voided.last()
    }

    /// Adds `line` to what the lines come to, or (`sign` -1) takes it out again.
    fn count(&mut self, line: &Line, sign: i64) {
        self.sum += line.total().times(sign);
        self.pieces = self.pieces.saturating_add(line.quantity.saturating_mul(sign));
        if line.kind == LineKind::TopUp {
            self.top_ups = self.top_ups.saturating_add_signed(if sign < 0 { -1 } else { 1 });
        }
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

    /// Gross sum of all lines.
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
        self.top_ups > 0
    }

    /// Pieces of goods, returns counted as negative.
    #[must_use]
    pub const fn pieces(&self) -> i64 {
        self.pieces
    }

    /// The VAT table of the lines with `discounts` (negative amounts) taken off, highest rate
    /// first.
    #[must_use]
    pub fn vat(&self, discounts: &[(VatRate, Money)]) -> Vec<VatLine> {
        table(
            self.lines
                .iter()
                .map(|line| (line.vat, line.total()))
                .chain(discounts.iter().map(|&(rate, amount)| (rate, -amount))),
        )
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use proptest::prelude::*;

    use super::*;

    fn line((top_up, quantity, price): (bool, i64, i64)) -> Line {
        Line {
            kind: if top_up { LineKind::TopUp } else { LineKind::Article },
            number: None,
            ean: None,
            name: String::new(),
            quantity,
            price: Money(price),
            vat: VatRate::whole(7),
            sent_vat: VatRate::whole(7),
        }
    }

    fn check(basket: &Basket) {
        let lines = basket.lines();
        assert_eq!(basket.sum().0, lines.iter().map(|line| line.total().0).sum::<i64>());
        assert_eq!(basket.pieces(), lines.iter().map(|line| line.quantity).sum::<i64>());
        let top_up = lines.iter().any(|line| line.kind == LineKind::TopUp);
        assert_eq!(basket.has_top_up(), top_up);
    }

    proptest! {
        #[test]
        fn what_is_counted_is_what_the_lines_come_to(
            steps in prop::collection::vec(
                prop_oneof![
                    3 => (any::<bool>(), -10_000..=10_000_i64, 0..=200_000_i64).prop_map(Ok),
                    1 => any::<prop::sample::Index>().prop_map(Err),
                ],
                0..40,
            ),
        ) {
            let mut basket = Basket::default();
            for step in steps {
                match step {
                    Ok(values) => drop(basket.add(line(values))),
                    Err(index) if basket.is_empty() => drop(basket.void(index.index(1)).cloned()),
                    Err(index) => {
                        let index = index.index(basket.lines().len());
                        let taken = basket.lines()[index].clone();
                        assert_eq!(basket.void(index), Some(&taken));
                    }
                }
                check(&basket);
            }
            let stored = serde_json::to_value(&basket).unwrap();
            let read: Basket = serde_json::from_value(stored.clone()).unwrap();
            assert_eq!((&read, stored.as_object().unwrap().len()), (&basket, 3));
        }
    }
}
