//! What a console is connected to: messages, display, clock, and how it ends.

use std::io;
use std::sync::mpsc::Receiver;

use super::Keeper;
use crate::exchange::Exchange;
use crate::shop::Catalogue;
use crate::terminal::{Decoder, Termination};
use crate::till::{Ending, Event, Seen, State};
use crate::worker::Worker;

/// What reaches the loop.
#[derive(Debug)]
pub enum Incoming {
    /// Bytes from the keyboard, just arrived.
    Input(Vec<u8>),
    /// Bytes from the keyboard, and when they arrived by the loop's clock, ms: a message may have
    /// waited while the loop was busy, and must not look like a pause between two keys.
    InputAt(Vec<u8>, u64),
    /// More came from the keyboard than can be taken: it was dropped, and so is what is ahead.
    InputLost,
    /// Something that the worker reports.
    Event(Event),
    /// Other articles are to be sold from now on.
    Articles(Catalogue),
    /// An exchange with the server has begun or ended. Shown only to who is looking.
    Exchange(Exchange),
    /// The terminal has another size.
    Resized,
    /// The program was stopped and goes on: modes and screen may have been changed meanwhile.
    Resumed,
    /// The terminal has taken the frame that was on its way.
    Drained,
    /// The program is to end: the system or the user at another terminal wants it.
    Terminate(Termination),
    /// The terminal is gone. Nothing may be written to it any more.
    HungUp,
}

/// Why the loop ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// The till asked for it.
    Till(Ending),
    /// A signal asked for it.
    Terminated(Termination),
    /// The terminal is gone.
    HungUp,
}

/// Where frames go.
pub trait Display {
    /// True if the terminal has taken everything so far; [`Incoming::Drained`] follows a `false`.
    ///
    /// # Errors
    /// When the terminal takes nothing any more.
    fn is_free(&self) -> io::Result<bool>;

    /// Shows the state as one frame and tells what can be seen in it. Does not wait until the
    /// terminal has taken it.
    ///
    /// # Errors
    /// When the terminal does not take it.
    fn draw(&mut self, state: &State) -> io::Result<Seen>;

    /// Sounds the bell.
    ///
    /// # Errors
    /// When the terminal does not take it.
    fn bell(&mut self) -> io::Result<()>;

    /// The terminal has another size: the next frame is drawn anew.
    ///
    /// # Errors
    /// When the terminal does not tell its size.
    fn resized(&mut self) -> io::Result<()>;

    /// The program was stopped and goes on: modes are set and the next frame is drawn anew.
    ///
    /// # Errors
    /// When the terminal does not take them.
    fn resumed(&mut self) -> io::Result<()>;

    /// These are the articles that a state speaks of from now on.
    fn sell(&mut self, catalogue: &Catalogue);
}

/// Milliseconds since some fixed moment, never going back.
pub type Clock = Box<dyn Fn() -> u64>;

/// What a console is connected to.
pub struct Wiring<S> {
    /// Where frames go.
    pub screen: S,
    /// Where records go.
    pub keeper: Box<dyn Keeper>,
    /// Who carries out calls.
    pub worker: Worker,
    /// Where everything comes from.
    pub messages: Receiver<Incoming>,
    /// How the terminal's bytes are read.
    pub decoder: Decoder,
    /// The time.
    pub clock: Clock,
}

impl<S> std::fmt::Debug for Wiring<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wiring").field("worker", &self.worker).finish_non_exhaustive()
    }
}
