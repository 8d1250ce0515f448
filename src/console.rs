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

mod calendar;
mod goods;
mod input;
mod keeper;
mod outbox;
mod sight;
mod trace;
mod wiring;

use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use crate::exchange::Exchanges;
use crate::recording::Recorder;
use crate::terminal::{Decoder, Intake};
use crate::till::{Event, Key, Seen, Settings, State};
use crate::worker::Worker;
pub use calendar::{Calendar, Today};
pub use goods::KeepTaught;
use input::Arrivals;
pub use keeper::{Keeper, Keeping};
use outbox::Outbox;
use sight::{Due, shows_less, shows_more};
use trace::Trace;
pub use wiring::{Clock, Display, End, Incoming, Wiring};

/// How long the loop leaves bytes to the thread that reads them, ms.
const READ_WAIT: u64 = 5;

/// Messages taken before the next frame at the most, and for how long, ms: a flood must not starve
/// the screen.
const BATCH: usize = 512;
const BATCH_TIME: u64 = 100;

/// One console.
pub struct Console<S> {
    state: State,
    settings: Settings,
    screen: S,
    keeper: Box<dyn Keeper>,
    outbox: Outbox,
    worker: Worker,
    messages: Receiver<Incoming>,
    clock: Clock,
    calendar: Option<Calendar>,
    decoder: Decoder,
    intake: Intake,
    escape_due: Option<u64>,
    arrivals: Arrivals,
    keys: Vec<Key>,
    dirty: bool,
    /// The terminal has another size than the last frame.
    resized: bool,
    /// A bell is to be sounded.
    bell: bool,
    /// What the last frame shows that the till does not know of yet.
    showing: Option<(Due, Seen)>,
    exchanges: Exchanges,
    trace: Trace,
    recorder: Option<Recorder>,
    keep_taught: Option<KeepTaught>,
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
            calendar: None,
            decoder,
            intake: Intake::default(),
            escape_due: None,
            arrivals: Arrivals::default(),
            keys: Vec::new(),
            dirty: true,
            resized: false,
            bell: false,
            showing: None,
            exchanges: Exchanges::default(),
            trace: Trace::default(),
            recorder: None,
            keep_taught: None,
        }
    }

    /// The same console, recording everything that happens.
    #[must_use]
    pub fn recorded(mut self, recorder: Option<Recorder>) -> Self {
        self.recorder = recorder;
        self
    }

    /// The same console, its input counted by `intake`.
    #[must_use]
    pub fn fed_by(mut self, intake: Intake) -> Self {
        self.intake = intake;
        self
    }

    /// The same console, which asks `unread` whether the terminal has unread bytes, before a key
    /// that may begin a code acts.
    #[must_use]
    pub fn reading(mut self, unread: Box<dyn Fn() -> bool>) -> Self {
        self.arrivals.unread = unread;
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
        if let Some(end) = self.turn_the_page() {
            return Ok(Some(end));
        }
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
        if let Some(end) = self.turn_the_page() {
            return Ok(Some(end));
        }
        match message {
            Ok(message) => {
                if let Some(end) = self.take(message)? {
                    return Ok(Some(end));
                }
                if let Some(end) = self.take_all()? {
                    return Ok(Some(end));
                }
            }
            Err(RecvTimeoutError::Timeout) => self.arrivals.is_behind = false,
            Err(RecvTimeoutError::Disconnected) => return Ok(Some(End::HungUp)),
        }
        if let Some(end) = self.catch_up()? {
            return Ok(Some(end));
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
        // Once for all changes since the last frame: each one draws everything anew.
        if std::mem::take(&mut self.resized) {
            self.screen.resized()?;
        }
        if std::mem::take(&mut self.bell) {
            self.screen.bell()?;
            if !self.screen.is_free()? {
                return Ok(None);
            }
        }
        if std::mem::take(&mut self.dirty) {
            let seen = self.screen.draw(&self.state)?;
            self.showing = None;
            if shows_less(&self.state, seen) {
                // Before it has reached the terminal: what is not seen must not be paid.
                if let Some(end) = self.tell(seen) {
                    return Ok(Some(end));
                }
            } else if shows_more(&self.state, seen) {
                self.showing = Some((Due::of(&self.state), seen));
            }
            if self.screen.is_free()? {
                return Ok(self.seen());
            }
        }
        Ok(None)
    }

    /// The terminal has the whole last frame: what it offered counts as seen if it still stands.
    fn seen(&mut self) -> Option<End> {
        let (due, seen) = self.showing.take()?;
        if !shows_more(&self.state, seen) || due != Due::of(&self.state) {
            return None;
        }
        self.tell(seen)
    }

    /// Nothing on the screen changes by what is seen of it.
    fn tell(&mut self, seen: Seen) -> Option<End> {
        let dirty = self.dirty;
        let end = self.happened(Event::Seen(seen));
        self.dirty = dirty;
        end
    }

    /// How long nothing can happen by itself.
    fn wait(&self) -> Option<Duration> {
        let due = match (self.state.wake_at, self.escape_due) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        let now = (self.clock)();
        // The bytes that are there will be a message at once.
        let due = if self.arrivals.before.is_some() {
            due.map(|due| due.max(now + READ_WAIT))
        } else {
            due
        };
        let wait = due.map(|due| Duration::from_millis(due.saturating_sub(now)));
        [wait, self.outbox.poll(), self.until_tomorrow()].into_iter().flatten().min()
    }

    /// What has become due meanwhile: a lone Esc, or the state's own time.
    fn due(&mut self) -> Option<End> {
        let now = (self.clock)();
        if self.escape_due.is_some_and(|due| due <= now) {
            let mut keys = std::mem::take(&mut self.keys);
            self.decoder.elapsed(&mut keys);
            self.escape_due = self.decoder.patience().map(|wait| now + wait);
            if let Some(end) = self.press(keys, now) {
                return Some(end);
            }
        }
        if self.state.wake_at.is_some_and(|due| due <= now) && !self.is_code_coming(now) {
            return self.happened(Event::Tick);
        }
        None
    }

    fn take(&mut self, message: Incoming) -> io::Result<Option<End>> {
        Ok(match message {
            Incoming::Input(bytes) => self.input(&bytes, (self.clock)()),
            Incoming::InputAt(bytes, at) => self.input(&bytes, at),
            Incoming::InputLost => {
                self.intake.told();
                self.decoder.reset();
                self.escape_due = None;
                self.happened(Event::InputLost)
            }
            Incoming::Event(event) => self.happened(event),
            Incoming::Articles(catalogue) => self.take_over(catalogue),
            Incoming::Exchange(exchange) => {
                self.exchanges.put(exchange);
                let watched = self.state.is_inspecting();
                watched.then(|| self.happened(Event::Exchanges(self.exchanges.all()))).flatten()
            }
            Incoming::Resized => {
                self.resized = true;
                self.redraw()
            }
            Incoming::Resumed => {
                self.screen.resumed()?;
                self.redraw()
            }
            Incoming::Drained => None,
            Incoming::Terminate(by) => Some(End::Terminated(by)),
            Incoming::HungUp => Some(End::HungUp),
        })
    }

    /// The screen is not what it was: the amount due counts as seen only once it is drawn anew,
    /// also for keys that came along with the news.
    fn redraw(&mut self) -> Option<End> {
        self.dirty = true;
        self.showing = None;
        shows_less(&self.state, Seen::Panels).then(|| self.tell(Seen::Panels)).flatten()
    }
}

impl<S> std::fmt::Debug for Console<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Console").field("state", &self.state).finish_non_exhaustive()
    }
}
