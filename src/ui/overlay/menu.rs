//! The command menu, filtered by what is typed. What does not work now is grey and says why.

use ratatui::layout::Rect;

use super::super::pen::Pen;
use super::list::{Cells, select_some};
use super::{page, tall};
use crate::till::{State, allowed_in_menu, menu_commands};

pub(super) fn draw(pen: &mut Pen, body: Rect, state: &State, selected: usize) {
    let (lang, settings) = (pen.view.lang, pen.view.settings);
    let commands = menu_commands(&state.entry.text, settings);
    let row = |index: usize| {
        let command = *commands.get(index)?;
        let keys: Vec<String> =
            settings.keymap.keys(command).iter().map(|key| lang.key(*key)).collect();
        let refusal = allowed_in_menu(command, state, settings).err();
        let why = refusal.and_then(|refusal| refusal.message(command, state));
        let text = match why {
            Some(why) => lang.message(&why, settings),
            None => lang.help(command).into_owned(),
        };
        let lead = lang.label(command).into_owned();
        Some((Cells { lead, text, tail: keys.join(" ") }, refusal.is_none()))
    };
    let inner = page(pen, body, pen.words.menu, (84, tall(commands.len())));
    select_some(pen, inner, commands.len(), selected, pen.words.nothing_found, row);
}
