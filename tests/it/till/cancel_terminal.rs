//! Cancelling what was paid at the terminal: the terminal's side by its receipt number, then the
//! card's side, each with its intent recorded and its outcome told.

use kasse::money::Money;
use kasse::till::{
    Back, Call, CancelStep, CardSide, Change, Effect, Event, Message, Printing, Settings, Step,
};
use kasse::wire::{
    ApiError, BasketInfo, DownReason, Outcome, ReceiptLine, Reference, StartMethod, Status,
    Transaction,
};

use crate::till::cancel::{answered, ask, error};
use crate::till::kit::{CARD, Till, settings};

const PATIENCE: u64 = 180_000;

/// What the server shows of the sale: its status, the number of the terminal's receipt, and this
/// many bookings on the card.
fn shown(status: Status, bookings: usize) -> Transaction {
    let bookings =
        (0..bookings).map(|n| Reference::new("loyalty.transactions", format!("LTX_{n}")));
    Transaction {
        id: "STX_1".to_owned(),
        status,
        transactions: bookings.collect(),
        receipt_number: Some(3),
        receipt: Some(vec![ReceiptLine::text("Karte akzeptiert")]),
        receipt_merchant: Some(vec![ReceiptLine::text("Händlerbeleg")]),
        basket_info: BasketInfo { sum: Money(349), ..BasketInfo::default() },
        ..Transaction::default()
    }
}

fn paid_with(with: Settings, card: bool) -> Till {
    let mut till = Till::with(with);
    till.press("30037⏎");
    if card {
        till.press(CARD).press("⏎").copied();
    }
    till.press("<F6>");
    if matches!(till.state.sale.step, Step::Basket(_)) {
        till.copied();
    }
    till.press("+").reply(Outcome::Ok(shown(Status::Ok, usize::from(card))));
    assert!(matches!(till.state.sale.step, Step::Done(_)), "{:?}", till.state.sale.step);
    till.press("<Esc><F11>");
    till
}

fn paid(card: bool) -> Till {
    paid_with(Settings { cashless_patience: PATIENCE, ..settings() }, card)
}

fn back(side: CardSide) -> Message {
    let (method, paid) = (StartMethod::Cashless, Money(349));
    Message::GiveBack(Back { method, paid, card: Money::ZERO, side })
}

fn steps(till: &Till) -> Vec<CancelStep> {
    let step = |effect: &Effect| match effect {
        Effect::Record(record) => match &record.change {
            Change::CancelStep { step, .. } => Some(*step),
            _ => None,
        },
        _ => None,
    };
    till.effects.iter().filter_map(step).collect()
}

fn refusal() -> ApiError {
    ApiError { http: 409, name: "ProductNotAllowedException".into(), ..ApiError::default() }
}

#[test]
fn without_a_card_the_terminals_payment_is_taken_back_by_its_receipt_number() {
    let mut till = paid(false);
    assert_eq!(till.history()[0].receipt_number, Some(3));
    till.press("-<Right>");
    assert_eq!(till.last().1, Call::CancelTrx("STX_1".to_owned(), 3));
    assert_eq!(steps(&till), [CancelStep::Terminal(3)]);
    till.press("<Esc><F11>-<Right>");
    assert_eq!(*error(&till), Message::CancelUnderWay);
    till.press("<Esc>").reply(Outcome::Ok(shown(Status::Cancelled, 0)));
    assert_eq!(*error(&till), back(CardSide::TakenBack));
    let cancelled = till.history()[0].cancelled.clone().unwrap();
    assert_eq!(cancelled.receipt, [], "both receipts stay as they were: no storno of its own");
    assert!(till.history()[0].cancelled == Some(cancelled));
}

#[test]
fn with_a_card_the_terminal_comes_first_and_the_cards_side_second() {
    let mut till = paid(true);
    till.press("-<Right>").reply(Outcome::Ok(shown(Status::Cancelled, 1)));
    assert_eq!(till.last().1, Call::Cancel("STX_1".to_owned()));
    assert_eq!(steps(&till), [CancelStep::Terminal(3), CancelStep::Card(Some(1))]);
    assert!(till.history()[0].cancelled.is_none());
    let storno = vec![ReceiptLine::text("STORNO")];
    let answer = Transaction { receipt: Some(storno.clone()), ..shown(Status::Cancelled, 2) };
    till.reply(Outcome::Ok(answer));
    assert_eq!(*error(&till), back(CardSide::TakenBack));
    assert_eq!(till.history()[0].cancelled.as_ref().unwrap().receipt, storno);
    assert!(till.state.cancellations.is_empty() && till.replayed().cancellations.is_empty());
}

/// A server that takes the bookings back together with the payment shows one more.
#[test]
fn a_card_side_that_the_server_took_back_by_itself_is_not_asked_for() {
    let mut till = paid(true);
    till.press("-<Right>").reply(Outcome::Ok(shown(Status::Cancelled, 2)));
    assert!(matches!(till.last().1, Call::CancelTrx(..)));
    assert_eq!(*error(&till), back(CardSide::TakenBack));
}

#[test]
fn a_lost_answer_about_the_cards_side_is_told_as_what_it_is() {
    for refused in [false, true] {
        let lost = if refused {
            Outcome::Refused(refusal())
        } else {
            Outcome::Unknown(DownReason::Timeout)
        };
        let mut till = paid(true);
        till.press("-<Right>").reply(Outcome::Ok(shown(Status::Cancelled, 1))).reply(lost.clone());
        till.press("<Esc>");
        assert!(ask(&mut till));
        till.reply(Outcome::Ok(shown(Status::Cancelled, 2)));
        assert_eq!(*error(&till), back(CardSide::TakenBack), "the booking shows");

        let mut till = paid(true);
        till.press("-<Right>").reply(Outcome::Ok(shown(Status::Cancelled, 1))).reply(lost);
        till.press("<Esc>");
        assert_eq!(answered(&mut till, &Outcome::Ok(shown(Status::Cancelled, 1))), 4);
        assert_eq!(*error(&till), back(CardSide::NotKnown));
        assert_eq!(till.history()[0].cancelled.as_ref().unwrap().card, CardSide::NotKnown);
    }
}

#[test]
fn a_card_side_that_was_never_sent_stands_and_can_be_sent_later() {
    let mut till = paid(true);
    till.press("-<Right>").reply(Outcome::Ok(shown(Status::Cancelled, 1)));
    till.reply(Outcome::Down(DownReason::NoConnection));
    assert_eq!(till.history()[0].cancelled.as_ref().unwrap().card, CardSide::Standing);
    till.press("<Esc><Esc><Esc><Esc><F11>-<Right>");
    assert_eq!(till.last().1, Call::Cancel("STX_1".to_owned()));
    till.reply(Outcome::Ok(shown(Status::Cancelled, 2)));
    assert_eq!(till.history()[0].cancelled.as_ref().unwrap().card, CardSide::TakenBack);
    till.press("<Esc><Esc><F11>-");
    assert_eq!(*error(&till), Message::AlreadyCancelled);
}

/// A crash between the two calls: the terminal's answer decides, then the card's side is sent.
#[test]
fn a_restart_goes_on_where_it_was() {
    let mut till = paid(true);
    till.press("-<Right>");
    till.state = till.replayed();
    assert!(ask(&mut till));
    till.reply(Outcome::Ok(shown(Status::Cancelled, 1)));
    assert_eq!(till.last().1, Call::Cancel("STX_1".to_owned()));
    till.state = till.replayed();
    assert_eq!(till.state.cancellations[0].step, CancelStep::Card(Some(1)));
    assert!(ask(&mut till));
    till.reply(Outcome::Ok(shown(Status::Cancelled, 2)));
    assert!(till.history()[0].cancelled.is_some());
    let cancels = till.calls.iter().filter(|(_, call)| matches!(call, Call::Cancel(_))).count();
    assert_eq!(cancels, 1, "not sent again");
}

/// The terminal may still be at it: as long as a payment is given, "paid" proves nothing.
#[test]
fn a_lost_answer_of_the_terminal_is_waited_for_as_long_as_a_payment_is_given() {
    for lost in [Outcome::Unknown(DownReason::Broken), Outcome::Refused(refusal())] {
        let mut till = paid(false);
        let sent = till.now;
        till.press("-<Right>").reply(lost).press("<Esc>");
        assert!(answered(&mut till, &Outcome::Ok(shown(Status::Ok, 0))) > 4);
        assert!(till.now >= sent + PATIENCE);
        assert!(matches!(error(&till), Message::NotCancelled | Message::CancelRefused(_)));
    }
}

#[test]
fn the_terminal_does_one_thing_at_a_time() {
    let mut till = paid(false);
    till.press("-<Right><Esc><Esc>30200⏎<F6>").copied().press("+");
    assert_eq!(*error(&till), Message::TerminalBusy);
    assert_eq!(till.starts(), 1);
    till.press("<Esc>␣diagnosis⏎");
    assert!(!till.calls.iter().any(|(_, call)| matches!(call, Call::Terminal(_))));
}

/// A journal of an older version has no receipt number: the server is asked for it.
#[test]
fn a_sale_without_a_receipt_number_is_looked_up_before_anything_is_sent() {
    let without = || {
        let mut till = paid(false);
        till.edit_history(0, |sale| sale.receipt_number = None);
        till.press("-<Right>");
        assert_eq!(till.last().1, Call::Read("STX_1".to_owned()));
        assert!(steps(&till).is_empty());
        till
    };
    let mut till = without();
    till.reply(Outcome::Ok(shown(Status::Ok, 0)));
    assert_eq!(till.last().1, Call::CancelTrx("STX_1".to_owned(), 3));
    assert_eq!(steps(&till), [CancelStep::Terminal(3)]);
    let mut till = without();
    till.reply(Outcome::Ok(Transaction { receipt_number: None, ..shown(Status::Ok, 0) }));
    assert_eq!(*error(&till), Message::NoReceiptNumber);
    assert!(till.state.cancellations.is_empty() && till.replayed().cancellations.is_empty());
}

#[test]
fn the_reversal_is_printed_where_every_sale_is() {
    let with = Settings { printing: Printing::EverySale, ..settings() };
    let mut till = paid_with(with, false);
    till.effects.clear();
    let slip = vec![ReceiptLine::text("Storno Kartenzahlung")];
    let answer = Transaction {
        receipt: Some(slip.clone()),
        receipt_merchant: Some(slip.clone()),
        ..shown(Status::Cancelled, 0)
    };
    till.press("-<Right>").reply(Outcome::Ok(answer));
    let printed = till.effects.iter().find_map(|effect| match effect {
        Effect::Print(finished) => finished.cancelled.clone(),
        _ => None,
    });
    let printed = printed.expect("the storno is printed");
    assert_eq!((&printed.receipt, &printed.receipt_merchant), (&slip, &slip));
    till.event(Event::Tick);
}
