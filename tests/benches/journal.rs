//! What the journal costs: a durable entry beside a raw write and fdatasync on the same disk.
//!
//! Prints microseconds, their ratio, and the fsyncs of each append as counted by strace (if it
//! is installed). The disk is the one of the build directory.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::env;
use std::fs::{self, File};
use std::io::{Seek, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use kasse::journal::{Draft, Journal, Mode};
use serde_json::json;

/// Tells a child of this program how many durable entries to append, and where.
const CHILD: &str = "KASSE_BENCH_APPENDS";
/// Samples of each kind, taken in turn, as disks have moods.
const SAMPLES: usize = 400;
/// A commit of one entry writes about three pages: the entry, its index, the end of the chain.
const COMMIT_BYTES: usize = 3 * (4096 + 24);

fn main() {
    if let Some(task) = env::var_os(CHILD) {
        let task = task.into_string().unwrap();
        let (count, dir) = task.split_once(' ').unwrap();
        let journal = open(Path::new(dir));
        for number in 0..count.parse().unwrap() {
            journal.append_durable(vec![entry(number)]).unwrap();
        }
        return;
    }
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    one_at_a_time(dir.path());
    in_groups(dir.path());
    fsyncs(dir.path());
}

fn open(dir: &Path) -> Journal {
    Journal::open(dir, Mode::Sandbox, |lost| panic!("{lost:?}")).unwrap()
}

fn entry(number: usize) -> Draft {
    Draft {
        at: "2026-11-20T10:00:00.000Z".to_owned(),
        sale: format!("0192f3c4-0000-7000-8000-{:012}", number / 8),
        kind: "intent".to_owned(),
        body: json!({
            "call": "start/cash",
            "transaction": format!("STX_{number:032}"),
            "basket": [{ "ean": "4006381333931", "quantity": 2, "price": 299 }],
            "sum": 598,
        }),
        finishes: number % 8 == 7,
    }
}

fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn median(samples: &mut [Duration]) -> Duration {
    samples.sort_unstable();
    samples.get(samples.len() / 2).copied().unwrap()
}

fn one_at_a_time(dir: &Path) {
    let journal = open(dir);
    let block = vec![0x5a; COMMIT_BYTES];
    let mut growing = File::create(dir.join("growing")).unwrap();
    let mut fixed = File::create(dir.join("fixed")).unwrap();
    fixed.write_all(&block).unwrap();
    fixed.sync_all().unwrap();
    let mut samples = [const { Vec::new() }; 3];
    let [durable, append, overwrite] = &mut samples;
    for number in 0..SAMPLES {
        durable.push(timed(|| journal.append_durable(vec![entry(number)]).unwrap()));
        append.push(timed(|| {
            growing.write_all(&block).unwrap();
            growing.sync_data().unwrap();
        }));
        overwrite.push(timed(|| {
            fixed.rewind().unwrap();
            fixed.write_all(&block).unwrap();
            fixed.sync_data().unwrap();
        }));
    }
    let [durable, append, overwrite] = samples.map(|mut samples| median(&mut samples));
    println!("median of {SAMPLES}, taken in turn on the same disk:");
    println!("  append_durable of one entry        {:>8} us", durable.as_micros());
    println!("  raw append of as much + fdatasync  {:>8} us", append.as_micros());
    println!("  raw overwrite + fdatasync          {:>8} us", overwrite.as_micros());
    println!(
        "  ratio to the raw append            {:>8.2}",
        durable.as_secs_f64() / append.as_secs_f64()
    );
}

fn in_groups(dir: &Path) {
    let journal = Arc::new(open(dir));
    let queued = 10_000;
    let took = timed(|| {
        for number in 0..queued {
            journal.append(entry(number)).unwrap();
        }
        journal.flush().unwrap();
    });
    let commits = journal.commits();
    println!("{queued} queued entries: {commits} commits, {} ms", took.as_millis());

    let (threads, each) = (8, 100);
    let took = timed(|| {
        let threads: Vec<_> = (0..threads)
            .map(|_| {
                let journal = Arc::clone(&journal);
                thread::spawn(move || {
                    for number in 0..each {
                        journal.append_durable(vec![entry(number)]).unwrap();
                    }
                })
            })
            .collect();
        for thread in threads {
            thread.join().unwrap();
        }
    });
    println!(
        "{threads} threads with {each} durable entries each: {} commits, {} ms",
        journal.commits() - commits,
        took.as_millis()
    );
}

/// Counts with strace, as the difference between a run with appends and one without.
fn fsyncs(dir: &Path) {
    let appends = 200;
    match (counted(dir, 0), counted(dir, appends)) {
        (Some(without), Some(with)) => {
            let each = (with - without) / f64::from(appends);
            println!("fsyncs per durable append (of {appends}, counted by strace): {each:.2}");
        }
        _ => println!("fsyncs per durable append: not counted, as strace cannot be run"),
    }
}

fn counted(dir: &Path, appends: u32) -> Option<f64> {
    let trace = dir.join("trace");
    let place = dir.join(format!("counted-{appends}"));
    let status = Command::new("strace")
        .args(["-f", "-qq", "-e", "trace=fsync,fdatasync,sync_file_range,msync", "-o"])
        .args([trace.as_os_str(), env::current_exe().ok()?.as_os_str()])
        .env(CHILD, format!("{appends} {}", place.display()))
        .stderr(Stdio::null())
        .status()
        .ok()?;
    let calls = fs::read_to_string(trace).ok()?;
    // A call interrupted by another thread's takes two lines; its end has no bracket opened.
    let calls = calls.lines().filter(|line| line.contains("sync(")).count();
    status.success().then_some(f64::from(u32::try_from(calls).ok()?))
}
