//! VAT contained in gross prices: once per rate and document, rounded half-up.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Vat;
use crate::money::{Money, Percent, div_half_up};

/// A VAT rate.
pub type VatRate = Percent;

/// The shop's VAT classes: names, and the rates that each has had and will have.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct VatClasses(BTreeMap<String, VatClass>);

/// The rates of one class by the day from which each is valid.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct VatClass(BTreeMap<Date, VatRate>);

impl VatClasses {
    /// Sets the rate of a class from `from` on; [`Date::MIN`]: since ever. False: that day has a
    /// rate already.
    pub fn set(&mut self, class: &str, from: Date, rate: VatRate) -> bool {
        self.0.entry(class.to_owned()).or_default().0.insert(from, rate).is_none()
    }

    /// The rate at which `vat` is sold on `day`; `None`: there is no such class, or it has no rate
    /// yet.
    #[must_use]
    pub fn rate(&self, vat: &Vat, day: Date) -> Option<VatRate> {
        match vat {
            Vat::Rate(rate) => Some(*rate),
            Vat::Class(class) => {
                self.0.get(class)?.0.range(..=day).next_back().map(|(_, rate)| *rate)
            }
        }
    }

    /// The class of this name, in any case, as the shop writes it.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&str> {
        let lower = name.to_lowercase();
        self.0.keys().find(|known| known.to_lowercase() == lower).map(String::as_str)
    }

    /// The names, in their order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

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
