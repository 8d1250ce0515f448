//! Whatever is changed in the file afterwards, `verify` detects it.

use std::fs;
use std::path::Path;

use kasse::journal::{Break, Reason, Verdict};
use proptest::prelude::*;
use rstest::rstest;
use rusqlite::Connection;

use crate::journal::kit::{all, draft, filled, reader, stored};

const ENTRIES: usize = 12;

fn changed(dir: &Path, sql: &str) -> Verdict {
    filled(dir, ENTRIES);
    let other = Connection::open(dir.join("journal-sandbox.db")).unwrap();
    other.execute_batch(sql).unwrap();
    drop(other);
    reader(dir).verify(|_, _| {}).unwrap()
}

fn broken(seq: i64, reason: Reason) -> Break {
    Break { seq, reason }
}

#[rstest]
#[case::body("UPDATE entries SET body = '{}' WHERE seq = 3", vec![broken(3, Reason::Changed)])]
#[case::two_of_them(
    "UPDATE entries SET at = '2020' WHERE seq IN (3, 12)",
    vec![broken(3, Reason::Changed), broken(12, Reason::Changed)]
)]
#[case::shifted_between_fields(
    "UPDATE sales SET sale = sale || 'o' WHERE id = 1; UPDATE entries SET kind = 'pen' WHERE seq = 1",
    (1..=4).map(|seq| broken(seq, Reason::Changed)).collect()
)]
#[case::hash(
    "UPDATE entries SET hash = zeroblob(32) WHERE seq = 5",
    vec![broken(5, Reason::Changed), broken(6, Reason::Changed)]
)]
#[case::moved_to_another_sale(
    "UPDATE entries SET sale = 9 WHERE seq = 5",
    vec![broken(5, Reason::Changed)]
)]
#[case::another_till(
    "UPDATE about SET till = zeroblob(16)",
    vec![broken(1, Reason::Changed)]
)]
#[case::another_epoch(
    "UPDATE about SET epoch = zeroblob(16)",
    vec![broken(1, Reason::Changed)]
)]
#[case::as_if_of_format_1(
    "UPDATE about SET before_seq = 12, before_hash = hash",
    (1..=11).map(|seq| broken(seq, Reason::Changed)).chain([broken(12, Reason::Changed), broken(12, Reason::End)]).collect()
)]
#[case::taken_out(
    "DELETE FROM entries WHERE seq IN (4, 5)",
    vec![broken(4, Reason::Missing { until: 5 })]
)]
#[case::first_taken_away(
    "DELETE FROM entries WHERE seq = 1",
    vec![broken(1, Reason::Missing { until: 1 })]
)]
#[case::last_taken_away("DELETE FROM entries WHERE seq > 10", vec![broken(10, Reason::End)])]
#[case::all_taken_away("DELETE FROM entries", vec![broken(0, Reason::End)])]
#[case::renumbered(
    "DELETE FROM entries WHERE seq = 6; UPDATE entries SET seq = 6 WHERE seq = 12",
    vec![
        broken(6, Reason::Changed),
        broken(7, Reason::Changed),
        broken(11, Reason::End),
    ]
)]
fn changes_are_named(#[case] sql: &str, #[case] breaks: Vec<Break>) {
    let dir = tempfile::tempdir().unwrap();
    let verdict = changed(dir.path(), sql);
    assert_eq!(verdict.breaks, breaks);
    assert!(!verdict.is_sound());
}

#[test]
fn an_index_that_hides_entries_is_detected() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), 4 * ENTRIES);
    let path = dir.path().join("journal-sandbox.db");
    let other = Connection::open(&path).unwrap();
    let page: u32 = other
        .query_row(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_sales_1'",
            (),
            |row| row.get(0),
        )
        .unwrap();
    drop(other);
    let mut bytes = fs::read(&path).unwrap();
    let end = usize::try_from(page).unwrap() * 4096;
    let page = &mut bytes[end - 4096..end];
    let at = page.windows(7).position(|text| text == b"sale-11").unwrap();
    page[at + 6] = b'2';
    fs::write(&path, &bytes).unwrap();
    let verdict = reader(dir.path()).verify(|_, _| {}).unwrap();
    assert!(verdict.breaks.is_empty() && !verdict.structure.is_empty(), "{verdict:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_changed_byte_of_an_entry_is_detected_where_it_is(
        column in prop::sample::select(vec!["at", "sale", "kind", "body", "hash"]),
        seq in 1..=12_u32,
        position: prop::sample::Index,
        flip in 1..=255_u8,
    ) {
        let dir = tempfile::tempdir().unwrap();
        filled(dir.path(), ENTRIES);
        let other = Connection::open(dir.path().join("journal-sandbox.db")).unwrap();
        // The reference stands once, for all entries of the sale.
        let (table, id, first) = match column {
            "sale" => ("sales", "id", (seq - 1) / 4 * 4 + 1),
            _ => ("entries", "seq", seq),
        };
        let read = format!("SELECT CAST({column} AS BLOB) FROM {table} WHERE {id} = ?1");
        let mut bytes: Vec<u8> = other.query_row(&read, [first], |row| row.get(0)).unwrap();
        let position = position.index(bytes.len());
        bytes[position] ^= flip;
        let kind = if column == "hash" { "BLOB" } else { "TEXT" };
        let write = format!("UPDATE {table} SET {column} = CAST(?1 AS {kind}) WHERE {id} = ?2");
        prop_assert_eq!(other.execute(&write, (&bytes, first)).unwrap(), 1);
        drop(other);
        let verdict = reader(dir.path()).verify(|_, _| {}).unwrap();
        prop_assert_eq!(verdict.breaks.first().map(|first| first.seq), Some(i64::from(first)));
    }

    #[test]
    fn a_changed_byte_of_the_file_is_detected_or_harmless(
        position: prop::sample::Index,
        flip in 1..=255_u8,
    ) {
        let dir = tempfile::tempdir().unwrap();
        filled(dir.path(), ENTRIES);
        let path = dir.path().join("journal-sandbox.db");
        let mut bytes = fs::read(&path).unwrap();
        let position = position.index(bytes.len());
        bytes[position] ^= flip;
        fs::write(&path, &bytes).unwrap();
        // Unused space and counters may change; what is read may not, without being noticed.
        let Ok(reader) = kasse::journal::Journal::read_only(
            dir.path(),
            kasse::journal::Mode::Sandbox,
        ) else {
            return Ok(());
        };
        if reader.verify(|_, _| {}).is_ok_and(|verdict| verdict.is_sound()) {
            let entries = stored(&(0..ENTRIES).map(draft).collect::<Vec<_>>());
            prop_assert!(all(&reader).unwrap() == entries);
            for sale in 0..ENTRIES / 4 {
                let found = reader.entries_of(&format!("sale-{sale}")).unwrap();
                prop_assert!(found == entries[sale * 4..sale * 4 + 4]);
            }
        }
    }
}
