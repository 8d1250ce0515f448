//! `kasse journal` as the shop's owner uses it: beside a running console, and afterwards.

use kasse::journal::report::read_json;
use kasse::sandbox::Options;
use kasse::till::Change;
use kasse::worker::Background;
use rusqlite::Connection;
use serde_json::Value;

use crate::journeys::kit::Server;
use crate::pty::home::{Finished, Home};

fn journal(home: &Home, args: &[&str]) -> Finished {
    home.run(&[&["journal"], args].concat())
}

fn good(home: &Home, args: &[&str]) -> String {
    let ended = journal(home, args);
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""), "{}", ended.stdout);
    ended.stdout
}

#[test]
fn the_journal_is_read_beside_a_running_console_and_verify_finds_a_changed_byte() {
    let background = Background::start().unwrap();
    let server = Server::start(&background, Options::default());
    let home = Home::new().account(&server.url, "sandbox", "sandbox");
    assert_eq!(good(&home, &["list"]), "", "before the first sale");

    let pty = home.console(80, 24);
    pty.keys("30037\r9276004424644352\r", "● created");
    pty.keys("+", "Payment: ");
    pty.keys("+", "─ ● ok");
    pty.keys("30200\r", "Fruit salad");

    // What is scanned is queued: it is on the disk soon, not before it is shown.
    while good(&home, &["list"]).lines().count() < 2 {
        assert!(!pty.screen().contains("STOPPED"), "{}", pty.screen());
    }
    let list = good(&home, &["list"]);
    let rows: Vec<&str> = list.lines().collect();
    assert_eq!(rows.len(), 2, "{list}");
    assert!(rows[0].contains("  paid  "), "{list}");
    let sale = rows[0].split_whitespace().last().unwrap();

    let shown = good(&home, &["show", sale]);
    for word in ["Sandwich Romano", "  line", "  start", "  paid"] {
        assert!(shown.contains(word), "{word}\n{shown}");
    }
    assert_eq!(journal(&home, &["show", "no-such-sale"]).code, 8);

    let export = good(&home, &["export", "--format", "json"]);
    assert!(!export.contains("9276004424644352") && !shown.contains("9276004424644352"));
    let parsed: Vec<Value> = serde_json::from_str(&export).unwrap();
    let entries = read_json(export.as_bytes()).unwrap();
    assert_eq!(parsed.len(), entries.len());
    for (parsed, entry) in parsed.iter().zip(&entries) {
        assert_eq!((&parsed["seq"], &parsed["body"]), (&entry.seq.into(), &entry.body));
    }
    let file = home.path().join("export.json");
    std::fs::write(&file, &export).unwrap();
    let checked = good(&home, &["verify", file.to_str().unwrap()]);
    assert!(
        checked.starts_with(&format!("{} entries, no change detected", entries.len())),
        "{checked}"
    );
    std::fs::write(&file, export.replace("Romano", "Milano")).unwrap();
    let checked = journal(&home, &["verify", file.to_str().unwrap()]);
    assert_eq!(checked.code, 8, "{}", checked.stdout);
    assert!(checked.stdout.contains("entry 1: was changed"), "{}", checked.stdout);
    for entry in &entries {
        let change: Change = serde_json::from_value(entry.body.clone()).unwrap();
        assert_eq!(change.kind(), entry.kind);
        assert_eq!(serde_json::to_value(&change).unwrap(), entry.body);
    }
    let csv = good(&home, &["export", "--format", "csv"]);
    let mut table = csv::Reader::from_reader(csv.as_bytes());
    let table: Vec<csv::StringRecord> = table.records().collect::<Result<_, _>>().unwrap();
    assert_eq!(table.len(), entries.len());
    for (row, entry) in table.iter().zip(&entries) {
        assert_eq!(row[0], entry.seq.to_string());
        assert_eq!(serde_json::from_str::<Value>(&row[5]).unwrap(), entry.body);
    }
    assert!(good(&home, &["verify"]).contains("no change detected"));

    // Somebody makes the paid sandwich a cent cheaper.
    let other = Connection::open(home.path().join("state/kasse/sandbox/journal-sandbox.db"));
    let changed = other
        .unwrap()
        .execute(
            "UPDATE entries SET body = replace(body, '\"price\":349', '\"price\":348') \
             WHERE kind = 'line' AND sale = (SELECT id FROM sales WHERE sale = ?1)",
            [sale],
        )
        .unwrap();
    assert_eq!(changed, 1);
    let seq = entries.iter().find(|entry| entry.kind == "line").unwrap().seq;
    let verdict = journal(&home, &["verify"]);
    assert_eq!(verdict.code, 8, "{}", verdict.stdout);
    assert!(verdict.stdout.contains("CHANGES DETECTED"), "{}", verdict.stdout);
    assert!(verdict.stdout.contains(&format!("{seq}")), "{}", verdict.stdout);
    assert!(!pty.screen().contains("STOPPED"), "{}", pty.screen());
}
