//! What is sold by weight: the price of the whole is computed once and sold as one piece.

use super::{Line, Weight};
use crate::money::{Money, Notation, div_half_up};

impl Weight {
    /// The gross price of the whole, half-up.
    #[must_use]
    pub fn price(self) -> Money {
        let exact = i128::from(self.grams) * i128::from(self.per_kilo.minor());
        Money(div_half_up(exact, 1_000))
    }

    /// The weight in kilograms, to the gram: `0,512 kg`.
    #[must_use]
    pub fn kilograms(self, notation: Notation) -> String {
        let decimal = match notation {
            Notation::Comma => ',',
            Notation::Point => '.',
        };
        format!("{}{decimal}{:03} kg", self.grams / 1_000, self.grams % 1_000)
    }

    /// Weight and price as the API and the receipt say them: `0,512 kg x 2,99 EUR/kg`.
    #[must_use]
    pub fn describe(self, notation: Notation, currency: &str) -> String {
        let (weight, price) = (self.kilograms(notation), self.per_kilo.show(notation));
        format!("{weight} x {price} {currency}/kg")
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
    fn weights_are_written_to_the_gram() {
        let weight = Weight { grams: 1_005, per_kilo: Money(299) };
        assert_eq!(weight.describe(Notation::Comma, "EUR"), "1,005 kg x 2,99 EUR/kg");
        assert_eq!(weight.kilograms(Notation::Point), "1.005 kg");
    }
}
