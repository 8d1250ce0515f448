//! What the journal is told: every change of the sale at hand, found by comparing before and after.

use super::Context;
use crate::till::{Change, Head, Record, Sale, State, Step};

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

    /// Tells the journal the head of another sale.
    pub(super) fn record_head_of(&mut self, sale: &Sale) {
        let change = Change::Head(Box::new(Head::of(sale)));
        self.records.push(Record { sale: sale.reference.clone(), change });
    }

    /// Tells the journal how the sale at hand differs from what it was.
    pub(super) fn record_changes(&mut self, before: Before) {
        let sale = &self.state.sale;
        let changed = if before.reference == sale.reference {
            before.head.is_some_and(|head| !head.is_of(sale))
        } else {
            !Head::of(&Sale::blank(String::new())).is_of(sale)
        };
        if changed {
            let head = Head::of(sale);
            self.record(Change::Head(Box::new(head)));
        }
    }
}
