//! What has gone wrong in other tills, one test for each: the nine faults of the vendor's own
//! sample till, then those of other programs, named by program and issue.

use std::ops::ControlFlow;

use kasse::config::{Sources, load};
use kasse::lang::Lang;
use kasse::money::Money;
use kasse::sandbox::{CARD_BONUS, Ledger};
use kasse::shop::Catalogue;
use kasse::till::{Call, CardState, Message, Step};
use kasse::wire::{DownReason, Outcome, StartMethod, Status, Transaction};
use kasse::worker::Background;
use rstest::rstest;
use rustix::process::Signal;
use serde_json::Value;

use crate::journeys::kit::{Journey, Server};
use crate::pty::home::Home;
use crate::till::kit::{CARD, Till, article};

/// Transactions that the server ever took money for.
fn paid(ledger: &Ledger) -> Vec<Transaction> {
    let all = ledger.transactions().into_iter();
    all.filter(|sale| matches!(sale.status, Status::Ok | Status::Cancelled)).collect()
}

fn creates(till: &Till) -> usize {
    till.calls.iter().filter(|(_, call)| matches!(call, Call::Create(_))).count()
}

fn is_done(journey: &Journey) -> bool {
    matches!(journey.state().sale.step, Step::Done(_))
}

/// The bodies sent to create and update.
fn bodies(journey: &Journey) -> Vec<Value> {
    let all = journey.server.requests.all().into_iter();
    let sent = all.filter(|call| {
        call.path.contains("/Smart/Transactions") && !call.body.is_empty() && call.method != "GET"
    });
    sent.filter_map(|call| serde_json::from_str(&call.body).ok()).collect()
}

#[test]
fn incumbent_1_a_timeout_of_start_is_not_a_failure_and_creates_nothing_anew() {
    let mut till = Till::new();
    till.applied().press("+ 20 +").reply(Outcome::Unknown(DownReason::Timeout));
    till.press("+ ⏎ <Esc> <F5> <F6> <F7> / 30037⏎ 20 + <F9>");
    for _ in 0..10 {
        till.now = till.state.wake_at.unwrap();
        till.event(kasse::till::Event::Tick);
        if matches!(till.last().1, Call::Read(_)) {
            till.reply(Outcome::Unknown(DownReason::Timeout));
        }
    }
    assert_eq!((till.starts(), creates(&till)), (1, 1));
    assert_eq!(till.state.unresolved.len(), 1, "asked after, neither failed nor forgotten");
}

#[test]
fn incumbent_2_the_quantity_is_sent_and_the_sum_is_that_of_the_lines() {
    let mut journey = Journey::new();
    journey.keys("3*30037⏎ 2*51⏎ 1-30200⏎").keys("+");
    let body = bodies(&journey).pop().unwrap();
    let lines = body["basket"]["products"].as_array().unwrap();
    let sent: Vec<(i64, i64)> = lines
        .iter()
        .map(|line| (line["quantity"].as_i64().unwrap(), line["priceOne"].as_i64().unwrap()))
        .collect();
    assert_eq!(sent, [(3, 349), (2, 99), (-1, 249)]);
    let sum: i64 = sent.iter().map(|(quantity, price)| quantity * price).sum();
    assert_eq!(body["basket_info"]["sum"].as_i64(), Some(sum));
    assert!(matches!(journey.state().sale.step, Step::Tender(_)), "the server adds up the same");
}

fn whole(value: &Value) -> ControlFlow<Value> {
    match value {
        Value::Number(number) if !number.is_i64() => ControlFlow::Break(value.clone()),
        Value::Array(values) => values.iter().try_for_each(whole),
        Value::Object(fields) => fields.values().try_for_each(whole),
        _ => ControlFlow::Continue(()),
    }
}

#[test]
fn incumbent_3_money_is_never_a_fraction() {
    let mut journey = Journey::with(Lang::En, |settings| {
        let dime = article("10", None, "Dime", 10, 7);
        settings.catalogue = Catalogue::new(vec![dime]).unwrap();
    });
    journey.keys("3*10⏎ 10⏎ 7*10⏎").keys("+").keys("1,15").keys("+");
    let Step::Done(done) = &journey.state().sale.step else { panic!("{}", journey.screen()) };
    assert_eq!((done.basket.sum(), done.payment.change()), (Money(110), Money(5)));
    for body in bodies(&journey) {
        assert_eq!(whole(&body), ControlFlow::Continue(()), "{body}");
    }
    assert_eq!(paid(&journey.server.ledger)[0].basket_info.sum, Money(110));
}

#[test]
fn incumbent_4_the_next_sale_starts_without_the_card_of_the_last() {
    let mut journey = Journey::new();
    journey.keys(&format!("30037⏎ {CARD_BONUS}⏎")).keys("+").keys("+").shows(&["4352"]);
    assert!(is_done(&journey), "{}", journey.screen());
    journey.keys("30200⏎");
    assert!(!journey.screen().contains("4352"), "{}", journey.screen());
    journey.keys("+");
    let body = bodies(&journey).pop().unwrap();
    assert_eq!(body["basket"]["products"].as_array().unwrap().len(), 1);
    assert!(body["idents"].as_array().is_none_or(Vec::is_empty), "{body}");
}

#[rstest]
#[case(Status::Failed)]
#[case(Status::Cancelled)]
#[case(Status::Aborted)]
fn incumbent_5_a_failed_payment_keeps_the_basket(#[case] status: Status) {
    let mut till = Till::new();
    till.applied().press("+ 20 +").started(status);
    assert_eq!(till.state.sale.basket.sum(), Money(796));
    assert_eq!(till.state.sale.basket.lines().len(), 3);
    assert!(till.state.sale.card.is_some());
    assert_eq!(till.state.notice.as_ref().unwrap().message, Message::PaymentFailed);
}

#[test]
fn incumbent_6_escape_submits_nothing_of_what_was_typed() {
    let mut till = Till::new();
    till.press("30037⏎").press(CARD).press("<Esc>");
    assert!(till.state.entry.text.is_empty());
    till.press("⏎ ⏎");
    assert!(till.state.sale.card.is_none() && till.calls.is_empty(), "{:?}", till.calls);
    assert_eq!(till.state.sale.basket.lines().len(), 1, "and voids nothing");
}

#[test]
fn incumbent_7_remainder_given_change_and_history_are_all_there() {
    let mut journey = Journey::new();
    journey.keys(&format!("30037⏎ 30200⏎ 2*51⏎ {CARD_BONUS}⏎")).keys("/").shows(&["5.76"]);
    assert_eq!(journey.server.calls("POST", "/preTransaction"), 1);
    journey.keys("+").keys("20").shows(&["20.00", "14.24"]);
    assert_eq!(journey.server.calls("POST", "/start/cash"), 0, "shown before it is paid");
    journey.keys("+");
    assert_eq!(journey.server.calls("POST", "/start/cash"), 1);
    journey.shows(&["14.24"]).keys("<F11>");
    journey.shows(&["7.96"]);
    assert_eq!(journey.history().len(), 1);
}

#[test]
fn incumbent_8_a_card_read_twice_is_one_card_and_one_transaction() {
    let mut till = Till::new();
    let twice = format!("30037⏎ {CARD}⏎ {CARD}⏎");
    till.press(&twice).copied().press(&format!("{CARD}⏎"));
    assert_eq!(till.calls.len(), 1, "{:?}", till.calls);
    let card = till.state.sale.card.as_ref().unwrap();
    assert!(matches!(card.state, CardState::Known(_)));
}

#[test]
fn incumbent_9_a_server_without_a_secret_of_its_own_is_no_server() {
    let api = |name: &str, value: &str| (name.into(), value.into());
    let env = vec![
        api("KASSE_API_URL", "https://api.example.org"),
        api("KASSE_API_CLIENT_ID", "till"),
        api("KASSE_STATE_DIR", "/nonexistent"),
    ];
    let problems = load(&Sources { env, ..Sources::default() }).unwrap_err().to_string();
    assert!(problems.contains("client_secret"), "{problems}");
}

#[rstest]
#[case("lost-answer@create#1")]
#[case("torn-body@create#1")]
#[case("error-500=after@create#1")]
fn odoo_40600_42430_erpnext_12645_an_order_is_not_posted_twice(#[case] fault: &str) {
    let mut journey = Journey::new();
    journey.server.play(&[fault]);
    journey.keys("30037⏎").keys("+");
    assert!(matches!(journey.error(), Message::NoAnswer(..)), "{:?}", journey.error());
    journey.keys("<Esc>").keys("+").keys("+");
    assert!(is_done(&journey), "{}", journey.screen());
    let reference = match &journey.state().sale.step {
        Step::Done(done) => done.reference.clone(),
        step => panic!("{step:?}"),
    };
    let ours = journey.server.ledger.transactions().into_iter();
    let ours = ours.filter(|sale| sale.transaction_ref.as_deref() == Some(&reference));
    assert_eq!(ours.count(), 1, "found by its reference and taken over");
    assert_eq!(journey.server.calls("POST", "/Smart/Transactions"), 1);
    assert_eq!(paid(&journey.server.ledger).len(), 1);
}

#[rstest]
#[case("30037⏎ + + + ⏎")]
#[case("30037⏎ + 20 + +")]
#[case("30037⏎ + ⏎ 30200⏎ ⏎ +")]
#[case("30037⏎ <F5> <F5> <F6> <F7> +")]
fn erpnext_11453_keys_typed_ahead_never_submit_a_sale(#[case] ahead: &str) {
    let mut journey = Journey::new();
    journey.server.play(&["latency=30"]);
    journey.keys(ahead);
    assert!(paid(&journey.server.ledger).is_empty());
    let started = journey.server.requests.all().into_iter().any(|c| c.path.contains("/start/"));
    assert!(!started, "{}", journey.screen());
}

#[test]
fn odoo_125037_a_paid_order_survives_a_power_cut() {
    let background = Background::start().unwrap();
    let server = Server::start(&background, kasse::sandbox::Options::default());
    let home = Home::new().account(&server.url, "sandbox", "sandbox");
    let pty = home.console(80, 24);
    pty.keys("30037\r+", "Payment: ");
    pty.keys("+", "─ ● ok");
    pty.signal(Signal::KILL);
    pty.exit_code();
    let list = home.run(&["journal", "list"]);
    assert!(list.stdout.contains("  paid  "), "{}", list.stdout);
    let pty = home.console(80, 24);
    pty.wait_for("Status");
    pty.keys("\x1b[23~", "3.49");
    pty.wait_for("Finished sales");
    assert_eq!(paid(&server.ledger).len(), 1);
}

#[rstest]
#[case("lost-answer@start#1")]
#[case("torn-body@start#1")]
#[case("error-500=after@start#1")]
#[case("html=after@start#1")]
fn stripe_terminal_android_470_what_was_paid_is_never_called_declined(#[case] fault: &str) {
    let mut journey = Journey::new();
    journey.keys("30037⏎ <F6>");
    journey.server.play(&[fault]);
    journey.send("+");
    while !is_done(&journey) {
        let screen = journey.screen().to_lowercase();
        for wrong in ["failed", "refused", "declined", "nothing was taken"] {
            assert!(!screen.contains(wrong), "{wrong}:\n{screen}");
        }
        journey.step();
    }
    assert_eq!(paid(&journey.server.ledger).len(), 1);
    assert_eq!(journey.server.calls("POST", "/start/cashless"), 1);
}

#[test]
fn opensourcepos_4640_odoo_79235_two_tills_never_overspend_one_card() {
    let mut first = Journey::new();
    let shared = first.server.shared();
    let mut second = Journey::on(Background::start().unwrap(), shared, Lang::En, |_| {});
    for till in [&mut first, &mut second] {
        till.keys(&format!("30037⏎ 30200⏎ 2*51⏎ {CARD_BONUS}⏎")).keys("/").shows(&["5.76"]);
        till.keys("+").keys("20").shows(&["14.24"]);
    }
    first.keys("+");
    assert!(is_done(&first), "{}", first.screen());
    second.keys("+");
    // The refusal, and what remains without the money that the card no longer has.
    assert!(matches!(second.error(), Message::Refused(..)), "{:?}", second.error());
    second.shows(&["nothing was taken"]);
    let Step::Tender(tender) = &second.state().sale.step else { panic!("{}", second.screen()) };
    let due = tender.due;
    assert!(due > Money(576), "the card was not emptied: {due:?}");
    second.shows(&[&Lang::En.amount(due)]);
    assert_eq!(paid(&first.server.ledger).len(), 1, "nothing taken before it is seen");
    second.keys("<Esc>").keys("+");
    let Step::Done(done) = &second.state().sale.step else { panic!("{}", second.screen()) };
    assert_eq!((done.payment.due, done.payment.given), (due, Money(2_000)));
    let left = first.server.ledger.balance(CARD_BONUS).unwrap();
    assert!(!left.cash.is_negative() && !left.bonus.is_negative(), "{left:?}");
    let spent: Money = first.server.ledger.bookings().iter().map(|b| b.cash).sum();
    assert_eq!(spent, Money(-200), "loaded money is spent once");
}

#[test]
fn odoo_37411_a_second_scan_is_never_a_quantity() {
    let mut till = Till::new();
    till.press("4999012345678*");
    assert_eq!(till.state.entry.multiplier, None);
    till.press("4006381333931⏎");
    assert_eq!(till.state.notice.as_ref().unwrap().message, Message::NotAQuantity);
    assert_eq!(till.state.sale.basket.pieces(), 0, "what was refused adds nothing");
    till.press("4006381333931⏎");
    assert_eq!(till.state.sale.basket.pieces(), 1, "the scan after it counts once");
    till.press("<Esc> 4006381333931 4999012345678⏎");
    assert_eq!(till.state.sale.basket.pieces(), 1, "two codes run together are none");
    till.press("<Esc> 4999012345678⏎ 4006381333931⏎");
    assert_eq!(till.state.sale.basket.sum(), Money(150 + 99 + 150));
}

#[test]
fn opensourcepos_849_a_slow_scanner_loses_no_digit() {
    let mut till = Till::new();
    for digit in "4999012345678⏎".chars() {
        till.now += 5_000;
        till.press(&digit.to_string());
    }
    assert_eq!(till.state.sale.basket.lines().len(), 1);
    assert_eq!(till.state.sale.basket.sum(), Money(99));
}

#[rstest]
#[case::total("1⏎", 1)]
#[case::remainder("221⏎ 9276004424644352⏎ /", 1)]
fn opensourcepos_1437_one_cent_can_be_paid(#[case] sale: &str, #[case] due: i64) {
    let mut journey = Journey::with(Lang::En, |settings| {
        let cent = article("1", None, "Cent", 1, 19);
        let more = article("221", None, "A cent more than the card has", 221, 19);
        settings.catalogue = Catalogue::new(vec![cent, more]).unwrap();
    });
    journey.keys(sale).keys("+").keys("0,01").keys("+");
    let Step::Done(done) = &journey.state().sale.step else { panic!("{}", journey.screen()) };
    assert_eq!((done.payment.due, done.payment.method), (Money(due), StartMethod::Cash));
}

#[test]
fn quicktill_266_a_provider_that_is_down_holds_nobody_up() {
    let mut journey = Journey::new();
    journey.keys("30037⏎").keys("+");
    journey.server.play(&["lost-answer@start#1", "error-500@read"]);
    journey.send("+").until("an unknown outcome", |s| matches!(s.sale.step, Step::Unknown(_)));
    journey.send("<F9>");
    journey.shows(&["1 outcome unknown"]);
    journey.keys("30200⏎").keys("+").keys("+");
    assert!(is_done(&journey), "{}", journey.screen());
    journey.server.play(&[]);
    journey.until("the first sale's outcome", |state| state.unresolved.is_empty());
    assert_eq!(journey.history().len(), 2);
    assert_eq!(paid(&journey.server.ledger).len(), 2);
}
