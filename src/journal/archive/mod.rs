//! Archives: closed ranges of entries in read-only files beside the journal.
//!
//! Owns the format of these files, their writing and the queries on one of them. Must not decide
//! which entries move, nor check their chain: it keeps rows as they are given.
//!
//! An archive is an `SQLite` file. Its entries are in blocks of 256, each one zstd frame, with
//! tables that lead to the blocks, so that a query unpacks only what it needs.
//!
//! Level 9 of zstd, measured with 20,000 sales of ten entries: level 3 takes half the time for files
//! 6 % larger, level 15 seven times the time for files 1 % smaller. A sale takes 690 bytes, 330 of
//! them hashes, which cannot be packed.
//!
//! The tables that lead to the entries are not part of the chain of hashes: that nobody changed them
//! is known from the file's digest alone, which the caller keeps.

mod block;
#[cfg(test)]
mod tests;
mod write;

use std::collections::VecDeque;
use std::fs;
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use rusqlite::{Connection, OpenFlags, OptionalExtension, Statement};
use rustix::process::geteuid;
use sha2::{Digest, Sha256};

use self::block::Block;
use super::chain::Hash;
use super::{JournalError, Mode, SaleSummary, schema};
use crate::outside;

pub(super) use self::write::{Written, write};

/// `kasa` in ASCII: what `SQLite`'s header says about whose file it is.
const APPLICATION: i64 = 0x6b61_7361;
/// The format that is written, and the newest that is read.
const FORMAT: i64 = 1;
/// How many unpacked blocks a query keeps: entries of one sale are seldom in more.
const KEPT: usize = 4;

/// One entry as it is stored, its texts untouched.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// Its number.
    pub seq: i64,
    /// When, ISO-8601 in UTC.
    pub at: String,
    /// The sale's reference.
    pub sale: String,
    /// What happened.
    pub kind: String,
    /// The details, JSON.
    pub body: String,
    /// Its hash in the chain.
    pub hash: Hash,
    /// Whether it finishes its sale.
    pub finishes: bool,
}

/// What an archive holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Contents {
    /// Whose sales these are.
    pub mode: Mode,
    /// The number of the first entry.
    pub first: i64,
    /// The number of the last entry.
    pub last: i64,
    /// The hash of the entry before the first.
    pub before: Hash,
    /// The hash of the last entry.
    pub head: Hash,
    /// The earliest time of an entry, ISO-8601 in UTC. Not always the first entry's: clocks jump.
    pub earliest: String,
    /// The latest time of an entry.
    pub latest: String,
    /// How many sales have entries here.
    pub sales: u64,
    /// The least reference of a sale here, by its bytes; empty if there is none. What belongs to no
    /// sale has an empty one and does not count.
    pub least: String,
    /// The greatest reference of a sale here.
    pub greatest: String,
}

/// What stands for a sale's reference in the tables: the beginning of its SHA-256.
type Key = [u8; 16];

fn key(sale: &str) -> Key {
    Sha256::digest(sale).first_chunk().copied().unwrap_or_default()
}

/// The SHA-256 of the file at `path`.
///
/// # Errors
/// It cannot be read.
pub(super) fn digest(path: &Path) -> io::Result<Hash> {
    let mut file = outside::open(path, u64::MAX)?;
    let (mut hasher, mut buffer) = (Sha256::new(), vec![0; 64 * 1024]);
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hasher.finalize().into()),
            length => hasher.update(buffer.get(..length).unwrap_or_default()),
        }
    }
}

/// An open archive.
pub(super) struct Archive {
    connection: Connection,
    path: PathBuf,
    contents: Contents,
}

impl Archive {
    /// Opens the archive at `path`, which must be one of `mode`.
    ///
    /// # Errors
    /// It is not there, not this user's alone to write, no archive, damaged, of a newer format or
    /// of the other mode.
    pub(super) fn open(path: &Path, mode: Mode) -> Result<Self, JournalError> {
        let io_failed = |error: &io::Error| JournalError::io(path, error);
        let about = fs::symlink_metadata(path).map_err(|error| io_failed(&error))?;
        let refused = |why| Err(JournalError::NotPrivate { path: path.to_owned(), why });
        let user = geteuid();
        if !about.is_file() {
            return refused("is not a plain file");
        }
        if about.uid() != user.as_raw() && !user.is_root() {
            return refused("belongs to another user");
        }
        if about.mode() & 0o022 != 0 {
            return refused("can be written by others (chmod 400 it)");
        }
        // Nobody changes it: SQLite needs no locks, and no look at files beside it.
        let absolute = std::path::absolute(path).map_err(|error| io_failed(&error))?;
        let name = percent_encode(absolute.as_os_str().as_bytes(), NON_ALPHANUMERIC);
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | OpenFlags::SQLITE_OPEN_URI;
        let failed = |error| damaged(path, &error);
        let connection = Connection::open_with_flags(format!("file:{name}?immutable=1"), flags)
            .map_err(failed)?;
        schema::settle(&connection).map_err(failed)?;
        let number = |pragma| connection.pragma_query_value(None, pragma, |row| row.get(0));
        let application: i64 = number("application_id").map_err(failed)?;
        let found: i64 = number("user_version").map_err(failed)?;
        match (application, found) {
            (APPLICATION, FORMAT) => {}
            (APPLICATION, found) if found > FORMAT => {
                return Err(JournalError::Newer { path: path.to_owned(), found, known: FORMAT });
            }
            _ => return Err(wrong(path, "it is not an archive")),
        }
        let contents = contents(&connection, path)?;
        if contents.mode != mode {
            let (found, wanted) = (contents.mode, mode);
            return Err(JournalError::WrongMode { path: path.to_owned(), found, wanted });
        }
        Ok(Self { connection, path: path.to_owned(), contents })
    }

    /// What it holds.
    #[cfg(test)]
    const fn contents(&self) -> &Contents {
        &self.contents
    }

    /// Calls `take` with every entry from number `from` to number `to` that is here, in order;
    /// stops at its first error.
    ///
    /// # Errors
    /// `take`'s, or the archive's own: an entry is not there or cannot be read.
    pub(super) fn rows<E: From<JournalError>>(
        &self,
        from: i64,
        to: i64,
        mut take: impl FnMut(Row) -> Result<(), E>,
    ) -> Result<(), E> {
        let Contents { first, last, .. } = self.contents;
        let (mut next, to) = (from.max(first), to.min(last));
        let mut blocks = self.blocks()?;
        while next <= to {
            let block = blocks.with(next)?;
            let until = block.end().min(to.saturating_add(1));
            for seq in next..until {
                take(self.row(&block, seq)?)?;
            }
            next = until;
        }
        Ok(())
    }

    /// The entries of `sale` that are here, in order; empty if there are none.
    ///
    /// # Errors
    /// The archive is damaged.
    pub(super) fn entries_of(&self, sale: &str) -> Result<Vec<Row>, JournalError> {
        let failed = |error| damaged(&self.path, &error);
        let mut places = self
            .connection
            .prepare("SELECT block FROM places WHERE sale = ?1 ORDER BY block")
            .map_err(failed)?;
        let mut places = places.query((key(sale),)).map_err(failed)?;
        let (mut blocks, mut found) = (self.blocks()?, Vec::new());
        while let Some(place) = places.next().map_err(failed)? {
            let block = blocks.with(place.get(0).map_err(failed)?)?;
            for row in block.rows_of(sale) {
                found.push(row.map_err(|detail| wrong(&self.path, detail))?);
            }
        }
        Ok(found)
    }

    /// At most `limit` sales whose first entry here has a number less than `before`, the newest
    /// first, each with that number.
    ///
    /// # Errors
    /// The archive is damaged.
    pub(super) fn summaries(
        &self,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Vec<(i64, SaleSummary)>, JournalError> {
        let failed = |error| damaged(&self.path, &error);
        let mut sales = self
            .connection
            .prepare(
                "SELECT first, last, entries FROM sales WHERE first < ?1 ORDER BY first DESC LIMIT ?2",
            )
            .map_err(failed)?;
        let mut sales = sales.query(page(before, limit)).map_err(failed)?;
        let (mut blocks, mut found) = (self.blocks()?, Vec::new());
        while let Some(sale) = sales.next().map_err(failed)? {
            let sale = (|| Ok((sale.get(0)?, sale.get(1)?, sale.get(2)?)))().map_err(failed)?;
            found.push(self.summary_of(&mut blocks, sale)?);
        }
        Ok(found)
    }

    /// What is here about `sale`, with the number of its first entry here.
    ///
    /// # Errors
    /// The archive is damaged.
    pub(super) fn summary(&self, sale: &str) -> Result<Option<(i64, SaleSummary)>, JournalError> {
        let found = self
            .connection
            .query_row(
                "SELECT first, last, entries FROM sales
                 WHERE first = (SELECT first FROM places WHERE sale = ?1 LIMIT 1)",
                (key(sale),),
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )
            .optional()
            .map_err(|error| damaged(&self.path, &error))?;
        let Some(found) = found else { return Ok(None) };
        let (first, summary) = self.summary_of(&mut self.blocks()?, found)?;
        if summary.sale == sale {
            Ok(Some((first, summary)))
        } else {
            Err(wrong(&self.path, format!("entry {first} is of another sale")))
        }
    }

    /// At most `limit` entries that finish a sale, with numbers less than `before`, the newest
    /// first: each entry's number and its sale's reference.
    ///
    /// # Errors
    /// The archive is damaged.
    pub(super) fn finished(
        &self,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Vec<(i64, String)>, JournalError> {
        let failed = |error| damaged(&self.path, &error);
        let mut finished = self
            .connection
            .prepare("SELECT seq FROM finished WHERE seq < ?1 ORDER BY seq DESC LIMIT ?2")
            .map_err(failed)?;
        let mut finished = finished.query(page(before, limit)).map_err(failed)?;
        let (mut blocks, mut found) = (self.blocks()?, Vec::new());
        while let Some(row) = finished.next().map_err(failed)? {
            let seq = row.get(0).map_err(failed)?;
            found.push((seq, self.row(&*blocks.with(seq)?, seq)?.sale));
        }
        Ok(found)
    }

    fn summary_of(
        &self,
        blocks: &mut Blocks<'_>,
        (first, last, entries): (i64, i64, u32),
    ) -> Result<(i64, SaleSummary), JournalError> {
        let begin = self.row(&*blocks.with(first)?, first)?;
        let end = self.row(&*blocks.with(last)?, last)?;
        let summary = SaleSummary {
            sale: begin.sale,
            first_at: begin.at,
            last_at: end.at,
            last_kind: end.kind,
            entries,
        };
        Ok((first, summary))
    }

    fn row(&self, block: &Block, seq: i64) -> Result<Row, JournalError> {
        block
            .row(seq)
            .unwrap_or_else(|| Err(format!("entry {seq} is missing")))
            .map_err(|detail| wrong(&self.path, detail))
    }

    fn blocks(&self) -> Result<Blocks<'_>, JournalError> {
        let find = self
            .connection
            .prepare(
                "SELECT first, entries, size, rows FROM blocks WHERE first <= ?1
                 ORDER BY first DESC LIMIT 1",
            )
            .map_err(|error| damaged(&self.path, &error))?;
        Ok(Blocks { find, path: &self.path, kept: VecDeque::new() })
    }
}

/// The parameters of a query for a page: all before a number, at most so many.
fn page(before: Option<i64>, limit: usize) -> (i64, i64) {
    (before.unwrap_or(i64::MAX), i64::try_from(limit).unwrap_or(i64::MAX))
}

fn contents(connection: &Connection, path: &Path) -> Result<Contents, JournalError> {
    let (mode, contents) = connection
        .query_row("SELECT * FROM about WHERE one = 1", (), |row| {
            let mode: String = row.get("mode")?;
            Ok((
                Mode::from_str(&mode),
                Contents {
                    mode: Mode::Sandbox,
                    first: row.get("first")?,
                    last: row.get("last")?,
                    before: row.get("before")?,
                    head: row.get("head")?,
                    earliest: row.get("earliest")?,
                    latest: row.get("latest")?,
                    sales: row.get::<_, i64>("sales")?.cast_unsigned(),
                    least: row.get("least")?,
                    greatest: row.get("greatest")?,
                },
            ))
        })
        .map_err(|error| damaged(path, &error))?;
    match mode {
        Some(mode) => Ok(Contents { mode, ..contents }),
        None => Err(wrong(path, "it does not say whose sales it has")),
    }
}

/// The unpacked blocks of one query, the most recent first.
struct Blocks<'a> {
    find: Statement<'a>,
    path: &'a Path,
    kept: VecDeque<Rc<Block>>,
}

impl Blocks<'_> {
    /// The block that has the entry `seq`.
    fn with(&mut self, seq: i64) -> Result<Rc<Block>, JournalError> {
        let has = |block: &Rc<Block>| (block.first()..block.end()).contains(&seq);
        let block = match self.kept.iter().position(has).and_then(|at| self.kept.remove(at)) {
            Some(block) => block,
            None => Rc::new(self.unpack(seq)?),
        };
        if !has(&block) {
            return Err(wrong(self.path, format!("entry {seq} is missing")));
        }
        self.kept.truncate(KEPT - 1);
        self.kept.push_front(Rc::clone(&block));
        Ok(block)
    }

    fn unpack(&mut self, seq: i64) -> Result<Block, JournalError> {
        let path = self.path;
        let failed = |error| damaged(path, &error);
        let mut found = self.find.query((seq,)).map_err(failed)?;
        let Some(row) = found.next().map_err(failed)? else {
            return Err(wrong(path, format!("entry {seq} is missing")));
        };
        let (first, entries, size) =
            (|| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))().map_err(failed)?;
        let packed = row.get_ref(3).and_then(|rows| Ok(rows.as_blob()?)).map_err(failed)?;
        Block::unpack(first, entries, size, packed)
            .map_err(|detail| wrong(path, format!("block of entry {first}: {detail}")))
    }
}

fn wrong(path: &Path, detail: impl Into<String>) -> JournalError {
    JournalError::ArchiveDamaged { path: path.to_owned(), detail: detail.into() }
}

fn damaged(path: &Path, error: &rusqlite::Error) -> JournalError {
    match JournalError::sqlite(path, error) {
        JournalError::Damaged { path, detail } => JournalError::ArchiveDamaged { path, detail },
        other => other,
    }
}
