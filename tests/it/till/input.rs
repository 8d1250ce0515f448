//! Input that was lost: nothing of it counts, and the cashier is told.

use proptest::prelude::*;

use kasse::shop::{demo_catalogue, search};
use kasse::till::{Access, Effect, Event, Key, Level, Message, Overlay, PinEntry, Settings, Step};

use crate::till::kit::{Till, settings};

fn says_lost(till: &Till) -> bool {
    let notice = till.state.notice.as_ref();
    notice
        .is_some_and(|notice| notice.level == Level::Error && notice.message == Message::InputLost)
}

#[test]
fn half_a_code_before_a_loss_is_no_part_of_the_next_one() {
    let mut till = Till::new();
    till.press("30");
    till.event(Event::InputLost);
    assert!(till.state.entry.text.is_empty() && says_lost(&till));
    assert!(till.effects.contains(&Effect::Bell));
    till.press("51⏎");
    let lines = till.state.sale.basket.lines();
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0].number.as_deref(), Some("51"));
}

#[test]
fn a_multiplier_before_a_loss_multiplies_nothing_after_it() {
    let mut till = Till::new();
    till.press("3*");
    till.event(Event::InputLost);
    till.press("51⏎");
    assert_eq!(till.state.sale.basket.lines()[0].quantity, 1);
}

#[test]
fn an_amount_before_a_loss_is_gone_and_plus_pays_only_after_the_message_is_dismissed() {
    let mut till = Till::new();
    till.press("51⏎+").copied();
    till.press("5");
    till.event(Event::InputLost);
    assert!(till.state.entry.text.is_empty());
    till.press("+");
    assert!(matches!(till.state.sale.step, Step::Tender(_)) && till.starts() == 0);
    till.press("<Up>");
    assert!(!says_lost(&till));
}

#[test]
fn no_scanner_dismisses_it() {
    let mut till = Till::new();
    till.event(Event::InputLost);
    till.press("51⏎30037⏎");
    assert!(says_lost(&till));
}

#[test]
fn half_a_pin_before_a_loss_is_gone() {
    let mut till = Till::with(Settings { access: Access::Lock, ..settings() });
    till.press("<F12>80");
    till.event(Event::InputLost);
    match till.state.overlays.last() {
        Some(Overlay::Pin(prompt)) => assert_eq!(prompt.entry, PinEntry::default()),
        other => panic!("no prompt: {other:?}"),
    }
}

proptest! {
    /// A search that is not made anew for every key shows the same.
    #[test]
    fn hits_are_those_of_the_whole_text_however_it_was_typed(
        typed in "[a-eä][a-ehnorstäöü \\\\xq\u{8}]{0,14}",
    ) {
        let mut till = Till::with(Settings { catalogue: demo_catalogue(), ..settings() });
        for c in typed.chars() {
            till.event(Event::Key(if c == '\u{8}' { Key::Backspace } else { Key::Char(c) }));
        }
        if let Some(Overlay::Search(hits)) = till.state.overlays.last() {
            let text = &till.state.entry.text;
            let (found, literal) = search(&till.settings.catalogue, text, 50);
            prop_assert_eq!((&hits.found, hits.literal), (&found, literal), "{:?}", text);
        }
    }
}
