//! Steps on their way to the disk: those that are recorded but not written yet, and how far the
//! disk is.
//!
//! Steps come in while the books are locked, so they stand in the order in which they happened. One
//! thread takes all that wait, writes them as one frame and flushes once for all of them. Where the
//! log is long enough, a cut is made between two steps: what comes behind it goes to the next log,
//! and the books as they were at the cut to a snapshot. Must not know files.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, oneshot};

use crate::sandbox::persist::state::frame::Writer;
use crate::sandbox::persist::state::image::Image;
use crate::sandbox::persist::state::record::{Put, line};
use crate::sandbox::refusal::Refusal;
use crate::sandbox::store::Book;

/// So many bytes wait at the most; a further step waits until the disk has taken them.
pub(super) const MOST_WAITING: usize = 8 << 20;

/// Where a log ends and the next one begins.
pub(super) struct Cut {
    /// Bytes of what waits that still belong to the former log.
    at: usize,
    /// The next log.
    log: Writer,
    /// The books as they are at the cut.
    image: Image,
}

/// How long logs get, bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// From here on a cut is made.
    pub(super) cut: u64,
    /// Here a further step waits as long as the former cut is still being worked on.
    pub(super) full: u64,
}

struct Waiting {
    bytes: Vec<u8>,
    /// Who waits until how many steps are on the disk.
    answers: Vec<(u64, oneshot::Sender<()>)>,
    cut: Option<Cut>,
    /// The log after the current one, when the former cut is dealt with.
    next: Option<Writer>,
    /// Length of the current log with all that waits for it, bytes.
    log: u64,
    limits: Limits,
    /// A cut is to be made at the next opportunity, whatever the length.
    due: bool,
    closed: bool,
}

/// What was taken to be written.
pub(super) struct Batch {
    bytes: Vec<u8>,
    cut: Option<Cut>,
    /// The number of its last step.
    last: u64,
}

/// Shared by those who record steps, those who wait for the disk, and the threads that write.
pub(super) struct Queue {
    waiting: Mutex<Waiting>,
    /// Something waits, or all is over.
    more: Condvar,
    /// There is room again, or all is over.
    room: Condvar,
    /// Steps ever recorded.
    recorded: AtomicU64,
    /// How many of them are on the disk.
    synced: AtomicU64,
    broken: AtomicBool,
    failure: Mutex<Option<io::Error>>,
    failed: Notify,
}

impl Queue {
    /// In front of a log of `log` bytes.
    pub(super) fn new(log: u64, limits: Limits) -> Self {
        let waiting = Waiting {
            bytes: Vec::new(),
            answers: Vec::new(),
            cut: None,
            next: None,
            log,
            limits,
            due: false,
            closed: false,
        };
        Self {
            waiting: Mutex::new(waiting),
            more: Condvar::new(),
            room: Condvar::new(),
            recorded: AtomicU64::new(0),
            synced: AtomicU64::new(0),
            broken: AtomicBool::new(false),
            failure: Mutex::default(),
            failed: Notify::new(),
        }
    }

    /// Records one step, which left the books as `book`, and gives its number, from 1. After one that begins them `is_anew`,
    /// everything before is dead weight: a cut is made as soon as possible. After a failure nothing
    /// is recorded any more, since the files would no longer tell what happened.
    pub(super) fn push(
        &self,
        book: &Book,
        entries: &[Put<'_>],
        is_anew: bool,
    ) -> Result<u64, Refusal> {
        let mut waiting = self.waiting();
        while !self.is_broken() && waiting.is_full() {
            waiting = self.room.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
        if self.is_broken() {
            return Err(Refusal::Internal);
        }
        let before = waiting.bytes.len();
        if let Err(error) = line(&mut waiting.bytes, entries) {
            waiting.bytes.truncate(before);
            drop(waiting);
            self.fail(error.into());
            return Err(Refusal::Internal);
        }
        waiting.log += (waiting.bytes.len() - before) as u64;
        waiting.due |= is_anew;
        if (waiting.due || waiting.log >= waiting.limits.cut)
            && let Some(log) = waiting.next.take()
        {
            waiting.cut = Some(Cut { at: waiting.bytes.len(), log, image: Image::of(book) });
            (waiting.log, waiting.due) = (0, false);
        }
        let step = self.recorded.fetch_add(1, Ordering::AcqRel) + 1;
        drop(waiting);
        self.more.notify_one();
        Ok(step)
    }

    /// How many bytes wait.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        self.waiting().bytes.len()
    }

    /// How many steps are recorded by now: an answer that was made before waits for these.
    pub(super) fn recorded(&self) -> u64 {
        self.recorded.load(Ordering::Acquire)
    }

    /// Waits until the first `steps` steps are on the disk.
    ///
    /// # Errors
    /// [`Refusal::Internal`] once the disk has failed: the books may be ahead of the files then.
    pub(super) async fn synced(&self, steps: u64) -> Result<(), Refusal> {
        if let Some(told) = self.wait_for(steps) {
            // Nobody tells any more once the disk has failed.
            let _ = told.await;
        }
        if self.is_broken() { Err(Refusal::Internal) } else { Ok(()) }
    }

    /// What is told when the first `steps` steps are on the disk, `None` if there is nothing to
    /// wait for.
    fn wait_for(&self, steps: u64) -> Option<oneshot::Receiver<()>> {
        let is_over = || self.synced.load(Ordering::Acquire) >= steps || self.is_broken();
        if is_over() {
            return None;
        }
        let mut waiting = self.waiting();
        // Once more: it is told under this lock.
        if is_over() {
            return None;
        }
        let (tell, told) = oneshot::channel();
        waiting.answers.push((steps, tell));
        Some(told)
    }

    /// All that waits, `None` when nothing more will come. Blocks until there is something.
    /// `spare` is an empty buffer for what comes next.
    pub(super) fn take(&self, spare: Vec<u8>) -> Option<Batch> {
        let mut waiting = self.waiting();
        while waiting.bytes.is_empty() && !waiting.closed && !self.is_broken() {
            waiting = self.more.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
        if waiting.bytes.is_empty() || self.is_broken() {
            return None;
        }
        let bytes = std::mem::replace(&mut waiting.bytes, spare);
        let batch = Batch { bytes, cut: waiting.cut.take(), last: self.recorded() };
        drop(waiting);
        self.room.notify_all();
        Some(batch)
    }

    /// Says that everything up to a batch is on the disk.
    fn set_synced(&self, last: u64) {
        let mut waiting = self.waiting();
        self.synced.store(last, Ordering::Release);
        let over: Vec<_> = waiting.answers.extract_if(.., |(steps, _)| *steps <= last).collect();
        drop(waiting);
        for (_, tell) in over {
            // A caller may have hung up.
            let _ = tell.send(());
        }
    }

    /// Offers the log that follows the next cut.
    pub(super) fn offer(&self, next: Writer, limits: Limits) {
        let mut waiting = self.waiting();
        waiting.next = Some(next);
        waiting.limits = limits;
        drop(waiting);
        self.room.notify_all();
    }

    /// Says that nothing more will come.
    pub(super) fn close(&self) {
        self.waiting().closed = true;
        self.more.notify_all();
    }

    /// Notes that the files cannot be written any more.
    pub(super) fn fail(&self, error: io::Error) {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
        // Under the lock: nobody may begin to wait between the check and this.
        let mut waiting = self.waiting();
        self.broken.store(true, Ordering::Release);
        waiting.answers.clear();
        drop(waiting);
        self.more.notify_all();
        self.room.notify_all();
        self.failed.notify_one();
    }

    fn is_broken(&self) -> bool {
        self.broken.load(Ordering::Acquire)
    }

    /// Completes when the files can no longer be written, with the reason.
    pub(super) async fn failed(&self) -> io::Error {
        self.failed.notified().await;
        let mut failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
        failure.take().unwrap_or_else(|| io::Error::other("broken before"))
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes what comes until nothing more will. Gives the books of every cut to `cuts`.
    ///
    /// # Errors
    /// What the disk said; nothing is written after it.
    pub(super) fn write(&self, mut log: Writer, cuts: impl Fn(Image)) -> io::Result<()> {
        let mut spare = Vec::new();
        while let Some(Batch { mut bytes, cut, last }) = self.take(spare) {
            let mut rest = bytes.as_slice();
            if let Some(Cut { at, log: next, image }) = cut {
                let (former, behind) = rest.split_at_checked(at).unwrap_or((rest, &[]));
                log.frame(former)?;
                // A log may end torn only as long as no later one holds anything.
                log.sync()?;
                (log, rest) = (next, behind);
                cuts(image);
            }
            if !rest.is_empty() {
                log.frame(rest)?;
                log.sync()?;
            }
            self.set_synced(last);
            bytes.clear();
            bytes.shrink_to(MOST_WAITING / 8);
            spare = bytes;
        }
        Ok(())
    }
}

impl Waiting {
    fn is_full(&self) -> bool {
        self.bytes.len() >= MOST_WAITING || (self.next.is_none() && self.log >= self.limits.full)
    }
}
