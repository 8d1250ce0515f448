//! Discounts: what is taken off a line or off the whole sale.

use serde::{Deserialize, Serialize};

use super::MAX_LINE;
use crate::money::{Money, Percent};

/// What is taken off a line, or off the whole sale.
///
/// Only the rule is kept; the amount follows from what it lowers, whenever that changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discount {
    /// How much.
    pub off: Off,
    /// What screen, receipt and API say: `Rabatt 10 %`. Sanitised.
    pub text: String,
    /// Why, if the shop asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The code of the coupon that it was given for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coupon: Option<String>,
}

/// How much is taken off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Off {
    /// A percentage.
    Percent(Percent),
    /// An amount, at most all of it.
    Amount(Money),
    /// So much that the whole costs this; nothing if it costs no more anyway.
    Deal(Money),
}

impl Off {
    /// What is taken off `total`: of the sign of `total` (what was taken off goods is kept when
    /// they come back), and never more than it.
    #[must_use]
    pub fn of(self, total: Money) -> Money {
        let whole = if total.is_negative() { -total } else { total };
        let off = match self {
            Self::Percent(percent) => percent.of(whole),
            Self::Amount(amount) => amount,
            Self::Deal(price) => whole - price,
        };
        let off = off.clamp(Money::ZERO, whole);
        if total.is_negative() { -off } else { off }
    }

    /// Whether it can be given at all: more than nothing, at most 100 %, within one line.
    #[must_use]
    pub fn is_sound(self) -> bool {
        match self {
            Self::Percent(percent) => (1..=10_000).contains(&percent.hundredths()),
            Self::Amount(amount) => (Money(1)..=MAX_LINE).contains(&amount),
            Self::Deal(price) => (Money::ZERO..=MAX_LINE).contains(&price),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_off_has_the_sign_of_the_total_and_is_at_most_the_total() {
        let percent = |hundredths| Off::Percent(Percent::of_hundredths(hundredths));
        for (off, total, taken) in [
            (percent(1000), 775, 78),
            (percent(1000), -775, -78),
            (percent(10_000), 775, 775),
            (percent(20_000), 775, 775),
            (percent(1), 10, 0),
            (Off::Amount(Money(200)), 775, 200),
            (Off::Amount(Money(800)), 775, 775),
            (Off::Amount(Money(200)), -775, -200),
            (Off::Amount(Money(-200)), 775, 0),
            (Off::Deal(Money(500)), 775, 275),
            (Off::Deal(Money(500)), -775, -275),
            (Off::Deal(Money(775)), 775, 0),
            (Off::Deal(Money(900)), 775, 0),
            (Off::Deal(Money::ZERO), 775, 775),
            (Off::Amount(Money(5)), 0, 0),
        ] {
            assert_eq!(off.of(Money(total)), Money(taken), "{off:?} of {total}");
        }
    }
}
