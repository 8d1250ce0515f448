//! What keeping the books in files costs: a mixed load on a sandbox in memory and on one with
//! `--state`, in turn, long enough for many compactions.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::load::{self, Load};
use super::server::Server;
use super::{fs, met};

/// What is aimed at: this share of the requests without files, …
const SHARE: f64 = 0.50;
/// … and files so many times as long as the snapshot among them, at the most.
const TIMES: f64 = 3.0;
/// A log is not compacted before it is so long, whatever the books: see `Options::compact_at`.
const LEAST: u64 = 2 << 20;
/// How often the length of the files is looked at.
const LOOK: Duration = Duration::from_millis(5);

/// Sells for `long` in all, in `rounds` rounds for each of the two.
pub fn compare(long: Duration, rounds: u32) {
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let (cards, state) = (dir.path().join("cards.json"), dir.path().join("books"));
    fs::write(&cards, load::fixtures()).unwrap();
    let cards = ["--fixtures", cards.to_str().unwrap()];
    let durable = [&cards[..], &["--state", state.to_str().unwrap()]].concat();
    let servers = [Server::sandbox(&cards), Server::sandbox(&durable)];
    let mut loads = [Load::default(), Load::default()];
    let watch = Watch::on(state.clone());
    for _ in 0..rounds {
        for (server, load) in servers.iter().zip(&mut loads) {
            load.add(load::run(server.addr, long / rounds / 2, load::Till::serve));
        }
    }
    let watched = watch.end();
    let name = ["in memory", "--state"];
    println!("\nmixed load, {} connections, {long:?} in {rounds} rounds\n", load::CONNECTIONS);
    println!(
        "{:<12}{:>12}{:>10}{:>10}{:>12}{:>12}{:>11}",
        "", "requests/s", "p50 µs", "p99 µs", "p99.9 µs", "longest", "VmHWM"
    );
    for ((load, server), name) in loads.iter_mut().zip(&servers).zip(name) {
        let (p50, p99) = load.latencies();
        println!(
            "{name:<12}{:>12.0}{:>10}{:>10}{:>12}{:>12.1?}{:>7} KiB",
            load.rate(),
            p50.as_micros(),
            p99.as_micros(),
            load.part(999, 1000).as_micros(),
            load.part(1, 1),
            server.memory().most,
        );
    }
    let share = loads[1].rate() / loads[0].rate();
    println!(
        "\nshare of the requests in memory: {share:.2} (target: {SHARE:.2}) {}",
        met(share >= SHARE)
    );
    println!(
        "files: at most {} KiB, {:.2} times the snapshot (target: {TIMES:.1}) {}; {} compactions",
        watched.longest / 1024,
        watched.times,
        met(watched.times <= TIMES),
        watched.compactions
    );
    drop(servers);
    let started = Instant::now();
    let again = Server::sandbox(&durable);
    load::health(again.addr);
    println!("start on these books to first answer: {:.1?}", started.elapsed());
}

/// Looks at the files while a server writes them.
struct Watch {
    over: Arc<AtomicBool>,
    thread: thread::JoinHandle<Watched>,
}

#[derive(Default)]
struct Watched {
    /// All files together, bytes.
    longest: u64,
    /// The same by the length of the snapshot, once that is longer than two of the shortest logs.
    times: f64,
    compactions: u32,
}

impl Watch {
    fn on(state: PathBuf) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&over);
        let thread = thread::spawn(move || {
            let (mut watched, mut snapshot) = (Watched::default(), 0);
            while !told.load(Ordering::Acquire) {
                let length = |suffix: &str| {
                    let mut path = state.clone().into_os_string();
                    path.push(suffix);
                    fs::metadata(path).map_or(0, |file| file.len())
                };
                let (now, rest) = (length(""), [".log0", ".log1", ".new"].map(length));
                watched.compactions += u32::from(now != snapshot);
                snapshot = now;
                let all = now + rest.iter().sum::<u64>();
                watched.longest = watched.longest.max(all);
                if now > 2 * LEAST {
                    // Less than 2^52 bytes.
                    #[allow(clippy::cast_precision_loss)]
                    let times = all as f64 / now as f64;
                    watched.times = watched.times.max(times);
                }
                thread::sleep(LOOK);
            }
            watched
        });
        Self { over, thread }
    }

    fn end(self) -> Watched {
        self.over.store(true, Ordering::Release);
        self.thread.join().unwrap()
    }
}
