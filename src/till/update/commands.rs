//! What each command of the table does.

use super::Context;
use crate::till::{
    Access, Cancellation, CardSide, Cause, Change, Command, Effect, Ending, Help, Menu, Message,
    Overlay, PinPrompt, PinPurpose, Step,
};
use crate::wire::{StartMethod, Status, TerminalJob};

impl Context<'_> {
    pub(in crate::till) fn command(&mut self, command: Command) {
        self.carry_out(command);
        // Enter alone does nothing that a scanner could not do.
        if !self.rang && command != Command::Post {
            self.gone(Cause::Step);
        }
    }

    fn carry_out(&mut self, command: Command) {
        if !self.settings.has(command) {
            return self.error(Message::SwitchedOff(command));
        }
        // Under a question only its answers count.
        if matches!(
            self.state.overlays.last(),
            Some(Overlay::Confirm(_) | Overlay::ConfirmReturn(_))
        ) && !matches!(command, Command::Clear | Command::Post | Command::Lock)
        {
            return self.bell();
        }
        if self.state.saving.is_some() && waits_for_disk(command) {
            return self.error(Message::Saving);
        }
        let on_sales = self.selected_in_history().is_some() || self.listed().is_some();
        if command == Command::VoidOrReturn && on_sales {
            if !self.would_drop(Command::CancelSale) {
                self.ask_to_cancel();
            }
            return;
        }
        let voids = match command {
            Command::VoidLine => true,
            Command::VoidOrReturn => {
                self.state.entry.text.is_empty() && self.state.entry.multiplier.is_none()
            }
            _ => false,
        };
        if voids && !self.state.overlays.is_empty() {
            // The line is covered: nobody has seen which one would go.
            self.uncover();
            return self.bell();
        }
        if is_money(command) && !self.state.overlays.is_empty() {
            let searching = matches!(self.state.overlays.last(), Some(Overlay::Transactions(_)));
            self.uncover();
            // What was covered has not been seen: in the tender step the key must come again.
            if matches!(self.state.sale.step, Step::Tender(_)) {
                if searching {
                    // What was searched for is no amount given.
                    self.clear_entry();
                }
                return self.bell();
            }
        }
        if self.would_drop(command) {
            return;
        }
        match command {
            Command::Post => self.post(),
            Command::Multiply | Command::VoidOrReturn if self.must_not_sell(command) => {}
            Command::Multiply => self.multiply(false),
            Command::VoidOrReturn if !self.state.entry.text.is_empty() => self.multiply(true),
            Command::VoidOrReturn if self.state.entry.multiplier.is_some() => self.turn_return(),
            Command::Total => self.total(command, None),
            Command::Cash => self.total(command, Some(StartMethod::Cash)),
            Command::Cashless => self.total(command, Some(StartMethod::Cashless)),
            Command::Loyalty => self.total(command, Some(StartMethod::Loyalty)),
            Command::Subtotal => self.subtotal(),
            Command::Note(units) => self.note(units),
            Command::Clear => self.clear(),
            Command::Up | Command::Down | Command::PageUp | Command::PageDown => {
                self.move_by(command);
            }
            Command::Help => self.open(Overlay::Help(Help(0))),
            Command::Search => self.search(),
            Command::Card => self.look_up_card(),
            Command::TopUp => self.top_up(),
            Command::VoidOrReturn | Command::VoidLine => self.void_selected(),
            Command::Park => self.park(),
            Command::Menu => self.open(Overlay::Menu(Menu(0))),
            Command::History => self.history(),
            Command::Lock => self.lock(),
            Command::NewCard => self.show_programmes(),
            Command::CheckIns => self.show_check_ins(),
            Command::RemoveCard => self.remove_card(),
            Command::DiscardSale => self.discard(),
            Command::Unresolved => self.show_unresolved(),
            Command::CancelSale => self.ask_to_cancel(),
            Command::WriteOff => self.error(Message::NotHere(command)),
            Command::Faults => self.show_faults(),
            Command::AbortPayment => self.abort_payment(),
            Command::Transactions => self.list(String::new()),
            Command::Diagnosis => self.ask_terminal(TerminalJob::Diagnosis),
            Command::EndOfDay => self.ask_terminal(TerminalJob::EndOfDay),
            Command::Connect => self.connect(),
            Command::Wire => self.inspect(),
            Command::Quit => self.ask_to_quit(),
        }
    }

    /// A guarded command after its question was answered with →.
    pub(in crate::till) fn confirmed(&mut self, command: Command) {
        if command == Command::Quit {
            self.quit();
        } else if command == Command::WriteOff {
            self.write_off();
        } else if command == Command::CancelSale {
            match self.selected_in_history() {
                Some(index) => self.cancel_sale(index),
                None => self.cancel_listed(),
            }
        } else if command == Command::Unresolved && self.is_list_of_open() {
            self.settle_open();
        } else {
            self.command(command);
        }
    }

    /// The list of what has no known outcome is on top.
    fn is_list_of_open(&self) -> bool {
        matches!(self.state.overlays.last(), Some(Overlay::Unresolved(_)))
    }

    /// Ends the program, after everything that had to be asked.
    pub(in crate::till) fn quit(&mut self) {
        if self.may_leave() {
            if matches!(self.state.sale.step, Step::Done(_)) {
                self.record(Change::Closed);
            }
            self.effects.push(Effect::Quit(Ending::Asked));
        }
    }

    /// Quantities and voids belong to the basket; elsewhere the key only rings.
    fn must_not_sell(&mut self, command: Command) -> bool {
        match self.state.sale.step {
            Step::Basket(_) => false,
            Step::Done(_) => {
                if self.state.entry.text.is_empty() {
                    self.error(Message::NotHere(command));
                    return true;
                }
                false
            }
            Step::Tender(_) => {
                self.error(Message::NotHere(command));
                true
            }
            Step::Paying(_) | Step::Unknown(_) => {
                self.error(Message::NotWhilePaying);
                true
            }
        }
    }

    /// Esc: the entry first, then the overlay, then one step back.
    fn clear(&mut self) {
        // Pieces that wait for an article do not lie under an overlay: it is closed before.
        let covered = !self.state.overlays.is_empty();
        let typed = !self.state.entry.text.is_empty() || self.state.entry.overflow;
        if covered && typed {
            return self.clear_text();
        }
        if !covered && self.clear_entry() {
            return;
        }
        match self.state.overlays.last().cloned() {
            None => self.step_back(),
            Some(top) => top.layer().close(self),
        }
    }

    fn search(&mut self) {
        if !matches!(self.state.sale.step, Step::Basket(_) | Step::Done(_)) {
            return self.error(Message::NotHere(Command::Search));
        }
        let hits = self.hits();
        self.open(Overlay::Search(hits));
    }

    /// Storno in the history: asks whether the selected sale is to be cancelled.
    fn ask_to_cancel(&mut self) {
        let sale = self.selected_in_history().and_then(|index| self.state.history.get(index));
        let cancelled = sale.and_then(|sale| sale.cancelled.as_ref());
        if cancelled.is_some_and(|cancelled| cancelled.card != CardSide::Standing) {
            return self.error(Message::AlreadyCancelled);
        }
        match self.listed().map(|row| row.status) {
            None if self.selected_in_history().is_none() => {
                return self.error(Message::NotHere(Command::CancelSale));
            }
            None | Some(Status::Ok) => {}
            Some(Status::Cancelled) => return self.error(Message::AlreadyCancelled),
            Some(_) => return self.error(Message::NotPaid),
        }
        self.state.overlays.cover(Overlay::Confirm(Command::CancelSale));
    }

    /// Says why not, while an outcome is open: then no shift ends. A cancellation that the server
    /// does not tell of is an open point, and does not count.
    pub(super) fn outcomes_known(&mut self) -> bool {
        if matches!(self.state.sale.step, Step::Paying(_) | Step::Unknown(_)) {
            self.error(Message::NotWhilePaying);
            return false;
        }
        if !self.state.unresolved.is_empty()
            || self.state.cancellations.iter().any(Cancellation::is_expected)
        {
            self.error(Message::OutcomesOpen);
            return false;
        }
        true
    }

    /// Says why not, while a payment is on its way: its call always ends. Every other outcome is
    /// in the journal and asked after at the next start, so a till can be left with it.
    fn may_leave(&mut self) -> bool {
        let paying = matches!(self.state.sale.step, Step::Paying(_));
        if paying {
            self.error(Message::NotWhilePaying);
        }
        !paying
    }

    pub(super) fn ask_to_quit(&mut self) {
        if !self.may_leave() {
            return;
        }
        self.state.overlays.replace(match self.settings.access {
            Access::Free | Access::Lock => Overlay::Confirm(Command::Quit),
            Access::Kiosk => Overlay::Pin(PinPrompt::new(PinPurpose::Quit)),
        });
        let open = self.state.open_outcomes();
        if open > 0 && self.settings.access == Access::Kiosk {
            self.info(Message::LeavingOpen(open));
        }
    }
}

/// What is not begun while a record is on its way to a slow disk: what asks the server for money
/// or leaves a sale. Typing, scanning and looking go on.
const fn waits_for_disk(command: Command) -> bool {
    matches!(
        command,
        Command::Total
            | Command::Subtotal
            | Command::Cash
            | Command::Cashless
            | Command::Loyalty
            | Command::Note(_)
            | Command::AbortPayment
            | Command::CancelSale
            | Command::EndOfDay
            | Command::Park
            | Command::DiscardSale
            | Command::Quit
    )
}

const fn is_money(command: Command) -> bool {
    matches!(
        command,
        Command::Total
            | Command::Subtotal
            | Command::Cash
            | Command::Cashless
            | Command::Loyalty
            | Command::Note(_)
            | Command::Multiply
            | Command::VoidOrReturn
    )
}
