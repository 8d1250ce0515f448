//! The end of the journal is missing, or its file is not where it was: what the next start and the
//! next record notice.

use std::fs;
use std::path::Path;

use kasse::journal::{Journal, JournalError, MissingEnd, Mode};
use kasse::till::{Change, Effect, Event, Key, MissingEnd as Asked, Record};
use rstest::rstest;
use rusqlite::Connection;
use rustix::process::Signal;

use crate::journal::kit::{all, draft, filled, open};
use crate::journeys::ends::{paid, shop};
use crate::pty::home::Home;
use crate::till::kit::Till;

const DB: &str = "journal-sandbox.db";
const WAL: &str = "journal-sandbox.db-wal";
const MARK: &str = "journal-sandbox.mark";

/// The files of a journal with `count` entries as they are after `kill -9`: all but the first two
/// entries are in the `-wal` file.
fn crashed(count: usize) -> tempfile::TempDir {
    crashed_under_mark(count, count)
}

/// As [`crashed`], with the mark as it was after `marked` entries.
fn crashed_under_mark(count: usize, marked: usize) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), 2);
    let journal = open(dir.path());
    let image = tempfile::tempdir().unwrap();
    for number in 2..count {
        if number == marked {
            fs::copy(dir.path().join(MARK), image.path().join(MARK)).unwrap();
        }
        journal.append_durable(vec![draft(number)]).unwrap();
    }
    for name in [DB, WAL, MARK] {
        if !image.path().join(name).exists() {
            fs::copy(dir.path().join(name), image.path().join(name)).unwrap();
        }
    }
    image
}

fn missing(dir: &Path) -> Option<MissingEnd> {
    open(dir).missing_end().cloned()
}

#[allow(clippy::unnecessary_wraps, reason = "compared with what may be missing")]
fn shorter(found: i64, noted: i64) -> Option<MissingEnd> {
    let last = draft(usize::try_from(noted).unwrap() - 1);
    Some(MissingEnd { found, noted: Some(noted), at: Some(last.at) })
}

#[test]
fn a_journal_after_a_crash_and_one_whose_mark_is_behind_or_missing_ask_nothing() {
    let image = crashed(9);
    assert_eq!(missing(image.path()), None);
    // A power cut: the mark that was not written to the disk is an older one.
    let image = crashed_under_mark(9, 5);
    assert_eq!(missing(image.path()), None);
    // Written by a version that knew no marks.
    let image = crashed(9);
    fs::remove_file(image.path().join(MARK)).unwrap();
    assert_eq!(missing(image.path()), None);
}

#[test]
fn a_wal_file_deleted_or_cut_after_a_crash_is_asked_about_with_the_numbers_and_the_time() {
    let image = crashed(9);
    fs::remove_file(image.path().join(WAL)).unwrap();
    assert_eq!(missing(image.path()), shorter(2, 9));

    let image = crashed(9);
    let whole = fs::metadata(image.path().join(WAL)).unwrap().len();
    let file = fs::OpenOptions::new().write(true).open(image.path().join(WAL)).unwrap();
    file.set_len(whole - 1).unwrap();
    assert_eq!(missing(image.path()), shorter(8, 9));
}

#[test]
fn an_older_copy_another_journal_and_none_at_all_are_asked_about() {
    // An older copy of the journal under a newer mark.
    let image = crashed(9);
    let older = crashed(4);
    for name in [DB, WAL] {
        fs::copy(older.path().join(name), image.path().join(name)).unwrap();
    }
    assert_eq!(missing(image.path()), shorter(4, 9));
    // The journal deleted while no till ran.
    let image = crashed(9);
    fs::remove_file(image.path().join(DB)).unwrap();
    fs::remove_file(image.path().join(WAL)).unwrap();
    assert_eq!(missing(image.path()), shorter(0, 9));
    // A journal of as many entries that went another way.
    let other = tempfile::tempdir().unwrap();
    open(other.path()).append_durable((10..30).map(draft).collect()).unwrap();
    let image = crashed(9);
    fs::remove_file(image.path().join(WAL)).unwrap();
    fs::copy(other.path().join(DB), image.path().join(DB)).unwrap();
    assert_eq!(missing(image.path()), shorter(20, 9));
    // A damaged mark says nothing of the journal.
    let image = crashed(9);
    fs::write(image.path().join(MARK), "kasse-mark 1 sandbox 3\n").unwrap();
    assert_eq!(missing(image.path()), Some(MissingEnd { found: 9, noted: None, at: None }));
}

#[test]
fn the_question_comes_again_until_it_is_answered_even_if_more_was_written_meanwhile() {
    let image = crashed(9);
    fs::remove_file(image.path().join(WAL)).unwrap();
    assert_eq!(missing(image.path()), shorter(2, 9));
    let journal = open(image.path());
    journal.append_durable((50..70).map(draft).collect()).unwrap();
    drop(journal);
    assert_eq!(missing(image.path()), shorter(22, 9));
    let journal = open(image.path());
    journal.accept_end();
    journal.append_durable(vec![draft(99)]).unwrap();
    drop(journal);
    assert_eq!(missing(image.path()), None);
    // And what is lost after that is noticed again.
    let connection = Connection::open(image.path().join(DB)).unwrap();
    let all = "DELETE FROM entries WHERE seq > 10";
    connection.execute(all, ()).unwrap();
    let end = "UPDATE about SET seq = 10, hash = (SELECT hash FROM entries WHERE seq = 10)";
    connection.execute(end, ()).unwrap();
    drop(connection);
    assert!(missing(image.path()).is_some());
}

#[test]
fn play_begins_anew_without_a_question() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), 5);
    Journal::discard_sandbox(dir.path()).unwrap();
    assert!(!dir.path().join(MARK).exists());
    assert_eq!(missing(dir.path()), None);
}

/// What somebody does to the files of a running till.
type Mischief = fn(&Path);

#[rstest]
#[case::deleted(|dir: &Path| fs::remove_file(dir.join(DB)).unwrap())]
#[case::renamed(|dir: &Path| fs::rename(dir.join(DB), dir.join("backup.db")).unwrap())]
#[case::replaced(|dir: &Path| {
    fs::copy(dir.join(DB), dir.join("copy")).unwrap();
    fs::rename(dir.join("copy"), dir.join(DB)).unwrap();
})]
#[case::wal_deleted(|dir: &Path| fs::remove_file(dir.join(WAL)).unwrap())]
#[case::wal_replaced(|dir: &Path| {
    fs::copy(dir.join(WAL), dir.join("copy")).unwrap();
    fs::rename(dir.join("copy"), dir.join(WAL)).unwrap();
})]
#[case::directory_moved(|dir: &Path| {
    fs::rename(dir, dir.with_extension("moved")).unwrap();
})]
fn a_journal_that_is_not_in_its_place_any_more_takes_no_record(#[case] mischief: Mischief) {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("books");
    let journal = open(&dir);
    journal.append_durable(vec![draft(0)]).unwrap();
    mischief(&dir);
    let replaced = JournalError::Replaced { path: dir.join(DB) };
    assert_eq!(journal.append_durable(vec![draft(1)]), Err(replaced.clone()));
    assert_eq!(journal.health(), Err(replaced));
}

#[test]
fn only_the_right_arrow_goes_on_no_scan_or_other_key_and_it_is_recorded() {
    let asked = Asked { found: 2, noted: Some(9), at: Some("2026-11-20T10:00:08Z".to_owned()) };
    let mut till = Till::new();
    till.state.missing_end = Some(asked.clone());
    for key in "30037".chars().map(Key::Char) {
        till.event(Event::Key(key));
    }
    for key in [Key::Enter, Key::LineFeed, Key::Char('+'), Key::F(5), Key::Left, Key::F(10)] {
        till.event(Event::Key(key));
    }
    assert_eq!(till.state.missing_end, Some(asked.clone()));
    assert!(till.state.sale.basket.is_empty() && till.state.entry.text.is_empty());
    assert!(till.state.overlays.is_empty());
    till.effects.clear();
    till.event(Event::Key(Key::Right));
    assert_eq!(till.state.missing_end, None);
    let accepted = Record { sale: String::new(), change: Change::EndAccepted(asked) };
    assert!(accepted.change.is_durable());
    assert!(till.effects.contains(&Effect::Record(accepted)), "{:?}", till.effects);
}

fn books(home: &Home) -> std::path::PathBuf {
    home.path().join("state/kasse/sandbox")
}

#[test]
fn the_real_program_asks_after_a_lost_wal_file_and_sells_after_the_answer_alone() {
    let (_background, server, home) = shop();
    let pty = home.console(80, 24);
    pty.keys("30037\r30200\r+", "Payment: ");
    pty.keys("+", "─ ● ok");
    pty.signal(Signal::KILL);
    assert_eq!(pty.exit_code(), 1);
    drop(pty);
    fs::remove_file(books(&home).join(WAL)).unwrap();

    let pty = home.console(80, 24);
    pty.wait_for_all(&["The journal is not complete", "it has 0 entries", "sell all the same"]);
    pty.type_bytes("30037\r+\r");
    pty.wait_for("The journal is not complete");
    pty.signal(Signal::TERM);
    assert_eq!(pty.exit_code(), 143);
    drop(pty);

    let pty = home.console(80, 24);
    pty.wait_for("The journal is not complete");
    pty.keys("\x1b[C", "scan or type");
    pty.keys("30200\r", "2.49 EUR");
    pty.keys("+", "Payment: ");
    pty.keys("+", "─ ● ok");
    assert_eq!(paid(&server), 2);
    pty.signal(Signal::TERM);
    assert_eq!(pty.exit_code(), 143);
    drop(pty);
    assert!(home.run(&["journal", "verify"]).code == 0);
    let kept = home.run(&["journal", "export", "--format", "json"]).stdout;
    assert!(kept.contains("end_accepted"), "{kept}");
    let pty = home.console(80, 24);
    pty.wait_for("2.49");
    assert!(!pty.screen().contains("not complete"), "{}", pty.screen());
}

#[test]
fn the_real_program_stops_before_the_next_payment_if_its_journal_was_deleted() {
    let (_background, server, home) = shop();
    let pty = home.console(80, 24);
    pty.keys("30037\r+", "Payment: ");
    fs::remove_file(books(&home).join(DB)).unwrap();
    pty.keys("+", "STOPPED");
    pty.wait_for("deleted, renamed");
    assert_eq!(server.calls("POST", "/start/cash"), 0);
}

#[test]
fn a_changed_entry_in_the_middle_stops_the_start_and_is_named() {
    let (_background, server, home) = shop();
    let pty = home.console(80, 24);
    pty.keys("30037\r30200\r+", "Payment: ");
    pty.signal(Signal::TERM);
    assert_eq!(pty.exit_code(), 143);
    drop(pty);
    let connection = Connection::open(books(&home).join(DB)).unwrap();
    let change = "UPDATE entries SET body = replace(body, '249', '248') WHERE seq = 2";
    assert_eq!(connection.execute(change, ()).unwrap(), 1);
    drop(connection);
    let before = server.requests.all().len();
    let pty = home.console(80, 24);
    assert_eq!(pty.exit_code(), 8, "{}", pty.screen());
    pty.wait_for("entry 2: content or hash");
    assert_eq!(server.calls("POST", "/start/cash"), 0);
    assert!(server.requests.all().iter().skip(before).all(|call| !call.path.contains("Smart")));
}

#[test]
fn reading_for_the_start_holds_every_entry_against_the_chain() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), 6);
    let journal = open(dir.path());
    let mut seen = Vec::new();
    let take = |entry| {
        seen.push(entry);
        Ok::<_, JournalError>(())
    };
    let reader = journal.reader().unwrap();
    reader.for_each_verified(take).unwrap();
    assert_eq!(seen, all(&reader).unwrap());
    drop((reader, journal));
    let connection = Connection::open(dir.path().join(DB)).unwrap();
    connection.execute("DELETE FROM entries WHERE seq = 3", ()).unwrap();
    drop(connection);
    let reader = Journal::read_only(dir.path(), Mode::Sandbox).unwrap();
    let error = reader.for_each_verified(|_| Ok::<_, JournalError>(())).unwrap_err();
    assert!(error.to_string().contains("entry 3: missing"), "{error}");
}
