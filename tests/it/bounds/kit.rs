//! Growing inputs, their times and the memory of a program.

use std::fs;
use std::io::{Read, Seek};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How many times longer eight times the input may take. Work in proportion takes 8 times as long,
/// quadratic work 64 times.
const MOST_GROWTH: f64 = 24.0;

/// Fails if `work` on eight times `size` takes far more than eight times as long. Of each size the
/// best of five counts: other programs only ever make it longer.
pub fn is_linear<T>(name: &str, size: usize, make: impl Fn(usize) -> T, work: impl Fn(&T)) {
    let best = |size: usize| -> Duration {
        let input = make(size);
        let time = || {
            let begun = Instant::now();
            work(&input);
            begun.elapsed()
        };
        (0..5).map(|_| time()).min().unwrap()
    };
    let (short, long) = (best(size), best(8 * size));
    let growth = long.as_secs_f64() / short.as_secs_f64();
    println!("{name}: {size} in {short:?}, 8 times as much in {long:?}, factor {growth:.1}");
    assert!(growth < MOST_GROWTH, "{name}: {short:?}, then {long:?}: factor {growth:.1}");
}

/// A program that has ended.
pub struct Ended {
    pub code: Option<i32>,
    pub stderr: String,
    /// The most resident memory that was seen of it, in KiB.
    pub memory: u64,
}

/// Runs `command` to its end and looks at its memory every millisecond.
pub fn watched(mut command: Command) -> Ended {
    // A file: nobody reads a pipe meanwhile.
    let mut stderr = tempfile::tempfile().unwrap();
    command.stdout(Stdio::null()).stderr(stderr.try_clone().unwrap());
    let mut child = command.spawn().unwrap();
    let mut memory = 0;
    while child.try_wait().unwrap().is_none() {
        memory = memory.max(resident(&child));
        thread::sleep(Duration::from_millis(1));
    }
    let mut text = String::new();
    stderr.rewind().unwrap();
    stderr.read_to_string(&mut text).unwrap();
    Ended { code: child.wait().unwrap().code(), stderr: text, memory }
}

fn resident(child: &Child) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}
