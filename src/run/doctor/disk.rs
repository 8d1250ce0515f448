//! What lies on disks and devices: state directory, journal, log, printer.
//!
//! Looks only. The one thing that is ever written is the test slip that was asked for.

use std::fs::OpenOptions;
use std::io;
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{Access, OFlags, access, statvfs};

use super::mode;
use super::table::Findings;
use crate::config::Config;
use crate::journal::{Journal, JournalError};
use crate::log::LevelFilter;
use crate::money::Money;
use crate::receipt;
use crate::run::books::Books;
use crate::run::console::printing;
use crate::run::fold::TillFold;
use crate::till::{ServerKind, State, Step};
use crate::wire::ReceiptLine;
use crate::{printer, worker::Paper};

/// Less free space than this is a warning, bytes.
const LITTLE: u64 = 100 << 20;
/// With less than this a day's journal may not fit, bytes.
const TOO_LITTLE: u64 = 10 << 20;

/// The directory itself, or the nearest one above it that exists.
fn existing(path: &Path) -> Option<PathBuf> {
    path.ancestors().find(|above| above.exists()).map(|above| {
        if above.as_os_str().is_empty() { PathBuf::from(".") } else { above.to_owned() }
    })
}

pub(super) fn state(findings: &mut Findings, dir: &Path, books: &Path) {
    const CHECK: &str = "state";
    let shown = dir.display();
    let Some(place) = existing(books) else {
        return findings.problem(CHECK, format!("{shown}: no such place"), "set state.dir");
    };
    let bits = mode(&place).unwrap_or_default();
    if !place.is_dir() {
        let found = format!("{} is no directory", place.display());
        return findings.problem(CHECK, found, "move it away or set state.dir");
    }
    if access(&place, Access::WRITE_OK | Access::EXEC_OK).is_err() {
        let found = format!("{} cannot be written by this user", place.display());
        return findings.problem(CHECK, found, "give it to the till's user or set state.dir");
    }
    if place == *books && bits & 0o022 != 0 {
        let advice = format!("run: chmod 700 {}", place.display());
        let found = format!("{} can be written by others", place.display());
        return findings.problem(CHECK, found, &advice);
    }
    let free = statvfs(&place).map(|about| about.f_bavail.saturating_mul(about.f_frsize));
    let free = free.unwrap_or(u64::MAX);
    let made = if dir.exists() { "" } else { " (made at the first start)" };
    let found = format!("{shown}{made}, {} MiB free", free >> 20);
    if free < TOO_LITTLE {
        findings.problem(CHECK, found, "make room on the disk before selling");
    } else if free < LITTLE {
        findings.warning(CHECK, found, "make room on the disk soon");
    } else {
        findings.ok(CHECK, found);
    }
    let token = books.join("token.json");
    if mode(&token).is_some_and(|bits| bits & 0o077 != 0) {
        let found = format!("{} can be read by others", token.display());
        findings.warning("token", found, &format!("run: chmod 600 {}", token.display()));
    }
}

pub(super) fn journal(findings: &mut Findings, books: &Books) {
    const CHECK: &str = "journal";
    let reader = match Journal::read_only(&books.dir, books.mode) {
        Ok(reader) => reader,
        Err(JournalError::Missing { .. }) => {
            return findings.ok(CHECK, "none yet: the first start makes it");
        }
        Err(error @ JournalError::Older { .. }) => {
            return findings.warning(CHECK, error.to_string(), "start the console once");
        }
        Err(error) => {
            return findings.problem(CHECK, error.to_string(), "nothing is sold without it");
        }
    };
    let damaged = "keep a copy; see all with: kasse journal verify";
    let mut fold = TillFold::default();
    let entries = match reader.check_file().and_then(|entries| {
        reader.resume(&mut fold)?;
        Ok(entries)
    }) {
        Ok(entries) => entries,
        Err(error) => return findings.problem(CHECK, error.to_string(), damaged),
    };
    let mut state = State::new("", ServerKind::Sandbox, 0);
    fold.into_state(&mut state);
    let found = format!("{entries} entries, the chain is whole");
    let open = state.unresolved.len() + usize::from(matches!(state.sale.step, Step::Unknown(_)));
    match (open, !state.cancellations.is_empty()) {
        (0, false) => findings.ok(CHECK, found),
        (0, true) => {
            let found = format!("{found}; a cancellation without a known outcome");
            findings.warning(CHECK, found, "start the console: it asks the server");
        }
        (open, _) => {
            let found = format!("{found}; payments without a known outcome: {open}");
            findings.warning(CHECK, found, "start the console: it asks the server");
        }
    }
}

pub(super) fn log(findings: &mut Findings, config: &Config, books: &Path) {
    const CHECK: &str = "log";
    let dir = books.join("log");
    if config.log.level == LevelFilter::OFF {
        return findings.ok(CHECK, "off (log.level)");
    }
    let writable = |path: &Path| access(path, Access::WRITE_OK).is_ok();
    let file = dir.join("kasse.log");
    let right = match (dir.exists(), file.exists()) {
        (false, _) => true,
        (true, false) => dir.is_dir() && writable(&dir),
        (true, true) => file.is_file() && writable(&file) && writable(&dir),
    };
    let found = format!("{}, level {}", file.display(), config.log.level);
    if right {
        findings.ok(CHECK, found);
    } else {
        findings.warning(
            CHECK,
            format!("{found}: cannot be written"),
            "the till sells without one",
        );
    }
}

pub(super) fn printer(findings: &mut Findings, config: &Config, print: bool) {
    const CHECK: &str = "printer";
    let Some(configured) = &config.printer else {
        if print {
            return findings.problem(CHECK, "none to print on", "set printer.device");
        }
        return findings.ok(CHECK, "none (printer.device)");
    };
    let path = &configured.device;
    let shown = path.display();
    match kind(path) {
        Ok(kind) => findings.ok(CHECK, format!("{shown}: {kind}")),
        Err(error) => {
            let advice = match error.kind() {
                io::ErrorKind::NotFound => "switch it on, plug it in, or correct printer.device",
                io::ErrorKind::PermissionDenied => {
                    "let the till's user write to it (often the group lp)"
                }
                _ => "see what is wrong with the device",
            };
            return findings.problem(CHECK, format!("{shown}: {error}"), advice);
        }
    }
    if print {
        match slip(config) {
            Ok(()) => findings.ok("test slip", "printed: look at its umlauts and its right edge"),
            Err(error) => findings.problem("test slip", error, "see what is wrong with the device"),
        }
    }
}

/// What the printer is, once it could be opened for writing.
fn kind(path: &Path) -> io::Result<&'static str> {
    // As the printer's own opening, without making a file and without waiting for a device.
    let flags = OFlags::NOCTTY | OFlags::NONBLOCK;
    let flags = flags.bits().cast_signed();
    match OpenOptions::new().append(true).custom_flags(flags).open(path) {
        Ok(file) => {
            let kind = file.metadata()?.file_type();
            Ok(if kind.is_char_device() {
                "a device that can be written"
            } else if kind.is_file() {
                "a file, receipts are appended"
            } else {
                "can be written"
            })
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound && !path.starts_with("/dev") => {
            let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
            access(parent.unwrap_or(Path::new(".")), Access::WRITE_OK)?;
            Ok("a file that the first receipt makes")
        }
        Err(error) => Err(error),
    }
}

fn slip(config: &Config) -> Result<(), String> {
    let printing = printing(config).map_err(|failure| failure.message)?;
    let Some(device) = &printing.device else { return Ok(()) };
    let width = printing.width;
    let ruler: String = ('1'..='9').chain(['0']).cycle().take(width).collect();
    let lines = [
        ReceiptLine::important("kasse doctor"),
        ReceiptLine::text(concat!("kasse ", env!("CARGO_PKG_VERSION"))),
        ReceiptLine::text("ÄÖÜ äöü ß € é"),
        ReceiptLine::text(ruler),
        ReceiptLine::pair("0,00", config.receipt.lang.amount(Money(0))),
    ];
    let rows = receipt::layout(&lines, width);
    let bytes = match printing.format {
        Paper::Text => receipt::plain(&rows).into_bytes(),
        Paper::EscPos(page) => receipt::encode(&rows, page),
    };
    printer::print(device, &bytes, printer::for_at_most(printer::WORD_AFTER))
        .map_err(|error| error.to_string())
}
