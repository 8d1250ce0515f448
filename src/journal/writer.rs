//! The thread that writes: everything that waits goes to the disk together.
//!
//! Owns the queue, the grouping and what happens after an error. Must not know `SQLite`.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use super::store::Store;
use super::{Draft, JournalError};

/// The most jobs in one transaction: bounds the memory, and the wait of the next job.
const GROUP: usize = 4_096;
/// How long nothing must arrive before a checkpoint is made.
const IDLE: Duration = Duration::from_millis(250);
/// From how many uncheckpointed entries on an idle moment is used for a checkpoint.
const WORTH_IT: usize = 256;
/// From how many on it is made even if a job may have to wait for it.
const OVERDUE: usize = 16_384;

/// The journal writes no more, and entries that were queued without waiting were not written.
#[derive(Debug, Clone, PartialEq)]
pub struct Lost {
    /// Why.
    pub error: JournalError,
    /// Which, in their order. None where the error came while nothing waited.
    pub entries: Vec<Draft>,
}

/// Told about lost entries, on the writer's thread.
pub(super) type OnError = Box<dyn FnMut(Lost) + Send>;

/// Entries that arrived together, and who waits for them.
pub(super) struct Job {
    pub(super) drafts: Vec<Draft>,
    pub(super) reply: Option<SyncSender<Result<(), JournalError>>>,
}

/// What the handle can see of the writer without asking it.
#[derive(Default)]
pub(super) struct Shared {
    /// The first error. Set once; nothing is written after it.
    pub(super) poison: OnceLock<JournalError>,
    /// The end of the journal may be missing and is not accepted yet: the mark stays.
    pub(super) end_missing: AtomicBool,
    /// How many transactions were committed.
    pub(super) commits: AtomicU64,
}

pub(super) struct Writer {
    pub(super) store: Store,
    pub(super) shared: Arc<Shared>,
    pub(super) on_error: OnError,
}

impl Writer {
    /// Works until the last sender is gone and everything it sent is dealt with.
    pub(super) fn run(mut self, queue: &Receiver<Job>) {
        let mut uncheckpointed = 0_usize;
        loop {
            let first = if uncheckpointed < WORTH_IT {
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
                Err(RecvTimeoutError::Disconnected) => return,
            }
            if idle || uncheckpointed >= OVERDUE {
                uncheckpointed = 0;
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
        match &result {
            Ok(()) if count > 0 => {
                self.shared.commits.fetch_add(1, Ordering::Relaxed);
                if !self.shared.end_missing.load(Ordering::Relaxed) {
                    let last = group.iter().flat_map(|job| &job.drafts).next_back();
                    self.store.note_end(last.map_or("-", |draft| &draft.at));
                }
            }
            Ok(()) => {}
            Err(error) => {
                self.shared.poison.get_or_init(|| error.clone());
            }
        }
        let mut lost = Vec::new();
        for job in group {
            match job.reply {
                // The caller may have stopped waiting.
                Some(reply) => drop(reply.send(result.clone())),
                None => lost.extend(job.drafts),
            }
        }
        match result {
            Ok(()) => count,
            Err(error) => {
                if !lost.is_empty() {
                    (self.on_error)(Lost { error, entries: lost });
                }
                0
            }
        }
    }

    fn checkpoint(&mut self) {
        if self.shared.poison.get().is_some() {
            return;
        }
        // What is committed stays readable where it is. But a busy file is tried again later,
        // anything else is a disk that cannot be trusted with the next sale.
        match self.store.checkpoint() {
            Ok(()) | Err(JournalError::Busy { .. }) => {}
            Err(error) => {
                self.shared.poison.get_or_init(|| error.clone());
                (self.on_error)(Lost { error, entries: Vec::new() });
            }
        }
    }
}
