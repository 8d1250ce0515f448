//! The formats of the journal's file, and the way from each to the next.
//!
//! Owns the tables. A file of an older format is held against its chain before it is converted,
//! in one transaction: all of it or nothing.

use std::path::Path;

use rusqlite::{Connection, Transaction, TransactionBehavior};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::chain::{Hash, Head, Identity, genesis_1};
use super::schema::{APPLICATION, link};
use super::{JournalError, Mode};

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
///   are missed; `starts` is there to be written (see [`super::schema::probe`]). `archived` is the last entry that
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
