//! What belongs to one customer, one prompt or one day and must not reach the next.

use jiff::civil::date;
use kasse::money::Money;
use kasse::shop::{Article, Catalogue, Line, Pack};
use kasse::till::{Asking, Call, Event, Message, Overlay, Settings, Step};
use kasse::wire::{ApiError, DownReason, Outcome};

use crate::till::kit::{Till, article, settings};

fn with(articles: impl IntoIterator<Item = Article>) -> Till {
    let known = settings();
    let articles = known.catalogue.iter().chain(articles).collect();
    let coupons = vec!["99XXXXXXXXXXC = 10 %".parse().unwrap()];
    let scan = kasse::shop::ScanRules { coupons, ..known.scan.clone() };
    Till::with(Settings { catalogue: Catalogue::new(articles).unwrap(), scan, ..known })
}

fn beer() -> Article {
    Article { age: Some(16), ..article("60", None, "Beer", 119, 19) }
}

fn lines(till: &Till) -> &[Line] {
    till.state.sale.basket.lines()
}

#[test]
fn a_sale_of_nothing_that_is_refused_waits_for_a_key() {
    let mut till = with([article("90", None, "Sample", 0, 7)]);
    till.press("90⏎ +").copied();
    assert_eq!(till.starts(), 1, "nothing is to be paid: no tender step");
    till.refused(ApiError { http: 422, ..ApiError::default() });
    for _ in 0..3 {
        if matches!(till.last().1, Call::Create(_)) {
            till.copied();
        }
    }
    assert_eq!(till.starts(), 1, "it is not tried again by itself");
    assert!(matches!(&till.state.sale.step, Step::Tender(tender) if tender.due.is_zero()));
    till.press("<Esc> <Esc> + +");
    assert!(till.starts() <= 2);
}

#[test]
fn codes_of_the_card_programme_sell_nothing_as_packs_or_deposits() {
    let charge = Article {
        eans: vec!["4260447149519".to_owned()],
        ..article("70", None, "Voucher", 1_500, 7)
    };
    let pack = Article {
        pack: Some(Pack { of: "70".to_owned(), pieces: 6 }),
        ..article("71", None, "Six vouchers", 0, 7)
    };
    let deposit =
        Article { deposit: Some("70".to_owned()), ..article("72", None, "Bottle", 100, 7) };
    let mut till = with([charge, pack, deposit]);
    for number in ["70⏎", "71⏎", "72⏎"] {
        till.press(number);
        assert!(lines(&till).is_empty(), "{number}");
        assert_eq!(till.said(), Some(&Message::CardCode { pays_out: false }), "{number}");
        till.press("<Esc>");
    }
}

#[test]
fn the_next_customer_has_neither_discount_nor_age_of_the_one_who_left() {
    let mut till = with([beer()]);
    let coupon = ('0'..='9')
        .map(|check| format!("990000000001{check}"))
        .find(|code| kasse::shop::ean_check_digit_ok(code))
        .unwrap();
    till.press("60⏎ <Right>").press(&coupon).press("⏎");
    assert_eq!((lines(&till).len(), till.state.sale.basket.discounts().len()), (1, 1));
    till.press("<F8>");
    assert!(till.state.sale.basket.discounts().is_empty());
    assert_eq!(till.replayed().sale.basket.discounts(), till.state.sale.basket.discounts());

    till.press("30037⏎");
    assert_eq!(till.state.sale.basket.sum(), Money(349));
    till.press("<F8> 60⏎");
    assert!(lines(&till).is_empty());
    assert!(matches!(till.state.overlays.last(), Some(Overlay::Age(_))));
}

#[test]
fn what_a_prompt_holds_is_no_amount_given() {
    let mut till = Till::new();
    till.press("30037⏎ + <End> 10").copied();
    assert!(matches!(till.state.sale.step, Step::Basket(None)), "{:?}", till.state.sale.step);
    assert!(matches!(till.state.overlays.last(), Some(Overlay::Ask(_))));
    till.press("<Right>");
    assert_eq!(till.state.sale.basket.sum(), Money(314));
}

#[test]
fn what_is_typed_into_a_question_that_is_left_means_nothing_elsewhere() {
    let open = Article { price: None, ..article("250", None, "Flowers", 0, 7) };
    let mut till = with([beer(), open]);
    till.press("250⏎");
    assert!(matches!(till.state.overlays.last(),
        Some(Overlay::Ask(asking)) if matches!(**asking, Asking::Price(..))));
    till.press("250 <Left> ⏎");
    assert!(lines(&till).is_empty() && till.state.entry.text.is_empty());
    till.press("60⏎ 18 <Left>");
    assert!(till.state.entry.text.is_empty() && lines(&till).is_empty());
}

#[test]
fn other_articles_do_not_make_a_look_up_sell() {
    let mut till = Till::new();
    till.press("<F2> sandwich");
    till.event(Event::Articles(5));
    till.press("<Down> ⏎");
    assert!(lines(&till).is_empty(), "{:?}", till.state.overlays.last());
}

#[test]
fn a_day_that_begins_while_a_payment_does_not_leave_counts_for_the_next_one() {
    let class = kasse::shop::Vat::Class("food".to_owned());
    let soup = Article { vat: class, ..article("80", None, "Soup", 450, 0) };
    let mut till = with([soup]);
    let lines = ["food 19, 7 from 2026-01-01".parse().unwrap()];
    till.settings.vat = kasse::shop::VatClasses::new(lines).unwrap();
    till.event(Event::Day(date(2025, 12, 31)));
    till.press("80⏎ +").copied().press("+");
    till.event(Event::Day(date(2026, 1, 1)));
    till.reply(Outcome::Down(DownReason::NoConnection));
    let rate = till.state.sale.basket.lines()[0].vat;
    assert_eq!(rate, kasse::shop::VatRate::whole(7));
    assert!(!matches!(till.state.sale.step, Step::Tender(_)), "it is sent anew first");
}

#[test]
fn more_than_nine_pieces_do_not_come_back_by_a_key() {
    let mut till = Till::new();
    till.press("1- 51⏎ 500<Home>");
    assert_eq!(lines(&till)[0].quantity, -1);
    assert_eq!(till.said(), Some(&Message::QuantityOutOfRange(9)));
    till.press("<Esc> <Esc> 9<Home>");
    assert_eq!(lines(&till)[0].quantity, -9);
}
