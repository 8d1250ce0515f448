//! The HTTP client against loopback servers that answer by script.

mod calls;
mod lists;
mod loyalty;
mod outcomes;
mod pairing;
pub mod server;
mod texts;
mod tls;
mod tokens;
