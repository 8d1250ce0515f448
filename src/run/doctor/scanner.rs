//! `kasse doctor --scanner`: what arrives from the scanner, scan by scan.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::stdio::stdin;

use super::arrival::{self, Reading};
use crate::cli::Exit;
use crate::config::Config;
use crate::run::{Failure, goods};
use crate::terminal::{self, Decoder, NotATerminal, Unedited};
use crate::till::Key;

/// How long a lone Esc waits for the rest of a sequence.
const ESCAPE_WAIT: Duration = Duration::from_millis(40);
/// How long a scan without a terminator is waited for.
const SCAN_WAIT: Duration = Duration::from_secs(1);
/// More than any code or swipe.
const LONGEST: usize = 1024;

pub(super) fn run(config: &Config) -> Result<u8, Failure> {
    let goods = goods::read(config)?.catalogue;
    let failed = |error: io::Error| Failure::new(Exit::Internal, format!("the terminal: {error}"));
    let on_terminal = terminal::check() != Err(NotATerminal::Input);
    // What comes from a file arrives unedited anyway.
    let modes = on_terminal.then(Unedited::enter).transpose().map_err(failed)?;
    let mut test = Test {
        reading: Reading {
            rules: config.scan_rules(),
            goods: &goods,
            keymap: config.keymap(),
            key_hold: config.key_hold(),
        },
        line: String::new(),
        arrived: Instant::now(),
        pause: Duration::ZERO,
        ended: Ended::Begun,
        complained: false,
    };
    say("Scan or swipe. No card number is shown. Esc or Ctrl-D leaves.\n\n").map_err(failed)?;
    let done = test.follow();
    drop(modes);
    done.map_err(failed)?;
    Ok(Exit::Ok.code())
}

fn say(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// What was last, to know which line feed belongs to it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ended {
    Begun,
    Return,
}

struct Test<'a> {
    reading: Reading<'a>,
    line: String,
    /// When the last bytes arrived.
    arrived: Instant,
    /// The longest time between two characters of the line.
    pause: Duration,
    ended: Ended,
    /// The missing terminator of this line has been told.
    complained: bool,
}

impl Test<'_> {
    fn follow(&mut self) -> io::Result<()> {
        let mut decoder = Decoder::for_term(&std::env::var("TERM").unwrap_or_default());
        let mut keys = Vec::new();
        loop {
            let wait = match (decoder.pending_escape(), self.line.is_empty() || self.complained) {
                (true, _) => Some(ESCAPE_WAIT),
                (false, false) => Some(SCAN_WAIT),
                (false, true) => None,
            };
            match next(wait)? {
                Next::End => return self.rest(),
                Next::Silence if decoder.pending_escape() => {
                    decoder.flush(&mut keys);
                    if self.press(&mut keys, None)? {
                        return Ok(());
                    }
                }
                Next::Silence => self.complain()?,
                Next::Bytes(bytes) => {
                    let pause = std::mem::replace(&mut self.arrived, Instant::now()).elapsed();
                    if !self.line.is_empty() {
                        self.pause = self.pause.max(pause);
                    }
                    for byte in bytes {
                        decoder.feed(&[byte], &mut keys);
                        if self.press(&mut keys, Some(byte))? {
                            return Ok(());
                        }
                    }
                }
            }
        }
    }

    /// True when the user wants to leave.
    fn press(&mut self, keys: &mut Vec<Key>, byte: Option<u8>) -> io::Result<bool> {
        for key in keys.drain(..) {
            let before = std::mem::replace(&mut self.ended, Ended::Begun);
            match key {
                Key::Esc | Key::Ctrl('c' | 'd') => return Ok(true),
                Key::Enter => {
                    let name = if byte == Some(b'\t') { "Tab" } else { "Enter (CR)" };
                    self.tell(name)?;
                    self.ended = Ended::Return;
                }
                Key::LineFeed if before == Ended::Return => {
                    say("            and a line feed behind it, which does no harm\n\n")?;
                }
                Key::LineFeed => self.tell("line feed (LF)")?,
                Key::Char(c) if self.line.len() < LONGEST => self.line.push(c),
                Key::Char(_) => {}
                other => say(&format!("key         {other}\n\n"))?,
            }
        }
        Ok(false)
    }

    fn tell(&mut self, terminator: &str) -> io::Result<()> {
        let pause = u64::try_from(self.pause.as_millis()).unwrap_or(u64::MAX);
        self.pause = Duration::ZERO;
        let told = arrival::tell(&self.line, terminator, pause, self.reading);
        self.line.clear();
        self.complained = false;
        say(&format!("{told}\n"))
    }

    /// Nothing followed for a while: typed by hand, or a scanner without a suffix.
    fn complain(&mut self) -> io::Result<()> {
        self.complained = true;
        say(
            "waiting     no terminator came: set the scanner's suffix to Enter (CR), or press it\n\n",
        )
    }

    /// The input has ended within a scan.
    fn rest(&mut self) -> io::Result<()> {
        if self.line.is_empty() { Ok(()) } else { self.tell("none: the input ended") }
    }
}

enum Next {
    Bytes(Vec<u8>),
    Silence,
    End,
}

fn next(wait: Option<Duration>) -> io::Result<Next> {
    let timeout = wait.map(|wait| Timespec {
        tv_sec: i64::try_from(wait.as_secs()).unwrap_or(i64::MAX),
        tv_nsec: wait.subsec_nanos().into(),
    });
    let input = stdin();
    loop {
        match poll(&mut [PollFd::new(&input, PollFlags::IN)], timeout.as_ref()) {
            Ok(0) => return Ok(Next::Silence),
            Ok(_) => {}
            Err(Errno::INTR) => continue,
            Err(error) => return Err(error.into()),
        }
        let mut chunk = vec![0; LONGEST];
        match rustix::io::read(input, &mut chunk) {
            Ok(0) | Err(Errno::IO) => return Ok(Next::End),
            Ok(count) => {
                chunk.truncate(count);
                return Ok(Next::Bytes(chunk));
            }
            Err(Errno::INTR | Errno::AGAIN) => {}
            Err(error) => return Err(error.into()),
        }
    }
}
