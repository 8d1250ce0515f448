//! The sale of the documents with the real program: as bursts, as single bytes, in German.

use std::thread;
use std::time::Duration;

use crate::pty::home::Home;
use crate::pty::kit::Pty;

const CARD: &str = "9276004424644352";
const SCANS: &str = "30037\r30200\r2*51\r9276004424644352\r";

/// From the applied card to the receipt.
fn pay(pty: &Pty) {
    pty.wait_for_all(&["7.96 EUR", "9276 •••• •••• 4352", "● created ─ ○ processing ─ ○ ok"]);
    pty.keys("/", "● created ─ ● processing ─ ○ ok");
    let screen = pty.screen();
    for (name, amount) in [
        ("Cash used", "-2.00"),
        ("Bonus used 7 %", "-0.15"),
        ("Bonus used 19 %", "-0.05"),
        ("Remainder", "5.76"),
    ] {
        let row = screen.lines().find(|line| line.contains(name));
        assert!(row.is_some_and(|row| row.contains(amount)), "{name} {amount}\n{screen}");
    }
    pty.keys("+", "Payment: Cash");
    pty.keys("20", "14.24 EUR");
    pty.keys("+", "● created ─ ● processing ─ ● ok");
    pty.wait_for_all(&["Paid", "14.24 EUR"]);
    pty.wait_for_all(&["Zahlung über:", "Umsatz erfasst:"]);
    let screen = pty.screen();
    for (title, amount) in [("Zahlung über:", "2,20 EUR"), ("Umsatz erfasst:", "7,76 EUR")] {
        let mut rows = screen.lines().skip_while(|line| !line.contains(title)).skip(1);
        assert!(rows.next().is_some_and(|row| row.contains(amount)), "{title} {amount}\n{screen}");
    }
    // The receipt in full, from its top.
    pty.keys("\x1b[23~", "Finished sales");
    // The list is read from the journal: Enter means nothing before.
    pty.wait_for("▸ 20");
    pty.keys("\r", "Sandwich Romano");
}

#[test]
fn the_first_frame_is_the_till() {
    for (columns, rows) in [(120, 40), (80, 24)] {
        let pty = Home::new().console(columns, rows);
        pty.wait_for("Server connected");
        let first = pty.frames().remove(0);
        for title in ["Basket", "Ident", "Status", "SANDBOX", "0.00 EUR"] {
            assert!(first.contains(title), "{title}\n{first}");
        }
    }
}

#[test]
fn the_scans_in_one_burst() {
    let pty = Home::new().console(120, 40);
    pty.wait_for("Server connected");
    pty.type_bytes(SCANS);
    pay(&pty);
}

#[test]
fn everything_typed_before_the_first_frame_is_sold() {
    let pty = Home::new().console(80, 24);
    pty.type_bytes(SCANS);
    pay(&pty);
}

/// A scanner on a bad line: every byte by itself, up to 400 ms after the one before.
#[test]
fn the_scans_as_single_bytes_with_gaps() {
    let pty = Home::new().console(120, 40);
    pty.wait_for("Server connected");
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    for byte in SCANS.bytes() {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        thread::sleep(Duration::from_millis(random % 401));
        pty.type_bytes([byte]);
    }
    pay(&pty);
    let seen = pty.frames().iter().any(|frame| frame.contains(CARD));
    assert!(!seen, "the card's number stood on the screen while it was typed");
}

#[test]
fn the_sale_in_german() {
    let pty = Home::new().env("LANG", "de_DE.UTF-8").console(80, 24);
    pty.wait_for_all(&["Warenkorb", "SANDBOX", "0,00 EUR"]);
    pty.type_bytes(SCANS);
    pty.wait_for("9276 •••• •••• 4352");
    pty.keys("/", "5,76");
    pty.wait_for_all(&["7,96 EUR", "-2,00", "-0,15", "-0,05"]);
    // The number pad of a German keyboard sends a comma.
    pty.keys("+", "5,76 EUR");
    pty.keys("20,00", "14,24 EUR");
    pty.keys("+", "Bezahlt");
    pty.wait_for_all(&["14,24 EUR", "2,20 EUR", "7,76 EUR"]);
}

/// More than the line holds at once.
#[test]
fn five_hundred_scans_in_one_write_are_five_hundred_lines() {
    let pty = Home::new().console(80, 24);
    pty.wait_for("Server connected");
    pty.type_bytes("4999012345678\r".repeat(500));
    pty.wait_for_all(&["500 pieces", "495.00 EUR"]);
    pty.wait_until("the line of the last scan", |screen| screen.contents().contains("▸500"));
}

/// Menu, help and search cover the basket: the keys that void show it first.
#[test]
fn no_line_is_voided_that_cannot_be_seen() {
    let pty = Home::new().console(80, 24);
    pty.keys("30037\r30200\r", "5.98 EUR");
    for (open, title) in [(" ", "Menu"), ("\x1bOP", "How a sale goes"), ("sand", "Articles")] {
        for void in ["-", "\x1b[19~"] {
            if (open, void) == ("sand", "-") {
                continue; // A letter like any other there.
            }
            pty.keys(open, title);
            pty.type_bytes(void);
            pty.wait_for("5.98 EUR");
            pty.keys("\x1b", "scan or type");
        }
    }
    pty.keys("\x1b[19~", "3.49 EUR");
}

#[test]
fn a_card_is_topped_up_and_shows_its_balance() {
    let pty = Home::new().console(80, 24);
    pty.keys("9276004429942845\r", "9276 •••• •••• 2845");
    pty.wait_for("● created");
    pty.keys("15\x1bOS", "15.00 EUR");
    pty.keys("+", "Payment: Cash");
    pty.keys("20", "5.00 EUR");
    pty.keys("+", "Paid");
    pty.wait_for("5.00 EUR");
    pty.keys("\x1bOR", "Last used");
    let screen = pty.screen();
    let balance = screen.lines().find(|line| line.contains("Cash balance"));
    assert!(balance.is_some_and(|line| line.contains("15.00")), "{screen}");
}

#[test]
fn the_rich_card_pays_a_whole_basket_without_cash() {
    let pty = Home::new().console(80, 24);
    pty.keys("30037\r9276004425000006\r", "● created");
    pty.keys("/", "Remainder");
    pty.keys("+", "Payment");
    assert!(!pty.screen().contains("Given"), "{}", pty.screen());
    pty.keys("+", "● created ─ ● processing ─ ● ok");
    assert!(!pty.screen().contains("Given"), "{}", pty.screen());
}
