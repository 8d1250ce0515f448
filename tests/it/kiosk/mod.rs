//! The console as a kiosk: the program, its takeover, and over a real `sshd`.

pub mod program;
mod sshd;
mod sshd_kit;
mod takeover;
