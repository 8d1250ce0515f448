//! Lines that are in the basket: pieces, prices, discounts, reasons, notes; number first, then key.

use kasse::money::{Money, Percent};
use kasse::shop::{Discount, MAX_QUANTITY, Off};
use kasse::till::{
    Asking, Call, Change, Command, DiscountBy, DiscountOf, Key, Keymap, Message, Overlay, Reasons,
    Settings, Step,
};
use rstest::rstest;

use crate::till::kit::{CARD, OTHER_CARD, Till, copy, settings};

/// A till where every command about lines has a key.
fn till() -> Till {
    let keys = [
        (Command::Price, '!'),
        (Command::Discount(DiscountOf::Line, DiscountBy::Amount), '&'),
        (Command::Discount(DiscountOf::Line, DiscountBy::Deal), '='),
        (Command::Discount(DiscountOf::Sale, DiscountBy::Percent), '('),
        (Command::Discount(DiscountOf::Sale, DiscountBy::Amount), ')'),
        (Command::Discount(DiscountOf::Sale, DiscountBy::Deal), '"'),
        (Command::LineNote, '#'),
        (Command::SaleNote, '@'),
    ];
    let keys = keys.map(|(command, key)| (command, vec![Key::Char(key)]));
    Till::with(Settings { keymap: Keymap::with(&keys).unwrap(), ..settings() })
}

/// A basket of 2 pens and a water, the water selected.
fn basket() -> Till {
    let mut till = till();
    till.press("2*7⏎ 51⏎");
    till
}

fn sum(till: &Till) -> i64 {
    till.state.sale.basket.sum().minor()
}

fn discount(till: &Till, line: usize) -> Option<&Discount> {
    till.state.sale.basket.lines()[line].discount.as_ref()
}

/// Typed before the key, or into the prompt that the key opens: the same.
#[rstest]
#[case::more("5", "<Home>", 300 + 5 * 99)]
#[case::price("1,20", "!", 300 + 120)]
#[case::price_of_nothing("0", "!", 300)]
#[case::percent("10", "<End>", 300 + 89)]
#[case::percent_with_decimals("12,5", "<End>", 300 + 87)]
#[case::amount("0,50", "&", 300 + 49)]
#[case::amount_above_the_line("5", "&", 300)]
#[case::deal("0,80", "=", 300 + 80)]
#[case::percent_of_the_sale("10", "(", 359)]
#[case::amount_of_the_sale("1", ")", 299)]
#[case::deal_of_the_sale("3", "\"", 300)]
fn a_number_and_its_key_change_the_line_or_the_sale(
    #[case] number: &str,
    #[case] key: &str,
    #[case] expected: i64,
) {
    let mut till = basket();
    till.press(number).press(key);
    assert_eq!((sum(&till), till.state.entry.text.as_str()), (expected, ""), "{:?}", till.said());
    let mut asked = basket();
    asked.press(key);
    assert!(matches!(asked.state.overlays.last(), Some(Overlay::Ask(_))));
    asked.press(number).press("<Right>");
    assert_eq!(asked.state.sale.basket, till.state.sale.basket);
    assert!(asked.state.overlays.is_empty());
    assert_eq!(till.replayed().sale.basket, till.state.sale.basket, "the journal has it");
}

#[rstest]
#[case::percent("10", "<End>")]
#[case::amount("0,50", "&")]
#[case::deal("0,80", "=")]
#[case::percent_of_the_sale("10", "(")]
#[case::amount_of_the_sale("1", ")")]
#[case::deal_of_the_sale("3", "\"")]
fn nought_takes_a_discount_away_again(#[case] number: &str, #[case] key: &str) {
    let mut till = basket();
    till.press(number).press(key).press("0").press(key);
    assert_eq!(sum(&till), 399);
    assert!(discount(&till, 1).is_none() && till.state.sale.basket.discounts().is_empty());
}

#[rstest]
#[case::no_pieces("0 <Home>", Message::QuantityOutOfRange(MAX_QUANTITY))]
#[case::too_many_pieces("1234567 <Home>", Message::QuantityOutOfRange(MAX_QUANTITY))]
#[case::broken_pieces("1,5 <Home>", Message::QuantityOutOfRange(MAX_QUANTITY))]
#[case::above_all("100,01 <End>", Message::PercentOutOfRange)]
#[case::three_decimals("1,125 <End>", Message::PercentOutOfRange)]
#[case::too_much("100000 !", Message::AmountOutOfRange { min: Money(0), max: Money(9_999_999) })]
#[case::no_amount("1,2,3 &", Message::AmountOutOfRange { min: Money(0), max: Money(9_999_999) })]
fn a_number_that_cannot_be_is_refused_and_typed_anew(#[case] script: &str, #[case] why: Message) {
    let mut till = basket();
    till.press(script);
    assert_eq!((till.said(), sum(&till)), (Some(&why), 399));
    assert!(till.state.entry.is_refused());
    let key = script.split(' ').next_back().unwrap();
    till.press("<Left>").press(key);
    assert_eq!((till.said(), sum(&till)), (Some(&why), 399), "told again");
    till.press("1");
    assert_eq!((till.state.entry.text.as_str(), till.said()), ("1", None));
}

#[test]
fn the_pieces_of_a_return_stay_a_return() {
    let mut till = basket();
    till.press("1-7⏎ 3 <Home>");
    assert_eq!(till.state.sale.basket.lines()[2].quantity, -3);
}

#[test]
fn fewer_pieces_leave_a_trace() {
    let mut till = basket();
    till.press("<Up> 1 <Home>");
    assert_eq!(till.state.sale.basket.voided()[0].quantity, 1);
    assert_eq!(till.said(), Some(&Message::Voided { quantity: 1, name: "Pen".to_owned() }));
}

#[test]
fn the_listed_price_stays_in_sight_and_a_reason_is_asked_for() {
    let mut till = basket();
    let prices = vec!["Damaged".to_owned(), "Last one".to_owned()];
    till.settings.reasons = Reasons { prices, ..Reasons::default() };
    till.press("0,50 !");
    assert_eq!(sum(&till), 399, "not before the reason");
    till.press("<Down> <Right>");
    let line = &till.state.sale.basket.lines()[1];
    assert_eq!((line.price, line.list_price), (Money(50), Some(Money(99))));
    assert_eq!(line.reason.as_deref(), Some("Last one"));
    till.press("0,60 ! <Esc>");
    assert_eq!(till.state.sale.basket.lines()[1].price, Money(50), "no reason, no other price");
}

#[test]
fn a_discount_carries_its_text_and_reason() {
    let mut till = basket();
    till.settings.reasons.discounts = vec!["Friend".to_owned()];
    till.press("10 <End> ⏎");
    assert_eq!(till.said(), None);
    assert!(discount(&till, 1).is_none(), "Enter chooses nothing");
    till.press("<Right>");
    let given = Discount {
        off: Off::Percent(Percent::whole(10)),
        text: "Discount 10 %".to_owned(),
        reason: Some("Friend".to_owned()),
        coupon: None,
    };
    assert_eq!(discount(&till, 1), Some(&given));
    till.press("0 <End>");
    assert!(discount(&till, 1).is_none() && till.state.overlays.is_empty(), "no reason for none");
}

#[test]
fn every_change_makes_an_applied_card_one_to_apply_again() {
    for script in ["3 <Home>", "1 !", "10 <End>", "1 )", "#thin <Right>"] {
        let mut till = till();
        till.applied();
        assert!(till.state.sale.applied().is_some());
        till.press(script);
        assert!(till.state.sale.applied().is_none(), "{script}");
        assert_eq!(till.said(), Some(&Message::ApplyAgain), "{script}");
    }
}

#[rstest]
#[case("3 <Home>")]
#[case("1 !")]
#[case("10 <End>")]
#[case("1 &")]
fn money_on_a_card_is_neither_changed_nor_discounted(#[case] script: &str) {
    let mut till = basket();
    till.press(OTHER_CARD).press("⏎").copied().press("15 <F4>").press(script);
    assert_eq!(till.said(), Some(&Message::CardSaleFixed));
    assert_eq!(sum(&till), 399 + 1_500);
}

#[test]
fn nothing_is_changed_in_the_tender_step() {
    let mut till = basket();
    till.press("+").copied();
    for key in ["<Home>", "<End>", "!", "(", "#"] {
        let before = till.state.sale.clone();
        till.press(key);
        assert_eq!(till.state.sale, before);
        assert!(matches!(till.state.sale.step, Step::Tender(_)) && till.state.overlays.is_empty());
        till.press("<Left>");
    }
}

#[test]
fn pieces_that_wait_are_not_taken_for_a_number() {
    let mut till = basket();
    till.press("3* <Home>");
    assert_eq!(till.said(), Some(&Message::PiecesWait(3)));
    assert_eq!(till.state.entry.multiplier.map(|it| it.pieces), Some(3));
}

#[test]
fn notes_are_typed_taken_and_taken_away() {
    let mut till = basket();
    till.press("#sliced,␣thin <Right> @table␣4 <Right>");
    let basket = &till.state.sale.basket;
    assert_eq!(basket.lines()[1].note.as_deref(), Some("sliced, thin"));
    assert_eq!(basket.note(), Some("table 4"));
    let kept = till.records().filter(|record| matches!(record.change, Change::Extras(_))).count();
    assert_eq!((kept, &till.replayed().sale.basket), (1, basket));
    till.press("#");
    assert_eq!(till.state.entry.text, "sliced, thin", "what there is can be changed");
    till.press("<Esc> <Right>");
    assert_eq!(till.state.sale.basket.lines()[1].note, None);
}

#[test]
fn a_note_holds_no_card_number() {
    let mut till = basket();
    till.press("#call␣").press(CARD).press("<Right>");
    assert_eq!(till.said(), Some(&Message::ScanOverQuestion));
    assert_eq!(
        (till.state.sale.basket.lines()[1].note.as_deref(), &*till.state.entry.text),
        (None, "")
    );
}

#[test]
fn the_menu_asks_for_the_number() {
    let mut till = basket();
    till.press("␣sale␣deal⏎");
    let of_sale = Command::Discount(DiscountOf::Sale, DiscountBy::Deal);
    assert!(
        matches!(till.state.overlays.last(), Some(Overlay::Ask(asking)) if **asking == Asking::For(of_sale))
    );
    till.press("2 <Right>");
    assert_eq!(sum(&till), 200);
}

#[test]
fn the_server_is_told_of_a_change_before_the_next_step() {
    let mut till = basket();
    till.press("+").copied().press("<Esc> 50 ( +");
    let body = match till.last().1 {
        Call::Update(_, body) => body,
        other => panic!("{other:?}"),
    };
    assert_eq!(copy(&body).basket_info.sum, Money(199));
}
