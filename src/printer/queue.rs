//! The queue of what is to be printed: one job after the other, on a thread of its own.
//!
//! Owns the order, the word to the cashier when the printer takes nothing, and the bounded wait at
//! the end of the program. Must not know what is printed: a job makes its own bytes.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::{PAUSE, print};

/// After this time a printer that takes nothing is reported: the customer waits for the receipt.
pub const WORD_AFTER: Duration = Duration::from_secs(4);

/// Jobs kept at the most, and their bytes. A printer that is off all day must not fill the memory.
const MOST_JOBS: usize = 200;
const MOST_BYTES: usize = 8 << 20;

/// What is to be printed.
pub struct Job {
    /// What a person calls it: a receipt's number.
    pub name: String,
    /// Bytes that it takes while it waits, nearly.
    pub size: usize,
    /// Makes the bytes, on the queue's thread.
    pub bytes: Box<dyn FnOnce() -> Vec<u8> + Send>,
}

/// What the queue has to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// The printer takes nothing: this many jobs wait.
    Waits(usize),
    /// A job was printed, or why not.
    Printed(Result<(), String>),
}

/// Takes news, on the queue's thread.
pub type Tell = Box<dyn Fn(News) + Send>;

#[derive(Default)]
struct Jobs {
    /// The names and sizes of those that are not done, the one at the printer first.
    names: VecDeque<(String, usize)>,
    /// Those that the thread has not taken yet.
    ahead: VecDeque<Job>,
    /// Nothing is printed any more.
    closed: bool,
}

impl Jobs {
    fn held(&self) -> usize {
        self.names.iter().map(|(_, size)| size).sum()
    }
}

#[derive(Default)]
struct Shared {
    jobs: Mutex<Jobs>,
    changed: Condvar,
}

impl Shared {
    fn jobs(&self) -> MutexGuard<'_, Jobs> {
        // No half-done change can be seen: each is one push or pop.
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A printer's jobs, in order. Clones share them; with the last one gone, nothing is printed any
/// more: [`Queue::finish`] waits before that.
#[derive(Clone, Default)]
pub struct Queue {
    owner: Arc<Owner>,
}

/// Ends the thread with the last handle.
#[derive(Default)]
struct Owner {
    shared: Arc<Shared>,
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.shared.jobs().closed = true;
        self.shared.changed.notify_all();
    }
}

impl std::fmt::Debug for Queue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Queue").field("waiting", &self.owner.shared.jobs().names).finish()
    }
}

impl Queue {
    /// The queue of the printer at `device`, which tells `tell` of it.
    ///
    /// # Errors
    /// When the system refuses a thread.
    pub fn start(device: &Path, tell: Tell) -> std::io::Result<Self> {
        let queue = Self::default();
        let (shared, device) = (Arc::clone(&queue.owner.shared), device.to_owned());
        let work = move || work(&shared, &device, &tell);
        thread::Builder::new().name("printer".to_owned()).spawn(work)?;
        Ok(queue)
    }

    /// Adds a job.
    ///
    /// # Errors
    /// When too many wait: the job is dropped.
    pub fn push(&self, job: Job) -> Result<(), String> {
        let mut jobs = self.owner.shared.jobs();
        let (count, held) = (jobs.names.len(), jobs.held());
        if count >= MOST_JOBS || (count > 0 && held.saturating_add(job.size) > MOST_BYTES) {
            return Err(format!("{count} receipts wait for the printer"));
        }
        jobs.names.push_back((job.name.clone(), job.size));
        jobs.ahead.push_back(job);
        self.owner.shared.changed.notify_all();
        Ok(())
    }

    /// Jobs that are not done.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.owner.shared.jobs().names.len()
    }

    /// Waits until all jobs are done, for `most` at the longest, and ends the printing. Returns the
    /// names of those that were not, or not wholly, printed.
    #[must_use]
    pub fn finish(&self, most: Duration) -> Vec<String> {
        let until = Instant::now() + most;
        let mut jobs = self.owner.shared.jobs();
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if jobs.names.is_empty() || left.is_zero() {
                break;
            }
            let waited = self.owner.shared.changed.wait_timeout(jobs, left);
            jobs = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        jobs.closed = true;
        self.owner.shared.changed.notify_all();
        jobs.names.iter().map(|(name, _)| name.clone()).collect()
    }
}

/// The printer's thread: ends when the queue is closed.
fn work(shared: &Shared, device: &Path, tell: &Tell) {
    while let Some(job) = next(shared) {
        let bytes = (job.bytes)();
        let begun = Instant::now();
        let mut told = 0;
        let printed = print(device, &bytes, || again(shared, tell, begun, &mut told));
        let mut jobs = shared.jobs();
        if jobs.closed {
            return;
        }
        jobs.names.pop_front();
        drop(jobs);
        shared.changed.notify_all();
        tell(News::Printed(printed.map_err(|error| error.to_string())));
    }
}

fn next(shared: &Shared) -> Option<Job> {
    let mut jobs = shared.jobs();
    loop {
        if jobs.closed {
            return None;
        }
        if let Some(job) = jobs.ahead.pop_front() {
            return Some(job);
        }
        jobs = shared.changed.wait(jobs).unwrap_or_else(PoisonError::into_inner);
    }
}

/// Waits before the next try and tells how many wait, once for each number; false: not any more.
fn again(shared: &Shared, tell: &Tell, begun: Instant, told: &mut usize) -> bool {
    let waiting = shared.jobs().names.len();
    if begun.elapsed() >= WORD_AFTER && *told != waiting {
        *told = waiting;
        tell(News::Waits(waiting));
    }
    thread::sleep(PAUSE);
    !shared.jobs().closed
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

    use std::io::Read;
    use std::path::PathBuf;
    use std::sync::mpsc::{Receiver, channel};

    use super::*;

    fn queue(device: &Path) -> (Queue, Receiver<News>) {
        let (sender, news) = channel();
        let tell: Tell = Box::new(move |told| drop(sender.send(told)));
        (Queue::start(device, tell).unwrap(), news)
    }

    fn job(name: &str) -> Job {
        let line = format!("{name}\n");
        Job { name: name.to_owned(), size: 100, bytes: Box::new(move || line.into_bytes()) }
    }

    fn fifo(folder: &tempfile::TempDir) -> PathBuf {
        let path = folder.path().join("printer");
        let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
        rustix::fs::mkfifoat(rustix::fs::CWD, &path, mode).unwrap();
        path
    }

    #[test]
    fn jobs_are_printed_one_after_the_other_in_their_order() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("receipts");
        let (queue, news) = queue(&path);
        let names: Vec<String> = (0..50).map(|n| format!("receipt {n}")).collect();
        for name in &names {
            queue.push(job(name)).unwrap();
        }
        assert_eq!(queue.finish(Duration::from_secs(10)), Vec::<String>::new());
        let printed = std::fs::read_to_string(&path).unwrap();
        assert_eq!(printed.lines().collect::<Vec<_>>(), names);
        assert_eq!(news.iter().take(50).filter(|told| *told == News::Printed(Ok(()))).count(), 50);
    }

    #[test]
    fn a_fifo_without_a_reader_is_told_of_within_5_seconds_and_printed_once_somebody_reads() {
        let folder = tempfile::tempdir().unwrap();
        let path = fifo(&folder);
        let (queue, news) = queue(&path);
        queue.push(job("T1-1")).unwrap();
        queue.push(job("T1-2")).unwrap();
        assert_eq!(news.recv_timeout(Duration::from_secs(5)), Ok(News::Waits(2)));
        queue.push(job("T1-3")).unwrap();
        assert_eq!(news.recv_timeout(Duration::from_secs(5)), Ok(News::Waits(3)));
        let reader = thread::spawn(move || {
            let mut printed = [0; 15];
            // Opened for writing too: without a writer between two jobs a reader meets the end.
            let mut fifo = std::fs::OpenOptions::new().read(true).write(true).open(path).unwrap();
            fifo.read_exact(&mut printed).unwrap();
            printed
        });
        assert_eq!(&reader.join().unwrap(), b"T1-1\nT1-2\nT1-3\n");
    }

    #[test]
    fn what_the_printer_has_not_taken_in_time_is_named_at_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let (queue, _news) = queue(&fifo(&folder));
        queue.push(job("T1-1")).unwrap();
        queue.push(job("T1-2")).unwrap();
        let begun = Instant::now();
        assert_eq!(queue.finish(Duration::from_millis(200)), ["T1-1", "T1-2"]);
        assert!(begun.elapsed() < Duration::from_secs(2), "it does not wait for the printer");
    }

    #[test]
    fn a_device_that_fails_costs_its_job_alone() {
        let (queue, news) = queue(Path::new("/dev/full"));
        queue.push(job("T1-1")).unwrap();
        queue.push(job("T1-2")).unwrap();
        for _ in 0..2 {
            let told = news.recv_timeout(Duration::from_secs(10)).unwrap();
            assert!(matches!(&told, News::Printed(Err(why)) if why.contains("/dev/full")));
        }
        assert_eq!(queue.waiting(), 0);
    }

    #[test]
    fn the_queue_is_bounded() {
        let folder = tempfile::tempdir().unwrap();
        let (queue, _news) = queue(&fifo(&folder));
        for number in 0..MOST_JOBS {
            queue.push(job(&number.to_string())).unwrap();
        }
        assert_eq!(
            queue.push(job("one more")),
            Err("200 receipts wait for the printer".to_owned())
        );
        assert_eq!(queue.finish(Duration::ZERO).len(), MOST_JOBS);
    }

    #[test]
    fn long_receipts_are_bounded_by_their_bytes_and_one_is_always_taken() {
        let folder = tempfile::tempdir().unwrap();
        let (queue, _news) = queue(&fifo(&folder));
        let long = |size: usize| Job { size, ..job("long") };
        queue.push(long(2 * MOST_BYTES)).unwrap();
        assert!(queue.push(long(1)).is_err(), "it is full");
        let (queue, _news) = self::queue(&folder.path().join("printer"));
        while queue.push(long(MOST_BYTES / 10)).is_ok() {}
        assert_eq!(queue.waiting(), 10);
        assert!(queue.owner.shared.jobs().held() <= MOST_BYTES);
    }
}
