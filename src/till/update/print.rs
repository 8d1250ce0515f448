//! What is printed on request, and what the printer tells: printed, not printed, or not taken yet.
//!
//! Must not hold anything up: a sale is paid with or without its paper.

use super::Context;
use crate::till::{Cause, Effect, Finished, Message, Slip};

impl Context<'_> {
    /// The printer takes nothing: said once, with the number that waits now.
    pub(super) fn print_waits(&mut self, waiting: usize) {
        self.state.unprinted = waiting;
        self.forget_waiting();
        self.error(Message::PrinterWaits(waiting));
    }

    pub(super) fn printed(&mut self, printed: Result<(), String>) {
        self.state.unprinted = self.state.unprinted.saturating_sub(1);
        if self.state.unprinted == 0 {
            self.forget_waiting();
        }
        match printed {
            Ok(()) => {
                if self.state.unprinted == 0 {
                    self.gone(Cause::Printer);
                }
                self.info(Message::Printed);
            }
            Err(reason) => self.error(Message::PrintFailed(reason)),
        }
    }

    /// The word that receipts wait goes with its cause.
    fn forget_waiting(&mut self) {
        let waits = |message: &Message| matches!(message, Message::PrinterWaits(_));
        self.state.more_errors.retain(|error| !waits(&error.message));
        if self.state.notice.as_ref().is_some_and(|notice| waits(&notice.message)) {
            self.dismiss();
        }
    }

    /// Prints the receipt of a paid sale.
    pub(in crate::till) fn print(&mut self, finished: Option<Finished>) {
        self.print_or(finished.map(|sale| Effect::Print(Box::new(sale))), Message::NoHistory);
    }

    /// Prints what the server wrote.
    pub(in crate::till) fn print_slip(&mut self, slip: Option<Slip>) {
        let slip = slip.filter(|slip| !slip.lines.is_empty());
        self.print_or(slip.map(|slip| Effect::PrintSlip(Box::new(slip))), Message::NoReceipt);
    }

    fn print_or(&mut self, print: Option<Effect>, nothing: Message) {
        match print {
            Some(effect) => self.effects.push(effect),
            None => self.error(nothing),
        }
    }
}
