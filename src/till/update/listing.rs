//! The server's list of transactions: loading, searching, one of them in full, cancelling it.

use super::Context;
use crate::shop::{CardPattern, Scan, recognise};
use crate::text::mask_cards;
use crate::till::{
    Action, Call, Effect, Fetch, Listed, Listing, Message, Overlay, Printing, Slip, Waiter,
};
use crate::wire::{Outcome, Transaction, TransactionPage};

/// Longer numbers are codes: they are sold, as on every other screen.
const SEARCH_DIGITS: usize = 6;

/// Whether a run of digits holds a number of this pattern, perhaps with others around it.
fn holds(card: &CardPattern, run: &str) -> bool {
    let at = |start| run.get(start..start + card.length);
    (0..run.len()).any(|start| at(start).is_some_and(|number| card.matches(number)))
}

impl Context<'_> {
    fn listing(&mut self) -> Option<&mut Listing> {
        self.state.overlays.iter_mut().find_map(|overlay| match overlay {
            Overlay::Transactions(listing) => Some(listing.as_mut()),
            _ => None,
        })
    }

    /// The list from its begin, of those that `search` finds.
    pub(super) fn list(&mut self, search: String) {
        self.call(Call::List(search.clone(), 0), Waiter::Rows);
        let listing = Listing::of(search, Fetch::Rows(self.state.now));
        self.state.overlays.clear();
        self.state.overlays.push(Overlay::Transactions(Box::new(listing)));
    }

    /// Enter on the list: what was typed is searched for, unless it is a scan. True if it was.
    pub(super) fn search_list(&mut self, text: &str) -> bool {
        let on_top = matches!(self.state.overlays.last(), Some(Overlay::Transactions(_)));
        let number = text.bytes().all(|byte| byte.is_ascii_digit());
        let raw = crate::shop::shape(text) == crate::shop::Shape::Raw;
        // A card's number belongs into no address: it would be kept where requests are logged.
        let card = text
            .split(|c: char| !c.is_ascii_digit())
            .any(|run| self.settings.scan.cards.iter().any(|card| holds(card, run)));
        let card = card || mask_cards(text, true) != text;
        if !on_top || raw || card || (number && text.len() > SEARCH_DIGITS) {
            return false;
        }
        // A code of goods is sold here too; words and short numbers are references.
        let scan = recognise(text, &self.settings.scan, &self.settings.catalogue);
        if !number && !matches!(scan, Scan::Words(_) | Scan::Unknown(_)) {
            return false;
        }
        self.list(text.to_owned());
        true
    }

    /// Esc on a list that was searched: all are listed again. False elsewhere.
    pub(super) fn end_search(&mut self) -> bool {
        let searched = matches!(
            self.state.overlays.last(), Some(Overlay::Transactions(list)) if !list.search.is_empty()
        );
        if searched {
            self.list(String::new());
        }
        searched
    }

    /// The highlight has moved: at the last row that is here, the next ones are asked for.
    pub(super) fn list_moved(&mut self) {
        let Some(Overlay::Transactions(list)) = self.state.overlays.last() else { return };
        let at_end = list.selected + 1 >= list.rows.len();
        if !at_end || !list.has_more() || matches!(list.fetch, Fetch::Rows(..)) {
            return;
        }
        let (search, taken) = (list.search.clone(), list.taken);
        self.call(Call::List(search, taken), Waiter::Rows);
        let since = self.state.now;
        if let Some(list) = self.listing() {
            list.fetch = Fetch::Rows(since);
        }
    }

    /// Nothing is lost by rows that did not come: the notice says why.
    pub(super) fn rows_answered(&mut self, outcome: Outcome<TransactionPage>) {
        let page = self.said(Action::List, outcome);
        let Some(list) = self.listing() else { return };
        match page {
            Some(page) => list.append(&page),
            None => list.fetch = Fetch::Failed,
        }
    }

    /// Enter on a row: all that is known of it, and what the server says of it now.
    pub(super) fn open_listed(&mut self) {
        let Some(id) = self.listed().map(|row| row.id.clone()) else { return self.bell() };
        self.state.overlays.push(Overlay::Transaction(0));
        if self.listing().is_some_and(|list| matches!(list.fetch, Fetch::Rows(..))) {
            return;
        }
        self.call(Call::Read(id), Waiter::Row);
        if let Some(list) = self.listing() {
            list.fetch = Fetch::Row;
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

    /// Prints what the server wrote of the transaction or of the terminal's job on top.
    pub(super) fn print_slip(&mut self) {
        if self.settings.printing == Printing::Never {
            return self.error(Message::NoPrinter);
        }
        let slip: Option<Slip> = match self.state.overlays.last() {
            Some(Overlay::Terminal(_)) => {
                self.state.terminal.as_ref().and_then(|terminal| terminal.run.slip()).cloned()
            }
            _ => self.listed().map(|row| row.slip.clone()),
        };
        match slip.filter(|slip| !slip.lines.is_empty()) {
            Some(slip) => self.effects.push(Effect::PrintSlip(Box::new(slip))),
            None => self.error(Message::NoReceipt),
        }
    }
}
