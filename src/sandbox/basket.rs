//! Sums over basket lines: totals, charges, gross amounts per VAT rate.
//!
//! Works on lines that [`super::request`] has bounded, so the sums cannot overflow. Must not know
//! cards or their balances.

use std::collections::BTreeMap;

use crate::money::Money;
use crate::wire::{CHARGE_EANS, Item};

/// The most one piece may cost, minor units (ten million).
pub(super) const MOST_PRICE: i64 = 1_000_000_000;
/// The most pieces of one line.
pub(super) const MOST_PIECES: i64 = 1_000_000;
/// The most a basket may come to, minor units (a hundred million).
pub(super) const MOST_SUM: i64 = 10_000_000_000;
/// The most lines of a basket.
pub(super) const MOST_LINES: usize = 10_000;

/// Whether the line loads a card.
pub(super) fn is_charge(item: &Item) -> bool {
    CHARGE_EANS.contains(&item.ean.as_str())
}

/// The gross amount of one line.
pub(super) fn gross(item: &Item) -> Money {
    item.price_one.times(item.quantity)
}

/// The gross amount of all lines.
pub(super) fn total(items: &[Item]) -> Money {
    items.iter().map(gross).sum()
}

/// What the basket loads onto the card.
pub(super) fn charge(items: &[Item]) -> Money {
    items.iter().filter(|item| is_charge(item)).map(gross).sum()
}

/// What ordinary articles come to, returns taken off.
pub(super) fn ordinary(items: &[Item]) -> Money {
    items.iter().filter(|item| !is_charge(item)).map(gross).sum()
}

/// Gross amounts of ordinary articles by VAT rate.
pub(super) fn by_rate(items: &[Item]) -> BTreeMap<i64, Money> {
    let mut rates = BTreeMap::new();
    for item in items.iter().filter(|item| !is_charge(item)) {
        *rates.entry(item.tax).or_insert(Money::ZERO) += gross(item);
    }
    rates
}

/// The highest id of the basket, 0 for an empty one.
pub(super) fn highest_id(items: &[Item]) -> i64 {
    items.iter().map(|item| item.id).max().unwrap_or_default()
}
