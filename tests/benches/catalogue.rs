//! A million articles: what they cost to import, at the start, in memory and to find, beside the aims.
//!
//! The real program imports them and sells on a pseudo-terminal; look-ups and searches run in this
//! process, each three times, and the shortest counts: what else the machine does is not measured.
//! `cargo bench --bench catalogue -- 100000` takes so many articles instead.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "catalogue/console.rs"]
mod console;
#[path = "catalogue/goods.rs"]
mod goods;

use std::fs::{self, File};
use std::hint::black_box;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use kasse::articles::ArticleStore;
use kasse::shop::{Catalogue, search};

use console::{Console, kib};

/// One line of the table: what was measured, the figure, the aim, and whether it is met.
fn line(what: &str, figure: f64, unit: &str, aim: f64) {
    let met = if figure <= aim { "met" } else { "MISSED" };
    println!("  {what:<44} {figure:>10.2} {unit:<4} at most {aim:>6} {unit:<4} {met}");
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

fn mib(kib: u64) -> f64 {
    f64::from(u32::try_from(kib).unwrap()) / 1_024.0
}

fn main() {
    let count = std::env::args().find_map(|arg| arg.parse().ok()).unwrap_or(1_000_000_u64);
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let (few, many) = (dir.path().join("few"), dir.path().join("many"));
    fs::create_dir_all(&few).unwrap();
    fs::create_dir_all(&many).unwrap();
    println!("{count} articles");
    import(&many, count);
    start(&few, &many);
    let console = Console::start(&many);
    console.wait("Server connected");
    println!(
        "  {:<44} {:>10.2} MiB",
        "resident, nothing sold yet",
        mib(kib(console.pid(), "VmRSS:"))
    );
    sell(&console, count);
    line("resident while selling", mib(kib(console.pid(), "VmRSS:")), "MiB", 64.0);
    drop(console);
    let kept = ArticleStore::within(&many.join("state/kasse")).read().unwrap().unwrap();
    find(&kept.imported.unwrap(), count);
}

/// Imports a file with so many rows by the real program.
fn import(home: &Path, count: u64) {
    let path = home.join("goods.csv");
    let mut file = BufWriter::new(File::create(&path).unwrap());
    goods::rows(count).for_each(|row| file.write_all(row.as_bytes()).unwrap());
    file.flush().unwrap();
    drop(file);
    let begun = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_kasse"))
        .args(["articles", "import", "goods.csv"])
        .current_dir(home)
        .env_clear()
        .envs(console::env(home))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut highest = 0;
    // It is waited for only at the end: a process that was waited for has no memory to look at.
    while !console::has_ended(child.id()) {
        highest = highest.max(kib(child.id(), "VmHWM:"));
        std::thread::sleep(Duration::from_millis(5));
    }
    let took = begun.elapsed();
    assert!(child.wait().unwrap().success());
    let rows = f64::from(u32::try_from(count).unwrap()) / took.as_secs_f64();
    println!("  {:<44} {rows:>10.0} rows/s, {:.1} s", "import", took.as_secs_f64());
    line("memory of the import at its highest", mib(highest), "MiB", 300.0);
}

/// The first frame with forty articles and with all of them, in turn.
fn start(few: &Path, many: &Path) {
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..11 {
        for (home, times) in [few, many].into_iter().zip(&mut times) {
            times.push(ms(Console::start(home).first_frame()));
        }
    }
    let [few, many] = times.map(|mut times| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    });
    println!("  {:<44} {few:>10.2} ms", "first frame with 40 articles");
    println!("  {:<44} {many:>10.2} ms", "first frame with all of them");
    line("the second to the first", many / few, "", 1.5);
}

/// Scans some articles and types some searches.
fn sell(console: &Console, count: u64) {
    for n in 0..20 {
        console.send(&format!("{}\r", goods::ean(goods::mixed(n) % count)));
    }
    console.wait("20 ");
    for n in 0..20 {
        let name = goods::name(goods::mixed(n + 500) % count);
        let words: Vec<&str> = name.split(' ').collect();
        for key in words[1].to_lowercase().chars() {
            console.send(&key.to_string());
            std::thread::sleep(Duration::from_millis(15));
        }
        console.send("\u{1b}");
        std::thread::sleep(Duration::from_millis(60));
        console.send("\u{1b}");
        std::thread::sleep(Duration::from_millis(60));
    }
}

/// Looks up codes, and searches after every key.
fn find(catalogue: &Catalogue, count: u64) {
    let codes: Vec<String> = (0..5_000).map(|n| goods::ean(goods::mixed(n) % count)).collect();
    let numbers: Vec<String> =
        (0..5_000).map(|n| (100_000 + goods::mixed(n ^ 9) % count).to_string()).collect();
    let shortest = |work: &dyn Fn()| {
        let times = (0..3).map(|_| {
            let begun = Instant::now();
            work();
            begun.elapsed()
        });
        times.min().unwrap()
    };
    let median = |mut times: Vec<Duration>| {
        times.sort_unstable();
        (times[times.len() / 2], times[times.len() * 99 / 100])
    };
    let by_ean = |code: &String| shortest(&|| assert!(black_box(catalogue.by_ean(code)).is_some()));
    let by_number =
        |number: &String| shortest(&|| assert!(black_box(catalogue.by_number(number)).is_some()));
    line("look-up by EAN, median", ms(median(codes.iter().map(by_ean).collect()).0), "ms", 0.2);
    let times = numbers.iter().map(by_number).collect();
    line("look-up by number, median", ms(median(times).0), "ms", 0.2);
    let queries = goods::queries(300, count);
    let keystroke = |query: &String| shortest(&|| drop(black_box(search(catalogue, query, 50))));
    let (middle, worst) = median(queries.iter().map(keystroke).collect());
    println!("  {} keystrokes, some with typing errors", queries.len());
    line("keystroke of a search, median", ms(middle), "ms", 10.0);
    line("keystroke of a search, 99th percentile", ms(worst), "ms", 30.0);
}
