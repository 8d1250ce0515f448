//! What happens to the sandbox: faults switched at random, kills, restarts, standstills.

use std::fs;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use kasse::sandbox::{Fixtures, Ledger};
use rustix::process::Signal;

use super::books::Finding;
use super::cashier::Dice;
use super::counts::Counts;
use super::trace::{Trace, copy};
use crate::pty::home::{Home, SandboxProcess};

/// Faults of missing and unreadable answers.
pub const LOST: &[&str] = &[
    "latency=0..120@start:1/2",
    "latency=0..40:1/2",
    "latency=800..2500@start#1",
    "lost-answer@start#1",
    "lost-answer@create#1",
    "lost-answer@cancel#1",
    "lost-answer@abort#1",
    "lost-answer@update#1",
    "lost-answer@pre_transaction#1",
    "torn-body@start#1",
    "torn-body#1",
    "lost-request@start#1",
    "lost-request:1/30",
    "error-500@start#1",
    "error-500=after@start#1",
    "error-500=after@cancel#1",
    "error-500@read#2",
    "html@start#1",
    "html=after@start#1",
    "html=after@read#1",
    "token-expired#1",
    "token-expired@start#1",
    "too-many#1",
    "restart#1",
    "card-spent@start#1",
    "slow-drip=300@start#1",
];

/// Faults whose answers look definite and are wrong.
pub const WRONG: &[&str] = &[
    "refused-after=400@start#1",
    "refused-after=401@start#1",
    "refused-after=403@start#1",
    "refused-after=404@start#1",
    "refused-after=409@start#1",
    "refused-after=429@start#1",
    "refused-after=404-bare@start#1",
    "refused-after=409-bare@start#1",
    "refused-after=401-bare@start#1",
    "refused-after=400@cancel#1",
    "refused-after=403@cancel#1",
    "refused-after=404@cancel#1",
    "refused-after=409@cancel#1",
    "refused-after=404-bare@cancel#1",
    "refused-after=409@create#1",
    "refused-after=404@abort#1",
    "refused-after=409@abort#1",
    "refused-after=404@update#1",
    "refused-after=404@pre_transaction#1",
    "refused=404@start#1",
    "refused=409@start#1",
    "refused=401@start#1",
    "refused=404@read#2",
    "refused=404@abort#1",
    "refused=403@cancel#1",
    "refused=409@cancel#1",
    "refused=404@update#1",
    "other-answer@start#1",
    "other-answer=id@start#1",
    "other-answer=reference@start#1",
    "other-answer=sum@start#1",
    "other-answer=currency@start#1",
    "other-answer@read#1",
    "other-answer=id@read#1",
    "other-answer=reference@read#1",
    "other-answer=sum@read#1",
    "other-answer@create#1",
    "other-answer=id@create#1",
    "other-answer=reference@create#1",
    "other-answer=sum@create#1",
    "other-answer@update#1",
    "other-answer=sum@update#1",
    "other-answer=sum@pre_transaction#1",
    "other-answer@cancel#1",
    "other-answer@abort#1",
    "other-answer@list#1",
    "other-answer=reference@list#1",
    "other-answer=unsent@start#1",
    "other-answer=unsent@read#2",
    "other-answer=unsent@cancel#1",
    "other-answer=unsent@abort#1",
    "duplicate@start#1",
    "duplicate@cancel#1",
    "duplicate@create#1",
    "duplicate@abort#1",
    "duplicate:1/10",
    "lag=2000",
    "lag=20000@read#3",
    "lag=20000@abort#2",
    "lag=20000@list#2",
];

/// The sandbox's own process and file, and how it is disturbed.
pub struct Shop {
    home: Home,
    process: Option<SandboxProcess>,
    port: u16,
    state: PathBuf,
    /// What was switched on last.
    armed: Vec<String>,
}

impl Shop {
    /// A sandbox with new books.
    pub fn open() -> Self {
        let home = Home::new();
        let state = home.path().join("books");
        let mut shop = Self { home, process: None, port: 0, state, armed: Vec::new() };
        shop.start();
        shop
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub fn state(&self) -> &PathBuf {
        &self.state
    }

    fn start(&mut self) {
        let state = self.state.to_str().unwrap();
        let flags = ["--state", state, "--terminal-latency", "400"];
        let process = self.home.sandbox_with(self.port, &flags);
        self.port = process.port;
        self.process = Some(process);
    }

    /// The books as they are on the disk, from a copy.
    pub fn ledger(&self) -> Result<Ledger, Finding> {
        let copied = self.home.path().join("copy");
        self.copy(&copied).map_err(|error| format!("the sandbox's file: {error}"))?;
        Ledger::open(&copied, false, &Fixtures::default(), 0)
            .map_err(|error| format!("the sandbox's file: {error}"))
    }

    /// Copies the books with their logs; once more when they were compacted meanwhile.
    fn copy(&self, to: &Path) -> io::Result<()> {
        let beside =
            |path: &Path, suffix: &str| PathBuf::from(format!("{}{suffix}", path.display()));
        loop {
            let before = fs::metadata(&self.state)?.ino();
            for suffix in ["", ".log0", ".log1"] {
                copy(&beside(&self.state, suffix), &beside(to, suffix))?;
            }
            if fs::metadata(&self.state)?.ino() == before {
                return Ok(());
            }
        }
    }

    /// Disturbs until told to stop; leaves a sandbox that serves, with some faults on.
    pub fn disturb(
        &mut self,
        pool: &[&str],
        stop: &AtomicBool,
        dice: &mut Dice,
        trace: &Trace,
    ) -> Counts {
        let mut counts = Counts::default();
        while !stop.load(Ordering::SeqCst) {
            match dice.below(20) {
                0 => self.restart(false, trace, &mut counts),
                1 => self.restart(true, trace, &mut counts),
                2 => self.stand_still(dice, trace, &mut counts),
                3..=5 => self.switch(&[], trace, &mut counts),
                _ => {
                    let faults: Vec<&str> =
                        (0..=dice.below(4)).map(|_| dice.one_of(pool)).collect();
                    self.switch(&faults, trace, &mut counts);
                }
            }
            let pause = Duration::from_millis(200 + dice.below(1_800));
            pausing(pause, stop);
        }
        counts
    }

    /// Switches these faults on and all others off; counts which of the former have hit.
    pub fn switch(&mut self, faults: &[&str], trace: &Trace, counts: &mut Counts) {
        self.count_hits(counts);
        let body = serde_json::to_string(faults).unwrap();
        if self.control("PUT", "/sandbox/faults", &body).is_none() {
            trace.line("sandbox", format_args!("faults could not be switched: {body}"));
            return;
        }
        trace.line("sandbox", format_args!("faults {body}"));
        for fault in faults {
            counts.add(&format!("on {}", name(fault)));
        }
        self.armed = faults.iter().map(|fault| (*fault).to_owned()).collect();
    }

    /// Those for the next calls tell how many are left.
    fn count_hits(&mut self, counts: &mut Counts) {
        let Some(text) = self.control("GET", "/sandbox/faults", "") else { return };
        let Ok(mut left) = serde_json::from_str::<Vec<String>>(&text) else { return };
        for armed in self.armed.drain(..) {
            let Some((kind, given)) = armed.split_once('#') else { continue };
            let given: u64 = given.parse().unwrap_or_default();
            let at = left
                .iter()
                .position(|text| text.split_once('#').is_some_and(|(other, _)| same(other, kind)));
            let rest = at.map_or(0, |at| {
                let text = left.remove(at);
                text.split_once('#').and_then(|(_, rest)| rest.parse().ok()).unwrap_or_default()
            });
            for _ in rest..given {
                counts.add(&format!("hit {}", name(&armed)));
            }
        }
    }

    /// The sandbox forgets everything: its file is gone.
    pub fn forget(&mut self, trace: &Trace) {
        if let Some(process) = self.process.take() {
            process.kill();
        }
        fs::remove_file(&self.state).unwrap();
        trace.line("sandbox", format_args!("has lost its books"));
        self.start();
    }

    /// All faults off, the sandbox killed and started again: what is not on its disk is gone.
    pub fn mend(&mut self, trace: &Trace, counts: &mut Counts) {
        self.switch(&[], trace, counts);
        self.restart(true, trace, counts);
    }

    fn restart(&mut self, killed: bool, trace: &Trace, counts: &mut Counts) {
        self.count_hits(counts);
        let Some(process) = self.process.take() else { return };
        if killed {
            process.kill();
            counts.add("sandbox killed");
        } else {
            process.terminate();
            counts.add("sandbox restarted");
        }
        trace.line("sandbox", format_args!("ended, killed: {killed}"));
        self.start();
        trace.line("sandbox", format_args!("serves again"));
    }

    fn stand_still(&self, dice: &mut Dice, trace: &Trace, counts: &mut Counts) {
        let Some(process) = &self.process else { return };
        trace.line("sandbox", format_args!("stands still"));
        process.freeze();
        thread::sleep(Duration::from_millis(300 + dice.below(2_500)));
        process.signal(Signal::CONT);
        trace.line("sandbox", format_args!("goes on"));
        counts.add("sandbox stood still");
    }

    /// One request to the sandbox itself; `None` when it does not answer with a success.
    fn control(&self, method: &str, path: &str, body: &str) -> Option<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
        let (port, length) = (self.port, body.len());
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        let (head, body) = answer.split_once("\r\n\r\n")?;
        head.starts_with("HTTP/1.1 200").then(|| body.to_owned())
    }
}

/// Name and place of a fault, without its frequency.
fn name(fault: &str) -> &str {
    fault.split([':', '#']).next().unwrap_or(fault)
}

/// The sandbox writes `any` for a place that was left out.
fn same(told: &str, armed: &str) -> bool {
    told == armed || told.strip_suffix("@any") == Some(armed)
}

/// Waits, but not longer than until told to stop.
pub fn pausing(pause: Duration, stop: &AtomicBool) {
    const LOOK: Duration = Duration::from_millis(50);
    let mut left = pause;
    while !left.is_zero() && !stop.load(Ordering::SeqCst) {
        thread::sleep(left.min(LOOK));
        left = left.saturating_sub(LOOK);
    }
}

/// The faults that begin as one of `wanted` says; without any, all.
pub fn pool(wanted: &[String], wrong: bool) -> Vec<&'static str> {
    let wanted =
        |fault: &str| wanted.is_empty() || wanted.iter().any(|start| fault.starts_with(start));
    let all = LOST.iter().chain(if wrong { WRONG } else { &[] });
    all.copied().filter(|fault| wanted(fault)).collect()
}
