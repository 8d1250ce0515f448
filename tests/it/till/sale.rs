//! The sale step by step: what is sent when, and what happens when the server does not do it.

use kasse::money::Money;
use kasse::shop::VatRate;
use kasse::till::{
    Call, CardState, Effect, Level, Link, Message, Overlay, Parked, Receipt, Settings, Step,
};
use kasse::wire::{ApiError, DownReason, Outcome, StartMethod, Status, Transaction};
use rstest::rstest;

use crate::till::kit::{CARD, OTHER_CARD, Till, card, pre_transaction, settings};

fn error(till: &Till) -> &Message {
    let notice = till.state.notice.as_ref().expect("a notice");
    assert_eq!(notice.level, Level::Error, "{notice:?}");
    &notice.message
}

fn tender(till: &Till) -> (StartMethod, Money) {
    match &till.state.sale.step {
        Step::Tender(tender) => (tender.method, tender.due),
        step => panic!("not in the tender step: {step:?} {:?}", till.state.notice),
    }
}

fn refusal(http: u16, name: &str) -> ApiError {
    ApiError { http, name: name.to_owned(), code: 1005, ..ApiError::default() }
}

#[test]
fn nothing_is_sent_before_the_server_is_needed() {
    let mut till = Till::new();
    till.press("30037⏎ 30200⏎ 2*51⏎ -");
    assert!(till.calls.is_empty());
    assert_eq!(till.state.sale.basket.sum(), Money(598));
}

#[test]
fn the_sale_of_the_documents() {
    let mut till = Till::new();
    till.applied();
    let applied = till.state.sale.applied().cloned().unwrap();
    assert_eq!(applied.cash, Money(200));
    assert_eq!(applied.bonus, [(VatRate::whole(7), Money(15)), (VatRate::whole(19), Money(5))]);
    assert_eq!(applied.missing, Money(576));
    let vat = |lines: &[kasse::shop::VatLine]| lines.iter().map(|l| l.vat.0).collect::<Vec<_>>();
    assert_eq!((vat(&applied.vat_before), vat(&applied.vat_after)), (vec![32, 39], vec![31, 38]));

    till.press("+");
    assert_eq!(tender(&till), (StartMethod::Cash, Money(576)));
    till.press("20 +");
    assert_eq!(till.last().1, Call::Start("STX_1".to_owned(), StartMethod::Cash));
    till.started(Status::Ok);
    let Step::Done(done) = &till.state.sale.step else { panic!("not done") };
    assert_eq!(done.payment.change(), Money(1424));
    assert_eq!(till.history().len(), 1);
}

#[test]
fn four_keys_after_the_scans_with_the_card_applied_by_setting() {
    let mut till = Till::new();
    till.settings.apply_card_on_total = true;
    till.press("30037⏎").press(CARD).press("⏎").copied();
    till.press("+").reply_applied(Outcome::Ok(kasse::wire::PreTransaction {
        missing_sum: Money(129),
        ..Default::default()
    }));
    assert_eq!(tender(&till), (StartMethod::Cash, Money(129)));
    till.press("20 +");
    assert_eq!(till.starts(), 1);
}

#[test]
fn a_note_key_pays_with_two_keys() {
    let mut till = Till::new();
    till.press("30037⏎ +").copied().press("<S-F1>").started(Status::Ok);
    let Step::Done(done) = &till.state.sale.step else { panic!("{:?}", till.state.notice) };
    assert_eq!((done.payment.given, done.payment.change()), (Money(500), Money(151)));
}

#[test]
fn a_changed_basket_must_be_applied_again_and_plus_does_it() {
    let mut till = Till::new();
    till.applied().press("7⏎");
    assert_eq!(till.said(), Some(&Message::ApplyAgain));
    assert!(till.state.sale.must_apply());
    till.press("+");
    assert!(matches!(till.last().1, Call::Update(..)));
    till.copied();
    assert!(matches!(till.last().1, Call::PreTransaction(_)), "{:?}", till.last());
    till.reply_applied(Outcome::Ok(kasse::wire::PreTransaction {
        missing_sum: Money(726),
        ..pre_transaction()
    }));
    assert_eq!(tender(&till), (StartMethod::Cash, Money(726)));
}

#[test]
fn a_scan_while_the_card_is_being_applied_is_not_lost_and_makes_the_answer_stale() {
    let mut till = Till::new();
    till.press("30037⏎").press(CARD).press("⏎").copied().press("/ 7⏎");
    till.reply_applied(Outcome::Ok(pre_transaction()));
    assert_eq!(till.state.sale.basket.lines().len(), 2);
    assert!(till.state.sale.applied().is_none());
    assert!(matches!(till.last().1, Call::Update(..)));
}

#[test]
fn keys_typed_ahead_open_the_tender_but_never_pay() {
    let mut till = Till::new();
    till.press("30037⏎ + 20 + + ⏎").copied();
    assert_eq!(tender(&till), (StartMethod::Cash, Money(349)));
    assert_eq!(till.starts(), 0);
}

#[test]
fn a_loyalty_payment_has_no_cash_step() {
    let mut till = Till::new();
    till.press("30037⏎").press(CARD).press("⏎").copied().press("/");
    till.reply_applied(Outcome::Ok(kasse::wire::PreTransaction::default()));
    till.press("+");
    assert_eq!(tender(&till), (StartMethod::Loyalty, Money(0)));
    till.press("+");
    assert_eq!(till.last().1, Call::Start("STX_1".to_owned(), StartMethod::Loyalty));
}

#[rstest]
#[case::loyalty_with_a_remainder("<F7>")]
#[case::too_little("3+")]
#[case::absurd_change("9999+")]
#[case::seven_digits("1234567+")]
#[case::two_decimal_signs("1,2,3+")]
#[case::enter("20⏎")]
#[case::a_scan("4006381333931⏎")]
#[case::a_card("9276004424644352⏎")]
#[case::a_swipe(";9276004424644352=1234?⏎")]
#[case::letters("20A+⏎")]
#[case::multiplier("3*")]
#[case::storno("-")]
fn nothing_of_this_pays_in_the_tender_step(#[case] script: &str) {
    let mut till = Till::new();
    till.press("30037⏎ +").copied();
    till.press(script);
    assert_eq!(till.starts(), 0);
    assert_eq!(tender(&till).1, Money(349));
    assert!(till.effects.contains(&Effect::Bell));
    error(&till);
}

#[test]
fn a_scan_in_the_tender_step_leaves_no_amount_behind() {
    let mut till = Till::new();
    till.press("30037⏎ +").copied().press("51⏎");
    assert_eq!(till.state.entry.text, "");
    assert_eq!(*error(&till), Message::EnterNeverPays);
}

#[test]
fn a_start_that_never_left_gives_everything_back() {
    let mut till = Till::new();
    till.press("30037⏎ +").copied().press("20 +");
    till.reply(Outcome::Down(DownReason::NoConnection));
    assert_eq!(tender(&till), (StartMethod::Cash, Money(349)));
    assert_eq!(till.named(), Some(Money(2_000)));
    assert_eq!(till.state.link, Link::Down(DownReason::NoConnection));
    till.press("+");
    assert_eq!(till.starts(), 2, "nothing was sent, so it may be tried again");
}

#[rstest]
#[case(DownReason::Timeout)]
#[case(DownReason::Broken)]
#[case(DownReason::Unreadable)]
#[case(DownReason::ServerError(500))]
#[case(DownReason::Internal)]
fn a_start_without_a_definite_answer_is_asked_after_and_never_repeated(#[case] why: DownReason) {
    let mut till = Till::new();
    till.press("30037⏎ +").copied().press("20 +");
    till.reply(Outcome::Unknown(why));
    assert!(matches!(till.state.sale.step, Step::Unknown(_)));
    till.press("+ 7⏎ <F5> <F6> <Esc> <Delete> <F8> ⏎");
    for _ in 0..20 {
        till.now = till.state.wake_at.unwrap();
        till.event(kasse::till::Event::Tick);
        if matches!(till.last().1, Call::Read(_)) {
            till.reply(Outcome::Unknown(why));
        }
    }
    assert_eq!(till.starts(), 1);
    assert_eq!(till.state.sale.basket.lines().len(), 1);
    loop {
        till.now = till.state.wake_at.unwrap();
        till.event(kasse::till::Event::Tick);
        if till.state.sale.is_waiting() {
            break;
        }
    }
    let paid = Transaction { id: "STX_1".into(), status: Status::Ok, ..Transaction::default() };
    till.reply(Outcome::Ok(paid));
    assert!(matches!(till.state.sale.step, Step::Done(_)));
    assert_eq!(till.starts(), 1);
}

#[test]
fn when_the_server_keeps_saying_unpaid_the_transaction_can_be_given_up() {
    let mut till = Till::new();
    till.press("30037⏎ +").copied().press("20 +");
    till.reply(Outcome::Unknown(DownReason::Timeout));
    till.press("<Right>");
    assert!(!matches!(till.last().1, Call::Abort(_)), "not before the server has been asked");
    for _ in 0..4 {
        while !till.state.sale.is_waiting() {
            till.now = till.state.wake_at.unwrap();
            till.event(kasse::till::Event::Tick);
        }
        till.reply(Outcome::Ok(Transaction {
            id: "STX_1".into(),
            status: Status::Processing,
            ..Transaction::default()
        }));
    }
    till.press("<Right>");
    assert!(matches!(till.last().1, Call::Abort(_)));
    till.reply(Outcome::Ok(Transaction {
        id: "STX_1".into(),
        status: Status::Aborted,
        ..Transaction::default()
    }));
    assert_eq!(till.state.sale.step, Step::Basket(None));
    assert!(till.state.sale.remote.is_none());
    assert_eq!(till.state.sale.basket.lines().len(), 1);
}

#[test]
fn a_refused_start_applies_the_card_again_and_shows_the_new_remainder() {
    let mut till = Till::new();
    till.applied().press("+ 20 +");
    till.refused(refusal(400, "ProductBackendproviderException"));
    till.copied();
    assert!(matches!(till.last().1, Call::PreTransaction(_)));
    till.reply_applied(Outcome::Ok(kasse::wire::PreTransaction {
        missing_sum: Money(796),
        ..Default::default()
    }));
    assert_eq!(tender(&till), (StartMethod::Cash, Money(796)));
    assert!(matches!(error(&till), Message::Refused(..)), "the refusal stays explained");
    assert_eq!(till.starts(), 1);
}

#[test]
fn a_failed_status_keeps_the_basket_and_drops_the_transaction() {
    let mut till = Till::new();
    till.press("30037⏎ +").copied().press("20 +").started(Status::Failed);
    assert_eq!(*error(&till), Message::PaymentFailed);
    assert_eq!(till.state.sale.basket.sum(), Money(349));
    till.press("<Esc> +");
    assert!(matches!(till.last().1, Call::Create(_)));
}

#[test]
fn a_start_that_is_not_found_and_not_paid_either_is_set_up_again() {
    let mut till = Till::new();
    till.press("30037⏎ +").copied().press("20 +");
    till.refused(refusal(404, "ProductNotFoundException"));
    assert!(matches!(till.last().1, Call::Create(_)));
    till.copied();
    assert_eq!(tender(&till), (StartMethod::Cash, Money(349)));
    assert_eq!(till.said(), Some(&Message::SetUpAgain));
    assert_eq!(till.named(), Some(Money(2_000)));
}

#[test]
fn a_create_that_was_never_sent_is_made_again() {
    let mut till = Till::new();
    till.press("30037⏎").press(CARD).press("⏎").reply(Outcome::Down(DownReason::NoConnection));
    error(&till);
    assert_eq!(till.state.sale.basket.lines().len(), 1);
    assert!(till.state.sale.card.is_some());
    till.press("/");
    assert!(matches!(till.last().1, Call::Create(_)));
}

#[test]
fn a_lost_create_is_looked_for_by_our_reference_before_another_is_made() {
    let mut till = Till::new();
    till.press("30037⏎ +").reply(Outcome::Unknown(DownReason::Timeout));
    error(&till);
    till.press("<Esc> 7⏎ +");
    assert_eq!(till.last().1, Call::Find(till.state.sale.reference.clone()));
    let found = Transaction { id: "STX_1".into(), ..Transaction::default() };
    till.reply_found(Outcome::Ok(Some(found)));
    let Call::Update(id, body) = till.last().1 else { panic!("{:?}", till.last()) };
    assert_eq!((id.as_str(), body.basket.unwrap().products.len()), ("STX_1", 2));
    till.copied();
    assert_eq!(tender(&till), (StartMethod::Cash, Money(499)));

    let mut till = Till::new();
    till.press("30037⏎ +").reply(Outcome::Unknown(DownReason::Timeout)).press("+");
    till.reply_found(Outcome::Ok(None));
    assert!(matches!(till.last().1, Call::Create(_)));
}

#[test]
fn a_detached_sale_is_asked_after_while_the_next_one_is_sold_and_its_card_is_blocked() {
    let mut till = Till::new();
    till.applied().press("+ 20 +").reply(Outcome::Unknown(DownReason::Broken)).press("<F9>");
    assert!(till.state.sale.is_blank());
    assert_eq!(till.state.unresolved.len(), 1);
    till.press(CARD).press("⏎");
    assert_eq!(*error(&till), Message::CardBlocked);
    till.press("<Esc> 7⏎");
    till.now = till.state.wake_at.unwrap();
    till.event(kasse::till::Event::Tick);
    assert_eq!(till.last().1, Call::Read("STX_1".to_owned()));
    let paid = Transaction { id: "STX_1".into(), status: Status::Ok, ..Transaction::default() };
    till.reply(Outcome::Ok(paid));
    assert_eq!(till.said(), Some(&Message::ResolvedPaid(Money(796))));
    assert_eq!((till.history().len(), till.state.unresolved.len()), (1, 0));
    assert_eq!(till.state.sale.basket.lines().len(), 1, "the next sale goes on");
    assert_eq!(till.starts(), 1);
}

#[test]
fn quitting_with_an_open_outcome_is_asked_about_and_the_next_start_asks_after_it() {
    let mut till = Till::new();
    till.press("30037⏎ +").copied().press("20+").reply(Outcome::Unknown(DownReason::Broken));
    till.press("<F9> ␣");
    let index = kasse::till::menu_commands("", &till.settings)
        .iter()
        .position(|command| *command == kasse::till::Command::Quit)
        .unwrap();
    for _ in 0..index {
        till.press("<Down>");
    }
    let quits = |till: &Till| till.effects.iter().any(|it| matches!(it, Effect::Quit(_)));
    till.press("⏎");
    assert!(!quits(&till));
    assert_eq!(till.state.open_outcomes(), 1);
    till.press("<Right>");
    assert!(quits(&till));
    assert_eq!(till.replayed().unresolved.len(), 1);
}

/// A paid sale in the history, its row highlighted.
fn paid() -> Till {
    let mut till = Till::new();
    till.applied().press("+ 20 +").started(Status::Ok);
    till.press("<F11>");
    till
}

#[test]
fn a_paid_sale_is_cancelled_only_after_a_question_and_only_once() {
    let mut till = paid();
    till.press("-");
    assert!(!matches!(till.last().1, Call::Cancel(_)), "asked first");
    till.press("⏎");
    assert!(!matches!(till.last().1, Call::Cancel(_)), "Enter does not confirm");
    till.press("<Right>");
    assert_eq!(till.last().1, Call::Cancel("STX_1".to_owned()));
    till.press("- <Right>");
    assert_eq!(*error(&till), Message::CancelUnderWay);
    till.press("<Esc>");
    till.reply(Outcome::Ok(Transaction {
        id: "STX_1".into(),
        status: Status::Cancelled,
        ..Transaction::default()
    }));
    assert!(till.history()[0].cancelled.is_some());
    let cancels = till.calls.iter().filter(|(_, call)| matches!(call, Call::Cancel(_))).count();
    assert_eq!(cancels, 1);
}

#[test]
fn a_cancellation_without_an_answer_is_asked_after_and_not_repeated() {
    let mut till = paid();
    till.press("- <Right>").reply(Outcome::Unknown(DownReason::Timeout));
    assert_eq!(*error(&till), Message::CancelUnknown);
    till.now = till.state.wake_at.unwrap();
    till.event(kasse::till::Event::Tick);
    assert_eq!(till.last().1, Call::Read("STX_1".to_owned()));
    till.reply(Outcome::Ok(Transaction {
        id: "STX_1".into(),
        status: Status::Cancelled,
        ..Transaction::default()
    }));
    assert!(till.history()[0].cancelled.is_some());
    assert!(till.state.cancellations.is_empty());
}

#[test]
fn a_journal_that_fails_stops_selling_before_anything_is_sent() {
    let mut till = Till::new();
    till.press("30037⏎");
    till.event(kasse::till::Event::JournalFailed("disk full".to_owned()));
    till.press("<Esc> + 7⏎ / <F5>").press(CARD).press("⏎");
    assert!(matches!(error(&till), Message::Stopped(_)));
    assert!(till.calls.is_empty());
    assert_eq!(till.state.sale.basket.lines().len(), 1);
}

#[test]
fn an_abandoned_transaction_is_given_up_on_the_server() {
    let mut till = Till::new();
    till.press("30037⏎ +").copied().press("<Esc>");
    till.state.overlays.cover(Overlay::Confirm(kasse::till::Command::DiscardSale));
    till.press("<Right>");
    assert_eq!(till.last().1, Call::Abort("STX_1".to_owned()));
    till.reply(Outcome::Down(DownReason::NoConnection));
    assert_eq!(till.state.abandoned.len(), 1, "kept until it is done");
}

#[test]
fn the_intent_of_a_start_is_recorded_before_it_leaves_and_its_outcome_before_it_is_shown() {
    let mut till = Till::new();
    till.press("30037⏎ +").copied();
    till.effects.clear();
    till.press("20+");
    let start = till.effects.iter().position(|e| matches!(e, Effect::Call(_, Call::Start(..))));
    let intent = till
        .effects
        .iter()
        .position(|effect| matches!(effect, Effect::Record(record) if record.change.is_durable()));
    assert!(intent.unwrap() < start.unwrap());
    till.effects.clear();
    till.started(Status::Ok);
    assert!(
        till.effects.iter().any(
            |effect| matches!(effect, Effect::Record(record) if record.change.kind() == "paid")
        )
    );
}

#[rstest]
#[case::empty("")]
#[case::basket("30037⏎ 2*51⏎ <Up> -")]
#[case::card("30037⏎ 9276004424644352⏎")]
#[case::tender("30037⏎ +")]
#[case::parked("30037⏎ <F9> 51⏎")]
fn replayed_records_give_the_same_sales(#[case] script: &str) {
    let mut till = Till::new();
    till.press(script);
    if matches!(till.calls.last(), Some((_, Call::Create(_)))) {
        till.copied();
    }
    let replayed = till.replayed();
    let expected = &till.state;
    assert_eq!(replayed.sale.basket, expected.sale.basket);
    assert_eq!(replayed.sale.card, expected.sale.card);
    // Which transaction it is, but not what it holds: calls may have left after the last record.
    let id = |sale: &kasse::till::Sale| sale.remote.as_ref().map(|remote| remote.id.clone());
    assert_eq!(id(&replayed.sale), id(&expected.sale));
    assert!(replayed.sale.remote.as_ref().is_none_or(kasse::till::Remote::is_doubtful));
    assert_eq!(replayed.sale.step, expected.sale.step);
    assert_eq!(replayed.parked.len(), expected.parked.len());
}

#[test]
fn after_leaving_the_program_in_order_the_next_start_is_blank() {
    let mut till = Till::new();
    till.applied().press("+ 20 +").started(Status::Ok);
    till.state.overlays.cover(Overlay::Confirm(kasse::till::Command::Quit));
    till.press("<Right>");
    assert!(till.effects.contains(&Effect::Quit(kasse::till::Ending::Asked)));
    till.state = till.replayed();
    assert!(till.state.sale.is_blank());
    assert_eq!(till.history().len(), 1);
}

#[test]
fn the_change_is_still_on_the_screen_after_a_restart_until_the_next_scan() {
    let mut till = Till::new();
    till.applied().press("+ 20 +").started(Status::Ok);
    till.state = till.replayed();
    let Step::Done(done) = &till.state.sale.step else { panic!("{:?}", till.state.sale.step) };
    assert_eq!(done.payment.change(), Money(1424));
    assert_eq!(till.history().len(), 1);
    till.press("7⏎");
    till.state = till.replayed();
    assert_eq!(till.state.sale.basket.lines().len(), 1);
}

#[test]
fn a_start_on_its_way_when_the_program_ended_is_asked_after_and_never_sent_again() {
    let mut till = Till::new();
    till.applied().press("+ 20 +");
    till.state = till.replayed();
    assert!(matches!(till.state.sale.step, Step::Unknown(_)));
    till.event(kasse::till::Event::Tick);
    assert_eq!(till.last().1, Call::Read("STX_1".to_owned()));
    let paid = Transaction { id: "STX_1".into(), status: Status::Ok, ..Transaction::default() };
    till.reply(Outcome::Ok(paid));
    assert!(matches!(till.state.sale.step, Step::Done(_)));
    assert_eq!(till.starts(), 1);
}

#[test]
fn an_unknown_card_leaves_the_sale_and_the_sale_goes_on() {
    let mut till = Till::new();
    till.press("30037⏎ 9276004429999999⏎").copied();
    assert_eq!(*error(&till), Message::CardInvalid);
    assert_eq!(till.state.sale.card.as_ref().unwrap().state, CardState::Invalid);
    till.press("<Esc> +");
    let Call::Update(_, body) = till.last().1 else { panic!("{:?}", till.last()) };
    assert!(body.idents.is_empty());
}

#[test]
fn a_locked_card_is_taken_off_and_said() {
    let mut till = Till::new();
    till.press("30037⏎").press(CARD).press("⏎");
    let Call::Create(body) = till.last().1 else { panic!() };
    let mut answer = crate::till::kit::copy(&body);
    let mut locked = card();
    locked.lock_status = kasse::wire::LockStatus::Locked;
    answer.idents[0].merchantcard = Some(locked);
    till.reply(Outcome::Ok(answer));
    assert_eq!(*error(&till), Message::CardLocked);
    till.press("<Esc> /");
    assert_eq!(*error(&till), Message::CardLocked);
}

#[test]
fn the_same_card_twice_is_one_card_another_card_replaces_it() {
    let mut till = Till::new();
    till.press(CARD).press("⏎").press(CARD).press("⏎").copied();
    assert_eq!(till.calls.len(), 1);
    till.now = 10_000;
    till.press(CARD).press("⏎");
    assert_eq!(till.calls.len(), 1, "a known card is not asked for again");
    till.press(OTHER_CARD).press("⏎");
    assert!(matches!(till.last().1, Call::Update(..)));
}

#[test]
fn the_same_code_twice_is_two_articles() {
    let mut till = Till::new();
    till.press("4006381333931⏎ 4006381333931⏎");
    assert_eq!(till.state.sale.basket.lines().len(), 2);
    assert_eq!(till.state.sale.basket.sum(), Money(300));
}

#[test]
fn a_second_scan_is_never_a_quantity() {
    let mut till = Till::new();
    till.press("4006381333931 * 7⏎");
    assert_eq!(*error(&till), Message::NotAQuantity);
    assert_eq!(till.state.sale.basket.lines().len(), 0, "nothing was added, as it says");
}

#[test]
fn a_return_line_takes_the_amount_off() {
    let mut till = Till::new();
    till.press("30037⏎ 1- 7⏎");
    assert_eq!(till.state.sale.basket.sum(), Money(199));
    till.press("<F8> <F8> 1-7⏎ +");
    assert_eq!(*error(&till), Message::SumNegative);
    assert_eq!(till.calls.len(), 0);
}

#[test]
fn a_top_up_is_sent_as_the_first_seed_has_it() {
    let mut till = Till::new();
    till.press(OTHER_CARD).press("⏎").copied().press("15 <F4> +");
    let Call::Update(_, body) = till.last().1 else { panic!("{:?}", till.last()) };
    let sent = serde_json::to_value(&body).unwrap();
    let product = serde_json::json!({
        "id": 1, "ean": "4260447149502", "articleNumber": null,
        "desc": "Kartenaufladung 15 EUR", "quantity": 1, "priceOne": 1500, "tax": 7
    });
    assert_eq!(sent["basket"]["products"], serde_json::json!([product]));
    assert_eq!(sent["basket_info"], serde_json::json!({"sum": 1500, "currency": "EUR"}));
    assert_eq!(sent["is_demo"], true);
}

#[test]
fn a_top_up_without_a_card_is_not_tendered() {
    let mut till = Till::new();
    till.press("15 <F4> +");
    assert!(matches!(error(&till), Message::NoCard(_)));
    assert!(till.calls.is_empty());
}

#[test]
fn the_next_scan_after_a_sale_starts_clean() {
    let mut till = Till::new();
    till.applied().press("+ +").started(Status::Ok);
    let first = till.state.sale.reference.clone();
    till.press("7⏎");
    assert_eq!(till.state.sale.basket.lines().len(), 1);
    assert!(till.state.sale.card.is_none() && till.state.sale.remote.is_none());
    assert_ne!(till.state.sale.reference, first);
}

#[test]
fn parking_and_recalling_keep_everything() {
    let mut till = Till::new();
    till.applied().press("<F9>");
    assert!(till.state.sale.is_blank());
    till.press("7⏎ <F9> <F9>");
    assert_eq!(till.state.overlays, [Overlay::Parked(Parked(0))]);
    till.press("⏎");
    assert_eq!(till.state.sale.basket.sum(), Money(796));
    assert!(till.state.sale.applied().is_some());
}

#[test]
fn an_alphanumeric_article_number_is_found_and_its_signs_are_text() {
    let mut till = Till::new();
    till.press("AB-12⏎");
    assert_eq!(till.state.sale.basket.sum(), Money(220));
    till.press("fruit⏎");
    assert_eq!(till.state.sale.basket.lines()[1].name, "Fruit salad, small bowl");
    till.press("öl⏎");
    assert_eq!(till.state.sale.basket.lines().len(), 3);
    till.press("xyzzy⏎");
    assert!(matches!(error(&till), Message::NoHits(_)));
}

#[test]
fn space_opens_the_menu_and_the_menu_never_pays() {
    let mut till = Till::new();
    till.press("30037⏎ +").copied();
    for row in 0..kasse::till::menu_commands("", &till.settings).len() {
        till.press("<Esc> <Esc>");
        let mut till = Till::new();
        till.press("30037⏎ +").copied().press("␣");
        for _ in 0..row {
            till.press("<Down>");
        }
        till.press("⏎");
        assert_eq!(till.starts(), 0, "row {row}");
        assert_eq!(till.state.sale.basket.lines().len(), 1, "row {row}");
    }
}

#[test]
fn an_error_stays_until_a_key_that_no_scanner_sends() {
    let mut till = Till::new();
    till.press("4006381333932⏎");
    assert!(matches!(error(&till), Message::WrongCheckDigit(_)));
    till.press("⏎ ⏎ 7⏎");
    assert!(matches!(error(&till), Message::WrongCheckDigit(_)));
    assert_eq!(till.state.sale.basket.lines().len(), 1, "the next scan still works");
    till.press("<Esc>");
    assert!(till.state.notice.is_none());
}

#[test]
fn money_keys_under_an_overlay_only_uncover_what_they_would_pay() {
    let mut till = Till::new();
    till.press("30037⏎ +").copied().press("<F1> +");
    assert_eq!(till.starts(), 0);
    assert!(till.state.overlays.is_empty());
    till.press("+");
    assert_eq!(till.starts(), 1);
}

#[test]
fn the_arrows_leaf_through_the_receipt_of_the_sale_just_paid() {
    for (key, lines) in [("<Up>", 0), ("<PageUp>", 0), ("<Down>", 1), ("<PageDown>", 10)] {
        let mut till = Till::new();
        till.press("30037⏎ +").copied().press("5 +").started(Status::Ok);
        till.press(key);
        let receipt = |scroll| [Overlay::Receipt(Receipt { of: None, scroll })];
        assert_eq!(till.state.overlays, receipt(lines), "{key}");
        till.press("<Down>");
        assert_eq!(till.state.overlays, receipt(lines + 1), "{key}");
        // The next scan closes it and begins the next sale.
        till.press("7⏎");
        assert_eq!(till.state.overlays, []);
        assert!(matches!(till.state.sale.step, Step::Basket(None)), "{key}");
    }
}

/// Three scans, the card of the documents, the remainder in cash with a note of 20.
#[test]
fn the_canonical_sale_takes_four_keys_and_two_with_a_note_key() {
    for (keys, count) in [("+20+", 4), ("+<S-F3>", 2)] {
        let mut till = Till::with(Settings { apply_card_on_total: true, ..settings() });
        till.press("30037⏎ 30200⏎ 2*51⏎").press(CARD).press("⏎").copied();
        let pressed = crate::sim::cashier::keys(keys);
        assert_eq!(pressed.len(), count);
        till.press("+").reply_applied(Outcome::Ok(pre_transaction()));
        assert_eq!(tender(&till), (StartMethod::Cash, Money(576)));
        till.press(keys.strip_prefix('+').unwrap());
        assert_eq!(till.last().1, Call::Start("STX_1".to_owned(), StartMethod::Cash));
        till.started(Status::Ok);
        assert!(matches!(till.state.sale.step, Step::Done(_)));
    }
}
