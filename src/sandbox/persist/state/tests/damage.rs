//! Damaged files, missing ones, and disks that fail.

use std::io::Write;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::*;
use crate::sandbox::fixtures::{SEED_TOKEN, SEED_TRANSACTION};
use crate::sandbox::http::options::Options;
use crate::sandbox::http::server::{SandboxError, bind_to};

#[test]
fn an_unfinished_last_step_counts_as_never_happened() {
    let kit = Kit::new();
    let ledger = kit.open();
    let id = ledger.create::<Transaction>(&body(CARD_VOUCHER, 300, ""), AT).unwrap().id;
    let before = all(&ledger);
    flush(&ledger);
    let log = kit.beside(".log1");
    let kept = fs::read(&log).unwrap();
    ledger.start::<Transaction>(&id, StartMethod::Loyalty, AT).unwrap();
    drop(ledger);
    let whole = fs::read(&log).unwrap();
    for end in [kept.len(), kept.len() + 1, kept.len() + 40, whole.len() - 1] {
        fs::write(&log, &whole[..end]).unwrap();
        let again = kit.open();
        assert_eq!(all(&again), before, "{end}");
        assert_eq!(again.loyalty_transactions(), 0);
        drop(again);
        assert_eq!(all(&kit.open()), before, "what was torn is cut off, so more can follow");
    }
    fs::write(&log, &whole).unwrap();
    assert_eq!(kit.open().loyalty_transactions(), 1);
}

#[test]
fn a_damaged_file_is_refused_unchanged_and_fresh_replaces_it() {
    let kit = Kit::new();
    let ledger = kit.open();
    sell(&ledger, 1);
    // More steps follow in another frame, so that this one cannot pass for torn.
    flush(&ledger);
    sell(&ledger, 1);
    drop(ledger);
    let (snapshot, log) = (kit.path(), kit.beside(".log1"));
    let wholes = [&snapshot, &log].map(|path| fs::read(path).unwrap());
    // In the first line, in a text, in the head of a later frame.
    let first = wholes[1].iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let second = first + wholes[1][first..].iter().position(|byte| *byte == b'\n').unwrap() + 1;
    for (path, whole, damage, line) in [
        (&snapshot, &wholes[0], 30, 1),
        (&snapshot, &wholes[0], wholes[0].len() - 30, 3),
        (&log, &wholes[1], second + 3, 3),
        (&log, &wholes[1], second + 30, 3),
    ] {
        let mut damaged = whole.clone();
        damaged[damage] ^= 4;
        fs::write(path, &damaged).unwrap();
        let error = kit.try_open(false).unwrap_err();
        let told =
            matches!(&error, StateError::Damaged { path: at, line: l } if at == path && *l == line);
        assert!(told, "{error}, not line {line}");
        assert!(error.to_string().ends_with("start with --fresh to begin anew"), "{error}");
        assert_eq!(fs::read(path).unwrap(), damaged);
        fs::write(path, whole).unwrap();
    }
    drop(kit.open());
    fs::write(kit.path(), "").unwrap();
    assert!(matches!(kit.try_open(false), Err(StateError::Damaged { line: 1, .. })));
    let fresh = kit.try_open(true).unwrap();
    assert_eq!(all(&fresh), all(&Ledger::new(Fixtures::default(), 3)));
}

#[test]
fn a_log_that_is_missing_or_belongs_to_other_books_is_never_passed_over() {
    let (kit, other) = (Kit::new(), Kit::new());
    trade(&kit.open());
    trade(&other.open());
    let log = kit.beside(".log1");
    fs::copy(other.beside(".log1"), &log).unwrap();
    assert!(matches!(kit.try_open(false), Err(StateError::Damaged { path, .. }) if path == log));
    fs::remove_file(&log).unwrap();
    assert!(matches!(kit.try_open(false), Err(StateError::Damaged { path, .. }) if path == log));
    // The snapshot without its name is no state, and what lies beside it counts for nothing.
    fs::remove_file(kit.path()).unwrap();
    assert_eq!(all(&kit.open()), all(&Ledger::new(Fixtures::default(), 3)));
}

#[test]
fn a_place_that_cannot_be_written_is_named() {
    let kit = Kit::new();
    fs::create_dir_all(kit.path()).unwrap();
    let error = kit.try_open(false).unwrap_err();
    assert!(matches!(error, StateError::Io { .. }), "{error}");
    assert!(error.to_string().contains("sandbox.jsonl"), "{error}");
}

/// New books whose log goes to a disk without room.
fn full(kit: &Kit) -> Ledger {
    let files = Files::at(&kit.path()).unwrap();
    let lock = files.lock().unwrap().unwrap();
    let kept = begin(&files, Book::new(Fixtures::default(), 0)).unwrap();
    let disk = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let kept = Kept { log: frame::Writer::new(disk), ..kept };
    let (book, state) = StateFile::start(files, lock, kept, LEAST_LOG).unwrap();
    Ledger::with(book, Some(state))
}

#[tokio::test]
async fn a_full_disk_stops_the_books() {
    let kit = Kit::new();
    let ledger = full(&kit);
    let state = ledger.state().unwrap();
    assert_eq!(state.synced(0).await, Ok(()));
    let id = ledger.create::<Transaction>(&body(CARD_VOUCHER, 300, ""), AT).unwrap().id;
    assert_eq!(state.synced(state.recorded()).await, Err(Refusal::Internal));
    // In memory it happened, but nothing may be told any more.
    let refused = ledger.start::<Transaction>(&id, StartMethod::Loyalty, AT);
    assert_eq!(refused.unwrap_err(), Refusal::Internal);
    assert_eq!(state.synced(0).await, Err(Refusal::Internal), "no answer may pass unnoticed");
    drop(ledger);
    assert_eq!(kit.open().transactions().len(), 1, "the fixtures' sale");
}

#[tokio::test]
async fn a_full_disk_ends_the_server_before_it_shows_what_is_not_kept() {
    let kit = Kit::new();
    let sandbox = bind_to(Options::default(), Arc::new(full(&kit))).await.unwrap();
    let mut stream = TcpStream::connect(sandbox.addr()).await.unwrap();
    let serving = tokio::spawn(sandbox.serve(std::future::pending()));
    let request = format!(
        "POST /api/v2/Smart/Transactions/{SEED_TRANSACTION}/start/cash HTTP/1.1\r\nHost: x\r\n\
         Authorization: Bearer {SEED_TOKEN}\r\nContent-Length: 0\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 500 ProductInternalException\r\n"), "{answer}");
    let ended = serving.await.unwrap().unwrap_err();
    assert!(matches!(ended, SandboxError::State(StateError::Io { .. })), "{ended}");
    let text = ended.to_string();
    assert!(text.starts_with("cannot use ") && text.contains("sandbox.jsonl: No space"), "{text}");
}

#[test]
fn a_snapshot_that_cannot_be_written_stops_the_books_and_loses_no_step() {
    let kit = Kit::new();
    let ledger = kit.open_from(1);
    let id = ledger.create::<Transaction>(&body(CARD_VOUCHER, 300, ""), AT).unwrap().id;
    flush(&ledger);
    // Nothing can be put there, nor removed.
    let blocked = kit.beside(".new");
    while fs::create_dir(&blocked).is_err() {}
    File::create(blocked.join("x")).unwrap().write_all(b"x").unwrap();
    let mut paid = Vec::new();
    let refused = loop {
        let id = ledger.create::<Transaction>(&body(CARD_VOUCHER, 1, ""), AT);
        match id {
            Ok(sale) => paid.push(sale.id),
            Err(refusal) => break refusal,
        }
    };
    assert_eq!(refused, Refusal::Internal);
    drop(ledger);
    fs::remove_dir_all(&blocked).unwrap();
    let again = kit.open();
    assert!(again.transaction(&id).is_some(), "its answer left");
    // Those of whom nobody was told may be there or not, but from the first that is not, none is.
    let kept = paid.iter().take_while(|id| again.transaction(id).is_some()).count();
    assert!(paid[kept..].iter().all(|id| again.transaction(id).is_none()));
}
