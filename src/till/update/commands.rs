//! What each command of the table does.

use super::Turn;
use crate::till::{
    Access, Change, Command, Effect, Ending, Overlay, PinPrompt, PinPurpose, Say, Step,
};
use crate::wire::{StartMethod, Status, TerminalJob};

impl Turn<'_> {
    pub(super) fn command(&mut self, command: Command) {
        if !self.settings.has(command) {
            return self.error(Say::SwitchedOff(command));
        }
        // Under a question only its answers count.
        if matches!(self.state.overlays.last(), Some(Overlay::Confirm(_)))
            && !matches!(command, Command::Clear | Command::Post | Command::Lock)
        {
            return self.bell();
        }
        if self.state.saving.is_some() && waits_for_disk(command) {
            return self.error(Say::Saving);
        }
        let on_sales = self.selected_in_history().is_some() || self.listed().is_some();
        if command == Command::Storno && on_sales {
            return self.ask_to_cancel();
        }
        let voids = match command {
            Command::VoidLine => true,
            Command::Storno => self.state.entry.text.is_empty(),
            _ => false,
        };
        let voids = voids && self.state.entry.multiplier.is_none();
        if voids && !self.state.overlays.is_empty() {
            // The line is covered: nobody has seen which one would go.
            self.state.overlays.clear();
            return self.bell();
        }
        if is_money(command) && !self.state.overlays.is_empty() {
            let searching = matches!(self.state.overlays.last(), Some(Overlay::Transactions(_)));
            self.state.overlays.clear();
            // What was covered has not been seen: in the tender step the key must come again.
            if matches!(self.state.sale.step, Step::Tender(_)) {
                if searching {
                    // What was searched for is no amount given.
                    self.clear_entry();
                }
                return self.bell();
            }
        }
        match command {
            Command::Post => self.post(),
            Command::Multiply | Command::Storno if self.must_not_sell(command) => {}
            Command::Multiply => self.multiply(false),
            Command::Storno if !self.state.entry.text.is_empty() => self.multiply(true),
            Command::Storno if self.state.entry.multiplier.is_some() => self.turn_return(),
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
            Command::Help => self.open(Overlay::Help(0)),
            Command::Search => self.search(),
            Command::Card => self.look_up_card(),
            Command::TopUp => self.top_up(),
            Command::Storno | Command::VoidLine => self.void_selected(),
            Command::Park => self.park(),
            Command::Menu => self.open(Overlay::Menu(0)),
            Command::History => self.history(),
            Command::Lock => self.lock(),
            Command::NewCard => self.show_programmes(),
            Command::CheckIns => self.show_check_ins(),
            Command::RemoveCard => self.remove_card(),
            Command::DiscardSale => self.discard(),
            Command::Unresolved => self.show_unresolved(),
            Command::CancelSale => self.ask_to_cancel(),
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
    pub(super) fn confirmed(&mut self, command: Command) {
        if command == Command::Quit {
            self.quit();
        } else if command == Command::CancelSale {
            match self.selected_in_history() {
                Some(index) => self.cancel_sale(index),
                None => self.cancel_listed(),
            }
        } else {
            self.command(command);
        }
    }

    /// Ends the program, after everything that had to be asked.
    pub(super) fn quit(&mut self) {
        if self.outcomes_known() {
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
                    self.error(Say::NotHere(command));
                    return true;
                }
                false
            }
            Step::Tender(_) => {
                self.error(Say::NotHere(command));
                true
            }
            Step::Paying(_) | Step::Unknown(_) => {
                self.error(Say::NotWhilePaying);
                true
            }
        }
    }

    /// Esc: the entry first, then the overlay, then one step back.
    fn clear(&mut self) {
        if self.clear_entry() {
            return;
        }
        if self.end_search() {
            return;
        }
        match self.state.overlays.pop() {
            None => self.step_back(),
            Some(Overlay::Pairing) => self.info(Say::PairingAside),
            Some(_) => {}
        }
    }

    fn search(&mut self) {
        if !matches!(self.state.sale.step, Step::Basket(_) | Step::Done(_)) {
            return self.error(Say::NotHere(Command::Search));
        }
        let hits = self.hits();
        self.open(Overlay::Search(hits));
    }

    /// Storno in the history: asks whether the selected sale is to be cancelled.
    fn ask_to_cancel(&mut self) {
        match self.listed().map(|row| row.status) {
            None if self.selected_in_history().is_none() => {
                return self.error(Say::NotHere(Command::CancelSale));
            }
            None | Some(Status::Ok) => {}
            Some(Status::Cancelled) => return self.error(Say::AlreadyCancelled),
            Some(_) => return self.error(Say::NotPaid),
        }
        self.clear_entry();
        self.state.overlays.push(Overlay::Confirm(Command::CancelSale));
    }

    fn lock(&mut self) {
        self.clear_entry();
        self.close_overlays();
        self.state.overlays.push(match self.settings.access {
            Access::Free => Overlay::Locked,
            Access::Lock | Access::Kiosk => Overlay::Pin(PinPrompt::new(PinPurpose::Unlock)),
        });
    }

    /// Says why not, while an outcome is open: then no shift ends.
    pub(super) fn outcomes_known(&mut self) -> bool {
        if matches!(self.state.sale.step, Step::Paying(_) | Step::Unknown(_)) {
            self.error(Say::NotWhilePaying);
            return false;
        }
        if !self.state.unresolved.is_empty() || self.state.cancellation.is_some() {
            self.error(Say::OutcomesOpen);
            return false;
        }
        true
    }

    fn ask_to_quit(&mut self) {
        if !self.outcomes_known() {
            return;
        }
        self.clear_entry();
        self.close_overlays();
        self.state.overlays.push(match self.settings.access {
            Access::Free | Access::Lock => Overlay::Confirm(Command::Quit),
            Access::Kiosk => Overlay::Pin(PinPrompt::new(PinPurpose::Quit)),
        });
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
            | Command::Storno
    )
}
