//! The configuration file, the articles, and what the PIN guards.

use std::path::Path;

use super::mode;
use super::table::Findings;
use crate::config::{self, Config, Loaded, Problems};
use crate::run::goods::{self, Goods};
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
    let store = goods::store(config);
    let database = store.path().display();
    let (problem, advice) = match (goods::read(config), &config.articles) {
        (Ok(Goods { catalogue, generation }), file) => {
            let name = match (file, generation) {
                (Some(path), _) => path.display().to_string(),
                (None, 0) => "the demonstration bakery".to_owned(),
                (None, _) => format!("{database}, imported"),
            };
            return findings.ok(CHECK, format!("{name}: {} articles", catalogue.len()));
        }
        (Err(failure), Some(path)) => {
            (failure.message, format!("see all with: kasse articles check {}", path.display()))
        }
        (Err(failure), None) => (
            failure.message,
            format!(
                "move {database} away, then: kasse articles import FILE; sales are not touched"
            ),
        ),
    };
    // The first line says what file it is about where there are more.
    let mut lines = problem.lines().filter(|line| !line.ends_with("is wrong:"));
    let first = lines.next().unwrap_or_default();
    let found = match lines.filter(|_| config.articles.is_some()).count() {
        0 => first.to_owned(),
        more => format!("{first} (and {more} more)"),
    };
    findings.problem(CHECK, found, &advice);
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
