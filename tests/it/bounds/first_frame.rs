//! The first frame waits for no file: what the program shows while it reads a long one, and what
//! becomes of keys, signals and mistakes meanwhile.

use std::fmt::Write as _;

use rustix::process::Signal;

use crate::pty::home::{Home, kasse};
use crate::pty::kit::{Pty, contains};

const READING: &str = "The articles are being read";
/// In a debug build these take a second or more.
const ROWS: usize = 100_000;

/// A home with a long article file that ends with `last`.
fn home(last: &str) -> Home {
    let mut text = "number;name;price;vat\n".to_owned();
    for row in 0..ROWS {
        writeln!(text, "{row};Article {row};1,49;19").unwrap();
    }
    let home = Home::new();
    home.file("goods.csv", &(text + last));
    home
}

fn is_untouched(home: &Home) {
    assert!(!home.path().join("state/kasse/embedded").exists(), "no books are made");
}

#[test]
fn the_first_frame_comes_before_the_articles_and_what_is_typed_meanwhile_is_sold() {
    let home = home("");
    let pty = home.start(kasse(), &["--articles", "goods.csv"], 80, 24);
    pty.wait_for_all(&[READING, "Basket"]);
    is_untouched(&home);
    pty.type_now("99999\r");
    pty.wait_for("Article 99999");
    let frames = pty.frames();
    assert!(frames[0].contains(READING) && !frames.last().unwrap().contains(READING));
    assert!(pty.screen().contains("1.49 EUR"));
}

#[test]
fn a_mistake_in_the_last_row_ends_the_program_after_the_terminal_was_given_back() {
    let home = home("7;Twice;1;99\n");
    let pty = home.in_shell(&["--articles", "goods.csv", "--record", "tape"], 100, 24);
    pty.wait_for(READING);
    pty.wait_for_all(&["the article file is wrong", "goods.csv:100002: vat: ", "code=5."]);
    assert!(pty.modes_restored());
    pty.look(|screen| assert!(!screen.alternate_screen() && !screen.hide_cursor()));
    is_untouched(&home);
    assert!(!home.path().join("tape").exists(), "no file of a recording");
}

#[test]
fn a_signal_while_the_articles_are_read_ends_the_program_without_books() {
    let home = home("");
    let pty = home.start(kasse(), &["--articles", "goods.csv"], 80, 24);
    pty.wait_for(READING);
    pty.signal(Signal::TERM);
    assert_eq!(pty.exit_code(), 143);
    assert!(pty.modes_restored());
    is_untouched(&home);
}

/// The shop's own few articles are there at once: nothing is announced.
#[test]
fn without_an_article_file_nothing_is_announced() {
    let pty: Pty = Home::new().console(80, 24);
    pty.wait_for("Server connected");
    assert!(!contains(&pty.log(), READING.as_bytes()));
}
