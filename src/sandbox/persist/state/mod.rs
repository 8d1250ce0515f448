//! The ledger's file: a snapshot, then one line for every change, so that a demo survives a
//! restart, a `kill -9` and a power cut.
//!
//! Owns the file, its lock and what has reached the disk. A change is written while the books are
//! locked, so lines stand in the order of the changes; an answer leaves only after everything that
//! was written so far is on the disk. Opening reads the file, drops an unfinished last line (its
//! answer never left) and replaces the file by a fresh snapshot. Must not know HTTP.

mod line;
mod record;

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use rustix::fs::{FlockOperation, OFlags, flock};
use tokio::sync::Notify;

use crate::outside;
use crate::sandbox::persist::state::line::{Chain, Next};
use crate::sandbox::persist::state::record::{Change, Entry, Snapshot};
use crate::sandbox::refusal::Refusal;
use crate::sandbox::store::Book;

/// The file is compacted at every start; one far longer than months of use is something else.
const LONGEST_FILE: u64 = 1 << 30;

/// Why the ledger's file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// Another sandbox uses it.
    #[error("{} is in use by another sandbox", .0.display())]
    InUse(PathBuf),
    /// It is not what a sandbox wrote.
    #[error("{} is damaged in line {line}; start with --fresh to begin anew", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The first line that is wrong, from 1.
        line: usize,
    },
    /// The system refused to read or write it.
    #[error("cannot use {}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// An open file that takes changes.
pub(crate) struct StateFile {
    path: PathBuf,
    tail: Mutex<Tail>,
    /// The same file, so that a flush does not hold up the next change.
    disk: File,
    /// Lines written, and how many of them are on the disk.
    written: AtomicU64,
    synced: AtomicU64,
    /// Held while flushing: callers that wait share the next flush.
    flushing: Mutex<()>,
    broken: AtomicBool,
    failure: Mutex<Option<io::Error>>,
    failed: Notify,
    /// Keeps the lock as long as the file is open.
    _lock: Option<File>,
}

struct Tail {
    file: File,
    chain: Chain,
}

/// Opens the books in `path`, or starts there with those that `new` gives: when there is no file,
/// or when `fresh` says that the old one does not count.
pub(crate) fn open(
    path: &Path,
    fresh: bool,
    new: impl FnOnce() -> Book,
) -> Result<(Book, StateFile), StateError> {
    let failed = |source| StateError::Io { path: path.to_owned(), source };
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(failed)?;
    let lock = lock(path)?;
    let former = if fresh { None } else { read(path)? };
    let book = match former {
        Some(mut book) => {
            // Tokens follow from where the ids stand: no run may repeat those of the one before.
            book.ids.object("RUN");
            book
        }
        None => new(),
    };
    let mut chain = Chain::new();
    let snapshot = serde_json::to_string(&Snapshot::of(&book)).map_err(|e| failed(e.into()))?;
    let file = replace(path, folder, &chain.line(&snapshot)).map_err(failed)?;
    let disk = file.try_clone().map_err(failed)?;
    Ok((book, StateFile::over(path, Tail { file, chain }, disk, Some(lock))))
}

/// Locks the file's companion: the file itself is replaced, and its lock with it.
fn lock(path: &Path) -> Result<File, StateError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let failed = |source| StateError::Io { path: path.to_owned(), source };
    let mut options = OpenOptions::new();
    let lock = options.write(true).create(true).truncate(false).mode(0o600);
    // Follow no link, do not wait for the reader of a pipe.
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed();
    let lock = lock.custom_flags(flags).open(&name).map_err(failed)?;
    match flock(&lock, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(lock),
        Err(rustix::io::Errno::WOULDBLOCK) => Err(StateError::InUse(path.to_owned())),
        Err(error) => Err(failed(error.into())),
    }
}

fn read(path: &Path) -> Result<Option<Book>, StateError> {
    let bytes = match outside::read(path, LONGEST_FILE) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(StateError::Io { path: path.to_owned(), source }),
    };
    let damaged = |line| StateError::Damaged { path: path.to_owned(), line };
    let mut chain = Chain::new();
    let Next::Line(first, mut rest) = chain.next(&bytes) else { return Err(damaged(1)) };
    let snapshot: Snapshot = serde_json::from_slice(first).map_err(|_| damaged(1))?;
    let mut book = snapshot.open().ok_or_else(|| damaged(1))?;
    for line in 2.. {
        match chain.next(rest) {
            Next::Line(text, after) => {
                let entry = Entry::read(text).map_err(|_| damaged(line))?;
                entry.replay(&mut book).ok_or_else(|| damaged(line))?;
                rest = after;
            }
            Next::End => break,
            Next::Damaged => return Err(damaged(line)),
        }
    }
    Ok(Some(book))
}

/// Puts a file with `content` in the place of `path`: the old one or the new one, never a part.
fn replace(path: &Path, folder: &Path, content: &[u8]) -> io::Result<File> {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    // A leftover of a killed start could be readable by all: the new file gets its own mode.
    match fs::remove_file(&name) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&name)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(&name, path)?;
    File::open(folder)?.sync_all()?;
    Ok(file)
}

impl StateFile {
    fn over(path: &Path, tail: Tail, disk: File, lock: Option<File>) -> Self {
        Self {
            path: path.to_owned(),
            tail: Mutex::new(tail),
            disk,
            written: AtomicU64::new(0),
            synced: AtomicU64::new(0),
            flushing: Mutex::default(),
            broken: AtomicBool::new(false),
            failure: Mutex::default(),
            failed: Notify::new(),
            _lock: lock,
        }
    }

    /// Writes what a step changed, on the sale `id` or on none. After a failure nothing is written any more,
    /// since the file would no longer tell what happened.
    pub(crate) fn append(&self, book: &mut Book, id: Option<&str>) -> Result<(), Refusal> {
        if self.is_broken() {
            return Err(Refusal::Internal);
        }
        let change = Change::of(book, id)?;
        self.write(book, &Entry::Change(Box::new(change)))
    }

    /// Writes that the books were reset to what they hold now.
    pub(crate) fn append_reset(&self, book: &mut Book) -> Result<(), Refusal> {
        if self.is_broken() {
            return Err(Refusal::Internal);
        }
        self.write(book, &Entry::reset(book))
    }

    fn write(&self, book: &mut Book, entry: &Entry) -> Result<(), Refusal> {
        let mut tail = self.tail.lock().unwrap_or_else(PoisonError::into_inner);
        let written = serde_json::to_string(entry).map_err(io::Error::from).and_then(|text| {
            let line = tail.chain.line(&text);
            tail.file.write_all(&line)
        });
        written.map_err(|error| self.fail(error))?;
        book.recorded = book.bookings.ever();
        self.written.fetch_add(1, Ordering::AcqRel);
        Ok(())
    }

    /// Whether everything written is on the disk.
    pub(crate) fn is_synced(&self) -> bool {
        self.synced.load(Ordering::Acquire) >= self.written.load(Ordering::Acquire)
            && !self.is_broken()
    }

    /// Waits until everything written before the call is on the disk. Blocks the thread.
    pub(crate) fn sync(&self) -> Result<(), Refusal> {
        let wanted = self.written.load(Ordering::Acquire);
        let _flushing = self.flushing.lock().unwrap_or_else(PoisonError::into_inner);
        if self.is_broken() {
            return Err(Refusal::Internal);
        }
        if self.synced.load(Ordering::Acquire) >= wanted {
            return Ok(());
        }
        let written = self.written.load(Ordering::Acquire);
        self.disk.sync_data().map_err(|error| self.fail(error))?;
        self.synced.store(written, Ordering::Release);
        Ok(())
    }

    fn fail(&self, error: io::Error) -> Refusal {
        let mut failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
        failure.get_or_insert(error);
        self.broken.store(true, Ordering::Release);
        self.failed.notify_one();
        Refusal::Internal
    }

    pub(crate) fn is_broken(&self) -> bool {
        self.broken.load(Ordering::Acquire)
    }

    /// Completes when the file can no longer be written, with the reason.
    pub(crate) async fn failed(&self) -> StateError {
        self.failed.notified().await;
        let mut failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
        let source = failure.take().unwrap_or_else(|| io::Error::other("broken before"));
        StateError::Io { path: self.path.clone(), source }
    }
}

#[cfg(test)]
mod tests;
