//! Codes of a card: when they are asked for, what they do to the sale, and that they leave no trace.

use kasse::money::Money;
use kasse::shop::{CardNumber, CodeKind};
use kasse::till::{Call, CscCheck, Event, Message, Overlay, Proof, State, Step};
use kasse::wire::{DownReason, Ident, MerchantCard, Outcome, PreTransaction, Transaction};

use crate::till::kit::{CARD, OTHER_CARD, Till, card, copy};

/// A code that is in no number, amount or time of these tests.
const CODE: &str = "8593";

fn is_asked(state: &State) -> bool {
    matches!(state.overlays.last(), Some(Overlay::Code(_)))
}

/// The card pays its 2.00 of the 3.49.
fn remainder() -> PreTransaction {
    PreTransaction { missing_sum: Money(149), bonus_products: Vec::new() }
}

/// Answers the last create or update with a card that asks for its passcode so.
fn with_passcode(till: &mut Till, passcode: i64) {
    let (Call::Create(body) | Call::Update(_, body)) = till.last().1 else {
        panic!("{:?}", till.last())
    };
    let plain = copy(&body);
    let idents = plain.idents.iter().map(|ident| Ident {
        merchantcard: Some(MerchantCard { passcode, ..card() }),
        ..ident.clone()
    });
    let transaction = Transaction { idents: idents.collect(), ..plain };
    till.reply(Outcome::Ok(transaction));
}

/// A sale with a card of this rule, known to the server.
fn sale(passcode: i64) -> Till {
    let mut till = Till::new();
    till.press("30037⏎").press(CARD).press("⏎");
    with_passcode(&mut till, passcode);
    till
}

fn answer(till: &mut Till, right: Outcome<bool>) {
    let (id, call) = till.last();
    assert!(matches!(call, Call::CheckCode(..)), "{call:?}");
    till.event(Event::answer(id, right));
}

fn type_code(till: &mut Till) {
    assert!(is_asked(&till.state), "{:?}", till.state.overlays);
    till.press(CODE).press("⏎");
}

fn said(till: &Till) -> &Message {
    &till.state.notice.as_ref().expect("a notice").message
}

/// `/`, then `+`: which of them asks.
fn asks(passcode: i64, top_up: bool) -> (bool, bool) {
    let mut apply = sale(passcode);
    apply.press("/");
    let mut pay = sale(passcode);
    if top_up {
        pay.press("15<F4>");
    }
    pay.press("+");
    if top_up {
        with_passcode(&mut pay, passcode);
    }
    (is_asked(&apply.state), is_asked(&pay.state))
}

#[test]
fn the_card_says_before_what_its_passcode_is_asked() {
    for (passcode, apply, pay, top_up) in [
        (0, false, false, false),
        (1, true, true, true),
        (2, true, false, false),
        (3, false, false, true),
        (4, false, true, true),
        (5, false, false, false),
        (6, false, false, false),
        // What no document names is taken for the strictest.
        (99, true, true, true),
    ] {
        assert_eq!(asks(passcode, false), (apply, pay), "passcode {passcode}");
        assert_eq!(asks(passcode, true), (apply, top_up), "passcode {passcode}, top-up");
    }
}

#[test]
fn a_right_passcode_goes_on_and_is_not_asked_twice() {
    let mut till = sale(1);
    till.press("/");
    type_code(&mut till);
    let Call::CheckCode(CodeKind::Passcode, number, code) = till.last().1 else { panic!() };
    assert_eq!((number, code.reveal()), (CardNumber::new(CARD), CODE));
    answer(&mut till, Outcome::Ok(true));
    assert!(matches!(till.last().1, Call::PreTransaction(_)), "{:?}", till.last());
    till.reply_applied(Outcome::Ok(remainder()));
    till.press("+");
    assert!(matches!(till.state.sale.step, Step::Tender(_)), "{:?}", till.state.sale.step);
    // Nor after a restart.
    assert_eq!(till.replayed().sale.card.unwrap().proof, Some(Proof::Passcode));
    // Another swipe of another sale asks again.
    till.press("<Esc> <F9>").press(CARD).press("⏎");
    assert_eq!(till.state.sale.card.as_ref().unwrap().proof, None);
}

#[test]
fn a_wrong_passcode_takes_the_card_off() {
    let mut till = sale(2);
    till.press("/");
    type_code(&mut till);
    answer(&mut till, Outcome::Ok(false));
    assert_eq!(*said(&till), Message::CodeWrong(CodeKind::Passcode, true));
    assert_eq!(said(&till).cause(), kasse::till::Cause::CardOff);
    assert!(said(&till).cause().blocks_payment());
    assert!(till.state.sale.card.is_none() && !till.state.sale.use_card);
    till.press("<Esc> +");
    let Call::Update(_, body) = till.last().1 else { panic!("{:?}", till.last()) };
    assert!(body.idents.is_empty());
}

#[test]
fn without_an_answer_nothing_is_proven() {
    for outcome in [
        Outcome::Unknown(DownReason::Timeout),
        Outcome::Down(DownReason::NoConnection),
        Outcome::Refused(kasse::wire::ApiError::default()),
    ] {
        let mut till = sale(2);
        till.press("/");
        type_code(&mut till);
        answer(&mut till, outcome);
        assert!(till.state.sale.card.is_some());
        assert!(matches!(
            said(&till),
            Message::NoAnswer(..) | Message::Down(..) | Message::Refused(..)
        ));
        till.press("<Esc> /");
        assert!(is_asked(&till.state), "asked again");
        assert!(!till.calls.iter().any(|(_, call)| matches!(call, Call::PreTransaction(_))));
    }
}

#[test]
fn without_its_passcode_the_card_does_not_pay_but_the_sale_goes_on() {
    let mut till = sale(2);
    till.press("/ 85 <Esc>");
    assert!(is_asked(&till.state), "the first one clears what is typed");
    till.press("<Esc>");
    assert_eq!(*said(&till), Message::PasscodeMissing);
    assert!(till.state.overlays.is_empty() && till.state.entry.text.is_empty());
    till.press("+");
    let Step::Tender(tender) = &till.state.sale.step else { panic!("{:?}", till.state.sale.step) };
    assert_eq!(tender.due, till.state.sale.basket.sum());
}

#[test]
fn only_four_digits_are_a_code_and_scans_are_scans() {
    let mut till = sale(2);
    till.press("/");
    let calls = till.calls.len();
    for typed in ["859⏎", "85931⏎", "8593125⏎"] {
        till.press(typed);
        assert_eq!(*said(&till), Message::NotACode, "{typed}");
        till.press("<Left>");
        assert!(is_asked(&till.state) && till.state.entry.text.is_empty(), "{typed}");
    }
    // Keys that mean something elsewhere mean nothing here.
    till.press("+ - * / ␣ <F5> <F9> a <Right> ⏎");
    assert!(is_asked(&till.state) && till.state.entry.text.is_empty());
    assert_eq!(till.calls.len(), calls);
    till.press("4006381333931⏎");
    assert!(till.state.overlays.is_empty());
    assert_eq!(till.state.sale.basket.lines().len(), 2);
    till.press("/");
    with_passcode(&mut till, 2);
    assert!(is_asked(&till.state));
    // A bank card swiped by mistake is swallowed whole.
    till.press("%B4111111111111111^NAME?⏎");
    assert_eq!(*said(&till), Message::BankCard);
    assert!(till.state.entry.text.is_empty());
}

#[test]
fn the_lock_wipes_what_is_typed() {
    let mut till = sale(2);
    till.press("/ 85 <F12>");
    assert!(till.state.entry.text.is_empty());
    till.press("<F12>");
    assert!(till.state.overlays.is_empty() && till.state.entry.text.is_empty());
}

/// F3 on the card of the sale, found.
fn looked_up(till: &mut Till) {
    till.press("<F3>");
    let id = till.last().0;
    till.event(Event::answer(id, Outcome::Ok(Some(card()))));
}

fn csc(till: &Till) -> CscCheck {
    match till.state.overlays.last() {
        Some(Overlay::Card(lookup)) => lookup.csc,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_code_on_the_back_is_checked_on_demand() {
    let mut till = sale(0);
    looked_up(&mut till);
    till.press("⏎");
    type_code(&mut till);
    let Call::CheckCode(CodeKind::Csc, number, _) = till.last().1 else { panic!() };
    assert_eq!(number, CardNumber::new(CARD));
    answer(&mut till, Outcome::Ok(true));
    assert_eq!((csc(&till), said(&till)), (CscCheck::Right, &Message::CodeRight(CodeKind::Csc)));
    till.press("⏎");
    type_code(&mut till);
    answer(&mut till, Outcome::Ok(false));
    assert_eq!(csc(&till), CscCheck::Wrong);
    assert_eq!(*said(&till), Message::CodeWrong(CodeKind::Csc, true));
    assert!(till.state.sale.card.is_none());
}

#[test]
fn nothing_is_paid_or_parked_while_a_code_is_checked() {
    let mut till = sale(0);
    looked_up(&mut till);
    till.press("⏎");
    type_code(&mut till);
    let check = till.last().0;
    till.press("<F9>");
    assert_eq!(*said(&till), Message::Busy);
    assert!(till.state.parked.is_empty());
    till.press("<Esc> <Esc> +");
    assert!(matches!(till.state.sale.step, Step::Tender(_)), "{:?}", till.state.sale.step);
    till.press("+");
    assert_eq!((said(&till), till.starts()), (&Message::Busy, 0));
    till.event(Event::answer(check, Outcome::Ok(false)));
    assert!(matches!(till.state.sale.step, Step::Basket(None)), "the remainder is another one");
    assert!(till.state.sale.card.is_none());
}

#[test]
fn a_code_is_in_no_effect_record_or_state() {
    let mut till = sale(2);
    till.press("/");
    for key in CODE.chars() {
        till.event(Event::Key(kasse::till::Key::Char(key)));
        let state = format!("{:?}{}", till.state, serde_json::to_string(&till.state).unwrap());
        assert!(!state.contains(&CODE[..2]), "{state}");
    }
    till.press("⏎");
    assert!(matches!(&till.last().1, Call::CheckCode(_, _, code) if code.reveal() == CODE));
    answer(&mut till, Outcome::Ok(true));
    till.reply_applied(Outcome::Ok(remainder()));
    let everything = format!(
        "{:?} {:#?} {} {:?} {}",
        till.effects,
        till.calls,
        serde_json::to_string(&till.effects).unwrap(),
        till.state,
        serde_json::to_string(&till.state).unwrap(),
    );
    assert!(everything.contains("CheckCode"), "the effect is there, its code is not");
    assert!(!everything.contains(CODE), "{everything}");
    let proven = till.effects.iter().rev().find_map(|effect| match effect {
        kasse::till::Effect::Record(record) => match &record.change {
            kasse::till::Change::Head(head) => head.card.clone().flatten().map(|card| card.proof),
            _ => None,
        },
        _ => None,
    });
    assert_eq!(proven, Some(Some(Proof::Passcode)), "that it was right is kept");
}

/// A payment that was not taken gives the amount back, not the begin of a code.
#[test]
fn an_amount_given_back_is_never_a_part_of_a_code() {
    let mut till = Till::new();
    till.press("30037⏎+").copied().press("20+");
    let (start, _) = till.last();
    till.press(OTHER_CARD).press("<F3>");
    let (id, _) = till.last();
    till.event(Event::answer(id, Outcome::Ok(Some(card()))));
    till.press("⏎85");
    assert!(is_asked(&till.state));
    let down = Outcome::<Transaction>::Down(DownReason::NoConnection);
    till.event(Event::answer(start, down));
    assert!(!is_asked(&till.state) && matches!(till.state.sale.step, Step::Tender(_)));
    assert_eq!((till.named(), till.state.entry.text.as_str()), (Some(Money(2_000)), ""));
}
