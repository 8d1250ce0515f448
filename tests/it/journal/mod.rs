//! The journal: its store, its files, its reports, and what damages it.

mod aged;
mod changes;
mod crash;
mod files;
pub mod kit;
mod mark;
mod program;
mod reports;
mod store;
