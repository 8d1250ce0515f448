//! The writing side of the file: one connection, one chain, whole groups or nothing.
//!
//! Owns transactions and checkpoints. Must not know threads, queues or who waits.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::chain::Link;
use super::place::{self, Lock};
use super::schema::{self, Head};
use super::{Draft, JournalError, Mode};

/// The open journal of one mode.
pub(super) struct Store {
    connection: Connection,
    path: PathBuf,
    head: Head,
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
        schema::migrate(&mut connection, mode, found).map_err(failed)?;
        let head = schema::head(&connection, &path, mode)?;
        schema::check(&connection, &path, head)?;
        schema::probe(&connection).map_err(failed)?;
        Ok(Self { connection, path, head, _lock: lock })
    }

    /// Where the file is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes `drafts` in one transaction and returns when they are on the disk.
    pub(super) fn append<'a>(
        &mut self,
        drafts: impl Iterator<Item = &'a Draft>,
    ) -> Result<(), JournalError> {
        self.head = self.write(drafts).map_err(|failure| match failure {
            Failure::Sqlite(error) => JournalError::sqlite(&self.path, &error),
            Failure::Body(error) => JournalError::Io {
                path: self.path.clone(),
                detail: format!("an entry cannot be written as JSON: {error}"),
            },
            Failure::Intruder => {
                JournalError::damaged(&self.path, "another program has written to it")
            }
        })?;
        Ok(())
    }

    fn write<'a>(&mut self, drafts: impl Iterator<Item = &'a Draft>) -> Result<Head, Failure> {
        let change = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut head = self.head;
        {
            let mut insert = change.prepare(
                "INSERT INTO entries (seq, at, sale, kind, body, prev, hash)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?;
            for draft in drafts {
                let body = serde_json::to_string(&draft.body)?;
                let Draft { at, sale, kind, .. } = draft;
                let seq = head.seq + 1;
                let hash = Link {
                    prev: &head.hash,
                    seq,
                    at: at.as_bytes(),
                    sale: sale.as_bytes(),
                    kind: kind.as_bytes(),
                    body: body.as_bytes(),
                }
                .hash();
                insert.execute((seq, at, sale, kind, &body, head.hash, hash))?;
                head = Head { seq, hash };
            }
        }
        let moved = change.execute(
            "UPDATE about SET seq = ?1, hash = ?2 WHERE one = 1 AND seq = ?3 AND hash = ?4",
            (head.seq, head.hash, self.head.seq, self.head.hash),
        )?;
        if moved != 1 {
            return Err(Failure::Intruder);
        }
        change.commit()?;
        Ok(head)
    }

    /// Moves what is in the write-ahead file into the journal itself, as far as no reader needs
    /// it where it is.
    pub(super) fn checkpoint(&self) -> Result<(), JournalError> {
        self.connection
            .query_row("PRAGMA wal_checkpoint(PASSIVE)", (), |_| Ok(()))
            .map_err(|error| JournalError::sqlite(&self.path, &error))
    }
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
