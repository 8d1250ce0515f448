//! `kasse doctor` with the real program: on healthy set-ups, and on what is wrong with others.

use std::fs::{self, Permissions};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;

use kasse::journal::{Draft, Journal, Mode};
use serde_json::{Value, json};

use crate::client::server::{Reply, Server};
use crate::pty::home::{Finished, Home};
use crate::sandbox::program::ask;

const HEALTHY: &str = "The till is healthy.";

/// A user whose time zone needs no data base of the system.
fn user() -> Home {
    Home::new().env("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
}

/// The row of this check, with what is to be done below it.
fn row(told: &Finished, check: &str) -> String {
    let mut rows = told.stdout.lines().skip_while(|row| {
        let mut words = row.split("  ").filter(|word| !word.is_empty());
        words.next().is_none() || words.next().is_none_or(|name| name.trim() != check)
    });
    let row = rows.next().unwrap_or_else(|| panic!("no {check} in\n{}", told.stdout));
    let advice = rows.next().filter(|next| next.trim_start().starts_with('→'));
    format!("{row} {}", advice.unwrap_or_default())
}

fn is_broken(home: &Home, check: &str, words: &[&str]) {
    let told = home.run(&["doctor"]);
    assert_eq!((told.code, told.stderr.as_str()), (9, ""), "{}", told.stdout);
    let row = row(&told, check);
    assert!(row.starts_with("problem"), "{row}");
    assert!(row.contains('→'), "what to do: {row}");
    for word in words {
        assert!(row.contains(word), "{word:?} in {row}");
    }
}

#[test]
fn a_till_on_the_sandbox_inside_is_healthy_and_nothing_is_made() {
    let home = user();
    let told = home.run(&["doctor"]);
    assert_eq!((told.code, told.stderr.as_str()), (0, ""), "{}", told.stdout);
    assert!(told.stdout.ends_with(&format!("\n{HEALTHY}\n")), "{}", told.stdout);
    for check in [
        "configuration",
        "articles",
        "access",
        "state",
        "journal",
        "log",
        "printer",
        "server",
        "TLS",
        "clock",
        "account",
        "terminal",
        "colours",
        "locale",
        "time zone",
    ] {
        assert!(row(&told, check).starts_with("ok"), "{check}");
    }
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0, "nothing is left behind");
}

#[test]
fn a_till_on_a_sandbox_elsewhere_is_healthy_and_sells_nothing() {
    let home = user();
    let sandbox = home.sandbox(0);
    let home = home.account(&sandbox.url, "sandbox", "sandbox");
    let counts = |port: u16| {
        let (_, health) = ask(port, "GET", "/sandbox/health", &Value::Null);
        health["transactions"].as_u64().unwrap()
    };
    let before = counts(sandbox.port);
    let told = home.run(&["doctor"]);
    assert_eq!(told.code, 0, "{}", told.stdout);
    assert!(told.stdout.contains(HEALTHY));
    assert!(row(&told, "account").contains("logged in to a sandbox"));
    assert!(row(&told, "server").contains(&format!("127.0.0.1:{}", sandbox.port)));
    assert_eq!(counts(sandbox.port), before);

    let report: Value = serde_json::from_str(&home.run(&["doctor", "--json"]).stdout).unwrap();
    assert_eq!(report["verdict"], "ok");
    let findings = report["findings"].as_array().unwrap();
    let account = findings.iter().find(|finding| finding["check"] == "account").unwrap();
    assert_eq!((&account["verdict"], &account["advice"]), (&json!("ok"), &json!("")));
}

#[test]
fn nobody_listens() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let home = Home::new().account(&format!("http://{free}"), "sandbox", "sandbox");
    is_broken(&home, "server", &[&free.to_string(), "correct api.url"]);
}

#[test]
fn the_secret_is_wrong_and_is_not_shown() {
    let home = Home::new();
    let sandbox = home.sandbox(0);
    let home = home.account(&sandbox.url, "sandbox", "hunter2");
    is_broken(&home, "account", &["refused", "client_secret"]);
    for flags in [&["doctor"][..], &["doctor", "--json"]] {
        assert!(!home.run(flags).stdout.contains("hunter2"));
    }
}

#[test]
fn the_clock_is_wrong() {
    let server = Server::start(|_, _| {
        Reply::Send(
            b"HTTP/1.1 404 Not Found\r\nDate: Fri, 01 Jan 2021 10:00:00 GMT\r\n\
              Content-Length: 0\r\n\r\n"
                .to_vec(),
        )
    });
    let home = Home::new().account(&server.url(), "sandbox", "sandbox");
    is_broken(&home, "clock", &["s ahead of the server", "timedatectl"]);
}

#[test]
fn others_may_read_the_secret() {
    let home = Home::new();
    let path = home.file(
        "till.toml",
        "[api]\nurl = \"https://x.example\"\nclient_id = \"a\"\nclient_secret = \"hunter2\"\n",
    );
    fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
    let home = home.env("KASSE_CONFIG", path.to_str().unwrap());
    is_broken(&home, "configuration", &["other users may read", "chmod 600"]);
    let told = home.run(&["doctor"]);
    assert!(!told.stdout.contains("hunter2"));
    // What needs no configuration is looked at all the same.
    assert!(row(&told, "terminal").starts_with("ok"));
    assert!(row(&told, "the rest").starts_with('–'));
}

#[test]
fn a_key_is_unknown() {
    let home = Home::new();
    home.file("till.toml", "[api]\nclientid = \"a\"\n");
    let home = home.env("KASSE_CONFIG", "till.toml");
    is_broken(&home, "configuration", &["till.toml:2", "clientid", "api.client_id"]);
}

#[test]
fn the_printer_is_missing() {
    let home = Home::new().env("KASSE_PRINTER_DEVICE", "/dev/kasse-no-such-printer");
    is_broken(&home, "printer", &["/dev/kasse-no-such-printer", "switch it on"]);
}

#[test]
fn an_article_file_is_broken() {
    let home = Home::new();
    home.file("goods.csv", "number,ean,name,price,vat,group\n1,,Bread,abc,7,\n2,,Roll,x,7,\n");
    let home = home.env("KASSE_ARTICLES_FILE", "goods.csv");
    is_broken(&home, "articles", &["goods.csv:", "kasse articles check"]);
}

#[test]
fn the_journal_is_damaged() {
    let home = Home::new();
    let books = home.path().join("state/kasse/embedded");
    let journal = Journal::open(&books, Mode::Sandbox, |_| {}).unwrap();
    let path = journal.path().to_owned();
    drop(journal);
    assert_eq!(home.run(&["doctor"]).code, 0);
    let mut bytes = fs::read(&path).unwrap();
    let end = bytes.len().min(4_096);
    bytes[..end].fill(0x5a);
    fs::write(&path, bytes).unwrap();
    is_broken(&home, "journal", &["damaged"]);
}

#[test]
fn an_entry_of_the_journal_is_none_of_the_tills() {
    let home = Home::new();
    let books = home.path().join("state/kasse/embedded");
    let journal = Journal::open(&books, Mode::Sandbox, |_| {}).unwrap();
    let draft = Draft {
        at: "2026-01-01T00:00:00Z".to_owned(),
        sale: "a-1".to_owned(),
        kind: "line".to_owned(),
        body: json!({ "nonsense": 1 }),
        finishes: false,
    };
    journal.append_durable(vec![draft]).unwrap();
    drop(journal);
    is_broken(&home, "journal", &["entry 1 of the journal cannot be read"]);
}

#[test]
fn the_terminal_is_none() {
    is_broken(&Home::new().env("TERM", "dumb"), "terminal", &["TERM=dumb", "set TERM"]);
}

#[test]
fn the_device_is_not_paired() {
    let home = Home::new();
    let sandbox = home.sandbox_with(0, &["--confirm-after", "1000"]);
    let home = home
        .account(&sandbox.url, "sandbox", "sandbox")
        .env("KASSE_API_DEVICE_UUID", "/vendor/x/cashier/1");
    is_broken(&home, "account", &["not paired", "shows a code"]);
}

/// A warning breaks nothing.
#[test]
fn warnings_leave_the_exit_code_alone() {
    let home = user().env("LANG", "C").env("TZ", "No/Such_Place");
    let told = home.run(&["doctor"]);
    assert_eq!(told.code, 0, "{}", told.stdout);
    for check in ["locale", "time zone"] {
        assert!(row(&told, check).starts_with("warning"), "{}", told.stdout);
    }
    assert!(told.stdout.ends_with("\n2 warnings.\n"), "{}", told.stdout);
}

#[test]
fn a_test_slip_is_printed_only_when_asked_for() {
    let home =
        Home::new().env("KASSE_PRINTER_DEVICE", "receipts.txt").env("KASSE_PRINTER_FORMAT", "text");
    assert_eq!(home.run(&["doctor"]).code, 0);
    assert!(!home.path().join("receipts.txt").exists());
    let told = home.run(&["doctor", "--print"]);
    assert_eq!(told.code, 0, "{}", told.stdout);
    assert!(row(&told, "test slip").starts_with("ok"));
    let slip = fs::read_to_string(home.path().join("receipts.txt")).unwrap();
    assert!(slip.contains("kasse doctor") && slip.contains("ÄÖÜ"), "{slip}");
    let told = Home::new().run(&["doctor", "--print"]);
    assert_eq!(told.code, 9, "{}", told.stdout);
}

/// From a file: every kind of scan, and nothing of a card.
#[test]
fn the_scanner_test_shows_what_arrives_and_no_card() {
    let scans = "4006381333931\r\n9276004424644352\t%B4111111111111111^DOE/JANE^2512?\n2912";
    let told = Home::new().run_with_input(&["doctor", "--scanner"], scans);
    assert_eq!((told.code, told.stderr.as_str()), (0, ""));
    for words in [
        "bytes       4006381333931\nrecognised  EAN-13, check digit right: no article has it\n\
         terminator  Enter (CR)",
        "and a line feed behind it",
        "loyalty card 9276 •••• •••• 4352\nterminator  Tab",
        "a bank card: refused, nothing of it is kept\nterminator  line feed (LF)",
        "terminator  none: the input ended",
    ] {
        assert!(told.stdout.contains(words), "{words}\n{}", told.stdout);
    }
    for secret in ["00442464", "411111", "DOE", "2512"] {
        assert!(!told.stdout.contains(secret), "{secret}\n{}", told.stdout);
    }
}

#[test]
fn the_scanner_test_on_a_terminal_is_left_by_esc() {
    let home = Home::new();
    let pty = home.start(env!("CARGO_BIN_EXE_kasse"), &["doctor", "--scanner"], 100, 24);
    pty.wait_for("Esc or Ctrl-D leaves");
    pty.keys("30037\r", "article 30037, ");
    pty.wait_for("Enter (CR)");
    pty.keys("\x1bOP", "key         F1");
    pty.keys("123", "no terminator came");
    pty.type_bytes("\x1b");
    assert_eq!(pty.exit_code(), 0);
}
