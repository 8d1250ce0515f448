//! The file: connection settings, what it says of itself, and the check at the start.
//!
//! Owns what a journal file looks like. Must not know what entries say.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Row};
use uuid::Uuid;

use super::chain::{Hash, Head, Identity, Link, genesis_1};
use super::migrations::KNOWN;
use super::{JournalError, Mode, place};
use crate::database;

/// How long another program's lock is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// `kasj` in ASCII: what `SQLite`'s header says about whose file it is.
pub(super) const APPLICATION: i64 = 0x6b61_736a;

/// Up to this size, in bytes, the structure of the whole file is checked before a start. That of a
/// larger one is checked while the till runs.
pub(super) const CHECKED_AT_START: u64 = 1024 * 1024;

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
    // The journal is read from its end, a page after the other.
    database::settle(connection, PATIENCE, 1_024)
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
    same_mode(&found, path, mode)
}

fn same_mode(found: &str, path: &Path, mode: Mode) -> Result<(), JournalError> {
    match Mode::from_str(found) {
        Some(found) if found == mode => Ok(()),
        Some(found) => Err(JournalError::WrongMode { path: path.to_owned(), found, wanted: mode }),
        None => Err(JournalError::damaged(path, "it does not say whose sales it has")),
    }
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
    let sql = "SELECT till, epoch, salts, before_seq, before_hash, seq, hash, archived, mode
               FROM about WHERE one = 1";
    let read = |row: &Row<'_>| {
        let before = Head { seq: row.get(3)?, hash: row.get(4)? };
        let [till, epoch] = [row.get(0)?, row.get(1)?].map(Uuid::from_bytes);
        let identity = Identity { mode, till, epoch, before, salts: row.get(2)? };
        let head = Head { seq: row.get(5)?, hash: row.get(6)? };
        Ok((About { identity, head, archived: row.get(7)? }, row.get::<_, String>(8)?))
    };
    let (about, found) =
        connection.query_row(sql, (), read).map_err(|error| JournalError::sqlite(path, &error))?;
    same_mode(&found, path, mode)?;
    Ok(about)
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

/// The entries with their columns in the order that [`link`] reads them, and in the seventh whether
/// the entry finishes its sale.
pub(super) const ENTRIES: &str = "SELECT e.seq, e.at, s.sale, e.kind, e.body, e.hash,
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
