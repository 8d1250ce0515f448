//! How the console feels: the release binary on a terminal, beside the kernel's own echo (`cat`),
//! `nano` and a bare ratatui program, in one run; then the table of targets.
//!
//! Figures on a busy machine are only good as ratios within one run. `nano` is left out where it
//! is not installed. Until a figure is measured the programs wait idle side by side.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "screen/bare.rs"]
mod bare;
#[path = "screen/probe.rs"]
mod probe;
#[path = "screen/sample.rs"]
mod sample;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use probe::{Probe, Start, Usage};
use sample::{Samples, target};

const KASSE: &str = env!("CARGO_BIN_EXE_kasse");
const FRAME_END: &[u8] = b"\x1b[?2026l";
/// No frame comes later than this after the one before, so it ends a measurement.
const SILENCE: Duration = Duration::from_millis(30);
/// F7: the card pays everything.
const PAY: &str = "\x1b[18~";
/// The amount due has been on the screen for long enough then.
const LOOK: Duration = Duration::from_millis(170);
const ROUNDS: usize = 40;
const KEYS: usize = 400;
/// A whole sale with card in quicktill, ms, measured on a machine on which nano took this long to
/// its first frame: as nano is faster or slower here, so would quicktill be.
const QUICKTILL: (f64, f64) = (71.0, 4.8);

/// A sandbox in a process of its own; it ends with this.
struct Server(Child, String);

impl Server {
    fn start(home: &Path) -> Self {
        let mut child = Command::new(KASSE)
            .args(["sandbox", "--listen", "127.0.0.1:0"])
            .env("HOME", home)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("listening on ").unwrap().to_owned();
        Self(child, url)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// How each program is started and known to be there.
struct Contender<'a> {
    name: &'a str,
    start: Start<'a>,
    ready: &'a [u8],
}

fn main() {
    if std::env::args().any(|arg| arg == "--bare") {
        return bare::run().unwrap();
    }
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let server = Server::start(dir.path());
    let itself = std::env::current_exe().unwrap();
    let account = [
        ("KASSE_API_URL", server.1.as_str()),
        ("KASSE_API_CLIENT_ID", "sandbox"),
        ("KASSE_API_CLIENT_SECRET", "sandbox"),
        // `+ - * /` and Space wait `scan.key_hold` ms whether a code follows, by choice: what is
        // measured is the work. No other key waits.
        ("KASSE_SCAN_KEY_HOLD", "0"),
    ];
    let home = dir.path();
    let with = |program, args, env| Start { program, args, home, env };
    let mut contenders = vec![
        Contender { name: "kasse", start: with(KASSE, &[], &account), ready: FRAME_END },
        Contender {
            name: "bare ratatui",
            start: with(itself.to_str().unwrap(), &["--bare"], &[]),
            ready: bare::MARK.as_bytes(),
        },
    ];
    if Command::new("nano").arg("--version").stdout(Stdio::null()).status().is_ok() {
        let start = with("nano", &["-I"], &[]);
        contenders.push(Contender { name: "nano", start, ready: b"^X" });
    } else {
        println!("nano is not installed: its figures are missing");
    }
    let first = first_frames(&contenders);
    let (echo, idle) = at_the_keys(&contenders, home);
    println!("\nwhat one sale costs (sandbox in a process of its own; scan.key_hold is 0 here, by");
    println!("default every + - * / waits up to 60 ms more, twice in this sale):");
    let (key, article, sale) = sales(&contenders[0].start);
    let large = ten_thousand_lines(&contenders[0].start);

    let size = std::fs::metadata(KASSE).unwrap().len();
    #[allow(clippy::cast_precision_loss)]
    let (size, resident) = (size as f64 / 1e6, idle.resident as f64 / 1024.0);
    println!("\ntargets (times as ratios within this run):");
    let has_nano = first.len() > 2;
    let nano = |samples: &[Samples]| samples.last().unwrap().median();
    let kasse = |samples: &[Samples]| samples[0].median();
    let mut met = Vec::new();
    if has_nano {
        met.push(target("first frame / nano's", kasse(&first) / nano(&first), "", 2.0));
        met.push(target("key to echo / nano's (aim)", kasse(&echo) / nano(&echo), "", 2.0));
        let p99 = echo[0].at(0.99) / echo.last().unwrap().at(0.99);
        met.push(target("key to echo p99 / nano's p99", p99, "", 3.0));
        let fifth = QUICKTILL.0 / 5.0 * nano(&first) / QUICKTILL.1;
        met.push(target("sale with card, quicktill's scaled by nano / 5", sale, "ms", fifth));
    }
    met.push(target("key to echo / bare ratatui's", kasse(&echo) / echo[1].median(), "", 1.0));
    met.push(target("bytes per typed key", key, "B", 32.0));
    met.push(target("bytes per scanned article", article, "B", 300.0));
    #[allow(clippy::cast_precision_loss)]
    met.push(target("idle: wake-ups per second", idle.naps as f64 / 10.0, "", 1.0));
    #[allow(clippy::cast_precision_loss)]
    met.push(target("idle: processor time in 10 s", idle.ticks as f64 * 10.0, "ms", 0.0));
    met.push(target("resident memory", resident, "MiB", 16.0));
    met.push(target("10,000 lines / 10 lines, key to echo", large, "", 1.5));
    met.push(target("binary, stripped", size, "MB", 12.0));
    println!("{} of {} met", met.iter().filter(|met| **met).count(), met.len());
}

fn first_frames(contenders: &[Contender]) -> Vec<Samples> {
    let mut samples: Vec<_> = contenders.iter().map(|_| Samples::default()).collect();
    for _ in 0..ROUNDS {
        for (contender, samples) in contenders.iter().zip(&mut samples) {
            samples.time(Probe::start(&contender.start).until_bytes(contender.ready));
        }
    }
    println!("start to first frame, ms (median, p90 of {ROUNDS}, in turn):");
    for (contender, samples) in contenders.iter().zip(&samples) {
        println!("  {:<14} {:>7.2} {:>7.2}", contender.name, samples.median(), samples.at(0.9));
    }
    samples
}

/// Echo of a key for all programs in turn; ten idle seconds of the console.
fn at_the_keys(contenders: &[Contender], home: &Path) -> (Vec<Samples>, Usage) {
    let mut names: Vec<&str> = contenders.iter().map(|contender| contender.name).collect();
    let mut probes: Vec<Probe> = contenders
        .iter()
        .map(|contender| {
            let mut probe = Probe::start(&contender.start);
            probe.until_bytes(contender.ready);
            probe.quiet(Duration::from_millis(300));
            probe
        })
        .collect();
    names.push("kernel (cat)");
    let cat = Start { program: "cat", args: &[], home, env: &[] };
    probes.push(Probe::start(&cat));
    let mut echo: Vec<_> = probes.iter().map(|_| Samples::default()).collect();
    let mut bytes: Vec<_> = probes.iter().map(|_| Samples::default()).collect();
    for _ in 0..KEYS {
        for ((probe, echo), bytes) in probes.iter_mut().zip(&mut echo).zip(&mut bytes) {
            let answer = probe.echo(b"7", Duration::from_millis(3));
            echo.time(answer.first);
            bytes.add(f64::from(u32::try_from(answer.bytes).unwrap()));
            probe.echo(b"\x7f", Duration::from_millis(3));
        }
    }
    println!("\nkey to echo, ms (median, p99 of {KEYS}, in turn), bytes, resident MiB:");
    for ((name, probe), (echo, bytes)) in names.iter().zip(&probes).zip(echo.iter().zip(&bytes)) {
        #[allow(clippy::cast_precision_loss)]
        let resident = probe.usage().resident as f64 / 1024.0;
        println!(
            "  {name:<14} {:>7.3} {:>7.3} {:>6.0} {resident:>7.1}",
            echo.median(),
            echo.at(0.99),
            bytes.median()
        );
    }
    echo.pop();
    let console = &mut probes[0];
    console.quiet(Duration::from_secs(1));
    let before = console.usage();
    let since = Instant::now();
    let mut written = 0;
    while since.elapsed() < Duration::from_secs(10) {
        written += console.quiet(Duration::from_secs(10).saturating_sub(since.elapsed()));
    }
    let after = console.usage();
    let idle = Usage {
        naps: after.naps - before.naps,
        ticks: after.ticks - before.ticks,
        resident: after.resident,
    };
    println!(
        "ten idle seconds of the console: {written} bytes, {} wake-ups, {}0 ms of processor time",
        idle.naps, idle.ticks
    );
    (echo, idle)
}

/// Waits as long as an amount must be on the screen before a key pays it; returns how long.
fn look(console: &mut Probe, keys: &str) -> Duration {
    let since = Instant::now();
    if keys == PAY {
        console.quiet(LOOK);
    }
    since.elapsed()
}

/// Bytes of a typed key (mean over an article number) and of a scanned article (median), and the
/// time of a whole sale with card, ms.
fn sales(start: &Start) -> (f64, f64, f64) {
    let mut console = Probe::start(start);
    console.until("Server connected");
    console.quiet(Duration::from_millis(300));
    let (mut article, mut time, mut all) =
        (Samples::default(), Samples::default(), Samples::default());
    let (mut typed, mut keys) = (0, 0);
    for letter in "30037\r30200\r30037\r30200\r".bytes() {
        let answer = console.echo(&[letter], SILENCE);
        if letter != b'\r' {
            typed += answer.bytes;
            keys += 1;
        }
    }
    #[allow(clippy::cast_precision_loss)]
    let key = typed as f64 / f64::from(keys);
    println!("  bytes per key of a typed article number: mean {key:.1}");
    for code in ["30037\r", "4999012345678\r", "30200\r"].repeat(10) {
        let answer = console.echo(code.as_bytes(), SILENCE);
        article.add(f64::from(u32::try_from(answer.bytes).unwrap()));
    }
    let steps = [
        ("9276004425000006\r", "● created ─ ○ processing"),
        ("/", "● processing ─ ○ ok"),
        ("+", "Payment"),
        // The card pays all. By a key of its own: the same key twice waits for repeats.
        (PAY, "● processing ─ ● ok"),
    ];
    // The first sale only clears the basket.
    for (keys, shows) in steps {
        look(&mut console, keys);
        console.send(keys.as_bytes());
        console.until(shows);
    }
    for _ in 0..20 {
        console.quiet(Duration::from_millis(100));
        let typed = Instant::now();
        console.send(b"30037\r4999012345678\r30200\r");
        let (mut bytes, mut looked) = (0, Duration::ZERO);
        for (keys, shows) in steps {
            looked += look(&mut console, keys);
            console.send(keys.as_bytes());
            bytes += console.until(shows);
        }
        time.time(typed.elapsed().saturating_sub(looked));
        all.add(f64::from(u32::try_from(bytes).unwrap()));
    }
    println!(
        "  bytes per scanned article: median {:.0}, most {:.0}",
        article.median(),
        article.at(1.0)
    );
    println!(
        "  three scans, card, apply, total, pay until the receipt, without the {} ms of looking at the \
         amount: median {:.1} ms, most {:.1} ms, {:.0} bytes",
        LOOK.as_millis(),
        time.median(),
        time.at(1.0),
        all.median()
    );
    (key, article.median(), time.median())
}

/// The ratio of the echo with 10,000 lines in the basket to that with 10.
fn ten_thousand_lines(start: &Start) -> f64 {
    let mut console = Probe::start(start);
    console.until("Server connected");
    let echo = |console: &mut Probe| {
        let mut samples = Samples::default();
        for _ in 0..100 {
            samples.time(console.echo(b"7", Duration::from_millis(3)).first);
            console.echo(b"\x7f", Duration::from_millis(3));
        }
        samples.median()
    };
    let scan = |console: &mut Probe, lines: usize| {
        let since = Instant::now();
        for _ in 0..lines / 10 {
            console.send("30037\r".repeat(10).as_bytes());
            console.quiet(Duration::ZERO);
        }
        console.quiet(Duration::from_millis(500));
        since.elapsed()
    };
    scan(&mut console, 10);
    let few = echo(&mut console);
    let took = scan(&mut console, 9_990);
    console.until("34,900.00 EUR");
    let many = echo(&mut console);
    println!(
        "  key to echo with 10 lines {few:.3} ms, with 10,000 lines {many:.3} ms; \
         9,990 scans in {:.1} s",
        took.as_secs_f64()
    );
    many / few
}
