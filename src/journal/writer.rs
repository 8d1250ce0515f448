//! The thread that writes: everything that waits goes to the disk together.
//!
//! Owns the queue, the grouping, what is done while nobody waits, and what happens after an error.
//! Must not know `SQLite`.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use super::store::Store;
use super::upkeep::Upkeep;
use super::{Draft, Entry, Fold, JournalError};

/// The most jobs in one transaction: bounds the memory, and the wait of the next job.
const GROUP: usize = 4_096;
/// How long nothing must arrive before a checkpoint is made.
const IDLE: Duration = Duration::from_millis(250);
/// From how many uncheckpointed entries on an idle moment is used for a checkpoint.
const WORTH_IT: usize = 256;
/// From how many on it is made even if a job may have to wait for it.
const OVERDUE: usize = 16_384;

/// Told about lost entries and damage, on a thread of the journal.
pub(super) type OnError = Box<dyn FnMut(Lost) + Send>;

/// The journal writes no more, and entries that were queued without waiting were not written.
#[derive(Debug, Clone, PartialEq)]
pub struct Lost {
    /// Why.
    pub error: JournalError,
    /// Which, in their order. None where the error came while nothing waited.
    pub entries: Vec<Draft>,
}

/// Entries that arrived together, and who waits for them.
pub(super) struct Job {
    pub(super) drafts: Vec<Draft>,
    pub(super) reply: Option<SyncSender<Result<(), JournalError>>>,
}

/// What the handle can see of the writer without asking it.
pub(super) struct Shared {
    on_error: Mutex<OnError>,
    /// The first error. Set once; nothing is written after it.
    pub(super) poison: OnceLock<JournalError>,
    /// The end of the journal may be missing and is not accepted yet: the mark stays.
    pub(super) end_missing: AtomicBool,
    /// How many transactions were committed.
    pub(super) commits: AtomicU64,
}

impl Shared {
    pub(super) fn new(on_error: OnError, end_missing: bool) -> Self {
        Self {
            on_error: Mutex::new(on_error),
            poison: OnceLock::new(),
            end_missing: AtomicBool::new(end_missing),
            commits: AtomicU64::new(0),
        }
    }

    /// Ends all writing, unless it has ended.
    pub(super) fn fail(&self, error: JournalError, entries: Vec<Draft>) {
        self.poison.get_or_init(|| error.clone());
        // One that broke down while it was told has been reported by its panic.
        if let Ok(mut on_error) = self.on_error.lock() {
            on_error(Lost { error, entries });
        }
    }
}

pub(super) struct Writer {
    pub(super) store: Store,
    pub(super) shared: Arc<Shared>,
    /// What the entries add up to, and how many of them the last checkpoint does not have.
    pub(super) fold: Option<(Box<dyn Fold>, usize)>,
    pub(super) upkeep: Upkeep,
}

impl Writer {
    /// Works until the last sender is gone and everything it sent is dealt with.
    pub(super) fn run(mut self, queue: &Receiver<Job>) {
        let mut uncheckpointed = 0_usize;
        loop {
            let first = if uncheckpointed < WORTH_IT && !self.is_save_due() {
                queue.recv().map_err(|_| RecvTimeoutError::Disconnected)
            } else {
                queue.recv_timeout(IDLE)
            };
            let mut idle = false;
            match first {
                Ok(first) => {
                    let mut group = vec![first];
                    group.extend(queue.try_iter().take(GROUP));
                    uncheckpointed += self.deal_with(group);
                }
                Err(RecvTimeoutError::Timeout) => idle = true,
                Err(RecvTimeoutError::Disconnected) => {
                    // The next start has nothing to replay.
                    self.save();
                    return;
                }
            }
            if idle || uncheckpointed >= OVERDUE {
                uncheckpointed = 0;
                self.save();
                self.checkpoint();
            }
        }
    }

    /// Writes the group and answers everybody; returns how many entries were written.
    fn deal_with(&mut self, group: Vec<Job>) -> usize {
        let count = group.iter().map(|job| job.drafts.len()).sum();
        let result = match self.shared.poison.get() {
            Some(error) => Err(error.clone()),
            None if count == 0 => Ok(()),
            None => self.store.append(group.iter().flat_map(|job| &job.drafts)),
        };
        if result.is_ok() && count > 0 {
            self.shared.commits.fetch_add(1, Ordering::Relaxed);
            if !self.shared.end_missing.load(Ordering::Relaxed) {
                let last = group.iter().flat_map(|job| &job.drafts).next_back();
                self.store.note_end(last.map_or("-", |draft| &draft.at));
            }
        }
        if let Err(error) = &result {
            self.shared.poison.get_or_init(|| error.clone());
        }
        let (mut written, mut lost) = (Vec::new(), Vec::new());
        for job in group {
            if let Some(reply) = &job.reply {
                // The caller may have stopped waiting.
                drop(reply.send(result.clone()));
            }
            match (&result, job.reply) {
                (Ok(()), _) => written.extend(job.drafts),
                (Err(_), None) => lost.extend(job.drafts),
                (Err(_), Some(_)) => {}
            }
        }
        match result {
            Ok(()) => {
                self.fold_in(written);
                count
            }
            Err(error) => {
                if !lost.is_empty() {
                    self.shared.fail(error, lost);
                }
                0
            }
        }
    }

    /// Lets the fold take what was just written.
    fn fold_in(&mut self, written: Vec<Draft>) {
        let Some((fold, unsaved)) = &mut self.fold else { return };
        *unsaved += written.len();
        let (first, mode) = (self.store.head().seq - i64::try_from(written.len()).unwrap_or(i64::MAX) + 1, self.store.mode());
        for (seq, draft) in (first..).zip(written) {
            let Draft { at, sale, kind, body, .. } = draft;
            if let Err(why) = fold.take(Entry { seq, at, mode, sale, kind, body }) {
                // Checkpoints end; the next start reads all entries since the last one.
                tracing::warn!(seq, %why, "no more checkpoints of the journal");
                self.fold = None;
                return;
            }
        }
    }

    fn is_save_due(&self) -> bool {
        self.fold.as_ref().is_some_and(|(_, unsaved)| *unsaved >= self.upkeep.save_every)
    }

    /// Writes a checkpoint of the fold, if there is something new in it.
    fn save(&mut self) {
        let Some((fold, unsaved)) = &mut self.fold else { return };
        if *unsaved == 0 || self.shared.poison.get().is_some() {
            return;
        }
        let saved = self.store.save(fold.as_ref());
        *unsaved = 0;
        self.upheld(saved);
    }

    fn checkpoint(&mut self) {
        if self.shared.poison.get().is_none() {
            let done = self.store.checkpoint();
            self.upheld(done);
        }
    }

    /// What is committed stays readable where it is. But a busy file is tried again later, anything
    /// else is a disk that cannot be trusted with the next sale.
    fn upheld(&self, done: Result<(), JournalError>) {
        match done {
            Ok(()) | Err(JournalError::Busy { .. }) => {}
            Err(error) => self.shared.fail(error, Vec::new()),
        }
    }
}
