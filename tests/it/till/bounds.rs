//! What piles up while nobody looks, driven to its bound.

use kasse::money::Money;
use kasse::till::{
    Abandoned, Call, CancelStep, CancelTarget, Cancellation, Command, Event, Message, Overlay,
    Refusal, Step, allowed, bounds,
};
use kasse::wire::{DownReason, Outcome, Status};

use super::kit::{Till, copy};

fn error(till: &Till) -> &Message {
    &till.state.notice.as_ref().unwrap().message
}

#[test]
fn a_sale_more_than_can_be_parked_stays_at_hand() {
    let mut till = Till::new();
    for _ in 0..bounds::PARKED {
        till.press("30037⏎<F9>");
    }
    assert_eq!(till.state.parked.len(), bounds::PARKED);
    till.press("7⏎<F9>");
    assert_eq!(*error(&till), Message::TooManyParked(99));
    assert_eq!((till.state.parked.len(), till.state.sale.basket.lines().len()), (99, 1));
    let again = till.replayed();
    assert_eq!((again.parked.len(), again.sale.basket.lines().len()), (99, 1));
    till.press("<Esc>+").copied().press("+").started(Status::Ok);
    till.press("<F9>");
    assert!(matches!(till.state.overlays.last(), Some(Overlay::Parked(_))), "they can be seen");
}

#[test]
fn nothing_is_sold_while_too_many_outcomes_are_open() {
    let mut till = Till::new();
    // The others are asked after meanwhile.
    let newest = |till: &Till, kind: fn(&Call) -> bool| {
        till.calls.iter().rev().find(|(_, call)| kind(call)).cloned().unwrap()
    };
    let unknown = |till: &mut Till| {
        till.press("30037⏎+");
        let (create, call) = newest(till, |call| matches!(call, Call::Create(_)));
        let Call::Create(body) = call else { unreachable!() };
        till.answer(create, Outcome::Ok(copy(&body)));
        till.press("+");
        let (start, _) = newest(till, |call| matches!(call, Call::Start(..)));
        till.answer(start, Outcome::Unknown(DownReason::Timeout));
        till.press("<F9>");
    };
    for _ in 0..bounds::PAYMENTS {
        unknown(&mut till);
    }
    assert!(till.state.sale.is_blank());
    assert_eq!(till.state.unresolved.len(), bounds::PAYMENTS);
    unknown(&mut till);
    assert_eq!(till.state.unresolved.len(), bounds::PAYMENTS);
    assert!(matches!(till.state.sale.step, Step::Unknown(_)), "it goes on being asked after");
    let shown = till.state.notice.iter().chain(&till.state.more_errors);
    assert!(shown.into_iter().any(|notice| notice.message == Message::TooManyOpen(20)));
    till.press("<Esc><Esc><Esc>7⏎");
    assert_eq!(till.state.sale.basket.lines().len(), 1, "nothing else is sold");
    // Every one of them comes back after a restart.
    let again = till.replayed();
    assert_eq!(again.open_outcomes(), bounds::PAYMENTS + 1);
}

#[test]
fn a_cancellation_too_many_is_refused() {
    let mut till = Till::new();
    till.press("30037⏎+").copied().press("+").started(Status::Ok).press("<F11>");
    for number in 0..bounds::CANCELLATIONS {
        assert_eq!(allowed(Command::CancelSale, &till.state, &till.settings), Ok(()));
        let (whose, id) = (CancelTarget::Other(Money(100)), format!("STX_{number}_"));
        let open = Cancellation::asked_after(whose, id, CancelStep::Whole, 9_000_000);
        till.state.cancellations.push(open);
    }
    let refusal = Err(Refusal::TooManyOpen(bounds::CANCELLATIONS));
    assert_eq!(allowed(Command::CancelSale, &till.state, &till.settings), refusal);
    till.press("-");
    assert_eq!(*error(&till), Message::TooManyOpen(20));
    assert!(!till.calls.iter().any(|(_, call)| matches!(call, Call::Cancel(_))));
}

/// Nobody can pay them, so the oldest are left alone; what was written off is not.
#[test]
fn transactions_that_nobody_needs_do_not_pile_up() {
    let mut till = Till::new();
    let written_off = Abandoned::WrittenOff { id: "STX_W".to_owned(), due: Money(1) };
    till.state.abandoned.push(written_off.clone());
    for _ in 0..bounds::ABANDONED * 2 {
        // The create has no answer, and the sale is given up.
        till.press("30037⏎+").reply(Outcome::Unknown(DownReason::Timeout));
        till.press("<Esc>");
        till.state.overlays.cover(Overlay::Confirm(Command::DiscardSale));
        till.press("<Right>");
    }
    assert_eq!(till.state.abandoned.len(), bounds::ABANDONED + 1);
    assert_eq!(till.state.abandoned[0], written_off);
    let mut again = till.replayed().abandoned;
    again.insert(0, written_off);
    assert_eq!(again, till.state.abandoned, "the journal says so too");
}

#[test]
fn a_payment_more_than_can_be_asked_after_is_not_written_off() {
    let mut till = Till::new();
    for number in 0..bounds::PAYMENTS {
        let id = format!("STX_{number}_");
        till.state.abandoned.push(Abandoned::WrittenOff { id, due: Money(1) });
    }
    till.press("30037⏎+").copied().press("+").reply(Outcome::Unknown(DownReason::Timeout));
    till.now += 700_000;
    till.event(Event::Tick);
    till.reply(Outcome::Unknown(DownReason::Timeout));
    till.press("<Right><Right>");
    assert!(matches!(till.state.sale.step, Step::Unknown(_)), "{:?}", till.state.sale.step);
    let shown: Vec<_> = till.state.notice.iter().chain(&till.state.more_errors).collect();
    assert!(shown.iter().any(|notice| notice.message == Message::TooManyOpen(20)), "{shown:?}");
    till.state.abandoned.pop();
    till.press("<Esc><Esc><Right><Right>");
    assert!(matches!(till.state.sale.step, Step::Basket(_)), "{:?}", till.state.sale.step);
}

#[test]
fn errors_that_are_not_kept_are_counted_and_keep_the_till_from_paying() {
    let mut till = Till::new();
    till.press("30037⏎+").copied();
    till.press("<Esc>");
    for number in 0..200 {
        till.press(&format!("99{number:03}⏎"));
    }
    assert_eq!(till.state.more_errors.len(), bounds::ERRORS + 1);
    assert_eq!(till.state.more_errors.last().unwrap().message, Message::MoreErrors(149));
    for _ in 0..=bounds::ERRORS {
        till.press("<Esc>");
    }
    assert_eq!(*error(&till), Message::MoreErrors(149));
    till.press("+").copied().press("+");
    assert_eq!(till.starts(), 0, "somebody must have read it");
    till.press("<Esc>+");
    assert_eq!(till.starts(), 1);
}
