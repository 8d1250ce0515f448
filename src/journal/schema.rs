//! The file's format: connection settings, versioned migrations, and the check at the start.
//!
//! Owns what a journal file looks like. Must not know what entries say.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior};

use super::chain::{Hash, Link, genesis};
use super::{JournalError, Mode, place};

/// How long another program's lock is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// `kasj` in ASCII: what `SQLite`'s header says about whose file it is.
const APPLICATION: i64 = 0x6b61_736a;

/// Up to this size, in bytes, the whole file is checked at each start. Above it, a start would
/// take seconds; `verify` checks everything on demand.
const CHECKED_AT_START: u64 = 64 * 1024 * 1024;

/// One step to the next format.
type Migration = fn(&Transaction<'_>, Mode) -> rusqlite::Result<()>;

/// Each takes a file from its index to the next version. Only ever append to this list.
const MIGRATIONS: &[Migration] = &[create];

/// The newest format this program knows.
#[allow(clippy::cast_possible_wrap, reason = "the list is short")]
pub(super) const KNOWN: i64 = MIGRATIONS.len() as i64;

/// The end of the chain: the last entry's number (0 for none) and hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) seq: i64,
    pub(super) hash: Hash,
}

fn create(file: &Transaction<'_>, mode: Mode) -> rusqlite::Result<()> {
    // `about` has one row. It repeats the end of the chain, so that entries taken away from the
    // end are missed; `starts` is there to be written (see `probe`).
    file.execute_batch(
        "CREATE TABLE entries (
             seq  INTEGER PRIMARY KEY,
             at   TEXT NOT NULL,
             sale TEXT NOT NULL,
             kind TEXT NOT NULL,
             body TEXT NOT NULL,
             prev BLOB NOT NULL,
             hash BLOB NOT NULL
         ) STRICT;
         CREATE INDEX entries_by_sale ON entries (sale, seq);
         CREATE TABLE about (
             one    INTEGER PRIMARY KEY CHECK (one = 1),
             mode   TEXT NOT NULL,
             seq    INTEGER NOT NULL,
             hash   BLOB NOT NULL,
             starts INTEGER NOT NULL
         ) STRICT;",
    )?;
    file.pragma_update(None, "application_id", APPLICATION)?;
    file.execute(
        "INSERT INTO about (one, mode, seq, hash, starts) VALUES (1, ?1, 0, ?2, 0)",
        (mode.as_str(), genesis(mode)),
    )?;
    Ok(())
}

/// Settings of every connection. None of them changes the file.
pub(super) fn settle(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(PATIENCE)?;
    // The file may have been exchanged: run nothing that is stored in it.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.pragma_update(None, "foreign_keys", true)
}

/// How the writer's commits reach the disk.
pub(super) fn make_durable(connection: &Connection, path: &Path) -> Result<(), JournalError> {
    let failed = |error| JournalError::sqlite(path, &error);
    let mode: String = connection
        .pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))
        .map_err(failed)?;
    if mode != "wal" {
        // Without it, a commit costs several fsyncs and readers block the till.
        let detail = "its file system does not allow a write-ahead log".to_owned();
        return Err(JournalError::Io { path: path.to_owned(), detail });
    }
    for (pragma, value) in [
        // 2 is FULL: with less, a power cut takes commits away.
        ("synchronous", 2),
        ("fullfsync", 1),
        // The writer checkpoints while no job waits.
        ("wal_autocheckpoint", 0),
        ("journal_size_limit", 4 * 1024 * 1024),
    ] {
        connection.pragma_update(None, pragma, value).map_err(failed)?;
    }
    Ok(())
}

/// The file's format. 0 is an empty file.
///
/// # Errors
/// The file of another program, or a newer format than this program knows.
pub(super) fn version(connection: &Connection, path: &Path) -> Result<i64, JournalError> {
    let failed = |error| JournalError::sqlite(path, &error);
    let number = |pragma| {
        connection
            .pragma_query_value(None, pragma, |row| row.get::<_, i64>(0))
            .map_err(|error| JournalError::sqlite(path, &error))
    };
    let found = number("user_version")?;
    let application = number("application_id")?;
    let is_empty = connection
        .query_row("SELECT count(*) FROM sqlite_schema", (), |row| row.get::<_, i64>(0))
        .map_err(failed)?
        == 0;
    match (found, application) {
        (0, 0) if is_empty => Ok(0),
        (found, APPLICATION) if found > KNOWN => {
            Err(JournalError::Newer { path: path.to_owned(), found, known: KNOWN })
        }
        (found, APPLICATION) if found > 0 => Ok(found),
        _ => Err(JournalError::damaged(path, "it is not a journal")),
    }
}

/// Brings a file of format `found` to [`KNOWN`], all or nothing.
pub(super) fn migrate(connection: &mut Connection, mode: Mode, found: i64) -> rusqlite::Result<()> {
    let steps = MIGRATIONS.iter().skip(usize::try_from(found).unwrap_or(usize::MAX));
    if steps.len() == 0 {
        return Ok(());
    }
    let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for step in steps {
        step(&change, mode)?;
    }
    change.pragma_update(None, "user_version", KNOWN)?;
    change.commit()
}

/// The recorded end of the chain.
///
/// # Errors
/// The file belongs to the other mode, or does not say.
pub(super) fn head(connection: &Connection, path: &Path, mode: Mode) -> Result<Head, JournalError> {
    let (found, seq, hash): (String, i64, Hash) = connection
        .query_row("SELECT mode, seq, hash FROM about WHERE one = 1", (), |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .map_err(|error| JournalError::sqlite(path, &error))?;
    match Mode::from_str(&found) {
        Some(found) if found == mode => Ok(Head { seq, hash }),
        Some(found) => Err(JournalError::WrongMode { path: path.to_owned(), found, wanted: mode }),
        None => Err(JournalError::damaged(path, "it does not say whose sales it has")),
    }
}

/// Looks for damage before anything is sold: the structure of the whole file, unless it is huge,
/// and whether the chain can be continued.
pub(super) fn check(connection: &Connection, path: &Path, head: Head) -> Result<(), JournalError> {
    let size: u64 = ["", "-wal"]
        .iter()
        .filter_map(|suffix| std::fs::metadata(place::beside(path, suffix)).ok())
        .map(|about| about.len())
        .sum();
    if size <= CHECKED_AT_START {
        let said: String = connection
            .query_row("PRAGMA quick_check(1)", (), |row| row.get(0))
            .map_err(|error| JournalError::sqlite(path, &error))?;
        if said != "ok" {
            return Err(JournalError::damaged(path, said));
        }
    }
    let last = connection
        .query_row(
            "SELECT seq, at, sale, kind, body, prev, hash FROM entries ORDER BY seq DESC LIMIT 1",
            (),
            |row| {
                let seq = row.get(0)?;
                let [at, sale, kind, body, prev] = [1, 2, 3, 4, 5].map(|i| row.get_ref(i));
                let link = Link {
                    seq,
                    at: at?.as_bytes()?,
                    sale: sale?.as_bytes()?,
                    kind: kind?.as_bytes()?,
                    body: body?.as_bytes()?,
                    prev: prev?.as_bytes()?,
                };
                Ok((Head { seq, hash: row.get(6)? }, link.hash()))
            },
        )
        .optional()
        .map_err(|error| JournalError::sqlite(path, &error))?;
    match last {
        None if head.seq == 0 => Ok(()),
        Some((last, computed)) if last == head && computed == head.hash => Ok(()),
        _ => Err(JournalError::damaged(path, "its last entry is not the one that was written")),
    }
}

/// Writes something small and durable: better to learn now than in the middle of a sale that the
/// disk is full or read-only. It also makes the write-ahead file, which costs extra fsyncs once.
pub(super) fn probe(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute("UPDATE about SET starts = starts + 1 WHERE one = 1", ())?;
    Ok(())
}
