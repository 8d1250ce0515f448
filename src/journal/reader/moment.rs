//! What one call of a reader sees: the file and its archives at one moment.
//!
//! Owns which of the two has an entry, and the order over both.

use std::path::{Path, PathBuf};

use rusqlite::Transaction;

use super::{Known, Reader};
use crate::journal::archive::{self, Archive};
use crate::journal::archives::{self, Archived};
use crate::journal::chain::{Hash, Head, Link, Walk, hex};
use crate::journal::schema::{self, About, ENTRIES};
use crate::journal::{JournalError, SaleSummary, place};

/// What one call sees: the file at one moment.
pub(super) struct Moment<'a> {
    reader: &'a Reader,
    /// Ends with it.
    _transaction: Transaction<'a>,
    pub(super) about: About,
    /// Those that are still there, the oldest first.
    pub(super) archives: Vec<Archived>,
    /// The end of what was removed.
    pub(super) dropped: Option<Head>,
}

/// What the chain has of an archived row.
pub(super) fn link_of(row: &archive::Row) -> Link<'_> {
    Link {
        seq: row.seq,
        at: row.at.as_bytes(),
        sale: row.sale.as_bytes(),
        kind: row.kind.as_bytes(),
        body: row.body.as_bytes(),
    }
}

impl<'a> Moment<'a> {
    /// The present moment.
    pub(super) fn of(reader: &'a Reader) -> Result<Self, JournalError> {
        let Reader { connection, path, mode } = reader;
        let failed = |error| JournalError::sqlite(path, &error);
        let transaction = connection.unchecked_transaction().map_err(failed)?;
        let about = schema::about(connection, path, *mode)?;
        let all = archives::all(connection).map_err(failed)?;
        let (dropped, archives): (Vec<_>, Vec<_>) = all.into_iter().partition(|one| one.dropped);
        let dropped = dropped.last().map(Archived::head);
        Ok(Self { reader, _transaction: transaction, about, archives, dropped })
    }

    /// Calls `take` with the entries from number `from` to `to`, in order, and their stored hashes;
    /// stops at its first error.
    pub(super) fn rows<E: From<JournalError>>(
        &self,
        from: i64,
        to: i64,
        mut take: impl FnMut(Link<'_>, &Hash) -> Result<(), E>,
    ) -> Result<(), E> {
        for archived in self.archives.iter().filter(|one| one.last >= from && one.first <= to) {
            self.rows_of(archived, from, to, &mut take)?;
        }
        self.own_rows(from, to, take)
    }

    /// As [`Self::rows`], for one archive.
    pub(super) fn rows_of<E: From<JournalError>>(
        &self,
        archived: &Archived,
        from: i64,
        to: i64,
        mut take: impl FnMut(Link<'_>, &Hash) -> Result<(), E>,
    ) -> Result<(), E> {
        self.open(archived)?.rows(from, to, |row| take(link_of(&row), &row.hash))
    }

    /// As [`Self::rows`], for the file itself.
    pub(super) fn own_rows<E: From<JournalError>>(
        &self,
        from: i64,
        to: i64,
        mut take: impl FnMut(Link<'_>, &Hash) -> Result<(), E>,
    ) -> Result<(), E> {
        // The order of the table itself: an index may lie.
        let sql = "SELECT e.seq, e.at, s.sale, e.kind, e.body, e.hash
             FROM entries AS e NOT INDEXED JOIN sales AS s NOT INDEXED ON s.id = e.sale
             WHERE e.seq BETWEEN ?1 AND ?2 ORDER BY e.seq";
        // What is archived may not be cleared away yet.
        let from = from.max(self.about.archived.saturating_add(1));
        self.reader.query(sql, (from, to), |row| {
            let (link, stored) = schema::link(row).map_err(|error| self.reader.failed(&error))?;
            take(link, &stored)
        })
    }

    /// What the journal says of itself.
    pub(super) fn known(&self) -> Known {
        let About { identity, head, .. } = &self.about;
        Known {
            till: identity.till,
            epoch: identity.epoch,
            format_1: identity.before.seq,
            dropped: self.dropped.map(|head| head.seq),
            last: head.seq,
            hash: hex(&head.hash),
        }
    }

    /// A walk over everything that is still there.
    pub(super) fn walk(&self) -> Walk<'_> {
        let identity = &self.about.identity;
        self.dropped.map_or_else(|| Walk::new(identity), |head| Walk::behind(identity, head))
    }

    /// What precedes entry `seq` in the chain.
    pub(super) fn before(&self, seq: i64) -> Result<Head, JournalError> {
        let Reader { connection, path, .. } = self.reader;
        let before = schema::before(connection, &self.about.identity, seq)
            .map_err(|error| JournalError::sqlite(path, &error))?;
        if let Some(before) = before {
            return Ok(before);
        }
        let mut found = None;
        let number = seq.saturating_sub(1);
        self.rows(number, number, |link, hash| {
            found = Some(Head { seq: link.seq, hash: *hash });
            Ok::<_, JournalError>(())
        })?;
        found.ok_or_else(|| JournalError::damaged(path, format!("entry {number} is missing")))
    }

    pub(super) fn path_of(&self, archived: &Archived) -> PathBuf {
        let dir = self.reader.path.parent().unwrap_or(Path::new("."));
        place::archive(dir, self.reader.mode, archived.first)
    }

    pub(super) fn open(&self, archived: &Archived) -> Result<Archive, JournalError> {
        Archive::open(&self.path_of(archived), self.reader.mode)
    }

    /// What is wrong with an archive's file, if anything is.
    pub(super) fn digest_of(&self, archived: &Archived) -> Option<String> {
        let path = self.path_of(archived);
        match archive::digest(&path) {
            Ok(digest) if digest == archived.digest => None,
            Ok(_) => Some(format!("{} is not the archive that was written", path.display())),
            Err(error) => Some(format!("{}: {error}", path.display())),
        }
    }

    /// What is known of a sale that the archive with this index has, with what is behind it;
    /// `None`: an earlier archive has its beginning.
    pub(super) fn whole(
        &self,
        index: usize,
        mut sale: SaleSummary,
    ) -> Result<Option<SaleSummary>, JournalError> {
        if sale.sale.is_empty() {
            return Ok(None);
        }
        for (other, archived) in self.archives.iter().enumerate() {
            if other == index || !archived.may_have(&sale.sale) {
                continue;
            }
            let Some((_, part)) = self.open(archived)?.summary(&sale.sale)? else { continue };
            if other < index {
                return Ok(None);
            }
            sale.entries += part.entries;
            (sale.last_at, sale.last_kind) = (part.last_at, part.last_kind);
        }
        let sql = format!("{ENTRIES} WHERE s.sale = ?1 AND e.seq > ?2 ORDER BY e.seq");
        let reference = sale.sale.clone();
        self.reader.query(&sql, (&reference, self.about.archived), |row| {
            let last = row.get(1).and_then(|at| Ok((at, row.get(3)?)));
            (sale.last_at, sale.last_kind) = last.map_err(|error| self.reader.failed(&error))?;
            sale.entries += 1;
            Ok::<_, JournalError>(())
        })?;
        Ok(Some(sale))
    }
}
