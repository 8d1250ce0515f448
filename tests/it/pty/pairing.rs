//! From an empty state directory to the first sale with nothing but the keyboard, the real program
//! against a sandbox that waits for people; and a session that dies in the middle of a sale.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::pty::home::{Home, SandboxProcess};
use crate::pty::kit::Pty;

const CARD: &str = "9276004424644352";

fn device(home: Home, sandbox: &SandboxProcess) -> Home {
    home.account(&sandbox.url, "sandbox", "sandbox")
        .env("KASSE_API_DEVICE_UUID", "/vendor/kasse/cashier/1")
}

/// The code as it stands on the screen.
fn code(pty: &Pty) -> String {
    pty.wait_for("Waiting until it is entered");
    let screen = pty.screen();
    let first_words = screen
        .lines()
        .filter_map(|line| line.trim_start_matches(['│', '|', ' ']).split_whitespace().next());
    let is_code = |word: &&str| {
        word.len() == 8 && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    first_words.into_iter().find(is_code).unwrap_or_else(|| panic!("no code\n{screen}")).to_owned()
}

fn confirm(home: &Home, sandbox: &SandboxProcess, code: &str) {
    let said = home.run(&["sandbox", "confirm", code, "--url", &sandbox.url]);
    assert_eq!(said.code, 0, "{}", said.stderr);
    assert!(said.stdout.contains("/vendor/kasse/cashier/1"), "{}", said.stdout);
}

/// Pays the basket of one sandwich with the card, the rest in cash.
fn pay(pty: &Pty) {
    pty.keys("/", "● created ─ ● processing ─ ○ ok");
    pty.keys("+", "Payment: Cash");
    pty.keys("20", "18.71 EUR");
    pty.keys("+", "● created ─ ● processing ─ ● ok");
}

#[test]
fn an_empty_till_is_paired_and_sells() {
    let home = Home::new();
    let sandbox = home.sandbox(0);
    let home = device(home, &sandbox);
    let pty = home.console(80, 24);
    pty.wait_for_all(&["Pair this till", "Enter this code at", "█ ▄▄▄▄▄ █", "valid for"]);
    let code = code(&pty);
    // Goods need no server; what does brings the code back.
    pty.keys("30037\r", &format!("not paired: {code}"));
    pty.keys(&format!("{CARD}\r"), "Pair this till");
    assert_eq!(self::code(&pty), code, "the same code");
    confirm(&home, &sandbox, &code);
    // The card that waited is checked by itself.
    pty.wait_for_all(&["The till is paired and ready.", "● created", "9276 •••• •••• 4352"]);
    pay(&pty);

    let token = home.path().join("state/kasse/sandbox/token.json");
    assert_eq!(fs::metadata(&token).unwrap().permissions().mode() & 0o777, 0o600);
    drop(pty);
    let again = home.console(120, 40);
    again.wait_for("Server connected");
    assert!(again.frames().iter().all(|frame| !frame.contains("Pair this till")));
    again.keys("30037\r", "3.49 EUR");
    again.keys("+", "Payment: Cash");
    again.keys("+", "Paid");
}

#[test]
fn a_session_that_dies_in_the_middle_of_a_sale_costs_nothing() {
    let home = Home::new();
    let sandbox = home.sandbox(0);
    let port = sandbox.port;
    let home = device(home, &sandbox).env("NO_COLOR", "1");
    let pty = home.console(80, 24);
    confirm(&home, &sandbox, &code(&pty));
    pty.wait_for("paired and ready");
    pty.type_bytes(format!("30037\r{CARD}\r"));
    pty.wait_for_all(&["● created", "Cash balance"]);
    // A server that forgets everything: token, session, device, transaction.
    sandbox.kill();
    let sandbox = home.sandbox(port);
    pty.keys("/", "Pair this till");
    confirm(&home, &sandbox, &code(&pty));
    pty.wait_for_all(&["paired and ready", "Sandwich Romano", "9276 •••• •••• 4352", "3.49 EUR"]);
    pay(&pty);
}
