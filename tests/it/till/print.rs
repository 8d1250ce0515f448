//! The printer at the till: what waits is said once, goes with its cause, and holds nothing up.

use kasse::till::{Effect, Event, Level, Message, Notice, Overlay};

use crate::till::kit::Till;

#[test]
fn a_printer_that_takes_nothing_is_said_once_and_forgotten_when_it_prints() {
    let mut till = Till::new();
    till.event(Event::PrintWaits(1));
    assert!(till.effects.contains(&Effect::Bell));
    till.event(Event::PrintWaits(2));
    assert_eq!(till.said(), Some(&Message::PrinterWaits(2)));
    assert!(till.state.more_errors.is_empty(), "the number changes, nothing piles up");
    till.event(Event::Printed(Ok(())));
    assert_eq!(till.said(), Some(&Message::PrinterWaits(2)), "one waits still");
    till.event(Event::Printed(Ok(())));
    assert_eq!((till.said(), till.state.unprinted), (Some(&Message::Printed), 0));
}

#[test]
fn it_goes_from_behind_another_error_too() {
    let mut till = Till::new();
    till.press("99999⏎");
    till.event(Event::PrintWaits(1));
    assert_eq!(till.state.more_errors.len(), 1);
    till.event(Event::Printed(Ok(())));
    assert!(till.state.more_errors.is_empty());
    assert_eq!(till.said(), Some(&Message::NotFound("99999".to_owned())));
}

#[test]
fn a_sale_goes_on_while_receipts_wait_and_so_does_leaving() {
    let mut till = Till::new();
    till.event(Event::PrintWaits(1));
    let level = Level::Error;
    assert_eq!(till.state.notice, Some(Notice { level, message: Message::PrinterWaits(1) }));
    till.press("30037⏎+").copied().press("+");
    assert_eq!(till.starts(), 1);
    till.started(kasse::wire::Status::Ok).press("<Esc>␣quit⏎");
    assert!(matches!(till.state.overlays[..], [Overlay::Confirm(_)]));
}
