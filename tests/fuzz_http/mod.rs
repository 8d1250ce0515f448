//! Fuzzing the sandbox's HTTP surface: no panic, no hang, no answer of 500 or above.
//!
//! Two ways: [`Fuzzer`] asks the router without sockets, every operation that the description of
//! the API names, with queries and bodies made from the described schemas and damaged; [`raw`]
//! writes arbitrary bytes to sockets. [`session`] lets several tills trade: the books balance, and
//! equal seeds give equal answers. One seed is one sequence of requests, and the same seed is
//! the same sequence again: `cargo run --release --example fuzz_http -- --seed S`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod books;
mod described;
mod panics;
pub mod raw;
mod requests;
#[allow(clippy::duplicate_mod, reason = "the simulator has it too, for itself")]
#[path = "../sim/rng.rs"]
mod rng;
mod run;
pub mod session;
mod values;

pub use rng::Rng;
pub use run::Fuzzer;
