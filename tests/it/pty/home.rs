//! A user of the real program: an empty home directory, a clean environment, and what can be started
//! in it: a command, a console on a terminal, a sandbox of its own.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, LazyLock};
use std::thread;

use portable_pty::CommandBuilder;
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};
use tempfile::TempDir;

use crate::pty::kit::{PATIENCE, Pty, starting};

/// The program: the one that cargo built for the tests, otherwise (in an example) the one in the
/// profile's folder above the running one.
pub fn kasse() -> &'static str {
    static BESIDE: LazyLock<String> = LazyLock::new(|| {
        let own = std::env::current_exe().unwrap();
        let profile = own.parent().and_then(Path::parent).unwrap();
        profile.join("kasse").to_str().unwrap().to_owned()
    });
    option_env!("CARGO_BIN_EXE_kasse").unwrap_or(&BESIDE)
}

/// A user with an empty home directory and a clean environment.
pub struct Home {
    dir: Arc<TempDir>,
    env: BTreeMap<String, String>,
}

/// What a program that ended left behind.
pub struct Finished {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Home {
    pub fn new() -> Self {
        let dir = Arc::new(TempDir::new().unwrap());
        let mut env = BTreeMap::new();
        for (name, below) in [
            ("HOME", ""),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_STATE_HOME", "state"),
            ("XDG_DATA_HOME", "data"),
            ("XDG_CACHE_HOME", "cache"),
        ] {
            env.insert(name.to_owned(), dir.path().join(below).to_str().unwrap().to_owned());
        }
        let home = Self { dir, env }.env("TERM", "xterm-256color").env("LANG", "C.UTF-8");
        home.env("PATH", &std::env::var("PATH").unwrap()).env("TZ", "Europe/Berlin")
    }

    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.env.insert(name.to_owned(), value.to_owned());
        self
    }

    /// The account of this server, in the environment.
    pub fn account(self, url: &str, id: &str, secret: &str) -> Self {
        self.env("KASSE_API_URL", url)
            .env("KASSE_API_CLIENT_ID", id)
            .env("KASSE_API_CLIENT_SECRET", secret)
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Writes a file that only its owner may read.
    pub fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path().join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        path
    }

    fn command(&self, args: &[&str]) -> Command {
        self.program(kasse(), args)
    }

    /// Runs the program without a terminal to its end.
    pub fn run(&self, args: &[&str]) -> Finished {
        self.run_with_input(args, "")
    }

    /// Runs the program to its end with this text on its standard input.
    pub fn run_with_input(&self, args: &[&str], input: &str) -> Finished {
        finish(self.command(args), input)
    }

    /// Any program, with this user's environment.
    pub fn program(&self, program: &str, args: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(args).env_clear().envs(&self.env).current_dir(self.path());
        command
    }

    /// The console on a terminal of `columns` and `rows`.
    pub fn console(&self, columns: u16, rows: u16) -> Pty {
        self.start(kasse(), &[], columns, rows)
    }

    /// The program as a shell starts it: the shell says how it ended and keeps the terminal.
    pub fn in_shell(&self, args: &[&str], columns: u16, rows: u16) -> Pty {
        let script = "sh -c 'echo $$ > \"$HOME/pid\"; exec \"$@\"' sh \"$@\"\n\
                      echo \"code=$?.\"; read -r line";
        let mut all = vec!["-c", script, "sh", kasse()];
        all.extend(args);
        self.start("sh", &all, columns, rows)
    }

    /// The process that the shell started.
    pub fn pid_in_shell(&self) -> Pid {
        let text = fs::read_to_string(self.path().join("pid")).unwrap();
        Pid::from_raw(text.trim().parse().unwrap()).unwrap()
    }

    /// Any program, with this user's environment.
    pub fn start(&self, program: &str, args: &[&str], columns: u16, rows: u16) -> Pty {
        let mut command = CommandBuilder::new(program);
        command.args(args);
        command.env_clear();
        for (name, value) in &self.env {
            command.env(name, value);
        }
        command.cwd(self.path());
        Pty::start(command, columns, rows, Arc::clone(&self.dir))
    }

    /// A sandbox of its own on this port (0: a free one) of this machine.
    pub fn sandbox(&self, port: u16) -> SandboxProcess {
        self.sandbox_with(port, &[])
    }

    /// The same with more flags.
    pub fn sandbox_with(&self, port: u16, flags: &[&str]) -> SandboxProcess {
        let mut command = self.command(&["sandbox", "--listen", &format!("127.0.0.1:{port}")]);
        command.args(flags);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut child = {
            let _alone = starting();
            command.spawn().unwrap()
        };
        let mut out = child.stdout.take().unwrap();
        let (sender, lines) = channel();
        thread::spawn(move || {
            let mut line = Vec::new();
            let mut byte = [0];
            while out.read(&mut byte).is_ok_and(|count| count == 1) {
                line.push(byte[0]);
                if byte[0] == b'\n' && sender.send(std::mem::take(&mut line)).is_err() {
                    return;
                }
            }
        });
        let first = lines.recv_timeout(PATIENCE).expect("a first line");
        let first = String::from_utf8(first).unwrap();
        let url = first.strip_prefix("listening on ").expect("where it listens").trim().to_owned();
        let port = url.strip_prefix("http://127.0.0.1:").unwrap().parse().unwrap();
        SandboxProcess { child, url, port, lines }
    }
}

/// Runs `command` to its end with this text on its standard input.
pub fn finish(mut command: Command, input: &str) -> Finished {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = {
        let _alone = starting();
        command.spawn().unwrap()
    };
    // A program that ends before it has read everything is no failure of the test.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let (out, err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let (stdout, stderr) = (collect(out), collect(err));
    let text = |texts: Receiver<String>| texts.recv_timeout(PATIENCE).ok();
    let (Some(stdout), Some(stderr)) = (text(stdout), text(stderr)) else {
        child.kill().unwrap();
        child.wait().unwrap();
        panic!("{command:?} does not end");
    };
    Finished { code: child.wait().unwrap().code().unwrap(), stdout, stderr }
}

fn collect(mut from: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, texts) = channel();
    thread::spawn(move || {
        let mut text = String::new();
        from.read_to_string(&mut text).unwrap();
        sender.send(text).unwrap_or_default();
    });
    texts
}

/// A sandbox in a process of its own; killed when dropped.
pub struct SandboxProcess {
    child: Child,
    pub url: String,
    pub port: u16,
    lines: Receiver<Vec<u8>>,
}

impl SandboxProcess {
    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends it as a power cut would.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// The next line that it writes.
    pub fn line(&self) -> String {
        String::from_utf8(self.lines.recv_timeout(PATIENCE).expect("a line")).unwrap()
    }

    /// Makes it answer nothing until [`Signal::CONT`], and returns once it stands still.
    pub fn freeze(&self) {
        self.signal(Signal::STOP);
        let options = WaitIdOptions::STOPPED | WaitIdOptions::NOWAIT;
        waitid(WaitId::Pid(Pid::from_child(&self.child)), options).unwrap();
    }

    /// Asks it to end and returns its exit code.
    pub fn terminate(mut self) -> Option<i32> {
        self.signal(Signal::TERM);
        self.child.wait().unwrap().code()
    }
}

impl Drop for SandboxProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
