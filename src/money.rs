//! Money in integer minor units, its notation, and the one rounding rule.
//!
//! Owns amounts and percentages, their parsing from what a cashier types and their printed form.
//! Must not know articles, the API or the screen, and must never use floats.

mod percent;
mod spread;

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use percent::{Percent, serialize_hundredths};
pub use spread::spread;

/// An amount in the smallest unit of its currency (euro cents), as the API counts.
///
/// Arithmetic saturates instead of wrapping: a till that meets 9·10¹⁶ EUR shows an absurd number
/// rather than a plausible wrong one. Amounts that people enter are bounded far below by
/// [`parse_amount`] and by the basket's own limits.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(transparent)]
pub struct Money(pub i64);

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// The amount in minor units.
    #[must_use]
    pub const fn minor(self) -> i64 {
        self.0
    }

    /// `self × quantity`, saturating.
    #[must_use]
    pub const fn times(self, quantity: i64) -> Self {
        Self(self.0.saturating_mul(quantity))
    }

    /// True below zero.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// True at exactly zero.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The amount in the given notation with two decimals and grouped thousands: `1.234,50`.
    #[must_use]
    pub fn show(self, notation: Notation) -> String {
        let (group, decimal) = notation.separators();
        let magnitude = self.0.unsigned_abs();
        let whole = (magnitude / 100).to_string();
        let mut out = String::with_capacity(whole.len() + whole.len() / 3 + 4);
        if self.0 < 0 {
            out.push('-');
        }
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index).is_multiple_of(3) {
                out.push(group);
            }
            out.push(digit);
        }
        out.push(decimal);
        let cents = magnitude % 100;
        out.push(char::from(b'0' + u8::try_from(cents / 10).unwrap_or(0)));
        out.push(char::from(b'0' + u8::try_from(cents % 10).unwrap_or(0)));
        out
    }
}

impl Add for Money {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Money {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Neg for Money {
    type Output = Self;
    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

/// How amounts are written: the decimal sign and the thousands sign.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Notation {
    /// `1.234,50`, as in Germany.
    #[default]
    Comma,
    /// `1,234.50`, as in English texts.
    Point,
}

impl Notation {
    const fn separators(self) -> (char, char) {
        match self {
            Self::Comma => ('.', ','),
            Self::Point => (',', '.'),
        }
    }
}

impl fmt::Display for Notation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Comma => "1.234,50",
            Self::Point => "1,234.50",
        })
    }
}

/// Reads an amount as typed on the number pad: `20`, `20,5`, `20.50` or `,50`.
///
/// Without a decimal sign the number counts whole units, or minor units when `implied_cents` is
/// set. Returns `None` for anything else: two decimal signs, three decimals, other characters,
/// more than nine digits.
#[must_use]
pub fn parse_amount(typed: &str, implied_cents: bool) -> Option<Money> {
    if !typed.chars().all(|c| c.is_ascii_digit() || c == ',' || c == '.') {
        return None;
    }
    let digits = typed.chars().filter(char::is_ascii_digit).count();
    if digits == 0 || digits > 9 {
        return None;
    }
    let number = |text: &str| if text.is_empty() { Some(0) } else { text.parse::<i64>().ok() };
    match typed.split_once([',', '.']) {
        None => number(typed).map(|n| Money(if implied_cents { n } else { n.saturating_mul(100) })),
        Some((whole, cents)) => {
            let factor = match cents.len() {
                0 => 0,
                1 => 10,
                2 => 1,
                _ => return None,
            };
            Some(Money(number(whole)?.saturating_mul(100)) + Money(number(cents)? * factor))
        }
    }
}

/// `numerator / denominator` rounded half away from zero ("half-up" for amounts of both signs).
///
/// A denominator of zero gives zero; callers pass constants or sums they have checked.
#[must_use]
pub fn div_half_up(numerator: i128, denominator: i128) -> i64 {
    if denominator == 0 {
        return 0;
    }
    let sign = if (numerator < 0) == (denominator < 0) { 1 } else { -1 };
    let (n, d) = (numerator.unsigned_abs(), denominator.unsigned_abs());
    let rounded = i128::try_from((n + d / 2) / d).unwrap_or(i128::MAX);
    // `d / 2` rounds down for odd divisors, which is right: no remainder equals exactly d/2 there.
    i64::try_from(sign * rounded).unwrap_or(if sign > 0 { i64::MAX } else { i64::MIN })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_in_the_local_notation() {
        assert_eq!(Money(1500).show(Notation::Comma), "15,00");
        assert_eq!(Money(123_456_789).show(Notation::Comma), "1.234.567,89");
        assert_eq!(Money(100_000).show(Notation::Point), "1,000.00");
        assert_eq!(Money(-5).show(Notation::Point), "-0.05");
        assert_eq!(Money(i64::MIN).show(Notation::Point), "-92,233,720,368,547,758.08");
    }

    #[test]
    fn amounts_with_comma_or_point_are_parsed_and_others_refused() {
        for (typed, cents) in
            [("20", 2000), ("20,5", 2050), ("20.05", 2005), (",5", 50), ("7,", 700)]
        {
            assert_eq!(parse_amount(typed, false), Some(Money(cents)), "{typed}");
        }
        assert_eq!(parse_amount("20", true), Some(Money(20)));
        assert_eq!(parse_amount("20,00", true), Some(Money(2000)));
        for typed in ["", ",", "1,234", "1,2,3", "-5", "5 ", "1234567890"] {
            assert_eq!(parse_amount(typed, false), None, "{typed:?}");
        }
    }

    #[test]
    fn halves_round_away_from_zero() {
        assert_eq!(div_half_up(5, 2), 3);
        assert_eq!(div_half_up(-5, 2), -3);
        assert_eq!(div_half_up(776 * 10, 100), 78);
        assert_eq!(div_half_up(1, 3), 0);
        assert_eq!(div_half_up(2, 3), 1);
    }
}
