//! The question at the start whether to sell although the end of the journal may be missing.

use ratatui::layout::Rect;

use super::super::pen::Pen;
use super::super::theme::Role;
use super::window;
use crate::lang::fill;
use crate::till::{Command, Key, MissingEnd};

/// Columns of the text.
const WIDTH: u16 = 60;

/// The keys that answer it.
pub(in super::super) fn answers(pen: &Pen) -> Vec<(String, String)> {
    let lang = pen.view.lang;
    vec![
        (lang.key(Key::Right), pen.words.end_accept.to_owned()),
        (lang.key(Key::Esc), lang.label(Command::Quit).into_owned()),
    ]
}

pub(super) fn draw(pen: &mut Pen, body: Rect, missing: &MissingEnd) {
    let words = pen.words;
    let found = missing.found.to_string();
    let what = match (&missing.noted, &missing.at) {
        (Some(noted), Some(at)) => {
            let noted = noted.to_string();
            let at = at.split('.').next().unwrap_or(at);
            fill(words.end_shorter, &[("found", &found), ("noted", &noted), ("at", at)])
        }
        _ => fill(words.end_unreadable, &[("found", &found)]),
    };
    let width = WIDTH.min(body.width.saturating_sub(4));
    let mut rows: Vec<(String, Role)> =
        pen.wrap(&what, width).into_iter().map(|row| (row, Role::Error)).collect();
    rows.extend(pen.wrap(words.end_advice, width).into_iter().map(|row| (row, Role::Text)));
    let height = u16::try_from(rows.len()).unwrap_or(u16::MAX);
    let inner = window(pen, body, words.end_missing, (width, height));
    for ((row, role), index) in rows.iter().zip(0..) {
        pen.put(inner, index, 0, row, *role);
    }
}
