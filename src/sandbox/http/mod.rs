//! The server: sockets, requests, the tables of operations, answers.
//!
//! Must not decide anything about money: that is the ledger's.

mod connections;
mod describe;
mod faulted;
mod handle;
pub(crate) mod inside;
mod local;
pub(crate) mod log;
mod operation;
pub(crate) mod options;
mod routes;
mod schema;
pub(crate) mod server;
mod wrong_answer;
