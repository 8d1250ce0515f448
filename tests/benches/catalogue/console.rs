//! The real program on a pseudo-terminal, in a home of its own.

use std::fs;
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// How long something is waited for.
const PATIENCE: Duration = Duration::from_secs(120);

/// A clean environment in this directory.
pub fn env(home: &Path) -> Vec<(String, String)> {
    let below = |name: &str| home.join(name).to_str().unwrap().to_owned();
    [
        ("HOME", below("")),
        ("XDG_CONFIG_HOME", below("config")),
        ("XDG_STATE_HOME", below("state")),
        ("TERM", "xterm-256color".to_owned()),
        ("LANG", "C.UTF-8".to_owned()),
        ("TZ", "UTC".to_owned()),
        ("PATH", "/usr/bin:/bin".to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec()
}

/// A figure of a process, KiB; 0 if it has none.
pub fn kib(pid: u32, name: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// Whether a child has ended; nobody has asked for its code yet.
pub fn has_ended(pid: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_none_or(|(_, rest)| rest.starts_with('Z'))
}

/// A console that ends when it is dropped.
pub struct Console {
    child: Box<dyn Child + Send + Sync>,
    input: Mutex<Box<dyn Write + Send>>,
    output: Receiver<(Instant, Vec<u8>)>,
    screen: Mutex<vt100::Parser>,
    begun: Instant,
    _master: Box<dyn MasterPty + Send>,
}

impl Console {
    pub fn start(home: &Path) -> Self {
        let cells = |count: u16| NonZeroU16::new(count).unwrap();
        let size = PtySize { rows: 30, cols: 100, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_kasse"));
        command.cwd(home);
        command.env_clear();
        for (name, value) in env(home) {
            command.env(name, value);
        }
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (sender, output) = channel();
        let begun = Instant::now();
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        thread::spawn(move || {
            let mut buffer = vec![0; 64 * 1024];
            while let Ok(length @ 1..) = reader.read(&mut buffer) {
                if sender.send((Instant::now(), buffer[..length].to_vec())).is_err() {
                    break;
                }
            }
        });
        Self {
            child,
            input: Mutex::new(pair.master.take_writer().unwrap()),
            output,
            screen: Mutex::new(vt100::Parser::new(cells(30), cells(100), 0)),
            begun,
            _master: pair.master,
        }
    }

    pub fn pid(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    pub fn send(&self, keys: &str) {
        let mut input = self.input.lock().unwrap_or_else(PoisonError::into_inner);
        input.write_all(keys.as_bytes()).unwrap();
        input.flush().unwrap();
    }

    /// Waits until the screen shows this; when it did.
    pub fn wait(&self, text: &str) -> Instant {
        let mut screen = self.screen.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let (at, bytes) = self.output.recv_timeout(PATIENCE).unwrap_or_else(|_| {
                panic!("no {text:?} on the screen:\n{}", screen.screen().contents())
            });
            screen.process(&bytes);
            if screen.screen().contents().contains(text) {
                return at;
            }
        }
    }

    /// How long the first frame took.
    pub fn first_frame(self) -> Duration {
        self.wait("Basket").duration_since(self.begun)
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
