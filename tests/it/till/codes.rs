//! No code of any symbology pays, voids, opens the tender step, applies a card, changes a quantity
//! or adds another article, on any screen: at a scanner's own speed, without identifiers.

use kasse::till::{Event, Key, Level, Message, Overlay, Step};
use proptest::prelude::*;

use crate::sim::rng::Rng;
use crate::till::codes_kit::{
    Before, HOLD, Run, SYMBOLOGIES, at_screen, code_of, is_typing, screens, shop,
};
use crate::till::kit::{CARD, Till};
use crate::till::scanner::SCREENS;

const TERMINATORS: &[&[Key]] =
    &[&[Key::Enter], &[Key::LineFeed], &[Key::Enter, Key::LineFeed], &[Key::Enter, Key::Enter]];

/// The code's keys, `gap` ms apart.
fn typed(code: &str, terminator: &[Key], from: u64, gap: u64) -> Vec<(Key, u64)> {
    let keys = code.chars().map(Key::Char).chain(terminator.iter().copied());
    keys.zip(0..).map(|(key, index)| (key, from + index * gap)).collect()
}

#[test]
fn every_symbology_on_every_screen_at_a_scanners_speed() {
    let settings = shop(HOLD);
    let mut rng = Rng::new(1);
    for (name, till) in screens() {
        for symbology in SYMBOLOGIES {
            for round in 0..16_usize {
                let code = code_of(symbology, &mut rng);
                let mut run = Run::new(till.state.clone(), &settings);
                if round % 2 == 0 {
                    run.event(Event::Printed(Err("paper".to_owned())), till.now);
                }
                let before = Before::of(&run.state);
                let notice = run.state.notice.clone();
                let gap = rng.between(0, 8);
                let terminator = TERMINATORS[round % TERMINATORS.len()];
                run.keys(typed(&code, terminator, till.now + 100, gap));
                run.pass(till.now + 5_000);
                let slip = before.slip(&run, &code);
                assert_eq!(slip, None, "{code:?} ({}) on {name}", symbology.0);
                if notice.is_some_and(|notice| notice.level == Level::Error) {
                    let still = run.state.notice.as_ref().map(|notice| notice.level);
                    assert_eq!(still, Some(Level::Error), "{code:?} on {name}");
                }
                let entry = &run.state.entry;
                assert!(entry.held.is_none() && entry.text.is_empty(), "{code:?} on {name}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(800))]

    /// Any printable text, also one that is no code of any symbology.
    #[test]
    fn any_text_on_any_screen(
        code in "[ -~]{1,40}",
        screen in 0..SCREENS.len(),
        gap in 0..HOLD,
        terminator in 0..TERMINATORS.len(),
    ) {
        prop_assume!(!is_typing(&code) && !code.trim().is_empty());
        let settings = shop(HOLD);
        let till = at_screen(&SCREENS[screen]);
        let mut run = Run::new(till.state, &settings);
        let before = Before::of(&run.state);
        run.keys(typed(&code, TERMINATORS[terminator], till.now + 100, gap));
        run.pass(till.now + 9_000);
        prop_assert_eq!(before.slip(&run, &code), None, "on {}", SCREENS[screen].0);
    }
}

/// A till with the hold, past its beginning.
fn till() -> Till {
    let mut till = Till::with(shop(HOLD));
    till.now = 1_000;
    till
}

impl Till {
    /// Keys `gap` ms apart, and ticks when they are due.
    fn at_pace(&mut self, script: &str, gap: u64) -> &mut Self {
        for key in crate::till::kit::keys(script) {
            let then = self.now + gap;
            self.wait_until(then);
            self.event(Event::Key(key));
        }
        self
    }

    fn wait_until(&mut self, then: u64) {
        if let Some(due) =
            self.state.entry.held.as_ref().map(|held| held.due).filter(|d| *d <= then)
        {
            self.now = due;
            self.event(Event::Tick);
        }
        self.now = then;
    }

    /// A pause as between two things that a person does.
    fn pause(&mut self) -> &mut Self {
        self.wait_until(self.now + 1_000);
        self
    }

    fn quantities(&self) -> Vec<i64> {
        self.state.sale.basket.lines().iter().map(|line| line.quantity).collect()
    }
}

#[test]
fn a_pharmacy_code_adds_its_article_and_voids_nothing() {
    for code in ["-03161577⏎", "*-03161577*⏎", "-3161577⏎", "03161577⏎", "]A0-03161577⏎"]
    {
        let mut till = till();
        till.at_pace("51⏎", 5).pause().at_pace(code, 5).pause();
        assert_eq!(till.quantities(), [1, 1], "{code}");
        assert_eq!(till.state.sale.basket.lines()[1].name, "Drops", "{code}");
        assert_eq!(till.state.sale.basket.voided().len(), 0, "{code}");
    }
}

#[test]
fn an_unknown_pharmacy_code_is_an_error_and_nothing_else() {
    let mut till = till();
    till.at_pace("51⏎", 5).pause().at_pace("-27580899⏎", 5).pause();
    assert_eq!(till.quantities(), [1]);
    let notice = till.state.notice.clone().unwrap();
    assert_eq!(notice.message, Message::NotFound("-27580899".to_owned()));
}

#[test]
fn an_element_string_with_a_sign_adds_no_rest_of_it() {
    for hold in [0, HOLD] {
        let mut till = till();
        till.settings.key_hold = hold;
        till.at_pace("010400638133393221305-51⏎", 5).pause();
        assert_eq!(till.quantities(), [] as [i64; 0], "{hold}");
        till.at_pace("010400638133393121305-51⏎", 5).pause();
        assert_eq!(till.quantities(), [1], "{hold}");
        assert_eq!(till.state.sale.basket.lines()[0].name, "Pen");
    }
}

#[test]
fn a_quantity_before_a_sign_is_typing_at_any_pace() {
    for gap in [0, 1, 20, 59, 60, 150, 2_000] {
        for (script, quantity) in [("3*51⏎", 3), ("1-51⏎", -1), ("200*51⏎", 200), ("9-30037⏎", -9)]
        {
            let mut till = till();
            till.at_pace(script, gap).pause();
            assert_eq!(till.quantities(), [quantity], "{script} at {gap} ms");
        }
    }
}

/// `NotAQuantity` says that nothing was added: so nothing is, also not what stands behind the sign.
#[test]
fn what_is_no_quantity_adds_nothing() {
    for gap in [0, 5, 500] {
        for script in ["1000*51⏎", "0*51⏎", "1,5*51⏎", "1000-51⏎", "4006381333931*7⏎"] {
            let mut till = till();
            till.at_pace(script, gap).pause();
            assert_eq!(till.quantities(), [] as [i64; 0], "{script}");
            assert_eq!(
                till.state.notice.as_ref().unwrap().message,
                Message::NotAQuantity,
                "{script}"
            );
            assert_eq!(till.state.entry.multiplier, None);
        }
    }
}

#[test]
fn signs_typed_by_a_person_act_when_the_hold_is_over() {
    let mut till = till();
    till.at_pace("51⏎ 7⏎", 150).pause().at_pace("-", 150);
    assert_eq!(till.state.sale.basket.voided().len(), 0);
    assert_eq!(till.state.wake_at, Some(till.now + HOLD));
    till.pause();
    assert_eq!(till.state.sale.basket.voided().len(), 1);
    till.at_pace("+", 150).pause().copied();
    assert!(matches!(till.state.sale.step, Step::Tender(_)));
    till.at_pace("20+", 90).pause();
    assert_eq!(till.starts(), 1);
}

#[test]
fn signs_typed_ahead_of_a_stalled_line_act_in_their_order() {
    let mut till = till();
    till.at_pace("51⏎", 150).pause().at_pace("+", 150).pause().copied();
    // The amount due is looked at before the line stalls.
    till.now += 150;
    till.at_pace("20+", 0);
    assert_eq!(till.starts(), 0);
    till.pause();
    assert_eq!(till.starts(), 1);
    let mut till = self::till();
    till.at_pace("51⏎ 7⏎", 150).pause().at_pace("--", 0).pause();
    assert_eq!(till.state.sale.basket.voided().len(), 2);
    // The amount that `+` leads to has not been seen.
    let mut till = self::till();
    till.at_pace("51⏎", 150).pause().at_pace("+20+", 0).pause().copied();
    assert_eq!(till.starts(), 0);
    assert!(matches!(till.state.sale.step, Step::Tender(_)));
}

#[test]
fn a_key_pressed_before_the_amount_was_there_does_not_pay_it() {
    let mut till = till();
    till.at_pace("51⏎", 150).pause().at_pace("+", 150).pause();
    till.at_pace("+", 10);
    till.copied();
    assert!(matches!(till.state.sale.step, Step::Tender(_)));
    till.pause();
    assert_eq!(till.starts(), 0);
    till.at_pace("+", 10).pause();
    assert_eq!(till.starts(), 1);
}

#[test]
fn a_sign_that_is_held_down_counts_once() {
    let mut till = till();
    till.at_pace("51⏎ 7⏎ 30037⏎", 150).pause().at_pace(&"-".repeat(30), 33).pause();
    assert_eq!(till.state.sale.basket.voided().len(), 1);
    let mut till = self::till();
    till.at_pace("51⏎", 150).pause().at_pace(&"+".repeat(30), 33).pause().copied();
    assert_eq!(till.starts(), 0);
    assert!(matches!(till.state.sale.step, Step::Tender(_)));
}

#[test]
fn a_code_cut_behind_its_beginning_waits_for_its_end() {
    let mut till = till();
    till.at_pace("51⏎", 5).pause().at_pace("-0316", 5).pause();
    assert_eq!(till.state.sale.basket.voided().len(), 0);
    till.at_pace("1577⏎", 5).pause();
    assert_eq!(till.quantities(), [1, 1]);
}

#[test]
fn function_keys_and_digits_are_never_held() {
    let mut till = till();
    till.at_pace("51⏎", 150).at_pace(CARD, 1).at_pace("⏎", 1).copied().at_pace("15 <F4>", 0);
    assert_eq!(till.quantities(), [1, 1]);
    assert!(till.state.entry.held.is_none());
    // What is held acts before it.
    till.at_pace("-<F1>", 1);
    assert_eq!(till.state.sale.basket.voided().len(), 1);
    assert!(matches!(till.state.overlays.last(), Some(Overlay::Help(_))));
}

#[test]
fn without_a_hold_signs_act_at_once() {
    let mut till = till();
    till.settings.key_hold = 0;
    till.at_pace("51⏎-", 0);
    assert_eq!(till.state.sale.basket.voided().len(), 1);
}

#[test]
fn a_scan_while_an_error_stands_is_read() {
    let mut till = till();
    till.at_pace("99999⏎", 5).pause().at_pace("-03161577⏎", 5).pause();
    assert_eq!(till.quantities(), [1]);
    assert_eq!(till.state.notice.as_ref().unwrap().message, Message::NotFound("99999".to_owned()));
}

/// Words find commands in the menu; a scan of them leads to no payment.
#[test]
fn a_scan_on_the_menu_asks_before_it_leads_to_a_payment() {
    for words in ["total", "subtotal", "cash", "cashless", "loyalty"] {
        let mut till = till();
        till.at_pace("51⏎", 150).at_pace("<F10>", 150).pause().at_pace(words, 5).at_pace("⏎", 5);
        till.pause();
        assert!(matches!(till.state.sale.step, Step::Basket(None)), "{words}");
        assert!(matches!(till.state.overlays.last(), Some(Overlay::Confirm(_))), "{words}");
    }
}

#[test]
fn keys_that_waited_in_a_busy_loop_are_judged_by_their_arrival() {
    let mut till = till();
    till.at_pace("51⏎", 5).pause();
    // An answer is applied later than the keys behind it arrived.
    let arrived = till.now;
    till.event(Event::Key(Key::Char('-')));
    till.now = arrived + 700;
    till.event(Event::Printed(Ok(())));
    for (key, after) in crate::till::kit::keys("03161577⏎").into_iter().zip(1..) {
        till.now = arrived + 5 * after;
        till.event(Event::Key(key));
        assert_eq!(till.state.now, arrived + 700, "the clock does not go back");
    }
    assert_eq!(till.quantities(), [1, 1]);
}
