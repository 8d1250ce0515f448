//! What the lines of a basket come to, counted as they come and go.
//!
//! Owns the counts that spare a walk over all lines. Must not know the discounts of the sale.

use std::collections::BTreeMap;

use super::{Line, LineKind};
use crate::money::Money;
use crate::shop::VatRate;

/// What the lines come to, discounts of the sale aside.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// Lines with their discounts and deposits.
    pub(super) sum: Money,
    pub(super) pieces: i64,
    pub(super) top_ups: usize,
    /// That part of the sum which is booked on a card.
    pub(super) card_sales: Money,
    /// Goods that are sold, after their own discounts: what a discount of the sale may lower.
    pub(super) open: BTreeMap<VatRate, Money>,
}

impl Counts {
    /// Adds `line`, or (`sign` -1) takes it out again.
    pub(super) fn count(&mut self, line: &Line, sign: i64) {
        let goods = line.total() - line.reduction();
        let all = (goods + line.deposits()).times(sign);
        self.sum += all;
        self.pieces = self.pieces.saturating_add(line.quantity.saturating_mul(sign));
        if line.kind == LineKind::TopUp {
            self.top_ups = self.top_ups.saturating_add_signed(if sign < 0 { -1 } else { 1 });
        }
        if line.is_card_sale() {
            self.card_sales += all;
        } else if goods > Money::ZERO {
            let open = self.open.entry(line.vat).or_default();
            *open += goods.times(sign);
            if open.is_zero() {
                self.open.remove(&line.vat);
            }
        }
    }
}
