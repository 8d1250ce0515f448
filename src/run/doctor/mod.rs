//! `kasse doctor`: looks at all that a till needs and says what to do about what is wrong.
//!
//! Owns the order of the checks and their exit code. Nothing is sold, nothing is changed: no
//! journal is opened for writing, no transaction is made. Every look has a deadline.

mod arrival;
mod disk;
mod scanner;
mod server;
mod settings;
mod surroundings;
mod table;

use std::path::Path;

use self::table::{Findings, Verdict};
use super::{Failure, books, tools};
use crate::cli::{Cli, DoctorArgs, Exit};
use crate::config::{self, Config, Loaded};
use crate::terminal;

pub(super) fn run(cli: &Cli, args: DoctorArgs) -> Result<u8, Failure> {
    let file = cli.settings.config.as_deref();
    let loaded = config::read(file, cli.flags());
    if args.scanner {
        let wrong = |problems| {
            Failure::new(Exit::Config, format!("the configuration is wrong:\n{problems}"))
        };
        return scanner::run(&loaded.map_err(wrong)?.config);
    }
    let mut findings = Findings::default();
    settings::file(&mut findings, file, &loaded);
    match &loaded {
        Ok(Loaded { config, .. }) => till(&mut findings, config, args),
        Err(_) => findings.skipped("the rest", "not looked at before the configuration is right"),
    }
    surroundings::check(&mut findings, loaded.as_ref().ok().map(|loaded| &loaded.config));
    let columns = match (terminal::check(), terminal::size()) {
        (Ok(()), Ok(size)) => usize::from(size.width),
        _ => usize::MAX,
    };
    tools::say(&if args.json { findings.json() } else { findings.table(columns) })?;
    let broken = findings.worst() == Verdict::Problem;
    Ok(if broken { Exit::Problem.code() } else { Exit::Ok.code() })
}

/// What the configuration has decided about.
fn till(findings: &mut Findings, config: &Config, args: DoctorArgs) {
    let books = books::of(config);
    settings::articles(findings, config);
    settings::access(findings, config);
    disk::state(findings, &config.state_dir, &books.dir);
    disk::journal(findings, &books);
    disk::log(findings, config, &books.dir);
    disk::printer(findings, config, args.print);
    server::check(findings, config, &books);
}

/// The permission bits of what is at `path`.
fn mode(path: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    Some(std::fs::metadata(path).ok()?.permissions().mode() & 0o7777)
}
