//! Sums over basket lines: totals, charges, discharges, gross amounts per VAT rate.
//!
//! Works on lines that [`crate::sandbox::request`] has bounded, so the sums cannot overflow. Must not know
//! cards or their balances.

use std::collections::BTreeMap;

use crate::money::{Money, Percent};
use crate::wire::{CHARGE_EANS, DISCHARGE_EANS, Item};

/// The most one piece may cost, minor units (ten million).
pub(crate) const MOST_PRICE: i64 = 1_000_000_000;
/// The most pieces of one line.
pub(crate) const MOST_PIECES: i64 = 1_000_000;
/// The most a basket may come to, minor units (a hundred million).
pub(crate) const MOST_SUM: i64 = 10_000_000_000;
/// The most lines of a basket.
pub(crate) const MOST_LINES: usize = 10_000;

/// Whether the line loads a card.
pub(crate) fn is_charge(item: &Item) -> bool {
    CHARGE_EANS.contains(&item.ean.as_str())
}

/// Whether the line pays something out of the card.
pub(crate) fn is_discharge(item: &Item) -> bool {
    DISCHARGE_EANS.contains(&item.ean.as_str())
}

/// What one line adds to the sum: coupons take off, shares of stakeholders add nothing.
pub(crate) fn gross(item: &Item) -> Money {
    match item.item_type.as_str() {
        "sub_transaction" => Money(item.sum.as_i64().unwrap_or_default()),
        "stakeholder_payment" => Money::ZERO,
        "coupon" => Money(-item.price_one.times(item.quantity).minor().abs()),
        _ => item.price_one.times(item.quantity),
    }
}

/// The lines with a price of their own: sub-baskets are opened.
pub(crate) fn priced(items: &[Item]) -> impl Iterator<Item = &Item> {
    items.iter().flat_map(|item| {
        if item.item_type == "sub_transaction" {
            item.sub_basket.as_slice()
        } else {
            std::slice::from_ref(item)
        }
    })
}

fn sum_of(items: &[Item], wanted: impl Fn(&Item) -> bool) -> Money {
    priced(items).filter(|item| wanted(item)).map(gross).sum()
}

/// The gross amount of all lines.
pub(crate) fn total(items: &[Item]) -> Money {
    items.iter().map(gross).sum()
}

/// What the basket loads onto the card.
pub(crate) fn charge(items: &[Item]) -> Money {
    sum_of(items, is_charge)
}

/// What the basket pays out of the card.
pub(crate) fn discharge(items: &[Item]) -> Money {
    sum_of(items, is_discharge)
}

/// What a card's balance may pay: all but charges, returns taken off.
pub(crate) fn payable(items: &[Item]) -> Money {
    sum_of(items, |item| !is_charge(item))
}

/// Gross amounts of what a balance may pay, by VAT rate.
pub(crate) fn by_rate(items: &[Item]) -> BTreeMap<Percent, Money> {
    let mut rates = BTreeMap::new();
    for item in priced(items).filter(|item| !is_charge(item)) {
        *rates.entry(item.tax.rate().unwrap_or_default()).or_insert(Money::ZERO) += gross(item);
    }
    rates
}

/// The contracts that sub-baskets and shares of stakeholders are for, `None` where one is missing.
pub(crate) fn contracts(items: &[Item]) -> impl Iterator<Item = Option<&str>> {
    let nested = items.iter().flat_map(|item| &item.sub_basket);
    items
        .iter()
        .chain(nested)
        .filter(|item| matches!(item.item_type.as_str(), "sub_transaction" | "stakeholder_payment"))
        .map(|item| item.contract_id.as_str())
}

/// The highest id of the basket, 0 for an empty one.
pub(crate) fn highest_id(items: &[Item]) -> i64 {
    items.iter().map(|item| item.id).max().unwrap_or_default()
}
