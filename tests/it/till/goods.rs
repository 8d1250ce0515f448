//! Goods on their way into the basket: open prices, departments, quick keys, age, deposit, packs,
//! and prices that are only looked at.

use kasse::money::Money;
use kasse::shop::{Article, Catalogue, Department, LineKind, Pack, Vat, VatRate};
use kasse::till::{
    Added, Asking, Command, Effect, Event, Level, Message, Overlay, Quick, Reasons, Shown, Step,
};
use rstest::rstest;

use crate::till::kit::{CARD, OTHER_CARD, Till, article, settings};

/// A shop with an open price, an age limit, deposit, packs and quick keys.
pub fn shop() -> Till {
    let mut settings = settings();
    let own = [
        Article { price: None, ..article("60", Some("4012345678901"), "Flowers", 0, 7) },
        Article { age: Some(18), ..article("70", None, "Gin", 1_999, 19) },
        Article { age: Some(16), ..article("71", None, "Beer", 120, 19) },
        Article { price: None, age: Some(18), ..article("72", None, "Old wine", 0, 19) },
        Article { deposit: Some("90".to_owned()), ..article("80", None, "Cola", 150, 19) },
        Article { deposit: Some("999".to_owned()), ..article("81", None, "Lime", 150, 19) },
        Article {
            pack: Some(Pack { of: "80".to_owned(), pieces: 6 }),
            ..article("82", Some("4006381333955"), "Cola, crate", 0, 19)
        },
        Article {
            pack: Some(Pack { of: "998".to_owned(), pieces: 6 }),
            ..article("83", None, "Lime, crate", 0, 19)
        },
        Article {
            short: "Bottle".to_owned(),
            ..article("90", Some("4006381333962"), "Deposit, bottle", 25, 19)
        },
        Article {
            locked: true,
            note: "Recalled by the maker".to_owned(),
            ..article("95", None, "Spread", 299, 7)
        },
        Article { note: "Ask for the size".to_owned(), ..article("96", None, "Shirt", 990, 19) },
        Article { vat: Vat::Class("none".to_owned()), ..article("97", None, "Stamp", 80, 0) },
    ];
    settings.catalogue = Catalogue::new(settings.catalogue.iter().chain(own).collect()).unwrap();
    settings.quick = vec![
        Quick::Article("51".to_owned()),
        Quick::Article("60".to_owned()),
        Quick::Department(bread()),
        Quick::Article("777".to_owned()),
    ];
    Till::with(settings)
}

fn bread() -> Department {
    Department { name: "Bread".to_owned(), vat: Vat::Rate(VatRate::whole(7)) }
}

/// Name, pieces and price of every line.
fn lines(till: &Till) -> Vec<(String, i64, i64)> {
    let lines = till.state.sale.basket.lines().iter();
    lines.map(|line| (line.name.clone(), line.quantity, line.price.minor())).collect()
}

fn one(name: &str, quantity: i64, price: i64) -> Vec<(String, i64, i64)> {
    vec![(name.to_owned(), quantity, price)]
}

fn asks(till: &Till) -> Option<&Asking> {
    match till.state.overlays.last() {
        Some(Overlay::Ask(asking)) => Some(asking),
        _ => None,
    }
}

fn rang(till: &Till) -> bool {
    till.effects.last() == Some(&Effect::Bell)
}

#[rstest]
#[case::by_number("60⏎", 1)]
#[case::by_code("4012345678901⏎", 1)]
#[case::pieces("3*60⏎", 3)]
fn an_open_price_is_asked_for_and_taken_by_right(#[case] script: &str, #[case] pieces: i64) {
    let mut till = shop();
    till.press(script);
    let added = Added { quantity: Some(pieces), ..Added::one("60") };
    assert_eq!(asks(&till), Some(&Asking::Price("Flowers".to_owned(), added)));
    assert!(rang(&till) && till.state.entry.multiplier.is_none());
    till.press("2,50⏎");
    assert_eq!(till.said(), Some(&Message::ScanOverQuestion), "Enter takes nothing");
    assert!(lines(&till).is_empty() && till.state.entry.text.is_empty());
    till.press("<Up> 2,50 <Right>");
    assert_eq!(lines(&till), one("Flowers", pieces, 250));
    assert!(till.state.overlays.is_empty() && till.state.entry.text.is_empty());
}

#[rstest]
#[case::nothing("")]
#[case::nothing_at_all("0")]
#[case::too_many_digits("12345678")]
#[case::too_much("100000")]
#[case::no_amount("1,2,3")]
fn a_price_that_cannot_be_is_refused(#[case] typed: &str) {
    let mut till = shop();
    till.press("60⏎").press(typed).press("<Right>");
    let range = Message::AmountOutOfRange { min: Money(1), max: Money(9_999_999) };
    assert_eq!(till.said(), Some(&range));
    assert!(lines(&till).is_empty() && asks(&till).is_some());
    till.press("<Left> 5 <Right>");
    assert_eq!(lines(&till), one("Flowers", 1, 500), "the next digit starts anew");
}

#[rstest]
#[case::price("60⏎")]
#[case::price_half_typed("60⏎ 12")]
#[case::age("70⏎")]
#[case::department("<S-F9>")]
#[case::pieces("7⏎ <Home>")]
fn a_scan_over_a_question_is_refused_and_the_question_stays(#[case] script: &str) {
    for scan in ["4006381333931", "7", "]E04006381333931", CARD, "water", "-1234567", "+A12B"] {
        let mut till = shop();
        till.press(script);
        let (overlays, sale) = (till.state.overlays.clone(), till.state.sale.clone());
        for key in crate::till::kit::keys(scan) {
            till.event(Event::Key(key));
        }
        till.event(Event::Key(kasse::till::Key::Enter));
        assert_eq!(till.said(), Some(&Message::ScanOverQuestion), "{scan}");
        assert!(till.state.notice.as_ref().is_some_and(|it| it.level == Level::Error));
        assert!(till.effects.contains(&Effect::Bell), "{scan}");
        assert_eq!((&till.state.overlays, &till.state.sale), (&overlays, &sale), "{scan}");
        assert!(till.state.entry.text.is_empty(), "{scan}");
    }
}

#[test]
fn an_open_price_without_an_answer_is_said_to_be_unsold() {
    let mut till = shop();
    till.press("60⏎ 12 <Esc>");
    assert!(asks(&till).is_some() && till.state.entry.text.is_empty(), "the number goes first");
    till.press("<Esc>");
    assert_eq!(till.said(), Some(&Message::NotSold("Flowers".to_owned())));
    assert!(lines(&till).is_empty() && till.state.overlays.is_empty());
}

#[rstest]
#[case::article("250 <S-F8>", "Flowers", Some("60"))]
#[case::department("250 <S-F9>", "Bread", None)]
fn a_number_before_a_quick_key_is_its_price(
    #[case] script: &str,
    #[case] name: &str,
    #[case] number: Option<&str>,
) {
    let mut till = shop();
    till.settings.implied_cents = true;
    till.press(script);
    assert_eq!(lines(&till), one(name, 1, 250));
    let line = &till.state.sale.basket.lines()[0];
    assert_eq!((line.number.as_deref(), line.vat), (number, VatRate::whole(7)));
    assert_eq!((line.kind, till.state.entry.text.as_str()), (LineKind::Article, ""));
    till.press("3* 1,20").press(script.split(' ').next_back().unwrap());
    assert_eq!(lines(&till)[1], (name.to_owned(), 3, 120), "pieces before it count");
}

#[test]
fn a_quick_key_without_a_number_sells_at_the_listed_price_or_asks() {
    let mut till = shop();
    till.press("<S-F7>");
    assert_eq!(lines(&till), one("Water, mildly sprinkling, 0.25 ltr.", 1, 99));
    till.press("<S-F9>");
    assert_eq!(asks(&till), Some(&Asking::Department(bread())));
    till.press("3 <Right>");
    assert_eq!(lines(&till)[1], ("Bread".to_owned(), 1, 300));
}

#[test]
fn a_number_before_the_key_of_a_fixed_price_may_be_pieces_and_is_refused() {
    let mut till = shop();
    till.press("3 <S-F7>");
    let name = "Water, mildly sprinkling, 0.25 ltr.".to_owned();
    assert_eq!(till.said(), Some(&Message::PriceIsFixed(name)));
    assert!(lines(&till).is_empty() && till.state.entry.is_refused());
    till.press("3* <S-F7>");
    assert_eq!(lines(&till)[0].1, 3);
}

#[rstest]
#[case::not_in_the_catalogue("<S-F10>", Message::NotFound("777".to_owned()))]
#[case::not_configured("<S-F11>", Message::SwitchedOff(Command::Quick(5)))]
fn a_quick_key_that_sells_nothing_says_so(#[case] script: &str, #[case] why: Message) {
    let mut till = shop();
    till.press(script);
    assert_eq!(till.said(), Some(&why));
    assert!(lines(&till).is_empty());
}

#[test]
fn the_page_of_the_quick_keys_sells_by_right_alone() {
    let mut till = shop();
    till.press("␣quick␣keys⏎ <Down> <Down> ⏎");
    assert!(lines(&till).is_empty(), "Enter sells nothing");
    till.press("<Right> 4 <Right>");
    assert_eq!(lines(&till), one("Bread", 1, 400));
    assert!(till.state.overlays.is_empty());
}

#[test]
fn an_age_is_asked_for_once_in_a_sale() {
    let mut till = shop();
    till.press("2*70⏎");
    assert!(matches!(till.state.overlays.last(), Some(Overlay::Age(it)) if it.age == 18));
    assert!(lines(&till).is_empty() && rang(&till));
    till.press("⏎ <Right>");
    assert_eq!(lines(&till), one("Gin", 2, 1_999));
    till.press("71⏎ 70⏎");
    assert_eq!(lines(&till).len(), 3, "younger and equal limits are confirmed too");
    assert_eq!(till.replayed().sale.basket, till.state.sale.basket);
    let mut again = shop();
    again.state = till.replayed();
    again.press("70⏎");
    assert_eq!(lines(&again).len(), 4, "a restart does not ask again");
}

#[test]
fn a_higher_age_and_the_next_sale_ask_again() {
    let mut till = shop();
    till.press("71⏎ <Right> 70⏎");
    assert!(matches!(till.state.overlays.last(), Some(Overlay::Age(it)) if it.age == 18));
    till.press("<Esc>");
    assert_eq!(till.said(), Some(&Message::NotSold("Gin".to_owned())));
    assert_eq!(lines(&till), one("Beer", 1, 120));
    till.press("<F9> 71⏎");
    assert!(matches!(till.state.overlays.last(), Some(Overlay::Age(it)) if it.age == 16));
}

#[test]
fn a_return_asks_for_no_age_and_confirms_none() {
    let mut till = shop();
    till.press("1-70⏎");
    assert_eq!(lines(&till), one("Gin", -1, 1_999));
    till.press("70⏎");
    assert!(matches!(till.state.overlays.last(), Some(Overlay::Age(_))));
}

#[test]
fn price_comes_before_age_and_both_are_asked_for() {
    let mut till = shop();
    till.press("72⏎ 30 <Right>");
    assert!(matches!(till.state.overlays.last(), Some(Overlay::Age(_))));
    till.press("<Right>");
    assert_eq!(lines(&till), one("Old wine", 1, 3_000));
}

#[test]
fn goods_that_wait_for_an_answer_keep_the_tender_step_away() {
    for script in ["60⏎", "70⏎"] {
        let mut till = shop();
        till.press("7⏎ +").press(script);
        assert_eq!(till.state.overlays.len(), 1);
        till.copied();
        assert!(matches!(till.state.sale.step, Step::Basket(None)), "{script}");
        assert_eq!(till.said(), Some(&Message::PiecesWait(1)), "{script}");
    }
}

#[test]
fn deposit_comes_with_its_article_and_pieces_of_a_pack_with_the_pack() {
    let mut till = shop();
    till.press("2*82⏎");
    assert_eq!(lines(&till), one("Cola", 12, 150));
    let deposit = till.state.sale.basket.lines()[0].deposit.clone().unwrap();
    assert_eq!((deposit.name.as_str(), deposit.price), ("Bottle", Money(25)));
    assert_eq!(till.state.sale.basket.sum(), Money(12 * 175));
    till.press("1-80⏎");
    assert_eq!(till.state.sale.basket.sum(), Money(11 * 175), "deposit goes back with it");
}

#[rstest]
#[case::deposit("81⏎", "Lime", "999")]
#[case::pack("83⏎", "Lime, crate", "998")]
fn what_lacks_a_part_is_not_sold(#[case] script: &str, #[case] name: &str, #[case] number: &str) {
    let mut till = shop();
    till.press(script);
    let (name, number) = (name.to_owned(), number.to_owned());
    assert_eq!(till.said(), Some(&Message::Incomplete { name, number }));
    assert!(lines(&till).is_empty() && rang(&till));
}

#[test]
fn a_locked_article_is_refused_with_its_note_but_comes_back() {
    let mut till = shop();
    till.press("95⏎");
    let (name, note) = ("Spread".to_owned(), "Recalled by the maker".to_owned());
    assert_eq!(till.said(), Some(&Message::ArticleLocked { name, note }));
    assert!(lines(&till).is_empty());
    till.press("<Esc> 1-95⏎");
    assert_eq!(lines(&till), one("Spread", -1, 299));
}

#[test]
fn a_note_of_the_catalogue_is_shown_with_the_article() {
    let mut till = shop();
    till.press("96⏎");
    let (name, note) = ("Shirt".to_owned(), "Ask for the size".to_owned());
    assert_eq!(till.said(), Some(&Message::ArticleNote { name, note }));
    assert!(!rang(&till), "it is no error");
}

#[test]
fn a_vat_class_without_a_rate_today_is_not_sold() {
    let mut till = shop();
    till.press("97⏎");
    let (name, class) = ("Stamp".to_owned(), "none".to_owned());
    assert_eq!(till.said(), Some(&Message::NoRate { name, class }));
    assert!(lines(&till).is_empty());
}

#[rstest]
#[case::number("<F2> 7⏎")]
#[case::code("<F2> 4006381333931⏎")]
#[case::identifier("<F2> ]E04006381333931⏎")]
#[case::words("<F2> pen⏎")]
#[case::chosen("<F2> <Down> <Down> <Down> <Down> ⏎")]
fn a_search_by_its_key_shows_a_price_and_sells_nothing(#[case] script: &str) {
    let mut till = shop();
    till.press(script);
    let pen = Overlay::Article(Box::new(Shown(Added::one("7"))));
    assert_eq!(till.state.overlays.last(), Some(&pen), "{:?}", till.state.notice);
    assert!(lines(&till).is_empty() && till.state.entry.text.is_empty());
    till.press("⏎");
    assert_eq!(till.state.overlays.len(), 1, "Enter alone does nothing");
    let mut scanned = Till { state: till.state.clone(), ..shop() };
    scanned.press("51⏎");
    assert_eq!(lines(&scanned), one("Water, mildly sprinkling, 0.25 ltr.", 1, 99));
    assert!(scanned.state.overlays.is_empty(), "one look-up, then goods are sold as always");
    till.press("<Right>");
    assert_eq!(lines(&till), one("Pen", 1, 150), "→ sells what is shown");
}

#[test]
fn letters_without_the_key_search_and_sell() {
    let mut till = shop();
    till.press("pen⏎");
    assert_eq!(lines(&till), one("Pen", 1, 150));
}

#[test]
fn a_card_in_a_price_look_up_is_swiped_as_always() {
    let mut till = shop();
    till.press("7⏎ <F2>").press(OTHER_CARD).press("⏎");
    assert!(till.state.sale.card.is_some() && till.state.overlays.is_empty());
}

#[test]
fn an_unknown_code_in_a_price_look_up_is_an_error() {
    let mut till = shop();
    till.press("<F2> 99999⏎");
    assert_eq!(till.said(), Some(&Message::NotFound("99999".to_owned())));
    assert!(till.state.overlays.is_empty());
}

#[test]
fn a_return_asks_for_a_reason_where_the_shop_has_some() {
    let mut till = shop();
    let returns = vec!["Damaged".to_owned(), "Wrong size".to_owned()];
    till.settings.reasons = Reasons { returns, ..Reasons::default() };
    till.press("2-7⏎");
    assert!(matches!(till.state.overlays.last(), Some(Overlay::Reason(_))));
    assert!(lines(&till).is_empty() && till.state.entry.multiplier.is_none());
    till.press("<Down> ⏎ <Right>");
    let line = &till.state.sale.basket.lines()[0];
    assert_eq!((line.quantity, line.reason.as_deref()), (-2, Some("Wrong size")));
    till.press("12-7⏎ <Right> <Esc>");
    assert_eq!(till.said(), Some(&Message::ReturnDropped));
    assert_eq!(lines(&till).len(), 1);
}
