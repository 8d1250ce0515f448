//! Amounts in the tender step: what is refused is never part of the next one, and what was
//! accepted is a value that no rule reads again.

use kasse::lang::Lang;
use kasse::money::Money;
use kasse::shop::CodeKind;
use kasse::till::{Call, CallId, CodeEntry, Event, Message, Payment, Step, Tender, TopUp, Waiter};
use kasse::ui::{Theme, as_text};
use kasse::wire::{DownReason, Outcome, StartMethod, Status};
use rstest::rstest;

use crate::till::kit::{OTHER_CARD, Till};
use crate::ui::kit::Shop;

/// 3.49 are due.
fn tender() -> Till {
    let mut till = Till::new();
    till.press("30037⏎ +").copied();
    till
}

fn given(till: &Till) -> Money {
    match &till.state.sale.step {
        Step::Paying(paying) => paying.payment.given,
        step => panic!("nothing is paid: {step:?} {:?}", till.state.notice),
    }
}

#[rstest]
#[case::too_little("3+", Message::TooLittle(Money(49)))]
#[case::too_much("999+", Message::TooMuch(Money(99_551)))]
#[case::unreadable("1,2,3+", Message::AmountOutOfRange { min: Money(349), max: Money(20_349) })]
#[case::exact_only("<F6> 20+", Message::ExactOnly)]
fn after_a_refused_amount_the_next_digit_starts_anew(#[case] script: &str, #[case] why: Message) {
    let mut till = tender();
    till.press(script);
    assert_eq!(till.said(), Some(&why));
    assert!(till.state.entry.is_refused(), "shown as refused");
    let refused = till.state.entry.text.clone();
    till.press("+");
    assert_eq!(till.starts(), 0, "neither it nor the exact amount");
    assert_eq!((till.said(), &till.state.entry.text), (Some(&why), &refused), "told again");
    till.press("5");
    assert_eq!((till.state.entry.text.as_str(), till.state.entry.is_refused()), ("5", false));
    assert_eq!(till.said(), None, "the error goes with the amount");
    till.press("<F5> +");
    assert_eq!(given(&till), Money(500));
}

#[rstest]
#[case::esc("<Esc>")]
#[case::delete("<Delete>")]
#[case::backspace("<Backspace>")]
fn a_refused_amount_is_taken_away_whole(#[case] key: &str) {
    let mut till = tender();
    till.press("30,00,1+");
    // Esc dismisses the error first.
    till.press(key).press("<Backspace>");
    assert_eq!((till.state.entry.text.as_str(), till.state.entry.is_refused()), ("", false));
    till.press("<Left> +");
    assert_eq!(given(&till), Money(349));
}

#[test]
fn enter_makes_nothing_of_a_refused_amount() {
    let mut till = tender();
    till.press("3+⏎");
    assert_eq!(till.state.entry.text, "3");
    assert!(till.state.entry.is_refused());
}

#[test]
fn a_refused_amount_is_not_paid_by_another_method_either() {
    let mut till = tender();
    till.press("<F6> 20+ <F5> +");
    assert_eq!((till.starts(), till.said()), (0, Some(&Message::RefusedBefore)));
    till.press("<Esc> <Esc> +");
    assert_eq!(given(&till), Money(349));
}

#[test]
fn a_note_replaces_a_refused_amount() {
    let mut till = tender();
    till.press("3+ <S-F1>");
    assert_eq!(given(&till), Money(500));
}

#[test]
fn a_refused_note_is_no_exact_amount() {
    let mut till = tender();
    till.settings.max_change = Money(5_000);
    till.press("<S-F6>");
    assert_eq!(till.said(), Some(&Message::TooMuch(Money(19_651))));
    till.press("+");
    assert_eq!((till.starts(), till.named()), (0, Some(Money(20_000))));
    till.press("<Esc> <Esc>");
    assert_eq!(till.named(), None);
    assert!(matches!(till.state.sale.step, Step::Tender(_)), "one press does one thing");
    till.press("+");
    assert_eq!(given(&till), Money(349));
}

#[test]
fn too_many_digits_are_swallowed_to_their_end() {
    let mut till = tender();
    till.press("1234567 5 +");
    assert_eq!(till.starts(), 0);
    till.press("⏎");
    assert_eq!((till.starts(), till.state.entry.text.as_str()), (0, ""), "a code as a whole");
    let mut till = tender();
    till.press("1234567 <Backspace>");
    assert_eq!(till.state.entry.text, "", "half of a code is no amount");
}

#[rstest]
#[case::too_small("0 <F4>")]
#[case::too_large("999999 <F4>")]
#[case::no_amount("1,2,3 <F4>")]
fn a_refused_top_up_starts_anew(#[case] script: &str) {
    let mut till = Till::new();
    till.press(OTHER_CARD).press("⏎").copied().press(script);
    let TopUp { min, max, .. } = till.settings.top_up;
    assert_eq!(till.said(), Some(&Message::AmountOutOfRange { min, max }));
    till.press("15 <F4>");
    assert_eq!(till.state.sale.basket.sum(), Money(1_500));
    assert_eq!(till.said(), None);
}

#[rstest]
#[case("0*51⏎")]
#[case("12345*51⏎")]
#[case("12345-51⏎")]
#[case("1,5*51⏎")]
fn a_refused_number_of_pieces_starts_anew(#[case] script: &str) {
    let mut till = Till::new();
    till.press(script);
    assert_eq!(till.said(), Some(&Message::NotAQuantity));
    assert!(till.state.sale.basket.is_empty());
    till.press("3*51⏎");
    assert_eq!(till.state.sale.basket.lines()[0].quantity, 3);
}

/// A wrong code takes the card off and leads back to the basket, where a scan comes next.
#[test]
fn an_amount_left_behind_by_the_tender_is_no_part_of_the_next_code() {
    let mut till = Till::new();
    till.press("30037⏎").press(OTHER_CARD).press("⏎").copied().press("+").copied().press("20");
    let number = till.state.sale.card.as_ref().unwrap().number().unwrap().clone();
    let entry = CodeEntry { code: CodeKind::Csc, number, then: None };
    let call = CallId(99);
    till.state.waiting.add(call, 0, Waiter::Code(entry));
    till.event(Event::answer(call, Outcome::Ok(false)));
    assert!(matches!(till.state.sale.step, Step::Basket(_)));
    assert!(till.state.entry.is_refused());
    till.press("4006381333931⏎");
    assert_eq!(till.state.sale.basket.lines().len(), 2);
}

#[test]
fn the_screen_names_the_refused_amount_and_the_one_offered_again() {
    let shown = |till: &Till, lang| {
        let shop = Shop::new(lang, Theme::dark());
        as_text(&till.state, &shop.view(), 80, 24)
    };
    let mut till = tender();
    till.press("3+");
    let text = shown(&till, Lang::En);
    assert!(text.contains("! 3.00 EUR refused: 0.49 EUR is missing."), "{text}");
    assert!(text.contains("› 3 refused"), "{text}");
    let text = shown(&till, Lang::De);
    assert!(text.contains("! 3,00 EUR abgelehnt: Es fehlen 0,49 EUR."), "{text}");
    let mut till = tender();
    till.press("20+").reply(Outcome::Down(DownReason::NoConnection));
    let text = shown(&till, Lang::En);
    assert!(text.contains("as before") && text.contains("16.51"), "{text}");
}

#[rstest]
#[case::typed("20+", 2_000)]
#[case::cents("4,05+", 405)]
#[case::note("<S-F2>", 1_000)]
fn a_broken_line_offers_the_same_value_under_any_rules(#[case] script: &str, #[case] cents: i64) {
    for implied_cents in [false, true] {
        let mut till = tender();
        till.press(script);
        till.settings.implied_cents = implied_cents;
        till.reply(Outcome::Down(DownReason::NoConnection));
        assert_eq!(till.named(), Some(Money(cents)));
        assert_eq!(till.state.entry.text, "", "no text that could be read again");
        till.press("+");
        assert_eq!(given(&till), Money(cents));
    }
}

#[test]
fn a_value_offered_again_gives_way_to_what_is_typed_or_pressed() {
    let again = || {
        let mut till = tender();
        till.press("20+").reply(Outcome::Down(DownReason::NoConnection)).press("<Esc>");
        till
    };
    let mut till = again();
    till.press("5+");
    assert_eq!(given(&till), Money(500));
    let mut till = again();
    till.press("<S-F4>");
    assert_eq!(given(&till), Money(5_000), "a note key does not have to wait");
    let mut till = again();
    till.press("<Esc> +");
    assert_eq!(given(&till), Money(349), "Esc takes it away");
    let mut till = again();
    till.press("<F6> +");
    assert_eq!(till.last().1, Call::Start("STX_1".into(), StartMethod::Cashless));
    assert_eq!(given(&till), Money(349));
}

#[test]
fn an_exact_amount_is_exact_again_also_when_the_sum_has_changed() {
    let mut till = tender();
    till.press("+").reply(Outcome::Down(DownReason::NoConnection));
    assert_eq!(till.named(), None);
}

#[test]
fn a_value_is_kept_across_a_restart_and_a_new_set_up() {
    let mut till = tender();
    till.press("20+").reply(Outcome::Down(DownReason::NoConnection));
    till.state = till.replayed();
    assert_eq!(till.named(), Some(Money(2_000)));
    till.event(Event::Shown);
    till.press("+").copied();
    assert_eq!(till.named(), Some(Money(2_000)), "set up again");
    till.press("+").started(Status::Ok);
    let Step::Done(done) = &till.state.sale.step else { panic!("{:?}", till.state.notice) };
    assert_eq!(done.payment.change(), Money(1_651));
}

/// Journals that were written when it was a text.
#[test]
fn what_earlier_versions_wrote_is_read() {
    let payment = |typed: &str| -> Payment {
        let text =
            format!(r#"{{"method":"cash","due":349,"given":2000,{typed}"call":7,"since":9}}"#);
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{text}: {error}"))
    };
    for (typed, named) in [
        (r#""typed":"20","#, Some(2_000)),
        (r#""typed":"2000","#, Some(2_000)),
        (r#""typed":"","#, None),
        (r#""typed":2000,"#, Some(2_000)),
        (r#""typed":null,"#, None),
        ("", None),
    ] {
        assert_eq!(payment(typed).typed, named.map(Money), "{typed}");
    }
    let written = serde_json::to_string(&payment(r#""typed":"20","#)).unwrap();
    assert_eq!(serde_json::from_str::<Payment>(&written).unwrap().typed, Some(Money(2_000)));
    let tender: Tender = serde_json::from_str(r#"{"method":"cash","due":349}"#).unwrap();
    assert_eq!(tender.given, None);
}
