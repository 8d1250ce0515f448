//! Everything a scanner or a card reader sends, on every screen: it never pays, never dismisses an
//! error, never confirms, never cancels.
//!
//! Covered are all codes that tills meet: digits of every length, letters and signs in any order,
//! swipes, and any content behind a symbology identifier, without a look at the clock. Codes without
//! an identifier in which one of the signs `+ - * /` comes before any letter are in `till_codes`.

use kasse::till::{Call, Command, Effect, Ending, Event, Key, Level, Overlay, Pairing, Step};
use kasse::wire::{DownReason, Outcome, Status};
use proptest::prelude::*;

use crate::till::kit::{CARD, Till};
use crate::ui::pairing::waiting;

/// Brings a till to a screen.
pub type Screen = (&'static str, fn() -> Till);

fn basket() -> Till {
    let mut till = Till::new();
    till.press("30037⏎ 2*51⏎");
    till
}

fn tender() -> Till {
    let mut till = basket();
    till.press("+").copied();
    till
}

fn paying() -> Till {
    let mut till = tender();
    till.press("20+");
    till
}

fn unknown() -> Till {
    let mut till = paying();
    till.reply(Outcome::Unknown(DownReason::Timeout));
    till
}

fn done() -> Till {
    let mut till = paying();
    till.started(Status::Ok);
    till
}

fn with(mut till: Till, script: &str) -> Till {
    till.press(script);
    till
}

pub const SCREENS: &[Screen] = &[
    ("empty", Till::new),
    ("basket", basket),
    ("creating", || with(basket(), "9276004424644352⏎")),
    ("card", || with(with(basket(), "9276004424644352⏎").copied_again(), "")),
    ("applied", || {
        let mut till = Till::new();
        till.applied();
        till
    }),
    ("half an entry", || with(basket(), "12")),
    ("multiplier", || with(basket(), "3*")),
    ("return", || with(basket(), "2-")),
    ("tender", tender),
    ("tender with an amount", || with(tender(), "20")),
    ("tender cashless", || with(with(basket(), "<F6>").copied_again(), "")),
    ("paying", paying),
    ("unknown", unknown),
    ("done", done),
    ("help", || with(basket(), "<F1>")),
    ("help over tender", || with(tender(), "<F1>")),
    ("menu", || with(basket(), "<F10>")),
    ("menu over tender", || with(tender(), "<F10>")),
    ("menu over unknown", || with(unknown(), "<F10>")),
    ("search", || with(basket(), "<F2>")),
    ("search chosen", || with(basket(), "<F2> <Down>")),
    ("search by words", || with(basket(), "wa")),
    ("card look-up", || with(basket(), "9276004424644352 <F3>")),
    ("history", || with(done(), "<F11>")),
    ("receipt", || with(done(), "<F11> ⏎")),
    ("parked", || with(done(), "7⏎ <F9> <F9>")),
    ("locked", || with(basket(), "<F12>")),
    ("locked over tender", || with(tender(), "<F12>")),
    ("pairing", || pairing(Till::new())),
    ("pairing over a basket", || pairing(basket())),
    ("pairing over a payment", || pairing(tender())),
    ("pairing expired", || {
        let mut till = pairing(basket());
        till.state.pairing = Some(Pairing::Expired);
        till
    }),
    ("asked to quit", || overlay(basket(), Command::Quit)),
    ("asked to discard", || overlay(basket(), Command::DiscardSale)),
    ("asked to void", || overlay(basket(), Command::VoidLine)),
    ("asked to quit over tender", || overlay(tender(), Command::Quit)),
];

fn pairing(mut till: Till) -> Till {
    till.state.pairing = Some(Pairing::Waiting(waiting("http://www.secuoffice.com")));
    till.state.overlays.push(Overlay::Pairing);
    till
}

fn overlay(mut till: Till, command: Command) -> Till {
    till.state.overlays.push(Overlay::Confirm(command));
    till
}

impl Till {
    fn copied_again(mut self) -> Self {
        self.copied();
        self
    }
}

/// Feeds `code` and a terminator and checks what must hold.
fn scan(name: &str, make: fn() -> Till, code: &str, terminator: &[Key], error_first: bool) {
    let mut till = make();
    if error_first {
        till.event(Event::Printed(Err("paper".to_owned())));
    }
    let locked = matches!(till.state.overlays.last(), Some(Overlay::Locked));
    let (starts, lines) = (till.starts(), till.state.sale.basket.lines().len());
    let voided = till.state.sale.basket.voided().len();
    let reference = till.state.sale.reference.clone();
    let calls = till.calls.len();
    let effects = till.effects.len();
    let before = std::mem::discriminant(&till.state.sale.step);
    let finished = matches!(till.state.sale.step, Step::Done(_));
    for c in code.chars() {
        till.event(Event::Key(Key::Char(c)));
    }
    for key in terminator {
        till.event(Event::Key(*key));
    }
    let what = format!("{code:?} on {name}");
    assert_eq!(till.starts(), starts, "{what} paid");
    let cancels = |call: &Call| matches!(call, Call::Abort(_));
    assert!(!till.calls[calls..].iter().any(|(_, call)| cancels(call)), "{what} cancelled");
    assert!(
        !till.effects[effects..].iter().any(|effect| matches!(
            effect,
            Effect::Quit(Ending::Asked | Ending::AccountRefused(_))
        )),
        "{what} ended the program"
    );
    if error_first && !locked {
        let notice = till.state.notice.as_ref().expect("the error was dismissed");
        assert_eq!(notice.level, Level::Error, "{what} dismissed an error");
    }
    assert_eq!(locked, matches!(till.state.overlays.last(), Some(Overlay::Locked)), "{what}");
    if !finished {
        assert_eq!(till.state.sale.reference, reference, "{what} replaced the sale");
        assert_eq!(std::mem::discriminant(&till.state.sale.step), before, "{what} left the step");
        assert!(till.state.sale.basket.lines().len() >= lines, "{what} took lines away");
        assert_eq!(till.state.sale.basket.voided().len(), voided, "{what} voided");
    }
    assert!(till.state.entry.text.is_empty(), "{what} left {:?} behind", till.state.entry.text);
}

const TERMINATORS: &[&[Key]] = &[&[Key::Enter], &[Key::LineFeed], &[Key::Enter, Key::LineFeed]];

/// Codes of every kind; the first field of the catalogue's articles is among them.
fn codes() -> Vec<String> {
    let mut codes: Vec<String> = [
        "30037",
        "51",
        "7",
        "4006381333931",
        "4006381333932",
        "4999012345678",
        "96385074",
        "96385075",
        "036000291452",
        "10012345000017",
        "400638133393112",
        "400638133393112345",
        "2112345678900",
        "0212345678900",
        "]E04006381333931",
        "]C10104006381333931\u{1d}2112",
        "]C0+20+",
        "]Q1https://example.org/?a=b+c/d*e-f",
        "]d2010400638133393117261231",
        "9276004424644352",
        "9276004429942845",
        ";9276004424644352=2512101?",
        "ö9276004424644352´2512101_",
        "%B9276004424644352^A/B+C^2512?;9276004424644352=25?",
        "4111111111111111",
        ";4111111111111111=2512?",
        "%B4111111111111111^DOE/J^2512?",
        ";?",
        "%",
        "1234567",
        "123456789",
        "1234567890",
        "12345678901",
        "1,5",
        "0",
        "00",
        "000000",
        "999999",
        "AB-12",
        "CASH",
        "PAY+20+",
        "TOTAL",
        "QUIT",
        "VOID",
        "DISCARD SALE",
        "Y",
        "YES",
        "OK",
        "A/B*C+D-E",
        "$12.50",
        "öl",
        "ö9",
        "12A+",
        "http://example.org/+/-*",
        "((+))",
        "\"+\"",
    ]
    .map(str::to_owned)
    .to_vec();
    codes.push("9".repeat(500));
    codes.push(format!("]C0{}", "+".repeat(500)));
    codes.push("x+".repeat(300));
    codes
}

#[test]
fn every_kind_of_code_on_every_screen() {
    for (name, make) in SCREENS {
        for code in codes() {
            for terminator in TERMINATORS {
                for error_first in [false, true] {
                    scan(name, *make, &code, terminator, error_first);
                }
            }
        }
    }
}

#[test]
fn every_number_of_up_to_three_digits_on_every_screen() {
    for (name, make) in SCREENS {
        for number in 0..1_000 {
            scan(name, *make, &number.to_string(), &[Key::Enter], number % 2 == 0);
        }
    }
}

#[test]
fn a_code_that_could_name_every_menu_entry_only_opens_what_pays_nothing() {
    // Behind an opened menu, words filter it: the scanner's Enter must not pay or cancel there.
    let titles: Vec<&str> = kasse::till::COMMANDS.iter().map(|row| row.name).collect();
    for (name, make) in SCREENS.iter().filter(|(name, _)| name.starts_with("menu")) {
        for title in &titles {
            let mut till = make();
            let (starts, calls) = (till.starts(), till.calls.len());
            let voided = till.state.sale.basket.voided().len();
            for c in title.replace('_', " ").chars() {
                till.event(Event::Key(Key::Char(c)));
            }
            till.event(Event::Key(Key::Enter));
            assert_eq!(till.starts(), starts, "{title} on {name}");
            assert!(!till.calls[calls..].iter().any(|(_, c)| matches!(c, Call::Abort(_))));
            assert_eq!(till.state.sale.basket.voided().len(), voided, "{title} on {name}");
            assert!(!till.effects.iter().any(|e| matches!(e, Effect::Quit(_))), "{title}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Any text whose first sign is not one of the pad's, on any screen but an open menu.
    #[test]
    fn any_code_on_any_screen(
        digits in "[0-9]{0,6}",
        first in "[A-Za-z%;!#$&'():<=>?@^_`{|}~\"\\\\\\[]",
        rest in "[ -~]{0,40}",
        screen in 0..SCREENS.len(),
        error_first: bool,
    ) {
        let (name, make) = SCREENS[screen];
        if !name.starts_with("menu") && !name.starts_with("search") {
            let code = format!("{digits}{first}{rest}");
            scan(name, make, &code, &[Key::Enter], error_first);
        }
    }

    /// Any text behind a symbology identifier, on any screen.
    #[test]
    fn any_identified_code_on_any_screen(
        rest in "[ -~]{0,60}",
        screen in 0..SCREENS.len(),
        error_first: bool,
    ) {
        let (name, make) = SCREENS[screen];
        if !matches!(name, "half an entry" | "tender with an amount" | "search by words") {
            scan(name, make, &format!("]C0{rest}"), &[Key::Enter], error_first);
        }
    }

    /// However the bytes of a sale are cut into reads, the basket is the same.
    #[test]
    fn any_split_of_the_stream_gives_the_same_basket(cuts in prop::collection::vec(1..9_usize, 0..60)) {
        let stream = format!("30037\r30200\n2*51\r\n4006381333931\t]E04006381333931\r{CARD}\r");
        let mut till = Till::new();
        let mut decoder = kasse::terminal::Decoder::default();
        let (mut keys, mut bytes, mut cuts) = (Vec::new(), stream.as_bytes(), cuts.into_iter());
        while !bytes.is_empty() {
            let (chunk, rest) = bytes.split_at(cuts.next().unwrap_or(7).min(bytes.len()));
            decoder.feed(chunk, &mut keys);
            bytes = rest;
        }
        for key in keys {
            till.event(Event::Key(key));
        }
        prop_assert_eq!(till.state.sale.basket.lines().len(), 5);
        prop_assert_eq!(till.state.sale.basket.sum().minor(), 349 + 249 + 198 + 150 + 150);
        prop_assert_eq!(till.calls.len(), 1);
    }
}
