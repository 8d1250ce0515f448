//! Scenes of a till that is not paired yet, and what its screen must show.

use kasse::lang::Lang;
use kasse::till::{
    Entry, Level, Message, NextPoll, NextQuestion, Notice, Overlay, Pairing, State, Waiting,
};
use kasse::ui::{Theme, as_text};
use kasse::wire::{ApiError, DeviceCode, DownReason};

use crate::ui::kit::{Scene, Shop, applied_scene, empty, inquiry, scene};

const MINUTE: u64 = 60_000;

/// A code with 20 minutes to live, 7 minutes and a bit of them gone.
pub fn waiting(address: &str) -> Waiting {
    let since = empty().now;
    Waiting {
        code: DeviceCode {
            user_code: "aa63q9k9".to_owned(),
            address: address.to_owned(),
            lives: 20 * MINUTE,
            interval: 5_000,
        },
        since,
        until: since + 20 * MINUTE,
        interval: 5_000,
        next: NextPoll::At(since + 7 * MINUTE + 15_000),
        trouble: None,
    }
}

fn on(mut state: State, pairing: Pairing) -> State {
    state.now += 7 * MINUTE + 10_000;
    state.pairing = Some(pairing);
    state.overlays.insert(0, Overlay::Pairing);
    state
}

pub fn scenes() -> Vec<Scene> {
    let usual = || Pairing::Waiting(waiting("http://www.secuoffice.com"));
    let other = |address: &str| on(empty(), Pairing::Waiting(waiting(address)));
    let refused = ApiError {
        http: 401,
        name: "invalid_device".to_owned(),
        details: "device with given uuid not configured".to_owned(),
        ..ApiError::default()
    };
    vec![
        ("pairing", on(empty(), usual())),
        ("pairing_asking", on(empty(), Pairing::Asking(kasse::till::CallId(2)))),
        ("pairing_trouble", {
            let trouble = Some((2, DownReason::NoConnection));
            on(
                empty(),
                Pairing::Waiting(Waiting { trouble, ..waiting("http://www.secuoffice.com") }),
            )
        }),
        ("pairing_last_minute", {
            let mut state = on(empty(), usual());
            state.now += 12 * MINUTE + 30_000;
            state
        }),
        ("pairing_expired", on(empty(), Pairing::Expired)),
        ("pairing_refused", on(empty(), Pairing::Refused(refused))),
        ("pairing_unheard", on(empty(), Pairing::Unheard(DownReason::Timeout))),
        ("pairing_no_address", other("")),
        ("pairing_odd_address", other("javascript:alert(1)")),
        ("pairing_long_address", other(&format!("https://pair.example/{}", "x".repeat(170)))),
        ("pairing_applied", on(applied_scene(), usual())),
        ("pairing_unknown", on(inquiry(1, NextQuestion::At(900_000)), usual())),
        ("pairing_aside", {
            let mut state = on(applied_scene(), usual());
            state.overlays.clear();
            state.notice = Some(Notice { level: Level::Info, message: Message::PairingAside });
            state
        }),
        ("pairing_typed", {
            let mut state = on(empty(), usual());
            state.entry = Entry { text: "4006".to_owned(), ..Entry::default() };
            state
        }),
    ]
}

fn text(name: &str, lang: Lang, theme: Theme, (width, height): (u16, u16)) -> String {
    as_text(&scene(name), &Shop::new(lang, theme).view(), width, height)
}

#[test]
fn code_address_and_time_are_on_every_usable_screen() {
    for size in [(120, 40), (80, 24), (60, 18), (40, 12)] {
        for theme in [Theme::dark(), Theme::mono().ascii(true)] {
            let screen = text("pairing", Lang::En, theme, size);
            for part in ["aa63q9k9", "http://www.secuoffice.com", "valid for 12 min"] {
                assert!(screen.contains(part), "{part} at {size:?}\n{screen}");
            }
        }
        let screen = text("pairing_expired", Lang::De, Theme::dark(), size);
        assert!(screen.contains("Enter"), "{screen}");
    }
}

#[test]
fn the_qr_code_stands_where_there_is_room_and_only_for_web_addresses() {
    // A finder's corner; nothing else on these screens looks like it.
    let shows = |screen: &str| screen.contains("█ ▄▄▄▄▄ █");
    for size in [(120, 40), (80, 24)] {
        assert!(shows(&text("pairing", Lang::De, Theme::dark(), size)));
        assert!(shows(&text("pairing", Lang::De, Theme::mono(), size)));
        assert!(!shows(&text("pairing", Lang::De, Theme::dark().ascii(true), size)));
        for name in ["pairing_no_address", "pairing_odd_address", "pairing_expired"] {
            assert!(!shows(&text(name, Lang::En, Theme::dark(), size)), "{name}");
        }
    }
    for size in [(60, 18), (40, 12)] {
        assert!(!shows(&text("pairing", Lang::En, Theme::dark(), size)));
    }
}

#[test]
fn an_unknown_payment_is_not_forgotten_behind_the_code() {
    for size in [(120, 40), (80, 24)] {
        let screen = text("pairing_unknown", Lang::En, Theme::dark(), size);
        assert!(screen.contains("do not charge again"), "{screen}");
    }
}

#[test]
fn put_away_the_code_stays_in_the_header() {
    let screen = text("pairing_aside", Lang::En, Theme::dark(), (80, 24));
    assert!(screen.lines().next().unwrap().contains("not paired: aa63q9k9"), "{screen}");
    assert!(screen.contains("Sandwich Romano"), "{screen}");
}
