//! The reading side, which may run beside a console that writes.
//!
//! Owns the queries over the file and its archives. Never writes, takes no lock of its own, and
//! changes nothing in the file.

mod moment;
mod verified;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, InterruptHandle, OpenFlags, Row};
use uuid::Uuid;

use self::moment::{Moment, link_of};
use super::chain::{Hash, Link, salted};
use super::schema::{self, ENTRIES};
use super::{Entry, JournalError, Mode, SaleSummary, migrations, place};

/// The most findings of `SQLite` that a verdict repeats.
const FINDINGS: usize = 100;

/// After how many entries a walk tells how far it is.
const PROGRESS: u64 = 100_000;

/// A read-only view of one mode's journal. Each call sees everything committed before it.
pub struct Reader {
    connection: Connection,
    path: PathBuf,
    mode: Mode,
}

/// What a copy of an entry is checked by.
pub(in crate::journal) struct Proof {
    /// The hash of the entry before it.
    pub(super) prev: Hash,
    /// The salt of the body. Without it, a masked body cannot be found by trying.
    pub(super) salt: Hash,
    /// The salted hash of the body.
    pub(super) salted: Hash,
    /// The entry's own.
    pub(super) hash: Hash,
}

/// What a journal says of itself.
pub(in crate::journal) struct Known {
    pub(super) till: Uuid,
    pub(super) epoch: Uuid,
    /// The last entry of format 1; 0 for none.
    pub(super) format_1: i64,
    /// The last entry that was removed by the retention setting.
    pub(super) dropped: Option<i64>,
    /// The last entry's number.
    pub(super) last: i64,
    /// Its hash, in hexadecimal digits.
    pub(super) hash: String,
}

impl Reader {
    pub(super) fn open(dir: &Path, mode: Mode) -> Result<Self, JournalError> {
        let path = place::file(dir, mode);
        match fs::symlink_metadata(&path) {
            Ok(about) if about.is_file() => {}
            Ok(_) => return Err(JournalError::NotPrivate { path, why: "is not a plain file" }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(JournalError::Missing { path });
            }
            Err(error) => return Err(JournalError::io(&path, &error)),
        }
        let failed = |error| JournalError::sqlite(&path, &error);
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&path, flags).map_err(failed)?;
        schema::settle(&connection).map_err(failed)?;
        match schema::version(&connection, &path)? {
            0 => return Err(JournalError::Missing { path }),
            migrations::KNOWN => {}
            found => return Err(JournalError::Older { path, found }),
        }
        schema::about(&connection, &path, mode)?;
        Ok(Self { connection, path, mode })
    }

    /// Whose journal it is.
    #[must_use]
    pub const fn mode(&self) -> Mode {
        self.mode
    }

    /// Calls `take` with every entry from number `from` on, in order; stops at its first error.
    ///
    /// All of them are of one moment, even while others are appended.
    ///
    /// # Errors
    /// `take`'s, or the journal's own when an entry cannot be read.
    pub fn for_each<E: From<JournalError>>(
        &self,
        from: i64,
        mut take: impl FnMut(Entry) -> Result<(), E>,
    ) -> Result<(), E> {
        self.moment()?.rows(from, i64::MAX, |link, _| take(self.entry(link)?))
    }

    /// Calls `take` with the entries from number `from` to `to`, in order, each with what a masked
    /// copy of it is checked by; stops at its first error.
    ///
    /// # Errors
    /// `take`'s, or the journal's own when an entry cannot be read.
    pub(super) fn proven<E: From<JournalError>>(
        &self,
        (from, to): (i64, i64),
        mut take: impl FnMut(Entry, Option<Proof>) -> Result<(), E>,
    ) -> Result<(), E> {
        let moment = self.moment()?;
        let identity = &moment.about.identity;
        let mut prev = None;
        moment.rows(from, to, |link, hash| {
            let entry = self.entry(link)?;
            if link.seq <= identity.before.seq {
                return take(entry, None);
            }
            let prev = match prev.replace(*hash) {
                Some(prev) => prev,
                None => moment.before(link.seq)?.hash,
            };
            let salt = identity.salt(link.seq);
            let salted = salted(&salt, link.body);
            take(entry, Some(Proof { prev, salt, salted, hash: *hash }))
        })
    }

    /// Everything recorded about `sale`, in order; empty if it is unknown.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn entries_of(&self, sale: &str) -> Result<Vec<Entry>, JournalError> {
        let moment = self.moment()?;
        let mut entries = Vec::new();
        for archived in moment.archives.iter().filter(|archived| archived.may_have(sale)) {
            for row in moment.open(archived)?.entries_of(sale)? {
                entries.push(self.entry(link_of(&row))?);
            }
        }
        let sql = format!("{ENTRIES} WHERE s.sale = ?1 AND e.seq > ?2 ORDER BY e.seq");
        self.query(&sql, (sale, moment.about.archived), |row| {
            let (link, _) = schema::link(row).map_err(|error| self.failed(&error))?;
            entries.push(self.entry(link)?);
            Ok::<_, JournalError>(())
        })?;
        Ok(entries)
    }

    /// A page of sales in the order of their first entries, the newest first: at most `limit` of
    /// those that begin before entry `before`, or of all. Each with the number of its first entry.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn sales(
        &self,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Vec<(i64, SaleSummary)>, JournalError> {
        let moment = self.moment()?;
        let before = before.unwrap_or(i64::MAX);
        let mut sales = self.sales_between(moment.about.archived, before, limit, false)?;
        for (index, archived) in moment.archives.iter().enumerate().rev() {
            if sales.len() >= limit || archived.first >= before {
                continue;
            }
            let (archive, mut before) = (moment.open(archived)?, before);
            while sales.len() < limit {
                let page = archive.summaries(Some(before), limit - sales.len())?;
                let Some((last, _)) = page.last() else { break };
                before = *last;
                for (first, sale) in page {
                    sales.extend(moment.whole(index, sale)?.map(|sale| (first, sale)));
                }
            }
        }
        Ok(sales)
    }

    /// At most `limit` sales of the file itself whose first entry is behind `from` and before
    /// `before`, from the one end or from the other.
    fn sales_between(
        &self,
        from: i64,
        before: i64,
        limit: usize,
        oldest_first: bool,
    ) -> Result<Vec<(i64, SaleSummary)>, JournalError> {
        let order = if oldest_first { "ASC" } else { "DESC" };
        let sql = format!(
            "SELECT s.id, s.sale, a.at, z.at, z.kind,
                    (SELECT count(*) FROM entries WHERE sale = s.id)
             FROM sales AS s
             JOIN entries AS a ON a.seq = s.id
             JOIN entries AS z ON z.seq = (SELECT max(seq) FROM entries WHERE sale = s.id)
             WHERE s.id > ?1 AND s.id < ?2 AND s.sale <> '' AND NOT s.continued
             ORDER BY s.id {order} LIMIT ?3"
        );
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut sales = Vec::new();
        self.query(&sql, (from, before, limit), |row| {
            let summary = |row: &Row<'_>| {
                let (first_at, last_at) = (row.get(2)?, row.get(3)?);
                let (sale, last_kind, entries) = (row.get(1)?, row.get(4)?, row.get(5)?);
                Ok((row.get(0)?, SaleSummary { sale, first_at, last_at, last_kind, entries }))
            };
            sales.push(summary(row).map_err(|error| self.failed(&error))?);
            Ok::<_, JournalError>(())
        })?;
        Ok(sales)
    }

    /// Calls `take` with every sale, in the order of their first entries; stops at its first error.
    /// Reads `page` of them at once.
    ///
    /// # Errors
    /// `take`'s, or the file cannot be read.
    pub fn for_each_sale<E: From<JournalError>>(
        &self,
        page: usize,
        mut take: impl FnMut(SaleSummary) -> Result<(), E>,
    ) -> Result<(), E> {
        let moment = self.moment()?;
        for (index, archived) in moment.archives.iter().enumerate() {
            // An archive can be read from its end alone; its number of sales is bounded.
            let sales = moment.open(archived)?.summaries(None, usize::MAX)?;
            for (_, sale) in sales.into_iter().rev() {
                moment.whole(index, sale)?.map_or(Ok(()), &mut take)?;
            }
        }
        let mut from = moment.about.archived;
        loop {
            let sales = self.sales_between(from, i64::MAX, page, true)?;
            let Some((last, _)) = sales.last() else { return Ok(()) };
            from = *last;
            for (_, sale) in sales {
                take(sale)?;
            }
        }
    }

    /// A page of finished sales, the last finished first: at most `limit` of those that were
    /// finished before entry `before`, or of all. Each with the number of the entry that finished
    /// it.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn finished(
        &self,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Vec<(i64, String)>, JournalError> {
        let moment = self.moment()?;
        let mut sales = Vec::new();
        let sql = "SELECT finished, sale FROM sales WHERE finished > ?1 AND finished < ?2
                   ORDER BY finished DESC LIMIT ?3";
        let most = i64::try_from(limit).unwrap_or(i64::MAX);
        let from = (moment.about.archived, before.unwrap_or(i64::MAX), most);
        self.query(sql, from, |row| {
            let found = row.get(0).and_then(|seq| Ok((seq, row.get(1)?)));
            sales.push(found.map_err(|error| self.failed(&error))?);
            Ok::<_, JournalError>(())
        })?;
        for archived in moment.archives.iter().rev() {
            if sales.len() < limit && before.is_none_or(|before| archived.first < before) {
                sales.extend(moment.open(archived)?.finished(before, limit - sales.len())?);
            }
        }
        Ok(sales)
    }

    /// The smallest range of entries that has every entry whose time lies on one of the days from
    /// `first` to `last`, both `YYYY-MM-DD` in UTC; `None`: there is none. Entries of other days may
    /// lie in it where the clock was set back.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn span(&self, first: &str, last: &str) -> Result<Option<(i64, i64)>, JournalError> {
        let moment = self.moment()?;
        let sql = "SELECT min(first), max(coalesce(
                       (SELECT min(n.first) - 1 FROM days AS n WHERE n.first > d.first), ?3))
                   FROM days AS d WHERE day BETWEEN ?1 AND ?2";
        let range = self.connection.query_row(sql, (first, last, moment.about.head.seq), |row| {
            Ok(row.get::<_, Option<i64>>(0)?.zip(row.get::<_, Option<i64>>(1)?))
        });
        range.map_err(|error| self.failed(&error))
    }

    /// Ends what is being read from another thread.
    pub(super) fn interrupt(&self) -> InterruptHandle {
        self.connection.get_interrupt_handle()
    }

    /// Calls `take` with each row of a query; stops at its first error.
    fn query<E: From<JournalError>>(
        &self,
        sql: &str,
        parameters: impl rusqlite::Params,
        mut take: impl FnMut(&Row<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let failed = |error| self.failed(&error);
        let mut statement = self.connection.prepare_cached(sql).map_err(failed)?;
        let mut rows = statement.query(parameters).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            take(row)?;
        }
        Ok(())
    }

    fn moment(&self) -> Result<Moment<'_>, JournalError> {
        Moment::of(self)
    }

    fn entry(&self, link: Link<'_>) -> Result<Entry, JournalError> {
        let seq = link.seq;
        let text = |bytes: &[u8]| {
            let text = std::str::from_utf8(bytes).map_err(|error| {
                JournalError::damaged(&self.path, format!("entry {seq} is no text: {error}"))
            });
            text.map(str::to_owned)
        };
        Ok(Entry {
            seq,
            at: text(link.at)?,
            mode: self.mode,
            sale: text(link.sale)?,
            kind: text(link.kind)?,
            body: serde_json::from_slice(link.body).map_err(|error| {
                // Where in the body, but nothing of the body.
                let detail = format!("entry {seq} is no JSON in column {}", error.column());
                JournalError::damaged(&self.path, detail)
            })?,
        })
    }

    fn failed(&self, error: &rusqlite::Error) -> JournalError {
        JournalError::sqlite(&self.path, error)
    }
}
