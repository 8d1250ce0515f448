//! The line to the terminal: bytes in their order, and nobody who waits for a slow one.
//!
//! Owns the way to the terminal and what it has not taken yet. Must not know frames or modes.
//!
//! What the terminal takes at once is written by the caller; the rest is left to a thread that is
//! started when there is one for the first time. The line is made non-blocking for this alone: the
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
pub(super) type Drained = Box<dyn Fn() + Send>;

/// The line. Clones are the same one.
#[derive(Debug, Clone)]
pub(super) struct Line {
    shared: Arc<Shared>,
}

struct Shared {
    way: Way,
    state: Mutex<State>,
    changed: Condvar,
}

/// How bytes get to the terminal.
#[derive(Debug)]
enum Way {
    /// A description of our own that never waits.
    Own(OwnedFd),
    /// The inherited one; a write to it waits as long as the terminal does.
    Inherited(OwnedFd),
}

struct State {
    /// What was sent and not written yet. What the thread is writing is still in it.
    rest: Vec<u8>,
    /// Nothing goes out any more.
    closed: bool,
    /// Why the terminal takes nothing any more.
    failed: Option<Errno>,
    /// Who is told, until the thread has it.
    drained: Option<Drained>,
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
        let state =
            State { rest: Vec::new(), closed: false, failed: None, drained: Some(drained) };
        let (state, changed) = (Mutex::new(state), Condvar::new());
        Self { shared: Arc::new(Shared { way, state, changed }) }
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
        state.rest.extend_from_slice(rest);
        if let Some(drained) = state.drained.take() {
            let shared = Arc::clone(&self.shared);
            let thread = thread::Builder::new().name("terminal".to_owned());
            thread.spawn(move || shared.write_rest(&*drained))?;
        }
        self.shared.changed.notify_all();
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
        self.shared.changed.notify_all();
    }

    /// Waits until everything is written, but no longer than `patience`, and closes the line.
    pub(super) fn finish(&self, patience: Duration) {
        let until = Instant::now() + patience;
        let mut state = self.shared.lock();
        while !state.rest.is_empty() && !state.closed && state.failed.is_none() {
            let Some(left) = until.checked_duration_since(Instant::now()) else { break };
            let woken = self.shared.changed.wait_timeout(state, left);
            state = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
        state.closed = true;
        self.shared.changed.notify_all();
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

    /// The thread: writes what is left, again and again, until the line is closed or fails.
    fn write_rest(&self, drained: &dyn Fn()) {
        loop {
            let mut state = self.lock();
            while state.rest.is_empty() && !state.closed {
                state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
            if state.closed {
                return;
            }
            let written = match &self.way {
                Way::Own(own) => {
                    drop(state);
                    let ready = wait(own.as_fd(), PollFlags::OUT);
                    state = self.lock();
                    // Under the lock, so that not a byte follows the closing of the line.
                    if state.closed {
                        return;
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
                Ok(written) => {
                    state.rest.drain(..written);
                }
                Err(error) => {
                    state.rest.clear();
                    state.failed = Some(Errno::from_io_error(&error).unwrap_or(Errno::IO));
                }
            }
            if state.rest.is_empty() {
                let failed = state.failed.is_some();
                drop(state);
                self.changed.notify_all();
                drained();
                if failed {
                    return;
                }
            }
        }
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
