//! Writing to the terminal: bytes in their order, without waiting for a slow one.
//!
//! Owns the way to the terminal and what it has not taken yet. Must not know frames or modes.
//!
//! What the terminal takes at once is written by the caller; the rest is left to a thread that
//! lives only as long as there is one. The line is made non-blocking for this alone: the
//! terminal is opened once more, because a description that was inherited is shared with the shell.
//! Where that is refused, as after `su`, the thread writes everything.

use std::fmt;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::PollFlags;
use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::fs::{Mode, OFlags, open};
use rustix::io::{Errno, fcntl_dupfd_cloexec};
use rustix::stdio::stdout;
use rustix::termios::isatty;

use super::tty::{wait, write_all};

/// Called whenever the terminal has taken everything after it had not, or takes nothing any more.
pub(super) type Drained = Box<dyn Fn() + Send + Sync>;

/// The line. Clones are the same one.
#[derive(Debug, Clone)]
pub(super) struct Line {
    shared: Arc<Shared>,
}

struct Shared {
    way: Way,
    state: Mutex<State>,
    /// Notified when the thread ends.
    ended: Condvar,
    drained: Drained,
}

/// How bytes get to the terminal.
#[derive(Debug)]
enum Way {
    /// A description of our own that never waits.
    Own(OwnedFd),
    /// The inherited one; a write to it waits as long as the terminal does.
    Inherited(OwnedFd),
}

#[derive(Default)]
struct State {
    /// What was sent and not written yet, and what the thread is writing. Not empty as long as
    /// there is a thread, unless the line is closed.
    rest: Vec<u8>,
    /// Nothing goes out any more.
    closed: bool,
    /// Why the terminal takes nothing any more.
    failed: Option<Errno>,
}

impl Line {
    /// The line of standard output.
    ///
    /// # Errors
    /// There is no standard output.
    pub(super) fn new(drained: Drained) -> io::Result<Self> {
        let flags = OFlags::WRONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        // The link leads to the terminal itself, also where its name means nothing.
        let own = open("/proc/self/fd/1", flags, Mode::empty()).ok().filter(|own| isatty(own));
        let way = match own {
            Some(own) => Way::Own(own),
            None => Way::Inherited(fcntl_dupfd_cloexec(stdout(), 0)?),
        };
        Ok(Self::over(way, drained))
    }

    fn over(way: Way, drained: Drained) -> Self {
        let (state, ended) = (Mutex::default(), Condvar::new());
        Self { shared: Arc::new(Shared { way, state, ended, drained }) }
    }

    /// Sends `bytes` behind everything that was sent before. Never waits.
    ///
    /// # Errors
    /// The terminal takes nothing any more, or there is no thread for what it did not take.
    pub(super) fn send(&self, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.shared.lock();
        state.check()?;
        if state.closed {
            return Ok(());
        }
        let written = match &self.shared.way {
            Way::Own(own) if state.rest.is_empty() => write_now(own.as_fd(), bytes)?,
            Way::Own(_) | Way::Inherited(_) => 0,
        };
        let rest = bytes.get(written..).unwrap_or_default();
        if rest.is_empty() {
            return Ok(());
        }
        if state.rest.is_empty() {
            let shared = Arc::clone(&self.shared);
            let thread = thread::Builder::new().name("terminal".to_owned());
            // It begins with the lock, so not before the rest is there.
            thread.spawn(move || shared.write_rest())?;
        }
        state.rest.extend_from_slice(rest);
        Ok(())
    }

    /// True if everything that was sent is written.
    ///
    /// # Errors
    /// The terminal takes nothing any more.
    pub(super) fn is_free(&self) -> io::Result<bool> {
        let state = self.shared.lock();
        state.check()?;
        Ok(state.rest.is_empty())
    }

    /// Writes nothing from now on.
    pub(super) fn close(&self) {
        self.shared.lock().closed = true;
    }

    /// Waits until everything is written, but no longer than `patience`, and closes the line.
    pub(super) fn finish(&self, patience: Duration) {
        let until = Instant::now() + patience;
        let mut state = self.shared.lock();
        while !state.rest.is_empty() && !state.closed && state.failed.is_none() {
            let Some(left) = until.checked_duration_since(Instant::now()) else { break };
            let woken = self.shared.ended.wait_timeout(state, left);
            state = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
        state.closed = true;
    }
}

impl State {
    fn check(&self) -> io::Result<()> {
        self.failed.map_or(Ok(()), |error| Err(error.into()))
    }
}

impl Shared {
    /// A panic while the lock was held leaves the value whole.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The thread: writes until nothing is left, the line is closed or it fails.
    fn write_rest(&self) {
        let mut state = self.lock();
        while !state.rest.is_empty() && !state.closed {
            let written = match &self.way {
                Way::Own(own) => {
                    drop(state);
                    let ready = wait(own.as_fd(), PollFlags::OUT);
                    state = self.lock();
                    // Under the lock, so that not a byte follows the closing of the line.
                    if state.closed {
                        break;
                    }
                    ready.and_then(|()| write_now(own.as_fd(), &state.rest))
                }
                Way::Inherited(inherited) => {
                    let rest = state.rest.clone();
                    drop(state);
                    let written = write_all(inherited.as_fd(), &rest).map(|()| rest.len());
                    state = self.lock();
                    written
                }
            };
            match written {
                // Given back: a frame of a large window is not kept for the next ones.
                Ok(written) if written >= state.rest.len() => state.rest = Vec::new(),
                Ok(written) => drop(state.rest.drain(..written)),
                Err(error) => {
                    state.rest.clear();
                    state.failed = Some(Errno::from_io_error(&error).unwrap_or(Errno::IO));
                }
            }
        }
        drop(state);
        self.ended.notify_all();
        (self.drained)();
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("way", &self.way).finish_non_exhaustive()
    }
}

/// How many of `bytes` a non-blocking `fd` takes now.
fn write_now(fd: BorrowedFd<'_>, bytes: &[u8]) -> io::Result<usize> {
    loop {
        match rustix::io::write(fd, bytes) {
            Ok(count) => return Ok(count),
            Err(Errno::AGAIN) => return Ok(0),
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests;
