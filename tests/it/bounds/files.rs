//! Configurations, fixtures, recordings and exports: work in proportion to their length.

use std::fmt::Write as _;
use std::io::{Cursor, Write};
use std::sync::{Arc, Mutex};

use kasse::config::{File, Sources, load};
use kasse::exchange::{Body, Exchange, Progress, script};
use kasse::recording::{Head, Player, Recorder};
use kasse::sandbox::{Fixtures, Ledger};
use kasse::shop::demo_catalogue;
use kasse::till::{Event, Key, ServerKind, Settings, State, update};
use rstest::rstest;

use crate::bounds::kit::is_linear;

#[rstest]
#[case::unknown_keys("", "key{} = 1\n")]
#[case::unknown_keys_of_a_section("[sale]\n", "key{} = 1\n")]
#[case::unknown_sections("", "[section{}]\nx = 1\n")]
#[case::a_list_of_wrong_values("sandbox.faults = [\n", "'x{}',\n")]
fn configurations_take_time_in_proportion(#[case] head: &str, #[case] line: &str) {
    let make = |size: usize| {
        let lines = (0..size).map(|number| line.replace("{}", &number.to_string()));
        let text = head.to_owned() + &lines.collect::<String>();
        let text = if head.ends_with("[\n") { text + "]\n" } else { text };
        let file = File { path: "/etc/kasse.toml".into(), text, mode: Some(0o600) };
        Sources { file: Some(file), ..Sources::default() }
    };
    is_linear("lines", 500, make, |sources| drop(load(sources)));
}

#[rstest]
#[case::cards("cards", r#"{ "number": "92760{}" }"#)]
#[case::cards_that_are_none("cards", r#"{ "number": "x{}" }"#)]
#[case::sales(
    "sales",
    r#"{ "id": "STX_{}", "card": "1", "items": [{ "desc": "x", "price_one": 1 }] }"#
)]
#[case::check_ins("checkins", r#"{ "id": "CKI_{}", "name": "x" }"#)]
fn fixtures_take_time_in_proportion(#[case] list: &str, #[case] entry: &str) {
    let make = |size: usize| {
        let entries: Vec<_> = (0..size).map(|n| entry.replace("{}", &n.to_string())).collect();
        format!("{{ \"{list}\": [{}] }}", entries.join(",\n"))
    };
    is_linear("entries", 200, make, |text| {
        if let Ok(fixtures) = Fixtures::read(text) {
            drop(Ledger::new(fixtures, 1));
        }
    });
}

#[test]
fn of_many_wrong_fixtures_the_first_thousand_are_named() {
    let text = format!("{{ \"cards\": [7{}] }}", ",7".repeat(4_999));
    let told = Fixtures::read(&text).unwrap_err().to_string();
    assert_eq!(told.lines().count(), 1_001);
    assert!(told.ends_with("\ncards[999]: expected an object\nand 4000 more"), "{told}");
}

/// A file in memory.
#[derive(Clone, Default)]
struct Tape(Arc<Mutex<Vec<u8>>>);

impl Write for Tape {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn settings() -> Settings {
    Settings { catalogue: demo_catalogue(), ..Settings::default() }
}

/// A recording of so many articles typed in.
fn recorded(articles: usize, settings: &Settings) -> Vec<u8> {
    let tape = Tape::default();
    let mut state = State::new("test", ServerKind::Sandbox, 0);
    let head = Head::new("2026-01-01T00:00:00Z".to_owned(), settings, (80, 24));
    let mut recorder = Recorder::begin(Box::new(tape.clone()), &head, settings, &state).unwrap();
    // The same article voided again, so that the basket does not grow.
    let keys = [Key::Char('5'), Key::Char('1'), Key::Enter, Key::F(8)];
    for (now, key) in (0_u64..).zip(keys.iter().cycle().take(articles * keys.len())) {
        let event = Event::Key(*key);
        let before = recorder.before(&event, &state);
        drop(update(&mut state, event, now * 100, settings));
        recorder.after(before, &state);
    }
    drop(recorder);
    let bytes = tape.0.lock().unwrap();
    bytes.clone()
}

#[test]
fn recordings_are_written_and_played_in_time_in_proportion() {
    let settings = settings();
    is_linear("written", 200, |size| size, |size| drop(recorded(*size, &settings)));
    let make = |size| recorded(size, &settings);
    is_linear("played", 200, make, |bytes| {
        let mut player = Player::read(Cursor::new(bytes)).unwrap();
        while player.step(&settings) {}
        assert_eq!(player.place().0, player.place().1);
    });
}

#[test]
fn every_place_of_a_recording_is_the_same_from_before_and_from_behind() {
    let settings = settings();
    let bytes = recorded(700, &settings);
    let mut player = Player::read(Cursor::new(&bytes)).unwrap();
    let (_, all) = player.place();
    assert!(all > 2_500, "{all}");
    for place in [all, 2_400, 2_399, 2_000, 1_001, 1_000, 999, 2, 1, 3, 2_001, 1] {
        player.go(place, &settings);
        assert_eq!(player.place(), (place, all));
        let mut fresh = Player::read(Cursor::new(&bytes)).unwrap();
        while fresh.place().0 < place {
            assert!(fresh.step(&settings));
        }
        assert_eq!(player.last(), fresh.last(), "at {place}");
        assert_eq!(format!("{:?}", player.state()), format!("{:?}", fresh.state()), "at {place}");
    }
}

#[test]
fn exports_take_time_in_proportion() {
    let make = |size: usize| {
        let mut body = String::from("[0");
        (0..size)
            .for_each(|n| write!(body, ",{{\"pin\":\"$PIN\",\"name\":\"it's {n}\"}}").unwrap());
        let exchange = Exchange {
            id: 1,
            at: String::new(),
            method: "PUT".to_owned(),
            url: "http://h/x".to_owned(),
            authorised: true,
            request: Body::of(body + "]"),
            progress: Progress::Pending,
        };
        assert!(!exchange.request.is_cut);
        vec![Arc::new(exchange)]
    };
    is_linear("fields", 200, make, |exchanges| {
        for _ in 0..10 {
            drop(script(exchanges));
        }
    });
}
