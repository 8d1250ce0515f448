//! One journal and what the real program does with it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use kasse::journal::{Journal, JournalError, Mode};
use rusqlite::Connection;

use crate::probe::{Probe, Start};

const KASSE: &str = env!("CARGO_BIN_EXE_kasse");
const FRAME_END: &[u8] = b"\x1b[?2026l";
/// What is typed first: as a whole on the screen once it is answered.
const KEYS: &str = "30037";
/// By then a start has done what it does while nobody waits.
const SETTLED: Duration = Duration::from_millis(700);

/// A state directory with a journal.
pub struct Books {
    dir: PathBuf,
    /// The reference of the first sale and the day in the middle.
    sale: String,
    day: String,
}

/// A start of the console.
pub struct Started {
    pub frame: Duration,
    pub key: Duration,
    /// MiB.
    pub memory: f64,
}

impl Books {
    /// The journal in the state directory `dir`; it is made by a first start if there is none.
    pub fn new(dir: PathBuf) -> Self {
        fs::create_dir_all(&dir).unwrap();
        let mut books = Self { dir, sale: "none".to_owned(), day: "2026-01-01".to_owned() };
        books.start();
        let reader = Journal::read_only(&books.dir.join("embedded"), Mode::Sandbox).unwrap();
        let _ = reader.for_each(1, |entry| {
            books.sale = entry.sale;
            Err(JournalError::Stopped)
        });
        let newest = reader.sales(None, 1).unwrap();
        let half = newest.first().map(|(first, _)| first / 2 + 1);
        if let Some((_, middle)) = reader.sales(half, 1).unwrap().first() {
            middle.first_at[..10].clone_into(&mut books.day);
        }
        books
    }

    /// Starts the console on a terminal, types, and kills it.
    pub fn start(&self) -> Started {
        let state = [("KASSE_STATE_DIR", self.dir.to_str().unwrap())];
        let begun = Instant::now();
        let how = Start { program: KASSE, args: &[], home: &self.dir, env: &state };
        let mut probe = Probe::start(&how);
        let frame = probe.until_bytes(FRAME_END);
        // Not before: until then the terminal itself shows what is typed.
        probe.send(KEYS.as_bytes());
        probe.until(KEYS);
        let key = begun.elapsed();
        probe.quiet(SETTLED);
        #[allow(clippy::cast_precision_loss)]
        let memory = probe.usage().resident as f64 / 1024.0;
        Started { frame, key, memory }
    }

    pub fn list(&self) -> f64 {
        self.timed(&["list"]).0
    }

    pub fn show(&self) -> f64 {
        self.timed(&["show", &self.sale]).0
    }

    pub fn export(&self) -> f64 {
        self.timed(&["export", "--format", "csv", "--from", &self.day, "--to", &self.day]).0
    }

    /// The time of `kasse journal verify`, ms, and the most memory that it had, MiB.
    pub fn verify(&self) -> (f64, f64) {
        self.timed(&["verify"])
    }

    /// The time of a command, ms, and the most memory that it had, MiB, as far as it was seen.
    fn timed(&self, args: &[&str]) -> (f64, f64) {
        let begun = Instant::now();
        let mut child = Command::new(KASSE)
            .arg("journal")
            .args(args)
            .env("KASSE_STATE_DIR", &self.dir)
            .env("HOME", &self.dir)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let place = format!("/proc/{}/status", child.id());
        let mut peak = 0;
        let watched = args == ["verify"];
        while watched && child.try_wait().unwrap().is_none() {
            peak = peak.max(kibibytes(&place, "VmHWM:"));
            thread::sleep(Duration::from_millis(1));
        }
        child.wait().unwrap();
        #[allow(clippy::cast_precision_loss)]
        let peak = peak as f64 / 1024.0;
        (begun.elapsed().as_secs_f64() * 1e3, peak)
    }

    /// Takes all checkpoints away: the next start reads every entry.
    pub fn lose_checkpoints(&self) {
        let file = self.dir.join("embedded/journal-sandbox.db");
        Connection::open(file).unwrap().execute("DELETE FROM checkpoints", ()).unwrap();
    }

    pub fn megabytes(&self) -> f64 {
        #[allow(clippy::cast_precision_loss)]
        let megabytes = crate::age::size(&self.dir) as f64 / 1e6;
        megabytes
    }
}

fn kibibytes(place: &str, name: &str) -> u64 {
    let status = fs::read_to_string(Path::new(place)).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|text| text.parse().ok()).unwrap_or_default()
}
