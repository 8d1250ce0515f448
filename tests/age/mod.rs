//! A till that has sold for years, in minutes: its journal, made through the real code.
//!
//! Real: `till::update` with its settings, the records, the journal with its writer, the sandbox's
//! books. Not real: the clock, the keyboard, and that nobody waits for the disk. The same plan gives
//! the same sales at the same times.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod cashier;
mod server;
mod shop;
mod till;

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use jiff::SignedDuration;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use kasse::config::{Sources, load};
use kasse::journal::{Journal, JournalError, Upkeep};
use kasse::run::{self, Books, TillFold};
use kasse::shop::demo_catalogue;
use kasse::till::State;
use rusqlite::{Connection, OpenFlags};

use till::Till;

/// How long a night is at most.
const LONGEST_REST: Duration = Duration::from_secs(20);

/// What is made.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// At least so many finished sales.
    pub sales: u64,
    /// What the choices follow from.
    pub seed: u64,
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Aged {
    /// Finished sales.
    pub sales: u64,
    /// Entries in the journal.
    pub entries: u64,
    /// Days on which something was sold.
    pub days: u64,
}

/// The books of the embedded sandbox with the state directory `dir`.
pub fn books(dir: &Path) -> Books {
    let env = vec![("KASSE_STATE_DIR".into(), dir.into())];
    let sources = Sources { env, ..Sources::default() };
    run::books(&load(&sources).expect("the defaults are right").config)
}

/// Lets a till sell, with the state directory `dir`; `progress` is told after each day. Returns the
/// state in which the till was left, too.
///
/// # Errors
/// The journal cannot be written, or has entries already.
pub fn age(
    dir: &Path,
    plan: Plan,
    mut progress: impl FnMut(Aged),
) -> Result<(Aged, State), JournalError> {
    let settings = load(&Sources { state_home: Some(dir.to_owned()), ..Sources::default() })
        .expect("the defaults are right")
        .config
        .settings(demo_catalogue());
    let articles: Vec<String> = settings
        .catalogue
        .iter()
        .map(|article| article.eans.into_iter().next().unwrap_or(article.number))
        .collect();
    let books = books(dir);
    let lost = |lost: kasse::journal::Lost| panic!("lost: {}", lost.error);
    let (journal, _) =
        Journal::open_folded(&books.dir, books.mode, TillFold::default(), books.upkeep, lost)?;
    let mut day = shop::first_day(plan.sales);
    let morning = |day: jiff::civil::Date| {
        TimeZone::UTC
            .to_timestamp(DateTime::from(day).saturating_add(SignedDuration::from_mins(330)))
    };
    let mut till = Till::new(journal, books.past(), settings, morning(day).unwrap(), plan.seed);
    let mut aged = Aged { sales: 0, entries: 0, days: 0 };
    while till.finished < plan.sales {
        let customers = shop::customers(day, &mut till.rng);
        if customers > 0 {
            till.boot(morning(day).unwrap());
            for _ in 0..customers.min(plan.sales - till.finished) {
                let pause = till.rng.between(20_000, 200_000);
                till.wait(pause);
                cashier::serve(&mut till, &articles);
            }
            till.flush()?;
            rest(till.journal(), &books.upkeep);
            aged = Aged { sales: till.finished, entries: till.entries, days: aged.days + 1 };
            progress(aged);
        }
        day = day.tomorrow().unwrap();
    }
    Ok((aged, till.state))
}

/// Nobody sells at night: lets the journal move what is due to archives. Where it moves nothing, that
/// is not waited for long.
fn rest(file: &Path, upkeep: &Upkeep) {
    let used = || -> rusqlite::Result<u64> {
        let file = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let number = |pragma| file.pragma_query_value(None, pragma, |row| row.get::<_, u32>(0));
        let pages = number("page_count")? - number("freelist_count")?;
        Ok(u64::from(pages) * u64::from(number("page_size")?))
    };
    if used().is_ok_and(|used| used < upkeep.archive_bytes + upkeep.archive_bytes / 4) {
        return;
    }
    let since = Instant::now();
    while since.elapsed() < LONGEST_REST && !used().is_ok_and(|used| used < upkeep.archive_bytes) {
        thread::sleep(Duration::from_millis(50));
    }
}

/// The bytes of all files below `dir`.
pub fn size(dir: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(dir) else { return 0 };
    let sizes = entries.flatten().map(|entry| match entry.metadata() {
        Ok(about) if about.is_dir() => size(&entry.path()),
        Ok(about) => about.len(),
        Err(_) => 0,
    });
    sizes.sum()
}
