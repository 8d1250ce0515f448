//! Appending, reading, grouping, modes.

use std::sync::{Arc, Barrier};
use std::thread;

use kasse::journal::{Journal, JournalError, Mode, SaleSummary};
use rusqlite::Connection;
use serde_json::json;

use crate::journal::kit::{all, draft, filled, open, reader, stored, with_body};

#[test]
fn what_was_appended_is_there_after_a_restart_in_order() {
    let dir = tempfile::tempdir().unwrap();
    let drafts: Vec<_> = (0..10).map(draft).collect();
    {
        let journal = open(dir.path());
        journal.append(drafts[0].clone()).unwrap();
        journal.append_durable(drafts[1..4].to_vec()).unwrap();
        // What was queued before is there together with it, for any reader.
        assert!(all(&journal.reader().unwrap()).unwrap() == stored(&drafts[..4]));
        journal.append(drafts[4].clone()).unwrap();
        journal.append(drafts[5].clone()).unwrap();
        // Dropped with two entries in the queue.
    }
    let journal = open(dir.path());
    assert!(all(&journal.reader().unwrap()).unwrap() == stored(&drafts[..6]));
    journal.append_durable(drafts[6..].to_vec()).unwrap();
    journal.flush().unwrap();
    journal.health().unwrap();
    drop(journal);
    let reader = reader(dir.path());
    assert!(all(&reader).unwrap() == stored(&drafts));
    let verdict = reader.verify(|_, _| {}).unwrap();
    assert!(verdict.is_sound(), "{verdict:?}");
    assert_eq!(verdict.entries, 10);
}

#[test]
fn a_thousand_queued_entries_take_few_commits() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(dir.path());
    // As if the disk were slow: the writer waits with its first group until all are queued.
    let other = Connection::open(journal.path()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    for number in 0..1_000 {
        journal.append(draft(number)).unwrap();
    }
    other.execute_batch("ROLLBACK").unwrap();
    journal.flush().unwrap();
    let commits = journal.commits();
    assert!((1..=3).contains(&commits), "{commits} commits");
    assert_eq!(all(&journal.reader().unwrap()).unwrap().len(), 1_000);
    // One batch is one commit, however large; an empty one is none.
    journal.append_durable((0..500).map(draft).collect()).unwrap();
    assert_eq!(journal.commits(), commits + 1);
    journal.append_durable(Vec::new()).unwrap();
    assert_eq!(journal.commits(), commits + 1);
}

#[test]
fn many_threads_share_commits_and_keep_their_order() {
    let dir = tempfile::tempdir().unwrap();
    let journal = Arc::new(open(dir.path()));
    let together = Arc::new(Barrier::new(8));
    let threads: Vec<_> = (0..8)
        .map(|thread| {
            let (journal, together) = (Arc::clone(&journal), Arc::clone(&together));
            thread::spawn(move || {
                together.wait();
                for step in 0..40 {
                    let entry = with_body(step, json!({ "thread": thread, "step": step }));
                    if step % 4 == 3 {
                        journal.append_durable(vec![entry]).unwrap();
                    } else {
                        journal.append(entry).unwrap();
                    }
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    let reader = journal.reader().unwrap();
    assert!(reader.verify(|_, _| {}).unwrap().is_sound());
    let entries = all(&reader).unwrap();
    assert_eq!(entries.len(), 320);
    for thread in 0..8 {
        let steps: Vec<_> = entries
            .iter()
            .filter(|entry| entry.body["thread"] == thread)
            .map(|entry| entry.body["step"].as_u64().unwrap())
            .collect();
        assert!(steps.iter().copied().eq(0..40), "{thread}: {steps:?}");
    }
}

#[test]
fn sales_are_found_and_summed_up() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), 10);
    let reader = reader(dir.path());
    let of = |entries: &[usize]| {
        let all = stored(&(0..10).map(draft).collect::<Vec<_>>());
        entries.iter().map(|number| all[*number].clone()).collect::<Vec<_>>()
    };
    assert!(reader.entries_of("sale-1").unwrap() == of(&[4, 5, 6, 7]));
    assert!(reader.entries_of("sale-2").unwrap() == of(&[8, 9]));
    assert!(reader.entries_of("sale-3").unwrap().is_empty());
    assert!(reader.entries_of("' OR 1=1 --").unwrap().is_empty());
    let sales = reader.sales(None, 10).unwrap();
    assert_eq!(sales.iter().map(|(first, _)| *first).collect::<Vec<_>>(), [9, 5, 1]);
    assert_eq!(
        sales[0].1,
        SaleSummary {
            sale: "sale-2".to_owned(),
            first_at: "2026-11-20T10:00:08Z".to_owned(),
            last_at: "2026-11-20T10:00:09Z".to_owned(),
            last_kind: "intent".to_owned(),
            entries: 2,
        }
    );
    let mut seen = Vec::new();
    reader
        .for_each(8, |entry| {
            seen.push(entry.seq);
            if entry.seq == 9 { Err(JournalError::Stopped) } else { Ok(()) }
        })
        .unwrap_err();
    assert_eq!(seen, [8, 9]);
}

#[test]
fn sandbox_and_live_sales_never_meet() {
    let dir = tempfile::tempdir().unwrap();
    let sandbox = open(dir.path());
    // Another mode has its own lock, too.
    let live = Journal::open(dir.path(), Mode::Live, |_| {}).unwrap();
    sandbox.append_durable(vec![draft(0)]).unwrap();
    live.append_durable(vec![draft(4), draft(5)]).unwrap();
    assert_eq!(all(&sandbox.reader().unwrap()).unwrap().len(), 1);
    let entries = all(&live.reader().unwrap()).unwrap();
    assert_eq!(entries.len(), 2);
    assert!(entries.iter().all(|entry| entry.mode == Mode::Live));
    let (sandbox, live) = {
        let paths = (sandbox.path().to_owned(), live.path().to_owned());
        drop((sandbox, live));
        paths
    };
    // Play money copied over real money.
    std::fs::copy(&sandbox, &live).unwrap();
    let wrong = JournalError::WrongMode { path: live, found: Mode::Sandbox, wanted: Mode::Live };
    assert_eq!(Journal::open(dir.path(), Mode::Live, |_| {}).unwrap_err(), wrong);
    assert_eq!(Journal::read_only(dir.path(), Mode::Live).err(), Some(wrong));
}

#[test]
fn a_reader_works_beside_a_console_that_writes() {
    let dir = tempfile::tempdir().unwrap();
    let missing = Journal::read_only(dir.path(), Mode::Sandbox).err().unwrap();
    assert!(matches!(missing, JournalError::Missing { .. }), "{missing:?}");
    let journal = open(dir.path());
    let reader = reader(dir.path());
    assert!(all(&reader).unwrap().is_empty());
    for number in 0..50 {
        journal.append_durable(vec![draft(number)]).unwrap();
        assert_eq!(all(&reader).unwrap().len(), number + 1);
    }
    // A walk sees one moment, although entries arrive in the middle of it.
    let mut walked = 0;
    reader
        .for_each(1, |_| {
            walked += 1;
            journal.append_durable(vec![draft(walked)])
        })
        .unwrap();
    assert_eq!(walked, 50);
    assert!(reader.verify(|_, _| {}).unwrap().is_sound());
}

#[test]
fn debug_output_shows_no_card_number() {
    let entry = with_body(0, json!({ "card": "9276004429942845" }));
    let text = format!("{entry:?} {:?}", stored(std::slice::from_ref(&entry)));
    assert_eq!(text.matches("9276 **** **** 2845").count(), 2, "{text}");
    assert!(!text.contains("9276004429942845"));
}
