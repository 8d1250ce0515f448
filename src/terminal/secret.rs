//! Reading a line from the terminal without echo.
//!
//! Owns the modes of the line while it is read, and undoes them. Used outside of the console.

use std::io::{self, Write};

use rustix::io::Errno;
use rustix::stdio::stdin;
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use secrecy::SecretString;

/// The longest line that is read, in bytes.
const LONGEST: usize = 256;

/// The line without echo, signals and editing; as before when dropped.
struct Quiet(Termios);

impl Quiet {
    fn enter() -> io::Result<Self> {
        let before = tcgetattr(stdin())?;
        let mut quiet = before.clone();
        // Without signals: an interrupt that ended the program would leave the echo off for good.
        quiet.local_modes.remove(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG);
        tcsetattr(stdin(), OptionalActions::Now, &quiet)?;
        Ok(Self(before))
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        // The error cannot be shown any more.
        let _ = tcsetattr(stdin(), OptionalActions::Now, &self.0);
    }
}

/// Writes `prompt` to standard error and reads one line from the terminal on standard input
/// without showing it. `None`: Ctrl-C, Ctrl-D, Ctrl-\ or the end of the input.
///
/// # Errors
/// Standard input is no terminal, or cannot be read.
pub fn read_secret(prompt: &str) -> io::Result<Option<SecretString>> {
    let _quiet = Quiet::enter()?;
    let mut err = io::stderr();
    write!(err, "{prompt}")?;
    err.flush()?;
    let mut line = String::with_capacity(LONGEST);
    let finished = loop {
        let mut byte = [0];
        match rustix::io::read(stdin(), &mut byte) {
            Ok(0) => break false,
            Ok(_) => {}
            Err(Errno::INTR) => continue,
            Err(error) => return Err(error.into()),
        }
        match byte {
            [b'\r' | b'\n'] => break true,
            [0x03 | 0x04 | 0x1c] => break false,
            [0x08 | 0x7f] => drop(line.pop()),
            // A line cut at its end would be taken for another one: it stays too long.
            [byte] if line.len() < LONGEST => line.push(char::from(byte)),
            _ => {}
        }
    };
    let line = SecretString::from(line);
    writeln!(err)?;
    Ok(finished.then_some(line))
}
