//! Errors go with their cause; what may lie on the counter stays until a person has dismissed it.

use kasse::till::{Cause, Event, Level, Message, Overlay};
use kasse::wire::{ApiError, DownReason, Outcome, Status};
use rstest::rstest;

use crate::till::kit::{CARD, OTHER_CARD, Till};

/// All errors, the one that is shown first.
fn errors(till: &Till) -> Vec<&Message> {
    let all = till.state.notice.iter().chain(&till.state.more_errors);
    all.filter(|notice| notice.level == Level::Error).map(|notice| &notice.message).collect()
}

fn causes(till: &Till) -> Vec<Cause> {
    errors(till).into_iter().map(Message::cause).collect()
}

#[rstest]
#[case::not_found("99999⏎")]
#[case::wrong_check_digit("4006381333932⏎")]
#[case::no_such_name("xyzzy⏎")]
#[case::no_number_of_pieces("4006381333931*7⏎")]
fn an_error_about_goods_stays_until_it_is_dismissed(#[case] script: &str) {
    let mut till = Till::new();
    till.press(script);
    assert_eq!(causes(&till), [Cause::Goods]);
    till.press("7⏎ 51⏎").press(CARD).press("⏎").copied().press("+").copied();
    till.press("5+").started(Status::Ok);
    assert_eq!(causes(&till), [Cause::Goods]);
    till.press("<Esc>");
    assert!(errors(&till).is_empty());
}

/// The error says what became of its own code, and stays true beside a line added after it.
#[test]
fn an_error_about_goods_speaks_of_its_own_code() {
    let settings = crate::till::kit::settings();
    for lang in [kasse::lang::Lang::En, kasse::lang::Lang::De] {
        for message in [
            Message::NotFound("99999".into()),
            Message::WrongCheckDigit("4006381333932".into()),
            Message::InStoreUnknown("2112345678900".into()),
            Message::BasketTooLarge,
            Message::EntryTooLong,
            Message::ScanInTender,
            Message::ScanWhilePaying,
            Message::NotAQuantity,
        ] {
            let text = lang.message(&message, &settings);
            for of_all in ["Nothing", "nothing", "Nichts", "nichts"] {
                assert!(!text.contains(of_all), "{text}");
            }
        }
    }
}

#[rstest]
#[case::card_missing("15<F4> + ", "9276004424644352⏎")]
#[case::bank_card(";4111111111111111=2512?⏎", "9276004424644352⏎")]
#[case::unreadable_swipe(";?⏎", "9276004424644352⏎")]
#[case::subtotal_without_a_card("30037⏎/", "9276004424644352⏎")]
#[case::empty_basket("+", "30037⏎")]
#[case::nothing_parked("<F9>", "30037⏎")]
#[case::not_here("<S-F1>", "<F1>")]
#[case::number_missing("*", "3")]
#[case::posted_first("30037⏎ 5+", "<Backspace>")]
#[case::too_little("30037⏎ + 3+", "5")]
#[case::top_up_bounds("0<F4>", "1")]
fn other_errors_go_with_their_cause(#[case] wrong: &str, #[case] cure: &str) {
    let mut till = Till::new();
    for part in wrong.split_inclusive('+') {
        till.press(part);
        if matches!(till.calls.last(), Some((_, kasse::till::Call::Create(_)))) {
            till.copied();
        }
    }
    assert_eq!(errors(&till).len(), 1, "{wrong}");
    till.press(cure);
    assert_eq!(errors(&till), Vec::<&Message>::new(), "{wrong} {cure}");
}

#[test]
fn amounts_make_no_chain() {
    let mut till = Till::new();
    till.press("30037⏎ +").copied().press("3+ 2+ 1+ 999+");
    assert_eq!(causes(&till), [Cause::Amount]);
    assert!(matches!(errors(&till)[0], Message::TooMuch(_)), "the newest");
}

#[test]
fn steps_make_no_chain_and_do_not_push_goods_away() {
    let mut till = Till::new();
    till.press("99999⏎ + * <S-F1> <F9> /");
    assert_eq!(causes(&till), [Cause::Goods, Cause::Entry, Cause::Step, Cause::Card]);
}

#[test]
fn an_error_of_the_server_goes_when_it_does_the_same() {
    let mut till = Till::new();
    till.press("30037⏎ +").reply(Outcome::Down(DownReason::NoConnection));
    assert_eq!(causes(&till), [Cause::Call(kasse::till::Action::Prepare)]);
    till.press("+").copied();
    assert!(errors(&till).is_empty());
    // What the server refused to do stays while it does something else.
    till.press("<Esc>").press(OTHER_CARD).press("⏎").copied().press("/");
    let (id, _) = till.last();
    let refusal = ApiError { http: 400, ..ApiError::default() };
    till.event(Event::Answer(id, kasse::till::Reply::PreTransaction(Outcome::Refused(refusal))));
    assert_eq!(causes(&till), [Cause::Call(kasse::till::Action::Apply)]);
}

#[test]
fn the_printer_is_well_again_when_it_prints() {
    let mut till = Till::new();
    till.event(Event::Printed(Err("paper".to_owned())));
    till.press("30037⏎ +").copied().press("5+").started(Status::Ok);
    assert_eq!(causes(&till), [Cause::Printer], "a sale is no paper");
    till.event(Event::Printed(Ok(())));
    assert!(errors(&till).is_empty());
}

#[test]
fn a_card_that_does_not_pay_is_told_until_it_is_dismissed_or_replaced() {
    let mut till = Till::new();
    till.press("30037⏎ 9276004429999999⏎").copied();
    assert_eq!(causes(&till), [Cause::CardOff]);
    till.press("51⏎");
    assert_eq!(causes(&till), [Cause::CardOff]);
    till.press(CARD).press("⏎");
    assert!(errors(&till).is_empty());
}

#[test]
fn what_takes_the_card_off_takes_no_other_error_away() {
    let mut till = Till::new();
    till.press("30037⏎ 99999⏎").press(CARD).press("⏎").copied();
    till.state.overlays.push(Overlay::Confirm(kasse::till::Command::RemoveCard));
    till.press("<Esc>");
    till.event(Event::Printed(Err("paper".to_owned())));
    till.press("<Right>");
    assert!(till.state.sale.card.is_some(), "the arrow has dismissed the error");
    till.press("88888⏎ <F2> <Esc>");
    till.state.overlays.push(Overlay::Confirm(kasse::till::Command::RemoveCard));
    till.now += 5_000;
    till.press("<Left> <Right>");
    assert!(till.state.sale.card.is_none());
}
