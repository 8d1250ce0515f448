//! Recordings: what is replayed is what was seen, and nothing stands in the file that must not.

use std::fs;
use std::io::{self, Cursor, Write};
use std::os::unix::fs::PermissionsExt;
use std::sync::{Arc, Mutex};

use kasse::lang::Lang;
use kasse::receipt::Profile;
use kasse::recording::{Head, Player, Recorder, ReplayError};
use kasse::sandbox::{CARD_BONUS, CLIENT_SECRET};
use kasse::shop::demo_catalogue;
use kasse::till::{Access, Effect, Event, Key, ServerKind, Settings, State, Step, update};
use kasse::ui::{self, Theme, View};
use rustix::process::{Signal, kill_process};

use crate::journeys::kit::Journey;
use crate::pty::home::Home;

/// A file in memory.
#[derive(Clone, Default)]
pub struct Tape(Arc<Mutex<Vec<u8>>>);

impl Write for Tape {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Tape {
    pub fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    fn recorder(&self, settings: &Settings, state: &State) -> Recorder {
        let head = Head::new("2026-01-01T00:00:00Z".to_owned(), settings, (80, 24));
        Recorder::begin(Box::new(self.clone()), &head, settings, state).unwrap()
    }

    /// The state at the recording's end.
    fn replayed(&self, settings: &Settings) -> State {
        let mut player = Player::read(Cursor::new(self.text())).unwrap();
        while player.step(settings) {}
        player.state().clone()
    }
}

/// The settings of a configuration without a file, as a console has them.
fn settings() -> Settings {
    let sources = kasse::config::Sources {
        env: vec![("KASSE_STATE_DIR".into(), "/nonexistent".into())],
        ..kasse::config::Sources::default()
    };
    kasse::config::load(&sources).unwrap().config.settings(demo_catalogue())
}

fn screen(state: &State, settings: &Settings) -> String {
    let (theme, profile) = (Theme::dark(), Profile::default());
    let view = View { settings, lang: Lang::En, theme: &theme, profile: &profile };
    ui::as_text(state, &view, 80, 24)
}

/// The characters of the keys in a recording.
fn characters(recording: &str) -> String {
    let character = |line: &str| line.split_once(r#""Char":""#)?.1.chars().next();
    recording.lines().filter_map(character).collect()
}

/// A till without a server, recorded.
struct Till {
    state: State,
    settings: Settings,
    recorder: Option<Recorder>,
    tape: Tape,
    now: u64,
}

impl Till {
    fn new(settings: Settings) -> Self {
        let state = State::new("test", ServerKind::Sandbox, 0);
        let tape = Tape::default();
        let recorder = Some(tape.recorder(&settings, &state));
        Self { state, settings, recorder, tape, now: 0 }
    }

    fn event(&mut self, event: Event) -> Vec<Effect> {
        self.now += 7;
        let recorder = self.recorder.as_mut().unwrap();
        let before = recorder.before(&event, &self.state);
        let effects = update(&mut self.state, event, self.now, &self.settings);
        recorder.after(before, &self.state);
        effects
    }

    fn keys(&mut self, text: &str) -> Vec<Effect> {
        let mut effects = Vec::new();
        for c in text.chars() {
            let key = match c {
                '⏎' => Key::Enter,
                '⌫' => Key::Backspace,
                c => Key::Char(c),
            };
            effects.extend(self.event(Event::Key(key)));
        }
        effects
    }

    /// Ends the recording and compares what is seen.
    fn replays(mut self) -> String {
        self.recorder = None;
        let replayed = self.tape.replayed(&self.settings);
        assert_eq!(screen(&replayed, &self.settings), screen(&self.state, &self.settings));
        assert_eq!(replayed.calls, self.state.calls, "calls have the same numbers");
        self.tape.text()
    }
}

#[test]
fn a_sale_through_the_whole_console_is_replayed_to_the_same_screen() {
    let mut journey = Journey::new();
    let settings = settings();
    let tape = Tape::default();
    let recorder = tape.recorder(&settings, journey.console.state());
    journey = journey.recorded(recorder);
    journey.keys(&format!("30037⏎ 30200⏎ 2*51⏎ {CARD_BONUS}⏎")).keys("/").keys("+").keys("20");
    journey.keys("+").shows(&["Paid"]);
    let state = journey.console.state().clone();
    assert!(matches!(state.sale.step, Step::Done(_)));
    drop(journey);
    let replayed = tape.replayed(&settings);
    assert_eq!(screen(&replayed, &settings), screen(&state, &settings));
    assert!(replayed.has_sold);
    let text = tape.text();
    assert!(!text.contains(CARD_BONUS) && text.contains("4352"), "replaced, not dropped");
    // Backwards is the same way.
    let mut player = Player::read(Cursor::new(text)).unwrap();
    let (_, all) = player.place();
    player.go(all, &settings);
    player.go(1, &settings);
    assert!(player.state().sale.is_blank());
    player.go(all, &settings);
    assert_eq!(player.state(), &replayed);
}

#[test]
fn no_card_stands_in_a_recording_however_it_was_typed() {
    let mut till = Till::new(settings());
    till.event(Event::Shown);
    till.event(Event::Started);
    for line in [
        "9276004424644352⏎",
        "9276004424644352⌫⌫⌫⌫⌫⌫⌫⌫⌫⌫⌫⌫⌫⌫⌫⌫30037⏎",
        "92760044246443⌫352⏎",
        "%B9276004424644352^DOE/JANE^2512?;9276004424644352=2512?⏎",
        "%B5500005555555559^DOE/JANE^2512?⏎",
        "5500005555555559⏎",
        "2*30200⏎",
    ] {
        till.keys(line);
    }
    // A card swiped over the locked screen: no key of it is taken, all of them are recorded.
    till.event(Event::Key(Key::F(12)));
    assert!(till.state.is_locked());
    till.keys("9276004424644352⏎");
    let text = till.replays();
    let digits = characters(&text);
    for secret in ["00442464", "0000555", "DOE", "JANE", "2512"] {
        assert!(!text.contains(secret) && !digits.contains(secret), "{secret}\n{digits}");
    }
}

#[test]
fn no_key_of_a_pin_is_recorded_and_the_replay_goes_on_behind_it() {
    let mut till = Till::new(Settings { access: Access::Lock, ..settings() });
    till.event(Event::Shown);
    till.event(Event::Started);
    till.keys("30037⏎");
    till.event(Event::Key(Key::F(12)));
    till.event(Event::Key(Key::F(12)));
    assert!(till.state.asks_secret(), "{:?}", till.state.overlays);
    for (pin, right) in [("739184", false), ("482913", true)] {
        till.now += 120_000;
        let effects = till.keys(&format!("{pin}⏎"));
        let call = effects.iter().find_map(|effect| match effect {
            Effect::CheckPin(call, _) => Some(*call),
            _ => None,
        });
        till.event(Event::PinChecked(call.expect("a check"), right));
    }
    assert!(!till.state.is_locked());
    till.keys("51⏎");
    let text = till.replays();
    let digits = characters(&text);
    assert_eq!(digits, "3003751");
}

#[test]
fn what_is_no_recording_is_refused_with_its_line() {
    let settings = settings();
    let mut till = Till::new(settings.clone());
    till.keys("30037⏎");
    till.recorder = None;
    let text = till.tape.text();
    let bad = |text: &str| Player::read(Cursor::new(text)).err().map(|error| error.to_string());
    assert!(matches!(Player::read(Cursor::new("")), Err(ReplayError::Empty)));
    assert!(bad("{}\n").unwrap().starts_with("line 1 is none"));
    for format in [2, 4] {
        let other = text.replacen(r#""format":3"#, &format!(r#""format":{format}"#), 1);
        assert!(bad(&other).unwrap().contains(&format!("it has format {format}")));
    }
    let first = text.find('\n').unwrap();
    assert_eq!(bad(&text[..=first]).unwrap(), "it does not begin with the state of a till");
    let torn = text.replacen(r#"{"now":"#, r#"{"then":"#, 1);
    assert!(bad(&torn).unwrap().starts_with("line 2 is none"));
    // A line that a crash cut short costs itself alone.
    assert_eq!(bad(&text[..text.len() - 5]), None);
    // What a recording says cannot act on the terminal.
    let evil = text.replacen(r#""merchant":null"#, "\"merchant\":\"a\\u001b[2Jb\"", 1);
    assert_ne!(evil, text);
    let player = Player::read(Cursor::new(evil)).unwrap();
    assert_eq!(player.state().merchant.as_deref(), Some("ab"));
}

/// The program itself.
#[test]
fn a_recorded_sale_is_replayed_to_the_same_screen() {
    let home = Home::new().env("NO_COLOR", "1");
    let program = env!("CARGO_BIN_EXE_kasse");
    let pty = home.start(program, &["--record", "tape"], 100, 30);
    pty.wait_for("Server connected");
    pty.type_bytes(format!("30037\r30200\r2*51\r{CARD_BONUS}\r"));
    pty.wait_for("created");
    pty.keys("/", "Remainder");
    pty.keys("+", "Payment: Cash");
    pty.keys("20", "14.24 EUR");
    pty.keys("+", "Paid");
    pty.wait_for("Zahlung über:");
    let seen = pty.screen();
    kill_process(pty.pid(), Signal::TERM).unwrap();
    assert_eq!(pty.exit_code(), 143);

    let path = home.path().join("tape");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let text = fs::read_to_string(&path).unwrap();
    assert!(!text.contains(CARD_BONUS));
    assert!(!text.contains(&format!("\"{CLIENT_SECRET}\"")), "no account");
    let before: Vec<_> = fs::read_dir(home.path().join("state/kasse/embedded")).unwrap().collect();
    let replayed = home.run(&["--replay", "tape", "--to-end"]);
    assert_eq!((replayed.code, replayed.stderr.as_str()), (0, ""));
    let rows = |screen: &str| -> Vec<String> {
        screen.trim_end().lines().map(|row| row.trim_end().to_owned()).collect()
    };
    assert_eq!(rows(&replayed.stdout), rows(&seen));
    let after: Vec<_> = fs::read_dir(home.path().join("state/kasse/embedded")).unwrap().collect();
    assert_eq!(before.len(), after.len(), "nothing is written by it");

    let pty = home.start(program, &["--replay", "tape"], 100, 30);
    pty.wait_for_all(&[" 1/", "→ or Space next", "Basket"]);
    pty.keys(" ", " 2/");
    pty.keys("\x1b[D", " 1/");
    pty.keys("\x1b[F", "Paid");
    assert!(pty.frames()[0].contains("The recording is being read"), "before it is read");
    pty.type_bytes("q");
    assert_eq!(pty.exit_code(), 0);

    // Never over another file.
    let again = home.start(program, &["--record", "tape"], 100, 30);
    again.wait_for("kasse: tape: ");
    assert_eq!(again.exit_code(), 2);
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
    let other = home.env("KASSE_SALE_IMPLIED_CENTS", "true");
    let told = other.run(&["--replay", "tape", "--to-end"]).stderr;
    assert!(told.contains("other settings"), "{told}");
    assert_eq!(other.run(&["--replay", "none", "--to-end"]).code, 2);
    assert_eq!(other.run(&["--to-end"]).code, 2);
}

#[test]
fn a_kiosk_is_neither_recorded_nor_replayed_to() {
    let home = Home::new();
    let hash = home.run_with_input(&["pin"], "482913\n482913\n").stdout;
    home.file("till.toml", &format!("kiosk = true\n{hash}"));
    for flags in [["--record", "tape"], ["--replay", "tape"]] {
        let args = [&["--config", "till.toml"][..], &flags].concat();
        let pty = home.start(env!("CARGO_BIN_EXE_kasse"), &args, 80, 24);
        pty.wait_for("a kiosk is neither recorded nor");
        assert_eq!(pty.exit_code(), 2);
    }
    assert!(!home.path().join("tape").exists());
}
