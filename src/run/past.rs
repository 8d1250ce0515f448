//! The paid sales of a till, read from its journal by page beside the console that writes.
//!
//! Owns the way from entries to sales. Must not write, nor keep what it has read.

use std::path::PathBuf;

use super::books::Books;
use crate::journal::{Journal, Mode, Reader};
use crate::till::{self, Change, Finished, HistoryPage};
use crate::worker::PastSales;

/// The paid sales that the journal has.
#[derive(Debug)]
pub struct Past {
    dir: PathBuf,
    mode: Mode,
}

impl Books {
    /// The paid sales in these books, read beside the console that writes.
    #[must_use]
    pub fn past(&self) -> Past {
        Past { dir: self.dir.clone(), mode: self.mode }
    }
}

impl Past {
    fn reader(&self) -> Result<Reader, String> {
        Journal::read_only(&self.dir, self.mode).map_err(|error| error.to_string())
    }
}

impl PastSales for Past {
    fn page(&self, before: Option<i64>, limit: usize) -> Result<HistoryPage, String> {
        let reader = self.reader()?;
        let numbers =
            reader.finished(before, limit.saturating_add(1)).map_err(|error| error.to_string())?;
        let more = numbers.len() > limit;
        let mut sales = Vec::new();
        for (number, reference) in numbers.into_iter().take(limit) {
            let sale = finished_sale(&reader, &reference)?;
            sales.extend(sale.map(|sale| (number, sale)));
        }
        Ok(HistoryPage { sales, more })
    }

    fn find(&self, id: &str, reference: &str) -> Result<Option<Finished>, String> {
        let reader = self.reader()?;
        let mut reference = reference;
        loop {
            match finished_sale(&reader, reference)?.filter(|sale| sale.id == id) {
                Some(sale) => return Ok(Some(sale)),
                // Later transactions of one sale have the number of the attempt behind its
                // reference.
                None => match reference.rsplit_once('-') {
                    Some((shorter, _)) => reference = shorter,
                    None => return Ok(None),
                },
            }
        }
    }
}

/// The paid sale with this reference; `None`: it is not paid, or there is none.
fn finished_sale(reader: &Reader, reference: &str) -> Result<Option<Finished>, String> {
    let entries = reader.entries_of(reference).map_err(|error| error.to_string())?;
    let changes = entries.into_iter().map(|entry| serde_json::from_value(entry.body));
    let changes = changes.collect::<Result<Vec<Change>, _>>().map_err(|error| error.to_string())?;
    Ok(till::finished(reference, changes))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;
    use crate::console::Keeper;
    use crate::journal::Upkeep;
    use crate::run::books::JournalKeeper;
    use crate::till::Record;

    /// Records of a sale that is paid, as the till tells them.
    fn paid(reference: &str, id: &str) -> Vec<Record> {
        let changes = json!([
            {"line": {"number": "7", "name": "Pen", "quantity": 1, "price": 150, "vat": 19}},
            {"head": {"revision": 2, "remote": {"id": id, "synced": 2}, "stage": {"paying":
                {"method": "cash", "due": 150, "given": 200, "call": 3, "since": 4}}}},
            {"head": {"revision": 2, "stage": {"done": {"id": id, "booked": "2026-01-02"}}}},
        ]);
        let changes: Vec<Change> = serde_json::from_value(changes).unwrap();
        changes.into_iter().map(|change| Record { sale: reference.to_owned(), change }).collect()
    }

    #[test]
    fn paid_sales_are_read_from_the_journal_beside_its_writer() {
        let dir = tempfile::tempdir().unwrap();
        let books =
            Books { dir: dir.path().to_owned(), mode: Mode::Sandbox, upkeep: Upkeep::default() };
        let past = books.past();
        assert!(past.page(None, 2).is_err(), "there is no journal");
        let mut keeper = JournalKeeper(books.open(|_| ()).unwrap().0);
        for number in 1..=5 {
            for record in paid(&format!("run-{number}"), &format!("STX_{number}")) {
                keeper.keep(record).unwrap();
            }
        }
        let first = past.page(None, 2).unwrap();
        let ids = |page: &HistoryPage| -> Vec<String> {
            page.sales.iter().map(|(_, sale)| sale.id.clone()).collect()
        };
        assert_eq!((ids(&first), first.more), (vec!["STX_5".into(), "STX_4".into()], true));
        let rest = past.page(first.sales.last().map(|(number, _)| *number), 3).unwrap();
        assert_eq!(ids(&rest), ["STX_3", "STX_2", "STX_1"]);
        assert!(!rest.more);
        let (_, oldest) = rest.sales.last().unwrap();
        assert_eq!((oldest.basket.sum().minor(), oldest.payment.change().minor()), (150, 50));
        let found = |id, reference| past.find(id, reference).unwrap().map(|sale| sale.reference);
        assert_eq!(found("STX_2", "run-2").as_deref(), Some("run-2"));
        assert_eq!(found("STX_2", "run-2-1").as_deref(), Some("run-2"), "a later attempt");
        assert_eq!(found("STX_2", "run-3"), None);
        assert_eq!(found("STX_9", "other-7"), None);
    }
}
