//! `cargo run --release --example age -- --sales N --state DIR`: a journal as after years of selling,
//! for benches and for whoever wants to try. `KASSE_STATE_DIR=DIR kasse` opens it.
#![allow(dead_code, clippy::unwrap_used, clippy::indexing_slicing)]

#[path = "mod.rs"]
mod age;
#[path = "../sim"]
mod sim {
    pub mod asked;
    pub mod cashier;
    pub mod rng;
}

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use age::{Plan, age, books, size};
use clap::Parser;

/// Lets a till sell for years on a fast clock and keeps its journal.
#[derive(Debug, Parser)]
struct Args {
    /// How many sales
    #[arg(long, default_value_t = 1_000)]
    sales: u64,
    /// The state directory, as `state.dir` of the configuration names it; the journal must be new
    #[arg(long)]
    state: PathBuf,
    /// What the choices follow from
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

fn main() -> ExitCode {
    let Args { sales, state, seed } = Args::parse();
    let begun = Instant::now();
    let shows = std::io::stderr().is_terminal();
    let made = age(&state, Plan { sales, seed }, |so_far| {
        if shows {
            // Nothing depends on it.
            let _ = write!(std::io::stderr(), "\r{} of {sales} sales\r", so_far.sales);
        }
    });
    let made = match made {
        Ok((made, _)) => made,
        Err(error) => {
            println!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let seconds = begun.elapsed().as_secs_f64();
    let bytes = size(&books(&state).dir);
    // Only for people: no exact division is needed.
    #[allow(clippy::cast_precision_loss)]
    let (a_second, a_sale) = (made.sales as f64 / seconds, bytes as f64 / made.sales.max(1) as f64);
    println!(
        "{} sales on {} days, {} entries, {bytes} bytes ({a_sale:.0} a sale), {seconds:.1} s \
         ({a_second:.0} sales a second)",
        made.sales, made.days, made.entries
    );
    ExitCode::SUCCESS
}
