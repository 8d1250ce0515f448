//! The rows of a basket: what is shown, sent and printed.
//!
//! Owns how discounts and deposits become rows. They are derived from lines and discounts each
//! time, so that no change of a line can leave a wrong one behind.

use super::{Basket, Discount, Line, LineKind};
use crate::money::Money;
use crate::shop::VatRate;

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    /// Goods.
    Article,
    /// Money loaded onto the customer's card.
    TopUp,
    /// What is taken off a line or the sale.
    Discount,
    /// The deposit of a line.
    Deposit,
}

/// One row: price times quantity is exactly what it adds to the sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row<'a> {
    /// The index of its line; `None`: it belongs to the whole sale.
    pub line: Option<usize>,
    /// What it is.
    pub kind: RowKind,
    /// The shop's number, if any.
    pub number: Option<&'a str>,
    /// The code, if any.
    pub ean: Option<&'a str>,
    /// What cashier and customer read.
    pub name: &'a str,
    /// Pieces; negative on what comes back.
    pub quantity: i64,
    /// Gross price of one piece; of a discount negative, or positive on a return line.
    pub price: Money,
    /// VAT contained in the price.
    pub vat: VatRate,
    /// The rate sent to the API.
    pub sent_vat: VatRate,
}

impl Row<'_> {
    /// Gross sum of the row.
    #[must_use]
    pub const fn total(&self) -> Money {
        self.price.times(self.quantity)
    }
}

impl Line {
    /// The line's rows: itself, its discount, its deposit. `index` is its place in the basket.
    pub fn rows(&self, index: usize) -> impl Iterator<Item = Row<'_>> {
        let goods = Row {
            line: Some(index),
            kind: match self.kind {
                LineKind::Article => RowKind::Article,
                LineKind::TopUp => RowKind::TopUp,
            },
            number: self.number.as_deref(),
            ean: self.ean.as_deref(),
            name: &self.name,
            quantity: self.quantity,
            price: self.price,
            vat: self.vat,
            sent_vat: self.sent_vat,
        };
        let reduction = self.reduction();
        let discount =
            self.discount.as_ref().filter(|_| !reduction.is_zero()).map(|discount| Row {
                vat: self.vat,
                sent_vat: self.sent_vat,
                ..Row::discount(Some(index), discount, reduction)
            });
        let deposit = self.deposit.as_ref().map(|deposit| Row {
            line: Some(index),
            kind: RowKind::Deposit,
            number: Some(&deposit.number),
            ean: deposit.ean.as_deref(),
            name: &deposit.name,
            quantity: self.quantity,
            price: deposit.price,
            vat: deposit.vat,
            sent_vat: deposit.vat,
        });
        [Some(goods), discount, deposit].into_iter().flatten()
    }

    /// How many rows the line has.
    #[must_use]
    pub fn height(&self) -> usize {
        1 + usize::from(!self.reduction().is_zero()) + usize::from(self.deposit.is_some())
    }
}

impl<'a> Row<'a> {
    fn discount(line: Option<usize>, discount: &'a Discount, amount: Money) -> Self {
        Self {
            line,
            kind: RowKind::Discount,
            number: None,
            // That of a coupon says nothing to the API, which evaluates codes.
            ean: None,
            name: &discount.text,
            quantity: 1,
            price: -amount,
            vat: VatRate::ZERO,
            sent_vat: VatRate::ZERO,
        }
    }
}

impl Basket {
    /// Everything that is shown, sent and printed, in this order: each line, right below it its
    /// discount and its deposit; at the end the discounts of the sale, one row per VAT rate. The
    /// totals of all rows come to [`Basket::sum`].
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let lines = self.lines.iter().enumerate().flat_map(|(index, line)| line.rows(index));
        lines.chain(self.sale_rows())
    }

    /// The rows of the sale's discounts, lowest rate first.
    pub fn sale_rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.reductions().into_iter().flat_map(|(discount, parts)| {
            parts.into_iter().map(move |(rate, part)| Row {
                vat: rate,
                sent_vat: rate,
                ..Row::discount(None, discount, part)
            })
        })
    }
}
