//! Signals as messages of the loop.
//!
//! Owns the thread that waits for them. Must not act on them: a till ends at a moment of its own
//! choosing, with its records written and its terminal given back.
//!
//! A stop from outside (SIGTSTP) keeps its usual effect; in raw mode no key sends it. In a kiosk it
//! has none, and neither have SIGINT and SIGQUIT.

use std::io;
use std::sync::mpsc::Sender;
use std::thread::{self, JoinHandle};

use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGUSR1, SIGWINCH};
use signal_hook::iterator::{Handle, Signals};

/// What a signal asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// The terminal has a new size.
    Resize,
    /// The process was stopped and goes on: modes and screen may have been changed meanwhile.
    Resumed,
    /// The program is to end.
    Terminate(Termination),
}

/// Who wants the program to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Termination {
    /// SIGHUP: the terminal is gone and must not be written to any more.
    HangUp,
    /// SIGINT.
    Interrupt,
    /// SIGQUIT.
    Quit,
    /// SIGTERM.
    Terminate,
    /// SIGUSR1: another log-in takes the till over. The terminal is still there and is told.
    TakenOver,
}

impl Termination {
    /// The exit code that shells expect: 128 and the signal's number. A till that is taken over ends
    /// as one whose line is lost: both are parked for the next log-in.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::HangUp | Self::TakenOver => 129,
            Self::Interrupt => 130,
            Self::Quit => 131,
            Self::Terminate => 143,
        }
    }
}

/// What the signals that a keyboard can send do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obey {
    /// What they ask for.
    Keyboard,
    /// Nothing, wherever they come from.
    SystemOnly,
}

/// The waiting thread; ends when dropped. The signals stay caught: the usual effect of one that
/// comes during the last steps would cut them short.
#[derive(Debug)]
pub struct SignalThread {
    handle: Handle,
    thread: Option<JoinHandle<()>>,
}

/// Catches the signals and sends each as `wrap` makes it.
///
/// # Errors
/// The system refuses the handlers or the thread.
pub fn watch<T: Send + 'static>(
    obey: Obey,
    sender: Sender<T>,
    wrap: impl Fn(Signal) -> T + Send + 'static,
) -> io::Result<SignalThread> {
    let mut signals = Signals::new([SIGWINCH, SIGCONT, SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1])?;
    if obey == Obey::SystemOnly {
        // Caught like the others, so that it does not stop the program.
        signals.add_signal(SIGTSTP)?;
    }
    let handle = signals.handle();
    let thread = thread::Builder::new().name("signals".to_owned()).spawn(move || {
        for number in signals.forever() {
            if let Some(signal) = meaning(number, obey)
                && sender.send(wrap(signal)).is_err()
            {
                return;
            }
        }
    })?;
    Ok(SignalThread { handle, thread: Some(thread) })
}

impl Drop for SignalThread {
    fn drop(&mut self) {
        self.handle.close();
        if let Some(thread) = self.thread.take() {
            // It ends by itself, unless `wrap` panicked; the hook has told that.
            thread.join().unwrap_or_default();
        }
    }
}

const fn meaning(number: i32, obey: Obey) -> Option<Signal> {
    Some(match number {
        SIGINT | SIGQUIT if matches!(obey, Obey::SystemOnly) => return None,
        SIGWINCH => Signal::Resize,
        SIGCONT => Signal::Resumed,
        SIGHUP => Signal::Terminate(Termination::HangUp),
        SIGINT => Signal::Terminate(Termination::Interrupt),
        SIGQUIT => Signal::Terminate(Termination::Quit),
        SIGTERM => Signal::Terminate(Termination::Terminate),
        SIGUSR1 => Signal::Terminate(Termination::TakenOver),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

    use std::sync::mpsc;

    use signal_hook::low_level::raise;

    use super::*;

    #[test]
    fn every_signal_is_a_message_and_ends_nothing() {
        let (sender, receiver) = mpsc::channel();
        let thread = watch(Obey::Keyboard, sender, |signal| signal).unwrap();
        for (number, signal) in [
            (SIGWINCH, Signal::Resize),
            (SIGCONT, Signal::Resumed),
            (SIGHUP, Signal::Terminate(Termination::HangUp)),
            (SIGINT, Signal::Terminate(Termination::Interrupt)),
            (SIGQUIT, Signal::Terminate(Termination::Quit)),
            (SIGTERM, Signal::Terminate(Termination::Terminate)),
            (SIGUSR1, Signal::Terminate(Termination::TakenOver)),
        ] {
            raise(number).unwrap();
            assert_eq!(receiver.recv().unwrap(), signal);
            if let Signal::Terminate(termination) = signal
                && number != SIGUSR1
            {
                assert_eq!(i32::from(termination.exit_code()), 128 + number);
            }
        }
        drop(thread);
        assert!(receiver.recv().is_err(), "the thread has ended");
    }
}
