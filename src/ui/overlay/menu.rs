//! The command menu, filtered by what is typed.

use ratatui::layout::Rect;

use super::super::pen::Pen;
use super::list::{Cells, select};
use super::{page, tall};
use crate::till::{State, menu_commands};

pub(super) fn draw(pen: &mut Pen, body: Rect, state: &State, selected: usize) {
    let lang = pen.view.lang;
    let keymap = &pen.view.settings.keymap;
    let rows: Vec<Cells> = menu_commands(&state.entry.text, pen.view.settings)
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
    let inner = page(pen, body, pen.words.menu, (84, tall(rows.len())));
    select(pen, inner, rows.len(), selected, pen.words.nothing_found, |index| {
        rows.get(index).cloned()
    });
}
