//! The journal's own commands: list, show, export, verify. They read beside a running console.

use std::io::{self, BufReader, BufWriter, IsTerminal, Write};
use std::path::Path;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::{Failure, books};
use crate::cli::{Exit, ExportFormat, JournalCommand};
use crate::config::Config;
use crate::journal::report::{self, Format, Listing, Period, ReportError};
use crate::journal::{Journal, JournalError};
use crate::outside;

pub(super) fn run(command: &JournalCommand, config: &Config) -> Result<u8, Failure> {
    let failed = |error: &ReportError| Failure::new(Exit::State, format!("the journal: {error}"));
    let mut out = BufWriter::new(io::stdout().lock());
    let fine = match command {
        JournalCommand::Verify { export: Some(path) } => check(path, &mut out),
        command => {
            let books = books::of(config);
            match Journal::read_only(&books.dir, books.mode) {
                Ok(reader) => print(command, &reader, &mut out),
                Err(JournalError::Missing { .. })
                    if matches!(command, JournalCommand::List { .. }) =>
                {
                    Ok(true)
                }
                Err(error) => Err(error.into()),
            }
        }
    };
    let fine = fine.and_then(|fine| out.flush().map(|()| fine).map_err(ReportError::from));
    let fine = match fine {
        Err(error) if error.is_closed_pipe() => Ok(true),
        fine => fine,
    };
    match (fine.map_err(|error| failed(&error))?, command) {
        (false, JournalCommand::Show { sale }) => {
            Err(Failure::new(Exit::State, format!("the journal has no sale {sale:?}")))
        }
        (false, _) => Ok(Exit::State.code()),
        (true, _) => Ok(Exit::Ok.code()),
    }
}

fn print(
    command: &JournalCommand,
    reader: &crate::journal::Reader,
    out: &mut impl Write,
) -> Result<bool, ReportError> {
    match command {
        JournalCommand::List { last, before, all } => {
            let which = match all {
                true => Listing::All,
                false => Listing::Page { last: *last, before: *before },
            };
            let older = report::list(reader, out, which)?;
            out.flush()?;
            if let Some(first) = older {
                writeln!(io::stderr(), "older sales: kasse journal list --before {first}")?;
            }
            Ok(true)
        }
        JournalCommand::Show { sale } => report::show(reader, out, sale),
        JournalCommand::Export { format, from, to } => {
            let format = match format {
                ExportFormat::Json => Format::Json,
                ExportFormat::Csv => Format::Csv,
            };
            let until = to.map(|last| last.saturating_add(1.day()));
            let period = Period { from: midnight(*from), until: midnight(until) };
            report::export(reader, out, format, period).map(|()| true)
        }
        JournalCommand::Verify { .. } => report::verify(reader, out, progress()),
    }
}

/// The first moment of a day here.
fn midnight(day: Option<Date>) -> Option<Timestamp> {
    let zone = TimeZone::system();
    day.and_then(|day| zone.to_ambiguous_zoned_datetime(day.at(0, 0, 0, 0)).compatible().ok())
        .map(|start| start.timestamp())
}

fn check(export: &Path, out: &mut impl Write) -> Result<bool, ReportError> {
    report::check(BufReader::new(outside::open(export, u64::MAX)?), out)
}

/// Shows how far a long walk is, on a terminal.
fn progress() -> impl FnMut(u64, u64) {
    let shows = io::stderr().is_terminal();
    move |done, all| {
        if shows {
            let percent = done.saturating_mul(100) / all.max(1);
            // Nothing depends on it.
            let _ = write!(io::stderr(), "\r{done} of {all} entries, {percent} %\r");
        }
    }
}
