//! The real program on a terminal of its own.

mod code;
mod doctor;
mod exits;
mod flood;
pub mod home;
pub mod kit;
mod modes;
mod pairing;
mod printer;
mod reports;
mod sale;
mod screen;
mod server;
