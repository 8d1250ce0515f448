//! What can be wrong with the file, and what to do about it.

use std::fmt::Display;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use crate::text::sanitise;

/// Why the file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ArticleStoreError {
    /// The system's words.
    #[error("{}: {detail}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        detail: String,
    },
    /// No room is left.
    #[error("{}: the disk is full; the articles are as they were", .path.display())]
    Full {
        /// The file.
        path: PathBuf,
    },
    /// Another program has the file.
    #[error("{}: another kasse is writing it: try again", .path.display())]
    Busy {
        /// The file.
        path: PathBuf,
    },
    /// Its content is not what was written.
    #[error(
        "{path}: the articles are damaged: {detail}\n\
         Sales are kept elsewhere and are not touched. Move the file away (mv {path} {path}.damaged) \
         and import the articles again with: kasse articles import FILE",
        path = .path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        detail: String,
    },
    /// It was written by a later version.
    #[error("{}: a newer version of kasse wrote it: use that one", .path.display())]
    Newer {
        /// The file.
        path: PathBuf,
    },
    /// Others may change prices in it.
    #[error("{path}: others may write it: run chmod 600 {path}", path = .path.display())]
    Open {
        /// The file.
        path: PathBuf,
    },
}

impl ArticleStoreError {
    pub(super) fn io(path: &Path, error: &io::Error) -> Self {
        let path = path.to_owned();
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full { path },
            _ => Self::Io { path, detail: error.to_string() },
        }
    }

    pub(super) fn damaged(path: &Path, detail: impl Display) -> Self {
        Self::Damaged { path: path.to_owned(), detail: detail.to_string() }
    }

    pub(super) fn sqlite(path: &Path, error: &rusqlite::Error) -> Self {
        let rusqlite::Error::SqliteFailure(failure, _) = error else {
            // A missing row or a wrong type: our own statements never make these.
            return Self::damaged(path, error);
        };
        let path = path.to_owned();
        match failure.code {
            ErrorCode::DiskFull => Self::Full { path },
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Busy { path },
            ErrorCode::DatabaseCorrupt
            | ErrorCode::NotADatabase
            | ErrorCode::ConstraintViolation
            | ErrorCode::SchemaChanged
            | ErrorCode::TypeMismatch
            | ErrorCode::Unknown => Self::damaged(&path, error),
            _ => Self::Io { path, detail: error.to_string() },
        }
    }

    /// What is wrong, in one harmless line.
    pub(super) fn line(&self) -> String {
        sanitise(self.to_string().lines().next().unwrap_or_default())
    }

    /// Whether it may be gone in a moment.
    pub(super) const fn passes(&self) -> bool {
        matches!(self, Self::Busy { .. })
    }
}
