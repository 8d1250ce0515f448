//! What can go wrong with the journal, in words for the person at the till.
//!
//! Owns the typed errors and their mapping from `SQLite`'s. Must not decide what the till does
//! about them. No message ever contains an entry's content.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;
use rusqlite::ffi::SQLITE_IOERR_SHMSIZE;

use super::Mode;

/// Why the journal cannot be opened, read or written.
///
/// After a write that ended in one of these, the entries concerned are *not known* to be on disk;
/// it does not say that they are certainly absent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JournalError {
    /// A console holds the lock; `pid` is what it wrote into the lock file.
    #[error(
        "another console uses this journal ({})",
        pid.map_or_else(|| "pid unknown".to_owned(), |pid| format!("pid {pid}"))
    )]
    InUse {
        /// The other process, if its number could be read.
        pid: Option<u32>,
    },
    /// Nothing to read: no console has written a journal here yet.
    #[error("there is no journal at {} yet", path.display())]
    Missing {
        /// Where it would be.
        path: PathBuf,
    },
    /// Another user could read, replace or plant the file.
    #[error("the journal must be this user's alone: {} {why}", path.display())]
    NotPrivate {
        /// The file or directory.
        path: PathBuf,
        /// What is wrong with it, as the end of a sentence.
        why: &'static str,
    },
    /// Written by a newer program. Nothing was changed.
    #[error(
        "the journal {} has format {found}, this program knows up to {known}: \
         use the newer program (nothing was changed)",
        path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// The newest format this program knows.
        known: i64,
    },
    /// Written by an older program; only a console's start converts it.
    #[error(
        "the journal {} has the older format {found}: start the console once to convert it",
        path.display()
    )]
    Older {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: i64,
    },
    /// A sandbox journal where a live one belongs, or the other way round.
    #[error("{} is the journal of {found} sales, not of {wanted} ones", path.display())]
    WrongMode {
        /// The file.
        path: PathBuf,
        /// Whose journal it is.
        found: Mode,
        /// Whose journal was asked for.
        wanted: Mode,
    },
    /// The file is no journal, or not what was written.
    #[error(
        "the journal {} is damaged ({detail}): do not sell. Copy it together with its -wal file \
         to a safe place, then put back a backup or move both away to begin a new one",
        path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was found.
        detail: String,
    },
    /// An archive is not what was written, or no archive.
    #[error("the archive {} is damaged ({detail}): put back a copy of it", path.display())]
    ArchiveDamaged {
        /// The file.
        path: PathBuf,
        /// What was found.
        detail: String,
    },
    /// An entry is what was written, but this program cannot read it.
    #[error(
        "entry {seq} of the journal cannot be read: {detail}. `kasse journal verify` tells whether \
         it was changed"
    )]
    Entry {
        /// The entry's number.
        seq: i64,
        /// Why.
        detail: String,
    },
    /// The file was deleted, renamed or replaced under the running console: what was written last
    /// is not where the next start looks for it.
    #[error(
        "the journal {} or its -wal file was deleted, renamed or replaced while it was in use: do \
         not sell. Put both back, then restart",
        path.display()
    )]
    Replaced {
        /// Where it was.
        path: PathBuf,
    },
    /// No space is left for the next entry.
    #[error("the disk is full: {} cannot be written. Make room, then restart", path.display())]
    DiskFull {
        /// The file.
        path: PathBuf,
    },
    /// Another program keeps the file locked.
    #[error("another program blocks the journal {}: end it, then restart", path.display())]
    Busy {
        /// The file.
        path: PathBuf,
    },
    /// The operating system refused.
    #[error("the journal {} cannot be used: {detail}", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// The system's words.
        detail: String,
    },
    /// The writer thread has ended; nothing is recorded any more.
    #[error("the journal's writer has stopped: restart the console")]
    Stopped,
}

impl JournalError {
    pub(super) fn io(path: &Path, error: &io::Error) -> Self {
        let path = path.to_owned();
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull { path },
            _ => Self::Io { path, detail: error.to_string() },
        }
    }

    pub(super) fn damaged(path: &Path, detail: impl Into<String>) -> Self {
        Self::Damaged { path: path.to_owned(), detail: detail.into() }
    }

    pub(super) fn sqlite(path: &Path, error: &rusqlite::Error) -> Self {
        let owned = path.to_owned();
        let rusqlite::Error::SqliteFailure(failure, _) = error else {
            // A missing row, a wrong type, text that is not UTF-8: our own statements never
            // produce these on our own file.
            return Self::damaged(path, error.to_string());
        };
        match failure.code {
            ErrorCode::DiskFull => Self::DiskFull { path: owned },
            // SQLite cannot extend its shared index. In practice this, too, is a full disk.
            ErrorCode::SystemIoFailure if failure.extended_code == SQLITE_IOERR_SHMSIZE => {
                Self::DiskFull { path: owned }
            }
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Busy { path: owned },
            ErrorCode::DatabaseCorrupt
            | ErrorCode::NotADatabase
            | ErrorCode::ConstraintViolation
            | ErrorCode::SchemaChanged
            | ErrorCode::TypeMismatch
            // "No such table": the file lost it.
            | ErrorCode::Unknown => Self::damaged(path, error.to_string()),
            _ => Self::Io { path: owned, detail: error.to_string() },
        }
    }
}
