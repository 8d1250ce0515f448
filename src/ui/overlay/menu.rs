//! The command menu, filtered by what is typed.

use ratatui::layout::Rect;

use super::super::pen::Pen;
use super::list::{Cells, select};
use super::{tall, window};
use crate::shop::{Shape, shape};
use crate::till::{COMMANDS, Command, State};

pub(super) fn draw(pen: &mut Pen, body: Rect, state: &State, selected: usize) {
    let lang = pen.view.lang;
    let keymap = &pen.view.settings.keymap;
    let rows: Vec<Cells> = menu_commands(&state.entry.text)
        .into_iter()
        .map(|command| {
            let keys: Vec<String> = keymap.keys(command).iter().map(|key| lang.key(*key)).collect();
            Cells {
                lead: lang.label(command).into_owned(),
                text: lang.help(command).into_owned(),
                tail: keys.join(" "),
            }
        })
        .collect();
    let inner = window(pen, body, pen.words.menu, (84, tall(rows.len())));
    select(pen, inner, rows.len(), selected, pen.words.nothing_found, |index| {
        rows.get(index).cloned()
    });
}

/// The commands of the menu whose names contain what is typed, in the order of the table.
fn menu_commands(entry: &str) -> Vec<Command> {
    let filter =
        if shape(entry) == Shape::Text { entry.trim().to_lowercase() } else { String::new() };
    COMMANDS
        .iter()
        .filter(|row| row.in_menu && row.name.replace('_', " ").contains(&filter))
        .map(|row| row.command)
        .collect()
}
