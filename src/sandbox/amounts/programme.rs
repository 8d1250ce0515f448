//! What a purchase earns in a loyalty programme ([`crate::wire::api::bonus`]): bonus and points,
//! and on what.
//!
//! Pure; must not know cards or transactions. Only eligible articles earn: with a white list those
//! on it, never those on the black list, and charges of the card only where the programme says so;
//! what the card only pays out earns nothing.
//! A redeemed bonus lowers what earns unless the programme goes by full prices; with lists, it does
//! so where its own articles are eligible, as the vendor has it.

use crate::money::Money;
use crate::wire::{BonusProduct, Item};

use crate::sandbox::amounts::{basket, bonus};
use crate::sandbox::fixtures::GroupFixture;

/// What a purchase adds to a card.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Earned {
    /// Minor units.
    pub(crate) bonus: Money,
    pub(crate) points: i64,
}

/// What these lines earn when `redeemed` was paid with bonus.
pub(crate) fn earned(group: &GroupFixture, items: &[Item], redeemed: &[BonusProduct]) -> Earned {
    let lines = basket::priced(items)
        .filter(|item| group.charge_earns || !basket::is_charge(item))
        .filter(|item| !basket::is_discharge(item))
        .filter(|item| eligible(group, &item.article_number, &item.ean))
        .map(basket::gross);
    let reductions = redeemed
        .iter()
        .filter(|_| !group.full_price)
        .filter(|product| eligible(group, &product.article_number, &product.ean))
        .map(|product| product.price_one.times(product.quantity));
    on(group, lines.chain(reductions).sum())
}

/// What a revenue earns that is not known by its lines.
pub(crate) fn on(group: &GroupFixture, revenue: Money) -> Earned {
    Earned {
        bonus: bonus::earned(revenue, group.bonus_percent),
        points: revenue.minor().max(0) / 100 * i64::from(group.points_per_euro),
    }
}

fn eligible(group: &GroupFixture, number: &str, ean: &str) -> bool {
    let on = |list: &[String]| {
        list.iter().any(|entry| !entry.is_empty() && (entry == number || entry == ean))
    };
    (group.white_list.is_empty() || on(&group.white_list)) && !on(&group.black_list)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{CHARGE_EAN, DISCHARGE_EANS, Tax};

    fn group() -> GroupFixture {
        GroupFixture { bonus_percent: 10, points_per_euro: 2, ..GroupFixture::new("CRG_1", "x") }
    }

    fn line(number: &str, ean: &str, quantity: i64, price: i64) -> Item {
        Item {
            article_number: number.to_owned(),
            ean: ean.to_owned(),
            quantity,
            price_one: Money(price),
            ..Item::default()
        }
    }

    fn redeemed(number: &str, price: i64) -> BonusProduct {
        BonusProduct {
            id: 9,
            article_number: number.to_owned(),
            ean: String::new(),
            quantity: 1,
            price_one: Money(-price),
            tax: Tax::whole(7),
            desc: String::new(),
        }
    }

    fn basket() -> Vec<Item> {
        vec![line("a", "1", 2, 300), line("b", "2", 1, 450), line("", CHARGE_EAN, 1, 1000)]
    }

    #[test]
    fn everything_but_charges_earns_less_what_was_redeemed() {
        let all = earned(&group(), &basket(), &[]);
        assert_eq!(all, Earned { bonus: Money(105), points: 20 });
        let reduced = earned(&group(), &basket(), &[redeemed("r", 60)]);
        assert_eq!(reduced, Earned { bonus: Money(99), points: 18 });
        let nothing = GroupFixture::new("CRG_2", "x");
        assert_eq!(earned(&nothing, &basket(), &[]), Earned::default());
    }

    #[test]
    fn lists_go_by_number_or_ean() {
        let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let white = GroupFixture { white_list: list(&["a", "2", ""]), ..group() };
        assert_eq!(earned(&white, &basket(), &[]).bonus, Money(105));
        assert_eq!(earned(&white, &basket(), &[redeemed("r", 60)]).bonus, Money(105));
        let with_bonus = GroupFixture { white_list: list(&["a", "r"]), ..group() };
        assert_eq!(earned(&with_bonus, &basket(), &[redeemed("r", 60)]).bonus, Money(54));
        let black = GroupFixture { black_list: list(&["1"]), ..group() };
        assert_eq!(earned(&black, &basket(), &[]).bonus, Money(45));
        let both = GroupFixture { white_list: list(&["a"]), black_list: list(&["1"]), ..group() };
        assert_eq!(earned(&both, &basket(), &[]), Earned::default());
    }

    #[test]
    fn charges_and_full_prices_count_where_the_programme_says_so() {
        let charge = GroupFixture { charge_earns: true, ..group() };
        assert_eq!(earned(&charge, &basket(), &[]), Earned { bonus: Money(205), points: 40 });
        let full = GroupFixture { full_price: true, ..group() };
        assert_eq!(earned(&full, &basket(), &[redeemed("r", 60)]).bonus, Money(105));
    }

    #[test]
    fn lines_of_sub_baskets_earn_and_what_is_paid_out_does_not() {
        let nested = Item {
            item_type: "sub_transaction".to_owned(),
            sum: 900.into(),
            sub_basket: vec![line("a", "", 2, 300)],
            ..Item::default()
        };
        let black = GroupFixture { black_list: vec!["a".to_owned()], ..group() };
        assert_eq!(earned(&group(), std::slice::from_ref(&nested), &[]).bonus, Money(60));
        assert_eq!(earned(&black, &[nested], &[]).bonus, Money::ZERO);
        let paid_out = [line("b", "", 1, 400), line("", DISCHARGE_EANS[0], 1, 1000)];
        assert_eq!(earned(&group(), &paid_out, &[]), Earned { bonus: Money(40), points: 8 });
    }

    #[test]
    fn returns_earn_nothing() {
        let returned = [line("a", "", -2, 300)];
        assert_eq!(earned(&group(), &returned, &[]), Earned::default());
    }
}
