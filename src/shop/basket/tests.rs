#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use proptest::prelude::*;

use super::*;
use crate::money::Percent;
use crate::wire::DISCHARGE_EANS;

fn goods(quantity: i64, price: i64, rate: u8) -> Line {
    let vat = VatRate::whole(rate);
    Line { quantity, price: Money(price), vat, sent_vat: vat, ..Line::default() }
}

fn discount(off: Off) -> Discount {
    Discount { off, text: "Rabatt".into(), reason: None, coupon: None }
}

fn percent(percent: u8) -> Discount {
    discount(Off::Percent(Percent::whole(percent)))
}

fn amount(amount: i64) -> Discount {
    discount(Off::Amount(Money(amount)))
}

fn deposit(price: i64, rate: u8) -> Deposit {
    let vat = VatRate::whole(rate);
    Deposit { price: Money(price), vat, ..Deposit::default() }
}

fn basket(lines: impl IntoIterator<Item = Line>) -> Basket {
    let mut basket = Basket::default();
    for line in lines {
        basket.add(line).unwrap();
    }
    basket
}

/// Kind, quantity, price and whole rate of each row.
fn rows(basket: &Basket) -> Vec<(RowKind, i64, i64, u16)> {
    basket
        .rows()
        .map(|row| (row.kind, row.quantity, row.price.0, row.vat.hundredths() / 100))
        .collect()
}

#[test]
fn discount_and_deposit_of_a_line_are_rows_right_below_it() {
    use RowKind::{Article, Deposit, Discount};
    let basket = basket([
        Line {
            discount: Some(percent(10)),
            deposit: Some(Box::new(deposit(25, 19))),
            ..goods(3, 99, 7)
        },
        goods(1, 500, 19),
    ]);
    assert_eq!(
        rows(&basket),
        [(Article, 3, 99, 7), (Discount, 1, -30, 7), (Deposit, 3, 25, 19), (Article, 1, 500, 19)]
    );
    assert_eq!((basket.sum(), basket.saved(), basket.pieces()), (Money(842), Money(30), 4));
}

#[test]
fn the_discount_of_a_return_line_is_kept_and_its_deposit_goes_back() {
    use RowKind::{Article, Deposit, Discount};
    let line = Line {
        discount: Some(percent(10)),
        deposit: Some(Box::new(deposit(25, 19))),
        ..goods(-2, 500, 7)
    };
    let basket = basket([line]);
    assert_eq!(
        rows(&basket),
        [(Article, -2, 500, 7), (Discount, 1, 100, 7), (Deposit, -2, 25, 19)]
    );
    assert_eq!((basket.sum(), basket.saved()), (Money(-950), Money(-100)));
}

#[test]
fn discounts_of_the_sale_are_spread_over_the_rates_each_on_what_is_left() {
    let mut basket = basket([goods(1, 598, 7), goods(2, 99, 19)]);
    basket.set_discounts(vec![amount(20), percent(50)]).unwrap();
    let ends: Vec<_> = basket.sale_rows().map(|row| (row.price.0, row.vat.hundredths())).collect();
    assert_eq!(ends, [(-15, 700), (-5, 1900), (-292, 700), (-96, 1900)]);
    assert_eq!((basket.sum(), basket.saved()), (Money(388), Money(408)));
}

#[test]
fn a_deal_of_the_sale_lowers_goods_to_its_price() {
    let mut basket = basket([
        Line { deposit: Some(Box::new(deposit(25, 19))), ..goods(2, 300, 7) },
        Line { kind: LineKind::TopUp, ..goods(1, 1000, 0) },
    ]);
    basket.set_discounts(vec![discount(Off::Deal(Money(500)))]).unwrap();
    assert_eq!(basket.sum(), Money(1550));
    basket.set_discounts(vec![discount(Off::Deal(Money(600)))]).unwrap();
    assert_eq!((basket.sum(), basket.sale_rows().count()), (Money(1650), 0));
}

#[test]
fn money_on_cards_returns_and_deposits_are_not_discounted() {
    let mut basket = basket([
        Line { kind: LineKind::TopUp, ..goods(1, 1000, 0) },
        Line { ean: Some(DISCHARGE_EANS[0].into()), ..goods(1, 500, 0) },
        Line { deposit: Some(Box::new(deposit(100, 19))), ..goods(1, 200, 7) },
        goods(-1, 50, 7),
    ]);
    basket.set_discounts(vec![percent(100)]).unwrap();
    let off: Vec<_> = basket.sale_rows().map(|row| row.price.0).collect();
    assert_eq!((off, basket.sum()), (vec![-200], Money(1550)));
}

#[test]
fn a_discount_of_the_sale_never_makes_its_goods_negative() {
    let mut basket = basket([
        goods(1, 1000, 19),
        goods(-1, 900, 7),
        Line { kind: LineKind::TopUp, ..goods(1, 5000, 0) },
    ]);
    basket.set_discounts(vec![percent(50), amount(100)]).unwrap();
    assert_eq!((basket.sum(), basket.saved()), (Money(5000), Money(100)));
    basket.add(goods(-1, 100, 7)).unwrap();
    assert_eq!((basket.sum(), basket.saved()), (Money(5000), Money(0)));
}

#[test]
fn pieces_that_a_line_loses_are_kept_among_the_voided() {
    let mut basket = basket([Line { discount: Some(percent(10)), ..goods(5, 100, 7) }]);
    let five = basket.lines()[0].clone();
    basket.replace(0, Line { quantity: 2, ..five.clone() }).unwrap();
    basket.replace(0, Line { quantity: 4, ..five.clone() }).unwrap();
    basket.replace(0, Line { price: Money(90), ..basket.lines()[0].clone() }).unwrap();
    basket.replace(0, Line { quantity: -1, ..basket.lines()[0].clone() }).unwrap();
    let voided: Vec<_> = basket.voided().iter().map(|l| (l.quantity, l.price.0)).collect();
    assert_eq!(voided, [(3, 100), (4, 90)]);
    assert_eq!(basket.sum(), Money(-81));
}

#[test]
fn what_goes_beyond_the_limits_changes_nothing() {
    let mut full = basket([goods(1, 100, 7), Line { kind: LineKind::TopUp, ..goods(1, 100, 0) }]);
    let before = full.clone();
    let line = full.lines()[0].clone();
    let card = full.lines()[1].clone();
    for (error, line) in [
        (BasketError::Quantity, Line { quantity: 0, ..line.clone() }),
        (BasketError::Quantity, Line { quantity: MAX_QUANTITY + 1, ..goods(1, 0, 7) }),
        (BasketError::Quantity, Line { quantity: i64::MIN, ..line.clone() }),
        (BasketError::LineTooLarge, goods(1, MAX_LINE.0 + 1, 7)),
        (BasketError::LineTooLarge, goods(-1, MAX_LINE.0 + 1, 7)),
        (
            BasketError::LineTooLarge,
            Line { deposit: Some(Box::new(deposit(MAX_LINE.0, 7))), ..goods(2, 1, 7) },
        ),
        (BasketError::NoDiscount, Line { discount: Some(percent(101)), ..line.clone() }),
        (BasketError::NoDiscount, Line { discount: Some(amount(0)), ..line.clone() }),
        (BasketError::CardSale, Line { discount: Some(percent(1)), ..card.clone() }),
    ] {
        assert_eq!(full.add(line.clone()), Err(error), "{line:?}");
        let place = usize::from(line.kind == LineKind::TopUp);
        assert_eq!(full.replace(place, line.clone()), Err(error), "{line:?}");
    }
    assert_eq!(full.replace(1, Line { quantity: 2, ..card }), Err(BasketError::CardSale));
    assert_eq!(full.replace(2, line), Err(BasketError::NoLine));
    assert_eq!(full.set_discounts(vec![percent(101)]), Err(BasketError::NoDiscount));
    assert_eq!(full.set_discounts(vec![percent(1); 21]), Err(BasketError::TooManyDiscounts));
    assert_eq!(full, before);
    let mut full = basket(vec![goods(1, MAX_LINE.0, 7); 10]);
    assert_eq!(full.add(goods(1, 10, 7)), Err(BasketError::TooLarge));
    assert_eq!(full.add(goods(1, 9, 7)), Ok(()));
}

#[test]
fn a_plain_line_is_written_as_before() {
    let line = Line { name: "Roll".into(), ..goods(1, 35, 7) };
    let json = serde_json::to_string(&line).unwrap();
    assert_eq!(json, r#"{"name":"Roll","quantity":1,"price":35,"vat":7}"#);
    let stored = serde_json::to_value(basket([line])).unwrap();
    assert_eq!(stored.as_object().unwrap().len(), 3);
}

fn any_off() -> impl Strategy<Value = Off> {
    prop_oneof![
        (1..=10_000_u16).prop_map(|off| Off::Percent(Percent::of_hundredths(off))),
        (1..=200_000_i64).prop_map(|off| Off::Amount(Money(off))),
        (0..=200_000_i64).prop_map(|off| Off::Deal(Money(off))),
    ]
}

prop_compose! {
    fn any_line()(
        top_up in prop::bool::weighted(0.1),
        quantity in prop_oneof![4 => -3..=5_i64, 1 => -1_000_000..=1_000_000_i64],
        price in 0..=20_000_i64,
        rate in prop::sample::select(vec![0_u16, 550, 700, 810, 1900]),
        off in prop::option::weighted(0.3, any_off()),
        deposit in prop::option::weighted(0.3, (1..=500_i64, 0..=19_u8)),
    ) -> Line {
        let kind = if top_up { LineKind::TopUp } else { LineKind::Article };
        let vat = VatRate::of_hundredths(rate);
        Line {
            kind,
            vat,
            sent_vat: vat,
            discount: off.filter(|_| !top_up).map(discount),
            deposit: deposit.filter(|_| !top_up).map(|(price, rate)| Box::new(self::deposit(price, rate))),
            ..goods(quantity, price, 0)
        }
    }
}

#[derive(Debug, Clone)]
enum Step {
    Add(Line),
    Void(prop::sample::Index),
    Replace(prop::sample::Index, Line),
    Discounts(Vec<Off>),
}

fn any_step() -> impl Strategy<Value = Step> {
    let index = any::<prop::sample::Index>;
    prop_oneof![
        4 => any_line().prop_map(Step::Add),
        1 => index().prop_map(Step::Void),
        1 => (index(), any_line()).prop_map(|(index, line)| Step::Replace(index, line)),
        1 => prop::collection::vec(any_off(), 0..4).prop_map(Step::Discounts),
    ]
}

/// The basket as it is, against sums that are taken over all of it anew.
fn check(basket: &Basket) {
    let total = |wanted: fn(&Row<'_>) -> bool| {
        basket.rows().filter(wanted).map(|row| i128::from(row.total().0)).sum::<i128>()
    };
    assert_eq!(i128::from(basket.sum().0), total(|_| true));
    assert_eq!(i128::from(basket.saved().0), -total(|row| row.kind == RowKind::Discount));
    let lines = basket.lines();
    assert_eq!(basket.pieces(), lines.iter().map(|line| line.quantity).sum::<i64>());
    let top_up = lines.iter().any(|line| line.kind == LineKind::TopUp);
    assert_eq!(basket.has_top_up(), top_up);
    let heights = lines.iter().map(Line::height).sum::<usize>() + basket.sale_rows().count();
    assert_eq!(heights, basket.rows().count());
    for row in basket.rows() {
        assert!((-MAX_LINE..=MAX_LINE).contains(&row.total()) || row.line.is_none(), "{row:?}");
    }
    let plain = total(|row| row.line.is_some());
    assert!(total(|_| true) >= plain.min(0), "a discount made the sum negative");
}

proptest! {
    #[test]
    fn what_is_counted_is_what_the_rows_come_to(
        steps in prop::collection::vec(any_step(), 0..40),
    ) {
        let mut basket = Basket::default();
        for step in steps {
            let count = basket.lines().len();
            match step {
                // Whatever is refused must leave the counts as they are, too.
                Step::Add(line) => {
                    let _ = basket.add(line);
                }
                Step::Void(index) if count == 0 => {
                    assert_eq!(basket.void(index.index(1)), None);
                }
                Step::Void(index) => {
                    let index = index.index(count);
                    let taken = basket.lines()[index].clone();
                    assert_eq!(basket.void(index), Some(&taken));
                }
                Step::Replace(index, line) => {
                    let _ = basket.replace(index.index(count + 1), line);
                }
                Step::Discounts(offs) => {
                    basket.set_discounts(offs.into_iter().map(discount).collect()).unwrap();
                }
            }
            check(&basket);
        }
        let stored = serde_json::to_value(&basket).unwrap();
        let read: Basket = serde_json::from_value(stored).unwrap();
        assert_eq!(read, basket);
    }
}
