//! The reading side, which may run beside a console that writes.
//!
//! Owns the queries. Never writes, takes no lock of its own, and changes nothing in the file.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, Params, Row, Rows};

use super::chain::{Link, Verdict, Walk};
use super::{Entry, JournalError, Mode, SaleSummary, place, schema};

/// The most findings of `SQLite` that a [`Verdict`] repeats.
const FINDINGS: usize = 100;

/// A read-only view of one mode's journal. Each call sees everything committed before it.
pub struct Reader {
    connection: Connection,
    path: PathBuf,
    mode: Mode,
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
        schema::head(&connection, &path, mode)?;
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
        take: impl FnMut(Entry) -> Result<(), E>,
    ) -> Result<(), E> {
        self.select("WHERE seq >= ?1 ORDER BY seq", (from,), take)
    }

    /// Calls `take` with every entry, in order, each of them held against the chain before; stops
    /// at its first error.
    ///
    /// # Errors
    /// `take`'s, or the journal's own: an entry is not what was written, one is missing, or the end
    /// is not the recorded one.
    pub fn for_each_verified<E: From<JournalError>>(
        &self,
        mut take: impl FnMut(Entry) -> Result<(), E>,
    ) -> Result<(), E> {
        let failed = |error| self.failed(&error);
        let changed = |verdict: &Verdict| match verdict.breaks.first() {
            Some(first) => Err(JournalError::damaged(&self.path, first.to_string())),
            None => Ok(()),
        };
        // One transaction: the end belongs to the entries.
        let moment = self.connection.unchecked_transaction().map_err(failed)?;
        let head = schema::head(&self.connection, &self.path, self.mode)?;
        let mut walk = Walk::new(self.mode);
        {
            let mut statement = self
                .connection
                .prepare("SELECT seq, at, sale, kind, body, prev, hash FROM entries ORDER BY seq")
                .map_err(failed)?;
            let mut rows = statement.query(()).map_err(failed)?;
            while let Some(row) = rows.next().map_err(failed)? {
                let sound = step(&mut walk, row).map_err(failed)?;
                if !sound {
                    changed(&walk.verdict(Vec::new()))?;
                    return Ok(());
                }
                take(self.entry(row)?)?;
            }
        }
        walk.end(head.seq, &head.hash);
        changed(&walk.verdict(Vec::new()))?;
        moment.finish().map_err(failed)?;
        Ok(())
    }

    /// Everything recorded about `sale`, in order; empty if it is unknown.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn entries_of(&self, sale: &str) -> Result<Vec<Entry>, JournalError> {
        let mut entries = Vec::new();
        self.select("WHERE sale = ?1 ORDER BY seq", (sale,), |entry| {
            entries.push(entry);
            Ok::<_, JournalError>(())
        })?;
        Ok(entries)
    }

    /// Every sale there is, in the order of their first entries.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn sales(&self) -> Result<Vec<SaleSummary>, JournalError> {
        let mut statement = self
            .connection
            .prepare(
                "SELECT g.sale, a.at, z.at, z.kind, g.number
             FROM (SELECT sale, min(seq) AS first, max(seq) AS last, count(*) AS number
                   FROM entries GROUP BY sale) AS g
             JOIN entries AS a ON a.seq = g.first
             JOIN entries AS z ON z.seq = g.last
             ORDER BY g.first",
            )
            .map_err(|error| self.failed(&error))?;
        let summary = |row: &Row<'_>| {
            Ok(SaleSummary {
                sale: row.get(0)?,
                first_at: row.get(1)?,
                last_at: row.get(2)?,
                last_kind: row.get(3)?,
                entries: row.get(4)?,
            })
        };
        statement
            .query_map((), summary)
            .and_then(Iterator::collect)
            .map_err(|error| self.failed(&error))
    }

    /// Walks over everything and compares it with the chain. It detects changes, nothing more.
    ///
    /// # Errors
    /// The file cannot be read at all; what cannot be read in the middle is part of the verdict.
    pub fn verify(&self) -> Result<Verdict, JournalError> {
        let failed = |error| self.failed(&error);
        // One transaction, so that a console that appends meanwhile is no contradiction.
        let moment = self.connection.unchecked_transaction().map_err(failed)?;
        let mut walk = Walk::new(self.mode);
        match self.walk(&mut walk) {
            Ok(()) => {
                let head = schema::head(&self.connection, &self.path, self.mode)?;
                walk.end(head.seq, &head.hash);
            }
            Err(error) => walk.unreadable(error.to_string()),
        }
        let structure = self.structure();
        moment.finish().map_err(failed)?;
        Ok(walk.verdict(structure))
    }

    fn walk(&self, walk: &mut Walk) -> rusqlite::Result<()> {
        // NOT INDEXED: by the table itself, as the index may lie.
        let mut statement = self.connection.prepare(
            "SELECT seq, at, sale, kind, body, prev, hash FROM entries NOT INDEXED ORDER BY seq",
        )?;
        let mut rows = statement.query(())?;
        while let Some(row) = rows.next()? {
            step(walk, row)?;
        }
        Ok(())
    }

    /// What `SQLite` finds wrong with pages and indexes; an index that hides entries, for instance.
    fn structure(&self) -> Vec<String> {
        let findings = self
            .connection
            .prepare(&format!("PRAGMA integrity_check({FINDINGS})"))
            .and_then(|mut check| {
                check.query_map((), |row| row.get(0))?.collect::<Result<Vec<String>, _>>()
            })
            .unwrap_or_else(|error| vec![error.to_string()]);
        findings.into_iter().filter(|finding| finding != "ok").collect()
    }

    fn select<E: From<JournalError>>(
        &self,
        which: &str,
        parameters: impl Params,
        mut take: impl FnMut(Entry) -> Result<(), E>,
    ) -> Result<(), E> {
        let failed = |error| self.failed(&error);
        let mut statement = self
            .connection
            .prepare(&format!("SELECT seq, at, sale, kind, body FROM entries {which}"))
            .map_err(failed)?;
        let mut rows: Rows<'_> = statement.query(parameters).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            take(self.entry(row)?)?;
        }
        Ok(())
    }

    fn entry(&self, row: &Row<'_>) -> Result<Entry, JournalError> {
        let failed = |error| self.failed(&error);
        let seq = row.get(0).map_err(failed)?;
        let body = row.get_ref(4).and_then(|text| Ok(text.as_bytes()?)).map_err(failed)?;
        Ok(Entry {
            seq,
            at: row.get(1).map_err(failed)?,
            mode: self.mode,
            sale: row.get(2).map_err(failed)?,
            kind: row.get(3).map_err(failed)?,
            body: serde_json::from_slice(body).map_err(|error| {
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

/// Takes the row `seq, at, sale, kind, body, prev, hash` into the walk; false if it does not fit.
fn step(walk: &mut Walk, row: &Row<'_>) -> rusqlite::Result<bool> {
    let link = Link {
        seq: row.get(0)?,
        at: row.get_ref(1)?.as_bytes()?,
        sale: row.get_ref(2)?.as_bytes()?,
        kind: row.get_ref(3)?.as_bytes()?,
        body: row.get_ref(4)?.as_bytes()?,
        prev: row.get_ref(5)?.as_bytes()?,
    };
    walk.step(link, row.get_ref(6)?.as_bytes()?);
    Ok(walk.is_sound())
}
