//! What the journal's tests share.

use std::collections::BTreeMap;
use std::path::Path;

use kasse::journal::{Draft, Entry, Fold, Journal, JournalError, Mode, Reader, Upkeep};
use serde::{Deserialize, Serialize};
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

/// Sums up entries: a sale is open from its first entry to one of the kind `done`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sums {
    /// How many entries there were.
    pub entries: u64,
    /// The sum of the numbers in their bodies.
    pub sum: u64,
    /// The first entries of open sales.
    pub open: BTreeMap<String, i64>,
}

impl Fold for Sums {
    fn format(&self) -> u32 {
        7
    }

    fn take(&mut self, entry: Entry) -> Result<(), String> {
        let number = entry.body["number"].as_u64().ok_or("no number")?;
        self.entries += 1;
        self.sum += number;
        match entry.kind.as_str() {
            "done" => drop(self.open.remove(&entry.sale)),
            _ => drop(self.open.entry(entry.sale).or_insert(entry.seq)),
        }
        Ok(())
    }

    fn save(&self) -> Result<Vec<u8>, String> {
        serde_json::to_vec(self).map_err(|error| error.to_string())
    }

    fn load(&mut self, saved: &[u8]) -> Result<(), String> {
        *self = serde_json::from_slice(saved).map_err(|error| error.to_string())?;
        Ok(())
    }

    fn oldest_open(&self) -> Option<i64> {
        self.open.values().min().copied()
    }
}

/// What the first `count` of the row of entries sum up to.
pub fn sums(count: usize) -> Sums {
    let mut sums = Sums::default();
    for entry in stored(&(0..count).map(draft).collect::<Vec<_>>()) {
        sums.take(entry).unwrap();
    }
    sums
}

/// The sandbox journal in `dir` with its sums; a lost entry ends the test.
pub fn open_with_sums(dir: &Path, upkeep: Upkeep) -> (Journal, Sums) {
    let lost = |lost| panic!("lost: {lost:?}");
    Journal::open_folded(dir, Mode::Sandbox, Sums::default(), upkeep, lost).unwrap()
}
