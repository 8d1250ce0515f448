//! What is pending in the entry line, before a command that cannot use it.
//!
//! A number, a return or pieces that wait for an article are used, or refused and kept: no command
//! drops them without a word. Owns the one table that says which commands cannot go on with them.

use super::Context;
use crate::till::overlay::Coming;
use crate::till::{Command, Message, Overlay, Step};

/// What a command does about what is pending.
enum Takes {
    /// It uses it, or leaves it as it is.
    Anything,
    /// It uses the number typed, and has no use for pieces.
    Number,
    /// It needs an empty entry line.
    Nothing,
}

/// Without a catch-all: a new command must say what it does about what is pending.
const fn takes(command: Command) -> Takes {
    match command {
        Command::TopUp => Takes::Number,
        Command::Total
        | Command::Cash
        | Command::Cashless
        | Command::Loyalty
        | Command::Subtotal
        | Command::Park
        | Command::DiscardSale
        | Command::CancelSale
        | Command::Transactions => Takes::Nothing,
        Command::Post
        | Command::Multiply
        | Command::Clear
        | Command::Search
        | Command::Card
        | Command::Note(_)
        | Command::NewCard
        | Command::CheckIns
        | Command::AbortPayment
        | Command::RemoveCard
        | Command::VoidOrReturn
        | Command::VoidLine
        | Command::Up
        | Command::Down
        | Command::PageUp
        | Command::PageDown
        | Command::Help
        | Command::Menu
        | Command::History
        | Command::Lock
        | Command::Unresolved
        | Command::WriteOff
        | Command::Diagnosis
        | Command::EndOfDay
        | Command::Faults
        | Command::Connect
        | Command::Wire
        | Command::Quit => Takes::Anything,
    }
}

impl Context<'_> {
    /// Says so and returns true if `command` would drop what is pending. In the tender step the
    /// number typed is the amount given; while a payment is open it is refused anyway.
    pub(super) fn would_drop(&mut self, command: Command) -> bool {
        let paying = !matches!(self.state.sale.step, Step::Basket(_) | Step::Done(_));
        let of_tender = matches!(
            command,
            Command::Total | Command::Cash | Command::Cashless | Command::Loyalty
        );
        // That nothing can be sold any more is said before anything else.
        let stopped = self.state.stopped.is_some() && command != Command::Park;
        if stopped || paying && of_tender {
            return false;
        }
        match takes(command) {
            Takes::Anything => false,
            Takes::Number => self.pieces_wait(),
            Takes::Nothing => {
                if self.pieces_wait() {
                    return true;
                }
                if self.state.entry.is_refused() {
                    self.clear_text();
                }
                let typed = !self.state.entry.text.is_empty();
                if typed {
                    self.error(Message::PostFirst);
                }
                typed
            }
        }
    }

    /// Says so and returns true if pieces wait for their article, or their return for an answer.
    pub(in crate::till) fn pieces_wait(&mut self) -> bool {
        let asked = self.state.overlays.iter().find_map(|overlay| match overlay {
            Overlay::ConfirmReturn(line) => Some(line.quantity),
            _ => None,
        });
        let typed = self.state.entry.multiplier.map(crate::till::Multiplier::quantity);
        let waiting = typed.or(asked);
        if let Some(pieces) = waiting {
            self.error(Message::PiecesWait(pieces));
        }
        waiting.is_some()
    }

    /// Closes what lies over the basket, but a question about a line that is not in it yet.
    pub(in crate::till) fn uncover(&mut self) {
        self.state.overlays.leave(Coming::Sale);
    }
}
