//! The terminal's edge: bytes in, frames out, modes set and undone.
//!
//! Owns everything that knows what a terminal is: decoding of keys, writing of frames, the modes,
//! the reading thread and the signals. Must not know sales, panels or the network, and must not
//! decide what a key means.

pub mod keys;
mod sequence;

pub use keys::Decoder;
pub use sequence::Dialect;
