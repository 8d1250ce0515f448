//! One till on a fast clock: the real `update`, its records in the real journal.

use std::collections::VecDeque;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use kasse::journal::{Journal, JournalError};
use kasse::run::{self, Past};
use kasse::till::{
    Answer, Call, Effect, Event, Key, Record, Replay, ServerKind, Settings, State, update,
};
use kasse::wire::Outcome;
use kasse::worker::PastSales;
use uuid::Uuid;

use super::server::Server;
use crate::sim::cashier::keys;
use crate::sim::rng::Rng;

pub struct Till {
    pub state: State,
    pub settings: Settings,
    pub rng: Rng,
    /// Entries so far.
    pub entries: u64,
    /// Sales finished so far.
    pub finished: u64,
    journal: Journal,
    past: Past,
    server: Server,
    replay: Replay,
    /// When the program was started, and how long it has been running, ms.
    booted: Timestamp,
    now: u64,
    failure: Option<JournalError>,
}

impl Till {
    pub fn new(
        journal: Journal,
        past: Past,
        settings: Settings,
        start: Timestamp,
        seed: u64,
    ) -> Self {
        Self {
            state: State::new("none", ServerKind::Sandbox, 0),
            settings,
            rng: Rng::new(seed),
            entries: 0,
            finished: 0,
            journal,
            past,
            server: Server::new(start, seed),
            replay: Replay::default(),
            booted: start,
            now: 0,
            failure: None,
        }
    }

    /// Switched on in the morning: goes on where the journal ended.
    pub fn boot(&mut self, at: Timestamp) {
        (self.booted, self.now) = (at, 0);
        let random: [u8; 10] = std::array::from_fn(|_| self.rng.number().to_le_bytes()[0]);
        let millis = u64::try_from(at.as_millisecond()).unwrap();
        let session = uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid();
        self.state = State::new(Uuid::simple(session).to_string(), ServerKind::Sandbox, 0);
        self.replay.clone().into_state(&mut self.state);
        self.event(Event::Started);
    }

    /// The time of the shop's clock.
    pub fn time(&self) -> Timestamp {
        self.booted + SignedDuration::from_millis(i64::try_from(self.now).unwrap())
    }

    /// Lets time pass.
    pub fn wait(&mut self, ms: u64) {
        let until = self.now + ms;
        while let Some(due) = self.state.wake_at.filter(|due| *due <= until) {
            self.now = self.now.max(due);
            self.event(Event::Tick);
            assert!(self.state.wake_at != Some(due), "woken for nothing at {due}");
        }
        self.now = self.now.max(until);
    }

    /// Presses keys as a person does, with a look at the screen before each.
    pub fn press(&mut self, script: &str) {
        for key in keys(script) {
            let pause = self.rng.between(200, 450);
            self.key(key, pause);
        }
        self.wait(300);
    }

    /// A scanner or a reader sends `code`.
    pub fn scan(&mut self, code: &str) {
        for key in code.chars().map(Key::Char).chain([Key::Enter]) {
            self.key(key, 2);
        }
        self.wait(300);
    }

    /// Waits until everything is on the disk.
    pub fn flush(&mut self) -> Result<(), JournalError> {
        match self.failure.take() {
            Some(error) => Err(error),
            None => self.journal.flush(),
        }
    }

    /// The journal's file.
    pub fn journal(&self) -> &Path {
        self.journal.path()
    }

    fn key(&mut self, key: Key, pause: u64) {
        self.wait(pause);
        self.event(Event::Key(key));
    }

    /// What the console's loop does with an event, without waiting for the disk.
    fn event(&mut self, event: Event) {
        self.unseen(event);
        if !self.state.due_shown {
            self.unseen(Event::Shown);
        }
    }

    fn unseen(&mut self, event: Event) {
        let mut events = VecDeque::from([event]);
        while let Some(event) = events.pop_front() {
            for effect in update(&mut self.state, event, self.now, &self.settings) {
                match effect {
                    Effect::Record(record) => self.keep(record),
                    Effect::Call(id, call) => {
                        self.now += match call {
                            Call::Start(..) => self.rng.between(300, 9_000),
                            _ => self.rng.between(20, 90),
                        };
                        let outcome = match self.look_up(&call) {
                            Some(answer) => Outcome::Ok(answer),
                            None => self.server.take(&call, self.time()),
                        };
                        events.push_back(Event::answer(id, outcome));
                    }
                    Effect::Bell => {}
                    other => panic!("this cashier never causes {other:?}"),
                }
            }
        }
    }

    /// What the journal answers; `None`: the call is for the server.
    fn look_up(&self, call: &Call) -> Option<Answer> {
        let Call::History { before, limit } = call else { return None };
        self.journal.flush().expect("the journal is written");
        Some(self.past.page(*before, *limit).expect("the journal is read").into())
    }

    fn keep(&mut self, record: Record) {
        self.entries += 1;
        self.finished += u64::from(record.change.finishes());
        // The system's clock tells nanoseconds.
        let nanos = i64::try_from(self.rng.between(0, 999_999)).unwrap();
        let at = self.time() + SignedDuration::from_nanos(nanos);
        let draft = run::draft(record.clone(), at).expect("a record can be written down");
        self.replay.record(i64::try_from(self.entries).unwrap(), record);
        if let Err(error) = self.journal.append(draft) {
            self.failure.get_or_insert(error);
        }
    }
}
