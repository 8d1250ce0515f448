//! The deterministic simulator: whole tills in a world where everything that can go wrong does.
//!
//! Real: `till::update`, its records and their replay, the sandbox's ledger. Simulated: the clock,
//! the network, the disk, crashes and the cashiers. One seed is one world, and the same seed is
//! the same world again. `cargo run --release --example simulate -- --seed S --trace` replays it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

pub mod asked;
pub mod cashier;
mod disk;
mod invariants;
mod network;
mod replayed;
pub mod rng;
pub mod screen;
pub mod server;
pub mod shop;
mod shown;
pub mod sold;
mod till;
mod trace;
mod traffic;
mod world;

pub use till::{BROKEN, Variant};
pub use trace::{Counts, Violation};
pub use world::{Plan, run};

/// The world of a seed: one to three tills.
pub fn plan(seed: u64, sales: u64, variant: Variant) -> Plan {
    let tills = usize::try_from(1 + seed % 3).unwrap();
    Plan {
        variant,
        sales,
        tills,
        old_aborts: seed % 7 == 3,
        write_offs: seed % 5 == 4,
        copies: tills > 1 && seed % 4 == 1,
        look: None,
        drawn: None,
    }
}

/// A broken rule with all that led to it and how to see it again.
pub fn report(violation: &Violation, plan: Plan) -> String {
    let Violation { seed, at, what } = violation;
    let trace = run(*seed, plan, true).trace;
    format!(
        "{trace}\nseed {seed}, {at} ms: {what}\n\
         replay: cargo run --release --example simulate -- --seed {seed} --sales {} --trace",
        plan.sales
    )
}
