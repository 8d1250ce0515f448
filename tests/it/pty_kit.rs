//! The program itself in the test's hands: started on a terminal of its own, with a VT100 screen
//! that shows what a cashier would see, and every byte kept.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, PipeWriter, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use filedescriptor::FileDescriptor;
use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};
use rustix::termios::{
    InputModes, OptionalActions, Termios, Winsize, tcgetattr, tcsetattr, tcsetwinsize,
};
use tempfile::TempDir;

pub const BEGIN: &[u8] = b"\x1b[?2026h";
pub const END: &[u8] = b"\x1b[?2026l";

/// How long anything may take before the test fails.
const PATIENCE: Duration = Duration::from_secs(20);

/// Terminals and processes are opened one at a time: a descriptor that another test is about to
/// mark as its own would otherwise live on in a stranger's process, and no line would hang up.
static STARTING: Mutex<()> = Mutex::new(());

fn starting() -> MutexGuard<'static, ()> {
    STARTING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Position of the last `needle` in `bytes`.
fn last(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len()).rposition(|window| window == needle)
}

pub fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    last(bytes, needle).is_some()
}

/// A user with an empty home directory and a clean environment.
pub struct Home {
    dir: TempDir,
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
        let dir = TempDir::new().unwrap();
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
        let mut command = Command::new(env!("CARGO_BIN_EXE_kasse"));
        command.args(args).env_clear().envs(&self.env).current_dir(self.path());
        command
    }

    /// Runs the program without a terminal to its end.
    pub fn run(&self, args: &[&str]) -> Finished {
        let mut command = self.command(args);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = {
            let _alone = starting();
            command.spawn().unwrap()
        };
        let (out, err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let (stdout, stderr) = (collect(out), collect(err));
        let text = |texts: std::sync::mpsc::Receiver<String>| texts.recv_timeout(PATIENCE).ok();
        let (Some(stdout), Some(stderr)) = (text(stdout), text(stderr)) else {
            child.kill().unwrap();
            child.wait().unwrap();
            panic!("kasse {args:?} does not end");
        };
        Finished { code: child.wait().unwrap().code().unwrap(), stdout, stderr }
    }

    /// The console on a terminal of `columns` and `rows`.
    pub fn console(&self, columns: u16, rows: u16) -> Pty {
        self.start(env!("CARGO_BIN_EXE_kasse"), &[], columns, rows)
    }

    /// The program as a shell starts it: the shell says how it ended and keeps the terminal.
    pub fn in_shell(&self, args: &[&str], columns: u16, rows: u16) -> Pty {
        let script = "sh -c 'echo $$ > \"$HOME/pid\"; exec \"$@\"' sh \"$@\"\n\
                      echo \"code=$?.\"; read -r line";
        let mut all = vec!["-c", script, "sh", env!("CARGO_BIN_EXE_kasse")];
        all.extend(args);
        self.start("sh", &all, columns, rows)
    }

    /// The process that the shell started.
    pub fn pid_in_shell(&self) -> Pid {
        let text = fs::read_to_string(self.path().join("pid")).unwrap();
        Pid::from_raw(text.trim().parse().unwrap()).unwrap()
    }

    fn start(&self, program: &str, args: &[&str], columns: u16, rows: u16) -> Pty {
        let mut command = CommandBuilder::new(program);
        command.args(args);
        command.env_clear();
        for (name, value) in &self.env {
            command.env(name, value);
        }
        command.cwd(self.path());
        Pty::start(command, columns, rows)
    }

    /// A sandbox of its own on this port (0: a free one) of this machine.
    pub fn sandbox(&self, port: u16) -> SandboxProcess {
        let mut command = self.command(&["sandbox", "--listen", &format!("127.0.0.1:{port}")]);
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
        SandboxProcess { child, url, port }
    }
}

fn collect(mut from: impl Read + Send + 'static) -> std::sync::mpsc::Receiver<String> {
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
}

impl SandboxProcess {
    /// Ends it as a power cut would.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
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

/// What came from the terminal so far.
struct Seen {
    parser: vt100::Parser,
    log: Vec<u8>,
    /// All text that stood on the screen at the end of a frame, for what must never be seen.
    frames: Vec<String>,
    closed: bool,
    exit: Option<u32>,
}

impl Seen {
    /// No frame is under way: the screen is one that the cashier sees.
    fn whole(&self) -> bool {
        last(&self.log, BEGIN) <= last(&self.log, END)
    }
}

#[derive(Clone)]
struct Shared(Arc<(Mutex<Seen>, Condvar)>);

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut Seen)) {
        change(&mut self.lock());
        self.0.1.notify_all();
    }

    /// Waits until `done`; false if that takes too long.
    fn wait(&self, patience: Duration, mut done: impl FnMut(&Seen) -> bool) -> bool {
        let until = Instant::now() + patience;
        let mut seen = self.lock();
        loop {
            if done(&seen) {
                return true;
            }
            let Some(left) = until.checked_duration_since(Instant::now()) else { return false };
            let woken = self.0.1.wait_timeout(seen, left);
            seen = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

/// A terminal with a program on it; the program is killed when this is dropped.
pub struct Pty {
    shared: Shared,
    /// The terminal's own end. `None` once hung up.
    end: Option<Arc<File>>,
    reader: Option<(PipeWriter, JoinHandle<()>)>,
    pid: Pid,
    before: Termios,
}

impl Pty {
    fn start(command: CommandBuilder, columns: u16, rows: u16) -> Self {
        let alone = starting();
        let size = PtySize { rows, cols: columns, ..PtySize::default() };
        let pair = native_pty_system().openpty(size).unwrap();
        let end = FileDescriptor::dup(&pair.master.as_raw_fd().unwrap()).unwrap();
        let end = Arc::new(end.as_file().unwrap());
        // Not what a terminal starts with: whoever "restores" some usual modes is found out.
        let mut before = tcgetattr(&*end).unwrap();
        before.input_modes.toggle(InputModes::IXANY);
        tcsetattr(&*end, OptionalActions::Now, &before).unwrap();
        let before = tcgetattr(&*end).unwrap();
        let mut child = pair.slave.spawn_command(command).unwrap();
        drop(pair);
        drop(alone);

        let pid = i32::try_from(child.process_id().unwrap()).unwrap();
        let shared = Shared(Arc::new((
            Mutex::new(Seen {
                parser: vt100::Parser::new(rows, columns, 0),
                log: Vec::new(),
                frames: Vec::new(),
                closed: false,
                exit: None,
            }),
            Condvar::new(),
        )));
        let (stop, stopped) = io::pipe().map(|(reader, writer)| (writer, reader)).unwrap();
        let reader = {
            let (shared, end) = (shared.clone(), Arc::clone(&end));
            thread::spawn(move || read(&end, &stopped, &shared))
        };
        let waiting = shared.clone();
        thread::spawn(move || {
            let code = child.wait().unwrap().exit_code();
            waiting.change(|seen| seen.exit = Some(code));
        });
        Self {
            shared,
            end: Some(end),
            reader: Some((stop, reader)),
            pid: Pid::from_raw(pid).unwrap(),
            before,
        }
    }

    fn end(&self) -> &File {
        self.end.as_ref().expect("a line that is not hung up")
    }

    pub const fn pid(&self) -> Pid {
        self.pid
    }

    /// Types all of it at once.
    pub fn type_bytes(&self, bytes: impl AsRef<[u8]>) {
        self.end().write_all(bytes.as_ref()).unwrap();
    }

    /// Types, then waits for a text on the screen.
    pub fn keys(&self, bytes: &str, text: &str) {
        self.type_bytes(bytes);
        self.wait_for(text);
    }

    pub fn wait_for(&self, text: &str) {
        self.wait_until(text, |screen| screen.contents().contains(text));
    }

    pub fn wait_for_all(&self, texts: &[&str]) {
        self.wait_until(&texts.join(", "), |screen| {
            let contents = screen.contents();
            texts.iter().all(|text| contents.contains(text))
        });
    }

    pub fn wait_until(&self, what: &str, mut done: impl FnMut(&vt100::Screen) -> bool) {
        let ok = self.shared.wait(PATIENCE, |seen| seen.whole() && done(seen.parser.screen()));
        assert!(ok, "never shown: {what}\n{}", self.screen());
    }

    /// What the screen shows now.
    pub fn screen(&self) -> String {
        self.look(vt100::Screen::contents)
    }

    pub fn look<T>(&self, at: impl FnOnce(&vt100::Screen) -> T) -> T {
        at(self.shared.lock().parser.screen())
    }

    /// All bytes so far.
    pub fn log(&self) -> Vec<u8> {
        self.shared.lock().log.clone()
    }

    /// The text of every frame so far.
    pub fn frames(&self) -> Vec<String> {
        self.shared.lock().frames.clone()
    }

    /// How many bytes came since there were `mark` of them.
    pub fn bytes_since(&self, mark: usize) -> usize {
        self.shared.lock().log.len() - mark
    }

    /// Waits until nothing was written for `silence`, and returns the number of bytes so far.
    pub fn quiet(&self, silence: Duration) -> usize {
        let until = Instant::now() + PATIENCE;
        loop {
            let mark = self.shared.lock().log.len();
            if !self.shared.wait(silence, |seen| seen.log.len() > mark) {
                return mark;
            }
            assert!(Instant::now() < until, "never quiet\n{}", self.screen());
        }
    }

    /// Changes the size and waits for the frame that answers it.
    pub fn resize(&self, columns: u16, rows: u16) {
        let mark = {
            let mut seen = self.shared.lock();
            seen.parser.screen_mut().set_size(rows, columns);
            seen.log.len()
        };
        let size = Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(self.end(), size).unwrap();
        self.wait_for_frame(mark);
    }

    /// Waits until a frame has ended since there were `mark` bytes.
    pub fn wait_for_frame(&self, mark: usize) {
        let ended = |seen: &Seen| seen.whole() && contains(&seen.log[mark..], END);
        assert!(self.shared.wait(PATIENCE, ended), "nothing drawn\n{}", self.screen());
    }

    /// True if the modes of the line are those that the program found.
    pub fn modes_restored(&self) -> bool {
        // Every flag, speed and special character; the type itself cannot be compared.
        format!("{:?}", tcgetattr(self.end()).unwrap()) == format!("{:?}", self.before)
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(self.pid, signal).unwrap();
    }

    /// Lets go of the line, as a lost connection does.
    pub fn hang_up(&mut self) {
        if let Some((stop, reader)) = self.reader.take() {
            drop(stop);
            reader.join().unwrap();
        }
        self.end = None;
    }

    /// The code with which the program ends.
    pub fn exit_code(&self) -> u32 {
        let ended = self.shared.wait(PATIENCE, |seen| seen.exit.is_some());
        assert!(ended, "the program does not end\n{}", self.screen());
        if self.end.is_some() {
            assert!(self.shared.wait(PATIENCE, |seen| seen.closed), "the line stays open");
        }
        self.shared.lock().exit.unwrap()
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        if self.shared.lock().exit.is_none() {
            let _ = kill_process(self.pid, Signal::KILL);
        }
        self.hang_up();
    }
}

/// Reads from the terminal's end until the program is gone or the other end of `stopped` is.
fn read(mut end: &File, stopped: &io::PipeReader, shared: &Shared) {
    let mut chunk = [0; 4096];
    loop {
        let fds = &mut [PollFd::new(end, PollFlags::IN), PollFd::new(stopped, PollFlags::IN)];
        if poll(fds, None).is_err() {
            continue;
        }
        if !fds[1].revents().is_empty() {
            return;
        }
        match end.read(&mut chunk) {
            Ok(count) if count > 0 => shared.change(|seen| take(seen, &chunk[..count])),
            // The last one at the line has gone.
            _ => return shared.change(|seen| seen.closed = true),
        }
    }
}

fn take(seen: &mut Seen, bytes: &[u8]) {
    // Frame by frame, so that none is missed when several come in one read.
    for byte in bytes {
        seen.log.push(*byte);
        seen.parser.process(std::slice::from_ref(byte));
        if seen.log.ends_with(END) {
            let text = seen.parser.screen().contents();
            seen.frames.push(text);
        }
    }
}
