//! The basket: lines, their sum, and what may be added.

use serde::{Deserialize, Serialize};

use super::{Article, VatLine, VatRate, table};
use crate::money::Money;

/// The most pieces one line may have.
pub const MAX_QUANTITY: i64 = 9_999;

/// The largest sum of a basket: keeps every later sum far from overflow and typing errors visible.
const MAX_SUM: Money = Money(99_999_999);

/// What kind of line it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum LineKind {
    /// Goods.
    Article,
    /// Money loaded onto the customer's card.
    TopUp,
}

/// One line of the basket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    /// The rate sent to the API; differs from `vat` only on a top-up (api.md §10.5).
    pub sent_vat: VatRate,
}

impl Line {
    /// A line of `quantity` pieces of `article`.
    #[must_use]
    pub fn article(article: &Article, quantity: i64) -> Self {
        Self {
            kind: LineKind::Article,
            number: Some(article.number.clone()),
            ean: article.ean.clone(),
            name: article.name.clone(),
            quantity,
            price: article.price,
            vat: article.vat,
            sent_vat: article.vat,
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

/// The lines of a sale. `sum` always equals the total of all lines.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basket {
    lines: Vec<Line>,
    voided: Vec<Line>,
    sum: Money,
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
        self.sum = sum;
        self.lines.push(line);
        Ok(())
    }

    /// Voids the line at `index`: takes it out of the sum and keeps it among the voided ones.
    pub fn void(&mut self, index: usize) -> Option<&Line> {
        if index >= self.lines.len() {
            return None;
        }
        let line = self.lines.remove(index);
        self.sum = self.sum - line.total();
        self.voided.push(line);
        self.voided.last()
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
    pub fn has_top_up(&self) -> bool {
        self.lines.iter().any(|line| line.kind == LineKind::TopUp)
    }

    /// Pieces of goods, returns counted as negative.
    #[must_use]
    pub fn pieces(&self) -> i64 {
        self.lines.iter().map(|line| line.quantity).fold(0, i64::saturating_add)
    }

    /// The VAT table of the lines with `discounts` (negative amounts) taken off, highest rate first.
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
