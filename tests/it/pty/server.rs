//! Program and stand-alone sandbox as two processes: the account in the environment, the server
//! dying in the middle of a sale, and what must never be written anywhere.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use rustix::process::Signal;

use crate::pty::home::Home;
use crate::pty::kit::contains;

const CARD: &str = "9276004424644352";

fn files_below(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_dir() {
            files_below(&entry.path(), found);
        } else {
            found.push(entry.path());
        }
    }
}

#[test]
fn the_seeds_own_header_and_token_are_accepted() {
    let sandbox = Home::new().sandbox(0);
    let mut line = TcpStream::connect(("127.0.0.1", sandbox.port)).unwrap();
    line.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let body =
        r#"{"is_demo":true,"basket":{"products":[]},"basket_info":{"sum":0,"currency":"EUR"}}"#;
    write!(
        line,
        "POST /api/v2/Smart/Transactions HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
         Authenticate: Bearer qb56tjj1bcvo9n2nj4u38k84lo\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    line.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(answer.contains(r#""status":"created""#), "{answer}");
    assert_eq!(sandbox.terminate(), Some(143));
}

#[test]
fn the_server_dies_in_the_middle_of_a_sale_and_comes_back() {
    let home = Home::new();
    let sandbox = home.sandbox(0);
    let port = sandbox.port;
    let home = home.account(&sandbox.url, "sandbox", "sandbox");
    let pty = home.console(80, 24);
    pty.wait_for_all(&["Server connected", "SANDBOX"]);
    pty.type_bytes(format!("30037\r30200\r2*51\r{CARD}\r"));
    pty.wait_for("● created");

    sandbox.kill();
    // What happened, and what to press; the basket is all there.
    pty.keys("/", "no connection");
    pty.wait_for_all(&["/ tries again", "7.96 EUR", "Sandwich Romano", "Fruit salad", "Water"]);

    let again = home.sandbox(port);
    pty.keys("\x1b", "Basket");
    pty.keys("/", "● created ─ ● processing ─ ○ ok");
    pty.keys("+", "5.76 EUR");
    pty.keys("20", "14.24 EUR");
    pty.keys("+", "● created ─ ● processing ─ ● ok");
    drop(again);
}

/// The dangerous call gets no answer in time: it was sent once, and only asked about after that.
#[test]
fn a_payment_without_an_answer_is_asked_about_and_not_sent_again() {
    let home = Home::new();
    let sandbox = home.sandbox(0);
    let home = home.account(&sandbox.url, "sandbox", "sandbox").env("KASSE_API_CALL_MS", "1000");
    let pty = home.console(80, 24);
    pty.wait_for("Server connected");
    pty.type_bytes(format!("30037\r{CARD}\r"));
    pty.wait_for("● created");
    pty.keys("/", "● created ─ ● processing ─ ○ ok");
    pty.keys("+", "1.29 EUR");
    pty.keys("20", "18.71 EUR");
    sandbox.freeze();
    pty.keys("+", "Outcome unknown - do not charge again.");
    pty.wait_for_all(&["Why: no answer in time.", "Server not reachable"]);
    // Nothing that a scanner or an impatient hand sends pays, sells or ends the asking.
    pty.keys("+", "Not while a payment is open.");
    // The second error waits behind the first, which nobody has dismissed.
    pty.keys("30200\r\r", "(1 more) Not while a payment is open.");
    pty.keys("\x1b[3~", "That was not added.");
    pty.wait_for_all(&["Outcome unknown", "1.29", "20.00", "18.71"]);
    sandbox.signal(Signal::CONT);
    // Whether the request was still carried out is the server's affair: it is asked by itself.
    pty.wait_until("the server's answer", |screen| {
        let text = screen.contents();
        text.contains("Paid") || text.contains("unknown") && text.contains("Server connected")
    });
}

#[test]
fn secrets_stay_where_they_belong() {
    let home = Home::new();
    let sandbox = home.sandbox(0);
    let home = home.account(&sandbox.url, "sandbox", "sandbox");
    let pty = home.console(120, 40);
    pty.wait_for("Server connected");
    // One after the other, so that the entry line shows the number while it grows.
    for byte in CARD.bytes() {
        pty.type_bytes([byte]);
        pty.quiet(Duration::from_millis(1));
    }
    pty.keys("\r", "No articles yet");
    pty.keys("30037\r", "3.49 EUR");
    pty.keys("/", "● processing");
    pty.keys("+", "Payment");
    pty.keys("+", "Paid");
    pty.keys("\x1bOR", "4352");

    let mut files = Vec::new();
    files_below(&home.path().join("state"), &mut files);
    let token_file = files.iter().position(|file| file.ends_with("token.json")).unwrap();
    let token_file = files.remove(token_file);
    assert_eq!(fs::metadata(&token_file).unwrap().permissions().mode() & 0o777, 0o600);
    let folder = token_file.parent().unwrap();
    assert_eq!(fs::metadata(folder).unwrap().permissions().mode() & 0o077, 0, "the folder");
    let stored = fs::read_to_string(&token_file).unwrap();
    // Everything in it that is long enough to be one.
    let secrets: Vec<&str> = stored
        .split('"')
        .filter(|text| text.len() >= 20 && text.bytes().all(|b| b.is_ascii_alphanumeric()))
        .collect();
    assert!(!secrets.is_empty(), "a token is kept in {}", token_file.display());

    let log = pty.log();
    let frames = pty.frames().concat();
    for secret in secrets.iter().copied().chain([CARD]) {
        assert!(!contains(&log, secret.as_bytes()), "{secret} was written to the terminal");
        assert!(!frames.contains(secret), "{secret} stood on the screen");
        for file in &files {
            // The journal must know the card to bring a sale back; nothing else may.
            let journal = file.to_string_lossy().contains("journal-");
            if journal && secret == CARD {
                continue;
            }
            let text = fs::read(file).unwrap();
            assert!(!contains(&text, secret.as_bytes()), "{secret} is in {}", file.display());
        }
    }
    assert!(!stored.contains(CARD));
}
