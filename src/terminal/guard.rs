//! The modes of the terminal: set once, undone on every way out.
//!
//! Owns raw mode and the alternate screen, and the right to write to the terminal at all: after
//! a hang-up nothing is written. Must not draw, and waits for a slow terminal at the end alone, and
//! briefly.
//!
//! No mouse, no bracketed paste (a lost end marker freezes the input for good), no queries.

use std::io::{self, Write};
use std::panic::{self, PanicHookInfo};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use rustix::io::Errno;
use rustix::stdio::stdin;
use rustix::termios::{OptionalActions, QueueSelector, Termios, tcflush, tcgetattr, tcsetattr};

use super::line::Line;
use super::modes;

/// How long a terminal that is slow may take for what was sent before it is left.
const LEAVING: Duration = Duration::from_millis(500);

/// The terminal's modes, undone by [`Guard::leave`] or when dropped.
#[derive(Debug)]
pub struct Guard {
    modes: Arc<Modes>,
}

#[derive(Debug)]
struct Modes {
    line: Line,
    /// As the terminal was before; `None` once it is so again.
    original: Mutex<Option<Termios>>,
    /// Hung up: a further byte would be an error, or reach another session on this terminal.
    abandoned: AtomicBool,
}

impl Guard {
    /// Takes the terminal over: raw mode, alternate screen. `drained` is called whenever the
    /// terminal has taken everything after [`Self::is_free`] was false, or takes nothing any
    /// more; on a thread of the line's own, which it must not hold up.
    ///
    /// # Errors
    /// Standard input is no terminal, or standard output cannot be written. Nothing is changed
    /// then.
    pub fn enter(drained: impl Fn() + Send + Sync + 'static) -> io::Result<Self> {
        let original = tcgetattr(stdin())?;
        let guard = Self {
            modes: Arc::new(Modes {
                line: Line::new(Box::new(drained))?,
                original: Mutex::new(Some(original)),
                abandoned: AtomicBool::new(false),
            }),
        };
        guard.reenter()?;
        Ok(guard)
    }

    /// Sets the modes again after the process was stopped and continued: the shell in between
    /// has set its own. The caller redraws everything.
    ///
    /// # Errors
    /// The terminal does not take them.
    pub fn reenter(&self) -> io::Result<()> {
        let Some(mut raw) = self.modes.original().clone() else { return Ok(()) };
        raw.make_raw();
        // What was typed before is kept: it may be a scan.
        tcsetattr(stdin(), OptionalActions::Now, &raw)?;
        self.modes.write(modes::enter().as_bytes())
    }

    /// Where frames go: standard output, until the terminal is left or abandoned.
    #[must_use]
    pub fn output(&self) -> Output {
        Output { modes: Arc::clone(&self.modes) }
    }

    /// True if the terminal has taken everything that was sent to it.
    ///
    /// # Errors
    /// It takes nothing any more.
    pub fn is_free(&self) -> io::Result<bool> {
        self.modes.line.is_free()
    }

    /// The terminal hung up: nothing is written to it from now on, by anyone.
    pub fn abandon(&self) {
        self.modes.abandoned.store(true, Ordering::SeqCst);
        self.modes.line.close();
    }

    /// Gives the terminal back as it was, in reverse order. Calling it again does nothing.
    ///
    /// A frame that is under way is finished first, unless the terminal takes nothing for half a
    /// second: its modes are restored all the same, and nothing is written behind that.
    ///
    /// Keys that were not read yet are thrown away: they must not reach the shell as commands.
    ///
    /// # Errors
    /// The first one; the remaining steps are done all the same.
    pub fn leave(&self) -> io::Result<()> {
        self.modes.leave(b"")
    }

    /// [`Self::leave`], and a line that says why. It is `line` in the terminal's charset, without
    /// controls. A terminal that takes nothing any more does not delay the end.
    ///
    /// # Errors
    /// As [`Self::leave`].
    pub fn leave_saying(&self, line: &[u8]) -> io::Result<()> {
        self.modes.leave(&[line, b"\r\n"].concat())
    }

    /// Makes a panic of this thread give the terminal back before its message is printed.
    ///
    /// A panic of any other thread must not touch the screen that is still in use: it goes to
    /// `elsewhere` alone, for as long as the terminal is taken over. After a hang-up nothing is
    /// printed at all. To be called once, on the thread that draws, after other hooks are set.
    pub fn install_panic_hook(
        &self,
        elsewhere: impl Fn(&PanicHookInfo<'_>) + Send + Sync + 'static,
    ) {
        let modes = Arc::clone(&self.modes);
        let drawing = thread::current().id();
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if modes.abandoned() {
                elsewhere(info);
            } else if thread::current().id() == drawing {
                // The panic's message matters more than an error here.
                modes.leave(b"").unwrap_or_default();
                before(info);
            } else if modes.original().is_some() {
                elsewhere(info);
            } else {
                before(info);
            }
        }));
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        // Callers that want the error call `leave`.
        self.leave().unwrap_or_default();
    }
}

impl Modes {
    /// A panic while the lock was held leaves the value whole.
    fn original(&self) -> MutexGuard<'_, Option<Termios>> {
        self.original.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn abandoned(&self) -> bool {
        self.abandoned.load(Ordering::SeqCst)
    }

    fn write(&self, bytes: &[u8]) -> io::Result<()> {
        if self.abandoned() { Ok(()) } else { self.line.send(bytes) }
    }

    fn leave(&self, said: &[u8]) -> io::Result<()> {
        let Some(original) = self.original().take() else { return Ok(()) };
        if self.abandoned() {
            // No write, and an error if it is really gone. After a mere SIGHUP the
            // next program at this terminal can read lines again.
            return Ok(tcsetattr(stdin(), OptionalActions::Now, &original)
                .or_else(|error| if error == Errno::IO { Ok(()) } else { Err(error) })?);
        }
        let screen = self.write(&[modes::leave().as_bytes(), said].concat());
        self.line.finish(LEAVING);
        // Two steps: the one that does both waits for the output, on some terminals without end.
        let flushed = tcflush(stdin(), QueueSelector::IFlush);
        let modes = tcsetattr(stdin(), OptionalActions::Now, &original);
        screen.and(flushed.and(modes).map_err(io::Error::from))
    }
}

/// Standard output while the terminal is taken over; bytes written before or after are dropped.
///
/// A write takes everything and never waits: what the terminal does not take yet is under way
/// until [`Guard::is_free`].
#[derive(Debug, Clone)]
pub struct Output {
    modes: Arc<Modes>,
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // The lock also keeps a frame and the leaving of the screen apart.
        let original = self.modes.original();
        if original.is_some() {
            self.modes.write(bytes)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
