//! What the journal is told: every change of the sale at hand, found by comparing before and after.

use super::Context;
use crate::till::head::Head;
use crate::till::{Change, Record, Sale, State, Step};

/// The sale at hand before an event.
pub(super) struct Before {
    reference: String,
    /// `None`: finished, and finished sales do not change.
    head: Option<Head>,
}

impl Before {
    pub(super) fn of(state: &State) -> Self {
        let sale = &state.sale;
        let finished = matches!(sale.step, Step::Done(_));
        Self { reference: sale.reference.clone(), head: (!finished).then(|| Head::of(sale)) }
    }
}

impl Context<'_> {
    /// Tells the journal of a change of the sale at hand.
    pub(super) fn record(&mut self, change: Change) {
        let sale = self.state.sale.reference.clone();
        self.records.push(Record { sale, change });
    }

    /// Tells the journal how another sale differs from what it was.
    pub(super) fn record_change_of(&mut self, before: &Head, sale: &Sale) {
        if let Some(change) = before.change_to(sale) {
            let change = Change::Head(Box::new(change));
            self.records.push(Record { sale: sale.reference.clone(), change });
        }
    }

    /// Tells the journal how the sale at hand differs from what it was.
    pub(super) fn record_changes(&mut self, before: Before) {
        let sale = &self.state.sale;
        let kept = if before.reference == sale.reference {
            before.head
        } else {
            // Another sale: it was parked, or is a new one.
            let parked = self.recalled.take();
            Some(parked.unwrap_or_else(|| Head::of(&Sale::blank(String::new()))))
        };
        if let Some(change) = kept.and_then(|head| head.change_to(sale)) {
            self.record(Change::Head(Box::new(change)));
        }
    }
}
