//! Percentages with two decimals: VAT rates and discounts.

use std::fmt;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Money, Notation, div_half_up};

/// A percentage in hundredths: 19 % is 1,900, 8.1 % is 810.
///
/// Serialised as a JSON number in percent, whole ones without a point: `19`, `8.1`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Percent(u16);

impl Percent {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// A whole percentage.
    #[must_use]
    pub const fn whole(percent: u8) -> Self {
        Self(percent as u16 * 100)
    }

    /// A percentage of so many hundredths.
    #[must_use]
    pub const fn of_hundredths(hundredths: u16) -> Self {
        Self(hundredths)
    }

    /// Hundredths of a percent.
    #[must_use]
    pub const fn hundredths(self) -> u16 {
        self.0
    }

    /// Reads `19`, `8.1`, `8,1`, `19 %` or `5,50%`: at most two decimals, from 0 to 655.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_suffix('%').unwrap_or(text).trim_end();
        let (whole, decimals) = text.split_once([',', '.']).unwrap_or((text, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || whole.len() > 3 || !digits(whole) || !digits(decimals) {
            return None;
        }
        // Zeros behind the second decimal change nothing: 8.1000.
        let decimals = decimals.trim_end_matches('0');
        let hundredths = match decimals.len() {
            0 => 0,
            1 => decimals.parse::<u32>().ok()? * 10,
            2 => decimals.parse::<u32>().ok()?,
            _ => return None,
        };
        u16::try_from(whole.parse::<u32>().ok()? * 100 + hundredths).ok().map(Self)
    }

    /// This percentage of `amount`, half-up.
    #[must_use]
    pub fn of(self, amount: Money) -> Money {
        Money(div_half_up(i128::from(amount.minor()) * i128::from(self.0), 10_000))
    }

    /// The number in the given notation, without the sign: `19`, `8,1`.
    #[must_use]
    pub fn show(self, notation: Notation) -> String {
        let (_, decimal) = notation.separators();
        let (whole, hundredths) = (self.0 / 100, self.0 % 100);
        match (hundredths, hundredths % 10) {
            (0, _) => whole.to_string(),
            (_, 0) => format!("{whole}{decimal}{}", hundredths / 10),
            _ => format!("{whole}{decimal}{hundredths:02}"),
        }
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} %", self.show(Notation::Point))
    }
}

impl Serialize for Percent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_hundredths(self.0.into(), serializer)
    }
}

/// Writes hundredths as a number with as many decimals as it needs; those of very large ones are
/// left out.
///
/// # Errors
/// Those of `serializer`.
pub fn serialize_hundredths<S: Serializer>(
    hundredths: i64,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match i32::try_from(hundredths) {
        // The nearest binary number is written as the shortest decimal one: 8.1.
        Ok(hundredths) if hundredths % 100 != 0 => {
            serializer.serialize_f64(f64::from(hundredths) / 100.0)
        }
        _ => serializer.serialize_i64(hundredths / 100),
    }
}

impl<'de> Deserialize<'de> for Percent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyNumber)
    }
}

struct AnyNumber;

impl Visitor<'_> for AnyNumber {
    type Value = Percent;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a percentage from 0 to 655 with at most two decimals")
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Percent, E> {
        let hundredths = value.checked_mul(100).and_then(|value| u16::try_from(value).ok());
        hundredths
            .map(Percent)
            .ok_or_else(|| E::invalid_value(de::Unexpected::Unsigned(value), &self))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Percent, E> {
        match u64::try_from(value) {
            Ok(whole) => self.visit_u64(whole),
            Err(_) => Err(E::invalid_value(de::Unexpected::Signed(value), &self)),
        }
    }

    /// The decimal number that is written, not the binary one.
    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Percent, E> {
        Percent::parse(&value.to_string())
            .ok_or_else(|| E::invalid_value(de::Unexpected::Float(value), &self))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn percentages_are_read_as_people_write_them() {
        for (text, hundredths) in [
            ("19", 1900),
            ("7 %", 700),
            ("8.1", 810),
            ("8,1%", 810),
            ("5,50 %", 550),
            ("0", 0),
            ("2.05", 205),
            ("7.0000", 700),
        ] {
            assert_eq!(Percent::parse(text), Some(Percent(hundredths)), "{text}");
        }
        for text in ["", "%", ".5", "-7", "8.125", "1e1", "656", "7 7", "7,1,1", "+7"] {
            assert_eq!(Percent::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_percentage_is_a_json_number_in_percent() {
        for (hundredths, json) in
            [(1900, "19"), (810, "8.1"), (205, "2.05"), (0, "0"), (29, "0.29")]
        {
            assert_eq!(serde_json::to_string(&Percent(hundredths)).unwrap(), json);
            assert_eq!(serde_json::from_str::<Percent>(json).unwrap(), Percent(hundredths));
        }
        for wrong in ["-1", "8.125", "1000", "\"7\"", "null"] {
            assert!(serde_json::from_str::<Percent>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_percentage_reads_back_from_each_of_its_forms() {
        for percent in (0..=u16::MAX).map(Percent) {
            let json = serde_json::to_string(&percent).unwrap();
            assert_eq!(serde_json::from_str::<Percent>(&json).unwrap(), percent, "{json}");
            for notation in [Notation::Comma, Notation::Point] {
                assert_eq!(Percent::parse(&percent.show(notation)), Some(percent));
            }
        }
    }

    #[test]
    fn a_share_is_rounded_half_away_from_zero() {
        assert_eq!(Percent::whole(10).of(Money(776)), Money(78));
        assert_eq!(Percent::whole(10).of(Money(-775)), Money(-78));
        assert_eq!(Percent::of_hundredths(1250).of(Money(800)), Money(100));
    }
}
