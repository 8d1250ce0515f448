//! The journal: its store, its files, its reports, and what damages it.

mod aged;
mod archives;
mod changes;
mod checkpoints;
mod crash;
mod files;
mod format1;
pub mod kit;
mod mark;
mod program;
mod reports;
mod store;
