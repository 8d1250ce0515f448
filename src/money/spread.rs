//! An amount spread over several in proportion to them, without losing or making a cent.

use std::collections::BTreeMap;

use super::Money;

/// One part while it is worked out.
struct Share<K> {
    key: K,
    weight: i64,
    floor: i128,
    rest: i128,
}

/// Spreads `amount` over the keys in proportion to their `weights`, by largest remainder.
///
/// The parts sum up to `amount` exactly, each is its exact share rounded down or up, and none
/// exceeds its weight while `amount` does not exceed them all. Weights that are not positive take
/// no part, and parts of nothing are left out. Equal remainders go to the larger weight, then to
/// the lower key. Nothing is spread if `amount` or all weights are not positive.
#[must_use]
pub fn spread<K: Ord + Copy>(amount: Money, weights: &BTreeMap<K, Money>) -> BTreeMap<K, Money> {
    let total: i128 = weights.values().map(|weight| i128::from(weight.minor().max(0))).sum();
    let amount = i128::from(amount.minor());
    if total <= 0 || amount <= 0 {
        return BTreeMap::new();
    }
    let mut shares: Vec<Share<K>> = weights
        .iter()
        .filter(|(_, weight)| weight.minor() > 0)
        .map(|(key, weight)| {
            let exact = amount * i128::from(weight.minor());
            let (floor, rest) = (exact / total, exact % total);
            Share { key: *key, weight: weight.minor(), floor, rest }
        })
        .collect();
    let mut left = amount - shares.iter().map(|share| share.floor).sum::<i128>();
    shares.sort_by_key(|share| (-share.rest, -share.weight, share.key));
    for share in &mut shares {
        if left > 0 {
            share.floor += 1;
            left -= 1;
        }
    }
    shares
        .into_iter()
        .filter_map(|share| Some((share.key, Money(i64::try_from(share.floor).ok()?))))
        .filter(|(_, part)| !part.is_zero())
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    fn weights(amounts: &[(i64, i64)]) -> BTreeMap<i64, Money> {
        amounts.iter().map(|(key, amount)| (*key, Money(*amount))).collect()
    }

    #[test]
    fn negative_weights_and_empty_shares_take_no_part() {
        assert_eq!(spread(Money(10), &weights(&[(7, 100), (19, -50)])), weights(&[(7, 10)]));
        assert_eq!(spread(Money(1), &weights(&[(7, 100), (19, 99)])), weights(&[(7, 1)]));
        assert!(spread(Money(10), &weights(&[(7, 0)])).is_empty());
        assert!(spread(Money(0), &weights(&[(7, 5)])).is_empty());
    }

    #[test]
    fn equal_remainders_go_to_the_lower_key() {
        assert_eq!(spread(Money(1), &weights(&[(7, 50), (19, 50)])), weights(&[(7, 1)]));
    }

    proptest! {
        #[test]
        fn the_parts_are_exact_and_within_one_cent_of_proportional(
            amounts in proptest::collection::btree_map(0_i64..=25, -5_000_i64..9_999_999, 1..6),
            portion in 1_i64..=1_000,
        ) {
            let weights: BTreeMap<i64, Money> =
                amounts.into_iter().map(|(key, amount)| (key, Money(amount))).collect();
            let total: i64 = weights.values().map(|amount| amount.minor().max(0)).sum();
            let amount = total / 1_000 * portion;
            let parts = spread(Money(amount), &weights);
            prop_assert_eq!(parts.values().map(|part| part.minor()).sum::<i64>(), amount);
            for (key, part) in &parts {
                let weight = i128::from(weights.get(key).unwrap().minor());
                let exact = i128::from(amount) * weight;
                let off = i128::from(part.minor()) * i128::from(total) - exact;
                prop_assert!(off.abs() < i128::from(total), "{key}: {part:?}");
                prop_assert!(i128::from(part.minor()) <= weight);
                prop_assert!(part.minor() > 0);
            }
        }
    }
}
