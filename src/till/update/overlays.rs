//! What lies over the panels: opening, moving, answering.

use super::Context;
use super::inquiry::At;
use super::wire;
use crate::shop::{Shape, shape};
use crate::till::{
    COMMANDS, Choice, Command, Effect, FAULTS, Finished, Message, Overlay, Printing, Settings,
    Slip, Step, allowed_in_menu,
};

/// How far Page Up and Page Down move.
const PAGE: usize = 10;

/// More than the help has, by little: scrolling beyond the end must not have to be undone.
const HELP_ROWS: usize = COMMANDS.len() + 30;

/// The commands that the menu shows for the text typed so far: those whose title contains it.
#[must_use]
pub fn menu_commands(entry: &str, settings: &Settings) -> Vec<Command> {
    let filter = match shape(entry) {
        Shape::Text => entry.trim().to_lowercase(),
        _ => String::new(),
    };
    COMMANDS
        .iter()
        .filter(|row| row.in_menu && settings.has(row.command))
        .filter(|row| match settings.titles.get(&row.command) {
            Some(title) => title.to_lowercase().contains(&filter),
            None => row.name.replace('_', " ").contains(&filter),
        })
        .map(|row| row.command)
        .collect()
}

impl Context<'_> {
    /// Opens an overlay in place of those that are open; opening the same kind again closes it.
    pub(super) fn open(&mut self, overlay: Overlay) {
        let same = self
            .state
            .overlays
            .last()
            .is_some_and(|top| std::mem::discriminant(top) == std::mem::discriminant(&overlay));
        self.close_overlays();
        if !same {
            self.state.overlays.push(overlay);
        }
    }

    /// Closes all overlays but the pairing and a return that was asked about: they stay below and
    /// come back when nothing covers them.
    pub(super) fn close_overlays(&mut self) {
        self.state
            .overlays
            .retain(|below| matches!(below, Overlay::Pairing | Overlay::ConfirmReturn(_)));
    }

    /// Closes what lies over the basket, but a question about a line that is not in it yet.
    pub(super) fn uncover(&mut self) {
        self.state.overlays.retain(|overlay| matches!(overlay, Overlay::ConfirmReturn(_)));
    }

    /// Enter on an empty line: the highlighted row of the topmost overlay.
    pub(super) fn activate_overlay(&mut self) {
        match self.state.overlays.last().cloned() {
            Some(Overlay::Menu(selected)) => self.run_menu("", selected),
            Some(Overlay::Search(hits)) if hits.chosen && !self.is_refused(Command::Search) => {
                self.take_hit(&hits);
            }
            Some(Overlay::History(_)) => {
                let of = self.selected_in_history();
                self.state.overlays.push(Overlay::Receipt { of, scroll: 0 });
            }
            Some(Overlay::Transactions(_)) => self.open_listed(),
            Some(Overlay::Parked(selected)) => self.recall(selected),
            Some(Overlay::Faults(selected)) => self.toggle_fault(selected),
            Some(Overlay::Pairing) => self.retry_pairing(),
            Some(Overlay::Wire(inspector)) => self.show_exchange(&inspector),
            Some(Overlay::Card(_)) => self.ask_csc(),
            Some(Overlay::Programmes(_) | Overlay::CheckIns(_)) => self.take_choice(),
            _ => {}
        }
    }

    pub(super) fn run_menu(&mut self, filter: &str, selected: usize) {
        let command = menu_commands(filter, self.settings).get(selected).copied();
        self.close_overlays();
        let Some(command) = command else { return self.bell() };
        if self.is_refusal(command, allowed_in_menu(command, self.state, self.settings)) {
            return;
        }
        let guarded = command.row().is_some_and(|row| row.guarded);
        let method = command.method();
        let tender = matches!(self.state.sale.step, Step::Tender(_));
        // Words may be a scan: what leads to a payment or applies a card asks for a key that no
        // scanner sends. A row that was chosen by hand does not.
        let guarded = guarded
            || !filter.is_empty()
                && selected == 0
                && (method.is_some() || matches!(command, Command::Total | Command::Subtotal));
        match method {
            Some(method) if tender => self.choose_method(method),
            _ if command == Command::Quit => self.command(command),
            _ if guarded => self.state.overlays.push(Overlay::Confirm(command)),
            _ => self.command(command),
        }
    }

    /// → answers "yes" where something is asked, ← "no".
    pub(super) fn answer_question(&mut self, yes: bool) {
        if yes && self.state.saving.is_some() {
            return self.error(Message::Saving);
        }
        if yes && !self.may_decide() {
            return;
        }
        match self.state.overlays.last() {
            Some(Overlay::Confirm(command)) => {
                let command = *command;
                self.state.overlays.pop();
                if yes {
                    self.confirmed(command);
                }
            }
            Some(Overlay::ConfirmReturn(line)) => {
                let line = (**line).clone();
                self.state.overlays.pop();
                if yes {
                    self.add_line(line);
                } else {
                    self.info(Message::ReturnDropped);
                }
            }
            Some(Overlay::Unresolved(selected)) if yes => {
                let selected = *selected;
                match selected.checked_sub(self.state.unresolved.len()) {
                    Some(open) => self.ask_to_settle(open),
                    None => self.end_inquiry(At::Unresolved(selected)),
                }
            }
            Some(Overlay::Wire(_) | Overlay::Exchange(..)) if yes => self.export(),
            None if yes && matches!(self.state.sale.step, Step::Paying(_)) => self.abort_payment(),
            None if yes && matches!(self.state.sale.step, Step::Unknown(_)) => {
                self.end_inquiry(At::Hand);
            }
            _ => self.bell(),
        }
    }

    /// Up, Down and pages: in the topmost overlay, otherwise in the basket.
    pub(super) fn move_by(&mut self, command: Command) {
        let commands = menu_commands(&self.state.entry.text, self.settings).len();
        let (history, parked) = (self.state.history.len(), self.state.parked.len());
        let lines = self.state.sale.basket.lines().len();
        let open = self.state.unresolved.len() + self.state.cancellations.len();
        let receipt_rows = match self.state.overlays.last() {
            Some(Overlay::Receipt { of, .. }) => {
                self.state.finished(*of).map_or(0, rows_of_receipt)
            }
            _ => 0,
        };
        let terminal = self.state.terminal.as_ref().and_then(|terminal| terminal.run.slip());
        let report_rows = rows_of_slip(terminal);
        let listed_rows =
            self.listed().map_or(0, |row| row.articles.len() * 2 + rows_of_slip(Some(&row.slip)));
        match self.state.overlays.last_mut() {
            Some(Overlay::Terminal(scroll)) => *scroll = moved(*scroll, command, report_rows),
            Some(Overlay::Transaction(scroll)) => *scroll = moved(*scroll, command, listed_rows),
            Some(Overlay::Transactions(list)) => {
                list.selected = moved(list.selected, command, list.rows.len());
                if matches!(command, Command::Down | Command::PageDown) {
                    self.list_moved();
                }
            }
            // The drawing cuts both to the rows that there are.
            Some(Overlay::Help(scroll)) => *scroll = moved(*scroll, command, HELP_ROWS),
            Some(Overlay::Receipt { scroll, .. }) => {
                *scroll = moved(*scroll, command, receipt_rows);
            }
            Some(Overlay::Menu(selected)) => *selected = moved(*selected, command, commands),
            Some(Overlay::History(selected)) => *selected = moved(*selected, command, history),
            Some(Overlay::Parked(selected)) => *selected = moved(*selected, command, parked),
            Some(Overlay::Unresolved(selected)) => *selected = moved(*selected, command, open),
            Some(Overlay::Faults(selected)) => {
                *selected = moved(*selected, command, FAULTS.len());
            }
            Some(Overlay::Wire(inspector)) => {
                let index = moved(inspector.index(), command, inspector.exchanges.len());
                inspector.selected = inspector.at(index).map(|exchange| exchange.id);
            }
            Some(Overlay::Exchange(exchange, scroll)) => {
                *scroll = moved(*scroll, command, wire::rows_of(exchange));
            }
            Some(Overlay::Search(hits)) => {
                // The first key only takes the highlighted row as chosen.
                if hits.chosen || matches!(command, Command::PageDown) {
                    hits.selected = moved(hits.selected, command, hits.found.len());
                }
                hits.chosen = true;
            }
            Some(Overlay::Programmes(Choice::Of(list, selected))) => {
                *selected = moved(*selected, command, list.len());
            }
            Some(Overlay::CheckIns(Choice::Of(list, selected))) => {
                *selected = moved(*selected, command, list.len());
            }
            Some(
                Overlay::Card(_)
                | Overlay::Code(_)
                | Overlay::Programmes(_)
                | Overlay::CheckIns(_)
                | Overlay::Pairing
                | Overlay::Confirm(_)
                | Overlay::ConfirmReturn(_)
                | Overlay::Locked
                | Overlay::Pin(_),
            ) => self.bell(),
            None => {
                let sale = &mut self.state.sale;
                if let Step::Done(finished) = &sale.step {
                    // There is nothing to select any more: the keys leaf through the receipt.
                    let scroll = moved(0, command, rows_of_receipt(finished));
                    self.state.overlays.push(Overlay::Receipt { of: None, scroll });
                    return;
                }
                sale.selected = moved(sale.selected, command, lines);
            }
        }
    }

    /// The index into the history of the sale that the history on top highlights.
    pub(super) fn selected_in_history(&self) -> Option<usize> {
        let Some(Overlay::History(selected)) = self.state.overlays.last() else { return None };
        let newest = self.state.history.len().checked_sub(1)?;
        newest.checked_sub(*selected)
    }

    pub(super) fn history(&mut self) {
        match self.state.overlays.last() {
            Some(Overlay::Receipt { of, .. }) => self.print(*of),
            Some(Overlay::Terminal(_) | Overlay::Transactions(_) | Overlay::Transaction(_)) => {
                self.print_slip();
            }
            Some(Overlay::History(_)) => self.print(self.selected_in_history()),
            _ => self.open(Overlay::History(0)),
        }
    }

    fn print(&mut self, of: Option<usize>) {
        if self.settings.printing == Printing::Never {
            return self.error(Message::NoPrinter);
        }
        match self.state.finished(of).cloned() {
            Some(finished) => self.effects.push(Effect::Print(Box::new(finished))),
            None => self.error(Message::NoHistory),
        }
    }
}

/// More rows than the receipt has, by little: the drawing cuts to those that there are.
fn rows_of_receipt(finished: &Finished) -> usize {
    let storno = finished
        .cancelled
        .as_ref()
        .map_or(0, |cancelled| cancelled.receipt.len() + cancelled.receipt_merchant.len());
    finished.basket.lines().len() * 2 + finished.receipt.len() + storno + 40
}

fn rows_of_slip(slip: Option<&Slip>) -> usize {
    slip.map_or(0, |slip| slip.lines.len() * 2) + 40
}

fn moved(from: usize, command: Command, count: usize) -> usize {
    let to = match command {
        Command::Up => from.saturating_sub(1),
        Command::Down => from.saturating_add(1),
        Command::PageUp => from.saturating_sub(PAGE),
        Command::PageDown => from.saturating_add(PAGE),
        _ => from,
    };
    to.min(count.saturating_sub(1))
}
