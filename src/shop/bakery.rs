//! The bakery that is sold from when a shop has not named its own articles.

use super::{Catalogue, Format, import};

/// The articles as a file, an example for shops.
const BAKERY: &str = include_str!("bakery.toml");

/// The demonstration catalogue: some forty bakery articles at 7 % and 19 %.
///
/// Were the built-in file ever faulty, this would be the empty catalogue; a test reads it.
#[must_use]
pub fn demo_catalogue() -> Catalogue {
    import(BAKERY, Format::Toml).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::money::Money;
    use crate::shop::{Vat, VatRate, ean_check_digit_ok};

    #[test]
    fn the_bakery_holds_what_the_documents_sell() {
        let bakery = import(BAKERY, Format::Toml).unwrap();
        assert!((38..=50).contains(&bakery.len()), "{}", bakery.len());
        assert!(bakery.iter().eq(demo_catalogue().iter()));
        for (number, name, price, vat, ean) in [
            ("30037", "Sandwich Romano", 349, 7, None),
            ("30200", "Fruit salad, small bowl", 249, 7, None),
            ("51", "Water, mildly sprinkling, 0.25 ltr.", 99, 19, Some("4999012345678")),
        ] {
            let article = bakery.by_number(number).unwrap();
            assert_eq!((article.name.as_str(), article.price), (name, Some(Money(price))));
            let codes: Vec<_> = ean.map(str::to_owned).into_iter().collect();
            assert_eq!((article.vat, article.eans), (Vat::Rate(VatRate::whole(vat)), codes));
        }
    }

    #[test]
    fn the_bakerys_codes_but_the_documented_one_have_right_check_digits() {
        let wrong: Vec<_> = demo_catalogue()
            .iter()
            .flat_map(|article| article.eans)
            .filter(|ean| !ean_check_digit_ok(ean))
            .collect();
        assert_eq!(wrong, ["4999012345678"]);
        for rate in [7, 19].map(VatRate::whole) {
            assert!(demo_catalogue().iter().any(|article| article.vat == Vat::Rate(rate)));
        }
    }
}
