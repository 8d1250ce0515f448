//! The server: sockets, requests, the tables of operations, answers.
//!
//! Must not decide anything about money: that is the ledger's.

mod answer;
mod connections;
mod context;
mod describe;
mod faults;
mod handle;
mod incoming;
pub(crate) mod inside;
mod local;
pub(crate) mod log;
mod operation;
pub(crate) mod options;
mod paths;
pub(crate) mod response;
mod routes;
mod schema;
pub(crate) mod server;
mod wrong_answer;
