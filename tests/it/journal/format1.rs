//! A journal of format 1, written by the version before: it opens, sells on, and says the same.

use std::fs;
use std::path::Path;

use kasse::journal::report::{self, Format, Listing, Period, read_json};
use kasse::journal::{Draft, Entry, Fold, Journal, JournalError, Mode, Upkeep};
use rusqlite::Connection;

use crate::journal::kit::{all, draft, open, reader};
use crate::pty::kit::until;

const DB: &str = "journal-sandbox.db";

fn unpacked(packed: &[u8]) -> Vec<u8> {
    zstd::decode_all(packed).unwrap()
}

/// The journal as that version wrote it: 520 entries, among them paid, parked and unknown sales.
pub fn put(dir: &Path) {
    fs::write(dir.join(DB), unpacked(include_bytes!("format1/journal-sandbox.db.zst"))).unwrap();
}

/// What that version exported as JSON, and listed.
fn said_then() -> (Vec<u8>, String) {
    let list = unpacked(include_bytes!("format1/list.txt.zst"));
    (unpacked(include_bytes!("format1/export.json.zst")), String::from_utf8(list).unwrap())
}

#[test]
fn it_is_read_only_after_a_start_has_converted_it() {
    let dir = tempfile::tempdir().unwrap();
    put(dir.path());
    let before = fs::read(dir.path().join(DB)).unwrap();
    let error = Journal::read_only(dir.path(), Mode::Sandbox).err().unwrap();
    assert!(matches!(error, JournalError::Older { found: 1, .. }), "{error}");
    assert!(fs::read(dir.path().join(DB)).unwrap() == before);
}

#[test]
fn its_entries_list_and_export_are_the_same_and_it_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    put(dir.path());
    let journal = open(dir.path());
    assert_eq!(journal.missing_end(), None);
    let reader = journal.reader().unwrap();
    let (export, list) = said_then();
    let then = read_json(export.as_slice()).unwrap();
    let mut now = Vec::new();
    report::export(&reader, &mut now, Format::Json, Period::default()).unwrap();
    assert_eq!(read_json(now.as_slice()).unwrap(), then);
    let mut now = Vec::new();
    assert_eq!(report::list(&reader, &mut now, Listing::All).unwrap(), None);
    // What belongs to no sale is not listed any more.
    let of_sales: String =
        list.split_inclusive('\n').filter(|line| !line.ends_with(" \n")).collect();
    assert_eq!(String::from_utf8(now).unwrap(), of_sales);
    assert_eq!(list.lines().count(), of_sales.lines().count() + 1);
    for sale in ["01a221710538713995a6c73c13a74b80-2", "01a22171f7727039865c8e3795af0b28-2"] {
        let expected: Vec<_> = then.iter().filter(|entry| entry.sale == sale).collect();
        let found = reader.entries_of(sale).unwrap();
        assert!(found.len() == expected.len() && !found.is_empty());
    }
    let paid = then.iter().filter(|entry| entry.kind == "paid").count();
    assert_eq!(reader.finished(None, 1_000).unwrap().len(), paid);

    journal.append_durable((0..8).map(draft).collect()).unwrap();
    let verdict = reader.verify(|_, _| {}).unwrap();
    assert!(verdict.is_sound(), "{verdict:?}");
    assert_eq!(verdict.entries, 528);
    let mut said = Vec::new();
    assert!(report::verify(&reader, &mut said, |_, _| {}).unwrap());
    let said = String::from_utf8(said).unwrap();
    assert!(said.contains("entries 1 to 520 are of the first format"), "{said}");
    // An export has hashes for the new entries alone.
    let mut export = Vec::new();
    report::export(&reader, &mut export, Format::Json, Period::default()).unwrap();
    let mut said = Vec::new();
    assert!(report::check(export.as_slice(), &mut said).unwrap());
    let said = String::from_utf8(said).unwrap();
    assert!(
        said.contains("528 entries, no change detected; 0 with a masked body, 520 without a hash"),
        "{said}"
    );
}

#[test]
fn a_change_made_before_or_after_the_conversion_is_detected() {
    let dir = tempfile::tempdir().unwrap();
    put(dir.path());
    let change = "UPDATE entries SET body = replace(body, '249', '248') WHERE seq = (
                  SELECT min(seq) FROM entries WHERE body LIKE '%249%')";
    let path = dir.path().join(DB);
    Connection::open(&path).unwrap().execute(change, ()).unwrap();
    let before = fs::read(&path).unwrap();
    let error = Journal::open(dir.path(), Mode::Sandbox, |_| {}).unwrap_err();
    assert!(error.to_string().contains("content or hash was changed"), "{error}");
    assert!(fs::read(&path).unwrap() == before, "nothing is converted");

    let dir = tempfile::tempdir().unwrap();
    put(dir.path());
    drop(open(dir.path()));
    let connection = Connection::open(dir.path().join(DB)).unwrap();
    connection.execute(change, ()).unwrap();
    drop(connection);
    assert!(!reader(dir.path()).verify(|_, _| {}).unwrap().is_sound());
}

#[test]
fn an_end_that_was_missing_before_the_conversion_is_asked_about() {
    let dir = tempfile::tempdir().unwrap();
    put(dir.path());
    // The mark of a journal that had come further.
    let other = tempfile::tempdir().unwrap();
    open(other.path()).append_durable((0..600).map(draft).collect()).unwrap();
    let mark = "journal-sandbox.mark";
    fs::copy(other.path().join(mark), dir.path().join(mark)).unwrap();
    let missing = open(dir.path()).missing_end().cloned().unwrap();
    assert_eq!((missing.found, missing.noted), (520, Some(600)));
}

/// A fold to which all is closed.
#[derive(Clone)]
struct Closed;

impl Fold for Closed {
    fn format(&self) -> u32 {
        1
    }

    fn take(&mut self, _: Entry) -> Result<(), String> {
        Ok(())
    }

    fn save(&self) -> Result<Vec<u8>, String> {
        Ok(Vec::new())
    }

    fn load(&mut self, _: &[u8]) -> Result<(), String> {
        Ok(())
    }

    fn oldest_open(&self) -> Option<i64> {
        None
    }
}

#[test]
fn its_entries_can_be_archived_and_removed_up_to_the_last_one() {
    let dir = tempfile::tempdir().unwrap();
    put(dir.path());
    let upkeep = Upkeep { save_every: 1, archive_days: Some(1), ..Upkeep::default() };
    let start = |upkeep| {
        let lost = |lost| panic!("lost: {lost:?}");
        Journal::open_folded(dir.path(), Mode::Sandbox, Closed, upkeep, lost).unwrap().0
    };
    let number = |sql: &str| {
        let connection = Connection::open(dir.path().join(DB)).unwrap();
        connection.query_row(sql, (), |row| row.get::<_, i64>(0)).unwrap()
    };
    // Closing it writes a checkpoint of the last entry of format 1.
    drop(start(upkeep));
    let later = Draft { at: "2026-12-10T08:00:00.000Z".to_owned(), ..draft(0) };
    let journal = start(upkeep);
    journal.append_durable(vec![later]).unwrap();
    until("archived", || number("SELECT archived FROM about") == 520);
    assert!(journal.reader().unwrap().verify(|_, _| {}).unwrap().is_sound());
    drop(journal);
    let journal = start(Upkeep { keep_days: Some(1), ..upkeep });
    until("removed", || number("SELECT count(*) FROM archives WHERE dropped") == 1);
    drop(journal);
    let verdict = reader(dir.path()).verify(|_, _| {}).unwrap();
    assert!(verdict.is_sound(), "{verdict:?}");
    let connection = Connection::open(dir.path().join(DB)).unwrap();
    connection.execute("DELETE FROM checkpoints", ()).unwrap();
    drop((connection, start(upkeep)));
}

#[test]
fn each_new_journal_has_another_epoch_and_the_till_keeps_its_id() {
    let dir = tempfile::tempdir().unwrap();
    let mut known = Vec::new();
    for mode in [Mode::Sandbox, Mode::Sandbox, Mode::Live] {
        let journal = Journal::open(dir.path(), mode, |_| {}).unwrap();
        journal.append_durable(vec![draft(0)]).unwrap();
        let mut said = Vec::new();
        assert!(report::verify(&journal.reader().unwrap(), &mut said, |_, _| {}).unwrap());
        let said = String::from_utf8(said).unwrap();
        known.push(said.lines().nth(1).unwrap().to_owned());
        drop(journal);
        Journal::discard_sandbox(dir.path()).unwrap();
    }
    let till = |line: &String| line.split(", begun as ").next().unwrap().to_owned();
    assert_eq!(till(&known[0]), till(&known[2]));
    known.dedup();
    assert_eq!(known.len(), 3, "{known:?}");
    assert!(all(&Journal::read_only(dir.path(), Mode::Live).unwrap()).unwrap().len() == 1);
}
