//! The shop's own codes: labels with weight, price or pieces, and coupons.

use kasse::money::{Money, Percent};
use kasse::shop::{
    Article, Catalogue, EmbeddedPattern, Off, Unit, ean_check_digit_ok, measure_check_digit_ok,
};
use kasse::till::{Asking, Message, Overlay};

use crate::till::kit::{Till, article, settings};

/// A shop with apples at 2.99 a kilogram, ham on price labels and rolls by the piece.
fn till() -> Till {
    let mut settings = settings();
    let apples = Article { unit: Unit::Kilogram, ..article("4011", None, "Apples", 299, 7) };
    let others = [apples, article("80", None, "Ham", 1_990, 7), article("81", None, "Roll", 45, 7)];
    let articles = settings.catalogue.iter().chain(others);
    settings.catalogue = Catalogue::new(articles.collect()).unwrap();
    settings.scan.embedded = ["29IIIIIPPPPPC", "28IIIIVWWWWWC", "27IIIIIQQQQQC"]
        .map(|pattern| EmbeddedPattern::new(pattern).unwrap())
        .to_vec();
    settings.scan.coupons =
        ["99XXXXXXXXXXC = 10 %", "98XXXXXPPPPPC"].map(|pattern| pattern.parse().unwrap()).to_vec();
    Till::with(settings)
}

/// These twelve digits with their check digit.
fn code(digits: &str) -> String {
    let code = |check| format!("{digits}{check}");
    ('0'..='9').map(code).find(|code| ean_check_digit_ok(code)).unwrap()
}

/// A label with a weight and its inner check digit.
fn weighed(article: &str, weight: &str) -> String {
    let inner = ('0'..='9').find(|inner| measure_check_digit_ok(weight, *inner)).unwrap();
    code(&format!("28{article}{inner}{weight}"))
}

fn scan(till: &mut Till, code: &str) {
    till.press(code).press("⏎");
}

/// Pieces, price and grams of every line.
fn lines(till: &Till) -> Vec<(i64, i64, Option<u32>)> {
    let lines = till.state.sale.basket.lines().iter();
    lines.map(|line| (line.quantity, line.price.0, line.weight.map(|it| it.grams))).collect()
}

fn asked(till: &Till) -> Option<&Asking> {
    match till.state.overlays.last() {
        Some(Overlay::Ask(asking)) => Some(asking),
        _ => None,
    }
}

#[test]
fn a_label_sells_what_it_says() {
    let mut till = till();
    scan(&mut till, &weighed("4011", "01485"));
    scan(&mut till, &code("290008000315"));
    scan(&mut till, &code("270008100012"));
    till.press("2*");
    scan(&mut till, &weighed("4011", "00500"));
    let expected = [(1, 444, Some(1_485)), (1, 315, None), (12, 45, None), (2, 150, Some(500))];
    assert_eq!(lines(&till), expected);
    assert_eq!(till.replayed().sale.basket, till.state.sale.basket);
}

#[test]
fn a_wrong_inner_check_digit_sells_nothing() {
    let mut till = till();
    let right = ('0'..='9').find(|inner| measure_check_digit_ok("01485", *inner)).unwrap();
    for wrong in ('0'..='9').filter(|inner| *inner != right) {
        let code = code(&format!("284011{wrong}01485"));
        scan(&mut till, &code);
        assert_eq!((lines(&till), till.said()), (vec![], Some(&Message::WrongCheckDigit(code))));
        till.press("<Esc>");
    }
}

#[test]
fn a_label_that_says_0_is_asked_about() {
    for (label, typed, expected) in [
        (weighed("4011", "00000"), "512", (1, 153, Some(512))),
        (weighed("4011", "00000"), "0,512", (1, 153, Some(512))),
        (code("290008000000"), "3,15", (1, 315, None)),
        (code("270008100000"), "6", (6, 45, None)),
    ] {
        let mut till = till();
        scan(&mut till, &label);
        assert!(lines(&till).is_empty() && asked(&till).is_some(), "{label}");
        till.press(typed).press("<Right>");
        assert_eq!(lines(&till), [expected], "{label} {typed}");

        let mut till = self::till();
        scan(&mut till, &label);
        till.press("<Esc>");
        assert!(lines(&till).is_empty(), "{label}");
        assert!(matches!(till.said(), Some(Message::NotSold(_))), "{label}");
    }
}

#[test]
fn what_is_sold_by_weight_is_weighed_before_it_is_sold() {
    let mut till = till();
    till.press("4011⏎");
    assert!(matches!(asked(&till), Some(Asking::Weight(..))), "{:?}", asked(&till));
    till.press("0 <Right>");
    assert_eq!(till.said(), Some(&Message::WeightOutOfRange));
    till.press("1 <Right>");
    assert!(lines(&till).is_empty(), "one gram costs nothing: it is asked again");
    till.press("1,25 <Right>");
    assert_eq!(lines(&till), [(1, 374, Some(1_250))]);
}

#[test]
fn a_coupon_counts_once_in_a_sale() {
    let mut till = till();
    let ten = code("990000000001");
    scan(&mut till, &ten);
    assert_eq!(till.said(), Some(&Message::NoDiscount), "there is nothing to take it off");
    till.press("<Esc> 30037⏎");
    scan(&mut till, &ten);
    assert_eq!(till.state.sale.basket.sum(), Money(314));
    scan(&mut till, &ten);
    assert_eq!(till.state.sale.basket.sum(), Money(314));
    assert_eq!(till.said(), Some(&Message::CouponUsed));

    till.press("<Esc>");
    scan(&mut till, &code("981234500100"));
    assert_eq!(till.state.sale.basket.sum(), Money(214));
    let offs: Vec<_> = till.state.sale.basket.discounts().iter().map(|it| it.off).collect();
    assert_eq!(offs, [Off::Percent(Percent::whole(10)), Off::Amount(Money(100))]);
    assert_eq!(till.replayed().sale.basket, till.state.sale.basket);

    till.press("<Esc> + 20 +");
    scan(&mut till, &ten);
    assert_eq!(till.state.sale.basket.sum(), Money(214), "not in the tender step");
}
