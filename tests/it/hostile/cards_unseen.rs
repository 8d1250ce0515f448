//! A number that passes for a bank card is shown nowhere, kept nowhere and sent nowhere, however it
//! is framed; a loyalty card's number in the same framing is the card.

use kasse::lang::Lang;
use kasse::receipt::Profile;
use kasse::recording::{Head, Recorder};
use kasse::till::{Call, Event, Key, Message, Overlay};
use kasse::ui::{self, Theme, View};

use crate::journeys::recordings::Tape;
use crate::till::codes_kit::{HOLD, shop};
use crate::till::kit::{CARD, Till};

/// Where the number stands.
const FRAMES: [&str; 22] = [
    "#",
    "#=25121010000012345",
    "#^DOE/JANE^25121010000012345",
    "# 25121010000012345",
    "#´25121010000012345",
    "#`2512101",
    "#'2512101",
    "B#^DOE/JANE^2512101",
    "b#^doe/jane^2512101",
    ";#=2512101?",
    "%B#^DOE/JANE^2512101?",
    "ö#´2512101_",
    "+01#=2512101=1?",
    "#2512101",
    "]C021#",
    "\u{1d}10ABC\u{1d}21#",
    "(10)ABC(21)#",
    "https://example.org/pay?card=#",
    "card #",
    "x # y",
    "*#*",
    "12-#",
];

const NUMBERS: [&str; 3] = ["4111111111111111", "5500005555555559", "378282246310005"];

fn screen(till: &Till) -> String {
    let (theme, profile) = (Theme::dark(), Profile::default());
    let view = View { settings: &till.settings, lang: Lang::En, theme: &theme, profile: &profile };
    ui::as_text(&till.state, &view, 100, 30)
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

fn till(script: &str) -> Till {
    let mut till = Till::new();
    till.press("30037⏎ 51⏎").press(script);
    if script.contains('+') {
        till.copied();
    }
    till.settings = shop(HOLD);
    till.now = 10_000;
    till
}

/// Types `line` at a scanner's pace; `seen` gets every screen.
fn types(till: &mut Till, line: &str, mut seen: impl FnMut(&mut Till, Event)) {
    for key in line.chars().map(Key::Char).chain([Key::Enter]) {
        till.now += 3;
        seen(till, Event::Key(key));
    }
    till.now += 1_000;
    if till.state.wake_at.is_some_and(|due| due <= till.now) {
        seen(till, Event::Tick);
    }
}

#[test]
fn a_bank_card_is_never_shown_kept_or_sent() {
    for start in ["", "+", "<F1>", "<F2>", "<F10>", "␣transactions⏎", "12", "wa"] {
        for number in NUMBERS {
            // Every number in a third of the frames: each of them on every screen.
            for (_, frame) in (0..).zip(FRAMES).filter(|(at, _)| NUMBERS[at % 3] == number) {
                let line = frame.replace('#', number);
                let mut till = till(start);
                let tape = Tape::default();
                let head = Head::new("2026-01-01T00:00:00Z".to_owned(), &till.settings, (80, 24));
                let (settings, out) = (till.settings.clone(), Box::new(tape.clone()));
                let mut recorder = Recorder::begin(out, &head, &settings, &till.state).unwrap();
                let calls = till.calls.len();
                // Thirteen digits may be goods: so many are seen while they are typed.
                let secret = &number[..14];
                types(&mut till, &line, |till, event| {
                    let before = recorder.before(&event, &till.state);
                    till.event(event);
                    recorder.after(before, &till.state);
                    for row in screen(till).lines() {
                        assert!(!digits(row).contains(secret), "{line} on {start:?}:\n{row}");
                    }
                });
                drop(recorder);
                let tape = tape.text();
                assert!(!tape.contains(secret), "{line} on {start:?}");
                let typed: String = tape
                    .lines()
                    .filter_map(|line| line.split_once(r#""Char":""#)?.1.chars().next())
                    .collect();
                assert!(!typed.contains(number) || number == NUMBERS[0], "{line}: {typed}");
                assert!(!typed.contains("DOE") && !typed.contains("doe"), "{line}: {typed}");
                let state = serde_json::to_string(&till.state).unwrap();
                assert!(!state.contains(secret), "{line} on {start:?}");
                for (_, call) in &till.calls[calls..] {
                    assert!(!digits(&format!("{call:?}")).contains(secret), "{call:?}");
                    assert!(!matches!(call, Call::List(..)), "{line} on {start:?}");
                }
                assert_eq!(till.state.sale.basket.lines().len(), 2, "{line} on {start:?}");
            }
        }
    }
}

#[test]
fn a_track_without_sentinels_is_a_bank_card_by_name() {
    for frame in ["#=25121010000012345", "#^DOE/JANE^2512", "# 2512", "#´2512", "B#^DOE/JANE^2512"]
    {
        let mut till = till("");
        types(&mut till, &frame.replace('#', NUMBERS[0]), Till::event);
        assert_eq!(till.state.notice.as_ref().unwrap().message, Message::BankCard, "{frame}");
    }
}

#[test]
fn a_loyalty_card_in_the_same_framing_is_the_card() {
    for frame in [
        "#=25121010000012345",
        "#^DOE/JANE^25121010000012345",
        "# 2512101",
        "#´2512101",
        "#`2512101",
        "#'2512101",
        "#2512101",
        "B#^DOE/JANE^2512101",
        "+01#=2512101=1?",
        ";#=2512101?",
        "*#*",
    ] {
        let mut till = till("");
        types(&mut till, &frame.replace('#', CARD), Till::event);
        let card = till.state.sale.card.as_ref().and_then(|card| card.number());
        assert_eq!(card.map(kasse::shop::CardNumber::reveal), Some(CARD), "{frame}");
    }
}

#[test]
fn an_error_masks_what_may_be_a_loyalty_card() {
    let mut till = till("<F2>");
    types(&mut till, "x 92760044246443521", Till::event);
    let Message::NoHits(words) = &till.state.notice.as_ref().unwrap().message else {
        panic!("{:?}", till.state)
    };
    assert!(!words.contains("00442464"), "{words}");
    assert!(!matches!(till.state.overlays.last(), Some(Overlay::Search(_))));
}
