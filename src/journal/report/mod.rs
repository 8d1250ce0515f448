//! What `kasse journal` prints: lists, single sales, exports, the verdict.
//!
//! Owns the words and formats. Must not know the command line or where the output goes. Card
//! numbers are masked in all of it, exports included: they travel.

mod export;

use std::fmt::Write as _;
use std::io::{self, Write};

use super::{Entry, JournalError, Reader, SaleSummary, mask};
use crate::text::{is_harmful, sanitise};

pub use self::export::{Format, Period, check, export, read_json};

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

/// Which sales [`list`] prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listing {
    /// All of them.
    All,
    /// The last ones of those that begin before an entry, or of all.
    Page {
        /// The most sales.
        last: usize,
        /// The entry's number.
        before: Option<i64>,
    },
}

/// How many sales are read at once.
const PAGE: usize = 500;

/// One line per sale, the oldest first: first and last time, number of entries, last kind,
/// reference. Returns the number of the first entry of the first sale if there are older ones.
///
/// # Errors
/// The journal cannot be read or `out` not be written.
pub fn list(
    journal: &Reader,
    out: &mut impl Write,
    which: Listing,
) -> Result<Option<i64>, ReportError> {
    match which {
        Listing::All => {
            journal.for_each_sale(PAGE, |sale| Ok::<_, ReportError>(line(out, &sale)?))?;
            Ok(None)
        }
        Listing::Page { last, before } => {
            // One more tells whether there are older ones.
            let mut sales = journal.sales(before, last.saturating_add(1))?;
            let has_older = sales.len() > last;
            sales.truncate(last);
            for (_, sale) in sales.iter().rev() {
                line(out, sale)?;
            }
            Ok(sales.last().map(|(first, _)| *first).filter(|_| has_older))
        }
    }
}

fn line(out: &mut impl Write, sale: &SaleSummary) -> io::Result<()> {
    writeln!(
        out,
        "{}  {}  {:>4}  {}  {}",
        shown(&sale.first_at),
        shown(&sale.last_at),
        sale.entries,
        shown(&sale.last_kind),
        shown(&sale.sale),
    )
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

/// Writes what a walk over the whole journal finds, and what such a walk cannot know; returns
/// whether no change was detected. `progress` is told now and then how many entries of how many
/// are done.
///
/// # Errors
/// The journal cannot be read at all or `out` not be written.
pub fn verify(
    journal: &Reader,
    out: &mut impl Write,
    progress: impl FnMut(u64, u64),
) -> Result<bool, ReportError> {
    let (verdict, known) = journal.verify_known(progress)?;
    for broken in &verdict.breaks {
        writeln!(out, "{}", sanitise(&broken.to_string()))?;
    }
    if verdict.more > 0 {
        writeln!(out, "and {} more", verdict.more)?;
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
    writeln!(out, "till {}, begun as {}", known.till, known.epoch)?;
    if let Some(dropped) = known.dropped {
        writeln!(out, "entries 1 to {dropped} were removed by the retention setting")?;
    }
    if known.format_1 > 0 {
        writeln!(out, "entries 1 to {} are of the first format, without a till", known.format_1)?;
    }
    writeln!(
        out,
        "last entry {}: {}\n\
         Whoever can write the file can also write a whole new chain. Only an end that was noted \
         elsewhere, or an export, shows that.",
        known.last, known.hash
    )?;
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
