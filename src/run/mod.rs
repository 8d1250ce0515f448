//! Running: what the command line asks for, from the first check to the exit code.
//!
//! Owns the order of starting and ending. Must not contain anything that a part below does.

mod account;
mod arrivals;
mod articles;
mod books;
mod confirm;
mod console;
mod display;
mod doctor;
mod fold;
mod goods;
mod journal;
mod last_print;
mod panics;
mod past;
mod pin;
mod recording;
mod sandbox;
mod tools;

pub use self::books::{Books, draft, of as books};
pub use self::fold::TillFold;
pub use self::past::Past;

use std::ffi::OsString;
use std::fmt::Display;
use std::io::{self, Write};

use crate::cli::{self, Cli, Command, Exit, SandboxArgs, SandboxCommand};
use crate::config::{self, Config, Loaded};
use crate::sandbox::{Fault, Fixtures};
use crate::text::sanitise;

/// Why a run ended otherwise than well: what to say on stderr, and the code.
#[derive(Debug)]
struct Failure {
    exit: Exit,
    message: String,
}

impl Failure {
    fn new(exit: Exit, message: impl Display) -> Self {
        Self { exit, message: message.to_string() }
    }
}

/// Runs the program with these arguments (its own name first) and returns its exit code.
///
/// Everything for people goes to stderr, what was asked for to stdout.
#[must_use]
pub fn main(args: impl IntoIterator<Item = OsString>) -> u8 {
    let cli = match cli::parse(args) {
        Ok(cli) => cli,
        Err(exit) => return exit.code(),
    };
    // The report of a fault of our own: with its place, without colours where none are wanted.
    let _ = color_eyre::config::HookBuilder::default()
        .theme(color_eyre::config::Theme::new())
        .display_env_section(false)
        .install();
    match run(&cli) {
        Ok(code) => code,
        Err(failure) => {
            // After a hang-up it cannot be read.
            let lines: Vec<String> = failure.message.lines().map(sanitise).collect();
            let _ = writeln!(io::stderr(), "kasse: {}", lines.join("\n"));
            failure.exit.code()
        }
    }
}

fn run(cli: &Cli) -> Result<u8, Failure> {
    if let Some(Command::Sandbox(SandboxArgs { command: Some(command), .. })) = &cli.command {
        return match command {
            SandboxCommand::Fixtures => tools::say(&Fixtures::default().to_text()),
            SandboxCommand::Confirm { code, url } => confirm::run(code, url),
        };
    }
    // Before the configuration: a kiosk without a PIN has a wrong one.
    if let Some(Command::Pin) = &cli.command {
        return pin::run();
    }
    match &cli.command {
        Some(Command::Completions { shell }) => return tools::write(&cli::completions(*shell)),
        Some(Command::Man { command }) => return tools::manual(command),
        // It has its own words for a wrong configuration.
        Some(Command::Doctor(args)) => return doctor::run(cli, *args),
        _ => {}
    }
    let Loaded { config, settings } = config::read(cli.settings.config.as_deref(), cli.flags())
        .map_err(|problems| {
            Failure::new(Exit::Config, format!("the configuration is wrong:\n{problems}"))
        })?;
    match &cli.command {
        None => console::run(&config, &cli.console),
        Some(Command::Sandbox(args)) => sandbox::run(&args.serve, &config),
        Some(Command::Journal(command)) => journal::run(command, &config),
        Some(Command::Articles(command)) => articles::run(command, &config),
        Some(Command::Config { explain }) => {
            tools::show_config(&Loaded { config, settings }, *explain)
        }
        Some(
            Command::Pin | Command::Doctor(_) | Command::Completions { .. } | Command::Man { .. },
        ) => Ok(Exit::Ok.code()),
    }
}

/// Every bad row stands on a line of its own.
fn articles_failure(error: &impl Display) -> Failure {
    Failure::new(Exit::Articles, format!("the article file is wrong:\n{error}"))
}

/// The faults of a sandbox: the configured ones and those of the command line.
fn faults(config: &Config, flags: &[Fault]) -> Vec<Fault> {
    config.sandbox_faults.iter().chain(flags).copied().collect()
}

/// The seed of a sandbox: the one configured, or a new one every time.
fn seed(config: &Config) -> u64 {
    match config.sandbox_seed {
        0 => crate::sandbox::Options::fresh_seed(),
        seed => seed,
    }
}
