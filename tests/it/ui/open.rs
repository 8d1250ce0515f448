//! Scenes of what is not over: open outcomes, cancelled sales, several errors, a till that stopped.

use kasse::money::Money;
use kasse::till::{
    Back, CancelStep, CancelTarget, Cancellation, Cancelled, CardSide, CardView, Command, FAULTS,
    Faults, Finished, Level, Link, Message, NextCancel, NextQuestion, Notice, Overlay, Receipt,
    Step, Unresolved,
};
use kasse::wire::{DownReason, ReceiptLine, StartMethod};

use crate::ui::kit::{
    CARD, Scene, applied_scene, done, finished, history, inquiry, known, remote, sale, saying,
    under,
};

/// The sale of the documents after the server has cancelled it.
fn cancelled() -> Finished {
    Finished {
        cancelled: Some(Cancelled {
            booked: "2020-09-25T11:20:02+02:00".to_owned(),
            receipt: vec![
                ReceiptLine::pair("Card", CARD),
                ReceiptLine::pair("Card payment reversed", "2,20 EUR"),
            ],
            view: Some(Box::new(CardView {
                cash: Money(200),
                bonus: Money(20),
                balance: Money(220),
                ..CardView::default()
            })),
            ..Cancelled::default()
        }),
        ..finished(StartMethod::Cash)
    }
}

/// A cancellation of that sale without a known outcome.
fn cancellation(next: NextCancel) -> Cancellation {
    let whose = CancelTarget::Ours(Box::new(finished(StartMethod::Cash)));
    let of = finished(StartMethod::Cash).id;
    Cancellation { asked: 4, next, ..Cancellation::asked_after(whose, of, CancelStep::Whole, 0) }
}

/// Without an overlay.
pub fn sales() -> Vec<Scene> {
    vec![
        ("stopped", {
            let why = "no space left on device".to_owned();
            let mut state = saying(Level::Error, Message::Stopped(why.clone()));
            state.stopped = Some(why);
            state
        }),
        ("more_errors", {
            let mut state = saying(Level::Error, Message::NotFound("4006381333931".to_owned()));
            for message in [Message::BankCard, Message::UnreadableSwipe] {
                state.more_errors.push(Notice { level: Level::Error, message });
            }
            state
        }),
        ("put_aside", {
            let mut state = sale(|_| ());
            state.unresolved.push(inquiry(1, NextQuestion::At(70_000)).sale);
            state.parked.push(sale(|sale| sale.card = Some(known())).sale);
            state
        }),
        (
            "apply_failed",
            sale(|sale| {
                sale.card = Some(known());
                sale.use_card = true;
                sale.remote = Some(remote(4, None));
            }),
        ),
        ("unknown_down", {
            let mut state = inquiry(0, NextQuestion::At(67_000));
            state.link = Link::Down(DownReason::NoConnection);
            state
        }),
        ("applied_otherwise", {
            let mut state = applied_scene();
            let remote = state.sale.remote.as_mut().unwrap();
            let applied = remote.applied.as_mut().unwrap();
            // Another till has spent the rest of the card since it was shown.
            (applied.cash, applied.missing) = (Money(0), Money(776));
            state
        }),
        ("done_cancelled", {
            let mut state = done(StartMethod::Cash);
            if let Step::Done(finished) = &mut state.sale.step {
                **finished = cancelled();
            }
            let (method, paid, card) = (StartMethod::Cash, Money(576), Money(220));
            let message = Message::GiveBack(Back { method, paid, card, side: CardSide::TakenBack });
            state.notice = Some(Notice { level: Level::Info, message });
            state
        }),
        ("done_cancelled_terminal", {
            let mut state = done(StartMethod::Cashless);
            let side = CardSide::NotKnown;
            if let Step::Done(finished) = &mut state.sale.step {
                let cancelled = cancelled().cancelled.unwrap();
                finished.cancelled = Some(Cancelled { card: side, view: None, ..cancelled });
            }
            let (method, paid, card) = (StartMethod::Cashless, Money(576), Money(220));
            let message = Message::GiveBack(Back { method, paid, card, side });
            state.notice = Some(Notice { level: Level::Error, message });
            state
        }),
    ]
}

/// Overlays, each over a sale.
pub fn overlays() -> Vec<Scene> {
    vec![
        (
            "history_cancelled",
            under(history(vec![cancelled(), finished(StartMethod::Loyalty)], 0), |_| ()),
        ),
        (
            "receipt_cancelled",
            under(
                Overlay::Receipt(Receipt { of: Some(Box::new(cancelled())), scroll: usize::MAX }),
                |_| (),
            ),
        ),
        (
            "confirm_cancel",
            under(history(vec![finished(StartMethod::Cash)], 0), |state| {
                state.overlays.cover(Overlay::Confirm(Command::CancelSale));
            }),
        ),
        (
            "confirm_cancel_terminal",
            under(history(vec![finished(StartMethod::Cashless)], 0), |state| {
                state.overlays.cover(Overlay::Confirm(Command::CancelSale));
            }),
        ),
        (
            "unresolved_cancel",
            under(Overlay::Unresolved(Unresolved(1)), |state| {
                let other = CancelTarget::Other(Money(500));
                let open = Cancellation { whose: other, ..cancellation(NextCancel::Open) };
                state.cancellations = vec![cancellation(NextCancel::At(70_000)), open];
            }),
        ),
        (
            "confirm_settle",
            under(Overlay::Unresolved(Unresolved(0)), |state| {
                state.cancellations.push(cancellation(NextCancel::Open));
                state.overlays.cover(Overlay::Confirm(Command::Unresolved));
            }),
        ),
        (
            "confirm_quit_open",
            under(Overlay::Confirm(Command::Quit), |state| {
                state.cancellations.push(cancellation(NextCancel::Open));
            }),
        ),
        (
            "unresolved",
            under(Overlay::Unresolved(Unresolved(0)), |state| {
                state.link = Link::Down(DownReason::Timeout);
                state.unresolved.push(inquiry(0, NextQuestion::At(70_000)).sale);
            }),
        ),
        (
            "unresolved_give_up",
            under(Overlay::Unresolved(Unresolved(1)), |state| {
                state.unresolved.push(inquiry(1, NextQuestion::At(70_000)).sale);
                state.unresolved.push(inquiry(4, NextQuestion::At(70_000)).sale);
            }),
        ),
        (
            "faults",
            under(Overlay::Faults(Faults(1)), |state| {
                state.faults.push(FAULTS[2].to_owned());
            }),
        ),
    ]
}
