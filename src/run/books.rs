//! The books of a till: which journal belongs to which server, keeping and replaying its records.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rustix::process::{Pid, Signal, kill_process};

use super::Failure;
use super::fold::TillFold;
use crate::cli::Exit;
use crate::config::Config;
use crate::console::{Incoming, Keeper, Keeping};
use crate::journal::{self, Draft, Journal, JournalError, Lost, Mode, Upkeep};
use crate::outside;
use crate::terminal::Intake;
use crate::till::{Change, Event, MissingEnd, Record};

/// How long a console that has the journal may take to end.
const TAKE_OVER: Duration = Duration::from_secs(10);
/// What it is told, and when: that it is taken over; that its terminal is gone; nothing any more.
const PRESSURE: [(Duration, Signal); 3] = [
    (Duration::ZERO, Signal::USR1),
    (Duration::from_secs(3), Signal::HUP),
    (Duration::from_secs(6), Signal::KILL),
];
/// How often it is looked after.
const TAKE_OVER_STEP: Duration = Duration::from_millis(50);

/// Where the books of the configured server are.
#[derive(Debug)]
pub struct Books {
    /// The directory.
    pub dir: PathBuf,
    /// Whether real money moves.
    pub mode: Mode,
    /// What the journal does for itself.
    pub upkeep: Upkeep,
}

/// The books that belong to the configured server: one directory each for the live one, the
/// embedded sandbox and a sandbox elsewhere, because a sale is only known where it was made.
#[must_use]
pub fn of(config: &Config) -> Books {
    let (name, mode) = match &config.api {
        None => ("embedded", Mode::Sandbox),
        // Plain http is allowed to this machine alone, where no live server is.
        Some(api) if api.url.trim_start().to_ascii_lowercase().starts_with("http://") => {
            ("sandbox", Mode::Sandbox)
        }
        Some(_) => ("live", Mode::Live),
    };
    Books { dir: config.state_dir.join(name), mode, upkeep: config.upkeep }
}

impl Books {
    /// Opens the journal for this console alone.
    pub(super) fn open(
        &self,
        report: impl Fn(Incoming) + Send + 'static,
    ) -> Result<(Journal, TillFold), Failure> {
        let lost = move |lost: Lost| {
            report(Incoming::Event(Event::JournalFailed(lost.error.to_string())));
        };
        Journal::open_folded(&self.dir, self.mode, TillFold::default(), self.upkeep, lost)
            .map_err(|error| failure(&error))
    }

    /// As [`Self::open`], but a console that still has the journal is told to park its sale and
    /// end: on a kiosk's line that broke, it may not notice for a while. One that does not react is
    /// killed: its sale is in the journal.
    pub(super) fn take_over(
        &self,
        report: impl Fn(Incoming) + Clone + Send + 'static,
        intake: &Intake,
    ) -> Result<(Journal, TillFold), Failure> {
        let until = Instant::now() + TAKE_OVER;
        let (mut seen, mut told) = (None, Holder::default());
        loop {
            let waits = Instant::now() < until && !intake.is_ending();
            let holder = match Journal::holder(&self.dir, self.mode) {
                Some(holder) if waits => holder,
                _ => return self.open(report),
            };
            // The number is written after the lock is taken: one that was read twice is not that
            // of the holder before.
            if seen == Some(holder) {
                told.press(holder, Instant::now());
            }
            seen = Some(holder);
            thread::sleep(TAKE_OVER_STEP);
        }
    }
}

/// The console that has the journal, and how it was told to end.
#[derive(Default)]
struct Holder {
    pid: Option<Pid>,
    since: Option<Instant>,
    steps: usize,
}

impl Holder {
    /// Tells `pid` to end, first by words that it can pass on, then harder.
    fn press(&mut self, pid: Pid, now: Instant) {
        if self.pid != Some(pid) {
            *self = Self { pid: Some(pid), ..Self::default() };
        }
        let waited = now.duration_since(*self.since.get_or_insert(now));
        let Some((after, signal)) = PRESSURE.get(self.steps) else { return };
        if waited < *after || (*signal == Signal::KILL && !is_console(pid)) {
            return;
        }
        self.steps += 1;
        // One that has just ended by itself is what is wanted. One that was stopped has to go on
        // to hear it.
        let _ = kill_process(pid, *signal);
        let _ = kill_process(pid, Signal::CONT);
    }
}

/// Whether `pid` is a process of this very program: what is killed must not be a guess.
fn is_console(pid: Pid) -> bool {
    let program = |of: &str| outside::read(Path::new(&format!("/proc/{of}/comm")), 64).ok();
    let own = program("self");
    own.is_some() && own == program(&pid.as_raw_nonzero().to_string())
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

/// `record` as the journal keeps it, made at `at`, to the millisecond.
///
/// # Errors
/// It cannot be written as JSON.
pub fn draft(record: Record, at: Timestamp) -> Result<Draft, String> {
    let Record { sale, change } = record;
    Ok(Draft {
        at: format!("{at:.3}"),
        sale,
        kind: change.kind().to_owned(),
        finishes: change.finishes(),
        body: serde_json::to_value(&change).map_err(|error| error.to_string())?,
    })
}

impl Keeper for JournalKeeper {
    fn keep(&mut self, record: Record) -> Result<(), String> {
        let durable = record.change.is_durable();
        let draft = draft(record, Timestamp::now())?;
        let kept = if durable { self.0.append_durable(vec![draft]) } else { self.0.append(draft) };
        kept.map_err(|error| error.to_string())
    }

    fn begin(&mut self, record: Record) -> Keeping {
        if let Change::EndAccepted(_) = record.change {
            self.0.accept_end();
        }
        let begun = draft(record, Timestamp::now())
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::os::unix::process::ExitStatusExt;
    use std::process::{Child, Command};

    use super::*;

    /// A process that hears neither of the first two signals, under the name of `program`.
    fn deaf(program: &std::path::Path) -> Child {
        let script = "trap '' USR1 HUP; exec \"$1\" 60";
        let child = Command::new("sh").args(["-c", script, "sh"]).arg(program).spawn().unwrap();
        let comm = format!("/proc/{}/comm", child.id());
        let name = program.file_name().unwrap().to_str().unwrap();
        while !std::fs::read_to_string(&comm).unwrap().trim().starts_with(&name[..4]) {
            thread::sleep(Duration::from_millis(5));
        }
        child
    }

    #[test]
    fn a_console_that_hears_nothing_is_killed_in_the_end_and_nobody_else_is() {
        let dir = tempfile::tempdir().unwrap();
        let own = std::fs::read_to_string("/proc/self/comm").unwrap();
        for (name, killed) in [(own.trim(), true), ("other", false)] {
            let program = dir.path().join(name);
            std::fs::copy("/bin/sleep", &program).unwrap();
            let mut child = deaf(&program);
            let (pid, start) = (Pid::from_child(&child), Instant::now());
            let mut holder = Holder::default();
            for (after, signal) in PRESSURE {
                holder.press(pid, start + after);
                if signal != Signal::KILL {
                    assert!(child.try_wait().unwrap().is_none(), "{name} hears {signal:?}");
                }
            }
            if killed {
                let status = child.wait().unwrap();
                assert_eq!(status.signal(), Some(Signal::KILL.as_raw()));
            } else {
                thread::sleep(Duration::from_millis(50));
                assert!(child.try_wait().unwrap().is_none(), "a guess was killed");
                child.kill().unwrap();
                child.wait().unwrap();
            }
        }
    }
}
