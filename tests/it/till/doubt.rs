//! What the server has is not known: nothing is paid on a transaction that may still change.

use kasse::money::Money;
use kasse::till::{Abandoned, Call, CallId, CancelTarget, Event, Overlay, Step, Unresolved};
use kasse::wire::{
    ApiError, DownReason, Outcome, PreTransaction, StartMethod, Status, Transaction,
    TransactionRequest,
};
use rstest::rstest;

use crate::till::kit::{CARD, Till, copy};

fn refusal() -> ApiError {
    ApiError { http: 429, name: "ProductNotAllowedException".to_owned(), ..ApiError::default() }
}

fn abandoned() -> Abandoned {
    Abandoned::Id("STX_1".to_owned())
}

/// Found by the simulator: the server kept the card applied that the till had forgotten in a
/// crash, and charged the card beside the whole sum in cash.
#[test]
fn a_card_applied_right_before_a_crash_is_not_charged_beside_the_cash() {
    let mut till = Till::new();
    till.press("30037⏎").press(CARD).press("⏎").copied().press("/");
    // The server has applied it; its answer never reaches the disk.
    till.state = till.replayed();
    till.press("+");
    assert!(matches!(till.last().1, Call::Create(_)), "{:?}", till.last());
    assert_eq!(till.state.abandoned, [abandoned()]);
}

/// Found by the simulator: the tender step comes back after a crash, but not what the server had
/// heard in between.
#[test]
fn a_tender_step_after_a_restart_is_brought_up_to_date_before_anything_is_taken() {
    let mut till = Till::new();
    till.press("30037⏎ +").copied();
    till.state = till.replayed();
    assert!(matches!(till.state.sale.step, Step::Tender(_)));
    till.press("20+");
    assert_eq!(till.starts(), 0);
    assert!(matches!(till.last().1, Call::Create(_)), "{:?}", till.last());
    till.reply(Outcome::Ok(Transaction {
        id: "STX_2".to_owned(),
        basket_info: kasse::wire::BasketInfo { sum: Money(349), ..Default::default() },
        ..Transaction::default()
    }));
    assert!(matches!(till.state.sale.step, Step::Tender(_)));
    assert_eq!(till.named(), Some(Money(2_000)), "what was typed is kept");
    till.press("+");
    assert_eq!(till.last().1, Call::Start("STX_2".to_owned(), StartMethod::Cash));
}

/// Found by the simulator: a refused `start` leaves the card applied at the server. When it cannot
/// be applied again, the sale goes on without it, and the server must hear of that first.
#[test]
fn a_card_that_cannot_be_applied_again_is_dropped_at_the_server_too() {
    let mut till = Till::new();
    till.press("30037⏎").press(CARD).press("⏎").copied().press("/");
    till.reply_applied(Outcome::Ok(PreTransaction::default()));
    till.press("++").refused(refusal()).copied();
    assert!(matches!(till.last().1, Call::PreTransaction(_)));
    till.reply_applied(Outcome::Refused(refusal())).press("<Esc>+");
    assert!(matches!(till.last().1, Call::Update(..)), "{:?}", till.last());
}

/// Found by the simulator: an update arrived minutes after the till had given up on it, after the
/// next one, and `start` charged a basket that nobody saw any more.
#[rstest]
#[case::update("30037⏎ + <Esc> 51⏎ +")]
#[case::apply("30037⏎ 9276004424644352⏎ /")]
fn a_transaction_that_a_late_request_could_still_change_is_replaced(#[case] script: &str) {
    let mut till = Till::new();
    for key in crate::till::kit::keys(script) {
        till.event(kasse::till::Event::Key(key));
        if matches!(till.calls.last(), Some((_, Call::Create(_)))) && till.state.sale.create_sent {
            till.copied();
        }
    }
    if matches!(till.last().1, Call::PreTransaction(_)) {
        till.reply_applied(Outcome::Unknown(DownReason::Timeout));
    } else {
        assert!(matches!(till.last().1, Call::Update(..)), "{:?}", till.last());
        till.reply(Outcome::Unknown(DownReason::Timeout));
    }
    till.press("<Esc>+");
    assert!(matches!(till.last().1, Call::Create(_)), "{:?}", till.last());
    assert_eq!(till.state.abandoned, [abandoned()], "given up once the server answers");
}

#[test]
fn a_replaced_transaction_is_not_taken_for_the_one_whose_create_was_lost() {
    let mut till = Till::new();
    till.applied().press("7⏎ +").reply(Outcome::Unknown(DownReason::Timeout));
    till.press("<Esc>+");
    let Call::Create(second) = till.last().1 else { panic!("{:?}", till.last()) };
    assert_ne!(second.transaction_ref, Some(till.state.sale.reference.clone()));
    till.reply(Outcome::Unknown(DownReason::Timeout)).press("<Esc>+");
    // Nor is what an earlier attempt made taken over: it is given up, and another one made.
    let Call::Create(third) = till.last().1 else { panic!("{:?}", till.last()) };
    assert_ne!(third.transaction_ref, second.transaction_ref);
    let given_up = Abandoned::Reference(second.transaction_ref.unwrap());
    assert!(till.state.abandoned.contains(&given_up), "{:?}", till.state.abandoned);
}

#[test]
fn an_amount_typed_after_a_restart_comes_back_only_where_it_is_an_amount() {
    let mut till = Till::new();
    till.press("30037⏎ +").copied();
    till.state = till.replayed();
    till.press("7+");
    assert!(matches!(till.last().1, Call::Create(_)), "{:?}", till.last());
    till.reply(Outcome::Down(DownReason::NoConnection)).press("<Esc>⏎");
    assert_eq!(till.state.sale.basket.lines().len(), 1, "the 7 has not become an article");
    till.press("+").copied();
    assert!(matches!(till.state.sale.step, Step::Tender(_)));
    assert_eq!(till.starts(), 0);
}

#[test]
fn a_create_that_an_earlier_run_lost_is_given_up_and_not_taken_over() {
    let mut till = Till::new();
    till.press("30037⏎ +");
    let Call::Create(first) = till.last().1 else { panic!("{:?}", till.last()) };
    till.state = till.replayed();
    till.event(kasse::till::Event::Started);
    let reference = first.transaction_ref.unwrap();
    assert_eq!(till.state.abandoned, [kasse::till::Abandoned::Reference(reference.clone())]);
    till.press("+");
    let Call::Create(second) = till.last().1 else { panic!("{:?}", till.last()) };
    assert_ne!(second.transaction_ref, Some(reference));
}

/// A payment without an answer, left for the next customer; returns the question about it.
fn detached(till: &mut Till) -> CallId {
    till.press("30200⏎+").copied().press("+").reply(Outcome::Unknown(DownReason::Timeout));
    till.now += 1_000;
    till.event(Event::Tick);
    let (id, call) = till.last();
    assert!(matches!(call, Call::Read(_)), "{call:?}");
    till.press("<F9>");
    id
}

fn resolved_paid(till: &mut Till, question: CallId) {
    let transaction = Transaction { status: Status::Ok, ..copy(&TransactionRequest::default()) };
    till.answer(question, Outcome::Ok(transaction));
}

/// A sale that turns out paid while the question stands moves the history on, not the answer.
#[test]
fn the_sale_that_was_asked_about_is_the_one_that_is_cancelled() {
    let mut till = Till::new();
    till.press("30037⏎+").copied().press("+").started(Status::Ok);
    let meant = till.history()[0].clone();
    let question = detached(&mut till);
    till.press("<F11>-");
    resolved_paid(&mut till, question);
    assert_eq!(till.history().len(), 2);
    till.press("<Right>");
    let whose = till.state.cancellations.first().map(|cancellation| cancellation.whose.clone());
    assert_eq!(whose, Some(CancelTarget::Ours(Box::new(meant))));
}

/// The list of open outcomes goes on highlighting the same sale when another is resolved.
#[test]
fn a_resolved_outcome_moves_no_other_sale_under_the_highlight() {
    let mut till = Till::new();
    let first = detached(&mut till);
    detached(&mut till);
    let meant = till.state.unresolved[1].reference.clone();
    till.press("␣unres⏎<Down>");
    assert_eq!(till.state.overlays, [Overlay::Unresolved(Unresolved(1))]);
    resolved_paid(&mut till, first);
    assert_eq!(till.state.overlays, [Overlay::Unresolved(Unresolved(0))]);
    assert_eq!(till.state.unresolved[0].reference, meant);
}
