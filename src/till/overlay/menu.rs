//! The menu: all commands, filtered by what is typed.

use serde::{Deserialize, Serialize};

use super::{Coming, Hint, Label, Layer, Overlay, Then};
use crate::shop::{Shape, shape};
use crate::till::update::Context;
use crate::till::{COMMANDS, Command, Settings, State, Step, allowed_in_menu};

/// The index of the highlighted command among those shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Menu(pub usize);

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

impl Layer for Menu {
    fn rows(&self, state: &State, settings: &Settings) -> usize {
        menu_commands(&state.entry.text, settings).len()
    }

    fn cursor(&mut self) -> Option<&mut usize> {
        Some(&mut self.0)
    }

    fn typed(&mut self) -> Then {
        self.0 = 0;
        |_| ()
    }

    fn enter(&self, context: &mut Context) {
        context.run_menu("", self.0);
    }

    fn posted(&self, context: &mut Context, text: &str) -> bool {
        let words = shape(text) == Shape::Text;
        if words {
            context.run_menu(text, self.0);
        }
        words
    }

    fn prompt(&self) -> Option<Label> {
        Some(Label::AskCommand)
    }

    fn hints(&self, _: &State, _: &Settings) -> Vec<Hint> {
        Hint::list(Label::Take)
    }
}

impl Context<'_> {
    fn run_menu(&mut self, filter: &str, selected: usize) {
        let command = menu_commands(filter, self.settings).get(selected).copied();
        self.state.overlays.leave(Coming::Another);
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
            _ if guarded => self.state.overlays.cover(Overlay::Confirm(command)),
            _ => self.command(command),
        }
    }
}
