//! The integration tests: one binary, one folder per room of the program or way of testing.
//!
//! | folder | tests |
//! |---|---|
//! | `till`, `ui` | the pure till and its screens: keys and answers in; state, effects, cells out |
//! | `client`, `config`, `journal`, `sandbox` | one room each, over loopback and in files |
//! | `journeys` | whole sales in one process: loop, worker, client and sandbox |
//! | `pty`, `kiosk`, `link` | the real program on a terminal, over `sshd`, over a bad line |
//! | `bounds` | limits of memory and files, and files read in linear time |
//! | `hostile` | hostile input, and secrets that must not leave the program |
//! | `random` | the simulator, the soak driver and the kills, for a bounded time |
//! | `package` | README, dependencies, packages |
//! | `architecture` | the map of the rooms in `src/lib.rs` against the imports |
//!
//! What the files of a folder share stands in its `kit.rs`. `age`, `sim`, `soak` and `fuzz_http` are
//! drivers that the examples of the same names run for as long as wanted.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "../age/mod.rs"]
mod age;
mod architecture;
mod articles;
mod bounds;
mod client;
mod config;
#[path = "../fuzz_http/mod.rs"]
mod fuzz_http;
mod hostile;
mod journal;
mod journeys;
mod kiosk;
mod link;
mod package;
mod pty;
mod random;
mod sandbox;
#[path = "../sim/mod.rs"]
mod sim;
#[path = "../soak/mod.rs"]
mod soak;
mod till;
mod ui;
