//! What the journal's tests share.

use std::path::Path;

use kasse::journal::{Draft, Entry, Journal, JournalError, Mode, Reader};
use serde_json::{Value, json};

/// The `number`th of a row of entries; four belong to a sale.
pub fn draft(number: usize) -> Draft {
    Draft {
        at: format!("2026-11-20T10:{:02}:{:02}Z", number / 60 % 60, number % 60),
        sale: format!("sale-{}", number / 4),
        kind: ["open", "intent", "outcome", "done"][number % 4].to_owned(),
        body: json!({ "number": number, "text": "Brötchen" }),
        finishes: number % 4 == 3,
    }
}

/// As [`draft`], with a body of its own.
pub fn with_body(number: usize, body: Value) -> Draft {
    Draft { body, ..draft(number) }
}

/// The sandbox journal in `dir`; a lost entry ends the test.
pub fn open(dir: &Path) -> Journal {
    Journal::open(dir, Mode::Sandbox, |lost| panic!("lost: {lost:?}")).unwrap()
}

/// A sandbox journal in `dir` with the first `count` entries, closed.
pub fn filled(dir: &Path, count: usize) {
    open(dir).append_durable((0..count).map(draft).collect()).unwrap();
}

/// Reads the sandbox journal in `dir`.
pub fn reader(dir: &Path) -> Reader {
    Journal::read_only(dir, Mode::Sandbox).unwrap()
}

/// Every entry, in order.
pub fn all(reader: &Reader) -> Result<Vec<Entry>, JournalError> {
    let mut entries = Vec::new();
    reader.for_each(1, |entry| {
        entries.push(entry);
        Ok::<_, JournalError>(())
    })?;
    Ok(entries)
}

/// What `drafts` look like once they are the only entries.
pub fn stored(drafts: &[Draft]) -> Vec<Entry> {
    (1..)
        .zip(drafts.iter().cloned())
        .map(|(seq, Draft { at, sale, kind, body, .. })| Entry {
            seq,
            at,
            mode: Mode::Sandbox,
            sale,
            kind,
            body,
        })
        .collect()
}
