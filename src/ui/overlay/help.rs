//! Help: how a sale goes, then every key.

use std::borrow::Cow;

use ratatui::layout::Rect;

use super::super::pen::Pen;
use super::super::theme::Role;
use super::page;
use crate::lang::fill;
use crate::till::{COMMANDS, Command, Group};

/// Columns for the names of keys.
const KEYS: u16 = 17;

enum Line {
    Heading(&'static str),
    Text(String),
    Key(String, String),
    Gap,
}

pub(super) fn draw(pen: &mut Pen, body: Rect, scroll: usize) {
    let inner = page(pen, body, pen.words.help, (90, u16::MAX));
    let lines = lines(pen, inner.width);
    let room = usize::from(inner.height);
    let most = lines.len().saturating_sub(room);
    let first = scroll.min(most);
    pen.more(inner, first, most - first);
    for (line, row) in lines.iter().skip(first).zip(0..inner.height) {
        match line {
            Line::Heading(text) => {
                pen.put(inner, row, 0, text, Role::Title);
            }
            Line::Text(text) => {
                pen.put(inner, row, 0, text, Role::Text);
            }
            Line::Key(keys, text) => {
                pen.put_max(inner, row, 0, keys, Role::Key, KEYS - 1);
                pen.put(inner, row, KEYS, text, Role::Text);
            }
            Line::Gap => {}
        }
    }
}

fn lines(pen: &Pen, width: u16) -> Vec<Line> {
    let lang = pen.view.lang;
    let keymap = &pen.view.settings.keymap;
    let key = |command| lang.key_of(command, keymap);
    let keys = [
        ("subtotal", key(Command::Subtotal)),
        ("total", key(Command::Total)),
        ("clear", key(Command::Clear)),
    ];
    let keys = keys.each_ref().map(|(name, key)| (*name, key.as_str()));
    let mut out = vec![Line::Heading(pen.words.sale_goes)];
    for (step, number) in pen.words.sale_steps.iter().zip(1..) {
        let text = fill(step, &keys);
        let rows = pen.wrap(&text, width.saturating_sub(3));
        for (index, row) in rows.iter().enumerate() {
            let margin = if index == 0 { format!("{number}.") } else { String::new() };
            out.push(Line::Text(format!("{margin:<3}{row}")));
        }
    }
    let groups = [Group::Entry, Group::Payment, Group::Lines, Group::Till];
    for (group, heading) in groups.into_iter().zip(pen.words.groups) {
        out.push(Line::Gap);
        out.push(Line::Heading(heading));
        for row in
            COMMANDS.iter().filter(|row| row.group == group && pen.view.settings.has(row.command))
        {
            let (names, help) = match row.command {
                // All of them are one line.
                Command::Quick(1) => (quick_names(pen), Cow::Borrowed(pen.words.quick_help)),
                Command::Quick(_) => continue,
                command => {
                    let keys = keymap.keys(command);
                    let names: Vec<String> = keys.iter().map(|key| lang.key(*key)).collect();
                    (names.join(" "), lang.help(command))
                }
            };
            let names = if names.is_empty() { pen.words.no_key.to_owned() } else { names };
            let texts = pen.wrap(&help, width.saturating_sub(KEYS));
            for (index, text) in texts.into_iter().enumerate() {
                let names = if index == 0 { names.clone() } else { String::new() };
                out.push(Line::Key(names, text));
            }
        }
    }
    out
}

/// The first and the last quick key that has a key.
fn quick_names(pen: &Pen) -> String {
    let settings = pen.view.settings;
    let keys = (1..).take(settings.quick.len()).map(Command::Quick);
    let keys: Vec<_> = keys.filter_map(|key| settings.keymap.keys(key).first().copied()).collect();
    let names = match keys.as_slice() {
        [first, .., last] => vec![*first, *last],
        few => few.to_vec(),
    };
    names.into_iter().map(|key| pen.view.lang.key(key)).collect::<Vec<_>>().join("…")
}
