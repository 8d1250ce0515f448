//! Real tills under faults, kills and random keys, with the books compared after each round.
//!
//! One sandbox process with its file, two consoles on terminals with state directories of their
//! own, the same cards. In a round all of them are disturbed at random; then everything is mended,
//! the tills settle what is open within a time limit, and journals, ledger and screens must say the
//! same. Every few rounds a state directory is copied in the middle of a round and started again
//! after it, as a backup would be. A chapter is so many rounds on the same books; the sandbox
//! forgets the oldest of larger ones. Choices follow from the seed; the machine's timing does not.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    dead_code
)]

pub mod books;
pub mod cashier;
mod counts;
pub mod disturb;
mod till;
mod trace;

use std::any::Any;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, ScopedJoinHandle};
use std::time::{Duration, Instant};

use kasse::sandbox::Fixtures;

use books::{Books, Finding};
use cashier::Dice;
pub use counts::Counts;
use disturb::Shop;
use till::{Manner, Till, WAITS};
use trace::Trace;

/// A new chapter begins when the sandbox knows more transactions: it keeps 2,000, and 4,000 bookings.
const MOST_TRANSACTIONS: usize = 900;
/// Every so many rounds a state directory is copied and started again later.
const BACKUP_EVERY: u64 = 3;
/// How long a restored backup sells.
const RESTORED: Duration = Duration::from_secs(4);

/// What is run.
#[allow(clippy::struct_excessive_bools, reason = "each is a choice of its own")]
pub struct Plan {
    pub seed: u64,
    /// No round begins later than this after the begin.
    pub time: Duration,
    /// At most so many rounds.
    pub rounds: u64,
    /// How long a round disturbs before everything is mended.
    pub action: Duration,
    /// How long a till may take to settle.
    pub patience: Duration,
    /// Settling tills ask more often than by themselves.
    pub hurried: bool,
    /// The faults that are switched at random.
    pub faults: Vec<&'static str>,
    pub backups: bool,
    /// At the end of a chapter the sandbox loses its books; the cashier ends a cancellation there.
    pub forgets: bool,
    /// Goes on with new books after a difference.
    pub keep_going: bool,
    /// Where traces are written.
    pub dir: PathBuf,
}

/// What came of it.
pub struct Outcome {
    pub counts: Counts,
    /// Each with the directory that keeps its trace.
    pub differences: Vec<(Finding, PathBuf)>,
}

/// Runs the plan; `tell` hears a line per round.
pub fn run(plan: &Plan, mut tell: impl FnMut(&str)) -> Outcome {
    let (begun, mut dice) = (Instant::now(), Dice::new(plan.seed));
    let mut outcome = Outcome { counts: Counts::default(), differences: Vec::new() };
    let mut round = 0;
    let goes_on = |round: u64| round < plan.rounds && begun.elapsed() < plan.time;
    while goes_on(round) {
        let dir = plan.dir.join(format!("seed-{}-round-{}", plan.seed, round + 1));
        let trace = Trace::new(&dir).unwrap();
        let mut chapter = Chapter::begin();
        let mut finding = None;
        while goes_on(round) && finding.is_none() && !chapter.is_full {
            round += 1;
            let mut counts = Counts::default();
            let begun = Instant::now();
            finding = chapter.round(plan, round, &mut dice, &trace, &mut counts).err();
            let verdict = if finding.is_none() { "books agree" } else { "DIFFERENCE" };
            tell(&line(round, &counts, begun.elapsed(), verdict));
            outcome.counts.merge(&counts);
        }
        if finding.is_none() && plan.forgets {
            let mut counts = Counts::default();
            finding = chapter.forgotten(plan, &trace, &mut counts).err();
            outcome.counts.merge(&counts);
        }
        outcome.counts.add("chapters");
        match finding {
            Some(finding) => {
                chapter.keep(&finding, &trace);
                outcome.differences.push((finding, dir));
                if !plan.keep_going {
                    break;
                }
            }
            None => fs::remove_dir_all(&dir).unwrap(),
        }
    }
    outcome.counts.add_many("rounds", usize::try_from(round).unwrap());
    outcome
}

fn line(round: u64, counts: &Counts, took: Duration, verdict: &str) -> String {
    let of = |what| counts.of(what);
    format!(
        "round {round}: {} sold, {} cancelled, {} top-ups, {} unknown resolved; {} faults on, {} \
         counted hits; {} kills, {} TERM, {} HUP or lost lines, {} ends by keys; sandbox {} kills, \
         {} restarts, {} standstills; {:.0} s: {verdict}",
        of("sales"),
        of("cancelled"),
        of("top-ups"),
        of("unknown outcomes"),
        counts.all("on "),
        counts.all("hit "),
        of("killed"),
        of("ended by TERM"),
        of("ended by HUP") + of("hung up"),
        of("left by its keys"),
        of("sandbox killed"),
        of("sandbox restarted"),
        of("sandbox stood still"),
        took.as_secs_f64(),
    )
}

/// Rounds on the same books.
struct Chapter {
    shop: Shop,
    tills: Vec<Till>,
    /// Journals of restored backups.
    retired: Vec<Books>,
    /// What the books said after the last round.
    told: Counts,
    is_full: bool,
}

impl Chapter {
    fn begin() -> Self {
        let shop = Shop::open();
        let tills = ["till-1", "till-2"].map(|name| Till::new(name, &shop.url()));
        let (told, retired) = (Counts::default(), Vec::new());
        Self { shop, tills: tills.into(), retired, told, is_full: false }
    }

    fn round(
        &mut self,
        plan: &Plan,
        round: u64,
        dice: &mut Dice,
        trace: &Trace,
        counts: &mut Counts,
    ) -> Result<(), Finding> {
        trace.line("driver", format_args!("round {round}"));
        let backs_up = plan.backups && round.is_multiple_of(BACKUP_EVERY);
        let backup = self.act(plan, backs_up, dice, trace, counts)?;
        self.shop.mend(trace, counts);
        let manner = if plan.hurried { Manner::Hurried } else { Manner::Patient };
        self.settle(plan, manner, trace, counts)?;
        self.compare(trace, counts)?;
        if let Some(backup) = backup {
            counts.add("backups restored");
            trace.line("driver", format_args!("the copy of {} is started", self.tills[0].name));
            let (stop, mut dice) = (AtomicBool::new(false), dice.fork());
            thread::scope(|scope| {
                let lives = scope.spawn(|| backup.live(&stop, &mut dice, trace));
                disturb::pausing(RESTORED, &AtomicBool::new(false));
                stop.store(true, Ordering::SeqCst);
                counts.merge(&joined(lives)?);
                caught(|| backup.settle(plan.patience, Manner::Hurried, trace, counts))
            })
            .or_else(|finding| {
                // A copy may know too little to decide what became of a sale that went on without
                // it: asking for ever is right then, paying it again is not.
                counts.add("backups that wait for ever");
                if finding.contains(WAITS) { Ok(()) } else { Err(finding) }
            })?;
            let books = backup.books()?;
            self.retired.extend(books);
            let verdict = self.compare(trace, counts);
            if verdict.is_err() {
                trace.keep(backup.home().path(), &backup.name);
            }
            verdict?;
        }
        Ok(())
    }

    /// Everything at once, until the time is over. Gives a copy of the first till from the middle.
    fn act(
        &mut self,
        plan: &Plan,
        backs_up: bool,
        dice: &mut Dice,
        trace: &Trace,
        counts: &mut Counts,
    ) -> Result<Option<Till>, Finding> {
        let (stop, half) = (AtomicBool::new(false), AtomicBool::new(!backs_up));
        let (sandbox, tills) = (&mut self.shop, &self.tills);
        let url = sandbox.url();
        thread::scope(|scope| {
            let (mut first, mut second, mut third) = (dice.fork(), dice.fork(), dice.fork());
            let (stop, half, url) = (&stop, &half, &url);
            let one = scope.spawn(move || {
                let mut counts = tills[0].live(half, &mut first, trace)?;
                let backup = if backs_up { Some(tills[0].cloned("backup", url)?) } else { None };
                counts.merge(&tills[0].live(stop, &mut first, trace)?);
                Ok((counts, backup))
            });
            let two = scope.spawn(move || tills[1].live(stop, &mut second, trace));
            let disturbs =
                scope.spawn(move || Ok(sandbox.disturb(&plan.faults, stop, &mut third, trace)));
            disturb::pausing(plan.action / 2, stop);
            half.store(true, Ordering::SeqCst);
            disturb::pausing(plan.action / 2, stop);
            stop.store(true, Ordering::SeqCst);
            let (one, two, disturbs) = (joined(one), joined(two), joined(disturbs));
            let (lived, backup) = one?;
            counts.merge(&lived);
            counts.merge(&two?);
            counts.merge(&disturbs?);
            Ok(backup)
        })
    }

    fn settle(
        &self,
        plan: &Plan,
        manner: Manner,
        trace: &Trace,
        counts: &mut Counts,
    ) -> Result<(), Finding> {
        thread::scope(|scope| {
            let settles: Vec<_> = self
                .tills
                .iter()
                .map(|till| {
                    scope.spawn(move || {
                        let mut counts = Counts::default();
                        till.settle(plan.patience, manner, trace, &mut counts).map(|()| counts)
                    })
                })
                .collect();
            let all: Vec<_> = settles.into_iter().map(joined).collect();
            for settled in all {
                counts.merge(&settled?);
            }
            Ok(())
        })
    }

    /// The sandbox starts anew with empty books, and each till cancels its newest sale there. The
    /// server cannot tell what became of it: the cancellation stays open until the cashier decides.
    fn forgotten(
        &mut self,
        plan: &Plan,
        trace: &Trace,
        counts: &mut Counts,
    ) -> Result<(), Finding> {
        self.shop.forget(trace);
        counts.add("sandbox lost its books");
        for till in &self.tills {
            caught(|| {
                till.cancel_newest(trace);
                Ok(())
            })?;
        }
        self.settle(plan, Manner::Deciding, trace, counts)
            .map_err(|finding| format!("after the server lost its books: {finding}"))?;
        for till in &self.tills {
            let decided = till.books()?.map_or(0, |books| books.perhaps_cancelled.len());
            counts.add_many("cancellations left open and decided", decided);
        }
        Ok(())
    }

    /// Journals, ledger and balances, with everything at rest.
    fn compare(&mut self, trace: &Trace, counts: &mut Counts) -> Result<(), Finding> {
        let ledger = self.shop.ledger()?;
        let mut all = Vec::new();
        for till in &self.tills {
            all.extend(till.books()?);
        }
        let live = all.len();
        all.append(&mut self.retired);
        let verdict = compared(&all, &ledger);
        let mut told = Counts::default();
        for books in &all {
            told.add_many("sales", books.paid.len());
            told.add_many("cancelled", books.cancelled.len() + books.cancelled_others.len());
            told.add_many("unknown outcomes", books.doubted.len());
            told.add_many("written off by decision", books.written_off.len());
            let top_ups = books.paid.values().filter(|done| done.basket.has_top_up());
            told.add_many("top-ups", top_ups.count());
        }
        let orphans: usize = all.iter().map(|books| books::orphans(books, &ledger)).sum();
        told.add_many("unpaid transactions forgotten at the server", orphans);
        counts.merge(&told.since(&self.told));
        self.told = told;
        self.retired = all.split_off(live);
        let transactions = ledger.transactions().len();
        self.is_full = transactions > MOST_TRANSACTIONS;
        trace.line("driver", format_args!("{transactions} transactions: {verdict:?}"));
        verdict
    }

    /// Keeps everything that tells how the difference came about.
    fn keep(&self, finding: &Finding, trace: &Trace) {
        trace.keep_text(finding, "finding.txt");
        trace.keep(self.shop.state(), "ledger.jsonl");
        for till in &self.tills {
            trace.keep(till.home().path(), &till.name);
        }
    }
}

fn compared(all: &[Books], ledger: &kasse::sandbox::Ledger) -> Result<(), Finding> {
    books::check(all, ledger)?;
    if let Some(difference) = books::difference(all, ledger)? {
        return Err(difference);
    }
    if let Some(stranger) = books::strangers(ledger, all).first() {
        return Err(format!("{stranger} is paid and belongs to no sale of any journal"));
    }
    books::balances(&Fixtures::default(), ledger)
}

/// What a thread came to; its panic is a finding.
fn joined<T>(handle: ScopedJoinHandle<Result<T, Finding>>) -> Result<T, Finding> {
    handle.join().unwrap_or_else(|panic| Err(said(panic.as_ref())))
}

fn caught(work: impl FnOnce() -> Result<(), Finding>) -> Result<(), Finding> {
    let work = std::panic::AssertUnwindSafe(work);
    std::panic::catch_unwind(work).unwrap_or_else(|panic| Err(said(panic.as_ref())))
}

fn said(panic: &(dyn Any + Send)) -> Finding {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic").to_owned()
}
