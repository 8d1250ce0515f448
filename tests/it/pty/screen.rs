//! What reaches the terminal: whole frames, nothing else, and nothing at all while nothing happens.

use std::fs;
use std::time::Duration;

use crate::pty::home::Home;
use crate::pty::kit::{BEGIN, END, ENTERED, Pty};

/// All sequences that a list of bytes holds, without their ESC: `[?25l`, `[31m`, `]`.
fn sequences(bytes: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|&byte| byte == 0x1b) {
        rest = &rest[at + 1..];
        let end = match rest.first() {
            Some(b'[') => {
                2 + rest[1..].iter().position(|byte| (0x40..=0x7e).contains(byte)).unwrap()
            }
            _ => 1,
        };
        found.push(String::from_utf8_lossy(&rest[..end]).into_owned());
        rest = &rest[end..];
    }
    found
}

/// A look at everything that does not sell.
fn walk_around(pty: &Pty) {
    pty.wait_for("Server connected");
    pty.keys("30037\r", "3.49 EUR");
    pty.keys("\x1bOP", "How a sale goes");
    pty.keys("\x1b[A\x1b[B\x1b[6~\x1b", "Basket");
    pty.keys(" ", "Menu");
    pty.keys("\x1b", "Basket");
    pty.keys("romano\r", "6.98 EUR");
    pty.keys("\x1b\x1b", "Basket");
    pty.keys("99999\r", "! ");
    pty.resize(100, 30);
    pty.keys("\x1b[A", "Basket");
    pty.keys("+", "Payment");
    pty.keys("\x1b\x1b", "Basket");
}

#[test]
fn every_frame_is_one_synchronised_update_and_nothing_is_asked() {
    let pty = Home::new().console(80, 24);
    walk_around(&pty);
    pty.quiet(Duration::from_millis(300));
    let log = pty.log();
    let frames_alone = log.strip_prefix(ENTERED).expect("the start");
    let mut rest = frames_alone;
    let mut frames = 0;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix(b"\x07") {
            rest = after;
            continue;
        }
        let shown = String::from_utf8_lossy(rest).into_owned();
        let frame = rest.strip_prefix(BEGIN).unwrap_or_else(|| panic!("outside: {shown:?}"));
        let end = frame.windows(END.len()).position(|w| w == END).expect("the end of a frame");
        assert!(!frame[..end].windows(BEGIN.len()).any(|w| w == BEGIN), "a frame in a frame");
        rest = &frame[end + END.len()..];
        frames += 1;
    }
    assert!(frames > 8, "{frames} frames");

    // Moving, clearing, styling, the cursor and the two modes: nothing that is answered.
    for sequence in sequences(frames_alone) {
        let known = sequence.starts_with('[')
            && match sequence.chars().last() {
                Some('m' | 'H' | 'G' | 'J' | 'K' | 'X') => !sequence.contains(['?', '>', '=', '$']),
                Some('h' | 'l') => {
                    ["[?2026", "[?25", "[?1049"].contains(&sequence.trim_end_matches(['h', 'l']))
                }
                _ => false,
            };
        assert!(known, "ESC {sequence:?}");
    }
    assert!(!log.contains(&0x05), "ENQ is a question too");
}

/// Hundredths of a second of processor time.
fn cpu(pty: &Pty) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{}/stat", pty.pid())).unwrap();
    let after_name = stat.rsplit(')').next().unwrap();
    let fields: Vec<&str> = after_name.split_whitespace().collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

#[test]
fn ten_idle_seconds_write_nothing_and_cost_nothing() {
    let pty = Home::new().console(120, 40);
    pty.wait_for("Server connected");
    pty.type_bytes("30037\r30200\r2*51\r9276004424644352\r");
    pty.wait_for("● created");
    pty.keys("/", "● processing");
    pty.keys("+", "Payment");
    pty.keys("+", "Paid");
    let mark = pty.quiet(Duration::from_millis(500));
    let before = cpu(&pty);
    // Silence is what is measured here.
    std::thread::sleep(Duration::from_secs(10));
    assert_eq!(pty.bytes_since(mark), 0, "written while idle");
    let spent = cpu(&pty) - before;
    assert!(spent <= 10, "{spent}0 ms of processor time in 10 s");
    pty.keys("30037\r", "Basket");
}

#[test]
fn the_terminal_changes_its_size_in_the_middle_of_a_sale() {
    let pty = Home::new().console(120, 40);
    pty.wait_for("Server connected");
    pty.type_bytes("30037\r30200\r2*51\r9276004424644352\r");
    pty.wait_for("● created");
    pty.keys("/", "● processing");
    let large = pty.screen();
    for (columns, rows) in [(80, 24), (40, 12), (20, 5), (1, 1), (2, 30), (200, 2), (300, 100)] {
        pty.resize(columns, rows);
        if columns >= 40 && rows >= 12 {
            pty.wait_for_all(&["7.96", "SANDBOX"]);
        }
    }
    pty.resize(120, 40);
    pty.wait_until("the screen as it was", |screen| screen.contents() == large);
    pty.resize(80, 24);
    pty.wait_for_all(&["Basket", "Ident", "Status", "SANDBOX", "7.96 EUR", "Remainder", "5.76"]);
    pty.keys("+", "5.76 EUR");
    pty.keys("20", "14.24 EUR");
    pty.keys("+", "● ok");
}

#[test]
fn without_colours_the_selection_is_still_seen() {
    let pty = Home::new().env("NO_COLOR", "1").console(80, 24);
    walk_around(&pty);
    pty.keys("30200\r", "▸3");
    let log = pty.log();
    let frames = log.strip_prefix(ENTERED).expect("the start");
    for sequence in sequences(frames).iter().filter(|sequence| sequence.ends_with('m')) {
        let codes = sequence.trim_start_matches('[').trim_end_matches('m');
        // Without a code it takes all styles away, before those of the next text are set.
        for code in codes.split(';').filter(|_| !codes.is_empty()) {
            let code: u16 = code.parse().unwrap_or_else(|_| panic!("ESC{sequence}"));
            assert!(code < 30, "a colour: ESC{sequence}");
        }
    }
    // The row under the mark looks different from the one above.
    pty.look(|screen| {
        let row = |mark: &str| {
            (0..24).find(|&row| {
                let text: String = screen.contents_between(row, 0, row, 80);
                text.contains(mark)
            })
        };
        let selected = row("▸3").expect("a selected row");
        let style = |row: u16| {
            let cell = screen.cell(row, 5).unwrap();
            (cell.inverse(), cell.bold(), cell.underline())
        };
        assert_ne!(style(selected), style(selected - 1), "{}", screen.contents());
    });
}
