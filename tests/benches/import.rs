//! What reading an article file costs: `kasse articles check` of growing files, right and wrong
//! ones, and the search in a million articles.
//!
//! Each line prints the time on the clock, the processor's time, how that grew since the half, and
//! the memory at its highest.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use kasse::config::read_articles;
use kasse::shop::import::Options;
use kasse::shop::search;

/// How a file is written, by number of rows.
type Maker = fn(usize) -> String;

const HEADER: &str = "number;ean;name;price;vat;group\n";

fn csv(rows: usize) -> String {
    (0..rows).fold(HEADER.to_owned(), |mut text, row| {
        let ean = 4_000_000_000_000_u64 + u64::try_from(row).unwrap();
        let group = ["Bread", "Drinks", "Household"][row % 3];
        let (euro, cents) = (row % 90, row % 100);
        writeln!(text, "{row:07};{ean};Article {row} of a shop;{euro},{cents:02};19;{group}")
            .unwrap();
        text
    })
}

/// Every row has a wrong price.
fn wrong_csv(rows: usize) -> String {
    csv(rows).replace(";19;", ";99;")
}

fn toml(rows: usize) -> String {
    (0..rows).fold(String::new(), |mut text, row| {
        let ean = 4_000_000_000_000_u64 + u64::try_from(row).unwrap();
        let lines = format!("number = {}\nean = {ean}\nname = \"Article {row}\"", row + 1);
        write!(text, "[[article]]\n{lines}\nprice = {}.49\nvat = 19\n\n", row % 90).unwrap();
        text
    })
}

fn json(rows: usize) -> String {
    (0..rows).fold(String::new(), |mut text, row| {
        let ean = 4_000_000_000_000_u64 + u64::try_from(row).unwrap();
        let names =
            format!("\"number\": \"{row:07}\", \"ean\": {ean}, \"name\": \"Article {row}\"");
        writeln!(text, "{{{names}, \"price\": {}.49, \"vat\": 19}}", row % 90).unwrap();
        text
    })
}

/// What one check took.
struct Cost {
    clock: Duration,
    /// Hundredths of a second on the processor.
    ticks: u64,
    /// The highest resident memory that was seen, KiB.
    memory: u64,
}

/// Runs the check.
fn check(path: &Path) -> Cost {
    let begun = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_kasse"))
        .args(["articles", "check"])
        .arg(path)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let read =
        |file: &str| fs::read_to_string(format!("/proc/{}/{file}", child.id())).unwrap_or_default();
    let (mut memory, mut ticks) = (0, 0);
    // Its state is `Z` once it has ended and nobody has asked for its code.
    loop {
        let status = read("status");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
        memory = memory.max(kib.unwrap_or(0_u64));
        let stat = read("stat");
        let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
        ticks = ticks.max(fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap());
        if fields[0] == "Z" {
            break;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    let clock = begun.elapsed();
    child.wait().unwrap();
    Cost { clock, ticks, memory }
}

fn main() {
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let table: [(&str, &str, Maker, &[usize]); 4] = [
        ("CSV", "goods.csv", csv, &[125_000, 250_000, 500_000, 1_000_000]),
        ("CSV, every row wrong", "wrong.csv", wrong_csv, &[250_000, 500_000, 1_000_000]),
        ("TOML", "goods.toml", toml, &[50_000, 100_000, 200_000]),
        ("JSON lines", "goods.jsonl", json, &[125_000, 250_000, 500_000]),
    ];
    println!("  {:<22} {:>9} {:>9} {:>9} {:>7} {:>9}", "", "rows", "ms", "cpu ms", "growth", "MiB");
    for (name, file, make, sizes) in table {
        let path = dir.path().join(file);
        let mut before: Option<f64> = None;
        for rows in sizes {
            fs::write(&path, make(*rows)).unwrap();
            let runs = [check(&path), check(&path), check(&path)];
            let least = |of: fn(&Cost) -> u64| runs.iter().map(of).min().unwrap();
            let ms = least(|cost| u64::try_from(cost.clock.as_millis()).unwrap());
            let ticks = least(|cost| cost.ticks);
            let growth = before.map_or_else(String::new, |before| {
                format!("{:.2}", f64::from(u32::try_from(ticks).unwrap()) / before)
            });
            let (cpu, memory) = (ticks * 10, least(|cost| cost.memory) >> 10);
            println!("  {name:<22} {rows:>9} {ms:>9} {cpu:>9} {growth:>7} {memory:>9}");
            before = Some(f64::from(u32::try_from(ticks).unwrap()));
        }
    }
    let goods = read_articles(Some(&dir.path().join("goods.csv")), &Options::default()).unwrap();
    for words in ["article", "999999", "artcle shp"] {
        let begun = Instant::now();
        black_box(search(&goods, black_box(words), 20));
        println!("  search {words:?} in a million articles: {:?}", begun.elapsed());
    }
}
