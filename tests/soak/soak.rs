//! `cargo run --release --example soak -- --minutes 60 --seed 1`: two real tills under faults, kills
//! and random keys; the books are compared after each round. Ends with 1 at a difference and says
//! where its trace is. The program must have been built: `cargo build --release`.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "../it/journeys"]
mod journeys {
    pub mod kit;
    pub mod past;
}
#[path = "../sim"]
mod sim {
    pub mod sold;
}
#[path = "../it/pty"]
mod pty {
    pub mod home;
    pub mod kit;
}
#[path = "mod.rs"]
mod soak;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant, SystemTime};

use clap::Parser;
use soak::{Plan, disturb, run};

/// Lets real tills sell under faults, kills and random keys, and compares the books.
#[derive(Debug, Parser)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
struct Args {
    /// How long rounds begin.
    #[arg(long, default_value_t = 60)]
    minutes: u64,
    /// At most so many rounds.
    #[arg(long, default_value_t = u64::MAX)]
    rounds: u64,
    /// What the choices follow from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How long a round disturbs before everything is mended, in seconds.
    #[arg(long, default_value_t = 40)]
    round: u64,
    /// How long a till may take to settle what is open, in seconds.
    #[arg(long, default_value_t = 90)]
    patience: u64,
    /// Settling tills ask the server more often than by themselves.
    #[arg(long)]
    hurried: bool,
    /// Only faults that begin so; may be repeated.
    #[arg(long)]
    fault: Vec<String>,
    /// Without faults whose answers look definite and are wrong.
    #[arg(long)]
    lost_only: bool,
    /// Without copies of state directories.
    #[arg(long)]
    no_backups: bool,
    /// The sandbox never loses its books.
    #[arg(long)]
    keeps_books: bool,
    /// Goes on with new books after a difference.
    #[arg(long)]
    keep_going: bool,
    /// Where traces of differences are kept.
    #[arg(long, default_value = "target/soak")]
    dir: PathBuf,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let program = Path::new(pty::home::kasse());
    if let Err(problem) = is_built(program) {
        println!(
            "{}: {problem}; build it first, in the same profile: cargo build",
            program.display()
        );
        return ExitCode::FAILURE;
    }
    let plan = Plan {
        seed: args.seed,
        time: Duration::from_secs(60 * args.minutes),
        rounds: args.rounds,
        action: Duration::from_secs(args.round),
        patience: Duration::from_secs(args.patience),
        faults: disturb::pool(&args.fault, !args.lost_only),
        hurried: args.hurried,
        backups: !args.no_backups,
        forgets: !args.keeps_books,
        keep_going: args.keep_going,
        dir: args.dir,
    };
    println!("{} with {} faults, seed {}", program.display(), plan.faults.len(), plan.seed);
    let begun = Instant::now();
    let outcome = run(&plan, |line| println!("{line}"));
    print!("{}", outcome.counts);
    let minutes = begun.elapsed().as_secs_f64() / 60.0;
    for (finding, dir) in &outcome.differences {
        println!("seed {}, trace in {}: {finding}", plan.seed, dir.display());
    }
    let differences = outcome.differences.len();
    println!("seed {}: {minutes:.1} minutes, {differences} differences", plan.seed);
    if differences == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The program is there and not older than its source.
fn is_built(program: &Path) -> Result<(), String> {
    let built = fs::metadata(program).and_then(|file| file.modified());
    let built = built.map_err(|_| "the program is missing".to_owned())?;
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    match newest(&source) {
        // Without the source beside it there is nothing to compare with.
        Err(_) => Ok(()),
        Ok(changed) if changed <= built => Ok(()),
        Ok(_) => Err("the program is older than its source".to_owned()),
    }
}

fn newest(dir: &Path) -> io::Result<SystemTime> {
    let mut newest = SystemTime::UNIX_EPOCH;
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let changed = if entry.file_type()?.is_dir() {
            self::newest(&entry.path())?
        } else {
            entry.metadata()?.modified()?
        };
        newest = newest.max(changed);
    }
    Ok(newest)
}
