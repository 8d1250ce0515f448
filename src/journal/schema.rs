//! The file's format: connection settings, versioned migrations, and the check at the start.
//!
//! Owns what a journal file looks like. Must not know what entries say.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, TransactionBehavior};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::chain::{Hash, Head, Identity, Link, genesis_1};
use super::{JournalError, Mode, place};

/// How long another program's lock is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// `kasj` in ASCII: what `SQLite`'s header says about whose file it is.
const APPLICATION: i64 = 0x6b61_736a;

/// Up to this size, in bytes, the structure of the whole file is checked before a start. That of a
/// larger one is checked while the till runs.
pub(super) const CHECKED_AT_START: u64 = 1024 * 1024;

/// One step to the next format; it is told the id of the till.
type Migration = fn(&Transaction<'_>, Mode, Uuid) -> Result<(), MigrationError>;

/// Each takes a file from its index to the next version. Only ever append to this list.
const MIGRATIONS: &[Migration] = &[create, continue_chain];

/// The newest format this program knows.
#[allow(clippy::cast_possible_wrap, reason = "the list is short")]
pub(super) const KNOWN: i64 = MIGRATIONS.len() as i64;

/// Why a file is not converted.
pub(super) enum MigrationError {
    Sqlite(rusqlite::Error),
    /// It is not what was written.
    Damaged(String),
}

impl From<rusqlite::Error> for MigrationError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

/// Format 1: a table of entries with a chain of plain hashes.
fn create(file: &Transaction<'_>, mode: Mode, _: Uuid) -> Result<(), MigrationError> {
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
        (mode.as_str(), genesis_1(mode)),
    )?;
    Ok(())
}

/// Format 2: identity in the chain, salted bodies, each sale's reference kept once, checkpoints
/// and archives. The entries of format 1 stay as they are, and the new chain names their end.
///
/// * `about` has one row. It repeats the end of the chain, so that entries taken away from the end
///   are missed; `starts` is there to be written (see [`probe`]). `archived` is the last entry that
///   an archive has; up to it, the table `entries` is being cleared.
/// * `sales.id` is the number of the sale's first entry in this file; `continued`: an archive has
///   earlier ones.
/// * `days` has the first entry of every run of entries of one day, for all of the journal.
fn continue_chain(file: &Transaction<'_>, mode: Mode, till: Uuid) -> Result<(), MigrationError> {
    let before = verify_format_1(file, mode)?;
    let secret = [Uuid::new_v4(), Uuid::new_v4()].map(Uuid::into_bytes).concat();
    let epoch = Uuid::new_v4();
    let salts = Sha256::digest(secret).into();
    let identity = Identity { mode, till, epoch, before, salts };
    file.execute_batch(
        "ALTER TABLE entries RENAME TO entries_1;
         ALTER TABLE about RENAME TO about_1;
         DROP INDEX entries_by_sale;
         CREATE TABLE sales (
             id        INTEGER PRIMARY KEY,
             sale      TEXT NOT NULL UNIQUE,
             finished  INTEGER,
             continued INTEGER NOT NULL
         ) STRICT;
         CREATE INDEX sales_finished ON sales (finished) WHERE finished IS NOT NULL;
         CREATE TABLE entries (
             seq  INTEGER PRIMARY KEY,
             at   TEXT NOT NULL,
             sale INTEGER NOT NULL,
             kind TEXT NOT NULL,
             body TEXT NOT NULL,
             hash BLOB NOT NULL
         ) STRICT;
         CREATE TABLE days (
             first INTEGER PRIMARY KEY,
             day   TEXT NOT NULL
         ) STRICT;
         CREATE INDEX days_by_day ON days (day);
         CREATE TABLE checkpoints (
             seq    INTEGER PRIMARY KEY,
             format INTEGER NOT NULL,
             hash   BLOB NOT NULL,
             body   BLOB NOT NULL,
             digest BLOB NOT NULL
         ) STRICT;
         CREATE TABLE archives (
             last     INTEGER PRIMARY KEY,
             first    INTEGER NOT NULL,
             head     BLOB NOT NULL,
             latest   TEXT NOT NULL,
             least    TEXT NOT NULL,
             greatest TEXT NOT NULL,
             digest   BLOB NOT NULL,
             bytes    INTEGER NOT NULL,
             dropped  INTEGER NOT NULL
         ) STRICT;
         CREATE TABLE about (
             one         INTEGER PRIMARY KEY CHECK (one = 1),
             mode        TEXT NOT NULL,
             till        BLOB NOT NULL,
             epoch       BLOB NOT NULL,
             salts       BLOB NOT NULL,
             before_seq  INTEGER NOT NULL,
             before_hash BLOB NOT NULL,
             seq         INTEGER NOT NULL,
             hash        BLOB NOT NULL,
             archived    INTEGER NOT NULL,
             starts      INTEGER NOT NULL
         ) STRICT;
         INSERT INTO sales
             SELECT min(seq), sale, max(CASE kind WHEN 'paid' THEN seq END), 0
             FROM entries_1 GROUP BY sale;
         INSERT INTO entries
             SELECT e.seq, e.at, s.id, e.kind, e.body, e.hash
             FROM entries_1 AS e JOIN sales AS s ON s.sale = e.sale ORDER BY e.seq;
         CREATE INDEX entries_by_sale ON entries (sale);
         INSERT INTO days
             SELECT seq, day FROM (
                 SELECT seq, substr(at, 1, 10) AS day,
                        lag(substr(at, 1, 10)) OVER (ORDER BY seq) AS previous
                 FROM entries_1
             ) WHERE day IS NOT previous;
         DROP TABLE entries_1;",
    )?;
    file.execute(
        "INSERT INTO about SELECT 1, mode, ?1, ?2, ?3, ?4, ?5, ?4, ?6, 0, starts FROM about_1",
        (till.as_bytes(), epoch.as_bytes(), salts, before.seq, before.hash, identity.genesis()),
    )?;
    file.execute_batch("DROP TABLE about_1;")?;
    Ok(())
}

/// Holds every entry of format 1 against its chain: what is not what was written is not converted.
fn verify_format_1(file: &Transaction<'_>, mode: Mode) -> Result<Head, MigrationError> {
    let mut last = Head { seq: 0, hash: genesis_1(mode) };
    let mut statement =
        file.prepare("SELECT seq, at, sale, kind, body, hash, prev FROM entries ORDER BY seq")?;
    let mut rows = statement.query(())?;
    while let Some(row) = rows.next()? {
        let (link, stored) = link(row)?;
        let prev: Hash = row.get(6)?;
        let why = if link.seq != last.seq + 1 {
            "the entry before it is missing"
        } else if prev != last.hash {
            "does not continue the entry before it"
        } else if link.hash_1(&last.hash) != stored {
            "content or hash was changed"
        } else {
            last = Head { seq: link.seq, hash: stored };
            continue;
        };
        return Err(MigrationError::Damaged(format!("entry {}: {why}", link.seq)));
    }
    let recorded = file.query_row("SELECT seq, hash FROM about WHERE one = 1", (), |row| {
        Ok(Head { seq: row.get(0)?, hash: row.get(1)? })
    })?;
    if recorded != last {
        let why = "its last entry is not the one that was written";
        return Err(MigrationError::Damaged(why.to_owned()));
    }
    Ok(last)
}

/// The columns `seq, at, sale, kind, body, hash` of a row of entries.
pub(super) fn link<'a>(row: &'a Row<'_>) -> rusqlite::Result<(Link<'a>, Hash)> {
    let link = Link {
        seq: row.get(0)?,
        at: row.get_ref(1)?.as_bytes()?,
        sale: row.get_ref(2)?.as_bytes()?,
        kind: row.get_ref(3)?.as_bytes()?,
        body: row.get_ref(4)?.as_bytes()?,
    };
    Ok((link, row.get(5)?))
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
    // KiB, when negative: the journal is read from its end, a page after the other.
    connection.pragma_update(None, "cache_size", -1_024)
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

/// Whose journal the file is; the file has a format of 1 or more.
///
/// # Errors
/// The file belongs to the other mode, or does not say.
pub(super) fn is_of(connection: &Connection, path: &Path, mode: Mode) -> Result<(), JournalError> {
    let found: String = connection
        .query_row("SELECT mode FROM about WHERE one = 1", (), |row| row.get(0))
        .map_err(|error| JournalError::sqlite(path, &error))?;
    match Mode::from_str(&found) {
        Some(found) if found == mode => Ok(()),
        Some(found) => Err(JournalError::WrongMode { path: path.to_owned(), found, wanted: mode }),
        None => Err(JournalError::damaged(path, "it does not say whose sales it has")),
    }
}

/// Brings a file of format `found` to [`KNOWN`], all or nothing. `till` is the id of a journal that
/// has none yet.
///
/// # Errors
/// A journal of an older format is not what was written; it stays as it is.
pub(super) fn migrate(
    connection: &mut Connection,
    path: &Path,
    mode: Mode,
    found: i64,
    till: Uuid,
) -> Result<(), JournalError> {
    let failed = |error| JournalError::sqlite(path, &error);
    let steps = MIGRATIONS.iter().skip(usize::try_from(found).unwrap_or(usize::MAX));
    if steps.len() == 0 {
        return Ok(());
    }
    let change =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
    for step in steps {
        step(&change, mode, till).map_err(|error| match error {
            MigrationError::Sqlite(error) => failed(error),
            MigrationError::Damaged(detail) => JournalError::damaged(path, detail),
        })?;
    }
    change.pragma_update(None, "user_version", KNOWN).map_err(failed)?;
    change.commit().map_err(failed)
}

/// What the file says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct About {
    pub(super) identity: Identity,
    /// The recorded end of the chain.
    pub(super) head: Head,
    /// The last entry that is in an archive; 0 for none.
    pub(super) archived: i64,
}

/// Reads what the file says of itself.
///
/// # Errors
/// The file belongs to the other mode, or does not say.
pub(super) fn about(
    connection: &Connection,
    path: &Path,
    mode: Mode,
) -> Result<About, JournalError> {
    is_of(connection, path, mode)?;
    connection
        .query_row(
            "SELECT till, epoch, salts, before_seq, before_hash, seq, hash, archived
             FROM about WHERE one = 1",
            (),
            |row| {
                let before = Head { seq: row.get(3)?, hash: row.get(4)? };
                let [till, epoch] = [row.get(0)?, row.get(1)?].map(Uuid::from_bytes);
                let identity = Identity { mode, till, epoch, before, salts: row.get(2)? };
                let head = Head { seq: row.get(5)?, hash: row.get(6)? };
                Ok(About { identity, head, archived: row.get(7)? })
            },
        )
        .map_err(|error| JournalError::sqlite(path, &error))
}

/// What precedes entry `seq` in the chain, as far as this file knows it.
pub(super) fn before(
    connection: &Connection,
    identity: &Identity,
    seq: i64,
) -> rusqlite::Result<Option<Head>> {
    let before = seq.saturating_sub(1);
    let hash = if before == identity.before.seq {
        Some(identity.genesis())
    } else if before == 0 {
        Some(genesis_1(identity.mode))
    } else {
        connection
            .query_row(
                "SELECT hash FROM entries WHERE seq = ?1
                 UNION ALL SELECT head FROM archives WHERE last = ?1",
                (before,),
                |row| row.get(0),
            )
            .optional()?
    };
    Ok(hash.map(|hash| Head { seq: before, hash }))
}

/// Looks for damage before anything is sold: the structure of a small file, and whether the chain
/// can be continued.
pub(super) fn check(
    connection: &Connection,
    path: &Path,
    about: &About,
) -> Result<(), JournalError> {
    let failed = |error| JournalError::sqlite(path, &error);
    let size: u64 = ["", "-wal"]
        .iter()
        .filter_map(|suffix| std::fs::metadata(place::beside(path, suffix)).ok())
        .map(|about| about.len())
        .sum();
    if size <= CHECKED_AT_START
        && let Some(finding) = structure(connection, 1).into_iter().next()
    {
        return Err(JournalError::damaged(path, finding));
    }
    let last: i64 = connection
        .query_row("SELECT coalesce(max(seq), ?1) FROM entries", (about.archived,), |row| {
            row.get(0)
        })
        .map_err(failed)?;
    let end = before(connection, &about.identity, last.saturating_add(1)).map_err(failed)?;
    let previous = before(connection, &about.identity, last).map_err(failed)?;
    let is_last = |row: &Row<'_>| {
        let (link, stored) = link(row)?;
        Ok(previous.is_some_and(|head| link.hash(&head.hash, &about.identity) == stored))
    };
    let continues = connection
        .query_row(&format!("{ENTRIES} WHERE e.seq = ?1"), (last,), is_last)
        .optional()
        .map_err(failed)?
        .unwrap_or(last == about.archived);
    if continues && end == Some(about.head) {
        Ok(())
    } else {
        Err(JournalError::damaged(path, "its last entry is not the one that was written"))
    }
}

/// The entries with their columns in the order that [`link`] reads them.
pub(super) const ENTRIES: &str = "SELECT e.seq, e.at, s.sale, e.kind, e.body, e.hash
    FROM entries AS e JOIN sales AS s ON s.id = e.sale";

/// As [`ENTRIES`], and whether the entry finishes its sale.
pub(super) const ENTRIES_AND_ENDS: &str = "SELECT e.seq, e.at, s.sale, e.kind, e.body, e.hash,
    s.finished IS e.seq
    FROM entries AS e JOIN sales AS s ON s.id = e.sale";

/// What `SQLite` finds wrong with pages and indexes, at most `findings`.
pub(super) fn structure(connection: &Connection, findings: usize) -> Vec<String> {
    let found = connection
        .prepare(&format!("PRAGMA integrity_check({findings})"))
        .and_then(|mut check| {
            check.query_map((), |row| row.get(0))?.collect::<Result<Vec<String>, _>>()
        })
        .unwrap_or_else(|error| vec![error.to_string()]);
    found.into_iter().filter(|finding| finding != "ok").collect()
}

/// Writes something small and durable: better to learn now than in the middle of a sale that the
/// disk is full or read-only. It also makes the write-ahead file, which costs extra fsyncs once.
pub(super) fn probe(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute("UPDATE about SET starts = starts + 1 WHERE one = 1", ())?;
    Ok(())
}
