//! The configuration file, the articles, and what the PIN guards.

use std::path::Path;

use super::mode;
use super::table::Findings;
use crate::config::{self, Config, Loaded, Problems, read_articles};
use crate::till::Access;

/// The bits with which others may write.
const OTHERS_WRITE: u32 = 0o022;

/// The file that is read, and everything that is wrong with it, environment and flags.
pub(super) fn file(
    findings: &mut Findings,
    named: Option<&Path>,
    loaded: &Result<Loaded, Problems>,
) {
    const CHECK: &str = "configuration";
    if let Err(Problems(problems)) = loaded {
        for problem in problems {
            findings.problem(
                CHECK,
                problem.to_string(),
                "kasse does not start before it is mended",
            );
        }
        return;
    }
    let path = config::location(named);
    let Some((path, bits)) = path.and_then(|path| Some((mode(&path)?, path))).map(|(m, p)| (p, m))
    else {
        return findings.ok(CHECK, "no file: everything is as built in");
    };
    let found = format!("{}, mode {bits:o}", path.display());
    if bits & OTHERS_WRITE == 0 {
        findings.ok(CHECK, found);
    } else {
        let advice = format!("others may change it; run: chmod go-w {}", path.display());
        findings.warning(CHECK, found, &advice);
    }
}

pub(super) fn articles(findings: &mut Findings, config: &Config) {
    const CHECK: &str = "articles";
    let name = config.articles.as_ref().map(|path| path.display().to_string());
    match read_articles(config.articles.as_deref(), &config.import_options()) {
        Ok(catalogue) => {
            let count = catalogue.len();
            let name = name.unwrap_or_else(|| "the demonstration bakery".to_owned());
            findings.ok(CHECK, format!("{name}: {count} articles"));
        }
        Err(error) => {
            let all = error.to_string();
            let mut lines = all.lines();
            let first = lines.next().unwrap_or_default();
            let found = match lines.count() {
                0 => first.to_owned(),
                more => format!("{first} (and {more} more)"),
            };
            let name = name.unwrap_or_default();
            findings.problem(CHECK, found, &format!("see all with: kasse articles check {name}"));
        }
    }
}

/// A kiosk without a PIN is a wrong configuration and never comes here.
pub(super) fn access(findings: &mut Findings, config: &Config) {
    let found = match config.access {
        Access::Free => "no PIN: anybody may unlock and leave",
        Access::Lock => "a PIN unlocks the screen",
        Access::Kiosk => "a kiosk: nobody leaves or unlocks without the PIN",
    };
    findings.ok("access", found);
}
