//! The payment terminal end to end: what comes of a payment, breaking it off, its other jobs.

use std::time::Duration;

use kasse::lang::Lang;
use kasse::money::Money;
use kasse::sandbox::{CLIENT_ID, CLIENT_SECRET, Options};
use kasse::till::{Message, NextCancel, Overlay, Printing, Run, Step, Terminal};
use kasse::wire::{Status, TerminalJob};
use kasse::worker::Background;
use rstest::rstest;

use crate::journeys::kit::{Journey, Server};
use crate::pty::home::Home;

/// A terminal that would take far longer than any test: only a stop ends it.
fn endless() -> Options {
    Options { seed: 1, terminal_latency: Duration::from_secs(3_600), ..Options::default() }
}

fn on(options: Options, lang: Lang) -> Journey {
    let background = Background::start().unwrap();
    let server = Server::start(&background, options);
    Journey::on(background, server, lang, |settings| settings.printing = Printing::OnRequest)
}

/// Of the till's own transactions, the oldest first.
fn statuses(journey: &Journey) -> Vec<Status> {
    let all = journey.server.ledger.transactions().into_iter();
    let ours = all.filter(|found| found.transaction_ref.is_some());
    ours.map(|transaction| transaction.status).collect()
}

/// The cents choose what the simulated terminal says.
#[rstest]
#[case::declined("45*30037⏎", "157.05", "Zahlung abgelehnt")]
#[case::broken_off_by_the_customer("94*30037⏎", "328.06", "Abbruch durch Kunden")]
#[case::out_of_time("43*30037⏎", "150.07", "Zeitüberschreitung")]
fn what_the_terminal_does_not_take_is_said_in_plain_words_and_the_sale_goes_on(
    #[case] scan: &str,
    #[case] amount: &str,
    #[case] reason: &str,
) {
    let mut journey = on(Options { seed: 1, ..Options::default() }, Lang::En);
    journey.keys(scan).keys("<F6>").shows(&[amount]);
    journey.keys("+").shows(&["NOT paid at the terminal", reason, "F6", "F5", amount]);
    assert_eq!(statuses(&journey), [Status::Failed]);
    journey.keys("<Esc>").keys("+").keys("+");
    assert!(matches!(journey.state().sale.step, Step::Done(_)), "{}", journey.screen());
    assert_eq!(statuses(&journey), [Status::Failed, Status::Ok]);
}

#[test]
fn a_payment_at_the_terminal_is_watched_and_broken_off() {
    let mut journey = on(endless(), Lang::En);
    journey.keys("30037⏎").keys("<F6>").send("+");
    journey.shows(&["Customer at the terminal", "0:00", "→ break off"]);
    let frames = journey.console.screen().frames;
    journey.later(61_000);
    journey.shows(&["1:0"]);
    assert!(journey.console.screen().frames <= frames + 2, "no storm of frames");
    journey.send("<Right>");
    journey.until("the end of the payment", |state| matches!(state.sale.step, Step::Basket(None)));
    journey.shows(&["Broken off: nothing was paid", "3.49"]);
    // The wish, and perhaps already the end of what was given up with it.
    assert!((1..=2).contains(&journey.server.calls("POST", "/abort")));
    assert_eq!(journey.server.calls("POST", "/start/cashless"), 1);
    assert!(statuses(&journey).iter().all(|status| *status != Status::Ok));
    journey.keys("<Esc>").keys("+").keys("+");
    assert!(matches!(journey.state().sale.step, Step::Done(_)), "{}", journey.screen());
}

#[test]
fn the_answer_of_the_terminal_decides_where_that_to_the_wish_is_lost() {
    let mut journey = on(endless(), Lang::En);
    journey.keys("30037⏎").keys("<F6>").send("+");
    journey.server.play(&["lost-answer@abort"]);
    journey.send("<Right>");
    journey.until("the end of the payment", |state| !matches!(state.sale.step, Step::Paying(_)));
    let settled = |state: &kasse::till::State| matches!(state.sale.step, Step::Basket(None));
    journey.until("a definite outcome", settled);
    assert!(statuses(&journey).iter().all(|status| *status != Status::Ok));
    assert_eq!(journey.history().len(), 0);
}

#[test]
fn diagnosis_and_the_end_of_the_day_bring_their_reports() {
    let mut journey = on(Options { seed: 1, ..Options::default() }, Lang::En);
    journey.keys("30037⏎").keys("<F6>").keys("+").shows(&["The shop must keep", "F11"]);
    for (keys, title, job) in [
        ("␣diag⏎", "Diagnosis", TerminalJob::Diagnosis),
        ("␣end⏎", "End of day", TerminalJob::EndOfDay),
    ] {
        journey.keys(keys);
        if job == TerminalJob::EndOfDay {
            journey.send("<Right>");
        }
        journey.until("the report", |state| {
            let run = state.terminal.as_ref().filter(|terminal| terminal.job == job);
            run.is_some_and(|terminal| !matches!(terminal.run, Run::Asked(_)))
        });
        journey.shows(&[title]);
        let report = journey.state().terminal.as_ref().and_then(|terminal| terminal.run.slip());
        assert!(!report.unwrap().lines.is_empty(), "{}", journey.screen());
        assert_eq!(journey.state().overlays, [Overlay::Terminal(Terminal(0))]);
        journey.keys("<Esc>");
    }
    assert_eq!(journey.server.calls("POST", "/me/endOfDay"), 1);
}

#[test]
fn no_day_is_closed_while_an_outcome_is_open() {
    let mut journey = on(Options { seed: 1, ..Options::default() }, Lang::En);
    journey.server.play(&["lost-answer@start", "error-500@read"]);
    journey.keys("30037⏎").keys("+").send("+");
    journey.until("doubt", |state| matches!(state.sale.step, Step::Unknown(_)));
    journey.send("<F9>").send("␣end⏎");
    assert_eq!(*journey.error(), Message::OutcomesOpen);
    assert_eq!(journey.server.calls("POST", "/endOfDay"), 0);
}

#[test]
fn the_real_program_counts_the_seconds_at_the_terminal_and_nothing_else_moves() {
    let background = Background::start().unwrap();
    let server = Server::start(&background, endless());
    let pty = Home::new().account(&server.url, CLIENT_ID, CLIENT_SECRET).console(80, 24);
    pty.wait_for("Server connected");
    pty.keys("30037\r", "3.49 EUR");
    pty.keys("\x1b[17~", "Payment: Terminal");
    pty.keys("+", "Customer at the terminal");
    pty.wait_for("0:03");
    let seconds = pty.frames().iter().filter(|frame| frame.contains("Customer at the")).count();
    assert!(seconds <= 12, "one frame a second: {seconds}");
    pty.keys("\x1b[C", "Broken off: nothing was paid");
    pty.wait_for("3.49 EUR");
    assert_eq!(server.calls("POST", "/start/cashless"), 1);
    pty.quiet(Duration::from_millis(1_500));
}

/// The terminal's payment goes back by its receipt number, and the card has what it had.
#[rstest]
#[case::without_a_card("30037⏎", "3.49")]
#[case::with_a_card("30037⏎9276004424644352⏎/", "1.29")]
fn a_payment_at_the_terminal_is_taken_back_before_the_end_of_the_day(
    #[case] scans: &str,
    #[case] amount: &str,
) {
    let mut journey = on(Options { seed: 1, ..Options::default() }, Lang::En);
    journey.keys(scans).keys("<F6>").shows(&[amount]);
    journey.keys("+");
    assert!(matches!(journey.state().sale.step, Step::Done(_)), "{}", journey.screen());
    journey.keys("<Esc>").keys("<F11>").keys("-").shows(&["goes back via the terminal"]);
    journey.send("<Right>");
    journey.until_kept("the cancellation", |journey| journey.history()[0].cancelled.is_some());
    journey.shows(&[&format!("{amount} EUR goes back to the customer's bank card")]);
    assert_eq!(journey.server.calls("POST", "/1/cancelTrx"), 1);
    assert_eq!(statuses(&journey), [Status::Cancelled]);
    let balance = journey.server.ledger.balance(kasse::sandbox::CARD_BONUS).unwrap();
    assert_eq!((balance.cash, balance.bonus), (Money(200), Money(20)));
    journey.keys("<Esc>").shows(&["CANCELLED"]);
}

#[test]
fn after_the_end_of_the_day_nothing_is_taken_back_and_the_till_says_why() {
    let mut journey = on(Options { seed: 1, ..Options::default() }, Lang::En);
    journey.keys("30037⏎").keys("<F6>").keys("+");
    journey.keys("<Esc>").send("␣end⏎<Right>");
    journey.until("the end of the day", |state| {
        state.terminal.as_ref().is_some_and(|run| matches!(run.run, Run::Done(_)))
    });
    journey.keys("<Esc>").keys("<F11>").keys("-").send("<Right>");
    // As long as a payment at the terminal is given, it may be at it.
    while let Some(open) = journey.state().cancellations.first() {
        let asked = open.asked;
        journey.later(40_000);
        journey.until("an answer", |state| {
            let open = state.cancellations.first();
            open.is_none_or(|open| open.asked > asked && open.next != NextCancel::Asked)
        });
    }
    journey.shows(&["NOT cancelled", "code 1007"]);
    assert_eq!(statuses(&journey), [Status::Ok]);
}
