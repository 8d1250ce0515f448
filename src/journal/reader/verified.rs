//! Reading that holds every entry against the chain: for a start, an archive, a verdict.
//!
//! Owns the walks. Where an entry is kept is the moment's business.

use std::path::Path;

use super::{FINDINGS, Known, PROGRESS, Reader};
use crate::journal::archive::{self, Written};
use crate::journal::chain::{Hash, Link, Verdict, Walk};
use crate::journal::schema::{self, ENTRIES};
use crate::journal::{Entry, Fold, JournalError, Resumed, fold};

/// How many entries before the checkpoint a start holds against the chain.
const CHECKED_BEFORE: i64 = 512;

impl Reader {
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
            if entry.is_own() {
                return Ok(());
            }
            resumed.replayed += 1;
            let seq = entry.seq;
            fold.take(entry).map_err(|detail| JournalError::Entry { seq, detail })
        })?;
        Ok(resumed)
    }

    /// Walks over everything and compares it with the chain. It detects changes, nothing more.
    /// `progress` is told now and then how many entries of how many are done.
    ///
    /// # Errors
    /// The file cannot be read at all; what cannot be read in the middle is part of the verdict.
    pub fn verify(&self, progress: impl FnMut(u64, u64)) -> Result<Verdict, JournalError> {
        self.verify_known(progress).map(|(verdict, _)| verdict)
    }

    /// As [`Self::verify`], with what the journal says of itself at that moment.
    pub(in crate::journal) fn verify_known(
        &self,
        mut progress: impl FnMut(u64, u64),
    ) -> Result<(Verdict, Known), JournalError> {
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
        Ok((walk.verdict(structure), moment.known()))
    }

    /// Writes the entries behind `archived` up to `last` into the archive at `path`, each held
    /// against the chain, until `stop` says to stop.
    ///
    /// # Errors
    /// An entry is not what was written; the archive cannot be written; it was stopped.
    pub(in crate::journal) fn archive(
        &self,
        path: &Path,
        archived: i64,
        last: i64,
        stop: impl Fn() -> bool,
    ) -> Result<Written, JournalError> {
        let moment = self.moment()?;
        let before = moment.before(archived.saturating_add(1))?;
        let mut walk = Walk::behind(&moment.about.identity, before);
        let sql = format!("{ENTRIES} WHERE e.seq > ?1 AND e.seq <= ?2 ORDER BY e.seq");
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
}
