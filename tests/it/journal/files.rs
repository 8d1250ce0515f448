//! Names, modes, the lock, formats, damaged files.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process;

use kasse::journal::{Journal, JournalError, Mode};
use rstest::rstest;
use rusqlite::Connection;

use crate::journal::kit::{all, draft, filled, open, reader, stored};

fn mode_of(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

fn refused(dir: &Path) -> JournalError {
    let error = Journal::open(dir, Mode::Sandbox, |_| {}).expect_err("it must be refused");
    // Once refused, the lock is free again.
    let again = Journal::open(dir, Mode::Sandbox, |_| {}).expect_err("it must be refused again");
    assert_eq!(error, again);
    error
}

#[test]
fn everything_belongs_to_this_user_alone() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("state/kasse");
    let journal = open(&dir);
    journal.append_durable(vec![draft(0)]).unwrap();
    let mut names: Vec<_> = fs::read_dir(&dir)
        .unwrap()
        .map(|file| file.unwrap())
        .inspect(|file| assert_eq!(mode_of(&file.path()), 0o600, "{:?}", file.path()))
        .map(|file| file.file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "journal-sandbox.db",
            "journal-sandbox.db-shm",
            "journal-sandbox.db-wal",
            "journal-sandbox.lock",
            "journal-sandbox.mark",
            "till-id"
        ]
    );
    assert_eq!(mode_of(&dir), 0o700);
    assert_eq!(mode_of(dir.parent().unwrap()), 0o700);
}

#[test]
fn a_backup_that_was_put_back_becomes_private() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), 3);
    let path = dir.path().join("journal-sandbox.db");
    fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
    let journal = open(dir.path());
    assert_eq!(mode_of(&path), 0o600);
    assert_eq!(mode_of(&dir.path().join("journal-sandbox.db-wal")), 0o600);
    assert_eq!(all(&journal.reader().unwrap()).unwrap().len(), 3);
}

#[test]
fn places_that_others_control_are_refused() {
    let root = tempfile::tempdir().unwrap();
    let shared = root.path().join("shared");
    fs::create_dir(&shared).unwrap();
    fs::set_permissions(&shared, Permissions::from_mode(0o777)).unwrap();
    assert!(matches!(refused(&shared), JournalError::NotPrivate { .. }));
    assert_eq!(fs::read_dir(&shared).unwrap().count(), 0);

    let linked = root.path().join("linked");
    fs::create_dir(&linked).unwrap();
    let elsewhere = root.path().join("elsewhere.db");
    fs::write(&elsewhere, "").unwrap();
    symlink(&elsewhere, linked.join("journal-sandbox.db")).unwrap();
    assert!(matches!(refused(&linked), JournalError::NotPrivate { .. }));
    assert_eq!(fs::read(&elsewhere).unwrap(), b"");

    let file = root.path().join("file");
    fs::write(&file, "").unwrap();
    assert!(matches!(refused(&file), JournalError::NotPrivate { .. }));
}

#[test]
fn one_console_at_a_time() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(dir.path());
    let error = Journal::open(dir.path(), Mode::Sandbox, |_| {}).unwrap_err();
    assert_eq!(error, JournalError::InUse { pid: Some(process::id()) });
    let said = format!("another console uses this journal (pid {})", process::id());
    assert_eq!(error.to_string(), said);
    // The second one has disturbed nothing.
    journal.append_durable(vec![draft(0)]).unwrap();
    drop(journal);
    assert_eq!(all(&open(dir.path()).reader().unwrap()).unwrap().len(), 1);
}

#[test]
fn an_empty_file_of_format_zero_is_converted() {
    for by_sqlite in [false, true] {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("journal-sandbox.db");
        fs::write(&path, "").unwrap();
        if by_sqlite {
            Connection::open(&path)
                .unwrap()
                .execute_batch("PRAGMA page_size=8192; VACUUM")
                .unwrap();
            assert!(fs::metadata(&path).unwrap().len() > 0);
        }
        filled(dir.path(), 2);
        let version: i64 = Connection::open(&path)
            .unwrap()
            .pragma_query_value(None, "user_version", |row| row.get(0))
            .unwrap();
        assert_eq!(version, 2);
        assert!(all(&reader(dir.path())).unwrap() == stored(&[draft(0), draft(1)]));
    }
}

#[test]
fn a_newer_format_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), 2);
    let path = dir.path().join("journal-sandbox.db");
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let before = fs::read(&path).unwrap();
    let newer = JournalError::Newer { path: path.clone(), found: 99, known: 2 };
    assert_eq!(refused(dir.path()), newer);
    assert_eq!(Journal::read_only(dir.path(), Mode::Sandbox).err(), Some(newer));
    assert!(fs::read(&path).unwrap() == before);
}

#[test]
fn another_programs_database_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal-sandbox.db");
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE notes (text)").unwrap();
    let before = fs::read(&path).unwrap();
    let error = refused(dir.path());
    assert!(matches!(error, JournalError::Damaged { .. }), "{error:?}");
    assert!(fs::read(&path).unwrap() == before);
}

#[rstest]
#[case::header(|bytes: &mut Vec<u8>| bytes[..16].fill(b'x'))]
#[case::text(|bytes: &mut Vec<u8>| *bytes = b"not a journal at all".repeat(500))]
#[case::middle_pages(|bytes: &mut Vec<u8>| {
    let half = bytes.len() / 2 / 4096 * 4096;
    bytes[half..half + 8192].fill(0xa5);
})]
#[case::cut_off(|bytes: &mut Vec<u8>| bytes.truncate(bytes.len() / 2))]
#[case::zeros(|bytes: &mut Vec<u8>| bytes.fill(0))]
fn a_damaged_file_stops_the_start(#[case] damage: fn(&mut Vec<u8>)) {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), 400);
    let path = dir.path().join("journal-sandbox.db");
    let mut bytes = fs::read(&path).unwrap();
    damage(&mut bytes);
    fs::write(&path, &bytes).unwrap();
    let error = refused(dir.path());
    assert!(matches!(error, JournalError::Damaged { .. }), "{error:?}");
    let said = error.to_string();
    assert!(said.contains("do not sell") && said.contains("backup"), "{said}");
    assert!(fs::read(&path).unwrap() == bytes, "evidence is kept");
}

#[test]
fn a_file_damaged_while_it_is_open_stops_the_writing() {
    let dir = tempfile::tempdir().unwrap();
    let journal = Journal::open(dir.path(), Mode::Sandbox, |_| {}).unwrap();
    journal.append_durable((0..100).map(draft).collect()).unwrap();
    // Somebody else's program appends an entry of its own.
    Connection::open(journal.path())
        .unwrap()
        .execute_batch(
            "INSERT INTO entries SELECT seq + 1, at, sale, kind, body, hash FROM entries
             ORDER BY seq DESC LIMIT 1",
        )
        .unwrap();
    let error = journal.append_durable(vec![draft(100)]).unwrap_err();
    assert!(matches!(error, JournalError::Damaged { .. }), "{error:?}");
    assert_eq!(journal.health(), Err(error.clone()));
    assert_eq!(journal.append_durable(vec![draft(100)]), Err(error));
    drop(journal);
    assert!(matches!(refused(dir.path()), JournalError::Damaged { .. }));
}

#[test]
fn a_write_ahead_file_without_its_journal_is_kept() {
    for emptied in [false, true] {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("journal-sandbox.db");
        let wal = dir.path().join("journal-sandbox.db-wal");
        fs::write(&wal, b"the latest entries").unwrap();
        if emptied {
            fs::write(&path, b"").unwrap();
        }
        let error = refused(dir.path());
        assert!(matches!(error, JournalError::Damaged { .. }), "{error:?}");
        assert_eq!(fs::read(&wal).unwrap(), b"the latest entries");
        assert_eq!(path.exists(), emptied);
    }
}

#[test]
fn play_begins_anew_without_touching_live_sales() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("state");
    Journal::discard_sandbox(&dir).unwrap();
    assert!(!dir.exists());
    let live = Journal::open(&dir, Mode::Live, |_| {}).unwrap();
    live.append_durable(vec![draft(0)]).unwrap();
    let sandbox = open(&dir);
    sandbox.append_durable(vec![draft(0), draft(1)]).unwrap();
    let in_use = JournalError::InUse { pid: Some(process::id()) };
    assert_eq!(Journal::discard_sandbox(&dir), Err(in_use));
    drop(sandbox);
    Journal::discard_sandbox(&dir).unwrap();
    assert!(all(&open(&dir).reader().unwrap()).unwrap().is_empty());
    assert_eq!(all(&live.reader().unwrap()).unwrap().len(), 1);
}
