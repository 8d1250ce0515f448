//! The next log-in takes a kiosk over, whatever the old console is doing, and the old terminal is
//! given back and told.

use std::time::{Duration, Instant};

use rstest::rstest;
use rustix::process::Signal;

use crate::kiosk::program::{Kiosk, unlock};
use crate::pty::home::Home;
use crate::pty::kit::{Pty, contains};

fn given_back(old: &Pty) {
    old.wait_for("code=129.");
    old.look(|screen| assert!(!screen.alternate_screen() && !screen.hide_cursor()));
    assert!(old.modes_restored());
}

#[rstest]
#[case("de_DE.UTF-8", "übernommen".as_bytes())]
#[case("de_DE.ISO-8859-1", b"\xfcbernommen")]
#[case("de", b"uebernommen")]
#[case("C.UTF-8", b"another log-in has taken this till over")]
fn the_old_terminal_is_given_back_and_told_why_in_its_language(
    #[case] locale: &str,
    #[case] said: &[u8],
) {
    let kiosk = Kiosk::of(Home::new().env("LANG", locale));
    let old = kiosk.home.in_shell(&["--config", kiosk.config()], 80, 24);
    unlock(&old);
    let sum = if locale.starts_with("de") { "3,49 EUR" } else { "3.49 EUR" };
    old.keys("30037\r", sum);
    let new = kiosk.home.in_shell(&["--config", kiosk.config()], 80, 24);
    unlock(&new);
    new.wait_for(sum);
    given_back(&old);
    let log = old.log();
    let left = log.windows(8).rposition(|bytes| bytes == b"\x1b[?1049l").expect("left");
    assert!(contains(&log[left..], said), "{}", log[left..].escape_ascii());
}

#[test]
fn a_console_that_is_flooded_is_taken_over_and_told() {
    let kiosk = Kiosk::new();
    let old = kiosk.start();
    old.keys("30037\r", "3.49 EUR");
    let stop = old.flood(vec![b'7'; 4096]);
    old.wait_for("Input was dropped");
    let start = Instant::now();
    let new = kiosk.start();
    new.wait_for("3.49 EUR");
    println!("taken over from a flood in {} ms", start.elapsed().as_millis());
    assert!(start.elapsed() < Duration::from_secs(6), "{:?}", start.elapsed());
    drop(stop);
}

#[test]
fn a_console_that_was_stopped_is_taken_over() {
    let kiosk = Kiosk::new();
    let old = kiosk.start();
    old.keys("30037\r", "3.49 EUR");
    kiosk.signal(Signal::STOP);
    let new = kiosk.start();
    new.wait_for("3.49 EUR");
    given_back(&old);
}

/// A console that waits for the one before it is told to end itself.
#[rstest]
#[case(Signal::TERM, 143)]
#[case(Signal::HUP, 129)]
fn a_console_that_waits_to_take_over_ends_when_it_is_told(
    #[case] signal: Signal,
    #[case] code: u32,
) {
    let kiosk = Kiosk::new();
    let state = kiosk.home.path().join("books").join("sandbox");
    std::fs::create_dir_all(&state).unwrap();
    // Somebody who hears nothing, under a number that is nobody's.
    let lock = state.join("journal-sandbox.lock");
    let file = std::fs::File::create(&lock).unwrap();
    std::fs::write(&lock, "999999999\n").unwrap();
    std::fs::set_permissions(&state, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
    rustix::fs::flock(&file, rustix::fs::FlockOperation::NonBlockingLockExclusive).unwrap();
    let pty = kiosk.home.in_shell(&["--config", kiosk.config()], 80, 24);
    pty.wait_for("Locked");
    let start = Instant::now();
    kiosk.signal(signal);
    pty.wait_for(&format!("code={code}."));
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    assert!(pty.modes_restored());
}
