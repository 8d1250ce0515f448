//! A terminal that takes nothing any more: payments go on, the newest state is what it shows when
//! it comes back, and every way to end ends.

use std::fs;
use std::time::Duration;

use rstest::rstest;
use rustix::process::Signal;

use crate::journeys::ends::{paid, shop};
use crate::kiosk::program::till;
use crate::link::scans::{journal, never_half_drawn};
use crate::pty::kit::{Pty, until};

/// True if the program has left bytes to a thread that waits for the terminal.
fn is_stuck(pid: i32) -> bool {
    fs::read_dir(format!("/proc/{pid}/task")).unwrap().any(|task| {
        let name = fs::read_to_string(task.unwrap().path().join("comm"));
        name.is_ok_and(|name| name.trim() == "terminal")
    })
}

/// Lets the line stand still, and has the program draw until it takes nothing any more.
fn jam(pty: &Pty, pid: i32, (columns, rows): (u16, u16)) {
    until("a line that is free", || !is_stuck(pid));
    pty.allow(Some(0));
    let mut narrow = false;
    until("a full line", || {
        narrow = !narrow;
        pty.resized(columns - u16::from(narrow), rows);
        is_stuck(pid)
    });
    pty.resized(columns, rows);
}

#[test]
fn a_payment_needs_no_terminal_and_the_newest_state_comes_first() {
    let (_background, server, home) = shop();
    server.play(&["latency=2000@start"]);
    let pty = home.console(120, 40);
    pty.keys("30037\r+", "Payment: ");
    // On its way before the line stands still: a window that changes its size is looked at again.
    pty.keys("+", "Waiting for the booking");
    jam(&pty, pty.pid().as_raw_nonzero().get(), (120, 40));
    let mark = pty.log().len();
    assert_eq!(paid(&server), 0, "the server is still at it");
    until("paid", || paid(&server) == 1);
    // Each of them a full screen, had anybody been there to see it.
    for round in 0..200 {
        pty.resized(119 + round % 2, 40);
        std::thread::sleep(Duration::from_millis(1));
    }
    pty.resized(120, 40);
    until("the next sale", || {
        pty.type_bytes("30200\r9276004424644352\r");
        server.calls("POST", "/Smart/Transactions") > 1
    });
    assert_eq!(pty.bytes_since(mark), 0, "it stood still");
    pty.type_bytes("30037\r".repeat(200) + "4999012345678\r");
    pty.allow(None);
    pty.wait_until("the newest line", |screen| {
        let text = screen.contents();
        text.lines().any(|line| line.contains('▸') && line.contains("0.99"))
    });
    let back = pty.bytes_since(mark);
    assert!(back < 40_000, "a backlog of {back} bytes");
    pty.signal(Signal::TERM);
    assert_eq!(pty.exit_code(), 143);
    let kinds: Vec<String> = journal(&home).into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds.iter().filter(|kind| *kind == "paid").count(), 1, "{kinds:?}");
}

#[derive(Debug, Clone, Copy)]
enum By {
    Term,
    Hup,
    Quit,
}

#[rstest]
#[case(By::Term, 143)]
#[case(By::Hup, 129)]
#[case(By::Quit, 0)]
fn every_end_ends_on_a_terminal_that_is_stuck(#[case] by: By, #[case] code: u32) {
    let (_background, _server, home) = shop();
    let pty = home.console(120, 40);
    pty.keys("30037\r30200\r", "5.98 EUR");
    pty.quiet(Duration::from_millis(50));
    jam(&pty, pty.pid().as_raw_nonzero().get(), (120, 40));
    match by {
        By::Term => pty.signal(Signal::TERM),
        By::Hup => pty.signal(Signal::HUP),
        By::Quit => {
            pty.type_bytes(" ");
            // In one piece with the words it would be a scan that begins with a blank.
            std::thread::sleep(Duration::from_millis(300));
            pty.type_bytes("quit\r\x1b[C");
        }
    }
    assert_eq!(pty.exit_code_alone(), code);
    assert!(pty.modes_restored(), "{by:?}");
    drop(pty);

    let pty = home.console(80, 24);
    pty.wait_for_all(&["5.98 EUR", "Sandwich"]);
}

#[test]
fn a_slow_terminal_is_left_with_its_last_frame_whole() {
    let (_background, _server, home) = shop();
    let pty = home.console(120, 40);
    pty.wait_for("Server connected");
    pty.keys("30037\r", "3.49 EUR");
    pty.quiet(Duration::from_millis(50));
    jam(&pty, pty.pid().as_raw_nonzero().get(), (120, 40));
    // First, because it does not wait for ever.
    pty.allow(None);
    pty.signal(Signal::TERM);
    assert_eq!(pty.exit_code(), 143);
    pty.look(|screen| assert!(!screen.alternate_screen() && !screen.hide_cursor()));
    assert!(pty.modes_restored());
    let log = pty.log();
    let left = log.len() - log.iter().rev().position(|byte| *byte == b'l').unwrap();
    assert_eq!(left, log.len(), "something followed the leaving");
    let leave = b"\x1b[?2026l\x1b[0m\x1b[?25h\x1b[?1049l";
    let drawn = log.strip_suffix(leave).expect("the screen was left");
    never_half_drawn(drawn, drawn.windows(8).filter(|bytes| *bytes == b"\x1b[?2026l").count());
}

/// The old console is blocked in the middle of a frame, and has to go all the same.
#[test]
fn a_kiosk_is_taken_over_from_a_terminal_that_is_stuck() {
    let (_background, server, home) = shop();
    let books = home.path().join("books");
    let config = home.file("till1.toml", &till(&server.url, books.to_str().unwrap()));
    let args = ["--config", config.to_str().unwrap()];
    let old = home.in_shell(&args, 120, 40);
    crate::kiosk::program::unlock(&old);
    old.keys("30037\r30200\r", "5.98 EUR");
    old.quiet(Duration::from_millis(50));
    jam(&old, home.pid_in_shell().as_raw_nonzero().get(), (120, 40));
    let new = home.in_shell(&args, 80, 24);
    crate::kiosk::program::unlock(&new);
    new.wait_for_all(&["5.98 EUR", "Sandwich"]);
    new.keys("+", "Payment: ");
    new.keys("+", "─ ● ok");
}
