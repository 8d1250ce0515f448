//! Cancelling at the till: refusals and answers of others prove nothing, every question ends.

use kasse::money::Money;
use kasse::till::{
    Back, Call, CancelTarget, Cancellation, CardSide, Change, Command, Effect, Ending, Event,
    Message, NextCancel, Overlay, Receipt, Record, Unresolved,
};
use kasse::wire::{
    ApiError, BasketInfo, DownReason, Ident, MerchantCard, Outcome, StartMethod, Status,
    Transaction,
};
use rstest::rstest;

use crate::till::kit::{CARD, Till, card};

fn refusal(http: u16) -> ApiError {
    ApiError { http, name: format!("HTTP {http}"), ..ApiError::default() }
}

pub fn error(till: &Till) -> &Message {
    &till.state.notice.as_ref().expect("a notice").message
}

/// The sale of the documents, paid with 2.20 of the card and 20 in cash, with the history open.
fn paid() -> Till {
    let mut till = Till::new();
    till.applied().press("+ 20 +").started(Status::Ok);
    till.press("<F11>");
    till
}

fn answer(status: Status) -> Outcome<Transaction> {
    let basket_info = BasketInfo { sum: Money(796), ..BasketInfo::default() };
    Outcome::Ok(Transaction { id: "STX_1".into(), status, basket_info, ..Transaction::default() })
}

/// Lets the next question become due; false: none ever will.
pub fn ask(till: &mut Till) -> bool {
    let Some(due) = till.state.cancellations.iter().filter_map(Cancellation::due).min() else {
        return false;
    };
    till.now = due;
    till.event(Event::Tick);
    assert!(matches!(till.last().1, Call::Read(_)), "{:?}", till.last());
    true
}

/// Answers every question with `outcome` until none is asked any more; how many there were.
pub fn answered(till: &mut Till, outcome: &Outcome<Transaction>) -> usize {
    let mut count = 0;
    while ask(till) {
        till.reply(outcome.clone());
        count += 1;
        assert!(count < 100, "it asks for ever");
    }
    count
}

fn recorded(till: &Till, kind: &str) -> bool {
    let is = |effect: &Effect| matches!(effect, Effect::Record(r) if r.change.kind() == kind);
    till.effects.iter().any(is)
}

#[rstest]
fn a_refused_cancel_is_read_and_the_status_alone_decides(
    #[values(400, 401, 403, 404, 409, 429)] http: u16,
) {
    let mut till = paid();
    till.press("-<Right>").reply(Outcome::Refused(refusal(http)));
    assert_eq!(*error(&till), Message::CancelChecking, "nothing is said of the sale");
    assert!(till.history()[0].cancelled.is_none() && !recorded(&till, "not_cancelled"));
    assert!(ask(&mut till));
    till.reply(answer(Status::Cancelled));
    assert!(till.history()[0].cancelled.is_some(), "it had taken effect");

    let mut till = paid();
    till.press("-<Right>").reply(Outcome::Refused(refusal(http)));
    assert_eq!(answered(&mut till, &answer(Status::Ok)), 4);
    assert_eq!(*error(&till), Message::CancelRefused(refusal(http)));
    assert!(till.state.cancellations.is_empty() && recorded(&till, "not_cancelled"));
    let cancels = till.calls.iter().filter(|(_, call)| matches!(call, Call::Cancel(_)));
    assert_eq!(cancels.count(), 1);
}

#[rstest]
#[case::id(|t: &mut Transaction| t.id = "STX_2".to_owned())]
#[case::reference(|t: &mut Transaction| t.transaction_ref = Some("other-1".to_owned()))]
#[case::longer_reference(|t: &mut Transaction| t.transaction_ref = Some("test-12".to_owned()))]
#[case::sum(|t: &mut Transaction| t.basket_info.sum = Money(797))]
#[case::currency(|t: &mut Transaction| t.basket_info.currency = "CHF".to_owned())]
fn an_answer_about_another_sale_cancels_nothing(#[case] change: fn(&mut Transaction)) {
    let Outcome::Ok(mut other) = answer(Status::Cancelled) else { unreachable!() };
    change(&mut other);
    let mut till = paid();
    till.press("-<Right>").reply(Outcome::Ok(other.clone()));
    assert_eq!(*error(&till), Message::CancelUnknown);
    assert!(till.history()[0].cancelled.is_none());
    assert!(ask(&mut till));
    till.reply(Outcome::Ok(other));
    assert!(till.history()[0].cancelled.is_none());
    assert!(ask(&mut till));
    let Outcome::Ok(ours) = answer(Status::Cancelled) else { unreachable!() };
    till.reply(Outcome::Ok(Transaction { transaction_ref: Some("test-1-2".into()), ..ours }));
    assert!(till.history()[0].cancelled.is_some());
}

/// A server that lost its books (404), one that refuses for good (403), a status that says nothing.
fn untold() -> [Outcome<Transaction>; 3] {
    [Outcome::Refused(refusal(404)), Outcome::Refused(refusal(403)), answer(Status::Pending)]
}

#[test]
fn a_cancel_that_the_server_does_not_tell_of_becomes_an_open_point_and_blocks_nothing() {
    for untold in untold() {
        let mut till = paid();
        till.press("-<Right>").reply(Outcome::Refused(refusal(404)));
        assert_eq!(answered(&mut till, &untold), 4);
        assert_eq!(till.state.cancellations[0].next, NextCancel::Open);
        assert_eq!(*error(&till), Message::CancelOpen);
        assert_eq!(till.state.wake_at, None, "nothing is asked by itself any more");
        // The day can be closed, and the program left.
        till.press("<Esc><Esc>␣end⏎<Right>");
        assert!(matches!(till.last().1, Call::Terminal(_)), "{:?}", till.last());
        till.reply(Outcome::Ok(Transaction { status: Status::Ok, ..Transaction::default() }));
        till.press("<Esc><Esc>␣quit⏎");
        assert_eq!(till.state.overlays, [Overlay::Confirm(Command::Quit)]);
        till.press("<Right>");
        assert!(till.effects.contains(&Effect::Quit(Ending::Asked)));
        // The next run asks again, and a server that is well again answers.
        till.state = till.replayed();
        assert!(ask(&mut till));
        till.reply(answer(Status::Cancelled));
        assert!(till.history()[0].cancelled.is_some() && till.state.cancellations.is_empty());
    }
}

fn open() -> Till {
    let mut till = paid();
    till.press("-<Right>").reply(Outcome::Refused(refusal(404)));
    answered(&mut till, &Outcome::Refused(refusal(404)));
    till.press("<Esc><Esc>");
    till
}

#[test]
fn the_cashier_decides_an_open_point_after_a_question_and_the_journal_says_so() {
    let mut till = open();
    till.press("␣unres⏎");
    assert_eq!(till.state.overlays, [Overlay::Unresolved(Unresolved(0))]);
    till.press("<Right>⏎");
    assert!(!recorded(&till, "perhaps_cancelled"), "asked first");
    till.press("<Right>");
    let change = Change::PerhapsCancelled { id: "STX_1".to_owned() };
    assert!(change.is_durable());
    let sale = till.history()[0].reference.clone();
    assert!(till.effects.contains(&Effect::Record(Record { sale, change })));
    assert_eq!(*error(&till), Message::PerhapsCancelled);
    let sale = &till.history()[0];
    assert!(sale.cancelled.is_none() && sale.perhaps_cancelled);
    for state in [&till.state, &till.replayed()] {
        assert_eq!(state.cancellations, [], "it is not asked about again");
    }
    // It counts as paid: another attempt is possible.
    till.press("<Esc><F11>-<Right>");
    assert_eq!(till.last().1, Call::Cancel("STX_1".to_owned()));
}

#[test]
fn a_cancel_under_way_is_asked_about_before_quitting_and_stops_an_end_of_day() {
    let mut till = paid();
    till.press("-<Right>").reply(Outcome::Unknown(DownReason::Timeout));
    till.press("<Esc><Esc>␣end⏎");
    assert_eq!(*error(&till), Message::OutcomesOpen);
    till.press("<Esc><Esc>␣quit⏎<Right>");
    assert!(till.effects.contains(&Effect::Quit(Ending::Asked)), "a till can always be left");
    assert_eq!(till.replayed().cancellations.len(), 1);
}

#[test]
fn a_stuck_cancel_stands_in_the_way_of_no_other() {
    let mut till = open();
    till.press("30037⏎+").copied().press("+").started(Status::Ok);
    till.press("<F11>");
    till.edit_history(0, |sale| sale.id = "STX_2".to_owned());
    till.press("-<Right>");
    assert_eq!(till.last().1, Call::Cancel("STX_2".to_owned()));
    assert_eq!(till.state.cancellations.len(), 2);
    till.press("<Down>-<Right>");
    assert_eq!(*error(&till), Message::CancelOpen, "the stuck one is not sent again");
    till.press("<Esc>");
    let done =
        Transaction { id: "STX_2".into(), status: Status::Cancelled, ..Transaction::default() };
    till.reply(Outcome::Ok(done));
    assert!(till.history()[1].cancelled.is_some());
    assert_eq!(till.state.cancellations.len(), 1);
    assert_eq!(till.replayed().cancellations.len(), 1);
}

/// Another till's sale, whose question has ended in the same way.
#[test]
fn a_resolved_cancel_takes_the_question_about_it_away_and_no_other_row() {
    let mut till = open();
    let mut other = till.state.cancellations[0].clone();
    (other.id, other.whose) = ("STX_9".to_owned(), CancelTarget::Other(Money(500)));
    till.state.cancellations.push(other);
    till.press("␣unres⏎<Down><Right>");
    assert_eq!(
        till.state.overlays,
        [Overlay::Unresolved(Unresolved(1)), Overlay::Confirm(Command::Unresolved)]
    );
    till.press("<Right>");
    let change = Change::PerhapsCancelled { id: "STX_9".to_owned() };
    assert!(till.effects.contains(&Effect::Record(Record { sale: String::new(), change })));
    assert_eq!(till.state.cancellations.len(), 1);
}

/// A sale put aside comes in ahead of the cancellations.
#[test]
fn an_open_cancel_stays_highlighted_when_a_sale_is_put_aside() {
    let mut till = open();
    till.press("30037⏎+").copied().press("+").reply(Outcome::Unknown(DownReason::Timeout));
    till.press("<Esc>␣unres⏎<F9>");
    assert_eq!(till.state.unresolved.len(), 1);
    let highlighted = till.state.overlays.iter().find_map(|overlay| match overlay {
        Overlay::Unresolved(Unresolved(selected)) => Some(*selected),
        _ => None,
    });
    assert!(matches!(highlighted, None | Some(1)), "{highlighted:?}");
}

#[test]
fn what_is_handed_back_is_what_was_paid_and_the_card_is_shown_as_it_is_now() {
    let mut till = paid();
    till.press("-<Right>");
    let Outcome::Ok(plain) = answer(Status::Cancelled) else { unreachable!() };
    let now = MerchantCard { cash_balance: Money(260), balance: Money(280), ..card() };
    let ident = Ident { value: CARD.into(), merchantcard: Some(now), ..Ident::default() };
    till.reply(Outcome::Ok(Transaction { idents: vec![ident], ..plain }));
    let back = Back {
        method: StartMethod::Cash,
        paid: Money(576),
        card: Money(220),
        side: CardSide::TakenBack,
    };
    assert_eq!(*error(&till), Message::GiveBack(back));
    let Some(Overlay::Receipt(Receipt { of: Some(shown), .. })) = till.state.overlays.last() else {
        panic!("the storno receipt is shown: {:?}", till.state.overlays)
    };
    for sale in [shown.as_ref(), &till.history()[0]] {
        let cancelled = sale.cancelled.as_ref().unwrap();
        assert_eq!(cancelled.view.as_ref().unwrap().cash, Money(260));
    }
}

/// A cancel that never left is not done, and it can be asked for again at once.
#[test]
fn a_cancel_that_never_left_is_over() {
    let mut till = paid();
    till.press("-<Right>").reply(Outcome::Down(DownReason::NoConnection));
    assert!(till.state.cancellations.is_empty() && recorded(&till, "not_cancelled"));
    assert!(till.replayed().cancellations.is_empty());
    till.press("<Esc>-<Right>");
    assert!(matches!(till.last().1, Call::Cancel(_)));
}

/// An older version knew one way to cancel, and one cancellation at a time.
#[test]
fn records_of_an_older_version_lead_to_the_same_question() {
    let mut till = paid();
    till.press("-<Right>");
    let old: Record = serde_json::from_str(
        r#"{"sale":"","change":{"cancelling_other":{"id":"STX_9","sum":500}}}"#,
    )
    .unwrap();
    till.effects.push(Effect::Record(old));
    let state = till.replayed();
    let asked: Vec<_> = state.cancellations.iter().map(|open| (&*open.id, open.step)).collect();
    let whole = kasse::till::CancelStep::Whole;
    assert_eq!(asked, [("STX_1", whole), ("STX_9", whole)]);
}
