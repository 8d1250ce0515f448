//! Exports of the journal, and the check of one.
//!
//! Owns the shape of an exported entry. An entry of format 2 carries what its part of the chain is
//! checked by: its hash, the salted hash of its body, and the salt where nothing of the body is
//! masked. Without the salt, eight masked digits cannot be found by trying. Entries of format 1
//! carry no hashes for that reason.

use std::fmt;
use std::io::{Read, Write};

use jiff::Timestamp;
use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::{ReportError, escaped, masked};
use crate::journal::chain::{Head, Link, from_hex, hex, salted};
use crate::journal::reader::Proof;
use crate::journal::{Entry, JournalError, Reader};
use crate::text::sanitise;

/// How an export is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One array of entries. [`read_json`] reads it back, [`check`] checks it.
    Json,
    /// One line per entry under a line of names; the body is JSON in its cell.
    Csv,
}

/// Entries from a time on until before another one; without one, it is open on that side.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Period {
    /// The first moment that belongs to it.
    pub from: Option<Timestamp>,
    /// The first moment that does not belong to it any more.
    pub until: Option<Timestamp>,
}

impl Period {
    /// A time that cannot be read belongs to every period: nothing is left out for that.
    fn has(self, at: &str) -> bool {
        at.parse::<Timestamp>().map_or(true, |at| {
            self.from.is_none_or(|from| from <= at) && self.until.is_none_or(|until| at < until)
        })
    }

    /// The numbers between which its entries lie.
    fn span(self, journal: &Reader) -> Result<(i64, i64), JournalError> {
        let day = |at: Timestamp| at.to_string().get(..10).unwrap_or_default().to_owned();
        if self == Self::default() {
            return Ok((1, i64::MAX));
        }
        let first = self.from.map_or_else(String::new, day);
        let last = self.until.map_or_else(|| "~".to_owned(), day);
        Ok(journal.span(&first, &last)?.unwrap_or((1, 0)))
    }
}

/// An entry as JSON has it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Exported {
    seq: i64,
    at: String,
    mode: super::super::Mode,
    sale: String,
    kind: String,
    body: serde_json::Value,
    /// The hash of the entry before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    prev: Option<String>,
    /// The salt of a body that is not masked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    salt: Option<String>,
    /// The salted hash of the body before it was masked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    salted: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hash: Option<String>,
}

impl Exported {
    fn of(entry: &Entry, proof: Option<Proof>, follows: bool) -> Self {
        let Entry { seq, at, mode, sale, kind, body } = masked(entry);
        let is_whole = body == entry.body;
        let has_text = (&at, &sale, &kind) == (&entry.at, &entry.sale, &entry.kind);
        // A masked name of a sale makes the hash one that nobody can compute.
        let proof = proof.filter(|_| has_text);
        Self {
            seq,
            at,
            mode,
            sale,
            kind,
            body,
            prev: proof.as_ref().filter(|_| !follows).map(|proof| hex(&proof.prev)),
            salt: proof.as_ref().filter(|_| is_whole).map(|proof| hex(&proof.salt)),
            salted: proof.as_ref().filter(|_| !is_whole).map(|proof| hex(&proof.salted)),
            hash: proof.map(|proof| hex(&proof.hash)),
        }
    }
}

/// The entries of a period, with card numbers masked.
///
/// # Errors
/// The journal cannot be read or `out` not be written; what was written is then incomplete.
pub fn export(
    journal: &Reader,
    out: &mut impl Write,
    format: Format,
    period: Period,
) -> Result<(), ReportError> {
    let span = period.span(journal)?;
    match format {
        Format::Json => json(journal, out, span, period),
        Format::Csv => csv(journal, out, span, period),
    }
}

fn json(
    journal: &Reader,
    out: &mut impl Write,
    span: (i64, i64),
    period: Period,
) -> Result<(), ReportError> {
    let mut before = "[\n";
    let mut last = None;
    journal.proven(span, |entry, proof| {
        if !period.has(&entry.at) {
            return Ok(());
        }
        let has_hash = proof.is_some();
        let follows = last == Some(entry.seq.saturating_sub(1));
        let exported = Exported::of(&entry, proof, follows);
        last = has_hash.then_some(entry.seq);
        let line = serde_json::to_string(&exported)?;
        write!(out, "{before}{}", escaped(&line))?;
        before = ",\n";
        Ok::<_, ReportError>(())
    })?;
    // An empty export has not opened the bracket yet.
    let opening = if before == "[\n" { before } else { "\n" };
    writeln!(out, "{opening}]")?;
    out.flush()?;
    Ok(())
}

fn csv(
    journal: &Reader,
    out: &mut impl Write,
    span: (i64, i64),
    period: Period,
) -> Result<(), ReportError> {
    let mut lines = csv::Writer::from_writer(out);
    lines.write_record(["seq", "at", "mode", "sale", "kind", "body"])?;
    journal.proven(span, |entry, _| {
        if !period.has(&entry.at) {
            return Ok(());
        }
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
    let mut entries = Vec::new();
    each(export, |exported| {
        let Exported { seq, at, mode, sale, kind, body, .. } = exported;
        entries.push(Entry { seq, at, mode, sale, kind, body });
    })?;
    Ok(entries)
}

/// Calls `take` with each entry of an export, one at a time.
fn each(export: impl Read, take: impl FnMut(Exported)) -> Result<(), serde_json::Error> {
    struct Each<F>(F);

    impl<'de, F: FnMut(Exported)> Visitor<'de> for Each<F> {
        type Value = ();

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an array of entries")
        }

        fn visit_seq<A: SeqAccess<'de>>(mut self, mut entries: A) -> Result<(), A::Error> {
            while let Some(entry) = entries.next_element()? {
                (self.0)(entry);
            }
            Ok(())
        }
    }

    let mut json = serde_json::Deserializer::from_reader(export);
    json.deserialize_seq(Each(take))?;
    json.end()
}

/// What the check of an export has found.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Entries whose texts and place in the chain are what was written.
    pub whole: u64,
    /// Entries of which the same is known but for the body, which is masked.
    pub masked: u64,
    /// Entries without a hash: nothing is known of them.
    pub unknown: u64,
    /// Entries that are not what was written, or do not follow the one before, by their numbers.
    pub changed: Vec<i64>,
    /// How many runs of entries without a gap there are.
    pub runs: u64,
    /// Number and hash of the last one.
    pub last: Option<(i64, String)>,
}

impl Checked {
    fn take(&mut self, entry: &Exported, before: &mut Option<Head>) {
        let hash = |text: &Option<String>| text.as_deref().and_then(from_hex);
        let Some(stored) = hash(&entry.hash) else {
            self.unknown += 1;
            *before = None;
            return;
        };
        let follows = before.filter(|before| before.seq + 1 == entry.seq).map(|head| head.hash);
        // A first entry says itself what it follows.
        let named = hash(&entry.prev);
        if follows.is_none() {
            self.runs += 1;
        }
        let body = serde_json::to_string(&entry.body).unwrap_or_default();
        let whole = hash(&entry.salt).map(|salt| salted(&salt, body.as_bytes()));
        let link = Link {
            seq: entry.seq,
            at: entry.at.as_bytes(),
            sale: entry.sale.as_bytes(),
            kind: entry.kind.as_bytes(),
            body: &[],
        };
        let fits = follows
            .or(named)
            .zip(whole.or_else(|| hash(&entry.salted)))
            .is_some_and(|(prev, body)| link.hash_2(&prev, &body) == stored);
        match (fits, whole) {
            (true, Some(_)) => self.whole += 1,
            (true, None) => self.masked += 1,
            (false, _) => self.changed.push(entry.seq),
        }
        *before = Some(Head { seq: entry.seq, hash: stored });
        self.last = Some((entry.seq, hex(&stored)));
    }
}

/// Checks an export in [`Format::Json`] against its own hashes, and writes what it finds and what
/// it cannot know; returns whether no change was detected.
///
/// # Errors
/// It is no export, or `out` cannot be written.
pub fn check(export: impl Read, out: &mut impl Write) -> Result<bool, ReportError> {
    let (mut checked, mut before) = (Checked::default(), None);
    each(export, |entry| checked.take(&entry, &mut before))?;
    let Checked { whole, masked, unknown, changed, runs, last } = checked;
    for seq in changed.iter().take(crate::journal::MOST_BREAKS) {
        writeln!(out, "entry {seq}: was changed, or does not continue the entry before it")?;
    }
    let verdict = if changed.is_empty() { "no change detected" } else { "CHANGES DETECTED" };
    writeln!(
        out,
        "{} entries, {verdict}; {masked} with a masked body, {unknown} without a hash",
        whole + masked + unknown + changed.len() as u64
    )?;
    if let Some((seq, hash)) = last {
        writeln!(
            out,
            "last entry {seq}: {hash}\n\
             Runs without a gap: {runs}. What is before, between and behind them is not known; only \
             the till's own journal shows whether the last entry's hash is in it.",
        )?;
    }
    Ok(changed.is_empty())
}
