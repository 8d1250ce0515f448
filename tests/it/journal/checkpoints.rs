//! Checkpoints: a start reads the newest good one and the entries behind it.

use std::path::Path;

use kasse::journal::{Journal, JournalError, Mode, Resumed, Upkeep};
use rstest::rstest;
use rusqlite::Connection;

use crate::journal::kit::{Sums, draft, filled, open_with_sums, sums};

const EVERY: Upkeep =
    Upkeep { save_every: 1, archive_bytes: u64::MAX, archive_days: None, keep_days: None };

/// Checkpoints behind the entries 10, 20 and 30, and five entries without one.
fn with_checkpoints(dir: &Path) {
    for last in [10, 20, 30] {
        let (journal, found) = open_with_sums(dir, EVERY);
        assert_eq!(found, sums(last - 10));
        // Closing writes one.
        journal.append_durable((last - 10..last).map(draft).collect()).unwrap();
    }
    let journal = Journal::open(dir, Mode::Sandbox, |_| {}).unwrap();
    journal.append_durable((30..35).map(draft).collect()).unwrap();
}

fn start(dir: &Path) -> (Sums, Resumed) {
    let (journal, found) = open_with_sums(dir, EVERY);
    (found, journal.resumed().clone())
}

fn change(dir: &Path, sql: &str) {
    let connection = Connection::open(dir.join("journal-sandbox.db")).unwrap();
    assert!(connection.execute(sql, ()).unwrap() > 0, "{sql}");
}

#[test]
fn a_start_reads_the_newest_checkpoint_and_the_entries_behind_it() {
    let dir = tempfile::tempdir().unwrap();
    with_checkpoints(dir.path());
    let (found, resumed) = start(dir.path());
    assert_eq!(found, sums(35));
    assert_eq!(resumed, Resumed { checkpoint: Some(30), rejected: Vec::new(), replayed: 5 });
    // The close of that start wrote one that needs no entry any more.
    let (found, resumed) = start(dir.path());
    assert_eq!(found, sums(35));
    assert_eq!(resumed, Resumed { checkpoint: Some(35), rejected: Vec::new(), replayed: 0 });
}

#[test]
fn a_journal_that_is_not_closed_has_the_checkpoints_of_quiet_moments() {
    let dir = tempfile::tempdir().unwrap();
    let (journal, _) = open_with_sums(dir.path(), EVERY);
    journal.append_durable((0..8).map(draft).collect()).unwrap();
    let connection = Connection::open(dir.path().join("journal-sandbox.db")).unwrap();
    let newest = "SELECT max(seq) FROM checkpoints";
    while connection.query_row(newest, (), |row| row.get(0)) != Ok(Some(8_i64)) {
        std::thread::yield_now();
    }
}

#[rstest]
#[case::body("UPDATE checkpoints SET body = CAST(replace(body, '3', '4') AS BLOB) WHERE seq = 30")]
#[case::hash("UPDATE checkpoints SET hash = zeroblob(32) WHERE seq = 30")]
#[case::moved("UPDATE checkpoints SET seq = 31 WHERE seq = 30")]
#[case::of_another_format("UPDATE checkpoints SET format = 6 WHERE seq = 30")]
#[case::torn("UPDATE checkpoints SET body = x'', digest = x'00' WHERE seq = 30")]
fn a_bad_checkpoint_is_named_and_the_one_before_it_is_used(#[case] sql: &str) {
    let dir = tempfile::tempdir().unwrap();
    with_checkpoints(dir.path());
    change(dir.path(), sql);
    let (found, resumed) = start(dir.path());
    assert_eq!(found, sums(35));
    assert_eq!((resumed.checkpoint, resumed.replayed), (Some(20), 15));
    assert_eq!(resumed.rejected.len(), 1, "{:?}", resumed.rejected);
}

#[test]
fn without_a_good_checkpoint_all_entries_are_read() {
    let dir = tempfile::tempdir().unwrap();
    with_checkpoints(dir.path());
    change(dir.path(), "UPDATE checkpoints SET digest = zeroblob(32)");
    let (found, resumed) = start(dir.path());
    assert_eq!(found, sums(35));
    assert_eq!((resumed.checkpoint, resumed.replayed), (None, 35));
    let numbers: Vec<i64> = resumed.rejected.iter().map(|(seq, _)| *seq).collect();
    assert_eq!(numbers, [30, 20, 10]);

    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), 35);
    let (found, resumed) = start(dir.path());
    assert_eq!(found, sums(35));
    assert_eq!(resumed, Resumed { checkpoint: None, rejected: Vec::new(), replayed: 35 });
}

#[test]
fn a_checkpoint_of_a_journal_that_lost_its_end_is_not_used() {
    let dir = tempfile::tempdir().unwrap();
    with_checkpoints(dir.path());
    change(dir.path(), "DELETE FROM entries WHERE seq > 25");
    change(
        dir.path(),
        "UPDATE about SET seq = 25, hash = (SELECT hash FROM entries WHERE seq = 25)",
    );
    let (found, resumed) = start(dir.path());
    assert_eq!(found, sums(25));
    assert_eq!((resumed.checkpoint, resumed.replayed), (Some(20), 5));
}

#[rstest]
#[case::behind_the_checkpoint(33)]
#[case::before_the_checkpoint(7)]
fn a_changed_entry_near_the_end_stops_the_start(#[case] seq: i64) {
    let dir = tempfile::tempdir().unwrap();
    with_checkpoints(dir.path());
    change(dir.path(), &format!("UPDATE entries SET body = '{{}}' WHERE seq = {seq}"));
    let opened = Journal::open_folded(dir.path(), Mode::Sandbox, Sums::default(), EVERY, |_| {});
    let error = opened.err().unwrap();
    assert!(error.to_string().contains(&format!("entry {seq}: content or hash")), "{error}");
}

#[test]
fn an_entry_that_the_fold_cannot_read_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let odd = crate::journal::kit::with_body(0, serde_json::json!({}));
    Journal::open(dir.path(), Mode::Sandbox, |_| {}).unwrap().append_durable(vec![odd]).unwrap();
    let opened = Journal::open_folded(dir.path(), Mode::Sandbox, Sums::default(), EVERY, |_| {});
    assert!(matches!(opened, Err(JournalError::Entry { seq: 1, .. })), "{opened:?}");
}
