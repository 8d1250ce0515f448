//! Tests of the journal that need to reach inside it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::sync::mpsc::channel;

use serde_json::json;

use super::writer::OnError;
use super::*;

fn draft(number: usize) -> Draft {
    Draft {
        at: format!("2026-11-20T10:00:{:02}Z", number % 60),
        sale: format!("sale-{}", number / 4),
        kind: "step".to_owned(),
        body: json!({ "number": number, "filling": "x".repeat(900) }),
        finishes: false,
    }
}

/// A journal whose file cannot grow beyond `pages`.
fn cramped(dir: &Path, pages: u32, on_error: OnError) -> Result<Journal, JournalError> {
    let store = Store::open(dir, Mode::Sandbox, |connection| {
        connection
            .pragma_update_and_check(None, "max_page_count", pages, |row| row.get::<_, u32>(0))
            .map(drop)
    })?;
    Journal::start(store, dir, None, Upkeep::default(), on_error)
}

#[test]
fn a_full_disk_ends_writing_and_keeps_what_was_written() {
    let dir = tempfile::tempdir().unwrap();
    let (tell, told) = channel();
    let journal = cramped(dir.path(), 40, Box::new(move |lost| tell.send(lost).unwrap())).unwrap();
    let path = journal.path().to_owned();
    let full = JournalError::DiskFull { path };
    let mut durable = 0;
    let error = loop {
        match journal.append_durable(vec![draft(durable)]) {
            Ok(()) => durable += 1,
            Err(error) => break error,
        }
    };
    assert_eq!(error, full);
    assert!(durable > 5, "{durable}");

    // From here on everything is refused, small as it may be.
    assert_eq!(journal.health(), Err(full.clone()));
    assert_eq!(journal.append_durable(vec![draft(0)]), Err(full.clone()));
    assert_eq!(journal.append(draft(0)), Err(full.clone()));
    assert_eq!(journal.flush(), Err(full));
    let reader = journal.reader().unwrap();
    drop(journal);
    assert!(told.try_recv().is_err(), "nobody's entry was lost silently");
    let verdict = reader.verify(|_, _| {}).unwrap();
    assert!(verdict.is_sound(), "{verdict:?}");
    assert_eq!(verdict.entries, durable as u64);
    drop(reader);

    // With room again, the next start goes on where it ended.
    let journal = Journal::open(dir.path(), Mode::Sandbox, |_| {}).unwrap();
    journal.append_durable(vec![draft(durable)]).unwrap();
    let reader = journal.reader().unwrap();
    assert_eq!(reader.verify(|_, _| {}).unwrap().entries, durable as u64 + 1);
}

#[test]
fn queued_entries_that_do_not_fit_are_reported() {
    let dir = tempfile::tempdir().unwrap();
    let (tell, told) = channel();
    let journal = cramped(dir.path(), 30, Box::new(move |lost| tell.send(lost).unwrap())).unwrap();
    let mut accepted = Vec::new();
    for number in 0.. {
        match journal.append(draft(number)) {
            Ok(()) => accepted.push(draft(number)),
            Err(_) => break,
        }
    }
    let reader = journal.reader().unwrap();
    drop(journal);
    // Every accepted entry is either stored or reported, in order.
    let mut accounted = Vec::new();
    reader
        .for_each(1, |Entry { at, sale, kind, body, .. }| {
            accounted.push(Draft { at, sale, kind, body, finishes: false });
            Ok::<_, JournalError>(())
        })
        .unwrap();
    let lost: Vec<Lost> = told.iter().collect();
    assert!(!lost.is_empty());
    for lost in lost {
        assert!(matches!(lost.error, JournalError::DiskFull { .. }), "{:?}", lost.error);
        accounted.extend(lost.entries);
    }
    assert!(accounted == accepted, "{} of {}", accounted.len(), accepted.len());
}

#[test]
fn a_disk_that_is_full_at_the_start_is_noticed_then() {
    let dir = tempfile::tempdir().unwrap();
    let error = cramped(dir.path(), 1, Box::new(|_| {})).unwrap_err();
    assert!(matches!(error, JournalError::DiskFull { .. }), "{error:?}");
}

#[test]
fn a_writer_that_dies_is_an_error_for_every_waiting_caller() {
    let dir = tempfile::tempdir().unwrap();
    let journal = cramped(dir.path(), 30, Box::new(|_| panic!("the callback is broken"))).unwrap();
    let mut number = 0;
    while journal.append(draft(number)).is_ok() {
        number += 1;
    }
    assert!(journal.append_durable(vec![draft(0)]).is_err());
    assert!(journal.health().is_err());
    assert!(journal.flush().is_err());
}

#[test]
fn a_console_that_died_in_the_middle_of_the_first_start_is_no_obstacle() {
    let dir = tempfile::tempdir().unwrap();
    let path = place::file(dir.path(), Mode::Live);
    place::make_private(&path).unwrap();
    let error = Journal::read_only(dir.path(), Mode::Live).err().unwrap();
    assert_eq!(error, JournalError::Missing { path });
    let journal = Journal::open(dir.path(), Mode::Live, |_| {}).unwrap();
    journal.append_durable(vec![draft(1)]).unwrap();
}
