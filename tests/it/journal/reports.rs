//! `kasse journal list`, `show`, `export` and `verify`, as far as the journal writes them.

use kasse::journal::report::{self, Format, Listing, Period};
use kasse::journal::{Entry, Reader};
use proptest::prelude::*;
use rusqlite::Connection;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::journal::kit::{draft, filled, open, reader, stored, with_body};

const CARD: &str = "9276004429942845";
const MASKED: &str = "9276 **** **** 2845";

fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    String::from_utf8(out).unwrap()
}

fn with_cards() -> (TempDir, Reader) {
    let dir = tempfile::tempdir().unwrap();
    let hostile = "\u{1b}[2J\u{9b}31m\u{202e}\u{7f}";
    open(dir.path())
        .append_durable(vec![
            with_body(0, json!({ "card": CARD, "name": format!("Anna{hostile}") })),
            with_body(1, json!({ "basket": [{ "number": 9_276_004_429_942_845_u64 }] })),
            with_body(4, json!({ "note": format!("card {CARD}, \"quoted\", two\nlines") })),
        ])
        .unwrap();
    let reader = reader(dir.path());
    (dir, reader)
}

#[test]
fn a_list_has_a_line_for_each_sale() {
    let (_dir, reader) = with_cards();
    let list = text(|out| assert_eq!(report::list(&reader, out, Listing::All).unwrap(), None));
    assert_eq!(
        list,
        "2026-11-20T10:00:00Z  2026-11-20T10:00:01Z     2  intent  sale-0\n\
         2026-11-20T10:00:04Z  2026-11-20T10:00:04Z     1  open  sale-1\n"
    );
}

#[test]
fn a_sale_is_shown_with_its_bodies() {
    let (_dir, reader) = with_cards();
    let shown = text(|out| assert!(report::show(&reader, out, "sale-0").unwrap()));
    assert_eq!(
        shown,
        format!(
            "1  2026-11-20T10:00:00Z  open\n    {{\n      \"card\": \"{MASKED}\",\n      \
             \"name\": \"Anna\\u001b[2J\\u009b31m\\u202e\\u007f\"\n    }}\n\
             2  2026-11-20T10:00:01Z  intent\n    {{\n      \"basket\": [\n        {{\n          \
             \"number\": \"{MASKED}\"\n        }}\n      ]\n    }}\n"
        )
    );
    let unknown = text(|out| assert!(!report::show(&reader, out, "sale-9").unwrap()));
    assert_eq!(unknown, "");
}

#[test]
fn no_report_has_a_card_number_or_a_control_character() {
    let (_dir, reader) = with_cards();
    for report in [
        text(|out| assert_eq!(report::list(&reader, out, Listing::All).unwrap(), None)),
        text(|out| assert!(report::show(&reader, out, "sale-0").unwrap())),
        text(|out| assert!(report::show(&reader, out, "sale-1").unwrap())),
        text(|out| report::export(&reader, out, Format::Json, Period::default()).unwrap()),
        text(|out| report::export(&reader, out, Format::Csv, Period::default()).unwrap()),
    ] {
        assert!(!report.is_empty());
        assert!(!report.contains("9276004429"), "{report}");
        assert!(report.chars().all(|c| c == '\n' || !kasse::text::is_harmful(c)), "{report:?}");
    }
}

#[test]
fn csv_has_a_row_for_each_entry() {
    let (_dir, reader) = with_cards();
    let export = text(|out| report::export(&reader, out, Format::Csv, Period::default()).unwrap());
    let mut rows = csv::Reader::from_reader(export.as_bytes());
    assert_eq!(rows.headers().unwrap(), vec!["seq", "at", "mode", "sale", "kind", "body"]);
    let rows: Vec<_> = rows.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 3);
    assert_eq!(
        rows[2].iter().take(5).collect::<Vec<_>>(),
        ["3", "2026-11-20T10:00:04Z", "sandbox", "sale-1", "open"]
    );
    let body: Value = serde_json::from_str(&rows[2][5]).unwrap();
    assert_eq!(body, json!({ "note": format!("card {MASKED}, \"quoted\", two\nlines") }));
}

#[test]
fn an_export_is_read_back_even_if_it_is_empty() {
    for count in [0, 1, 7] {
        let dir = tempfile::tempdir().unwrap();
        filled(dir.path(), count);
        let reader = reader(dir.path());
        let export =
            text(|out| report::export(&reader, out, Format::Json, Period::default()).unwrap());
        // Any JSON reader, not just ours.
        assert_eq!(
            serde_json::from_str::<Value>(&export).unwrap().as_array().unwrap().len(),
            count
        );
        let entries = report::read_json(export.as_bytes()).unwrap();
        assert!(entries == stored(&(0..count).map(draft).collect::<Vec<_>>()));
    }
}

#[test]
fn an_output_that_breaks_off_is_an_error() {
    let (_dir, reader) = with_cards();
    for format in [Format::Json, Format::Csv] {
        let mut short = [0; 20];
        report::export(&reader, &mut short.as_mut_slice(), format, Period::default()).unwrap_err();
    }
}

#[test]
fn the_verdict_says_what_was_found() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), 5);
    let before = text(|out| assert!(report::verify(&reader(dir.path()), out, |_, _| {}).unwrap()));
    assert!(before.starts_with("sandbox: 5 entries, no change detected\ntill "), "{before}");
    Connection::open(dir.path().join("journal-sandbox.db"))
        .unwrap()
        .execute_batch("UPDATE entries SET body = replace(body, '3', '4') WHERE seq = 4")
        .unwrap();
    let after = text(|out| assert!(!report::verify(&reader(dir.path()), out, |_, _| {}).unwrap()));
    let found = "entry 4: content or hash was changed\nsandbox: 5 entries, CHANGES DETECTED\n";
    assert!(after.starts_with(found), "{after}");
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        // A longer number may be that of a card, and is masked.
        (-99_999_999_999..=99_999_999_999_i64).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((any::<String>(), inner), 0..4)
                .prop_map(|fields| fields.into_iter().collect::<Value>()),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_export_round_trips(bodies in prop::collection::vec((any::<String>(), any_json()), 1..6)) {
        let dir = tempfile::tempdir().unwrap();
        let drafts: Vec<_> = bodies
            .into_iter()
            .enumerate()
            .map(|(number, (sale, body))| kasse::journal::Draft { sale, ..with_body(number, body) })
            .collect();
        open(dir.path()).append_durable(drafts.clone()).unwrap();
        let reader = reader(dir.path());
        let export = text(|out| report::export(&reader, out, Format::Json, Period::default()).unwrap());
        let entries: Vec<Entry> = report::read_json(export.as_bytes()).unwrap();
        prop_assert_eq!(&entries, &stored(&drafts));
        let verdict = reader.verify(|_, _| {}).unwrap();
        prop_assert!(verdict.is_sound());
    }
}
