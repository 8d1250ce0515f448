//! The books of a till: which journal belongs to which server, keeping and replaying its records.

use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rustix::process::{Signal, kill_process};

use super::Failure;
use crate::cli::Exit;
use crate::config::Config;
use crate::console::{Keeper, Keeping, Message};
use crate::journal::{self, Draft, Journal, JournalError, Lost, Mode, Reader};
use crate::till::{Change, Event, MissingEnd, Record, Replay, State};

/// How long a console that has the journal may take to end.
const TAKE_OVER: Duration = Duration::from_secs(10);
/// How often it is looked after.
const TAKE_OVER_STEP: Duration = Duration::from_millis(50);

/// Where the books of the configured server are.
pub(super) struct Books {
    /// The directory.
    pub dir: PathBuf,
    /// Whether real money moves.
    pub mode: Mode,
}

/// The books that belong to the configured server: one directory each for the live one, the
/// embedded sandbox and a sandbox elsewhere, because a sale is only known where it was made.
pub(super) fn of(config: &Config) -> Books {
    let (name, mode) = match &config.api {
        None => ("embedded", Mode::Sandbox),
        // Plain http is allowed to this machine alone, where no live server is.
        Some(api) if api.url.trim_start().to_ascii_lowercase().starts_with("http://") => {
            ("sandbox", Mode::Sandbox)
        }
        Some(_) => ("live", Mode::Live),
    };
    Books { dir: config.state_dir.join(name), mode }
}

impl Books {
    /// Opens the journal for this console alone.
    pub(super) fn open(
        &self,
        report: impl Fn(Message) + Send + 'static,
    ) -> Result<Journal, Failure> {
        let lost = move |lost: Lost| {
            report(Message::Event(Event::JournalFailed(lost.error.to_string())));
        };
        Journal::open(&self.dir, self.mode, lost).map_err(|error| failure(&error))
    }

    /// As [`Self::open`], but a console that still has the journal is told to park its sale and
    /// end: on a kiosk's line that broke, it may not know for a while that nobody is there.
    pub(super) fn take_over(
        &self,
        report: impl Fn(Message) + Clone + Send + 'static,
    ) -> Result<Journal, Failure> {
        let until = Instant::now() + TAKE_OVER;
        let (mut seen, mut told) = (None, None);
        loop {
            let holder = match Journal::holder(&self.dir, self.mode) {
                Some(holder) if Instant::now() < until => holder,
                _ => return self.open(report),
            };
            // The number is written after the lock is taken: one that was read twice is not that
            // of the holder before.
            if seen == Some(holder) && told != seen {
                // One that has just ended by itself is what is wanted.
                let _ = kill_process(holder, Signal::HUP);
                told = seen;
            }
            seen = Some(holder);
            thread::sleep(TAKE_OVER_STEP);
        }
    }
}

/// Puts back what the journal says into a fresh state.
pub(super) fn replay(reader: &Reader, state: &mut State) -> Result<(), Failure> {
    let mut replay = Replay::new(state.now);
    reader.for_each_verified(|entry| {
        let change = serde_json::from_value(entry.body).map_err(|error| {
            Failure::new(
                Exit::State,
                format!(
                    "entry {} of the journal cannot be read: {error}\n\
                     `kasse journal verify` tells whether it was changed. Nothing was sold.",
                    entry.seq
                ),
            )
        })?;
        replay.record(Record { sale: entry.sale, change });
        Ok::<(), Failure>(())
    })?;
    replay.into_state(state);
    Ok(())
}

impl From<JournalError> for Failure {
    fn from(error: JournalError) -> Self {
        failure(&error)
    }
}

pub(super) fn failure(error: &JournalError) -> Failure {
    Failure::new(Exit::State, format!("the journal: {error}\nNothing is sold without it."))
}

/// As the till asks about it.
pub(super) fn missing_end(missing: &journal::MissingEnd) -> MissingEnd {
    let journal::MissingEnd { found, noted, at } = missing.clone();
    MissingEnd { found, noted, at }
}

/// Keeps records in the journal.
pub(super) struct JournalKeeper(pub Journal);

fn draft(record: Record) -> Result<Draft, String> {
    let Record { sale, change } = record;
    Ok(Draft {
        at: Timestamp::now().to_string(),
        sale,
        kind: change.kind().to_owned(),
        body: serde_json::to_value(&change).map_err(|error| error.to_string())?,
    })
}

impl Keeper for JournalKeeper {
    fn keep(&mut self, record: Record) -> Result<(), String> {
        let durable = record.change.is_durable();
        let draft = draft(record)?;
        let kept = if durable { self.0.append_durable(vec![draft]) } else { self.0.append(draft) };
        kept.map_err(|error| error.to_string())
    }

    fn begin(&mut self, record: Record) -> Keeping {
        if let Change::EndAccepted(_) = record.change {
            self.0.accept_end();
        }
        let begun = draft(record)
            .and_then(|draft| self.0.append_later(vec![draft]).map_err(|error| error.to_string()));
        match begun {
            Ok(appending) => Keeping::new(move |patience| {
                let ended = appending.wait_for(patience)?;
                Some(ended.map_err(|error| error.to_string()))
            }),
            Err(reason) => Keeping::ended(Err(reason)),
        }
    }
}
