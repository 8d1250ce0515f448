//! Modes that another program left on, and terminals that are not UTF-8.

use std::thread;
use std::time::Duration;

use crate::pty::home::Home;
use crate::pty::kit::{Pty, contains};

/// Left on by a program that was killed: mouse, focus, pasting, cursor keys, keypad, kitty's keys.
const LEFT_ON: &str = r"\033[?1000h\033[?1003h\033[?1006h\033[?1004h\033[?2004h\033[?1h\033=";

fn after_another_program(home: &Home) -> Pty {
    let script = format!("printf '{LEFT_ON}'; exec \"$1\"");
    home.start("sh", &["-c", &script, "sh", env!("CARGO_BIN_EXE_kasse")], 80, 24)
}

#[test]
fn modes_of_other_programs_are_off_before_the_first_frame() {
    let home = Home::new();
    let pty = after_another_program(&home);
    pty.wait_for("Server connected");
    pty.look(|screen| {
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
        assert!(!screen.bracketed_paste() && !screen.application_cursor());
        assert!(!screen.application_keypad());
    });
}

/// Where the terminal does not obey, its reports come in at any time, in any pieces.
#[test]
fn reports_in_the_tender_step_neither_pay_nor_leave_it_and_esc_works() {
    let pty = Home::new().console(80, 24);
    pty.wait_for("Server connected");
    pty.keys("30037\r", "3.49 EUR");
    pty.keys("+", "Payment: ");
    pty.quiet(Duration::from_millis(300));
    let reports: &[&[u8]] = &[
        b"\x1b[M+++",
        b"\x1b[M#\xff\xfe",
        b"\x1b[<0;1;1M\x1b[<0;1;1m",
        b"\x1b[32;20;20M",
        b"\x1b[43;1:3u",
        b"\x1b[27;5;43~",
        b"\x1b[I\x1b[O",
        b"\x1b[24;80R",
        b"\x1b]52;c;KysrKw==\x1b\\",
        b"\x1bP1$r20+++\x1b\\",
    ];
    for report in reports {
        let (head, tail) = report.split_at(report.len() / 2);
        for piece in [head, tail] {
            pty.type_bytes(piece);
            thread::sleep(Duration::from_millis(120));
        }
        let screen = pty.screen();
        assert!(screen.contains("Payment: ") && !screen.contains("Paid"), "{report:?}\n{screen}");
    }
    // The beginning of a report that never ends: Esc all the same.
    pty.type_bytes("\x1b[<0;1");
    pty.type_bytes("\x1b");
    pty.wait_until("back", |screen| !screen.contents().contains("Payment: "));
    // As the kitty protocol sends it.
    pty.keys("+", "Payment: ");
    pty.type_bytes("\x1b[27u");
    pty.wait_until("back", |screen| !screen.contents().contains("Payment: "));
}

#[test]
fn a_latin_1_terminal_is_read_and_written_in_latin_1() {
    let home = Home::new().env("LANG", "de_DE.ISO-8859-1");
    let pty = home.console(80, 24);
    pty.wait_for("Server verbunden");
    pty.type_bytes(b"br\xf6tchent\xfc");
    pty.wait_for("6 St");
    pty.type_bytes("\r");
    pty.wait_for("2,50 EUR");
    let log = pty.log();
    assert!(contains(&log, b"Br\xf6tchent\xfcte"), "{}", log.escape_ascii());
    // A line or a letter in UTF-8 would begin with one of these.
    assert!(!contains(&log, b"\xe2\x94") && !contains(&log, b"\xc3"), "lines or letters in UTF-8");
}

#[test]
fn a_search_with_a_percent_sign_is_a_search() {
    let pty = Home::new().console(80, 24);
    pty.wait_for("Server connected");
    pty.keys("milk 3,5%", "milk 3,5%");
    pty.keys("\r", "milk 3,5%");
    let screen = pty.screen();
    assert!(!screen.contains("card number"), "{screen}");
}
