//! What the server says of its list of transactions, and of one of them.

use super::Context;
use crate::till::{Action, Fetch, Listed};
use crate::wire::{Outcome, Transaction, TransactionPage};

impl Context<'_> {
    /// Nothing is lost by rows that did not come: the notice says why.
    pub(super) fn rows_answered(&mut self, outcome: Outcome<TransactionPage>) {
        let page = self.said(Action::List, outcome);
        let Some(list) = self.listing() else { return };
        match page {
            Some(page) => list.append(&page),
            None => list.fetch = Fetch::Failed,
        }
    }

    /// Without an answer, what the list said of it stays.
    pub(super) fn row_answered(&mut self, outcome: Outcome<Transaction>) {
        let row = self.said(Action::List, outcome);
        let Some(list) = self.listing() else { return };
        list.fetch = Fetch::Nothing;
        if let Some(row) = row {
            list.refresh(&row);
        }
    }

    /// What has become known of a transaction is shown where it is listed.
    pub(super) fn relist(&mut self, transaction: &Transaction) {
        if let Some(list) = self.listing() {
            list.refresh(transaction);
        }
    }

    /// The transaction that the list, or the question or page above it, is about.
    pub(super) fn listed(&self) -> Option<&Listed> {
        self.state.listed()
    }
}
