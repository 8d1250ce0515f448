//! `cargo run --release --example simulate -- --seeds N [--from S] [--sales M]`: as many worlds as
//! wanted; `--seed S --trace` shows one. Ends with 1 at the first broken rule.

#[path = "mod.rs"]
mod sim;

use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use sim::{BROKEN, Counts, Plan, Variant, plan, report, run};

/// Simulates whole tills with every fault on.
#[derive(Debug, Parser)]
struct Args {
    /// How many worlds.
    #[arg(long, default_value_t = 1_000)]
    seeds: u64,
    /// The first seed.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// Sales per world before everything is mended.
    #[arg(long, default_value_t = 40)]
    sales: u64,
    /// Only this seed.
    #[arg(long)]
    seed: Option<u64>,
    /// Show everything that happens.
    #[arg(long)]
    trace: bool,
    /// Run a till that is broken on purpose: 1 to 13.
    #[arg(long)]
    broken: Option<usize>,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let variant = args.broken.and_then(|n| BROKEN.get(n.checked_sub(1)?)).copied();
    let variant = variant.unwrap_or(Variant::Real);
    let (from, seeds) = args.seed.map_or((args.from, args.seeds), |seed| (seed, 1));
    let begun = Instant::now();
    let (mut counts, mut records) = (Counts::default(), 0);
    for seed in from..from.saturating_add(seeds) {
        let plan: Plan = plan(seed, args.sales, variant);
        let outcome = run(seed, plan, false);
        counts.merge(&outcome.counts);
        records += outcome.disks.iter().map(Vec::len).sum::<usize>();
        if let Some(violation) = outcome.violation {
            println!("{}", report(&violation, plan));
            return ExitCode::FAILURE;
        }
        if args.trace {
            println!("{}", run(seed, plan, true).trace);
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    for (what, times) in &counts.0 {
        println!("{times:>10} {what}");
    }
    // Only for people: sales per second need no exact division.
    #[allow(clippy::cast_precision_loss)]
    let rate = counts.of("sales") as f64 / seconds;
    println!("{records:>10} records in the journals");
    println!("{seeds} worlds in {seconds:.1} s, {rate:.0} sales per second, no rule broken");
    ExitCode::SUCCESS
}
