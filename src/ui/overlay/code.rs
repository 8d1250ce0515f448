//! A code of a card being typed: dots, never digits.

use ratatui::layout::Rect;

use super::super::pen::Pen;
use super::super::theme::Role;
use super::{ROOMY, window};
use crate::shop::{CODE_DIGITS, CodeKind};
use crate::till::{CodeEntry, State};

const WIDTH: u16 = 46;

pub(super) fn draw(pen: &mut Pen, body: Rect, state: &State, entry: &CodeEntry) {
    let (title, asked) = match entry.code {
        CodeKind::Csc => (pen.words.csc, pen.words.code_csc),
        CodeKind::Passcode => (pen.words.passcode, pen.words.code_passcode),
    };
    if body.width < ROOMY {
        pen.clear(body);
    }
    let lines = pen.wrap(asked, WIDTH.min(body.width.saturating_sub(4)));
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(3);
    let inner = window(pen, body, title, (WIDTH, height));
    let card = entry.number.masked(pen.ascii());
    let mut row = 0;
    for line in lines {
        pen.put(inner, row, 0, &line, Role::Text);
        row += 1;
    }
    pen.put(inner, row, 0, &card, Role::Title);
    let typed = state.entry.text.chars().count();
    let (dot, blank) = if pen.ascii() { ("*", "_") } else { ("•", "_") };
    // A scan on its way is longer: it shows as a full code until it is recognised.
    let dots: Vec<&str> =
        (0..CODE_DIGITS).map(|index| if index < typed { dot } else { blank }).collect();
    pen.centre(inner, row + 2, &dots.join(" "), Role::Big);
}
