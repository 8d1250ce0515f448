//! The program itself in the test's hands: started on a terminal of its own, with a VT100 screen
//! that shows what a cashier would see, and every byte kept.

use std::fs::File;
use std::io::{self, PipeWriter, Read, Write};
use std::num::NonZeroU16;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use filedescriptor::FileDescriptor;
use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::{
    InputModes, OptionalActions, Termios, Winsize, tcgetattr, tcsetattr, tcsetwinsize,
};
use tempfile::TempDir;

/// What a console begins with: its screen, other programs' modes reset, nothing on it.
pub const ENTERED: &[u8] = b"\x1b[?1049h\x1b[?9;1000;1001;1002;1003;1004l\
    \x1b[?1005;1006;1015;1016;2004;1l\x1b>\x1b[=0u\x1b[>4;0m\x0f\x1b(B\x1b[4l\x1b[?6l\x1b[r\x1b[2J";
pub const BEGIN: &[u8] = b"\x1b[?2026h";
pub const END: &[u8] = b"\x1b[?2026l";

/// How long anything may take before the test fails.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Waits until `done`, which no message tells of.
pub fn until(what: &str, mut done: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !done() {
        assert!(Instant::now() < deadline, "never: {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Terminals and processes are opened one at a time: a descriptor that another test is about to
/// mark as its own would otherwise live on in a stranger's process, and no line would hang up.
static STARTING: Mutex<()> = Mutex::new(());

pub fn starting() -> MutexGuard<'static, ()> {
    STARTING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Position of the last `needle` in `bytes`.
fn last(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len()).rposition(|window| window == needle)
}

pub fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    last(bytes, needle).is_some()
}

/// A side of the screen as the parser takes it.
fn cells(side: u16) -> NonZeroU16 {
    NonZeroU16::new(side).expect("a screen has cells")
}

/// What came from the terminal so far.
struct Seen {
    parser: vt100::Parser,
    log: Vec<u8>,
    /// All text that stood on the screen at the end of a frame, for what must never be seen.
    frames: Vec<String>,
    /// How many bytes the line still carries to the screen. `None`: any number.
    allowed: Option<usize>,
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

    /// Waits until the line carries something.
    fn moving(&self) -> MutexGuard<'_, Seen> {
        let still = |seen: &mut Seen| seen.allowed == Some(0);
        self.0.1.wait_while(self.lock(), still).unwrap_or_else(PoisonError::into_inner)
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

/// How long a person looks before a key that decides something.
const LOOK: Duration = Duration::from_millis(250);

/// A terminal with a program on it; the program is killed when this is dropped.
pub struct Pty {
    shared: Shared,
    /// The terminal's own end. `None` once hung up.
    end: Option<Arc<File>>,
    reader: Option<(PipeWriter, JoinHandle<()>)>,
    pid: Pid,
    before: Termios,
    /// The program's home directory lives as long as the program.
    _home: Arc<TempDir>,
}

impl Pty {
    pub fn start(command: CommandBuilder, columns: u16, rows: u16, home: Arc<TempDir>) -> Self {
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
                parser: vt100::Parser::new(cells(rows), cells(columns), 0),
                log: Vec::new(),
                frames: Vec::new(),
                allowed: None,
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
            _home: home,
        }
    }

    fn end(&self) -> &File {
        self.end.as_ref().expect("a line that is not hung up")
    }

    pub const fn pid(&self) -> Pid {
        self.pid
    }

    /// Types all of it at once; keys that may decide after a look at the screen, as a person does.
    pub fn type_bytes(&self, bytes: impl AsRef<[u8]>) {
        if bytes.as_ref().iter().any(|byte| b"+\x1b".contains(byte)) {
            thread::sleep(LOOK);
        }
        self.type_now(bytes);
    }

    /// The same without any pause.
    pub fn type_now(&self, bytes: impl AsRef<[u8]>) {
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
        let mark = self.resized(columns, rows);
        self.wait_for_frame(mark);
    }

    /// Changes the size. Gives how many bytes came before.
    pub fn resized(&self, columns: u16, rows: u16) -> usize {
        let mark = {
            let mut seen = self.shared.lock();
            seen.parser.screen_mut().set_size(cells(rows), cells(columns));
            seen.log.len()
        };
        let size = Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(self.end(), size).unwrap();
        mark
    }

    /// Tells the program a size that the screen does not have.
    pub fn claim(&self, columns: u16, rows: u16) {
        let size = Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(self.end(), size).unwrap();
    }

    /// Types without end on a thread of its own, as fast as the line takes it, until the other
    /// end of what is returned is dropped.
    pub fn flood(&self, bytes: Vec<u8>) -> PipeWriter {
        let mut end = FileDescriptor::dup(self.end()).unwrap();
        let (stopped, stop) = io::pipe().unwrap();
        thread::spawn(move || {
            let now = Timespec { tv_sec: 0, tv_nsec: 0 };
            while matches!(poll(&mut [PollFd::new(&stopped, PollFlags::IN)], Some(&now)), Ok(0)) {
                if end.write_all(&bytes).is_err() {
                    return;
                }
            }
        });
        stop
    }

    /// From now on the line carries this many bytes to the screen and stands still then.
    /// `None`: it carries everything.
    pub fn allow(&self, bytes: Option<usize>) {
        self.shared.change(|seen| seen.allowed = bytes);
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
            self.allow(None);
            reader.join().unwrap();
        }
        self.end = None;
    }

    /// Whether the program has ended.
    pub fn has_ended(&self) -> bool {
        self.shared.lock().exit.is_some()
    }

    /// The code with which the program ends.
    pub fn exit_code(&self) -> u32 {
        let code = self.exit_code_alone();
        if self.end.is_some() {
            assert!(self.shared.wait(PATIENCE, |seen| seen.closed), "the line stays open");
        }
        code
    }

    /// The same on a line that stands still: what it was sent last may never come.
    pub fn exit_code_alone(&self) -> u32 {
        let ended = self.shared.wait(PATIENCE, |seen| seen.exit.is_some());
        assert!(ended, "the program does not end\n{}", self.screen());
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
        // What stands there already is read at once; under the lock, so that a line that was told
        // to stand still does.
        let mut seen = shared.moving();
        let most = seen.allowed.unwrap_or(chunk.len()).min(chunk.len());
        let read = end.read(&mut chunk[..most]);
        match read {
            Ok(count) if count > 0 => {
                seen.allowed = seen.allowed.map(|left| left - count);
                take(&mut seen, &chunk[..count]);
            }
            // The last one at the line has gone.
            _ => seen.closed = true,
        }
        let closed = seen.closed;
        drop(seen);
        shared.0.1.notify_all();
        if closed {
            return;
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
