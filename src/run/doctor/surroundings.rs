//! What surrounds the program: the terminal, its characters, the time zone.

use std::env;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::table::Findings;
use crate::config::{Config, Theme};
use crate::terminal;
use crate::ui::SMALLEST;

pub(super) fn check(findings: &mut Findings, config: Option<&Config>) {
    term(findings);
    size(findings);
    if let Some(config) = config {
        look(findings, config);
    }
    time_zone(findings);
}

fn term(findings: &mut Findings) {
    const CHECK: &str = "terminal";
    let advice = "set TERM to what the terminal is, like xterm-256color or linux";
    match env::var("TERM").unwrap_or_default().as_str() {
        "" => findings.problem(CHECK, "TERM is not set", advice),
        "dumb" => findings.problem(CHECK, "TERM=dumb: no cursor, no screen", advice),
        "unknown" => findings.warning(CHECK, "TERM=unknown", advice),
        term => findings.ok(CHECK, format!("TERM={term}")),
    }
}

fn size(findings: &mut Findings) {
    const CHECK: &str = "size";
    let (columns, rows) = SMALLEST;
    match (terminal::check(), terminal::size()) {
        (Ok(()), Ok(size)) if size.width < columns || size.height < rows => {
            let found = format!("{} x {}", size.width, size.height);
            let advice = format!("kasse needs {columns} x {rows}, and is made for 80 x 24");
            findings.problem(CHECK, found, &advice);
        }
        (Ok(()), Ok(size)) if size.width < 80 || size.height < 24 => {
            let found = format!("{} x {}", size.width, size.height);
            findings.warning(CHECK, found, "it works, but 80 x 24 shows more");
        }
        (Ok(()), Ok(size)) => findings.ok(CHECK, format!("{} x {}", size.width, size.height)),
        _ => findings.skipped(CHECK, "this is no terminal: run it on the till's own"),
    }
}

fn look(findings: &mut Findings, config: &Config) {
    let no_color = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let colours = match (config.screen.theme, no_color) {
        (Theme::Dark, _) => "the terminal's colours",
        (Theme::Mono, true) => "none (NO_COLOR)",
        (Theme::Mono, false) => "none (screen.theme or TERM)",
    };
    findings.ok("colours", colours);
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(|name| {
        let value = env::var(name).ok().filter(|value| !value.is_empty())?;
        Some(format!("{name}={value}"))
    });
    let locale = locale.unwrap_or_else(|| "no locale set".to_owned());
    let language = config.screen.lang.name();
    let found = format!("{locale}, {language}");
    if config.screen.ascii {
        let advice = "drawn with ASCII alone; set LANG=C.UTF-8 if the terminal knows UTF-8";
        findings.warning("locale", found, advice);
    } else {
        findings.ok("locale", found);
    }
}

fn time_zone(findings: &mut Findings) {
    const CHECK: &str = "time zone";
    match TimeZone::try_system() {
        Ok(zone) => {
            let now = Timestamp::now().to_zoned_datetime(zone);
            findings.ok(CHECK, now.strftime("%Q, %H:%M:%S").to_string());
        }
        Err(_) => findings.warning(
            CHECK,
            "not known: receipts carry UTC",
            "set TZ, like TZ=Europe/Berlin, or /etc/localtime",
        ),
    }
}
