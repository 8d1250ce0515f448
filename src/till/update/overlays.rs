//! Keys that reach the topmost overlay, and what they do where none is open.
//!
//! Owns the way to the overlays' files. Must not know what an overlay does with a key.

use super::{At, Context};
use crate::till::overlay::{Coming, Takes, moved, rows_of_receipt};
use crate::till::{
    Action, Answer, Call, Command, Finished, Message, Overlay, Receipt, Step, Waiter,
};
use crate::wire::Outcome;

impl Context<'_> {
    /// Closes what lies over the basket, but a question about a line that is not in it yet.
    pub(in crate::till) fn uncover(&mut self) {
        self.state.overlays.leave(Coming::Sale);
    }

    /// A command opens its overlay in place of those that are open, or closes it.
    pub(super) fn open(&mut self, overlay: Overlay) {
        self.state.overlays.toggle(overlay);
    }

    /// A command opens the list that `call` asks for, or closes it; `overlay` waits for the answer.
    pub(super) fn fetch(&mut self, command: Command, call: Call, overlay: Overlay) {
        if self.state.overlays.toggle(overlay) {
            self.call(call, Waiter::Fetch(command));
        }
    }

    /// The answer to [`Self::fetch`].
    pub(super) fn fetched(&mut self, command: Command, outcome: Outcome<Answer>) {
        let awaits = |over: &&mut Overlay| over.layer().awaits(&Waiter::Fetch(command));
        let outcome = match self.state.overlays.iter_mut().find(awaits) {
            Some(overlay) => overlay.change(|layer| layer.fetched(outcome)),
            None => outcome.map(drop),
        };
        self.said(Action::Fetch(command), outcome);
        self.read_history_again();
    }

    /// Which keys the topmost overlay takes.
    pub(super) fn taken_by_overlay(&self) -> Takes {
        self.state.overlays.last().map_or(Takes::Nothing, |top| top.layer().takes())
    }

    /// True if a printable key is text in the topmost overlay, even where it has a command.
    pub(super) fn is_text_here(&self) -> bool {
        let typed = &self.state.entry.text;
        self.state.overlays.last().is_some_and(|top| top.layer().is_text(typed))
    }

    /// Enter on an empty line.
    pub(super) fn enter(&mut self) {
        if let Some(top) = self.state.overlays.last().cloned() {
            top.layer().enter(self);
        }
    }

    /// Enter behind this text; false: it is no overlay's.
    pub(super) fn posted_to_overlay(&mut self, text: &str) -> bool {
        let top = self.state.overlays.last().cloned();
        top.is_some_and(|top| top.layer().posted(self, text))
    }

    /// → or ←: the answer to a question.
    pub(super) fn arrow(&mut self, yes: bool) {
        if yes && self.state.saving.is_some() {
            return self.error(Message::Saving);
        }
        if yes && !self.may_decide() {
            return;
        }
        if let Some(top) = self.state.overlays.last().cloned() {
            return if yes { top.layer().right(self) } else { top.layer().left(self) };
        }
        match self.state.sale.step {
            Step::Paying(_) if yes => self.abort_payment(),
            Step::Unknown(_) if yes => self.end_inquiry(At::Hand),
            _ => self.bell(),
        }
    }

    /// Up, Down and pages: in the topmost overlay, otherwise in the basket.
    pub(super) fn move_by(&mut self, command: Command) {
        let rows =
            self.state.overlays.last().map(|top| top.layer().rows(self.state, self.settings));
        if let (Some(rows), Some(top)) = (rows, self.state.overlays.top_mut()) {
            return top.change(|layer| layer.moved(command, rows))(self);
        }
        let sale = &mut self.state.sale;
        if let Step::Done(finished) = &sale.step {
            // There is nothing to select any more: the keys leaf through the receipt.
            let scroll = moved(0, command, rows_of_receipt(finished));
            return self.state.overlays.cover(Overlay::Receipt(Receipt { of: None, scroll }));
        }
        sale.selected = moved(sale.selected, command, sale.basket.lines().len());
    }

    /// The sale that the history on top highlights.
    pub(super) fn selected_in_history(&self) -> Option<Finished> {
        match self.state.overlays.last() {
            Some(Overlay::History(list)) => list.current().cloned(),
            _ => None,
        }
    }

    /// Prints what the topmost overlay shows, or opens the history.
    pub(super) fn history(&mut self) {
        let top = self.state.overlays.last().cloned();
        if !top.is_some_and(|top| top.layer().print(self)) {
            self.open_history();
        }
    }
}
