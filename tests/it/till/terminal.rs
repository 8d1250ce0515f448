//! The payment terminal: breaking a payment off, and everything that can race with it; diagnosis
//! and the end of its day.

use kasse::till::{
    Abandoned, Abort, Action, Call, CallId, Effect, Event, Inquiry, Level, Message, Notice,
    Overlay, Paying, Printing, Run, Step, Terminal,
};
use kasse::wire::{
    ApiError, Decoration, DownReason, Outcome, ReceiptLine, ReceiptText, StartMethod, Status,
    TerminalJob, Transaction, TransactionRequest,
};
use rstest::rstest;

use crate::till::kit::{Till, copy, settings};

fn transaction(status: Status) -> Transaction {
    Transaction { status, ..copy(&TransactionRequest::default()) }
}

fn refusal() -> ApiError {
    ApiError { http: 403, name: "ProductNotAllowedException".to_owned(), ..ApiError::default() }
}

/// A till whose customer is at the terminal, and the number of its `start`.
fn at_terminal() -> (Till, CallId) {
    let mut till = Till::new();
    till.press("30037⏎ <F6>").copied().press("+");
    let (start, call) = till.last();
    assert_eq!(call, Call::Start("STX_1".to_owned(), StartMethod::Cashless));
    (till, start)
}

/// The same, after the cashier has asked to break the payment off.
fn breaking_off() -> (Till, CallId, CallId) {
    let (mut till, start) = at_terminal();
    till.press("<Right>");
    let (abort, call) = till.last();
    assert_eq!(call, Call::Abort("STX_1".to_owned()));
    (till, start, abort)
}

fn answer(till: &mut Till, id: CallId, outcome: Outcome<Transaction>) {
    till.answer(id, outcome);
}

fn abort_of(till: &Till) -> &Abort {
    match &till.state.sale.step {
        Step::Paying(Paying { abort, .. }) => abort,
        step => panic!("not paying: {step:?}"),
    }
}

/// One call at a time may pay this sale, and it can be paid again.
fn is_open_again(till: &mut Till) {
    assert!(matches!(till.state.sale.step, Step::Basket(None)), "{:?}", till.state.sale.step);
    assert_eq!(till.state.sale.basket.lines().len(), 1, "the basket is kept");
    till.press("<Esc>+");
    let Call::Create(body) = till.last().1 else { panic!("{:?}", till.last()) };
    assert_ne!(body.transaction_ref, Some(till.state.sale.reference.clone()), "another one");
    assert_eq!(till.starts(), 1);
}

#[test]
fn breaking_off_is_asked_once_and_leaves_the_decision_to_the_terminal() {
    let (mut till, start, abort) = breaking_off();
    till.press("<Right>");
    let aborts = till.calls.iter().filter(|(_, call)| matches!(call, Call::Abort(_))).count();
    assert_eq!(aborts, 1, "one question at a time");
    answer(&mut till, abort, Outcome::Ok(transaction(Status::Aborted)));
    assert_eq!(*abort_of(&till), Abort::Taken, "still waiting for the terminal");
    till.press("<Right>");
    assert_eq!(till.calls.len(), 3, "nothing more is asked");

    answer(&mut till, start, Outcome::Ok(transaction(Status::Failed)));
    assert_eq!(till.said(), Some(&Message::BrokenOff));
    is_open_again(&mut till);
}

#[rstest]
#[case::taken(Outcome::Ok(transaction(Status::Aborted)))]
#[case::too_late(Outcome::Refused(refusal()))]
#[case::lost(Outcome::Unknown(DownReason::Timeout))]
#[case::unsent(Outcome::Down(DownReason::NoConnection))]
fn a_terminal_that_was_faster_has_paid_whatever_became_of_the_wish(
    #[case] outcome: Outcome<Transaction>,
) {
    for abort_first in [true, false] {
        let (mut till, start, abort) = breaking_off();
        if abort_first {
            answer(&mut till, abort, outcome.clone());
        }
        answer(&mut till, start, Outcome::Ok(transaction(Status::Ok)));
        assert!(matches!(till.state.sale.step, Step::Done(_)));
        if !abort_first {
            answer(&mut till, abort, outcome.clone());
        }
        assert!(matches!(till.state.sale.step, Step::Done(_)), "one truth");
        assert_eq!(till.history().len(), 1);
    }
}

#[rstest]
#[case::failed(Outcome::Ok(transaction(Status::Failed)))]
#[case::aborted(Outcome::Ok(transaction(Status::Aborted)))]
#[case::unsent(Outcome::Down(DownReason::NoConnection))]
fn a_wish_whose_answer_is_lost_may_arrive_late_and_meets_no_later_payment(
    #[case] outcome: Outcome<Transaction>,
) {
    let (mut till, start, abort) = breaking_off();
    answer(&mut till, abort, Outcome::Unknown(DownReason::Timeout));
    assert_eq!(*abort_of(&till), Abort::NotTaken);
    assert_eq!(
        till.said(),
        Some(&Message::NoAnswer(Action::AbortPayment, DownReason::Timeout)),
        "the cashier is told and may ask again"
    );
    answer(&mut till, start, outcome);
    assert_eq!(till.state.abandoned, [Abandoned::Id("STX_1".to_owned())]);
    is_open_again(&mut till);
}

#[test]
fn a_lost_answer_of_the_terminal_stays_unknown_until_the_server_says_so() {
    let (mut till, start, abort) = breaking_off();
    answer(&mut till, abort, Outcome::Ok(transaction(Status::Aborted)));
    answer(&mut till, start, Outcome::Unknown(DownReason::Broken));
    // The server's word on the wish is not the terminal's on the money.
    assert!(matches!(till.state.sale.step, Step::Unknown(Inquiry { .. })));
    till.now += 2_000;
    till.event(Event::Tick);
    assert_eq!(till.last().1, Call::Read("STX_1".to_owned()));
    till.reply(Outcome::Ok(transaction(Status::Aborted)));
    assert_eq!(till.said(), Some(&Message::BrokenOff));
    is_open_again(&mut till);
}

#[test]
fn a_lost_answer_of_a_terminal_that_has_paid_is_found_out() {
    let (mut till, start, abort) = breaking_off();
    answer(&mut till, start, Outcome::Unknown(DownReason::Broken));
    // Too late for anything: nobody waits for it any more.
    answer(&mut till, abort, Outcome::Ok(transaction(Status::Aborted)));
    assert!(matches!(till.state.sale.step, Step::Unknown(_)));
    till.now += 2_000;
    till.event(Event::Tick);
    till.reply(Outcome::Ok(transaction(Status::Ok)));
    assert!(matches!(till.state.sale.step, Step::Done(_)));
}

#[test]
fn an_end_of_the_program_while_breaking_off_is_asked_after() {
    let (mut till, _, abort) = breaking_off();
    answer(&mut till, abort, Outcome::Ok(transaction(Status::Aborted)));
    till.state = till.replayed();
    assert!(matches!(till.state.sale.step, Step::Unknown(_)));
    till.event(Event::Tick);
    till.reply(Outcome::Ok(transaction(Status::Ok)));
    assert!(matches!(till.state.sale.step, Step::Done(_)));
}

#[test]
fn cash_is_not_broken_off() {
    let mut till = Till::new();
    till.press("30037⏎ +").copied().press("+ <Right>");
    assert!(matches!(till.last().1, Call::Start(_, StartMethod::Cash)), "{:?}", till.last());
}

#[test]
fn a_terminal_that_takes_nothing_says_why_and_the_sale_stays_open() {
    let (mut till, start) = at_terminal();
    let stressed = ReceiptText {
        text: "Karte abgelehnt".to_owned(),
        decoration: vec![Decoration::Important, Decoration::AlignCenter],
    };
    let failed = Transaction {
        receipt: Some(vec![ReceiptLine::text("Beleg"), ReceiptLine::Text(stressed)]),
        ..transaction(Status::Failed)
    };
    answer(&mut till, start, Outcome::Ok(failed));
    assert_eq!(till.said(), Some(&Message::TerminalFailed("Karte abgelehnt".to_owned())));
    is_open_again(&mut till);
}

#[test]
fn a_refusal_at_the_terminal_is_paid_anew_on_another_transaction() {
    let (mut till, start) = at_terminal();
    assert_eq!(till.last().0, start);
    till.refused(refusal());
    assert_eq!(till.said(), Some(&Message::Refused(Action::PayAtTerminal, refusal())));
    let (create, call) = till.last();
    assert!(matches!(call, Call::Create(_)), "{call:?}");
    answer(
        &mut till,
        create,
        Outcome::Ok(Transaction {
            id: "STX_2".to_owned(),
            basket_info: kasse::wire::BasketInfo {
                sum: kasse::money::Money(349),
                ..kasse::wire::BasketInfo::default()
            },
            ..Transaction::default()
        }),
    );
    assert!(matches!(till.state.sale.step, Step::Tender(_)), "{:?}", till.state.sale.step);
}

#[test]
fn the_screen_wakes_up_once_a_second_while_the_customer_is_at_the_terminal() {
    let (mut till, start) = at_terminal();
    for second in 1..=180 {
        assert_eq!(till.state.wake_at, Some(till.now + 1_000), "second {second}");
        till.now += 1_000;
        till.event(Event::Tick);
    }
    answer(&mut till, start, Outcome::Ok(transaction(Status::Ok)));
    assert_eq!(till.state.wake_at, None, "nothing moves any more");
}

#[test]
fn the_shops_copy_is_asked_for_where_the_server_wants_it_printed() {
    for (print, printing, asked) in [
        (Some(true), Printing::OnRequest, true),
        (Some(true), Printing::EverySale, false),
        (Some(false), Printing::OnRequest, false),
    ] {
        let mut till = Till::with(kasse::till::Settings { printing, ..settings() });
        till.press("30037⏎ <F6>").copied().press("+");
        let (start, _) = till.last();
        let paid = Transaction {
            receipt_merchant: Some(vec![ReceiptLine::text("Händlerbeleg")]),
            receipt_merchant_print: print,
            ..transaction(Status::Ok)
        };
        answer(&mut till, start, Outcome::Ok(paid));
        let told = matches!(till.said(), Some(Message::ShopCopy));
        assert_eq!(told, asked, "{print:?} {printing:?}");
        let printed = till.effects.iter().any(|effect| matches!(effect, Effect::Print(_)));
        assert_eq!(printed, printing == Printing::EverySale);
    }
}

fn ask(job: TerminalJob) -> Till {
    let mut till =
        Till::with(kasse::till::Settings { printing: Printing::OnRequest, ..settings() });
    till.press(match job {
        TerminalJob::Diagnosis => "␣diagnosis⏎",
        TerminalJob::EndOfDay => "␣end⏎<Right>",
    });
    assert_eq!(till.last().1, Call::Terminal(job));
    till
}

#[rstest]
#[case(TerminalJob::Diagnosis)]
#[case(TerminalJob::EndOfDay)]
fn a_job_of_the_terminal_is_shown_and_printed(#[case] job: TerminalJob) {
    let mut till = ask(job);
    assert_eq!(till.state.wake_at, Some(till.now + 1_000), "its seconds are counted");
    let lines = vec![ReceiptLine::text("Bericht")];
    let done = Transaction { receipt: Some(lines.clone()), ..transaction(Status::Ok) };
    till.reply(Outcome::Ok(done));
    assert_eq!(till.state.overlays, [Overlay::Terminal(Terminal(0))]);
    assert_eq!(till.state.wake_at, None);
    till.press("<F11>");
    let Some(Effect::PrintSlip(slip)) = till.effects.last() else { panic!("not printed") };
    assert_eq!(slip.lines, lines);
}

#[test]
fn a_refused_job_and_one_without_an_answer_say_so() {
    for (outcome, message) in [
        (Outcome::Refused(refusal()), Message::Refused(Action::EndOfDay, refusal())),
        (
            Outcome::Unknown(DownReason::Timeout),
            Message::NoAnswer(Action::EndOfDay, DownReason::Timeout),
        ),
        (Outcome::Down(DownReason::NoConnection), {
            Message::Down(Action::EndOfDay, DownReason::NoConnection)
        }),
        (
            Outcome::Ok(transaction(Status::Failed)),
            Message::TerminalJobFailed(TerminalJob::EndOfDay),
        ),
    ] {
        let failed = matches!(outcome, Outcome::Ok(_));
        let mut till = ask(TerminalJob::EndOfDay);
        till.reply(outcome);
        assert_eq!(till.state.notice, Some(Notice { level: Level::Error, message }));
        let run = &till.state.terminal.as_ref().unwrap().run;
        assert_eq!(matches!(run, Run::Failed(_)), failed, "{run:?}");
        assert!(matches!(run, Run::Failed(_) | Run::Unreported), "{run:?}");
    }
}

#[test]
fn no_terminal_closes_its_day_while_an_outcome_is_open() {
    let mut till = Till::new();
    till.press("30037⏎ +").copied().press("+").reply(Outcome::Unknown(DownReason::Timeout));
    till.press("<F9>");
    let calls = till.calls.len();
    till.press("␣end⏎");
    assert_eq!(till.said(), Some(&Message::OutcomesOpen), "said before it is asked");
    assert_eq!(till.calls.len(), calls);
}

#[test]
fn a_terminal_at_work_takes_no_payment_and_is_not_put_before_a_sale() {
    let mut till = ask(TerminalJob::Diagnosis);
    let (job, _) = till.last();
    till.press("<Esc>30037⏎ <F6>").copied().press("+");
    assert_eq!(till.starts(), 0);
    assert_eq!(till.said(), Some(&Message::TerminalBusy));
    till.press("<Esc>");
    answer(&mut till, job, Outcome::Ok(transaction(Status::Ok)));
    assert_eq!(till.said(), Some(&Message::TerminalJobDone(TerminalJob::Diagnosis)));
    assert!(till.state.overlays.is_empty(), "the tender step stays what is seen");
    till.press("+");
    assert_eq!(till.starts(), 1);
}
