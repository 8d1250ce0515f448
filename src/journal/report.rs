//! What `kasse journal` prints: lists, single sales, exports, the verdict.
//!
//! Owns the words and formats. Must not know the command line or where the output goes. Card
//! numbers are masked in all of it, exports included: they travel. Hashes are left out for the
//! same reason, since eight masked digits are quickly found by trying.

use std::fmt::Write as _;
use std::io::{self, Read, Write};

use super::{Entry, JournalError, Reader, mask};
use crate::text::{is_harmful, sanitise};

/// How an export is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One array of entries. [`read_json`] reads it back.
    Json,
    /// One line per entry under a line of names; the body is JSON in its cell.
    Csv,
}

/// Why a report is not complete.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The journal could not be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The output did not take it.
    #[error("cannot write the report: {0}")]
    Output(#[from] io::Error),
    /// The output did not take a line of CSV.
    #[error("cannot write the report: {0}")]
    Csv(#[from] csv::Error),
    /// An entry does not make JSON.
    #[error("cannot write the report: {0}")]
    Json(#[from] serde_json::Error),
}

impl ReportError {
    /// Whether the reader of the output closed it, as `| head` does: that is no fault.
    #[must_use]
    pub fn is_closed_pipe(&self) -> bool {
        let kind = match self {
            Self::Journal(_) => None,
            Self::Output(error) => Some(error.kind()),
            Self::Csv(error) => match error.kind() {
                csv::ErrorKind::Io(error) => Some(error.kind()),
                _ => None,
            },
            Self::Json(error) => error.io_error_kind(),
        };
        kind == Some(io::ErrorKind::BrokenPipe)
    }
}

/// One line per sale: first and last time, number of entries, last kind, reference.
///
/// # Errors
/// The journal cannot be read or `out` not be written.
pub fn list(journal: &Reader, out: &mut impl Write) -> Result<(), ReportError> {
    for sale in journal.sales()? {
        writeln!(
            out,
            "{}  {}  {:>4}  {}  {}",
            shown(&sale.first_at),
            shown(&sale.last_at),
            sale.entries,
            shown(&sale.last_kind),
            shown(&sale.sale),
        )?;
    }
    Ok(())
}

/// Every entry of `sale` with its body. Returns false, and writes nothing, if there is none.
///
/// # Errors
/// The journal cannot be read or `out` not be written.
pub fn show(journal: &Reader, out: &mut impl Write, sale: &str) -> Result<bool, ReportError> {
    let entries = journal.entries_of(sale)?;
    for entry in &entries {
        writeln!(out, "{}  {}  {}", entry.seq, shown(&entry.at), shown(&entry.kind))?;
        let body = serde_json::to_string_pretty(&mask::cards_in(&entry.body))?;
        for line in escaped(&body).lines() {
            writeln!(out, "    {line}")?;
        }
    }
    Ok(!entries.is_empty())
}

/// Everything, entry by entry, with card numbers masked.
///
/// # Errors
/// The journal cannot be read or `out` not be written; what was written is then incomplete.
pub fn export(journal: &Reader, out: &mut impl Write, format: Format) -> Result<(), ReportError> {
    match format {
        Format::Json => export_json(journal, out),
        Format::Csv => export_csv(journal, out),
    }
}

fn export_json(journal: &Reader, out: &mut impl Write) -> Result<(), ReportError> {
    let mut before = "[\n";
    journal.for_each(1, |entry| {
        let line = serde_json::to_string(&masked(&entry))?;
        write!(out, "{before}{}", escaped(&line))?;
        before = ",\n";
        Ok::<_, ReportError>(())
    })?;
    // An empty journal has not opened the bracket yet.
    let opening = if before == "[\n" { before } else { "\n" };
    writeln!(out, "{opening}]")?;
    out.flush()?;
    Ok(())
}

fn export_csv(journal: &Reader, out: &mut impl Write) -> Result<(), ReportError> {
    let mut lines = csv::Writer::from_writer(out);
    lines.write_record(["seq", "at", "mode", "sale", "kind", "body"])?;
    journal.for_each(1, |entry| {
        let entry = masked(&entry);
        lines.write_record([
            &entry.seq.to_string(),
            &sanitise(&entry.at),
            entry.mode.as_str(),
            &sanitise(&entry.sale),
            &sanitise(&entry.kind),
            &escaped(&serde_json::to_string(&entry.body)?),
        ])?;
        Ok::<_, ReportError>(())
    })?;
    lines.flush()?;
    Ok(())
}

/// Reads an export in [`Format::Json`] back.
///
/// # Errors
/// It is not one.
pub fn read_json(export: impl Read) -> Result<Vec<Entry>, serde_json::Error> {
    serde_json::from_reader(export)
}

/// Writes what a walk over the whole journal finds; returns whether no change was detected.
///
/// # Errors
/// The journal cannot be read at all or `out` not be written.
pub fn verify(journal: &Reader, out: &mut impl Write) -> Result<bool, ReportError> {
    let verdict = journal.verify()?;
    for broken in &verdict.breaks {
        writeln!(out, "{}", sanitise(&broken.to_string()))?;
    }
    for finding in &verdict.structure {
        writeln!(out, "file: {}", sanitise(finding))?;
    }
    let entries = verdict.entries;
    let mode = journal.mode();
    if verdict.is_sound() {
        writeln!(out, "{mode}: {entries} entries, no change detected")?;
    } else {
        writeln!(out, "{mode}: {entries} entries, CHANGES DETECTED")?;
    }
    Ok(verdict.is_sound())
}

fn masked(entry: &Entry) -> Entry {
    Entry {
        seq: entry.seq,
        mode: entry.mode,
        at: mask::cards(&entry.at),
        sale: mask::cards(&entry.sale),
        kind: mask::cards(&entry.kind),
        body: mask::cards_in(&entry.body),
    }
}

/// A field as it may appear on a terminal. The file may have been changed, so it is not trusted.
fn shown(text: &str) -> String {
    mask::cards(&sanitise(text))
}

/// JSON text without characters that a terminal would obey. All of them stand inside of JSON
/// strings, except for the line ends of the layout, so their escapes mean the same.
fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if c == '\n' || !is_harmful(c) {
            out.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            // Writing to a String cannot fail.
            let _written = write!(out, "\\u{unit:04x}");
        }
    }
    out
}
