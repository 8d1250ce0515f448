//! The sandbox under load, beside a bare axum handler that parses and returns the same JSON.
//!
//! 32 connections do create → preTransaction → start/cash → get, in turn against the bare handler
//! and the sandbox; then a mixed load, in turn against the sandbox in memory and one with a state
//! file. Each server is a process of its own; the load generator beside it is one thread. Prints
//! requests per second and their ratios, latencies, processor time and memory, how long a start
//! takes until the first answer, and how long the files get. Seconds per round, the number of
//! rounds, and seconds of the mixed load may be given: `cargo bench --bench sandbox -- 2 5 60`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "sandbox/bare.rs"]
mod bare;
#[path = "sandbox/kept.rs"]
mod kept;
#[path = "sandbox/load.rs"]
mod load;
#[path = "sandbox/server.rs"]
mod server;

use std::time::{Duration, Instant};
use std::{env, fs};

use load::Load;
use server::Server;

/// How often the sandboxes with and without files take turns.
const ROUNDS: u32 = 10;
/// How many starts are timed.
const STARTS: usize = 30;
/// What is aimed at: this share of the bare handler's requests, …
const SHARE: f64 = 0.60;
/// … so much memory at the most, KiB, …
const MEMORY: u64 = 30 * 1024;
/// … and so long from the start to the first answer, at the most.
const FIRST_ANSWER: Duration = Duration::from_millis(20);

/// One of the servers that are compared, and what it did so far.
struct Entrant {
    name: &'static str,
    server: Server,
    load: Load,
}

fn main() {
    if let Some(threads) = env::var_os(bare::CHILD) {
        return bare::serve(threads == "2");
    }
    let mut numbers = env::args().skip(1).filter_map(|arg| arg.parse::<u64>().ok());
    let seconds = Duration::from_secs(numbers.next().unwrap_or(2));
    let rounds = numbers.next().unwrap_or(5);
    starts();
    compare(seconds, rounds);
    kept::compare(Duration::from_secs(numbers.next().unwrap_or(60)), ROUNDS);
}

/// From the start of the program to its first answer.
fn starts() {
    let mut times: Vec<Duration> = (0..STARTS)
        .map(|_| {
            let started = Instant::now();
            let sandbox = Server::sandbox(&[]);
            load::health(sandbox.addr);
            started.elapsed()
        })
        .collect();
    times.sort_unstable();
    let (median, worst) = (times[times.len() / 2], times[times.len() - 1]);
    println!(
        "start to first answer: median {median:.1?}, worst of {STARTS} {worst:.1?} (target: {FIRST_ANSWER:?}) {}",
        met(median <= FIRST_ANSWER)
    );
}

fn compare(seconds: Duration, rounds: u64) {
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let cards = dir.path().join("cards.json");
    fs::write(&cards, load::fixtures()).unwrap();
    let cards = ["--fixtures", cards.to_str().unwrap()];
    let sandbox = Server::sandbox(&cards);
    let answers = load::sample(sandbox.addr);
    let entrant = |name, server| Entrant { name, server, load: Load::default() };
    let mut entrants = [
        entrant("bare axum, 1 thread", Server::bare(&answers, 1)),
        entrant("bare axum, 2 threads", Server::bare(&answers, 2)),
        entrant("sandbox", sandbox),
    ];
    for _ in 0..rounds {
        for entrant in &mut entrants {
            entrant
                .load
                .add(load::run(entrant.server.addr, seconds, async |till| till.sell(|_| ()).await));
        }
    }
    println!("\n{} connections, {rounds} rounds of {seconds:?} each, in turn\n", load::CONNECTIONS);
    println!(
        "{:<22}{:>12}{:>9}{:>11}{:>11}{:>10}{:>10}{:>10}",
        "", "requests/s", "of bare", "p50 µs", "p99 µs", "CPU µs", "VmRSS", "VmHWM"
    );
    let best = entrants[..2].iter().map(|bare| bare.load.rate()).fold(0.0, f64::max);
    for entrant in &mut entrants {
        let (rate, memory) = (entrant.load.rate(), entrant.server.memory());
        let (p50, p99) = entrant.load.latencies();
        println!(
            "{:<22}{rate:>12.0}{:>8.0}%{:>11}{:>11}{:>10.1}{:>6} KiB{:>6} KiB",
            entrant.name,
            100.0 * rate / best,
            p50.as_micros(),
            p99.as_micros(),
            entrant.server.processor().as_secs_f64() * 1e6 / entrant.load.requests(),
            memory.now,
            memory.most,
        );
    }
    let [_, _, sandbox] = &entrants;
    let share = sandbox.load.rate() / best;
    let memory = sandbox.server.memory().most;
    println!("\nCPU µs: processor time of the server for one request");
    println!("share of the bare handler: {share:.2} (target: {SHARE:.2}) {}", met(share >= SHARE));
    println!(
        "memory after {:.0} sales: {memory} KiB (target: {MEMORY} KiB) {}",
        sandbox.load.requests() / 4.0,
        met(memory <= MEMORY)
    );
}

const fn met(met: bool) -> &'static str {
    if met { "met" } else { "NOT MET" }
}
