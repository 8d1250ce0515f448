//! The writing side of the file: one connection, one chain, whole groups or nothing.
//!
//! Owns transactions and checkpoints. Must not know threads, queues or who waits.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, OptionalExtension, Transaction, TransactionBehavior};

use super::archive::Written;
use super::archives::{self, Building};
use super::chain::{Head, Link};
use super::fold::{self, Fold};
use super::mark::{self, MissingEnd, Noted};
use super::migrations;
use super::place::{self, Lock};
use super::schema::{self, About};
use super::{Draft, JournalError, Mode, Upkeep};

/// The open journal of one mode.
pub(super) struct Store {
    connection: Connection,
    path: PathBuf,
    mode: Mode,
    /// Which files they were when they were opened: the journal and its `-wal` file.
    files: [Option<(u64, u64)>; 2],
    mark: PathBuf,
    missing_end: Option<MissingEnd>,
    about: About,
    /// The day of the last entry, as its time says.
    day: Option<String>,
    // Declared after the connection, so that it is released after the file is closed.
    _lock: Lock,
}

impl Store {
    /// Opens, creates, converts and checks the journal in `dir`; holds its lock from then on.
    ///
    /// `prepare` gets the connection before anything is written (tests limit its space there).
    pub(super) fn open(
        dir: &Path,
        mode: Mode,
        prepare: impl FnOnce(&Connection) -> rusqlite::Result<()>,
    ) -> Result<Self, JournalError> {
        place::make_directory(dir)?;
        let lock = Lock::take(dir, mode)?;
        let path = place::file(dir, mode);
        place::make_private(&path)?;
        let failed = |error| JournalError::sqlite(&path, &error);

        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(&path, flags).map_err(failed)?;
        schema::settle(&connection).map_err(failed)?;
        // Before any setting that changes the file.
        let found = schema::version(&connection, &path)?;
        prepare(&connection).map_err(failed)?;
        schema::make_durable(&connection, &path)?;
        if found > 0 {
            schema::is_of(&connection, &path, mode)?;
        }
        if found < migrations::KNOWN {
            migrations::migrate(&mut connection, &path, mode, found, place::till_id(dir)?)?;
        }
        let about = schema::about(&connection, &path, mode)?;
        schema::check(&connection, &path, &about)?;
        schema::probe(&connection).map_err(failed)?;
        let mark = place::mark(dir, mode);
        // A backup that was put back, usually.
        place::tighten(&mark)?;
        let missing_end = missing_end(&connection, &mark, mode, &about).map_err(failed)?;
        let day = "SELECT day FROM days ORDER BY first DESC LIMIT 1";
        let day = connection.query_row(day, (), |row| row.get(0)).optional().map_err(failed)?;
        archives::sweep(&connection, dir, mode);
        let files = files(&path);
        Ok(Self { connection, path, mode, files, mark, missing_end, about, day, _lock: lock })
    }

    /// What of its end was missing when it was opened.
    pub(super) const fn missing_end(&self) -> Option<&MissingEnd> {
        self.missing_end.as_ref()
    }

    /// Writes down how far the journal has come; the last entry was made at `at`.
    pub(super) fn note_end(&self, at: &str) {
        // Without it less is noticed at the next start, and nothing is lost.
        if let Err(error) = mark::write(&self.mark, self.mode, &self.about.head, at) {
            tracing::warn!(%error, "the journal's mark cannot be written");
        }
    }

    /// `SQLite` goes on writing to a file that was deleted or renamed: nothing of that would be
    /// there after the next start.
    fn is_in_place(&self) -> Result<(), JournalError> {
        if files(&self.path) == self.files {
            Ok(())
        } else {
            Err(JournalError::Replaced { path: self.path.clone() })
        }
    }

    /// Where the file is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Whose journal it is.
    pub(super) const fn mode(&self) -> Mode {
        self.mode
    }

    /// The end of the chain.
    pub(super) const fn head(&self) -> Head {
        self.about.head
    }

    /// Writes `drafts` in one transaction and returns when they are on the disk.
    pub(super) fn append<'a>(
        &mut self,
        drafts: impl Iterator<Item = &'a Draft>,
    ) -> Result<(), JournalError> {
        self.is_in_place()?;
        self.append_with(drafts, |_| Ok(()))
    }

    /// As [`Self::append`], with a change of other tables in the same transaction.
    fn append_with<'a>(
        &mut self,
        drafts: impl Iterator<Item = &'a Draft>,
        also: impl FnOnce(&Connection) -> rusqlite::Result<()>,
    ) -> Result<(), JournalError> {
        let written = self.write(drafts, also).map_err(|failure| match failure {
            Failure::Sqlite(error) => JournalError::sqlite(&self.path, &error),
            Failure::Body(error) => JournalError::Io {
                path: self.path.clone(),
                detail: format!("an entry cannot be written as JSON: {error}"),
            },
            Failure::Intruder => {
                JournalError::damaged(&self.path, "another program has written to it")
            }
        })?;
        (self.about.head, self.day) = written;
        // Only now is it known that they are where the next start looks for them.
        self.is_in_place()
    }

    fn write<'a>(
        &self,
        drafts: impl Iterator<Item = &'a Draft>,
        also: impl FnOnce(&Connection) -> rusqlite::Result<()>,
    ) -> Result<(Head, Option<String>), Failure> {
        let before = self.about.head;
        let immediate = TransactionBehavior::Immediate;
        let change = Transaction::new_unchecked(&self.connection, immediate)?;
        let (mut head, mut day) = (before, self.day.clone());
        for draft in drafts {
            head = self.insert(&change, head, draft, &mut day)?;
        }
        also(&change)?;
        let moved = change.execute(
            "UPDATE about SET seq = ?1, hash = ?2 WHERE one = 1 AND seq = ?3 AND hash = ?4",
            (head.seq, head.hash, before.seq, before.hash),
        )?;
        if moved != 1 {
            return Err(Failure::Intruder);
        }
        change.commit()?;
        Ok((head, day))
    }

    /// Writes `draft` behind `before`; `day` is that of the entry before.
    fn insert(
        &self,
        change: &Transaction<'_>,
        before: Head,
        draft: &Draft,
        day: &mut Option<String>,
    ) -> Result<Head, Failure> {
        let body = serde_json::to_string(&draft.body)?;
        let Draft { at, sale, kind, finishes, .. } = draft;
        let seq = before.seq + 1;
        let hash = Link {
            seq,
            at: at.as_bytes(),
            sale: sale.as_bytes(),
            kind: kind.as_bytes(),
            body: body.as_bytes(),
        }
        .hash(&before.hash, &self.about.identity);
        let id: Option<i64> = change
            .prepare_cached("SELECT id FROM sales WHERE sale = ?1")?
            .query_row((sale,), |row| row.get(0))
            .optional()?;
        if id.is_none() {
            let continued = self.about.archived > 0
                && archives::has(&self.connection, self.dir(), self.mode, sale)?;
            change
                .prepare_cached("INSERT INTO sales (id, sale, continued) VALUES (?1, ?2, ?3)")?
                .execute((seq, sale, continued))?;
        }
        let id = id.unwrap_or(seq);
        change
            .prepare_cached(
                "INSERT INTO entries (seq, at, sale, kind, body, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute((seq, at, id, kind, &body, hash))?;
        if *finishes {
            change
                .prepare_cached("UPDATE sales SET finished = ?1 WHERE id = ?2")?
                .execute((seq, id))?;
        }
        let today = day_of(at);
        if day.as_deref() != Some(today) {
            change
                .prepare_cached("INSERT INTO days (first, day) VALUES (?1, ?2)")?
                .execute((seq, today))?;
            *day = Some(today.to_owned());
        }
        Ok(Head { seq, hash })
    }

    /// Begins to build an archive if one is due; `open` is the first entry of anything that is
    /// still open.
    pub(super) fn begin_archive(
        &self,
        upkeep: &Upkeep,
        open: Option<i64>,
    ) -> Result<Option<Building>, JournalError> {
        let failed = |error| JournalError::sqlite(&self.path, &error);
        let Some(saved) = fold::oldest(&self.connection).map_err(failed)? else { return Ok(None) };
        let closed = open.map_or(saved, |open| saved.min(open.saturating_sub(1)));
        let Some(now) = archives::newest(&self.connection).map_err(failed)? else {
            return Ok(None);
        };
        let archived = self.about.archived;
        let due =
            archives::due(&self.connection, upkeep, archived, closed, &now).map_err(failed)?;
        let Some(last) = due else { return Ok(None) };
        // Tried again after the next checkpoint; until then the file grows.
        Ok(Building::start(self.dir(), self.mode, archived, last)
            .inspect_err(|error| tracing::warn!(%error, "no thread for an archive"))
            .ok())
    }

    /// Takes an archive over that was built: from then on its entries count as archived.
    pub(super) fn take_over(&mut self, built: &Written) -> Result<(), JournalError> {
        self.is_in_place()?;
        let at = self.newest()?;
        let named = archives::named(built, &at);
        self.append_with(std::iter::once(&named), |change| archives::take_over(change, built))?;
        self.about.archived = built.contents.last;
        self.note_end(&at);
        Ok(())
    }

    /// Clears some of the archived entries from the file; returns how many; 0: all are.
    pub(super) fn clear(&self, upkeep: &Upkeep) -> Result<usize, JournalError> {
        let cleared = archives::clear(&self.connection, self.about.archived)
            .map_err(|error| JournalError::sqlite(&self.path, &error))?;
        // A disk that is nearly full has no room for that, but for the next sales.
        if cleared == 0
            && let Err(error) = archives::shrink(&self.connection, upkeep)
        {
            tracing::warn!(%error, "the journal's file stays as large as it is");
        }
        Ok(cleared)
    }

    /// Removes the oldest archive if the retention setting says so; returns whether it did.
    pub(super) fn drop_overdue(&mut self, upkeep: &Upkeep) -> Result<bool, JournalError> {
        if upkeep.keep_days.is_none() {
            return Ok(false);
        }
        let at = self.newest()?;
        let overdue = archives::overdue(&self.connection, upkeep, &at)
            .map_err(|error| JournalError::sqlite(&self.path, &error))?;
        let Some(overdue) = overdue else { return Ok(false) };
        let named = archives::named_dropped(&overdue, &at);
        self.append_with(std::iter::once(&named), |change| archives::drop_one(change, &overdue))?;
        self.note_end(&at);
        archives::sweep(&self.connection, self.dir(), self.mode);
        Ok(true)
    }

    fn newest(&self) -> Result<String, JournalError> {
        archives::newest(&self.connection)
            .map(|at| at.unwrap_or_else(|| "-".to_owned()))
            .map_err(|error| JournalError::sqlite(&self.path, &error))
    }

    fn dir(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new("."))
    }

    /// Keeps what `fold` has of the entries so far.
    pub(super) fn save(&self, fold: &dyn Fold) -> Result<(), JournalError> {
        let body = match fold.save() {
            Ok(body) => body,
            Err(why) => {
                // The next start reads more entries, and nothing is lost.
                tracing::warn!(%why, "no checkpoint of the journal");
                return Ok(());
            }
        };
        fold::write(&self.connection, self.about.head, fold.format(), body)
            .map_err(|error| JournalError::sqlite(&self.path, &error))
    }

    /// Moves what is in the write-ahead file into the journal itself, as far as no reader needs
    /// it where it is.
    pub(super) fn checkpoint(&self) -> Result<(), JournalError> {
        self.connection
            .query_row("PRAGMA wal_checkpoint(PASSIVE)", (), |_| Ok(()))
            .map_err(|error| JournalError::sqlite(&self.path, &error))
    }
}

/// Which files the journal at `path` and its `-wal` file are: device and inode.
fn files(path: &Path) -> [Option<(u64, u64)>; 2] {
    ["", "-wal"].map(|suffix| {
        let about = std::fs::symlink_metadata(place::beside(path, suffix)).ok()?;
        Some((about.dev(), about.ino()))
    })
}

/// The day of a time in ISO-8601, as far as there is one.
fn day_of(at: &str) -> &str {
    at.get(..10).unwrap_or(at)
}

/// Compares the end of the journal with what its mark says.
fn missing_end(
    connection: &Connection,
    mark: &Path,
    mode: Mode,
    about: &About,
) -> rusqlite::Result<Option<MissingEnd>> {
    let found = about.head.seq;
    let (noted, at) = match mark::read(mark, mode) {
        Noted::Nothing => return Ok(None),
        Noted::Unreadable => return Ok(Some(MissingEnd { found, noted: None, at: None })),
        Noted::End(noted, at) => (noted, at),
    };
    // Archives hold closed sales of long ago; the mark is about the end.
    let is_archived = noted.seq < about.archived;
    let of_format_1 = about.identity.before == noted;
    let known = schema::before(connection, &about.identity, noted.seq.saturating_add(1))?;
    let is_there = is_archived || of_format_1 || noted.seq == 0 || known == Some(noted);
    Ok((!is_there).then_some(MissingEnd { found, noted: Some(noted.seq), at: Some(at) }))
}

/// Why a group was not written.
enum Failure {
    Sqlite(rusqlite::Error),
    Body(serde_json::Error),
    Intruder,
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::Body(error)
    }
}
