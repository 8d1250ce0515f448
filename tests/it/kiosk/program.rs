//! A kiosk with the real program: the PIN, the signals, the configuration, the unit.

use std::fs;

use kasse::pin::PinHash;
use kasse::sandbox::Options;
use kasse::worker::Background;
use rustix::process::Signal;

use crate::journeys::kit::Server;
use crate::pty::home::Home;
use crate::pty::kit::{Pty, contains};

pub const PIN: &str = "8047593126";

/// The recipe's files, as they are shipped.
pub const TILL: &str = include_str!("../../kiosk/till1.toml");
const UNIT: &str = include_str!("../../kiosk/kasse@.service");

/// A line of `kasse pin`, made once.
pub fn pin_hash() -> &'static str {
    static HASH: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    HASH.get_or_init(|| PinHash::of(&PIN.parse().unwrap()).unwrap().reveal().to_owned())
}

/// `text` with every word on the left, which must be in it, replaced.
pub fn filled(text: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(text.to_owned(), |text, (word, value)| {
        assert!(text.contains(word), "the recipe has no {word} any more");
        text.replace(word, value)
    })
}

/// The recipe's till, selling on the sandbox at `url` and keeping its books in `state`.
pub fn till(url: &str, state: &str) -> String {
    filled(
        TILL,
        &[
            ("PIN_HASH", pin_hash()),
            ("https://connect.secucard.com", url),
            ("CLIENT_ID", "sandbox"),
            ("CLIENT_SECRET", "sandbox"),
            ("/var/lib/kasse/till1", state),
        ],
    )
}

/// A sandbox, and a user with a kiosk on it.
pub struct Kiosk {
    pub home: Home,
    config: String,
    server: Server,
    _background: Background,
}

impl Kiosk {
    pub fn new() -> Self {
        Self::of(Home::new())
    }

    pub fn of(home: Home) -> Self {
        let background = Background::start().unwrap();
        let server = Server::start(&background, Options::default());
        let state = home.path().join("books");
        let config = home.file("till1.toml", &till(&server.url, state.to_str().unwrap()));
        let config = config.to_str().unwrap().to_owned();
        Self { home, config, server, _background: background }
    }

    pub fn start(&self) -> Pty {
        let pty = self.home.in_shell(&["--config", &self.config], 80, 24);
        unlock(&pty);
        pty.wait_for("Basket");
        pty
    }

    pub fn config(&self) -> &str {
        &self.config
    }

    /// Sends the program itself a signal.
    pub fn signal(&self, signal: Signal) {
        rustix::process::kill_process(self.home.pid_in_shell(), signal).unwrap();
    }
}

/// A till with a PIN starts locked.
pub fn unlock(pty: &Pty) {
    prompted(pty);
    pty.type_bytes(format!("{PIN}\r"));
    pty.wait_until("an unlocked till", |screen| !screen.contents().contains("PIN"));
}

/// Waits until a PIN may be typed.
fn prompted(pty: &Pty) {
    pty.wait_until("the prompt", |screen| {
        let text = screen.contents();
        ["Type the PIN, then Enter", "Type it again", "PIN eingeben, dann"]
            .iter()
            .any(|prompt| text.contains(prompt))
    });
}

fn quit(pty: &Pty, pin: &str) {
    pty.keys(" quit", "› quit");
    pty.keys("\r", "Leave the program?");
    pty.keys("1111\r", "Wrong PIN. Again in 1 s");
    pty.wait_for("Wrong PIN. Type it again");
    pty.type_bytes(format!("{pin}\r"));
}

#[test]
fn it_ends_with_the_pin_alone_and_keeps_it_to_itself() {
    let kiosk = Kiosk::new();
    let pty = kiosk.start();
    pty.wait_for("Server connected");
    // Ctrl-C, -D, -Q, -S, -Z, -\, -]
    pty.type_bytes(b"\x03\x04\x11\x13\x1a\x1c\x1d");
    pty.keys("30037\r", "3.49 EUR");
    pty.keys("\x1b[24~", "Type the PIN, then Enter");
    // A scan at the lock is not sold, however fast the PIN comes after it.
    pty.keys("4999012345678\r", "it was dropped");
    assert!(!pty.screen().contains("3.49"), "{}", pty.screen());
    pty.keys(&format!("{PIN}\r"), "3.49 EUR");
    quit(&pty, PIN);
    pty.wait_for("code=0.");
    assert!(!contains(&pty.log(), PIN.as_bytes()), "the PIN stood on the screen");
    let kept = written(kiosk.home.path());
    assert!(kept.len() > 1, "{kept:?}");
    for (path, bytes) in kept {
        assert!(!contains(&bytes, PIN.as_bytes()), "{path}");
    }
    let asked = format!("{:?}", kiosk.server.requests.all());
    assert!(!asked.contains(PIN));
}

/// Every file below `dir`.
fn written(dir: &std::path::Path) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(written(&path));
        } else {
            all.push((path.display().to_string(), fs::read(&path).unwrap()));
        }
    }
    all
}

#[test]
fn the_signals_of_a_keyboard_do_nothing_from_outside_either() {
    let kiosk = Kiosk::new();
    let pty = kiosk.start();
    pty.keys("30037\r", "3.49 EUR");
    for _ in 0..3 {
        for signal in [Signal::INT, Signal::TSTP, Signal::QUIT] {
            kiosk.signal(signal);
        }
        pty.keys("30200\r", "EUR");
    }
    pty.wait_for("10.96 EUR");
    assert!(!pty.screen().contains("code="), "{}", pty.screen());
}

#[test]
fn terminate_and_hang_up_park_the_sale() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::HUP, 129)] {
        let kiosk = Kiosk::new();
        let pty = kiosk.start();
        pty.keys("30037\r30200\r9276004424644352\r", "● created");
        kiosk.signal(signal);
        pty.wait_for(&format!("code={code}."));
        let pty = kiosk.start();
        pty.wait_for_all(&["5.98 EUR", "Sandwich", "9276 •••• •••• 4352"]);
    }
}

/// The line broke, and the old console does not know: the next log-in has the sale all the same.
#[test]
fn the_next_log_in_takes_the_sale_over() {
    let kiosk = Kiosk::new();
    let old = kiosk.start();
    old.keys("30037\r30200\r", "5.98 EUR");
    let new = kiosk.start();
    new.wait_for("5.98 EUR");
    old.wait_for("code=129.");
    new.keys("+", "Payment: ");
    new.keys("+", "─ ● ok");
}

#[test]
fn without_a_pin_no_kiosk_starts() {
    let home = Home::new();
    let hash = pin_hash();
    for (text, words) in [
        ("kiosk = true\n".to_owned(), ["kiosk.toml:1", "pin_hash is empty", "kasse pin"]),
        ("kiosk = true\npin_hash = \"4711\"\n".to_owned(), [":2", "not an Argon2", "kasse pin"]),
        (TILL.to_owned(), ["pin_hash", "not an Argon2", "kasse pin"]),
        (format!("kiosk = 1\npin_hash = \"{hash}\""), [":1", "kiosk", "true or false"]),
    ] {
        let path = home.file("kiosk.toml", &text);
        let ended = home.run(&["--config", path.to_str().unwrap()]);
        assert_eq!(ended.code, 4, "{}", ended.stderr);
        for word in words {
            assert!(ended.stderr.contains(word), "{word}\n{}", ended.stderr);
        }
        assert!(!ended.stderr.contains("4711"), "{}", ended.stderr);
    }
}

#[test]
fn a_hash_that_others_may_read_is_not_used() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new();
    let path = home.file("kiosk.toml", &format!("kiosk = true\npin_hash = \"{}\"\n", pin_hash()));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let ended = home.run(&["--config", path.to_str().unwrap()]);
    assert_eq!(ended.code, 4);
    assert!(ended.stderr.contains("chmod 600"), "{}", ended.stderr);
    assert!(!ended.stderr.contains("argon2"), "{}", ended.stderr);
}

/// What somebody brings along at log-in decides nothing.
#[test]
fn a_kiosk_reads_no_variables() {
    let mut kiosk = Kiosk::new();
    for (name, value) in [
        ("KASSE_KIOSK", "false"),
        ("KASSE_PIN_HASH", ""),
        ("KASSE_API_URL", "http://127.0.0.1:1"),
        ("KASSE_KEYS_QUIT", "F8"),
        ("KASSE_NONSENSE", "1"),
    ] {
        kiosk.home = kiosk.home.env(name, value);
    }
    let listing = kiosk.home.run(&["--config", &kiosk.config, "config"]);
    assert_eq!(listing.code, 0, "{}", listing.stderr);
    assert!(!listing.stdout.contains("environment") && !listing.stdout.contains("argon2"));
    for line in ["kiosk ", "pin_hash "] {
        let line = listing.stdout.lines().find(|found| found.starts_with(line)).expect(line);
        assert!(line.contains("till1.toml") && !line.contains("false"), "{line}");
    }
    let pty = kiosk.start();
    pty.wait_for("Server connected");
    pty.keys("30037\r\x1b[19~", "0.00 EUR");
}

#[test]
fn kasse_pin_asks_twice_without_showing() {
    let home = Home::new();
    let pty = home.in_shell(&["pin"], 120, 40);
    pty.keys("", "New PIN: ");
    pty.keys("80475\x7f5931\r", "The same again: ");
    pty.type_bytes("80475931\r");
    pty.wait_for("code=0.");
    assert!(pty.modes_restored());
    assert!(!pty.screen().contains("8047"), "{}", pty.screen());
    let line = pty.screen().replace('\n', "");
    let hash = line.split('"').nth(1).expect("a line for the configuration").to_owned();
    let hash = PinHash::parse(&hash).unwrap();
    assert!(hash.is_of(&"80475931".parse().unwrap()));

    for (typed, word) in [("80475931\r80475932\r", "differ"), ("12\r12\r", "4 to 10 digits")] {
        let pty = home.in_shell(&["pin"], 80, 24);
        pty.wait_for("New PIN: ");
        pty.type_bytes(typed);
        pty.wait_for_all(&[word, "code=2."]);
        assert!(pty.modes_restored());
    }
    let pty = home.in_shell(&["pin"], 80, 24);
    pty.wait_for("New PIN: ");
    pty.type_bytes("80\x03");
    pty.wait_for_all(&["nothing was made", "code=2."]);
    assert!(pty.modes_restored());
}

#[test]
fn kasse_pin_reads_two_lines_of_a_pipe() {
    let home = Home::new();
    for (input, code, word) in [
        ("4711\n4711\n", 0, "pin_hash = \"$argon2id$"),
        ("4711\n", 2, "nothing was made"),
        ("4711\n4712\n", 2, "differ"),
        ("96385074\n96385074\n", 2, "EAN-8"),
    ] {
        let ended = home.run_with_input(&["pin"], input);
        assert_eq!(ended.code, code, "{}", ended.stderr);
        let all = format!("{}{}", ended.stdout, ended.stderr);
        assert!(all.contains(word) && !all.contains("4711"), "{all}");
    }
}

/// The start line and the environment of the unit, on a terminal as the unit gives it one.
#[test]
fn the_unit_starts_a_kiosk_on_a_terminal() {
    let kiosk = Kiosk::new();
    let config = fs::read_to_string(&kiosk.config).unwrap();
    kiosk.home.file("till-tty9.toml", &config);
    let etc = kiosk.home.path().to_str().unwrap();
    let unit = filled(
        UNIT,
        &[("/usr/bin/kasse", env!("CARGO_BIN_EXE_kasse")), ("/etc/kasse", etc), ("%i", "tty9")],
    );
    let value = |name: &str| {
        let start = format!("{name}=");
        unit.lines().find_map(|line| line.strip_prefix(&start)).expect(name)
    };
    assert_eq!(value("User"), "till-tty9");
    assert_eq!(value("TTYPath"), "/dev/%I");
    assert_eq!(value("KillSignal"), "SIGTERM");
    let words: Vec<&str> =
        value("Environment").split(' ').chain(value("ExecStart").split(' ')).collect();
    let args: Vec<&str> = ["-i"].into_iter().chain(words).collect();
    let pty = kiosk.home.start("env", &args, 80, 24);
    unlock(&pty);
    pty.keys("30037\r", "3.49 EUR");
    pty.signal(Signal::TERM);
    assert_eq!(pty.exit_code(), 143);
    let pty = kiosk.home.start("env", &args, 80, 24);
    unlock(&pty);
    pty.wait_for("3.49 EUR");
}

/// What a PIN guards is guarded after every start, and so is the count of wrong ones.
#[test]
fn a_new_log_in_and_a_killed_console_are_locked_and_go_on_counting_wrong_pins() {
    let kiosk = Kiosk::new();
    let pty = kiosk.start();
    pty.keys("30037\r", "3.49 EUR");
    kiosk.signal(Signal::HUP);
    pty.wait_for("code=129.");
    for end in [Signal::HUP, Signal::KILL, Signal::TERM] {
        let pty = kiosk.home.in_shell(&["--config", &kiosk.config], 80, 24);
        for _ in 0..2 {
            prompted(&pty);
            pty.keys("0000\r", "Wrong PIN. Again in ");
            assert!(!pty.screen().contains("3.49"), "{}", pty.screen());
        }
        kiosk.signal(end);
        pty.wait_for("code=");
    }
    // The sixth costs four seconds, and a start does not shorten them.
    let pty = kiosk.home.in_shell(&["--config", &kiosk.config], 80, 24);
    pty.wait_for("Wrong PIN. Again in ");
    pty.type_bytes(format!("{PIN}\r"));
    pty.wait_for("Wrong PIN. Again in ");
    assert!(!pty.screen().contains("3.49"), "{}", pty.screen());
    unlock(&pty);
    pty.wait_for("3.49 EUR");
}

#[test]
fn a_till_with_a_pin_that_is_no_kiosk_starts_locked_and_a_second_console_does_not_start() {
    let home = Home::new();
    let config = home.file("kasse.toml", &format!("pin_hash = \"{}\"\n", pin_hash()));
    let config = config.to_str().unwrap().to_owned();
    let pty = home.in_shell(&["--config", &config], 80, 24);
    pty.wait_for("Type the PIN, then Enter");
    pty.keys("0000\r", "Wrong PIN");
    let second = home.in_shell(&["--config", &config], 80, 24);
    second.wait_for("another console uses this journal");
    second.wait_for("code=8.");
    unlock(&pty);
    pty.keys("30037\r", "3.49 EUR");
}

#[test]
fn a_kiosk_refuses_to_start_under_variables_of_the_loader() {
    let kiosk = Kiosk::new();
    for name in ["LD_PRELOAD", "LD_LIBRARY_PATH", "LD_AUDIT", "LD_DEBUG", "GLIBC_TUNABLES"] {
        let mut command =
            kiosk.home.program(env!("CARGO_BIN_EXE_kasse"), &["--config", &kiosk.config]);
        // A value that the loader itself makes nothing of.
        command.env(name, if name == "LD_DEBUG" { "unused" } else { " " });
        let ended = crate::pty::home::finish(command, "");
        assert_eq!(ended.code, 4, "{name}: {}", ended.stderr);
        assert!(ended.stderr.contains(name), "{}", ended.stderr);
        assert!(ended.stderr.contains("AcceptEnv"), "{}", ended.stderr);
    }
}
