//! A terminal whose bytes arrive as they are typed, outside of the console.
//!
//! Owns the modes of the line while it is so, and undoes them. Must not decode.

use std::io;

use rustix::stdio::stdin;
use rustix::termios::{InputModes, LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

/// The terminal on standard input without echo, editing, signals and exchanged line ends; as
/// before when dropped. Output is left as it is.
#[derive(Debug)]
pub struct Unedited(Termios);

impl Unedited {
    /// Sets the modes.
    ///
    /// # Errors
    /// Standard input is no terminal.
    pub fn enter() -> io::Result<Self> {
        let before = tcgetattr(stdin())?;
        let mut modes = before.clone();
        modes
            .local_modes
            .remove(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG | LocalModes::IEXTEN);
        modes
            .input_modes
            .remove(InputModes::ICRNL | InputModes::INLCR | InputModes::IGNCR | InputModes::IXON);
        tcsetattr(stdin(), OptionalActions::Now, &modes)?;
        Ok(Self(before))
    }
}

impl Drop for Unedited {
    fn drop(&mut self) {
        // The error cannot be shown any more.
        let _ = tcsetattr(stdin(), OptionalActions::Now, &self.0);
    }
}
