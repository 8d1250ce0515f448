//! A server in a process of its own: its address, its memory, its processor time.

use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use std::{env, fs};

use serde_json::Value;

use super::bare;

/// A running server; it is killed when this is dropped.
pub struct Server {
    child: Child,
    pub addr: SocketAddr,
}

/// Resident memory, KiB.
pub struct Memory {
    pub now: u64,
    pub most: u64,
}

impl Server {
    /// `kasse sandbox` as people start it, on a free port.
    pub fn sandbox(args: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kasse"));
        command.args(["sandbox", "--listen", "127.0.0.1:0", "--seed", "1"]).args(args);
        command.env("XDG_CONFIG_HOME", env!("CARGO_TARGET_TMPDIR"));
        Self::start(command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap())
    }

    /// The bare handler with these answers.
    pub fn bare(answers: &[Value; 4], threads: u8) -> Self {
        let mut command = Command::new(env::current_exe().unwrap());
        command.env(bare::CHILD, threads.to_string()).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        input.write_all(&serde_json::to_vec(answers).unwrap()).unwrap();
        drop(input);
        Self::start(child)
    }

    /// Waits until the server says where it listens.
    fn start(mut child: Child) -> Self {
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let addr = line.trim().strip_prefix("listening on http://").unwrap().parse().unwrap();
        Self { child, addr }
    }

    pub fn memory(&self) -> Memory {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let kib = |name: &str| -> u64 {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            line.trim_end_matches("kB").trim().parse().unwrap()
        };
        Memory { now: kib("VmRSS:"), most: kib("VmHWM:") }
    }

    /// User and system time so far.
    pub fn processor(&self) -> Duration {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        // Behind the name, which may hold anything, times are fields 11 and 12, in hundredths.
        let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
        let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
        Duration::from_millis(ticks * 10)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}
