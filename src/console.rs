//! The console's loop: messages in, one frame out, and nothing in between while nothing happens.
//!
//! Owns the till's state, the order of messages and the moment of drawing. Must not decide what a
//! key means (`till`), how a panel looks (`ui`) or what a call does (`worker`).
//!
//! What must be on disk before it is done or shown goes through the outbox: see [`Keeper`].
//!
//! The loop sleeps until a message or the state's own `wake_at`; it takes all messages that have
//! arrived before it draws once. It never waits for the terminal: while a frame is on its way to a
//! slow one, sales and payments go on, and the next frame shows what is true when the line is free
//! again. So a slow terminal sees whole frames and the newest state, and never a backlog.

mod keeper;
mod outbox;
mod trace;

use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use crate::exchange::{Exchange, Exchanges};
use crate::recording::Recorder;
use crate::terminal::{Decoder, Termination};
use crate::till::{Ending, Event, Key, Settings, State, Step, Tender};
use crate::worker::Worker;
pub use keeper::{Keeper, Keeping};
use outbox::Outbox;
use trace::Trace;

/// How long a lone ESC byte waits for the rest of its sequence, ms.
const ESCAPE_WAIT: u64 = 40;

/// Messages taken before the next frame at the most: a flood must not starve the screen.
const BATCH: usize = 512;

/// What reaches the loop.
#[derive(Debug)]
pub enum Message {
    /// Bytes from the keyboard.
    Input(Vec<u8>),
    /// Something that the worker reports.
    Event(Event),
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
    /// True if the terminal has taken everything so far; [`Message::Drained`] follows a `false`.
    ///
    /// # Errors
    /// When the terminal takes nothing any more.
    fn is_free(&self) -> io::Result<bool>;

    /// Shows the state as one frame. Does not wait until the terminal has taken it.
    ///
    /// # Errors
    /// When the terminal does not take it.
    fn draw(&mut self, state: &State) -> io::Result<()>;

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
    pub messages: Receiver<Message>,
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

/// What is to be seen before it is paid: two frames in which this differs are not the same offer.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Due {
    tender: Option<Tender>,
    /// How much lies over the panels.
    overlays: usize,
}

impl Due {
    fn of(state: &State) -> Self {
        let tender = match &state.sale.step {
            Step::Tender(tender) => Some(tender.clone()),
            _ => None,
        };
        Self { tender, overlays: state.overlays.len() }
    }
}

/// One console.
pub struct Console<S> {
    state: State,
    settings: Settings,
    screen: S,
    keeper: Box<dyn Keeper>,
    outbox: Outbox,
    worker: Worker,
    messages: Receiver<Message>,
    clock: Clock,
    decoder: Decoder,
    escape_due: Option<u64>,
    keys: Vec<Key>,
    dirty: bool,
    /// A bell is to be sounded.
    bell: bool,
    /// What the last frame showed of an amount that nobody had seen before it.
    showing: Option<Due>,
    exchanges: Exchanges,
    trace: Trace,
    recorder: Option<Recorder>,
}

impl<S: Display> Console<S> {
    /// A console that has not drawn yet.
    pub fn new(state: State, settings: Settings, wiring: Wiring<S>) -> Self {
        let Wiring { screen, keeper, worker, messages, decoder, clock } = wiring;
        Self {
            state,
            settings,
            screen,
            keeper,
            outbox: Outbox::default(),
            worker,
            messages,
            clock,
            decoder,
            escape_due: None,
            keys: Vec::new(),
            dirty: true,
            bell: false,
            showing: None,
            exchanges: Exchanges::default(),
            trace: Trace::default(),
            recorder: None,
        }
    }

    /// The same console, recording everything that happens.
    #[must_use]
    pub fn recorded(mut self, recorder: Option<Recorder>) -> Self {
        self.recorder = recorder;
        self
    }

    /// The till as it is.
    #[must_use]
    pub const fn state(&self) -> &State {
        &self.state
    }

    /// The screen.
    pub const fn screen(&mut self) -> &mut S {
        &mut self.screen
    }

    /// Checks the connection, then runs until the till, a signal or a hang-up ends it.
    ///
    /// # Errors
    /// When the terminal cannot be written to.
    pub fn run(&mut self) -> io::Result<End> {
        if let Some(end) = self.begin()? {
            return Ok(end);
        }
        loop {
            if let Some(end) = self.turn()? {
                return Ok(end);
            }
        }
    }

    /// Draws the first frame, then checks the connection: the cashier sees the till at once.
    ///
    /// # Errors
    /// When the terminal cannot be written to.
    pub fn begin(&mut self) -> io::Result<Option<End>> {
        let shown = self.show()?;
        Ok(shown.or_else(|| self.happened(Event::Started)))
    }

    /// Waits for the next message, takes all that are there and draws once.
    ///
    /// # Errors
    /// When the terminal cannot be written to.
    pub fn turn(&mut self) -> io::Result<Option<End>> {
        let message = match self.wait() {
            None => self.messages.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(wait) => self.messages.recv_timeout(wait),
        };
        match message {
            Ok(message) => {
                if let Some(end) = self.take(message)? {
                    return Ok(Some(end));
                }
                for _ in 0..BATCH {
                    let Ok(message) = self.messages.try_recv() else { break };
                    if let Some(end) = self.take(message)? {
                        return Ok(Some(end));
                    }
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(Some(End::HungUp)),
        }
        if let Some(end) = self.due().or_else(|| self.go_on()) {
            return Ok(Some(end));
        }
        self.show()
    }

    /// Brings the terminal up to date as far as it can be without waiting for it.
    fn show(&mut self) -> io::Result<Option<End>> {
        if !self.screen.is_free()? {
            return Ok(None);
        }
        if let Some(end) = self.seen() {
            return Ok(Some(end));
        }
        if std::mem::take(&mut self.bell) {
            self.screen.bell()?;
            if !self.screen.is_free()? {
                return Ok(None);
            }
        }
        if std::mem::take(&mut self.dirty) {
            let uncovered = self.state.overlays.is_empty();
            self.showing = (uncovered && !self.state.due_shown).then(|| Due::of(&self.state));
            self.screen.draw(&self.state)?;
            if self.screen.is_free()? {
                return Ok(self.seen());
            }
        }
        Ok(None)
    }

    /// The terminal has the whole last frame: what it offered counts as seen if it still stands.
    fn seen(&mut self) -> Option<End> {
        let showing = self.showing.take()?;
        if self.state.due_shown || showing != Due::of(&self.state) {
            return None;
        }
        // Nothing on the screen changes by that.
        let dirty = self.dirty;
        let end = self.happened(Event::Shown);
        self.dirty = dirty;
        end
    }

    /// How long nothing can happen by itself.
    fn wait(&self) -> Option<Duration> {
        let due = match (self.state.wake_at, self.escape_due) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        let wait = due.map(|due| Duration::from_millis(due.saturating_sub((self.clock)())));
        match self.outbox.poll() {
            Some(poll) => Some(wait.map_or(poll, |wait| wait.min(poll))),
            None => wait,
        }
    }

    /// What has become due meanwhile: a lone Esc, or the state's own time.
    fn due(&mut self) -> Option<End> {
        let now = (self.clock)();
        if self.escape_due.is_some_and(|due| due <= now) {
            self.escape_due = None;
            let mut keys = std::mem::take(&mut self.keys);
            self.decoder.flush(&mut keys);
            if let Some(end) = self.press(keys) {
                return Some(end);
            }
        }
        if self.state.wake_at.is_some_and(|due| due <= now) {
            return self.happened(Event::Tick);
        }
        None
    }

    fn take(&mut self, message: Message) -> io::Result<Option<End>> {
        Ok(match message {
            Message::Input(bytes) => {
                let mut keys = std::mem::take(&mut self.keys);
                self.decoder.feed(&bytes, &mut keys);
                self.escape_due =
                    self.decoder.pending_escape().then(|| (self.clock)() + ESCAPE_WAIT);
                self.press(keys)
            }
            Message::Event(event) => self.happened(event),
            Message::Exchange(exchange) => {
                self.exchanges.put(exchange);
                let watched = self.state.is_inspecting();
                watched.then(|| self.happened(Event::Exchanges(self.exchanges.all()))).flatten()
            }
            Message::Resized => {
                self.screen.resized()?;
                self.dirty = true;
                None
            }
            Message::Resumed => {
                self.screen.resumed()?;
                self.dirty = true;
                None
            }
            Message::Drained => None,
            Message::Terminate(by) => Some(End::Terminated(by)),
            Message::HungUp => Some(End::HungUp),
        })
    }

    fn press(&mut self, mut keys: Vec<Key>) -> Option<End> {
        let mut end = None;
        for key in keys.drain(..) {
            end = end.or_else(|| self.happened(Event::Key(key)));
        }
        self.keys = keys;
        end
    }
}

impl<S> std::fmt::Debug for Console<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Console").field("state", &self.state).finish_non_exhaustive()
    }
}
