//! The journal's own commands: list, show, export, verify. They read beside a running console.

use std::io::{self, Write};

use super::{Failure, books};
use crate::cli::{Exit, ExportFormat, JournalCommand};
use crate::config::Config;
use crate::journal::report::{self, Format};
use crate::journal::{Journal, JournalError};

pub(super) fn run(command: &JournalCommand, config: &Config) -> Result<u8, Failure> {
    let books = books::of(config);
    let reader = match Journal::read_only(&books.dir, books.mode) {
        Ok(reader) => reader,
        Err(JournalError::Missing { .. }) if matches!(command, JournalCommand::List) => {
            return Ok(Exit::Ok.code());
        }
        Err(error) => return Err(Failure::new(Exit::State, format!("the journal: {error}"))),
    };
    let mut out = io::stdout().lock();
    let fine = match command {
        JournalCommand::List => report::list(&reader, &mut out).map(|()| true),
        JournalCommand::Show { sale } => report::show(&reader, &mut out, sale),
        JournalCommand::Export { format } => {
            let format = match format {
                ExportFormat::Json => Format::Json,
                ExportFormat::Csv => Format::Csv,
            };
            report::export(&reader, &mut out, format).map(|()| true)
        }
        JournalCommand::Verify => report::verify(&reader, &mut out),
    };
    let fine = match fine {
        Err(error) if error.is_closed_pipe() => Ok(true),
        fine => fine,
    };
    let fine = fine.map_err(|error| Failure::new(Exit::State, format!("the journal: {error}")))?;
    let _ = out.flush();
    match (fine, command) {
        (false, JournalCommand::Show { sale }) => {
            Err(Failure::new(Exit::State, format!("the journal has no sale {sale:?}")))
        }
        (false, _) => Ok(Exit::State.code()),
        (true, _) => Ok(Exit::Ok.code()),
    }
}
