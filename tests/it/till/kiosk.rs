//! The PIN in the till: what it opens, what a wrong one costs, and that it is nowhere to be seen.

use kasse::pin::Pin;
use kasse::till::{
    Access, CallId, Command, Effect, Ending, Event, Overlay, PinPrompt, PinPurpose, PinStep,
    Settings,
};
use rstest::rstest;

use kasse::till::{Call, Key, Step};
use kasse::wire::{ApiError, Ident, MerchantCard, Outcome, Transaction, UNPAIRED};

use crate::till::kit::{CARD, Till, card, copy, settings};

const PIN: &str = "80475931";

fn till(access: Access) -> Till {
    Till::with(Settings { access, ..settings() })
}

fn kiosk() -> Till {
    till(Access::Kiosk)
}

/// The checks asked for so far.
fn checks(till: &Till) -> Vec<(CallId, Pin)> {
    let check = |effect: &Effect| match effect {
        Effect::CheckPin(id, pin) => Some((*id, pin.clone())),
        _ => None,
    };
    till.effects.iter().filter_map(check).collect()
}

/// Answers the last check as the worker would if [`PIN`] were the one.
fn check(till: &mut Till) {
    let (id, pin) = checks(till).pop().expect("a check");
    till.event(Event::PinChecked(id, pin == PIN.parse().unwrap()));
}

fn prompt(till: &Till) -> &PinPrompt {
    match till.state.overlays.last() {
        Some(Overlay::Pin(prompt)) => prompt,
        other => panic!("no prompt: {other:?}"),
    }
}

fn has_quit(till: &Till) -> bool {
    till.effects.contains(&Effect::Quit(Ending::Asked))
}

#[rstest]
#[case(Access::Lock)]
#[case(Access::Kiosk)]
fn the_locked_screen_opens_to_the_pin_alone(#[case] access: Access) {
    let mut till = till(access);
    till.press("30037⏎<F12>");
    assert!(till.state.is_locked() && till.state.asks_pin());
    till.press("<F12><Right><Left><Esc><F1>+/-⏎<F5>␣");
    assert!(till.state.is_locked() && checks(&till).is_empty());
    till.press("<Esc>");
    till.press(PIN).press("⏎");
    assert!(till.state.is_locked(), "not before the answer");
    check(&mut till);
    assert!(till.state.overlays.is_empty());
    assert_eq!(till.state.sale.basket.lines().len(), 1);
    assert_eq!(till.starts(), 0);
}

#[test]
fn without_a_pin_the_lock_is_what_it_was() {
    let mut till = till(Access::Free);
    till.press("<F12>1234⏎");
    assert_eq!(till.state.overlays, [Overlay::Locked]);
    till.press("<Right>");
    assert!(till.state.overlays.is_empty() && checks(&till).is_empty());
}

#[test]
fn only_the_pin_leaves_a_kiosk() {
    let mut till = kiosk();
    till.press("␣quit⏎");
    assert_eq!(prompt(&till).purpose, PinPurpose::Quit);
    till.press("<Right>⏎<F12>");
    assert!(!has_quit(&till) && checks(&till).is_empty());
    till.press("<Esc>");
    assert!(till.state.overlays.is_empty());
    till.press("␣quit⏎4711⏎");
    check(&mut till);
    assert!(!has_quit(&till));
    till.now += 1_000;
    till.press(PIN).press("⏎");
    check(&mut till);
    assert!(has_quit(&till));
}

#[test]
fn a_till_with_a_pin_that_is_no_kiosk_ends_as_ever() {
    let mut till = till(Access::Lock);
    till.press("␣quit⏎");
    assert_eq!(till.state.overlays, [Overlay::Confirm(Command::Quit)]);
}

/// Not even a right PIN ends a till that waits for an outcome.
#[test]
fn no_pin_ends_a_payment_under_way() {
    let mut till = kiosk();
    till.press("30037⏎+").copied().press("+");
    assert_eq!(till.starts(), 1);
    till.press("␣").press("<Up>⏎");
    assert!(!till.state.asks_pin() && !has_quit(&till));
}

#[test]
fn control_keys_are_nothing_in_a_kiosk() {
    let mut till = kiosk();
    till.press("30037⏎4");
    let before = till.state.clone();
    for c in 'a'..='z' {
        till.event(Event::Key(kasse::till::Key::Ctrl(c)));
    }
    assert_eq!(till.state, before);
}

#[rstest]
#[case::ean_13("4006381333931⏎")]
#[case::ean_8("96385074⏎")]
#[case::card("9276004424644352⏎")]
#[case::swipe("%B9276^A?;9276004424644352=2512?⏎⏎")]
#[case::two_scans("4006381333931⏎4999012345678⏎")]
#[case::too_short("51⏎")]
fn a_scan_at_the_prompt_is_dropped_and_costs_nothing(#[case] scan: &str) {
    for open in ["<F12>", "␣quit⏎"] {
        let mut till = kiosk();
        till.press("30037⏎").press(open);
        till.press(scan);
        assert_eq!(prompt(&till).step, PinStep::Dropped, "{scan}");
        assert_eq!(till.state.tries, kasse::till::Tries::default());
        assert!(checks(&till).is_empty() && till.effects.contains(&Effect::Bell));
        assert_eq!(till.state.sale.basket.lines().len(), 1);
        assert!(till.state.sale.card.is_none() && till.state.entry.text.is_empty());
        // The next thing typed may be the PIN.
        till.press(PIN).press("⏎");
        assert_eq!(checks(&till).len(), 1);
    }
}

#[test]
fn wrong_pins_cost_more_and_more_time_on_every_prompt() {
    let mut till = kiosk();
    till.press("<F12>");
    for (tries, seconds) in [1, 1, 1, 1, 2, 4, 8, 16, 32].into_iter().enumerate() {
        till.press("4711⏎");
        assert_eq!(checks(&till).len(), tries + 1);
        check(&mut till);
        assert_eq!(prompt(&till).step, PinStep::Wrong);
        assert_eq!(till.state.tries.wait(till.now), Some(seconds * 1_000));
        assert_eq!(till.state.wake_at, Some(till.now + 1_000), "the seconds are counted");
        till.now += seconds * 1_000 - 1;
        till.press(PIN).press("⏎");
        assert_eq!(checks(&till).len(), tries + 1, "too early");
        till.now += 1;
    }
    till.press(PIN).press("⏎");
    check(&mut till);
    assert!(!till.state.is_locked());
    assert_eq!(till.state.tries, kasse::till::Tries::default());
}

/// Closing the prompt, or trying again before the answer, is no way around the wait.
#[test]
fn every_try_counts() {
    let mut till = kiosk();
    till.press("␣quit⏎4711⏎<Esc>");
    assert!(matches!(prompt(&till).step, PinStep::Checking(_)), "not closed while it is checked");
    till.press("4712⏎");
    assert_eq!(checks(&till).len(), 1, "one at a time");
    check(&mut till);
    till.press("<Esc><F12>").press(PIN).press("⏎");
    assert_eq!(checks(&till).len(), 1, "the wait goes on at the next prompt");
    // An answer to a check that nobody waits for opens nothing.
    till.event(Event::PinChecked(CallId(999), true));
    assert!(till.state.is_locked());
}

#[test]
fn a_sale_that_is_paid_meanwhile_does_not_open_the_lock() {
    let mut till = kiosk();
    till.press("30037⏎+").copied().press("+<F12>");
    till.started(kasse::wire::Status::Ok);
    assert!(till.state.is_locked(), "{:?}", till.state.overlays);
}

/// Neither Debug nor anything serialised nor a record holds digits that were typed as a PIN.
#[test]
fn the_pin_is_nowhere() {
    let mut till = kiosk();
    till.press("30037⏎<F12>").press(PIN);
    let mut seen = vec![format!("{:?}", till.state), serde_json::to_string(&till.state).unwrap()];
    till.press("⏎");
    assert_eq!(checks(&till).len(), 1);
    seen.push(format!("{:?}{:?}", till.state, till.effects));
    seen.push(serde_json::to_string(&(&till.state, &till.effects)).unwrap());
    check(&mut till);
    seen.push(format!("{:?}{:?}", till.state, till.effects));
    for part in [PIN, &PIN[..4], &PIN[4..]] {
        assert!(!seen.iter().any(|text| text.contains(part)), "{part}");
    }
}

/// Types the PIN at the lock and lets the check say yes, with nothing drawn behind it.
fn unlock_unseen(till: &mut Till) {
    till.press(PIN).press("⏎");
    let (id, _) = checks(till).pop().expect("a check");
    till.unseen(Event::PinChecked(id, true));
}

/// An answer that comes while the screen is locked leaves it locked: here the card wants its
/// passcode, or the till turns out not to be paired.
#[rstest]
#[case(Access::Lock)]
#[case(Access::Kiosk)]
fn no_answer_of_the_server_opens_the_lock(#[case] access: Access) {
    let mut asked = till(access);
    asked.press("30037⏎").press(CARD).press("⏎+<F12>");
    let (Call::Create(body), PinPurpose::Unlock) = (asked.last().1, prompt(&asked).purpose) else {
        panic!("{:?}", asked.last())
    };
    let plain = copy(&body);
    let idents = plain.idents.iter().map(|ident| Ident {
        merchantcard: Some(MerchantCard { passcode: 1, ..card() }),
        ..ident.clone()
    });
    asked.reply(Outcome::Ok(Transaction { idents: idents.collect(), ..plain }));
    assert!(asked.state.overlays.iter().any(|overlay| matches!(overlay, Overlay::Code(_))));
    assert!(asked.state.is_locked() && prompt(&asked).purpose == PinPurpose::Unlock);

    let mut refused = till(access);
    refused.press("30037⏎+<F12>");
    let unpaired = ApiError { http: 401, name: UNPAIRED.to_owned(), ..ApiError::default() };
    refused.reply(Outcome::Refused(unpaired));
    assert!(refused.state.overlays.contains(&Overlay::Pairing));
    assert!(refused.state.is_locked() && prompt(&refused).purpose == PinPurpose::Unlock);
}

/// The tender opens behind the prompt; the rest of the PIN is no amount.
#[test]
fn a_pin_half_typed_never_becomes_an_amount() {
    let mut till = kiosk();
    till.press("30037⏎+␣quit⏎8047").copied();
    assert!(matches!(till.state.sale.step, Step::Tender(_)));
    till.press("5931");
    assert!(till.state.asks_pin() && till.state.entry.text.is_empty());
}

#[rstest]
#[case(Access::Free)]
#[case(Access::Lock)]
fn an_amount_that_came_behind_the_lock_is_not_paid_before_it_was_seen(#[case] access: Access) {
    let mut till = till(access);
    till.press("30037⏎+<F12>").copied();
    match access {
        Access::Free => till.unseen(Event::Key(Key::Right)),
        Access::Lock | Access::Kiosk => unlock_unseen(&mut till),
    }
    assert!(!till.state.is_locked());
    till.unseen(Event::Key(Key::Char('+')));
    assert_eq!(till.starts(), 0);
    till.event(Event::Shown);
    till.press("+");
    assert_eq!(till.starts(), 1);
}
