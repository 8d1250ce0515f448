//! VAT contained in gross prices: once per rate and document, rounded half-up.

mod classes;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::money::{Money, Percent, div_half_up};
pub use classes::{VatClass, VatClasses};

/// A VAT rate.
pub type VatRate = Percent;

/// No VAT rate is higher: more is a slip, or a price in the wrong column.
pub(super) const HIGHEST_RATE: VatRate = VatRate::whole(30);

/// One row of a VAT table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct VatLine {
    /// The rate.
    pub rate: VatRate,
    /// Gross sum at this rate.
    pub gross: Money,
    /// VAT contained in it.
    pub vat: Money,
}

/// VAT contained in a gross amount, half-up.
#[must_use]
pub fn contained(gross: Money, rate: VatRate) -> Money {
    let hundredths = i128::from(rate.hundredths());
    Money(div_half_up(i128::from(gross.minor()) * hundredths, 10_000 + hundredths))
}

/// The VAT table of gross amounts, highest rate first; amounts of one rate are summed before
/// rounding, rates without any amount are left out.
#[must_use]
pub fn table(amounts: impl IntoIterator<Item = (VatRate, Money)>) -> Vec<VatLine> {
    let mut sums: BTreeMap<VatRate, Money> = BTreeMap::new();
    for (rate, gross) in amounts {
        *sums.entry(rate).or_default() += gross;
    }
    sums.into_iter()
        .rev()
        .map(|(rate, gross)| VatLine { rate, gross, vat: contained(gross, rate) })
        .collect()
}

/// Sums redeemed bonus lines (negative prices) per rate, lowest rate first, as positive amounts.
#[must_use]
pub fn bonus_by_rate(lines: impl IntoIterator<Item = (VatRate, Money)>) -> Vec<(VatRate, Money)> {
    let mut sums: BTreeMap<VatRate, Money> = BTreeMap::new();
    for (rate, price) in lines {
        *sums.entry(rate).or_default() += -price;
    }
    sums.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_basket_before_and_after_the_bonus() {
        let before = table([(VatRate::whole(7), Money(598)), (VatRate::whole(19), Money(198))]);
        assert_eq!(before.iter().map(|l| l.vat.minor()).collect::<Vec<_>>(), [32, 39]);
        let after = table([
            (VatRate::whole(7), Money(598)),
            (VatRate::whole(19), Money(198)),
            (VatRate::whole(7), Money(-15)),
            (VatRate::whole(19), Money(-5)),
        ]);
        assert_eq!(after.iter().map(|l| l.vat.minor()).collect::<Vec<_>>(), [31, 38]);
    }
}
