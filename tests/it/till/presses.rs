//! One press does one thing: what dismisses an error does nothing else, and a key that is held,
//! bounces or comes too early never pays, answers or breaks off.

use kasse::till::{Call, Command, Event, Key, Message, Overlay, State, Step};
use kasse::wire::{DownReason, Outcome, StartMethod, Status, Transaction};
use rstest::rstest;

use crate::sim::cashier::keys;
use crate::till::kit::Till;

/// Presses one key at this time, with everything that is due before it, and draws.
fn at(till: &mut Till, now: u64, key: Key) {
    while let Some(due) = till.state.wake_at.filter(|due| *due <= now) {
        till.now = due;
        till.event(Event::Tick);
        if till.state.wake_at == Some(due) {
            break;
        }
    }
    till.now = now;
    till.event(Event::Key(key));
}

/// Holds a key: the keyboard's delay, then its repeats; answers a create at once.
fn hold(till: &mut Till, key: Key, delay: u64, period: u64) {
    let begin = till.now + 5_000;
    let times = std::iter::once(0).chain((0..60).map(|n| delay + n * period));
    for time in times {
        at(till, begin + time, key);
        if matches!(till.calls.last(), Some((_, Call::Create(_))))
            && till.state.sale.remote.is_none()
        {
            till.copied();
        }
    }
    // The finger leaves the key.
    till.now += 2_000;
    till.event(Event::Tick);
}

#[rstest]
fn a_held_key_opens_the_tender_and_never_pays(
    #[values("+", "<F5>", "<F6>")] key: &str,
    #[values((30, 30), (250, 92), (500, 33), (660, 40), (1_000, 25))] rate: (u64, u64),
) {
    let mut till = Till::new();
    till.press("30037⏎");
    hold(&mut till, keys(key)[0], rate.0, rate.1);
    assert!(matches!(till.state.sale.step, Step::Tender(_)), "{:?}", till.state.sale.step);
    assert_eq!(till.starts(), 0);
    // A press of its own pays.
    till.press(key);
    assert_eq!(till.starts(), 1);
}

/// 3.49 are due, and on the screen since now.
fn tender() -> Till {
    let mut till = Till::new();
    till.press("30037⏎ +");
    till.now += 700;
    till.copied();
    till
}

#[rstest]
#[case::plus("+")]
#[case::cash("<F5>")]
#[case::note("<S-F1>")]
fn the_amount_is_on_the_screen_for_150_ms_before_a_key_pays_it(#[case] key: &str) {
    for (after, starts) in [(0, 0), (149, 0), (150, 1)] {
        let mut till = tender();
        // Another key in between: this one is no repeat.
        till.event(Event::Key(Key::Char('5')));
        till.event(Event::Key(Key::Backspace));
        till.now += after;
        till.event(Event::Key(keys(key)[0]));
        assert_eq!(till.starts(), starts, "{after} ms");
        till.now += 5_000;
        till.event(Event::Tick);
        assert_eq!(till.starts(), starts, "what came too early is not kept");
        assert!(starts == 1 || till.effects.contains(&kasse::till::Effect::Bell));
    }
}

#[test]
fn digits_typed_fast_pay_at_once() {
    let mut till = tender();
    till.now += 150;
    for key in keys("20+") {
        till.event(Event::Key(key));
    }
    assert_eq!(till.starts(), 1);
}

#[test]
fn a_bounce_is_one_press() {
    let mut till = tender();
    till.now += 5_000;
    let then = till.now;
    for late in [0, 4, 9] {
        at(&mut till, then + late, Key::Char('+'));
    }
    assert_eq!(till.starts(), 1);
    let mut till = Till::new();
    till.press("30037⏎");
    hold(&mut till, Key::Char('+'), 5, 4);
    assert_eq!(till.starts(), 0);
}

#[test]
fn a_second_press_of_the_same_key_pays_once_nothing_has_followed_it() {
    let mut till = tender();
    // 700 ms after the `+` that opened the tender.
    till.now += 200;
    till.event(Event::Key(Key::Char('+')));
    assert_eq!(till.starts(), 0, "it may be the first repeat");
    till.now = till.state.wake_at.unwrap();
    till.event(Event::Tick);
    assert_eq!(till.starts(), 1);
    // What follows it is done after it.
    let mut till = tender();
    till.now += 200;
    till.event(Event::Key(Key::Char('+')));
    till.event(Event::Key(Key::Char('7')));
    assert_eq!(till.starts(), 1);
}

#[test]
fn another_method_is_another_offer() {
    let mut till = tender();
    till.now += 1_000;
    till.event(Event::Key(Key::F(6)));
    till.now += 149;
    till.event(Event::Key(Key::Char('+')));
    assert_eq!(till.starts(), 0);
    till.press("+");
    assert_eq!(till.last().1, Call::Start("STX_1".into(), StartMethod::Cashless));
}

#[rstest]
#[case::help("<F1>")]
#[case::menu("<F10>")]
#[case::lock("<F12>")]
fn an_amount_that_was_covered_is_looked_at_again(#[case] key: &str) {
    let mut till = tender();
    till.press(key);
    assert!(!till.state.due_shown);
    let back = if key == "<F12>" { "<F12>" } else { "<Esc>" };
    till.press(back);
    till.event(Event::Key(Key::Char('+')));
    assert_eq!(till.starts(), 0);
    till.press("+");
    assert_eq!(till.starts(), 1);
}

fn terminal() -> Till {
    let mut till = tender();
    till.press("<F6> +");
    assert_eq!(till.starts(), 1);
    till
}

fn aborts(till: &Till) -> usize {
    till.calls.iter().filter(|(_, call)| matches!(call, Call::Abort(_))).count()
}

fn is_told(state: &State) -> bool {
    state.notice.is_some()
}

#[test]
fn the_key_that_dismisses_an_error_breaks_no_payment_off() {
    let mut till = terminal();
    till.press("7⏎");
    assert_eq!(till.state.notice.as_ref().unwrap().message, Message::ScanWhilePaying);
    till.press("<Right>");
    assert_eq!((is_told(&till.state), aborts(&till)), (false, 0));
    till.press("<Right>");
    assert_eq!(aborts(&till), 1);
    till.press("<Right> <Right>");
    assert_eq!(aborts(&till), 1, "one is under way");
}

#[rstest]
#[case(30, 30)]
#[case(500, 33)]
fn a_held_arrow_sends_no_second_abort(#[case] delay: u64, #[case] period: u64) {
    let mut till = terminal();
    let begin = till.now + 5_000;
    at(&mut till, begin, Key::Right);
    assert_eq!(aborts(&till), 1);
    // It is refused, and the cashier's finger is still on the key.
    till.reply(Outcome::Unknown(DownReason::Timeout));
    for n in 0..40 {
        at(&mut till, begin + delay + n * period, Key::Right);
    }
    till.now += 2_000;
    till.event(Event::Tick);
    assert_eq!(aborts(&till), 1);
}

#[test]
fn the_key_that_dismisses_an_error_gives_no_transaction_up() {
    let mut till = tender();
    till.press("20+").reply(Outcome::Unknown(DownReason::Timeout));
    for _ in 0..4 {
        while till.state.sale.pending().is_none() {
            till.now = till.state.wake_at.unwrap();
            till.event(Event::Tick);
        }
        till.reply(Outcome::Ok(Transaction {
            id: "STX_1".into(),
            status: Status::Processing,
            ..Transaction::default()
        }));
    }
    till.press("7⏎ <Right>");
    assert_eq!((is_told(&till.state), aborts(&till)), (false, 0));
    till.press("<Right>");
    assert_eq!(aborts(&till), 1);
}

/// Every key that dismisses does nothing else, and every other key dismisses nothing.
#[test]
fn dismissing_and_acting_are_two_presses_for_every_key() {
    let named = "Esc Delete Up Down Left Right PgUp PgDn Home End Insert Enter Backspace + - * / \
                 F1 F2 F3 F4 F5 F6 F7 F8 F9 F10 F11 F12 S-F1 S-F2 S-F12";
    for name in named.split_whitespace() {
        let key: Key = name.parse().unwrap();
        for overlay in [None, Some(Overlay::Confirm(Command::DiscardSale)), Some(Overlay::Help(0))]
        {
            let mut till = Till::new();
            till.press("30037⏎ 30200⏎ 99999⏎");
            till.state.overlays.extend(overlay);
            let before = till.state.clone();
            let calls = till.calls.len();
            till.now += 5_000;
            till.event(Event::Key(key));
            let left = &till.state;
            let seen = |state: &State| {
                let entry = (state.entry.text.clone(), state.entry.multiplier);
                (state.sale.clone(), state.overlays.clone(), entry, state.parked.len())
            };
            let not_found = left.notice.iter().chain(&left.more_errors);
            let told = not_found.into_iter().any(|it| matches!(it.message, Message::NotFound(_)));
            assert_eq!(told, !key.dismisses(), "{name}");
            if key.dismisses() {
                assert_eq!((seen(left), till.calls.len()), (seen(&before), calls), "{name}");
            }
        }
    }
}

/// What was refused in the tender step blocks every key that pays, until it is dismissed.
#[rstest]
fn no_key_dismisses_what_blocks_the_payment_and_pays(
    #[values("+", "<F5>", "<F6>", "<F7>", "<S-F1>", "<S-F3>")] key: &str,
) {
    let mut till = tender();
    till.press("4006381333931⏎").press(key).press(key).press(key);
    assert_eq!(till.starts(), 0);
}

#[test]
fn a_held_key_dismisses_one_error() {
    let mut till = Till::new();
    till.press("99999⏎ 88888⏎ 77777⏎");
    let begin = till.now + 5_000;
    for n in 0..20 {
        at(&mut till, begin + n * 30, Key::Esc);
    }
    assert_eq!(till.state.more_errors.len(), 1, "two are left");
}
