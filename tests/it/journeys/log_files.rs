//! The log: it tells of a whole sale, and nothing that nobody may know.

use std::fs::{self, DirBuilder};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::Path;
use std::sync::LazyLock;

use kasse::log::{LevelFilter, Log, Rules};
use kasse::sandbox::{CARD_BONUS, CLIENT_SECRET};
use kasse::text::is_harmful;
use tempfile::TempDir;

use crate::journeys::inspector::token;
use crate::journeys::kit::Journey;
use crate::pty::home::Home;
use crate::pty::kit::contains;

const RULES: Rules = Rules { level: LevelFilter::DEBUG, files: 3, bytes: 1 << 20 };

/// A log that hears what is reported during a part of a test.
///
/// With only one such log in the process, tracing asks the thread that comes by a place first
/// whether anybody listens there; that may be the thread of another test. A second one helps.
pub fn open(dir: &Path, rules: Rules) -> Log {
    static OTHER: LazyLock<(TempDir, Option<Log>)> = LazyLock::new(|| {
        let dir = tempfile::tempdir().unwrap();
        let log = Log::open(dir.path(), RULES).unwrap();
        (dir, log)
    });
    assert!(OTHER.1.is_some());
    Log::open(dir, rules).unwrap().unwrap()
}

/// Everything below `dir`, file by file.
fn everything(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut out = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            out.extend(everything(&path));
        } else {
            out.push((path.display().to_string(), fs::read(&path).unwrap()));
        }
    }
    out
}

#[test]
fn a_whole_sale_is_told_without_card_token_or_secret() {
    let dir = tempfile::tempdir().unwrap();
    let log = open(dir.path(), RULES);
    let (reference, token) = log.during(|| {
        let mut journey = Journey::new();
        let reference = journey.state().sale.reference.clone();
        journey.server.play(&["lost-answer@start#1"]);
        sell_through_doubt(&mut journey);
        (reference, token(&journey))
    });
    drop(log);
    let said = fs::read_to_string(dir.path().join("kasse.log")).unwrap();
    for hidden in [CARD_BONUS, CLIENT_SECRET, &token, "Sandwich"] {
        assert!(!said.contains(hidden), "{hidden}\n{said}");
    }
    assert!(said.ends_with('\n') && !said.replace('\n', "").chars().any(is_harmful), "{said}");
    let sale = format!("sale{{reference=\"{reference}\"}}");
    for parts in [
        &["call{id=1 name=\"connect\"}", "done outcome=ok ms="][..],
        &["POST", "path=/oauth/token", "status=200"],
        &[&sale, "name=\"create\"", "send{attempt=1}", "answered method=POST", "status=200 ms="],
        &[&sale, "name=\"preTransaction\"", "done outcome=ok"],
        &[&sale, "name=\"start/cash\"", "send{attempt=1}", "no answer"],
        &[&sale, "name=\"start/cash\"", "done outcome=unknown reason=Broken"],
        &[&sale, "name=\"read\"", "done outcome=ok status=Ok ms="],
        &[&sale, "step=\"tender\""],
        &[&sale, "step=\"unknown\""],
        &[&sale, "step=\"done\""],
    ] {
        let told = said.lines().any(|line| parts.iter().all(|part| line.contains(part)));
        assert!(told, "{parts:?} in\n{said}");
    }
}

/// The answer to the payment is lost on its way; the till asks and hears that all is well.
fn sell_through_doubt(journey: &mut Journey) {
    journey.keys(&format!("30037⏎ 30200⏎ 2*51⏎ {CARD_BONUS}⏎")).keys("/").keys("+").keys("20");
    journey.keys("+").shows(&["Paid"]);
}

#[test]
fn nothing_is_logged_where_the_log_is_off() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join("log");
    let log = Log::open(&dir, Rules { level: LevelFilter::OFF, ..RULES }).unwrap();
    assert!(log.is_none() && !dir.exists());
}

#[test]
fn what_was_said_before_a_panic_is_on_disk_after_it() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().to_owned();
    let broken = std::thread::spawn(move || {
        let log = open(&path, RULES);
        log.during(|| tracing::info!(target: "kasse::test", "the last words"));
        panic!("a fault of our own");
    });
    assert!(broken.join().is_err());
    let said = fs::read_to_string(dir.path().join("kasse.log")).unwrap();
    assert!(said.contains("the last words"), "{said}");
}

#[test]
fn other_crates_and_lower_levels_are_not_heard() {
    let dir = tempfile::tempdir().unwrap();
    let log = open(dir.path(), Rules { level: LevelFilter::INFO, ..RULES });
    log.during(|| {
        tracing::error!(target: "hyper", "from elsewhere");
        tracing::debug!(target: "kasse::test", "too fine");
        tracing::info!(target: "kasse::test", "two\nrows \u{1b}[31m and {CARD_BONUS}");
    });
    drop(log);
    let said = fs::read_to_string(dir.path().join("kasse.log")).unwrap();
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.contains("two rows ") && !said.contains('\u{1b}'), "{said}");
    assert!(said.contains("9276 **** **** "), "{said}");
}

/// The program itself: nothing but the journal and its sandbox's books may know a card number, and
/// nothing at all the secret.
#[test]
fn the_program_writes_its_log_beside_the_journal() {
    let home = Home::new().env("KASSE_LOG_LEVEL", "debug");
    let pty = home.console(80, 24);
    pty.wait_for("Server connected");
    pty.type_bytes(format!("30037\r{CARD_BONUS}\r"));
    pty.wait_for("created");
    pty.keys("/", "● created ─ ● processing ─ ○ ok");
    pty.keys("+", "Payment: Cash");
    pty.keys("20", "20");
    pty.keys("+", "Paid");
    pty.keys("\x1b[24;2~", "Exchanges with the server");
    pty.keys("\x1b[C", "Written to wire-");
    pty.keys("\x1b", "Paid");
    pty.keys(" ", "Menu");
    pty.keys("quit", "› quit");
    pty.keys("\r", "Leave the program?");
    pty.type_bytes("\x1b[C");
    assert_eq!(pty.exit_code(), 0);
    let all = everything(home.path());
    let logs: Vec<_> = all.iter().filter(|(name, _)| name.contains("/log/")).collect();
    let [(name, log)] = logs[..] else { panic!("{logs:?}") };
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(Path::new(name)), 0o600);
    assert_eq!(mode(Path::new(name).parent().unwrap()), 0o700);
    let log = String::from_utf8(log.clone()).unwrap();
    for told in ["started", "start/cash", "step=\"done\"", "ended"] {
        assert!(log.contains(told), "{told}\n{log}");
    }
    let written: Vec<_> =
        all.iter().filter(|(name, _)| name.contains("/log/") || name.contains("/wire-")).collect();
    assert_eq!(written.len(), 2);
    for (name, bytes) in written {
        let text = String::from_utf8_lossy(bytes);
        for hidden in [CARD_BONUS, CLIENT_SECRET] {
            assert!(!text.contains(hidden), "{hidden} in {name}");
        }
    }
}

#[test]
fn a_till_that_cannot_have_a_log_sells_all_the_same() {
    let home = Home::new();
    let books = home.path().join("state/kasse/embedded");
    DirBuilder::new().recursive(true).mode(0o700).create(books).unwrap();
    home.file("state/kasse/embedded/log", "in the way");
    let pty = home.in_shell(&[], 80, 24);
    pty.wait_for("Server connected");
    pty.keys("30037\r", "3.49 EUR");
    assert!(!contains(&pty.log(), b"no log"), "the screen is no place for it");
    rustix::process::kill_process(home.pid_in_shell(), rustix::process::Signal::TERM).unwrap();
    pty.wait_for_all(&["kasse: no log in ", "code=143."]);
}
