//! Outcomes that nobody told: real loop, client and sandbox, and answers that get lost.

use kasse::lang::Lang;
use kasse::money::Money;
use kasse::sandbox::{CARD_BONUS, CARD_EMPTY, CARD_RICH};
use kasse::till::{ENOUGH_ANSWERS, Level, Message, Notice, State, Step};
use kasse::wire::{ReceiptLine, Status};
use rstest::rstest;

use crate::journeys::kit::Journey;

fn is_unknown(state: &State) -> bool {
    matches!(state.sale.step, Step::Unknown(_))
}

fn is_done(state: &State) -> bool {
    matches!(state.sale.step, Step::Done(_))
}

fn statuses(journey: &Journey) -> Vec<Status> {
    let all = journey.server.ledger.transactions().into_iter();
    all.filter(|sale| sale.transaction_ref.is_some()).map(|sale| sale.status).collect()
}

/// A sale of 7.96 in the tender step, the card applied and 20.00 typed.
fn tendered(lang: Lang) -> Journey {
    let mut journey = Journey::in_language(lang);
    journey.keys(&format!("30037⏎ 30200⏎ 2*51⏎ {CARD_BONUS}⏎")).keys("/").keys("+").keys("20");
    journey
}

#[rstest]
#[case(Lang::En, "Outcome unknown - do not charge again")]
#[case(Lang::De, "Geld NICHT noch")]
fn a_lost_answer_to_start_says_not_to_charge_again_and_resolves_by_itself(
    #[case] lang: Lang,
    #[case] words: &str,
) {
    let mut journey = tendered(lang);
    journey.server.play(&["lost-answer@start#1", "error-500@read"]);
    journey.send("+").until("an unknown outcome", is_unknown);
    journey.shows(&[words]);
    // Keys while the outcome is unknown charge nothing.
    journey.send("+").send("20+").send("<F5>").send("30037⏎");
    assert!(is_unknown(journey.state()), "{}", journey.screen());
    journey.server.play(&[]);
    journey.until("the outcome", is_done);
    assert_eq!(statuses(&journey), [Status::Ok]);
    assert_eq!(journey.server.calls("POST", "/start/cash"), 1);
    assert_eq!(journey.server.ledger.loyalty_transactions(), 1);
    let Step::Done(done) = &journey.state().sale.step else { panic!("{}", journey.screen()) };
    assert_eq!((done.payment.due, done.payment.change()), (Money(576), Money(1_424)));
    assert!(!done.receipt.is_empty());
}

#[test]
fn a_sale_put_aside_resolves_while_the_next_is_sold_and_its_card_waits() {
    let mut journey = tendered(Lang::En);
    journey.server.play(&["lost-answer@start#1", "error-500@read"]);
    journey.send("+").until("an unknown outcome", is_unknown);
    journey.send("<F9>").shows(&["1 outcome unknown"]);
    journey.keys(&format!("{CARD_BONUS}⏎"));
    assert_eq!(journey.error(), &Message::CardBlocked);
    journey.keys("<Esc>").keys("30037⏎").keys("+").keys("5+");
    assert!(is_done(journey.state()), "{}", journey.screen());
    journey.keys("30200⏎").server.play(&[]);
    journey.until("the first outcome", |state| state.unresolved.is_empty());
    assert_eq!(journey.error(), &Message::ResolvedPaid(Money(796)));
    assert_eq!(journey.state().sale.basket.sum(), Money(249), "the third sale is as it was");
    assert_eq!(statuses(&journey), [Status::Ok, Status::Ok]);
    assert_eq!(journey.server.ledger.loyalty_transactions(), 1);
}

#[test]
fn a_parked_sale_cannot_pay_with_a_card_whose_last_payment_is_unknown() {
    let mut journey = Journey::new();
    journey.keys(&format!("30037⏎ {CARD_RICH}⏎")).keys("<F9>");
    journey.keys(&format!("30200⏎ {CARD_RICH}⏎")).keys("/").keys("+");
    journey.server.play(&["lost-answer@start#1", "error-500@read"]);
    journey.send("+").until("an unknown outcome", is_unknown);
    journey.send("<F9>").send("<F9>").send("⏎");
    assert_eq!(journey.state().sale.basket.sum(), Money(349), "recalled");
    journey.keys("/").keys("<Esc>").keys("+");
    assert_eq!(journey.error(), &Message::CardBlocked);
    assert!(matches!(journey.state().sale.step, Step::Basket(None)), "{}", journey.screen());
    journey.server.play(&[]);
    journey.until("the outcome", |state| state.unresolved.is_empty());
    journey.keys("<Esc>").keys("+").keys("+");
    assert!(is_done(journey.state()), "{}", journey.screen());
    assert_eq!(statuses(&journey), [Status::Ok, Status::Ok]);
}

#[test]
fn a_top_up_whose_answer_is_lost_loads_the_card_once() {
    let mut journey = Journey::new();
    journey.keys(&format!("{CARD_EMPTY}⏎")).keys("15<F4>").keys("+").keys("20");
    journey.server.play(&["lost-answer@start#1"]);
    journey.keys("+");
    assert!(is_done(journey.state()), "{}", journey.screen());
    assert_eq!(journey.server.ledger.balance(CARD_EMPTY).unwrap().cash, Money(1_500));
    assert_eq!(journey.server.ledger.loyalty_transactions(), 1);
    journey.keys("<F3>").shows(&["15.00"]);
}

#[test]
fn a_lost_create_is_found_by_our_reference_and_taken_over() {
    let mut journey = Journey::new();
    journey.server.play(&["lost-answer@create#1"]);
    journey.keys(&format!("30037⏎ {CARD_BONUS}⏎"));
    assert!(matches!(journey.error(), Message::NoAnswer(..)), "{:?}", journey.error());
    // Changed meanwhile: what was created must not be paid as it is.
    journey.keys("<Esc> 30200⏎").keys("/").keys("+").keys("10+");
    let Step::Done(done) = &journey.state().sale.step else { panic!("{}", journey.screen()) };
    assert_eq!(done.basket.sum(), Money(598));
    assert_eq!(statuses(&journey), [Status::Ok]);
    let sold = journey.server.ledger.transaction(&done.id).unwrap();
    assert_eq!(sold.basket_info.sum, Money(598));
}

#[test]
fn a_start_that_never_arrived_is_given_up_before_it_is_paid_anew() {
    let mut journey = Journey::new();
    journey.keys("30037⏎").keys("+");
    journey.server.play(&["lost-request@start#1"]);
    journey.send("+").until("an unknown outcome", is_unknown);
    for answers in 1..=ENOUGH_ANSWERS {
        journey.later(30_000);
        journey.until("another answer", |state| match &state.sale.step {
            Step::Unknown(inquiry) => inquiry.unpaid_answers == answers,
            step => panic!("{step:?}"),
        });
    }
    journey.shows(&["One safe next step", "gives it up"]);
    assert_eq!(journey.server.calls("POST", "/start/cash"), 1, "not sent again by itself");
    journey.keys("<Right>");
    assert_eq!(journey.error(), &Message::GivenUp);
    journey.keys("+").keys("+");
    assert!(is_done(journey.state()), "{}", journey.screen());
    assert_eq!(statuses(&journey), [Status::Aborted, Status::Ok]);
}

fn texts(receipt: &[ReceiptLine]) -> String {
    serde_json::to_string(receipt).unwrap()
}

#[rstest]
#[case::answered(&[])]
#[case::lost(&["lost-answer@cancel#1"])]
#[case::torn(&["torn-body@cancel#1"])]
fn a_paid_sale_is_cancelled_once_with_a_receipt_of_its_own(#[case] faults: &[&str]) {
    let mut journey = tendered(Lang::En);
    journey.keys("+").keys("<F11>").keys("-").shows(&["Please confirm"]);
    journey.server.play(faults);
    journey.send("⏎");
    assert!(journey.state().cancellations.is_empty(), "Enter confirms nothing");
    journey.send("<Right>");
    journey.until_kept("the cancellation", |journey| journey.history()[0].cancelled.is_some());
    assert!(journey.state().cancellations.is_empty());
    let cancelled = journey.history()[0].cancelled.clone().unwrap();
    assert_ne!(texts(&cancelled.receipt), texts(&journey.history()[0].receipt));
    assert!(!cancelled.receipt.is_empty());
    assert_eq!(statuses(&journey), [Status::Cancelled]);
    let balance = journey.server.ledger.balance(CARD_BONUS).unwrap();
    assert_eq!((balance.cash, balance.bonus), (Money(200), Money(20)), "the card has it back");
    let cancels = journey.server.requests.all().into_iter();
    assert_eq!(cancels.filter(|call| call.path.ends_with("/cancel")).count(), 1);
    // A second time is refused here already.
    journey.keys("<Esc>").keys("<Esc>").keys("<Esc>").keys("<F11>").keys("-");
    let Some(Notice { level: Level::Error, message }) = &journey.state().notice else {
        panic!("{}", journey.screen())
    };
    assert_eq!(message, &Message::AlreadyCancelled);
}
