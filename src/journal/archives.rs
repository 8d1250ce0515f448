//! Which entries are in archives, and the way there: due, built, taken over, cleared, dropped.
//!
//! Owns the table of archives in the journal's file. What an archive file looks like is
//! [`super::archive`]'s.
//!
//! An archive is built beside the writer, from entries of which all sales are closed and that no
//! kept checkpoint needs. It is whole and on the disk before the journal's chain names it, in the
//! same commit from which on the entries count as archived. Only then they are cleared from the
//! file, a few at a time. A program that dies at any moment leaves the old state or the new one.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, TryRecvError};
use std::thread::{self, JoinHandle};

use rusqlite::{Connection, OptionalExtension};
use serde_json::json;

use super::archive::{Archive, Written};
use super::chain::{Hash, Head, hex};
use super::{Draft, JournalError, Mode, OWN_KIND, Reader, Upkeep, place};

/// How many entries are cleared in one transaction: a sale may wait for it.
const CLEARED_AT_ONCE: i64 = 2_000;

/// An archive as the journal's file names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Archived {
    pub(super) first: i64,
    pub(super) last: i64,
    /// The hash of the last entry.
    head: Hash,
    /// The latest time of an entry.
    latest: String,
    least: String,
    greatest: String,
    /// The SHA-256 of the file.
    pub(super) digest: Hash,
    /// Removed by the retention setting.
    pub(super) dropped: bool,
}

impl Archived {
    /// The end of the chain in it.
    pub(super) const fn head(&self) -> Head {
        Head { seq: self.last, hash: self.head }
    }

    /// False if it certainly has no entry of `sale`.
    pub(super) fn may_have(&self, sale: &str) -> bool {
        // What belongs to no sale can be in all of them.
        sale.is_empty() || (self.least.as_str()..=self.greatest.as_str()).contains(&sale)
    }
}

/// All archives, the oldest first.
pub(super) fn all(connection: &Connection) -> rusqlite::Result<Vec<Archived>> {
    let mut statement = connection.prepare_cached(
        "SELECT first, last, head, latest, least, greatest, digest, dropped
         FROM archives ORDER BY last",
    )?;
    let archived = statement.query_map((), |row| {
        Ok(Archived {
            first: row.get(0)?,
            last: row.get(1)?,
            head: row.get(2)?,
            latest: row.get(3)?,
            least: row.get(4)?,
            greatest: row.get(5)?,
            digest: row.get(6)?,
            dropped: row.get(7)?,
        })
    })?;
    archived.collect()
}

/// Up to which entry an archive is to be built now; `None`: none is due. `closed` is the last entry
/// that may move. The age of entries is held against the newest entry, whose time is `now`.
pub(super) fn due(
    connection: &Connection,
    upkeep: &Upkeep,
    archived: i64,
    closed: i64,
    now: &str,
) -> rusqlite::Result<Option<i64>> {
    let entries: i64 =
        connection.query_row("SELECT coalesce(max(seq), 0) FROM entries", (), |row| row.get(0))?;
    let (entries, movable) = (entries - archived, closed - archived);
    if movable <= 0 || entries <= 0 {
        return Ok(None);
    }
    let number = |pragma| connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    let used = (number("page_count")? - number("freelist_count")?) * number("page_size")?;
    let size = i64::try_from(upkeep.archive_bytes).unwrap_or(i64::MAX).max(1);
    // As many entries as make an archive of that size, packed or not.
    let many = (entries.saturating_mul(size) / used.max(1)).max(1);
    if used >= size && movable >= many / 4 {
        return Ok(Some(archived + movable.min(many)));
    }
    let Some(limit) = upkeep.archive_days.and_then(|days| day_before(now, days)) else {
        return Ok(None);
    };
    // The first entry that is young enough to stay: that of a day's run, or the next one to move in
    // the middle of a run.
    let young = "SELECT min(max(first, ?2)) FROM days AS d WHERE day >= ?1 AND ?2 <= coalesce(
                     (SELECT min(n.first) - 1 FROM days AS n WHERE n.first > d.first), ?2)";
    let young: Option<i64> =
        connection.query_row(young, (limit, archived + 1), |row| row.get(0))?;
    let old = young.map_or(movable, |young| young - 1 - archived).min(movable);
    Ok((old > 0).then(|| archived + old.min(many)))
}

/// The day that lies `days` before the day of the time `now`, as `YYYY-MM-DD`.
fn day_before(now: &str, days: u32) -> Option<String> {
    let now: jiff::Timestamp = now.parse().ok()?;
    let day = jiff::tz::Offset::UTC.to_datetime(now).date();
    let before = day.checked_sub(jiff::Span::new().try_days(days).ok()?).ok()?;
    Some(before.to_string())
}

/// An archive that is being built. Dropping it ends that.
pub(super) struct Building {
    built: Receiver<Result<Written, JournalError>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Building {
    /// Builds the archive of the entries behind `archived` up to `last`, on a thread of its own.
    pub(super) fn start(dir: &Path, mode: Mode, archived: i64, last: i64) -> io::Result<Self> {
        let (done, built) = mpsc::channel();
        let stop = Arc::new(AtomicBool::new(false));
        let (dir, stopped) = (dir.to_owned(), Arc::clone(&stop));
        let thread =
            thread::Builder::new().name("journal-archive".to_owned()).spawn(move || {
                let reader = Reader::open(&dir, mode);
                let path = place::archive(&dir, mode, archived.saturating_add(1));
                // The journal may be closed: then the next start builds it again.
                let _ = done.send(reader.and_then(|reader| {
                    reader.archive(&path, archived, last, || stopped.load(Ordering::Relaxed))
                }));
            })?;
        Ok(Self { built, stop, thread: Some(thread) })
    }

    /// What became of it; `None`: it is being built.
    pub(super) fn poll(&self) -> Option<Result<Written, JournalError>> {
        match self.built.try_recv() {
            Ok(result) => Some(result),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => Some(Err(JournalError::Stopped)),
        }
    }
}

impl Drop for Building {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        // One that panicked has been reported by its hook; nothing of it is taken over.
        let _ended = self.thread.take().map(JoinHandle::join);
    }
}

/// The entry by which the chain names a new archive.
pub(super) fn named(written: &Written, at: &str) -> Draft {
    let Written { contents, digest, bytes } = written;
    own(
        at,
        "archived",
        json!({
            "first": contents.first,
            "last": contents.last,
            "sha256": hex(digest),
            "bytes": bytes,
        }),
    )
}

/// The entry by which the chain names an archive that is removed.
pub(super) fn named_dropped(archived: &Archived, at: &str) -> Draft {
    let Archived { first, last, digest, .. } = archived;
    own(at, "dropped", json!({ "first": first, "last": last, "sha256": hex(digest) }))
}

fn own(at: &str, what: &str, body: serde_json::Value) -> Draft {
    let kind = format!("{OWN_KIND}{what}");
    Draft { at: at.to_owned(), sale: String::new(), kind, body, finishes: false }
}

/// From now on, the entries of this archive count as archived.
pub(super) fn take_over(change: &Connection, written: &Written) -> rusqlite::Result<()> {
    let Written { contents, digest, bytes } = written;
    change.execute(
        "INSERT INTO archives (first, last, head, latest, least, greatest, digest, bytes, dropped)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0)",
        (
            contents.first,
            contents.last,
            contents.head,
            &contents.latest,
            &contents.least,
            &contents.greatest,
            digest,
            i64::try_from(*bytes).unwrap_or(i64::MAX),
        ),
    )?;
    change.execute("UPDATE about SET archived = ?1 WHERE one = 1", (contents.last,))?;
    Ok(())
}

/// Clears some of the archived entries and sales from the file; returns how many; 0: all are.
pub(super) fn clear(connection: &Connection, archived: i64) -> rusqlite::Result<usize> {
    let change = connection.unchecked_transaction()?;
    let entries = change.execute(
        "DELETE FROM entries WHERE seq IN
         (SELECT seq FROM entries WHERE seq <= ?1 ORDER BY seq LIMIT ?2)",
        (archived, CLEARED_AT_ONCE),
    )?;
    let mut sales = 0;
    if entries == 0 {
        sales = change.execute(
            "DELETE FROM sales WHERE id IN
             (SELECT id FROM sales AS s WHERE id <= ?1 AND NOT continued
              AND NOT EXISTS (SELECT 1 FROM entries WHERE sale = s.id) LIMIT ?2)",
            (archived, CLEARED_AT_ONCE),
        )?;
        if sales == 0 {
            let rest = "UPDATE sales SET continued = 1 WHERE id <= ?1 AND NOT continued";
            change.execute(rest, (archived,))?;
        }
    }
    change.commit()?;
    Ok(entries + sales)
}

/// Gives room back to the disk if most of the file is empty, as after the conversion of an old
/// journal. That takes as long as writing what is left: about a second.
pub(super) fn shrink(connection: &Connection, upkeep: &Upkeep) -> rusqlite::Result<()> {
    let number = |pragma| connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    let (free, pages) = (number("freelist_count")?, number("page_count")?);
    let bytes = u64::try_from(free * number("page_size")?).unwrap_or_default();
    if bytes > upkeep.archive_bytes.saturating_mul(2) && free > pages / 2 {
        connection.execute_batch("VACUUM")?;
    }
    Ok(())
}

/// The oldest archive, if all of it is older than the retention setting keeps.
pub(super) fn overdue(
    connection: &Connection,
    upkeep: &Upkeep,
    now: &str,
) -> rusqlite::Result<Option<Archived>> {
    let Some(limit) = upkeep.keep_days.and_then(|days| day_before(now, days)) else {
        return Ok(None);
    };
    let oldest = all(connection)?.into_iter().find(|one| !one.dropped);
    Ok(oldest.filter(|one| one.latest.as_str() < limit.as_str()))
}

/// From now on, this archive is not there any more.
pub(super) fn drop_one(change: &Connection, archived: &Archived) -> rusqlite::Result<()> {
    change.execute("UPDATE archives SET dropped = 1 WHERE last = ?1", (archived.last,))?;
    Ok(())
}

/// Removes the files of archives that are dropped. One that cannot be removed is tried again at the
/// next start; no sale waits for that.
pub(super) fn sweep(connection: &Connection, dir: &Path, mode: Mode) {
    let dropped = all(connection).unwrap_or_default().into_iter().filter(|one| one.dropped);
    for one in dropped {
        match fs::remove_file(place::archive(dir, mode, one.first)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(%error, first = one.first, "an archive cannot be removed");
            }
            _ => {}
        }
    }
}

/// Whether an archive has earlier entries of this sale.
pub(super) fn has(
    connection: &Connection,
    dir: &Path,
    mode: Mode,
    sale: &str,
) -> rusqlite::Result<bool> {
    let kept = all(connection)?.into_iter().filter(|one| !one.dropped && one.may_have(sale));
    Ok(kept.map(|one| place::archive(dir, mode, one.first)).any(|path| {
        let found = Archive::open(&path, mode).and_then(|archive| archive.summary(sale));
        // Where it cannot be read, the sale is listed twice.
        found.is_ok_and(|found| found.is_some())
    }))
}

/// The time of the newest entry.
pub(super) fn newest(connection: &Connection) -> rusqlite::Result<Option<String>> {
    let newest = "SELECT at FROM entries ORDER BY seq DESC LIMIT 1";
    connection.query_row(newest, (), |row| row.get(0)).optional()
}
