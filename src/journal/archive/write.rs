//! Writing an archive: all of it or nothing.
//!
//! Owns the file while it grows under another name, and its way to the real one. Holds one block
//! of rows in memory, whatever the archive's length.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use rusqlite::{Connection, OpenFlags, OptionalExtension};

use super::block::{self, Packer};
use super::{APPLICATION, Contents, FORMAT, Hash, Key, Row, digest, key};
use crate::journal::{JournalError, Mode, place};
use crate::outside;

/// `blocks` has the entries. The other tables say where to look: `sales` has the numbers of each
/// sale's first and last entry, `places` the blocks in which it has entries, `finished` the entries
/// that finish one.
const TABLES: &str = "
    CREATE TABLE about (
        one      INTEGER PRIMARY KEY CHECK (one = 1),
        mode     TEXT NOT NULL,
        first    INTEGER NOT NULL,
        last     INTEGER NOT NULL,
        before   BLOB NOT NULL,
        head     BLOB NOT NULL,
        earliest TEXT NOT NULL,
        latest   TEXT NOT NULL,
        sales    INTEGER NOT NULL,
        least    TEXT NOT NULL,
        greatest TEXT NOT NULL
    ) STRICT;
    CREATE TABLE blocks (
        first   INTEGER PRIMARY KEY,
        entries INTEGER NOT NULL,
        size    INTEGER NOT NULL,
        rows    BLOB NOT NULL
    ) STRICT;
    CREATE TABLE sales (
        first   INTEGER PRIMARY KEY,
        last    INTEGER NOT NULL,
        entries INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE places (
        sale  BLOB NOT NULL,
        block INTEGER NOT NULL,
        first INTEGER NOT NULL,
        PRIMARY KEY (sale, block)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE finished (seq INTEGER PRIMARY KEY) STRICT;";

/// What was written.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::journal) struct Written {
    /// What it holds.
    pub contents: Contents,
    /// The SHA-256 of the file.
    pub digest: Hash,
    /// The length of the file in bytes.
    pub bytes: u64,
}

/// Writes the rows that `rows` passes on to its argument, in the order of their numbers and without
/// gaps, into the archive at `path`. `before` is the hash of the entry before the first.
///
/// It is under this name and on the disk when this returns, mode 0400; a program that dies before
/// leaves no file under this name. A file that is there already is replaced. The same rows give
/// the same bytes.
///
/// # Errors
/// `rows`'; a row is not the next one, or longer than any block; there are no rows; the disk.
pub(in crate::journal) fn write(
    path: &Path,
    mode: Mode,
    before: Hash,
    rows: impl FnOnce(&mut dyn FnMut(Row) -> Result<(), JournalError>) -> Result<(), JournalError>,
) -> Result<Written, JournalError> {
    // What a program that died left behind has no value.
    let part = place::beside(path, ".part");
    let written = remove(&part)
        .and_then(|()| build(&part, mode, before, rows))
        .and_then(|contents| Ok((contents, seal(&part, path)?)));
    match written {
        Ok((contents, (digest, bytes))) => Ok(Written { contents, digest, bytes }),
        Err(error) => {
            // The error is told; that a useless file stays makes it no worse.
            let _ = remove(&part);
            Err(error)
        }
    }
}

fn remove(part: &Path) -> Result<(), JournalError> {
    match fs::remove_file(part) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(JournalError::io(part, &error))
        }
        _ => Ok(()),
    }
}

fn build(
    part: &Path,
    mode: Mode,
    before: Hash,
    rows: impl FnOnce(&mut dyn FnMut(Row) -> Result<(), JournalError>) -> Result<(), JournalError>,
) -> Result<Contents, JournalError> {
    let failed = |error| JournalError::sqlite(part, &error);
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(part)
        .map_err(|error| JournalError::io(part, &error))?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(part, flags).map_err(failed)?;
    // Nobody reads the file before it is whole, and then it is synced.
    connection.pragma_update(None, "page_size", 1_024).map_err(failed)?;
    connection.pragma_update(None, "synchronous", "OFF").map_err(failed)?;
    connection.pragma_update_and_check(None, "journal_mode", "OFF", |_| Ok(())).map_err(failed)?;
    let change = connection.transaction().map_err(failed)?;
    change.execute_batch(TABLES).map_err(failed)?;
    change.pragma_update(None, "application_id", APPLICATION).map_err(failed)?;
    change.pragma_update(None, "user_version", FORMAT).map_err(failed)?;
    let packer = Packer::new().map_err(|error| JournalError::io(part, &error))?;
    let mut builder = Builder { part, file: &change, packer, pending: None, contents: None };
    rows(&mut |row| builder.take(&row, mode, before))?;
    let contents = builder.finish()?;
    change.commit().map_err(failed)?;
    connection.close().map_err(|(_, error)| failed(error))?;
    Ok(contents)
}

/// Gives the whole file its name; returns its digest and length.
fn seal(part: &Path, path: &Path) -> Result<(Hash, u64), JournalError> {
    (|| {
        fs::set_permissions(part, Permissions::from_mode(0o400))?;
        let file = outside::open(part, u64::MAX)?;
        file.sync_all()?;
        let bytes = file.metadata()?.len();
        let digest = digest(part)?;
        fs::rename(part, path)?;
        let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        let folder = directory.unwrap_or(Path::new("."));
        File::open(folder)?.sync_all()?;
        Ok((digest, bytes))
    })()
    .map_err(|error| JournalError::io(path, &error))
}

/// Takes row after row, and writes each block when it is full.
struct Builder<'a> {
    part: &'a Path,
    file: &'a Connection,
    packer: Packer,
    pending: Option<Pending>,
    /// Of all rows so far.
    contents: Option<Contents>,
}

/// A block that is being filled.
struct Pending {
    first: i64,
    last: i64,
    bytes: Vec<u8>,
    sales: BTreeMap<Key, Range>,
    finished: Vec<i64>,
}

/// The first and the last of some entries, and how many they are.
struct Range {
    first: i64,
    last: i64,
    entries: i64,
}

impl Range {
    fn note<K: Ord>(ranges: &mut BTreeMap<K, Self>, of: K, seq: i64) {
        let range = ranges.entry(of).or_insert(Self { first: seq, last: seq, entries: 0 });
        range.last = seq;
        range.entries += 1;
    }
}

impl Builder<'_> {
    fn take(&mut self, row: &Row, mode: Mode, before: Hash) -> Result<(), JournalError> {
        let Row { seq, at, sale, hash, .. } = row;
        match &mut self.contents {
            None => {
                self.contents = Some(Contents {
                    mode,
                    first: *seq,
                    last: *seq,
                    before,
                    head: *hash,
                    earliest: at.clone(),
                    latest: at.clone(),
                    sales: 0,
                    least: String::new(),
                    greatest: String::new(),
                });
            }
            Some(contents) => {
                if contents.last.checked_add(1) != Some(*seq) {
                    let last = contents.last;
                    return Err(self.refused(format!("entry {seq} comes after entry {last}")));
                }
                contents.last = *seq;
                contents.head = *hash;
                widen(&mut contents.earliest, &mut contents.latest, at);
            }
        }
        if let Some(contents) = self.contents.as_mut().filter(|_| !sale.is_empty()) {
            if contents.least.is_empty() {
                contents.least.clone_from(sale);
            }
            widen(&mut contents.least, &mut contents.greatest, sale);
        }
        let full = |pending: &Pending| {
            pending.last - pending.first >= block::ROWS - 1 || pending.bytes.len() >= block::FULL
        };
        if self.pending.as_ref().is_some_and(full) {
            self.flush()?;
        }
        let pending = self.pending.get_or_insert_with(|| Pending {
            first: *seq,
            last: *seq,
            bytes: Vec::new(),
            sales: BTreeMap::new(),
            finished: Vec::new(),
        });
        if !block::push(&mut pending.bytes, row) {
            return Err(self.refused(format!("entry {seq} is too long")));
        }
        pending.last = *seq;
        Range::note(&mut pending.sales, key(sale), *seq);
        if row.finishes {
            pending.finished.push(*seq);
        }
        Ok(())
    }

    /// Writes the pending block.
    fn flush(&mut self) -> Result<(), JournalError> {
        let Some(pending) = self.pending.take() else { return Ok(()) };
        let packed = self
            .packer
            .pack(&pending.bytes)
            .map_err(|error| JournalError::io(self.part, &error))?;
        let new = insert(self.file, &pending, &packed)
            .map_err(|error| JournalError::sqlite(self.part, &error))?;
        if let Some(contents) = &mut self.contents {
            contents.sales += new;
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Contents, JournalError> {
        self.flush()?;
        let Some(contents) = self.contents.take() else {
            return Err(self.refused("there are no entries for it".to_owned()));
        };
        let Contents { mode, first, last, before, head, .. } = &contents;
        let Contents { earliest, latest, sales, least, greatest, .. } = &contents;
        self.file
            .execute(
                "INSERT INTO about VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                (
                    mode.as_str(),
                    first,
                    last,
                    before,
                    head,
                    earliest,
                    latest,
                    sales.cast_signed(),
                    least,
                    greatest,
                ),
            )
            .map_err(|error| JournalError::sqlite(self.part, &error))?;
        Ok(contents)
    }

    fn refused(&self, detail: String) -> JournalError {
        JournalError::Io { path: self.part.to_owned(), detail }
    }
}

fn widen(least: &mut String, greatest: &mut String, text: &str) {
    if text < least.as_str() {
        text.clone_into(least);
    } else if text > greatest.as_str() {
        text.clone_into(greatest);
    }
}

/// Inserts the block and what leads to it; returns how many of its sales are new.
fn insert(file: &Connection, pending: &Pending, packed: &[u8]) -> rusqlite::Result<u64> {
    let Pending { first, last, bytes, .. } = pending;
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    file.execute(
        "INSERT INTO blocks VALUES (?1, ?2, ?3, ?4)",
        (first, last - first + 1, size, packed),
    )?;
    let mut known = file.prepare("SELECT first FROM places WHERE sale = ?1 LIMIT 1")?;
    let mut new_sale = file.prepare("INSERT INTO sales VALUES (?1, ?2, ?3)")?;
    let mut old_sale =
        file.prepare("UPDATE sales SET last = ?2, entries = entries + ?3 WHERE first = ?1")?;
    let mut place = file.prepare("INSERT INTO places VALUES (?1, ?2, ?3)")?;
    let mut new = 0;
    for (sale, Range { first: here, last, entries }) in &pending.sales {
        let begun = known.query_row((sale,), |row| row.get::<_, i64>(0)).optional()?;
        match begun {
            Some(begun) => old_sale.execute((begun, last, entries))?,
            None => new_sale.execute((here, last, entries))?,
        };
        new += u64::from(begun.is_none());
        place.execute((sale, first, begun.unwrap_or(*here)))?;
    }
    let mut finished = file.prepare("INSERT INTO finished VALUES (?1)")?;
    for seq in &pending.finished {
        finished.execute((seq,))?;
    }
    Ok(new)
}
