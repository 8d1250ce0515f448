//! The terminal's edge: bytes in, frames out, modes set and undone.
//!
//! Owns everything that knows what a terminal is: decoding of keys, writing of frames without
//! waiting for them to be taken, the modes, the reading thread and the signals. Must not know sales, panels or the network, and must not
//! decide what a key means.

mod frame;
mod guard;
mod input;
mod intake;
mod keys;
mod kitty;
mod line;
mod modes;
mod modifier;
mod mouse;
mod secret;
mod sequence;
mod sgr;
mod signals;
mod tty;
mod unedited;

pub use frame::{Screen, erases};
pub use guard::{Guard, Output};
pub use input::{Input, read};
pub use intake::Intake;
pub use keys::Decoder;
pub use secret::read_secret;
pub use sequence::Dialect;
pub use signals::{Obey, Signal, SignalThread, Termination, watch};
pub use tty::{NotATerminal, check, has_unread, size};
pub use unedited::Unedited;
