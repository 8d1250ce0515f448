//! Whole sales in one process: the real loop, worker, client and sandbox over loopback.

mod codes;
pub mod ends;
mod idents;
mod inspector;
pub mod kit;
pub mod log_files;
mod outcomes;
pub mod past;
pub mod recordings;
mod regressions;
mod sale;
mod slow_disk;
mod terminal;
