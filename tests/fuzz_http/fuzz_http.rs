//! `cargo run --release --example fuzz_http -- [--seed S] [--cases N] [--minutes M] [--raw N]`:
//! requests without sockets until either is reached, then tills that trade, then connections with
//! raw bytes. Prints figures, or the first finding and how to see it again, and ends with 1 then.

#[path = "mod.rs"]
mod fuzz;

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use clap::Parser;
use fuzz::{Fuzzer, Rng, raw, session};
use kasse::sandbox::{self, Options};

/// Fuzzes the sandbox's HTTP surface.
#[derive(Debug, Parser)]
struct Args {
    /// What all requests follow from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Requests without sockets.
    #[arg(long, default_value_t = 10_000_000)]
    cases: u64,
    /// The most minutes for them.
    #[arg(long, default_value_t = 30)]
    minutes: u64,
    /// Sessions of several tills.
    #[arg(long, default_value_t = 1_000)]
    sessions: u64,
    /// Connections with raw bytes.
    #[arg(long, default_value_t = 100_000)]
    raw: u64,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let begun = Instant::now();
    let mut fuzzer = Fuzzer::new(args.seed);
    let done = watch_for_hangs(args.seed);
    while fuzzer.cases < args.cases && begun.elapsed() < Duration::from_secs(60 * args.minutes) {
        if let Err(finding) = fuzzer.step() {
            println!("{finding}");
            return ExitCode::FAILURE;
        }
        done.store(fuzzer.cases, Ordering::Relaxed);
        if fuzzer.cases.is_multiple_of(1_000_000) {
            println!("{} requests in {:.0?}", fuzzer.cases, begun.elapsed());
        }
    }
    done.store(u64::MAX, Ordering::Relaxed);
    let [_, _, fine, _, refused, _] = fuzzer.answers;
    println!(
        "seed {}: {} requests in {:.0?}: {fine} fine, {refused} refused, no panic, no hang, no 500",
        args.seed,
        fuzzer.cases,
        begun.elapsed()
    );
    for seed in args.seed..args.seed + args.sessions {
        let balanced = session::check(seed, 300);
        if let Err(finding) = balanced.and_then(|()| session::check_all_at_once(seed, 300)) {
            println!("{finding}");
            return ExitCode::FAILURE;
        }
    }
    println!("{} sessions: books balance, equal seeds give equal answers", args.sessions);
    raw_connections(args.seed, args.raw)
}

/// Ends the program when one request takes a minute.
fn watch_for_hangs(seed: u64) -> Arc<AtomicU64> {
    let done = Arc::new(AtomicU64::new(0));
    let progress = Arc::clone(&done);
    thread::spawn(move || {
        let mut last = u64::MAX;
        loop {
            thread::sleep(Duration::from_secs(60));
            match progress.load(Ordering::Relaxed) {
                u64::MAX => return,
                now if now == last => {
                    println!("hangs: seed {seed}, case {}", now + 1);
                    std::process::exit(1);
                }
                now => last = now,
            }
        }
    });
    done
}

fn raw_connections(seed: u64, cases: u64) -> ExitCode {
    let begun = Instant::now();
    #[allow(clippy::unwrap_used)]
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    #[allow(clippy::unwrap_used)]
    let sandbox = runtime.block_on(sandbox::bind(Options::default())).unwrap();
    let addr = sandbox.addr();
    runtime.spawn(sandbox.serve(std::future::pending()));
    let mut rng = Rng::new(seed);
    for case in 1..=cases {
        if let Err(finding) = raw::case(addr, &mut rng) {
            println!("{finding}\nin connection {case} of seed {seed}");
            return ExitCode::FAILURE;
        }
    }
    println!("seed {seed}: {cases} connections in {:.0?}: no hang, no 500", begun.elapsed());
    ExitCode::SUCCESS
}
