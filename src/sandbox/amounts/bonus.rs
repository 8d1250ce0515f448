//! Bonus arithmetic ([`crate::wire::api::bonus`]): the lines of a redeemed bonus that was spread
//! over the VAT rates, and how much bonus a purchase earns. Pure; must not know cards or
//! transactions.

use std::collections::BTreeMap;

use crate::money::{Money, Notation, Percent, div_half_up};
use crate::wire::{BonusProduct, Item, Tax};

use crate::sandbox::fixtures::BonusProductFixture;

/// The bonus lines of a split, by ascending rate, numbered on from the basket's highest id and
/// called as the programme calls them.
pub(crate) fn products(
    parts: &BTreeMap<Percent, Money>,
    highest_id: i64,
    named: &[BonusProductFixture],
) -> Vec<BonusProduct> {
    parts
        .iter()
        .zip(1..)
        .map(|((rate, part), step)| {
            let tax = Tax::from(*rate);
            let named = named.iter().find(|product| Tax::whole(product.tax) == tax);
            let (article_number, ean, desc) = match named {
                Some(product) => {
                    (product.article_number.clone(), product.ean.clone(), product.desc.clone())
                }
                None => unnamed(*rate),
            };
            BonusProduct {
                id: highest_id.saturating_add(step),
                article_number,
                ean,
                quantity: 1,
                price_one: -*part,
                tax,
                desc,
            }
        })
        .collect()
}

/// Number, EAN and text of a rate that the programme does not name; `111000007`, `Bonus VAT 7%`.
fn unnamed(rate: Percent) -> (String, String, String) {
    let (whole, rest) = (rate.hundredths() / 100, rate.hundredths() % 100);
    let number = match rest {
        0 => format!("1110000{whole:02}"),
        _ => format!("1110000{whole:02}{rest:02}"),
    };
    (number, String::new(), format!("Bonus VAT {}%", rate.show(Notation::Point)))
}

/// A bonus line as the basket shows it.
pub(crate) fn basket_item(product: &BonusProduct) -> Item {
    Item {
        id: product.id,
        article_number: product.article_number.clone(),
        ean: product.ean.clone(),
        desc: product.desc.clone(),
        quantity: product.quantity,
        price_one: product.price_one,
        tax: product.tax,
        item_type: "article".to_owned(),
        ..Item::default()
    }
}

/// The bonus that `revenue` earns at `percent`, rounded half-up; never negative.
pub(crate) fn earned(revenue: Money, percent: u8) -> Money {
    Money(div_half_up(i128::from(revenue.minor().max(0)) * i128::from(percent), 100))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use crate::money::spread;

    fn gross(amounts: &[(u8, i64)]) -> BTreeMap<Percent, Money> {
        amounts.iter().map(|(tax, amount)| (Percent::whole(*tax), Money(*amount))).collect()
    }

    #[test]
    fn the_documented_example_splits_as_printed() {
        let parts = spread(Money(20), &gross(&[(7, 598), (19, 198)]));
        assert_eq!(parts, gross(&[(7, 15), (19, 5)]));
        let lines = products(&parts, 3, &[]);
        let shown: Vec<_> = lines
            .iter()
            .map(|p| (p.id, p.article_number.as_str(), p.price_one.minor(), p.desc.as_str()))
            .collect();
        assert_eq!(
            shown,
            [(4, "111000007", -15, "Bonus VAT 7%"), (5, "111000019", -5, "Bonus VAT 19%")]
        );
    }

    #[test]
    fn rates_with_decimals_have_lines_of_their_own() {
        let parts = BTreeMap::from([(Percent::of_hundredths(810), Money(15))]);
        let lines = products(&parts, 3, &[]);
        let shown: Vec<_> =
            lines.iter().map(|p| (p.article_number.as_str(), p.desc.as_str())).collect();
        assert_eq!(shown, [("11100000810", "Bonus VAT 8.1%")]);
        assert_eq!(serde_json::to_value(&lines[0]).unwrap()["tax"], 8.1);
    }

    #[test]
    fn ten_percent_is_rounded_half_up() {
        assert_eq!(earned(Money(776), 10), Money(78));
        assert_eq!(earned(Money(774), 10), Money(77));
        assert_eq!(earned(Money(775), 10), Money(78));
        assert_eq!(earned(Money(-500), 10), Money::ZERO);
    }
}
