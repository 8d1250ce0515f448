//! What each command of the table does.

use super::Context;
use crate::till::allowed::meant;
use crate::till::{
    Call, Cause, Change, Choice, Command, Effect, Ending, Faults, Help, Hits, Menu, Message, Over,
    Overlay, PinPrompt, PinPurpose, QuickPage, Refusal, Step, Takes, Unresolved, allowed,
    allowed_after_typing,
};
use crate::wire::TerminalJob;

impl Context<'_> {
    pub(in crate::till) fn command(&mut self, command: Command) {
        self.carry_out(command);
        // Enter alone does nothing that a scanner could not do.
        if !self.rang && command != Command::Post {
            self.gone(Cause::Step);
        }
    }

    /// Says why, and returns true, if `command` does not work now.
    pub(in crate::till) fn is_refused(&mut self, command: Command) -> bool {
        self.is_refusal(command, allowed(command, self.state, self.settings))
    }

    /// Says why, and returns true, if the answer about `command` is no.
    pub(in crate::till) fn is_refusal(
        &mut self,
        command: Command,
        answer: Result<(), Refusal>,
    ) -> bool {
        if let Err(refusal) = answer {
            self.refuse(command, refusal);
        }
        answer.is_err()
    }

    /// Says why `command` does not work: the only place where a refusal becomes a notice. Nothing
    /// else changes, but what would make the next key mean something else.
    pub(super) fn refuse(&mut self, command: Command, refusal: Refusal) {
        let takes = command.row().map(|row| row.takes);
        let tender = matches!(self.state.sale.step, Step::Tender(_));
        if refusal == Refusal::Covered {
            // What was covered has not been seen: the key must come again.
            let top = self.state.overlays.last();
            let searching = matches!(top, Some(Overlay::Transactions(_)));
            self.uncover();
            if tender && searching {
                // What was searched for is no amount given.
                self.clear_entry();
            }
        } else if refusal == Refusal::NotWhilePaying && takes == Some(Takes::Amount) {
            // It must not become the amount given if the payment comes to nothing.
            self.clear_entry();
        }
        match refusal.message(command, self.state) {
            Some(message) => self.error(message),
            None => self.bell(),
        }
    }

    /// Closes what an allowed command closes, and clears a number that was refused where it needs
    /// an empty line.
    fn make_room(&mut self, command: Command) {
        let Some(row) = command.row() else { return };
        if row.over == Over::Closes {
            self.uncover();
        }
        let amount = row.takes == Takes::Amount && !matches!(self.state.sale.step, Step::Tender(_));
        if (amount || row.takes == Takes::Nothing) && self.state.entry.is_refused() {
            self.clear_text();
        }
    }

    fn carry_out(&mut self, command: Command) {
        if self.is_refused(command) {
            return;
        }
        let command = meant(command, self.state, self.settings);
        self.make_room(command);
        let now = self.state.now;
        match command {
            Command::Post => self.post(),
            Command::Multiply => self.multiply(false),
            Command::VoidOrReturn if self.state.entry.text.is_empty() => self.turn_return(),
            Command::VoidOrReturn => self.multiply(true),
            Command::Total | Command::Cash | Command::Cashless | Command::Loyalty => {
                self.total(command.method());
            }
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
            Command::VoidLine => self.void_selected(),
            Command::Quantity | Command::Price | Command::Discount(..) => self.with_number(command),
            Command::LineNote | Command::SaleNote => self.ask_note(command),
            Command::Quick(key) => self.quick(key),
            Command::QuickKeys => self.open(Overlay::Quick(QuickPage(0))),
            Command::Teach => self.teach(),
            Command::Park => self.park(),
            Command::Menu => self.open(Overlay::Menu(Menu(0))),
            Command::History => self.history(),
            Command::Lock => self.lock(),
            Command::NewCard => {
                self.fetch(command, Call::Programmes, Overlay::Programmes(Choice::Pending(now)));
            }
            Command::CheckIns => {
                self.fetch(command, Call::CheckIns, Overlay::CheckIns(Choice::Pending(now)));
            }
            Command::RemoveCard => self.remove_card(),
            Command::DiscardSale => self.discard(),
            Command::Unresolved => self.open(Overlay::Unresolved(Unresolved(0))),
            Command::CancelSale => self.state.overlays.cover(Overlay::Confirm(command)),
            // The question on an unknown outcome alone leads to it.
            Command::WriteOff => self.bell(),
            Command::Faults => self.open(Overlay::Faults(Faults(0))),
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
            let answer = allowed_after_typing(command, self.state, self.settings);
            match self.selected_in_history() {
                _ if self.is_refusal(command, answer) => {}
                Some(sale) => self.cancel_sale(sale),
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
        // A payment on its way: its call always ends. Every other outcome is in the journal and
        // asked after at the next start, so a till can be left with it.
        if matches!(self.state.sale.step, Step::Paying(_)) {
            return self.refuse(Command::Quit, Refusal::NotWhilePaying);
        }
        if matches!(self.state.sale.step, Step::Done(_)) {
            self.record(Change::Closed);
        }
        self.effects.push(Effect::Quit(Ending::Asked));
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
        let hits = Hits { asks_price: true, ..self.hits() };
        self.open(Overlay::Search(hits));
    }

    fn ask_to_quit(&mut self) {
        let asks_pin = Command::Quit.row().is_some_and(|row| row.asks_pin(self.settings.access));
        self.state.overlays.replace(if asks_pin {
            Overlay::Pin(PinPrompt::new(PinPurpose::Quit))
        } else {
            Overlay::Confirm(Command::Quit)
        });
        let open = self.state.open_outcomes();
        if open > 0 && asks_pin {
            self.info(Message::LeavingOpen(open));
        }
    }
}
