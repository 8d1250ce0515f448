//! The books of a till: which journal belongs to which server, keeping and replaying its records.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rustix::process::{Pid, Signal, kill_process};

use super::Failure;
use crate::cli::Exit;
use crate::config::Config;
use crate::console::{Incoming, Keeper, Keeping};
use crate::journal::{self, Draft, Journal, JournalError, Lost, Mode, Reader};
use crate::outside;
use crate::terminal::Intake;
use crate::till::{self, Change, Event, Finished, HistoryPage, MissingEnd, Record, Replay, State};
use crate::worker::PastSales;

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
        report: impl Fn(Incoming) + Send + 'static,
    ) -> Result<Journal, Failure> {
        let lost = move |lost: Lost| {
            report(Incoming::Event(Event::JournalFailed(lost.error.to_string())));
        };
        Journal::open(&self.dir, self.mode, lost).map_err(|error| failure(&error))
    }

    /// As [`Self::open`], but a console that still has the journal is told to park its sale and
    /// end: on a kiosk's line that broke, it may not notice for a while. One that does not react is
    /// killed: its sale is in the journal.
    pub(super) fn take_over(
        &self,
        report: impl Fn(Incoming) + Clone + Send + 'static,
        intake: &Intake,
    ) -> Result<Journal, Failure> {
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

/// The paid sales that the journal has.
pub(super) struct Past {
    dir: PathBuf,
    mode: Mode,
}

impl Books {
    /// The paid sales in these books, read beside the console that writes.
    pub(super) fn past(&self) -> Past {
        Past { dir: self.dir.clone(), mode: self.mode }
    }
}

impl Past {
    fn reader(&self) -> Result<Reader, String> {
        Journal::read_only(&self.dir, self.mode).map_err(|error| error.to_string())
    }
}

impl PastSales for Past {
    fn page(&self, before: Option<i64>, limit: usize) -> Result<HistoryPage, String> {
        let reader = self.reader()?;
        let numbers = finished_sales(&reader, before, limit.saturating_add(1))?;
        let more = numbers.len() > limit;
        let mut sales = Vec::new();
        for (number, reference) in numbers.into_iter().take(limit) {
            let sale = finished_sale(&reader, &reference)?;
            sales.extend(sale.map(|sale| (number, sale)));
        }
        Ok(HistoryPage { sales, more })
    }

    fn find(&self, id: &str, reference: &str) -> Result<Option<Finished>, String> {
        let reader = self.reader()?;
        let mut reference = reference;
        loop {
            match finished_sale(&reader, reference)?.filter(|sale| sale.id == id) {
                Some(sale) => return Ok(Some(sale)),
                // Later transactions of one sale have the number of the attempt behind its
                // reference.
                None => match reference.rsplit_once('-') {
                    Some((shorter, _)) => reference = shorter,
                    None => return Ok(None),
                },
            }
        }
    }
}

/// The sales that were paid before entry `before`, the newest first, each with the number of the
/// entry that says so; at most `limit`.
fn finished_sales(
    reader: &Reader,
    before: Option<i64>,
    limit: usize,
) -> Result<Vec<(i64, String)>, String> {
    let mut found = VecDeque::new();
    let read = reader.for_each(1, |entry| {
        if entry.kind == "paid" && before.is_none_or(|before| entry.seq < before) {
            found.push_front((entry.seq, entry.sale));
            found.truncate(limit);
        }
        Ok::<(), JournalError>(())
    });
    read.map_err(|error| error.to_string())?;
    Ok(found.into())
}

/// The paid sale with this reference; `None`: it is not paid, or there is none.
fn finished_sale(reader: &Reader, reference: &str) -> Result<Option<Finished>, String> {
    let entries = reader.entries_of(reference).map_err(|error| error.to_string())?;
    let changes = entries.into_iter().map(|entry| serde_json::from_value(entry.body));
    let changes = changes.collect::<Result<Vec<Change>, _>>().map_err(|error| error.to_string())?;
    Ok(till::finished(reference, changes))
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

/// Puts back what the journal says into a fresh state.
pub(super) fn replay(reader: &Reader, state: &mut State) -> Result<(), Failure> {
    let mut replay = Replay::default();
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
        replay.record(entry.seq, Record { sale: entry.sale, change });
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::os::unix::process::ExitStatusExt;
    use std::process::{Child, Command};

    use serde_json::json;

    use super::*;

    /// Records of a sale that is paid, as the till tells them.
    fn paid(reference: &str, id: &str) -> Vec<Record> {
        let changes = json!([
            {"line": {"number": "7", "name": "Pen", "quantity": 1, "price": 150, "vat": 19}},
            {"head": {"revision": 2, "remote": {"id": id, "synced": 2}, "stage": {"paying":
                {"method": "cash", "due": 150, "given": 200, "call": 3, "since": 4}}}},
            {"head": {"revision": 2, "stage": {"done": {"id": id, "booked": "2026-01-02"}}}},
        ]);
        let changes: Vec<Change> = serde_json::from_value(changes).unwrap();
        changes.into_iter().map(|change| Record { sale: reference.to_owned(), change }).collect()
    }

    #[test]
    fn paid_sales_are_read_from_the_journal_beside_its_writer() {
        let dir = tempfile::tempdir().unwrap();
        let books = Books { dir: dir.path().to_owned(), mode: Mode::Sandbox };
        let past = books.past();
        assert!(past.page(None, 2).is_err(), "there is no journal");
        let mut keeper = JournalKeeper(books.open(|_| ()).unwrap());
        for number in 1..=5 {
            for record in paid(&format!("run-{number}"), &format!("STX_{number}")) {
                keeper.keep(record).unwrap();
            }
        }
        let first = past.page(None, 2).unwrap();
        let ids = |page: &HistoryPage| -> Vec<String> {
            page.sales.iter().map(|(_, sale)| sale.id.clone()).collect()
        };
        assert_eq!((ids(&first), first.more), (vec!["STX_5".into(), "STX_4".into()], true));
        let rest = past.page(first.sales.last().map(|(number, _)| *number), 3).unwrap();
        assert_eq!(ids(&rest), ["STX_3", "STX_2", "STX_1"]);
        assert!(!rest.more);
        let (_, oldest) = rest.sales.last().unwrap();
        assert_eq!((oldest.basket.sum().minor(), oldest.payment.change().minor()), (150, 50));
        let found = |id, reference| past.find(id, reference).unwrap().map(|sale| sale.reference);
        assert_eq!(found("STX_2", "run-2").as_deref(), Some("run-2"));
        assert_eq!(found("STX_2", "run-2-1").as_deref(), Some("run-2"), "a later attempt");
        assert_eq!(found("STX_2", "run-3"), None);
        assert_eq!(found("STX_9", "other-7"), None);
    }

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
