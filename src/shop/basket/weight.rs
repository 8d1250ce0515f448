//! What is sold by weight: the price of the whole is computed once and sold as one piece.

use super::{Line, Weight};
use crate::money::{Money, Notation, div_half_up};

impl Weight {
    /// Reads a weight as it is typed: grams, or kilograms with a decimal sign and at most three
    /// decimals. In grams, at most six digits; `None` for anything else.
    #[must_use]
    pub fn parse(typed: &str) -> Option<u32> {
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let grams = match typed.split_once([',', '.']) {
            None if digits(typed) => typed.parse::<u32>().ok()?,
            Some((whole, rest)) if digits(whole) && digits(rest) && rest.len() <= 3 => {
                let whole = if whole.is_empty() { 0 } else { whole.parse::<u32>().ok()? };
                whole.checked_mul(1_000)? + format!("{rest:0<3}").parse::<u32>().ok()?
            }
            _ => return None,
        };
        (grams <= 999_999 && typed.len() <= 8).then_some(grams)
    }

    /// The gross price of the whole, half-up.
    #[must_use]
    pub fn price(self) -> Money {
        let exact = i128::from(self.grams) * i128::from(self.per_kilo.minor());
        Money(div_half_up(exact, 1_000))
    }

    /// So many grams as kilograms, without the unit: `0,512`.
    #[must_use]
    pub fn kilograms(grams: u32, notation: Notation) -> String {
        let decimal = match notation {
            Notation::Comma => ',',
            Notation::Point => '.',
        };
        format!("{}{decimal}{:03}", grams / 1_000, grams % 1_000)
    }

    /// Weight and price as the API and the receipt say them: `0,512 kg x 2,99 EUR/kg`.
    #[must_use]
    pub fn describe(self, notation: Notation, currency: &str) -> String {
        let weight = Self::kilograms(self.grams, notation);
        format!("{weight} kg x {} {currency}/kg", self.per_kilo.show(notation))
    }
}

impl Line {
    /// The same line, sold by weight: its price is that of the whole.
    #[must_use]
    pub fn weighed(self, weight: Weight) -> Self {
        Self { price: weight.price(), weight: Some(weight), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_is_rounded_once_and_half_up() {
        for (grams, per_kilo, price) in [
            (512, 299, 153),
            (1_000, 299, 299),
            (500, 299, 150),
            (1, 299, 0),
            (99_999, 9_999_999, 999_989_900),
        ] {
            let weight = Weight { grams, per_kilo: Money(per_kilo) };
            assert_eq!(weight.price(), Money(price), "{grams} g at {per_kilo}");
        }
    }

    #[test]
    fn weights_are_typed_in_grams_or_in_kilograms() {
        for (typed, grams) in [
            ("512", 512),
            ("0,512", 512),
            ("1.5", 1_500),
            (",05", 50),
            ("2,", 2_000),
            ("999999", 999_999),
        ] {
            assert_eq!(Weight::parse(typed), Some(grams), "{typed}");
        }
        for typed in ["", "1,2345", "1,2,3", "-5", "1000000", "1000,5", "1kg", "4006381333931"] {
            assert_eq!(Weight::parse(typed), None, "{typed}");
        }
    }

    #[test]
    fn weights_are_written_to_the_gram() {
        let weight = Weight { grams: 1_005, per_kilo: Money(299) };
        assert_eq!(weight.describe(Notation::Comma, "EUR"), "1,005 kg x 2,99 EUR/kg");
        assert_eq!(Weight::kilograms(weight.grams, Notation::Point), "1.005");
    }
}
