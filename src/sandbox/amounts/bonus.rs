//! Bonus arithmetic ([`crate::wire::api::bonus`]): how a redeemed bonus is split over the VAT
//! rates, and how much bonus a purchase earns. Pure; must not know cards or transactions.

use std::collections::BTreeMap;

use crate::money::{Money, div_half_up};
use crate::wire::{BonusProduct, Item};

use crate::sandbox::fixtures::BonusProductFixture;

/// Splits `bonus` over the VAT rates in proportion to `gross` (rate → gross amount).
///
/// Largest remainder: the parts sum up to `bonus` exactly, each is its exact share rounded down or
/// up, and none exceeds its rate's gross while `bonus` does not exceed them all. A rate that
/// returned more than it sold takes no part. Equal remainders go to the larger amount, then to the
/// lower rate.
pub(crate) fn split(bonus: Money, gross: &BTreeMap<i64, Money>) -> BTreeMap<i64, Money> {
    let total: i128 = gross.values().map(|amount| i128::from(amount.minor().max(0))).sum();
    let bonus = i128::from(bonus.minor());
    if total <= 0 || bonus <= 0 {
        return BTreeMap::new();
    }
    let mut shares: Vec<Share> = gross
        .iter()
        .filter(|(_, amount)| amount.minor() > 0)
        .map(|(tax, amount)| {
            let exact = bonus * i128::from(amount.minor());
            Share { tax: *tax, weight: amount.minor(), floor: exact / total, rest: exact % total }
        })
        .collect();
    let mut left = bonus - shares.iter().map(|share| share.floor).sum::<i128>();
    shares.sort_by_key(|share| (-share.rest, -share.weight, share.tax));
    for share in &mut shares {
        if left > 0 {
            share.floor += 1;
            left -= 1;
        }
    }
    shares
        .into_iter()
        .filter_map(|share| Some((share.tax, Money(i64::try_from(share.floor).ok()?))))
        .filter(|(_, part)| !part.is_zero())
        .collect()
}

struct Share {
    tax: i64,
    weight: i64,
    floor: i128,
    rest: i128,
}

/// The bonus lines of a split, by ascending rate, numbered on from the basket's highest id and
/// called as the programme calls them.
pub(crate) fn products(
    parts: &BTreeMap<i64, Money>,
    highest_id: i64,
    named: &[BonusProductFixture],
) -> Vec<BonusProduct> {
    parts
        .iter()
        .zip(1..)
        .map(|((tax, part), step)| {
            let named = named.iter().find(|product| product.tax == *tax);
            let (article_number, ean, desc) = match named {
                Some(product) => {
                    (product.article_number.clone(), product.ean.clone(), product.desc.clone())
                }
                None => (format!("1110000{tax:02}"), String::new(), format!("Bonus VAT {tax}%")),
            };
            BonusProduct {
                id: highest_id.saturating_add(step),
                article_number,
                ean,
                quantity: 1,
                price_one: -*part,
                tax: *tax,
                desc,
            }
        })
        .collect()
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
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn gross(amounts: &[(i64, i64)]) -> BTreeMap<i64, Money> {
        amounts.iter().map(|(tax, amount)| (*tax, Money(*amount))).collect()
    }

    #[test]
    fn the_documented_example_splits_as_printed() {
        let parts = split(Money(20), &gross(&[(7, 598), (19, 198)]));
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
    fn returns_and_empty_shares_take_no_part() {
        assert_eq!(split(Money(10), &gross(&[(7, 100), (19, -50)])), gross(&[(7, 10)]));
        assert_eq!(split(Money(1), &gross(&[(7, 100), (19, 99)])), gross(&[(7, 1)]));
        assert!(split(Money(10), &gross(&[(7, 0)])).is_empty());
        assert!(split(Money(0), &gross(&[(7, 5)])).is_empty());
    }

    #[test]
    fn ties_go_to_the_lower_rate() {
        assert_eq!(split(Money(1), &gross(&[(7, 50), (19, 50)])), gross(&[(7, 1)]));
    }

    #[test]
    fn ten_percent_is_rounded_half_up() {
        assert_eq!(earned(Money(776), 10), Money(78));
        assert_eq!(earned(Money(774), 10), Money(77));
        assert_eq!(earned(Money(775), 10), Money(78));
        assert_eq!(earned(Money(-500), 10), Money::ZERO);
    }

    proptest! {
        #[test]
        fn a_split_is_exact_and_within_one_cent_of_proportional(
            amounts in proptest::collection::btree_map(0_i64..=25, -5_000_i64..9_999_999, 1..6),
            portion in 1_i64..=1_000,
        ) {
            let gross: BTreeMap<i64, Money> =
                amounts.into_iter().map(|(tax, amount)| (tax, Money(amount))).collect();
            let total: i64 = gross.values().map(|amount| amount.minor().max(0)).sum();
            let bonus = total / 1_000 * portion;
            let parts = split(Money(bonus), &gross);
            let spread: i64 = parts.values().map(|part| part.minor()).sum();
            prop_assert_eq!(spread, bonus);
            for (tax, part) in &parts {
                let weight = i128::from(gross.get(tax).unwrap().minor());
                let off = i128::from(part.minor()) * i128::from(total) - i128::from(bonus) * weight;
                prop_assert!(off.abs() < i128::from(total), "{tax}: {part:?}");
                prop_assert!(i128::from(part.minor()) <= weight);
                prop_assert!(part.minor() > 0);
            }
        }
    }
}
