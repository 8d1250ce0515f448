//! The reading side, which may run beside a console that writes.
//!
//! Owns the queries over the file and its archives. Never writes, takes no lock of its own, and
//! changes nothing in the file.

mod moment;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, InterruptHandle, OpenFlags, Row};
use uuid::Uuid;

use self::moment::{Moment, link_of};
use super::archive::{self, Written};
use super::chain::{Hash, Link, Verdict, Walk, hex, salted};
use super::schema::{self, About, ENTRIES, ENTRIES_AND_ENDS};
use super::{Entry, Fold, JournalError, Mode, OWN_KIND, Resumed, SaleSummary, fold, place};

/// The most findings of `SQLite` that a [`Verdict`] repeats.
const FINDINGS: usize = 100;

/// How many entries before the checkpoint a start holds against the chain.
const CHECKED_BEFORE: i64 = 512;

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
pub(super) struct Known {
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
            schema::KNOWN => {}
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

    /// Calls `take` with every entry, in order, each of them held against the chain before; stops
    /// at its first error.
    ///
    /// # Errors
    /// `take`'s, or the journal's own: an entry is not what was written, one is missing, or the end
    /// is not the recorded one.
    pub fn for_each_verified<E: From<JournalError>>(
        &self,
        take: impl FnMut(Entry) -> Result<(), E>,
    ) -> Result<(), E> {
        self.verified_from(0, 0, take)
    }

    /// As [`Self::for_each_verified`], but the chain is checked from behind entry `from` on, and
    /// the entries from behind `take_from` on are taken.
    pub(super) fn verified_from<E: From<JournalError>>(
        &self,
        from: i64,
        take_from: i64,
        mut take: impl FnMut(Entry) -> Result<(), E>,
    ) -> Result<(), E> {
        let changed = |walk: Walk<'_>| match walk.verdict(Vec::new()).breaks.first() {
            Some(first) => Err(JournalError::damaged(&self.path, first.to_string())),
            None => Ok(()),
        };
        // One transaction: the end belongs to the entries.
        let moment = self.moment()?;
        let identity = &moment.about.identity;
        let mut walk = match from {
            0 => moment.walk(),
            _ => Walk::behind(identity, moment.before(from.saturating_add(1))?),
        };
        let mut broken = false;
        moment.rows(from.saturating_add(1), i64::MAX, |link, stored| {
            if broken {
                return Ok(());
            }
            walk.step(link, stored);
            broken = !walk.is_sound();
            if !broken && link.seq > take_from {
                take(self.entry(link)?)?;
            }
            Ok::<_, E>(())
        })?;
        if !broken {
            walk.end(moment.about.head);
        }
        Ok(changed(walk)?)
    }

    /// Puts `fold` where the entries lead: from the newest good checkpoint and the entries behind
    /// it, or from all entries.
    ///
    /// # Errors
    /// An entry that is read is not what was written, or `fold` cannot read it.
    pub fn resume(&self, fold: &mut impl Fold) -> Result<Resumed, JournalError> {
        let about = self.moment()?.about;
        let mut resumed = Resumed::default();
        let from = fold::load(&self.connection, &about.identity, fold, &mut resumed)
            .map_err(|error| self.failed(&error))?
            .map_or(0, |head| head.seq);
        // The last entries before it are checked as well, as far as they are in the file.
        let checked_from = match from {
            0 => 0,
            from => from.saturating_sub(CHECKED_BEFORE).max(about.archived),
        };
        self.verified_from(checked_from, from, |entry| {
            if entry.kind.starts_with(OWN_KIND) {
                return Ok(());
            }
            resumed.replayed += 1;
            let seq = entry.seq;
            fold.take(entry).map_err(|detail| JournalError::Entry { seq, detail })
        })?;
        Ok(resumed)
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

    /// What the journal says of itself.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(super) fn known(&self) -> Result<Known, JournalError> {
        let moment = self.moment()?;
        let About { identity, head, .. } = moment.about;
        Ok(Known {
            till: identity.till,
            epoch: identity.epoch,
            format_1: identity.before.seq,
            dropped: moment.dropped.map(|head| head.seq),
            last: head.seq,
            hash: hex(&head.hash),
        })
    }

    /// Walks over everything and compares it with the chain. It detects changes, nothing more.
    /// `progress` is told now and then how many entries of how many are done.
    ///
    /// # Errors
    /// The file cannot be read at all; what cannot be read in the middle is part of the verdict.
    pub fn verify(&self, mut progress: impl FnMut(u64, u64)) -> Result<Verdict, JournalError> {
        // One transaction, so that a console that appends meanwhile is no contradiction.
        let moment = self.moment()?;
        let all = u64::try_from(moment.about.head.seq).unwrap_or_default();
        let mut walk = moment.walk();
        let mut done = 0;
        let mut step = |walk: &mut Walk<'_>, link: Link<'_>, stored: &Hash| {
            walk.step(link, stored);
            done += 1;
            if done % PROGRESS == 0 {
                progress(done, all);
            }
            Ok::<_, JournalError>(())
        };
        let mut structure = Vec::new();
        for archived in &moment.archives {
            let read =
                moment.rows_of(archived, 1, i64::MAX, |link, stored| step(&mut walk, link, stored));
            match read {
                Ok(()) => structure.extend(moment.digest_of(archived)),
                Err(error) => walk.unreadable(error.to_string()),
            }
            // What is behind it is checked all the same.
            if walk.last().seq != archived.last {
                walk.skip_to(archived.head());
            }
        }
        match moment.own_rows(1, i64::MAX, |link, stored| step(&mut walk, link, stored)) {
            Ok(()) => walk.end(moment.about.head),
            Err(error) => walk.unreadable(error.to_string()),
        }
        structure.extend(schema::structure(&self.connection, FINDINGS));
        Ok(walk.verdict(structure))
    }

    /// Writes the entries behind `archived` up to `last` into the archive at `path`, each held
    /// against the chain, until `stop` says to stop.
    ///
    /// # Errors
    /// An entry is not what was written; the archive cannot be written; it was stopped.
    pub(super) fn archive(
        &self,
        path: &Path,
        archived: i64,
        last: i64,
        stop: impl Fn() -> bool,
    ) -> Result<Written, JournalError> {
        let moment = self.moment()?;
        let before = moment.before(archived.saturating_add(1))?;
        let mut walk = Walk::behind(&moment.about.identity, before);
        let sql = format!("{ENTRIES_AND_ENDS} WHERE e.seq > ?1 AND e.seq <= ?2 ORDER BY e.seq");
        archive::write(path, self.mode, before.hash, |write| {
            self.query(&sql, (archived, last), |row| {
                let failed = |error| self.failed(&error);
                let (link, hash) = schema::link(row).map_err(failed)?;
                walk.step(link, &hash);
                if stop() {
                    return Err(JournalError::Stopped);
                }
                if !walk.is_sound() {
                    let why = format!("entry {}: content or hash was changed", link.seq);
                    return Err(JournalError::damaged(&self.path, why));
                }
                let seq = link.seq;
                let text = |index| row.get(index).map_err(failed);
                write(archive::Row {
                    seq,
                    at: text(1)?,
                    sale: text(2)?,
                    kind: text(3)?,
                    body: text(4)?,
                    hash,
                    finishes: row.get(6).map_err(failed)?,
                })
            })
        })
    }

    /// Walks over the entries of the file itself, without its archives, and looks at its structure;
    /// returns how many entries it has. [`Self::verify`] reads everything.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check_file(&self) -> Result<u64, JournalError> {
        let archived = self.moment()?.about.archived;
        let mut entries = 0;
        let took = |_| {
            entries += 1;
            Ok::<_, JournalError>(())
        };
        // What moves to an archive meanwhile has been checked before it moves.
        self.verified_from(archived, archived, took)?;
        match schema::structure(&self.connection, 1).into_iter().next() {
            Some(finding) => Err(JournalError::damaged(&self.path, finding)),
            None => Ok(entries),
        }
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
