//! What a journal of years costs: the release binary on journals of 0, 1,000 and 100,000 sales, in
//! turn within one run, as figures and as factors to the empty one.
//!
//! `AGE_SALES=0,1000,100000,1000000 cargo bench --bench age` measures with others; the first is
//! what the others are compared with. `AGE_DIR` names a directory where the journals are kept, and
//! where those of an earlier run are used.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "../age/mod.rs"]
mod age;
#[path = "age/measure.rs"]
mod measure;
#[path = "screen/probe.rs"]
mod probe;
#[path = "screen/sample.rs"]
mod sample;
#[path = "../sim"]
mod sim {
    pub mod asked;
    pub mod cashier;
    pub mod rng;
}

use std::path::{Path, PathBuf};
use std::time::Instant;

use age::{Plan, age};
use measure::Books;
use sample::{Samples, target};

/// How often each figure is taken.
const ROUNDS: usize = 15;
/// How often what takes long for a large journal is.
const LONG_ROUNDS: usize = 3;

fn main() {
    let sales = std::env::var("AGE_SALES").unwrap_or_else(|_| "0,1000,100000".to_owned());
    let sales: Vec<u64> = sales.split(',').map(|number| number.trim().parse().unwrap()).collect();
    let temporary = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let dir = std::env::var_os("AGE_DIR").map_or(temporary.path().to_owned(), PathBuf::from);
    let all: Vec<Books> = sales.iter().map(|sales| made(&dir, *sales)).collect();
    header(&sales);

    let mut starts = Starts::new(all.len());
    for _ in 0..ROUNDS {
        for (at, books) in all.iter().enumerate() {
            starts.add(at, books);
        }
    }
    let frame = row("first frame, ms", &starts.frame);
    let key = row("first answered key, ms", &starts.key);
    let memory = row("resident memory, MiB", &starts.memory);
    let list = row("journal list, ms", &figures(&all, ROUNDS, Books::list));
    let show = row("journal show of the first sale, ms", &figures(&all, ROUNDS, Books::show));
    let export = row("journal export of one day, ms", &figures(&all, ROUNDS, Books::export));
    let mut verify = [empty(all.len()), empty(all.len())];
    for _ in 0..LONG_ROUNDS {
        for (at, books) in all.iter().enumerate() {
            let (took, peak) = books.verify();
            verify[0][at].add(took);
            verify[1][at].add(peak);
        }
    }
    row("journal verify, ms", &verify[0]);
    row("journal verify, peak memory, MiB", &verify[1]);
    let mut replayed = Starts::new(all.len());
    for _ in 0..LONG_ROUNDS {
        for (at, books) in all.iter().enumerate() {
            books.lose_checkpoints();
            replayed.add(at, books);
        }
    }
    row("first answered key without a checkpoint, ms", &replayed.key);
    row("files, MB", &figures(&all, 1, Books::megabytes));

    println!("\ntargets (the largest journal; factors to the first one):");
    let met = [
        target("first frame", frame.factor, "times", 1.2),
        target("first answered key", key.factor, "times", 1.2),
        target("resident memory", memory.factor, "times", 1.2),
        target("resident memory", memory.value, "MiB", 16.0),
        target("journal list", list.value, "ms", 50.0),
        target("journal show", show.value, "ms", 20.0),
        target("journal export of one day", export.value, "ms", 100.0),
    ];
    println!("{} of {} met", met.iter().filter(|met| **met).count(), met.len());
}

/// Makes a journal of so many sales.
fn made(dir: &Path, sales: u64) -> Books {
    let dir = dir.join(sales.to_string());
    if sales > 0 && !dir.exists() {
        let begun = Instant::now();
        let (made, _) = age(&dir, Plan { sales, seed: 1 }, |_| {}).unwrap();
        println!(
            "{} sales on {} days, {} entries: made in {:.1} s",
            made.sales,
            made.days,
            made.entries,
            begun.elapsed().as_secs_f64()
        );
    }
    Books::new(dir)
}

/// Starts of the console on each journal.
struct Starts {
    frame: Vec<Samples>,
    key: Vec<Samples>,
    memory: Vec<Samples>,
}

impl Starts {
    fn new(count: usize) -> Self {
        Self { frame: empty(count), key: empty(count), memory: empty(count) }
    }

    fn add(&mut self, at: usize, books: &Books) {
        let start = books.start();
        self.frame[at].time(start.frame);
        self.key[at].time(start.key);
        self.memory[at].add(start.memory);
    }
}

fn empty(count: usize) -> Vec<Samples> {
    (0..count).map(|_| Samples::default()).collect()
}

/// A figure of each journal, taken in turn.
fn figures(all: &[Books], rounds: usize, figure: impl Fn(&Books) -> f64) -> Vec<Samples> {
    let mut samples = empty(all.len());
    for _ in 0..rounds {
        for (books, samples) in all.iter().zip(&mut samples) {
            samples.add(figure(books));
        }
    }
    samples
}

/// The figures of the largest journal.
struct Last {
    value: f64,
    factor: f64,
}

fn header(sales: &[u64]) {
    print!("\n{:<44}", format!("sales (median of {ROUNDS} or {LONG_ROUNDS}, in turn)"));
    for sales in sales {
        print!(" {sales:>9}         ");
    }
    println!();
}

/// Prints medians, each also as the factor to the first.
fn row(name: &str, samples: &[Samples]) -> Last {
    print!("{name:<44}");
    let first = samples[0].median();
    let mut last = Last { value: first, factor: 1.0 };
    for samples in samples {
        let value = samples.median();
        last = Last { value, factor: value / first };
        print!(" {value:>9.2} {:>7.2}x ", last.factor);
    }
    println!();
    last
}
