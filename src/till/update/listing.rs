//! What the server says of its list of transactions, and of one of them.

use super::Context;
use crate::till::{Action, CallId, Cause, Fetch, Link, Listed, Listing, Message};
use crate::wire::{Outcome, Transaction, TransactionPage};

impl Context<'_> {
    pub(super) fn page_answered(&mut self, id: CallId, outcome: Outcome<TransactionPage>) {
        let waited = |list: &&mut Listing| matches!(list.fetch, Fetch::Rows(call, _) if call == id);
        let Some(list) = self.listing().filter(waited) else { return };
        let page = match outcome {
            Outcome::Ok(page) => page,
            failure => {
                list.fetch = Fetch::Failed;
                return self.not_listed(failure.map(drop));
            }
        };
        list.append(&page);
        self.state.link = Link::Up;
        self.gone(Cause::Call(Action::List));
    }

    /// Nothing is lost by a list that did not come: the notice says why.
    fn not_listed(&mut self, outcome: Outcome<()>) {
        let message = match outcome {
            Outcome::Ok(()) => return,
            Outcome::Refused(error) => Message::Refused(Action::List, error),
            Outcome::Unknown(reason) => Message::NoAnswer(Action::List, reason),
            Outcome::Down(reason) => Message::Down(Action::List, reason),
        };
        self.state.link = match &message {
            Message::NoAnswer(_, reason) | Message::Down(_, reason) => Link::Down(*reason),
            _ => Link::Up,
        };
        self.error(message);
    }

    pub(super) fn is_row(&mut self, id: CallId) -> bool {
        self.listing().is_some_and(|list| matches!(list.fetch, Fetch::Row(call) if call == id))
    }

    pub(super) fn row_answered(&mut self, outcome: Outcome<Transaction>) {
        let Some(list) = self.listing() else { return };
        list.fetch = Fetch::Nothing;
        match outcome {
            Outcome::Ok(transaction) => {
                list.refresh(&transaction);
                self.state.link = Link::Up;
            }
            // What the list said of it stays.
            failure => self.not_listed(failure.map(drop)),
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
