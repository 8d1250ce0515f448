//! Why the program did not start: said in words, with a code of its own, and nothing drawn.

use std::net::TcpListener;

use crate::pty::home::{Finished, Home};
use crate::pty::kit::contains;

/// Ended before it touched anything: words on stderr only.
fn refused(ended: &Finished, code: i32, words: &[&str]) {
    assert_eq!(ended.code, code, "{}", ended.stderr);
    assert_eq!(ended.stdout, "");
    assert!(!ended.stderr.contains('\x1b'), "{:?}", ended.stderr);
    assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
    for word in words {
        assert!(ended.stderr.contains(word), "{word:?} is not in:\n{}", ended.stderr);
    }
}

#[test]
fn without_a_terminal() {
    refused(
        &Home::new().run(&[]),
        3,
        &["standard input is not a terminal; start", "in a terminal"],
    );
}

#[test]
fn an_unknown_flag() {
    refused(&Home::new().run(&["--nonsense"]), 2, &["--nonsense", "--help"]);
}

const BAD_CONFIG: &str = "[api]\nurl = \"http://example.com\"\n\n[sale]\ncurency = \"EUR\"\n\
                          apply_card = \"never\"\n\n[keys]\ntotal = \"F5\"\n";

#[test]
fn a_wrong_configuration_names_every_line() {
    let home = Home::new();
    let path = home.file("shop.toml", BAD_CONFIG);
    let ended = home.run(&["--config", path.to_str().unwrap()]);
    let lines = ["shop.toml:2", "shop.toml:5", "shop.toml:6", "shop.toml:9", "curency", "currency"];
    refused(&ended, 4, &lines);
}

const WRONG_ARTICLES: &str =
    "number;name;price;vat\n1;Roll;0,45;7\n2;Bread;x;7\n1;Twice;1,00;7\n3;;2,00;7\n";
const WRONG_ROWS: [&str; 4] =
    ["the article file is wrong", "articles.csv:3", "articles.csv:4", "articles.csv:5"];

#[test]
fn wrong_articles_name_every_row() {
    let home = Home::new();
    let path = home.file("articles.csv", WRONG_ARTICLES);
    refused(&home.run(&["articles", "check", path.to_str().unwrap()]), 5, &WRONG_ROWS);
}

/// They are read behind the first frame.
#[test]
fn wrong_articles_are_told_after_the_terminal_was_given_back() {
    let home = Home::new();
    home.file("articles.csv", WRONG_ARTICLES);
    let pty = home.in_shell(&["--articles", "articles.csv"], 120, 40);
    pty.wait_for("code=5.");
    pty.wait_for_all(&WRONG_ROWS);
    pty.look(|screen| assert!(!screen.alternate_screen() && !screen.hide_cursor()));
    assert!(pty.modes_restored());
}

#[test]
fn a_port_in_use() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let ended = Home::new().run(&["sandbox", "--listen", &address]);
    refused(&ended, 6, &[&address, "already in use", "--listen"]);
}

/// The secret would cross the network in clear text.
#[test]
fn plain_http_to_another_machine() {
    let home = Home::new().account("http://example.com", "somebody", "zq-not-the-secret-17");
    let pty = home.in_shell(&[], 120, 40);
    pty.wait_for_all(&["https", "code=4."]);
    assert!(!contains(&pty.log(), b"\x1b[?1049h"));
    assert!(!contains(&pty.log(), b"zq-not-the-secret-17"));
}

/// On a terminal, the same complaints stand there and nothing else was sent to it.
#[test]
fn on_a_terminal_complaints_are_all_that_is_written() {
    let config = ["--config", "shop.toml"].as_slice();
    let unknown = ["--nonsense"].as_slice();
    for (args, code, word) in [(config, 4, "shop.toml:5"), (unknown, 2, "--nonsense")] {
        let home = Home::new();
        home.file("shop.toml", BAD_CONFIG);
        let pty = home.in_shell(args, 120, 40);
        pty.wait_for_all(&[word, &format!("code={code}.")]);
        assert!(pty.modes_restored());
        let log = pty.log();
        for sequence in [b"\x1b[?1049h".as_slice(), b"\x1b[2J", b"\x1b[?25l", b"\x1b[H"] {
            assert!(!contains(&log, sequence), "{}", String::from_utf8_lossy(&log));
        }
    }
}

#[test]
fn a_wrong_secret_is_told_after_the_terminal_was_given_back() {
    let home = Home::new();
    let sandbox = home.sandbox(0);
    let home = home.account(&sandbox.url, "sandbox", "zq-not-the-secret-17");
    let pty = home.in_shell(&[], 80, 24);
    pty.wait_for("code=7.");
    pty.look(|screen| {
        assert!(!screen.alternate_screen() && !screen.hide_cursor());
        for word in ["refused the account", "KASSE_API_CLIENT_SECRET"] {
            assert!(screen.contents().contains(word), "{word}\n{}", screen.contents());
        }
    });
    assert!(pty.modes_restored());
    assert!(!contains(&pty.log(), b"zq-not-the-secret-17"), "the secret itself");
}
