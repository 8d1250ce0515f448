//! The server's list of transactions at the till: paging, searching, details, cancelling.

use kasse::money::Money;
use kasse::till::{
    Action, Call, CancelTarget, Change, Effect, Event, Fetch, Finished, Listing, Message,
    OneTransaction, Other, Overlay, Printing, Step,
};
use kasse::wire::{
    BasketInfo, DownReason, Outcome, ReceiptLine, Status, Transaction, TransactionPage,
};

use crate::till::kit::{CARD, Till, settings};

fn row(number: usize, status: Status) -> Transaction {
    Transaction {
        id: format!("STX_L{number}"),
        status,
        created: "2026-01-02T03:04:05+01:00".to_owned(),
        transaction_ref: Some(format!("other-{number}")),
        basket_info: BasketInfo { sum: Money(500), ..BasketInfo::default() },
        receipt: Some(vec![ReceiptLine::text("Beleg")]),
        ..Transaction::default()
    }
}

fn page(total: u64, numbers: std::ops::Range<usize>) -> TransactionPage {
    let taken = numbers.len();
    TransactionPage { total, taken, rows: numbers.map(|n| row(n, Status::Ok)).collect() }
}

fn reply(till: &mut Till, outcome: Outcome<TransactionPage>) {
    let (id, _) = till.last();
    till.event(Event::answer(id, outcome));
}

fn listed() -> Till {
    let mut till =
        Till::with(kasse::till::Settings { printing: Printing::OnRequest, ..settings() });
    till.press("␣transactions⏎");
    assert_eq!(till.last().1, Call::List(String::new(), 0));
    reply(&mut till, Outcome::Ok(page(60, 0..25)));
    till
}

fn list(till: &Till) -> &Listing {
    match till.state.overlays.first() {
        Some(Overlay::Transactions(list)) => list,
        other => panic!("no list: {other:?}"),
    }
}

#[test]
fn pages_are_loaded_at_the_end_of_what_is_there() {
    let mut till = listed();
    till.press("<PgDn><PgDn>");
    assert_eq!(till.calls.len(), 1, "not before the last row");
    till.press("<PgDn>");
    assert_eq!(till.last().1, Call::List(String::new(), 25));
    till.press("<PgDn><Down>");
    assert_eq!(till.calls.len(), 2, "one page at a time");
    // A sale made meanwhile has moved the list on: two rows come once more.
    reply(&mut till, Outcome::Ok(page(61, 23..48)));
    assert_eq!(list(&till).rows.len(), 48);
    assert_eq!(list(&till).total, 61);
    till.press("<PgDn><PgDn><PgDn>");
    assert_eq!(till.last().1, Call::List(String::new(), 50));
    reply(&mut till, Outcome::Ok(page(61, 48..59)));
    till.press("<PgDn><PgDn>");
    assert_eq!(till.calls.len(), 3, "all 61 were sent");
}

#[test]
fn a_server_that_counts_more_than_it_sends_is_not_asked_for_ever() {
    let mut till = listed();
    till.press("<PgDn><PgDn><PgDn>");
    reply(&mut till, Outcome::Ok(page(60, 25..25)));
    till.press("<PgDn><Down>");
    assert_eq!(till.calls.len(), 2);
}

#[test]
fn words_and_short_numbers_are_searched_for_and_scans_are_sold() {
    let mut till = listed();
    till.press("other-7/a⏎");
    assert_eq!(till.last().1, Call::List("other-7/a".to_owned(), 0), "signs are typed here");
    // The answer to what was asked before is stale.
    let stale = till.calls[0].0;
    till.event(Event::answer(stale, Outcome::Ok(page(9, 0..9))));
    assert!(list(&till).rows.is_empty());
    reply(&mut till, Outcome::Ok(page(1, 7..8)));
    till.press("4711⏎");
    assert_eq!(till.last().1, Call::List("4711".to_owned(), 0));
    till.press("<Esc>");
    assert_eq!(till.last().1, Call::List(String::new(), 0), "first the search ends");
    till.press("<Esc>");
    assert!(till.state.overlays.is_empty());

    let mut till = listed();
    till.press("4999012345678⏎");
    assert!(till.state.overlays.is_empty());
    assert_eq!(till.state.sale.basket.lines().len(), 1);

    let mut till = listed();
    till.press("x").press(CARD).press("⏎");
    assert_eq!(till.calls.len(), 1, "a card's number is not put into an address");
}

#[test]
fn a_list_that_does_not_come_says_why() {
    let mut till = listed();
    till.press("<PgDn><PgDn><PgDn>");
    reply(&mut till, Outcome::Down(DownReason::NoConnection));
    assert_eq!(list(&till).fetch, Fetch::Failed);
    let message = till.state.notice.clone().map(|notice| notice.message);
    assert_eq!(message, Some(Message::Down(Action::List, DownReason::NoConnection)));
    assert_eq!(list(&till).rows.len(), 25, "what is there stays");
    till.press("<Esc><PgDn>");
    assert_eq!(till.last().1, Call::List(String::new(), 25), "and is asked for again");
}

#[test]
fn enter_shows_one_as_it_is_now_and_prints_it() {
    let mut till = listed();
    till.press("<Down>⏎");
    assert_eq!(till.last().1, Call::Read("STX_L1".to_owned()));
    assert_eq!(till.state.overlays.last(), Some(&Overlay::Transaction(OneTransaction(0))));
    till.reply(Outcome::Ok(row(1, Status::Cancelled)));
    assert_eq!(till.state.listed().unwrap().status, Status::Cancelled);
    till.press("<F11>");
    assert!(matches!(till.effects.last(), Some(Effect::PrintSlip(_))));
    till.press("-");
    assert_eq!(till.state.notice.as_ref().unwrap().message, Message::AlreadyCancelled);
    till.press("<Esc><Esc>");
    assert!(matches!(till.state.overlays.last(), Some(Overlay::Transactions(_))));
}

fn intent() -> Change {
    Change::CancellingOther(Other { id: "STX_L0".to_owned(), sum: Money(500) })
}

#[test]
fn another_tills_sale_is_cancelled_after_a_question_with_its_intent_recorded_first() {
    let mut till = listed();
    till.press("-");
    assert_eq!(till.calls.len(), 1, "asked first");
    till.press("<Right>");
    assert_eq!(till.last().1, Call::Cancel("STX_L0".to_owned()));
    let position = |wanted: &dyn Fn(&Effect) -> bool| till.effects.iter().position(wanted).unwrap();
    let recorded = position(&|effect| matches!(effect, Effect::Record(r) if r.change == intent()));
    let sent = position(&|effect| matches!(effect, Effect::Call(_, Call::Cancel(_))));
    assert!(recorded < sent && intent().is_durable());

    till.reply(Outcome::Ok(row(0, Status::Cancelled)));
    assert!(till.state.cancellations.is_empty());
    assert_eq!(till.state.notice.as_ref().unwrap().message, Message::Cancelled(Money(500)));
    assert_eq!(till.state.listed().unwrap().status, Status::Cancelled);
    assert!(till.replayed().cancellations.is_empty());
}

#[test]
fn a_lost_cancel_of_another_tills_sale_is_asked_after_even_by_the_next_run() {
    let mut till = listed();
    till.press("-<Right>").reply(Outcome::Unknown(DownReason::Timeout));
    let mut again = till.replayed();
    let whose = again.cancellations.first().map(|cancellation| &cancellation.whose);
    assert_eq!(whose, Some(&CancelTarget::Other(Money(500))));
    assert!(again.sale.is_blank() && again.parked.is_empty(), "it is no sale of this till");
    std::mem::swap(&mut till.state, &mut again);
    till.event(Event::Tick);
    assert_eq!(till.last().1, Call::Read("STX_L0".to_owned()));
    till.reply(Outcome::Ok(row(0, Status::Cancelled)));
    assert!(till.state.cancellations.is_empty());
    let settled = Change::OtherSettled { id: "STX_L0".to_owned(), cancelled: true };
    assert!(
        till.effects
            .iter()
            .any(|effect| matches!(effect, Effect::Record(record) if record.change == settled))
    );
    assert!(till.replayed().cancellations.is_empty());
}

#[test]
fn a_sale_of_this_till_is_cancelled_by_the_way_of_its_history() {
    let mut till = Till::new();
    till.press("30037⏎ +").copied().press("+").started(Status::Ok);
    assert!(matches!(till.state.sale.step, Step::Done(_)));
    let Finished { id, reference, .. } = till.history()[0].clone();
    till.press("␣transactions⏎");
    let mut ours =
        Transaction { id: id.clone(), transaction_ref: Some(reference), ..row(0, Status::Ok) };
    ours.basket_info.sum = Money(349);
    reply(&mut till, Outcome::Ok(TransactionPage { total: 1, taken: 1, rows: vec![ours.clone()] }));
    till.press("-<Right>");
    assert_eq!(till.last().1, Call::Cancel(id));
    till.reply(Outcome::Ok(Transaction { status: Status::Cancelled, ..ours }));
    assert!(till.history()[0].cancelled.is_some());
    assert_eq!(till.state.listed().unwrap().status, Status::Cancelled);
    let recorded = |wanted: &str| {
        till.effects
            .iter()
            .any(|effect| matches!(effect, Effect::Record(r) if r.change.kind() == wanted))
    };
    assert!(recorded("cancelling") && recorded("cancelled") && !recorded("cancelling_other"));
}

#[test]
fn what_is_not_paid_is_not_cancelled() {
    let mut till = listed();
    let failed = TransactionPage { total: 1, taken: 1, rows: vec![row(0, Status::Failed)] };
    till.press("x⏎");
    reply(&mut till, Outcome::Ok(failed));
    till.press("-<Right>");
    assert_eq!(till.calls.len(), 2);
}

/// In the tender step, a search must not turn into the amount given.
#[test]
fn what_was_searched_for_is_no_amount() {
    let mut till = Till::new();
    till.press("30037⏎+").copied().press("␣transac⏎1234");
    assert!(matches!(till.state.overlays.last(), Some(Overlay::Transactions(_))));
    till.press("<F5>");
    assert!(till.state.overlays.is_empty() && till.state.entry.text.is_empty());
    assert_eq!(till.starts(), 0);
}
