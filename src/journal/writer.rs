//! The thread that writes: everything that waits goes to the disk together.
//!
//! Owns the queue, the grouping, what is done while nobody waits, and what happens after an error.
//! Must not know `SQLite`.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use super::archives::Building;
use super::store::Store;
use super::{Draft, Entry, Fold, JournalError, Upkeep};

/// The most jobs in one transaction: bounds the memory, and the wait of the next job.
const GROUP: usize = 4_096;
/// How long nothing must arrive before a checkpoint is made.
const IDLE: Duration = Duration::from_millis(250);
/// The same between two pieces of work, while it is quiet.
const BREATH: Duration = Duration::from_millis(10);
/// How many pieces of work are done at once where it is never quiet: they move more entries than
/// [`OVERDUE`].
const PIECES: usize = 16;
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
    pub(super) chores: Chores,
}

/// What there is to do with archives while nobody waits.
pub(super) struct Chores {
    building: Option<Building>,
    /// Archived entries may still be in the file.
    clears: bool,
    /// An archive may be due, or one to be removed.
    looks: bool,
}

impl Default for Chores {
    /// The program may have ended in the middle of anything.
    fn default() -> Self {
        Self { building: None, clears: true, looks: true }
    }
}

impl Chores {
    const fn are_done(&self) -> bool {
        self.building.is_none() && !self.clears && !self.looks
    }
}

impl Writer {
    /// Works until the last sender is gone and everything it sent is dealt with.
    pub(super) fn run(mut self, queue: &Receiver<Job>) {
        let mut uncheckpointed = 0_usize;
        let mut patience = IDLE;
        loop {
            let waits = uncheckpointed >= WORTH_IT || self.is_save_due() || self.has_chores();
            let first = if waits {
                queue.recv_timeout(patience)
            } else {
                queue.recv().map_err(|_| RecvTimeoutError::Disconnected)
            };
            let mut idle = false;
            patience = IDLE;
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
            let overdue = uncheckpointed >= OVERDUE;
            // A till without a quiet moment does as much as it adds.
            for _ in 0..(if idle { 1 } else { PIECES }) {
                if (idle || overdue) && self.has_chores() {
                    uncheckpointed += self.do_chore();
                    patience = BREATH;
                }
            }
            if self.is_save_due() && (idle || overdue) {
                self.save();
            }
            if uncheckpointed >= WORTH_IT && (idle || overdue) {
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
        let (first, mode) = (
            self.store.head().seq - i64::try_from(written.len()).unwrap_or(i64::MAX) + 1,
            self.store.mode(),
        );
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

    /// Nothing is moved without a fold, which knows what is open, nor while the end is in doubt.
    fn has_chores(&self) -> bool {
        self.fold.is_some()
            && self.shared.poison.get().is_none()
            && !self.shared.end_missing.load(Ordering::Relaxed)
            && !self.chores.are_done()
    }

    /// Does a piece of what there is to do with archives; returns how many entries it moved.
    fn do_chore(&mut self) -> usize {
        let Some((fold, _)) = &self.fold else { return 0 };
        let mut moved = 0;
        let chores = &mut self.chores;
        let done = if chores.clears {
            self.store.clear(&self.upkeep).map(|cleared| {
                moved = cleared;
                chores.clears = cleared > 0;
            })
        } else if let Some(building) = &chores.building {
            match building.poll() {
                None => Ok(()),
                Some(Ok(built)) => {
                    *chores = Chores::default();
                    self.store.take_over(&built)
                }
                Some(Err(error @ JournalError::Damaged { .. })) => Err(error),
                Some(Err(error)) => {
                    // Tried again after the next checkpoint; until then the file grows.
                    tracing::warn!(%error, "an archive of the journal cannot be written");
                    chores.building = None;
                    Ok(())
                }
            }
        } else {
            let open = fold.oldest_open();
            self.store.drop_overdue(&self.upkeep).and_then(|dropped| {
                chores.looks = dropped;
                chores.building = self.store.begin_archive(&self.upkeep, open)?;
                Ok(())
            })
        };
        self.upheld(done);
        moved
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
        self.chores.looks = true;
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
