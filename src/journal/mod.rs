//! The journal: the crash-safe record of the till.
//!
//! Owns an append-only store of entries, its durability, and the tools that look into it. Must
//! not know what the entries mean: kinds and bodies are the till's.
//!
//! * Each mode has its own file, `journal-live.db` or `journal-sandbox.db`: play money can
//!   neither be taken for real money nor be restored in its place, and either file can be copied
//!   or thrown away alone. Each has its own lock, so a trainer may practise beside a live till.
//! * `SQLite`, write-ahead log, `synchronous=FULL`: a committed entry survives a power cut.
//! * A single thread writes. All that waits is committed together, in one fsync.
//! * The first error of a write ends all writing, so the file never gets a gap; the till stops
//!   selling and says why.
//! * Entries are chained by hash, which detects changes and nothing more.
//! * What the entries add up to (the [`Fold`] that the journal is given) is kept in checkpoints: a
//!   start reads the newest good one and the entries behind it.
//! * Closed periods move to read-only archive files beside the journal.
//!
//! The newest entries are in the `-wal` file beside the journal until the writer has a quiet
//! moment: the two belong together, and damage to the `-wal` file after a crash can cut entries
//! off its end without a trace in the file. A mark beside it says how far it had come.
//!
//! Directory and files belong on a local disk: neither the lock nor `SQLite`'s shared memory is
//! reliable on a network share.

mod archive;
mod archives;
mod chain;
mod entry;
mod error;
mod fold;
mod mark;
mod mask;
mod migrations;
mod place;
mod reader;
pub mod report;
mod schema;
mod selfcheck;
mod store;
#[cfg(test)]
mod tests;
mod upkeep;
mod writer;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use self::selfcheck::SelfCheck;
use self::store::Store;
use self::writer::{Chores, Job, OnError, Shared, Writer};

pub use self::chain::{Break, MOST_BREAKS, Reason, Verdict};
pub use self::entry::{Draft, Entry, Mode, SaleSummary};
pub use self::error::JournalError;
pub use self::fold::{Fold, Resumed};
pub use self::mark::MissingEnd;
pub use self::reader::Reader;
pub use self::upkeep::Upkeep;
pub use self::writer::Lost;

/// What the kinds of the journal's own entries begin with.
const OWN_KIND: &str = "journal.";

/// How long the end of the program waits for a writer that writes nothing.
const PATIENCE: Duration = Duration::from_secs(1);

/// The open journal of the one console that writes it.
///
/// Dropping it writes what is still queued, closes the file and releases the lock.
pub struct Journal {
    queue: Option<Sender<Job>>,
    writer: Option<JoinHandle<()>>,
    /// Disconnected when the writer has ended.
    ended: Mutex<Receiver<()>>,
    missing_end: Option<MissingEnd>,
    resumed: Resumed,
    shared: Arc<Shared>,
    check: Option<SelfCheck>,
    dir: PathBuf,
    path: PathBuf,
    mode: Mode,
}

impl Journal {
    /// Opens the journal of `mode` in the state directory `dir`; creates or converts it first if
    /// need be. `on_error` is told, on the writer's thread, which queued entries were lost; it
    /// must not wait for the journal.
    ///
    /// # Errors
    /// Another console has it; it is damaged, too new or not private; the disk is full. Nothing
    /// may be sold then.
    pub fn open(
        dir: &Path,
        mode: Mode,
        on_error: impl FnMut(Lost) + Send + 'static,
    ) -> Result<Self, JournalError> {
        let store = Store::open(dir, mode, |_| Ok(()))?;
        Self::start(store, dir, None, Upkeep::default(), Box::new(on_error))
    }

    /// As [`Self::open`], and puts `fold` where the entries lead: from the newest good checkpoint
    /// and the entries behind it. The journal goes on with it, writes checkpoints and does what
    /// `upkeep` says while nobody waits, and checks its file for damage once.
    ///
    /// # Errors
    /// As for [`Self::open`]; an entry that is read is not what was written, or `fold` cannot read
    /// it.
    pub fn open_folded<F: Fold + Clone + 'static>(
        dir: &Path,
        mode: Mode,
        mut fold: F,
        upkeep: Upkeep,
        on_error: impl FnMut(Lost) + Send + 'static,
    ) -> Result<(Self, F), JournalError> {
        let store = Store::open(dir, mode, |_| Ok(()))?;
        let resumed = Reader::open(dir, mode)?.resume(&mut fold)?;
        let own: Box<dyn Fold> = Box::new(fold.clone());
        let mut journal =
            Self::start(store, dir, Some((own, &resumed)), upkeep, Box::new(on_error))?;
        journal.resumed = resumed;
        journal.check = SelfCheck::start(dir, mode, Arc::clone(&journal.shared));
        Ok((journal, fold))
    }

    /// The console that has the journal of `mode` in `dir` right now, if its number can be told.
    #[must_use]
    pub fn holder(dir: &Path, mode: Mode) -> Option<rustix::process::Pid> {
        match place::Lock::take(dir, mode) {
            Err(JournalError::InUse { pid: Some(pid) }) => {
                i32::try_from(pid).ok().and_then(rustix::process::Pid::from_raw)
            }
            _ => None,
        }
    }

    /// Throws the sandbox journal in `dir` away, so that play begins anew. Live journals are
    /// never removed by this program.
    ///
    /// # Errors
    /// A console uses it, or it cannot be removed.
    pub fn discard_sandbox(dir: &Path) -> Result<(), JournalError> {
        place::discard_sandbox(dir)
    }

    /// A view for reading only, beside any console that writes. Takes no lock.
    ///
    /// # Errors
    /// There is no journal, or it cannot be read.
    pub fn read_only(dir: &Path, mode: Mode) -> Result<Reader, JournalError> {
        Reader::open(dir, mode)
    }

    fn start(
        store: Store,
        dir: &Path,
        fold: Option<(Box<dyn Fold>, &Resumed)>,
        upkeep: Upkeep,
        on_error: OnError,
    ) -> Result<Self, JournalError> {
        let (path, mode) = (store.path().to_owned(), store.mode());
        let missing_end = store.missing_end().cloned();
        let shared = Arc::new(Shared::new(on_error, missing_end.is_some()));
        let (queue, jobs) = mpsc::channel();
        // What was read at the start is not in the newest checkpoint.
        let fold = fold
            .map(|(fold, resumed)| (fold, usize::try_from(resumed.replayed).unwrap_or(usize::MAX)));
        let chores = Chores::default();
        let writer = Writer { store, shared: Arc::clone(&shared), fold, upkeep, chores };
        let (running, ended) = mpsc::channel::<()>();
        let writer = thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || {
                // Dropped at the end, however that comes.
                let _running = running;
                writer.run(&jobs);
            })
            .map_err(|error| JournalError::io(&path, &error))?;
        Ok(Self {
            queue: Some(queue),
            writer: Some(writer),
            ended: Mutex::new(ended),
            missing_end,
            resumed: Resumed::default(),
            shared,
            check: None,
            dir: dir.to_owned(),
            path,
            mode,
        })
    }

    /// Queues `entry` and returns at once. It will be on the disk before or together with
    /// later entries. If that fails after all, `on_error` is called.
    ///
    /// # Errors
    /// The journal does not write any more; the entry was not taken.
    pub fn append(&self, entry: Draft) -> Result<(), JournalError> {
        self.health()?;
        self.send(Job { drafts: vec![entry], reply: None })
    }

    /// Writes `entries`, all or none, after everything queued before, and returns when they are
    /// on the disk. Blocks for at least one fsync: not for async code.
    ///
    /// # Errors
    /// They are not known to be on the disk. The calls that they announce must not be sent.
    pub fn append_durable(&self, entries: Vec<Draft>) -> Result<(), JournalError> {
        self.append_later(entries)?.wait()
    }

    /// Begins to write `entries` as [`append_durable`](Self::append_durable) does, and returns at
    /// once.
    ///
    /// # Errors
    /// The journal does not write any more.
    pub fn append_later(&self, entries: Vec<Draft>) -> Result<Appending, JournalError> {
        let (reply, answer) = mpsc::sync_channel(1);
        self.send(Job { drafts: entries, reply: Some(reply) })?;
        Ok(Appending { answer })
    }

    /// Waits until everything queued before is on the disk.
    ///
    /// # Errors
    /// Something queued before, now or long ago, could not be written.
    pub fn flush(&self) -> Result<(), JournalError> {
        self.append_durable(Vec::new())
    }

    /// Whether entries can still be written, as far as is known without writing.
    ///
    /// # Errors
    /// The error that ended it.
    pub fn health(&self) -> Result<(), JournalError> {
        match self.shared.poison.get() {
            Some(error) => Err(error.clone()),
            None if self.writer.as_ref().is_none_or(JoinHandle::is_finished) => {
                Err(JournalError::Stopped)
            }
            None => Ok(()),
        }
    }

    /// What of its end was missing when it was opened, compared with the mark beside it. The mark
    /// stays as it is until [`accept_end`](Self::accept_end): the next start asks again
    /// until it is called.
    #[must_use]
    pub const fn missing_end(&self) -> Option<&MissingEnd> {
        self.missing_end.as_ref()
    }

    /// How the start came to its fold.
    #[must_use]
    pub const fn resumed(&self) -> &Resumed {
        &self.resumed
    }

    /// Goes on although its end may be missing: the mark follows the journal again, from the next
    /// entry on.
    pub fn accept_end(&self) {
        self.shared.end_missing.store(false, Ordering::Relaxed);
    }

    /// A view for reading. It sees what is committed: [`flush`](Self::flush) first to see all.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn reader(&self) -> Result<Reader, JournalError> {
        Reader::open(&self.dir, self.mode)
    }

    /// How many transactions were committed since it was opened; each costs one fsync.
    #[must_use]
    pub fn commits(&self) -> u64 {
        self.shared.commits.load(Ordering::Relaxed)
    }

    /// The journal's file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn send(&self, job: Job) -> Result<(), JournalError> {
        self.queue.as_ref().and_then(|queue| queue.send(job).ok()).ok_or(JournalError::Stopped)
    }
}

/// Entries on their way to the disk.
#[derive(Debug)]
pub struct Appending {
    answer: Receiver<Result<(), JournalError>>,
}

impl Appending {
    /// Waits until they are on the disk.
    ///
    /// # Errors
    /// They are not known to be there. The calls that they announce must not be sent.
    pub fn wait(self) -> Result<(), JournalError> {
        self.answer.recv().unwrap_or(Err(JournalError::Stopped))
    }

    /// Waits at most `patience`; `None`: they are still on their way. To be asked until it answers,
    /// and not again after that.
    #[must_use]
    pub fn wait_for(&self, patience: Duration) -> Option<Result<(), JournalError>> {
        match self.answer.recv_timeout(patience) {
            Ok(result) => Some(result),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => Some(Err(JournalError::Stopped)),
        }
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.check = None;
        // Without a sender, the writer finishes its queue and ends.
        self.queue = None;
        let Some(writer) = self.writer.take() else { return };
        let mut commits = self.commits();
        let Ok(ended) = self.ended.get_mut() else { return };
        // A disk that hangs must not keep the program from ending when it is told to: what the
        // writer has not written by then is left to it, as long as the process lives.
        while let Err(RecvTimeoutError::Timeout) = ended.recv_timeout(PATIENCE) {
            let now = self.shared.commits.load(Ordering::Relaxed);
            if now == commits {
                tracing::warn!("the disk does not answer: the journal's last entries may be lost");
                return;
            }
            commits = now;
        }
        // A writer that panicked has already been reported by its hook and by `health`.
        let _ended = writer.join();
    }
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Journal")
            .field("path", &self.path)
            .field("mode", &self.mode)
            .field("health", &self.health())
            .finish_non_exhaustive()
    }
}
