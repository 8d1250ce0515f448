//! The files that keep the ledger, so that a demo survives a restart, a `kill -9` and a power cut:
//! a snapshot of the books, and a log of every step since.
//!
//! Owns what has reached the disk, and recovery. Two threads write: one the log, where all steps
//! that wait share one flush, and one the next snapshot when the log is long enough. An answer
//! waits until the steps that it can tell of are on the disk, and for nothing else. Must not know
//! HTTP.
//!
//! A snapshot names the log that goes on from it. A compaction is: begin the next log; cut, so that
//! later steps go there; write the books as they were at the cut to `.new`; rename it; remove the
//! former log. Opening reads the snapshot, its log, and the next one if the rename did not come to
//! pass. Every step stands in exactly one log, so it is never lost and never done twice.

mod files;
mod former;
mod frame;
mod image;
mod queue;
mod record;
mod snapshot;

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::io::{self, Read};
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::thread::{self, JoinHandle};

use crate::outside;
use crate::sandbox::persist::state::files::{Files, LONGEST_FILE, Lock};
use crate::sandbox::persist::state::frame::Writer;
use crate::sandbox::persist::state::image::Image;
use crate::sandbox::persist::state::queue::Queue;
use crate::sandbox::persist::state::record::Head;
use crate::sandbox::persist::state::snapshot::{Found, Log, Opened};
use crate::sandbox::refusal::Refusal;
use crate::sandbox::store::Book;

/// A log is never cut before it has this length, bytes: small books are not written all the time.
pub(crate) const LEAST_LOG: u64 = 2 << 20;

/// Why the ledger's file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// Another sandbox uses it.
    #[error("{} is in use by another sandbox", .0.display())]
    InUse(PathBuf),
    /// It is not what a sandbox wrote.
    #[error("{} is damaged in line {line}; start with --fresh to begin anew", path.display())]
    Damaged {
        /// The file, or a log beside it.
        path: PathBuf,
        /// The first line that is wrong, from 1.
        line: usize,
    },
    /// The system refused to read or write it.
    #[error("cannot use {}: {source}", path.display())]
    Io {
        /// The file, or a log beside it.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Open files that take changes.
pub(crate) struct StateFile {
    path: PathBuf,
    queue: Arc<Queue>,
    threads: Vec<JoinHandle<()>>,
    /// Keeps the lock as long as the files are open.
    _lock: Lock,
}

/// Books that were found on the disk, or that begin there.
struct Kept {
    book: Book,
    /// Which books these are.
    books: u64,
    /// The number of the current log.
    number: u64,
    log: Writer,
    /// Length of the snapshot, bytes.
    snapshot: u64,
}

/// Opens the books in `path`, or starts there with those that `new` gives: when there is no file,
/// or when `fresh` says that the old one does not count. A log is compacted from `least` bytes on,
/// or later where the books are large.
pub(crate) fn open(
    path: &Path,
    fresh: bool,
    least: u64,
    new: impl FnOnce() -> Book,
) -> Result<(Book, StateFile), StateError> {
    let failed = |source| StateError::Io { path: path.to_owned(), source };
    let files = Files::at(path).map_err(failed)?;
    let lock = files.lock().map_err(failed)?.ok_or_else(|| StateError::InUse(path.to_owned()))?;
    if fresh {
        files.forget().map_err(failed)?;
    }
    let kept = match find(&files)? {
        Some(kept) => kept,
        None => begin(&files, new()).map_err(failed)?,
    };
    StateFile::start(files, lock, kept, least).map_err(failed)
}

/// What the files hold, `None` if there are none.
fn find(files: &Files) -> Result<Option<Kept>, StateError> {
    let path = files.path();
    let failed = |source| StateError::Io { path: path.to_owned(), source };
    let mut file = match outside::open(path, LONGEST_FILE) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(failed(source)),
    };
    // The first form begins with sixteen digits, this one with eight.
    let mut start = [0; 9];
    let is_former = file.read_exact(&mut start).is_err() || start[8] != b' ';
    drop(file);
    let mut kept = if is_former {
        let bytes = outside::read(path, LONGEST_FILE).map_err(failed)?;
        let book = former::read(&bytes);
        let book = book.map_err(|line| StateError::Damaged { path: path.to_owned(), line })?;
        begin(files, book).map_err(failed)?
    } else {
        recover(files)?
    };
    // Tokens follow from where the ids stand: no run may repeat those of the one before.
    kept.book.ids.object("RUN");
    kept.record_ids().map_err(failed)?;
    Ok(Some(kept))
}

/// Begins new files with these books.
fn begin(files: &Files, book: Book) -> io::Result<Kept> {
    let (books, number) = (RandomState::new().hash_one(0_u8), 1);
    files.remove_log(0)?;
    let log = files.begin_log(&Head::new(books, number, 0))?;
    let snapshot = snapshot::write(files, books, number, &Image::of(&book))?;
    Ok(Kept { book, books, number, log, snapshot })
}

/// Reads the snapshot and what happened since, and finishes a compaction that was interrupted.
fn recover(files: &Files) -> Result<Kept, StateError> {
    let path = files.path();
    let failed = |source| StateError::Io { path: path.to_owned(), source };
    let Opened { head, book, length: mut snapshot } = whole(path, snapshot::read(files))?;
    let Head { books, log: mut number, .. } = head;
    let mut book = Some(book);
    let open = |number| whole(&files.log(number), Log::open(files, books, number));
    let missing = || StateError::Damaged { path: files.log(number), line: 1 };
    let mut log = open(number)?.ok_or_else(missing)?;
    let next = open(number + 1)?.filter(|next| !next.is_empty());
    whole(&files.log(number), log.replay(&mut book, next.is_none()))?;
    if let (Some(mut next), Some(cut)) = (next, &book) {
        number += 1;
        snapshot = snapshot::write(files, books, number, &Image::of(cut)).map_err(failed)?;
        whole(&files.log(number), next.replay(&mut book, true))?;
        log = next;
    }
    let resumed = log.resume(files);
    let log = resumed.map_err(|source| StateError::Io { path: files.log(number), source })?;
    let book = book.ok_or_else(|| StateError::Damaged { path: path.to_owned(), line: 1 })?;
    Ok(Kept { book, books, number, log, snapshot })
}

/// What was found in the file `path`.
fn whole<T>(path: &Path, found: io::Result<Found<T>>) -> Result<T, StateError> {
    let path = path.to_owned();
    match found {
        Ok(Found::Whole(found)) => Ok(found),
        Ok(Found::Damaged(line)) => Err(StateError::Damaged { path, line }),
        Err(source) => Err(StateError::Io { path, source }),
    }
}

impl Kept {
    /// Writes where the ids stand.
    fn record_ids(&mut self) -> io::Result<()> {
        let mut line = Vec::new();
        record::line(&mut line, &[record::counters(&self.book)])?;
        self.log.frame(&line)?;
        self.log.sync()
    }
}

impl StateFile {
    /// Starts the threads that write.
    fn start(files: Files, lock: Lock, kept: Kept, least: u64) -> io::Result<(Book, Self)> {
        let Kept { book, books, number, log, snapshot } = kept;
        let path = files.path().to_owned();
        let queue = Queue::new(log.bytes(), snapshot::limits(snapshot, least));
        let mut state = Self { path, queue: Arc::new(queue), threads: Vec::new(), _lock: lock };
        let (cut, cuts) = channel();
        state.run("state log", move |queue| {
            // Without a taker, the compaction has failed and says so itself.
            queue.write(log, |image| drop(cut.send(image)))
        })?;
        state.run("compaction", move |queue| {
            let sizes = (snapshot, least);
            snapshot::compact(queue, &files, (books, number), sizes, || cuts.recv().ok())
        })?;
        Ok((book, state))
    }

    fn run(
        &mut self,
        name: &str,
        work: impl FnOnce(&Queue) -> io::Result<()> + Send + 'static,
    ) -> io::Result<()> {
        let queue = Arc::clone(&self.queue);
        let thread = thread::Builder::new().name(name.to_owned()).spawn(move || {
            // A panic must not leave answers waiting for ever.
            let ended = panic::catch_unwind(AssertUnwindSafe(|| work(&queue)));
            let broken = |_| Err(io::Error::other("a thread that writes broke down"));
            if let Err(error) = ended.unwrap_or_else(broken) {
                queue.fail(error);
            }
        })?;
        self.threads.push(thread);
        Ok(())
    }

    /// Records what a step changed, on the sale `id` or on none, and gives its number. It is on the
    /// disk when [`StateFile::synced`] says so.
    ///
    /// # Errors
    /// [`Refusal::Internal`] once the disk has failed.
    pub(crate) fn append(&self, book: &Book, id: Option<&str>) -> Result<u64, Refusal> {
        self.queue.push(book, &record::change(book, id)?, false)
    }

    /// Records that the books were reset to what they hold now.
    ///
    /// # Errors
    /// [`Refusal::Internal`] once the disk has failed.
    pub(crate) fn append_reset(&self, book: &Book) -> Result<(), Refusal> {
        self.queue.push(book, &record::begin(book), true).map(drop)
    }

    /// How many steps are recorded by now: an answer that was made before waits for these.
    pub(crate) fn recorded(&self) -> u64 {
        self.queue.recorded()
    }

    /// Waits until the first `steps` steps are on the disk.
    ///
    /// # Errors
    /// [`Refusal::Internal`] once the disk has failed: the books may be ahead of the files then.
    pub(crate) async fn synced(&self, steps: u64) -> Result<(), Refusal> {
        self.queue.synced(steps).await
    }

    /// Completes when the files can no longer be written, with the reason.
    pub(crate) async fn failed(&self) -> StateError {
        StateError::Io { path: self.path.clone(), source: self.queue.failed().await }
    }
}

impl Drop for StateFile {
    /// Waits until everything that was recorded is written: nobody may be left to ask.
    fn drop(&mut self) {
        self.queue.close();
        for thread in self.threads.drain(..) {
            // It tells the queue how it ended.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests;
