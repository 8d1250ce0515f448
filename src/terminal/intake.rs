//! What waits between the keyboard and the loop: bounded, and less urgent than the end.
//!
//! Owns the count of bytes that were read and not yet taken, the rule of what is dropped when they
//! are too many, and the flag that the program is to end. Must not hold the bytes: they are in the
//! loop's queue, in the order of all its messages.
//!
//! Reads that cost more than [`LIMIT`] while they wait are no typing: a loose cable, a pasted file,
//! an attack. From then on everything is dropped, also what waits, until the line has been quiet
//! for a moment. So the middle of a code never counts as a code.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use super::Termination;

/// What may wait for the loop, in bytes: tens of thousands of scans, after a line that stood still.
const LIMIT: usize = 1 << 20;
/// What a read costs besides its bytes.
const READ: usize = 32;
/// After a flood, how long nothing must come before input counts again. On a bad line the bytes of
/// one scan are up to 350 ms apart.
pub(super) const QUIET: Duration = Duration::from_millis(400);
/// Where it is never quiet that long (a held key, reports of a mouse), what may come in
/// [`TRICKLE_SPAN`] when the flood is over all the same.
const TRICKLE: usize = 1024;
const TRICKLE_SPAN: Duration = Duration::from_secs(5);

/// The account of what waits. Clones are the same one.
#[derive(Debug, Clone, Default)]
pub struct Intake(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    waiting: AtomicUsize,
    /// Losses that the loop has not been told of yet: what is ahead of them in its queue is lost
    /// as well.
    losses: AtomicUsize,
    end: OnceLock<Termination>,
}

impl Intake {
    /// The loop takes the bytes of one read. False: they belong to a flood or come when the
    /// program is to end, and must not be used.
    #[must_use]
    pub fn take(&self, bytes: &[u8]) -> bool {
        // Bytes that did not come through the reader were never counted.
        let less = |waiting: usize| Some(waiting.saturating_sub(cost(bytes)));
        let _ = self.0.waiting.fetch_update(Ordering::SeqCst, Ordering::SeqCst, less);
        self.0.losses.load(Ordering::SeqCst) == 0 && !self.is_ending()
    }

    /// The loop has come to a loss: what follows in its queue came after it.
    pub fn told(&self) {
        let less = |losses: usize| losses.checked_sub(1);
        let _ = self.0.losses.fetch_update(Ordering::SeqCst, Ordering::SeqCst, less);
    }

    /// The program is to end, however much waits. The first reason counts.
    pub fn end(&self, by: Termination) {
        let _ = self.0.end.set(by);
    }

    /// True once the program is to end: nothing typed counts any more.
    #[must_use]
    pub fn is_ending(&self) -> bool {
        self.0.end.get().is_some()
    }

    /// Why the program is to end.
    #[must_use]
    pub fn ending(&self) -> Option<Termination> {
        self.0.end.get().copied()
    }

    /// The reader has `bytes` for the loop. False: they are too many, and a loss is to be told.
    pub(super) fn offer(&self, bytes: &[u8]) -> bool {
        let more = |waiting: usize| Some(waiting + cost(bytes)).filter(|sum| *sum <= LIMIT);
        let taken = self.0.waiting.fetch_update(Ordering::SeqCst, Ordering::SeqCst, more).is_ok();
        if !taken {
            self.0.losses.fetch_add(1, Ordering::SeqCst);
        }
        taken
    }
}

const fn cost(bytes: &[u8]) -> usize {
    bytes.len() + READ
}

/// A flood under way: what is read is dropped.
#[derive(Debug)]
pub(super) struct Flood {
    since: Instant,
    bytes: usize,
}

impl Flood {
    pub(super) fn begin(now: Instant) -> Self {
        Self { since: now, bytes: 0 }
    }

    /// Drops `bytes`. True: the flood is a trickle by now, and these end an entry or are a lone
    /// Esc, so that what comes next is whole.
    pub(super) fn drop(&mut self, bytes: &[u8], now: Instant) -> bool {
        self.bytes += bytes.len();
        if self.bytes > TRICKLE {
            *self = Self::begin(now);
            return false;
        }
        let whole = matches!(bytes.last(), Some(b'\r' | b'\n')) || bytes == b"\x1b";
        now.duration_since(self.since) >= TRICKLE_SPAN && whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_is_bounded_by_bytes_and_by_reads() {
        for read in [&[b'7'; 1024][..], b"7"] {
            let intake = Intake::default();
            let mut reads = 0;
            while intake.offer(read) {
                reads += 1;
            }
            assert!(reads * read.len() <= LIMIT && reads <= LIMIT / READ, "{reads}");
            assert!(reads > 50, "{reads}");
        }
    }

    #[test]
    fn a_loss_takes_what_waits_before_it_along() {
        let intake = Intake::default();
        assert!(intake.offer(b"40063"));
        assert!(!intake.offer(&vec![0; LIMIT]));
        assert!(!intake.take(b"40063"), "the beginning of what was lost");
        intake.told();
        assert!(intake.offer(b"30037\r"));
        assert!(intake.take(b"30037\r"));
        assert_eq!(intake.0.waiting.load(Ordering::SeqCst), 0);
    }

    #[test]
    fn bytes_after_the_first_termination_are_not_taken() {
        let intake = Intake::default();
        intake.end(Termination::Terminate);
        intake.end(Termination::HangUp);
        assert_eq!(intake.ending(), Some(Termination::Terminate));
        assert!(!intake.take(b"+"));
    }

    #[test]
    fn a_flood_that_became_a_trickle_ends_behind_a_whole_entry_or_with_esc() {
        let start = Instant::now();
        let later = start + TRICKLE_SPAN;
        for (bytes, ends) in [(&b"931\r"[..], true), (b"\x1b", true), (b"40063", false)] {
            assert!(!Flood::begin(start).drop(bytes, start));
            assert_eq!(Flood::begin(start).drop(bytes, later), ends, "{bytes:?}");
        }
        let mut flood = Flood::begin(start);
        assert!(!flood.drop(&[b'\r'; 2 * TRICKLE], later));
        assert!(!flood.drop(b"\r", later), "counted anew");
    }
}
