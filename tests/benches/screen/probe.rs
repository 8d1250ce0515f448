//! A program on a terminal of its own, timed from the terminal's end.
//!
//! One thread: what is measured is the program, not a reader that has to be woken first. Must not
//! know which program it is.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use filedescriptor::FileDescriptor;
use portable_pty::{Child, CommandBuilder, PtySize, native_pty_system};
use rustix::event::{PollFd, PollFlags, Timespec, poll};

/// Nothing may take longer: the longest is a start that reads a million sales.
const PATIENCE: Duration = Duration::from_secs(600);
/// Columns and rows of every terminal.
pub const SIZE: (u16, u16) = (120, 40);

/// How a program is started.
pub struct Start<'a> {
    pub program: &'a str,
    pub args: &'a [&'a str],
    pub home: &'a Path,
    pub env: &'a [(&'a str, &'a str)],
}

/// A running program; it is killed when this is dropped.
pub struct Probe {
    end: File,
    child: Box<dyn Child + Send + Sync>,
    screen: vt100::Parser,
    started: Instant,
}

/// What came back for what was typed.
#[derive(Clone, Copy)]
pub struct Answer {
    /// Until the first byte.
    pub first: Duration,
    /// How many bytes until silence.
    pub bytes: usize,
}

/// What a process used up so far, all its threads together.
pub struct Usage {
    /// Times that a thread went to sleep by itself.
    pub naps: u64,
    /// Processor time in hundredths of a second.
    pub ticks: u64,
    /// Resident memory, KiB.
    pub resident: u64,
}

impl Probe {
    pub fn start(how: &Start) -> Self {
        let size = PtySize { cols: SIZE.0, rows: SIZE.1, ..PtySize::default() };
        let pair = native_pty_system().openpty(size).unwrap();
        let end = FileDescriptor::dup(&pair.master.as_raw_fd().unwrap()).unwrap();
        let end = end.as_file().unwrap();
        let mut command = CommandBuilder::new(how.program);
        command.args(how.args);
        command.env_clear();
        let path = std::env::var("PATH").unwrap_or_default();
        let home = how.home.to_str().unwrap();
        let common = [
            ("PATH", path.as_str()),
            ("HOME", home),
            ("XDG_STATE_HOME", home),
            ("XDG_CONFIG_HOME", home),
            ("TERM", "xterm-256color"),
            ("LANG", "C.UTF-8"),
        ];
        let env: BTreeMap<_, _> = common.into_iter().chain(how.env.iter().copied()).collect();
        for (name, value) in env {
            command.env(name, value);
        }
        command.cwd(how.home);
        let started = Instant::now();
        let child = pair.slave.spawn_command(command).unwrap();
        let [columns, rows] = [SIZE.0, SIZE.1].map(|cells| cells.try_into().unwrap());
        Self { end, child, screen: vt100::Parser::new(rows, columns, 0), started }
    }

    /// The bytes that come within `patience`, none if it stays silent.
    fn read(&mut self, patience: Duration) -> Vec<u8> {
        let wait = Timespec {
            tv_sec: i64::try_from(patience.as_secs()).unwrap(),
            tv_nsec: i64::from(patience.subsec_nanos()),
        };
        let fds = &mut [PollFd::new(&self.end, PollFlags::IN)];
        if poll(fds, Some(&wait)).unwrap_or(0) == 0 {
            return Vec::new();
        }
        let mut bytes = vec![0; 65_536];
        let count = self.end.read(&mut bytes).unwrap_or(0);
        bytes.truncate(count);
        self.screen.process(&bytes);
        bytes
    }

    /// From the start of the program until these bytes are there.
    pub fn until_bytes(&mut self, needle: &[u8]) -> Duration {
        let mut seen = Vec::new();
        while self.started.elapsed() < PATIENCE {
            seen.extend(self.read(Duration::from_secs(1)));
            if seen.windows(needle.len()).any(|window| window == needle) {
                return self.started.elapsed();
            }
        }
        panic!("{:?} never came: {}", needle, self.screen.screen().contents());
    }

    /// Waits until the screen shows this text.
    pub fn until(&mut self, text: &str) -> usize {
        let since = Instant::now();
        let mut bytes = 0;
        while !self.screen.screen().contents().contains(text) {
            assert!(since.elapsed() < PATIENCE, "no {text:?}: {}", self.screen.screen().contents());
            bytes += self.read(Duration::from_secs(1)).len();
        }
        bytes
    }

    /// Takes what comes until nothing comes for `silence`.
    pub fn quiet(&mut self, silence: Duration) -> usize {
        let mut bytes = 0;
        loop {
            match self.read(silence).len() {
                0 => return bytes,
                more => bytes += more,
            }
        }
    }

    pub fn send(&mut self, bytes: &[u8]) {
        self.end.write_all(bytes).unwrap();
    }

    /// Types, and measures until the first byte and until `silence`.
    pub fn echo(&mut self, bytes: &[u8], silence: Duration) -> Answer {
        let typed = Instant::now();
        self.send(bytes);
        let begun = self.read(PATIENCE).len();
        let first = typed.elapsed();
        assert!(begun > 0, "no answer to {bytes:?}: {}", self.screen.screen().contents());
        Answer { first, bytes: begun + self.quiet(silence) }
    }

    pub fn usage(&self) -> Usage {
        let place = format!("/proc/{}", self.child.process_id().unwrap());
        let status = fs::read_to_string(format!("{place}/status")).unwrap();
        let stat = fs::read_to_string(format!("{place}/stat")).unwrap();
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
        let ticks = |at: usize| fields.get(at).unwrap().parse::<u64>().unwrap();
        let naps = fs::read_dir(format!("{place}/task")).unwrap().filter_map(|task| {
            let status = fs::read_to_string(task.ok()?.path().join("status")).ok()?;
            Some(number(&status, "voluntary_ctxt_switches:"))
        });
        Usage {
            naps: naps.sum(),
            ticks: ticks(11) + ticks(12),
            resident: number(&status, "VmRSS:"),
        }
    }
}

fn number(status: &str, name: &str) -> u64 {
    let line = status.lines().find(|line| line.starts_with(name)).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|text| text.parse().ok()).unwrap_or_default()
}

impl Drop for Probe {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
