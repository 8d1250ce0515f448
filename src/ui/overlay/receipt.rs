//! A receipt, scrolled.

use ratatui::layout::Rect;

use super::super::done;
use super::super::pen::Pen;
use super::super::theme::Role;
use super::page;
use crate::till::State;

/// Columns of a receipt: as on the common paper roll.
pub(super) const WIDTH: u16 = 42;

pub(super) fn draw(pen: &mut Pen, body: Rect, state: &State, of: Option<usize>, scroll: usize) {
    let inner = page(pen, body, pen.words.receipt, (WIDTH, u16::MAX));
    let Some(finished) = state.finished(of) else {
        pen.put(inner, 0, 0, pen.words.no_history, Role::Dim);
        return;
    };
    let rows = done::rows(pen, finished, inner.width);
    let most = rows.len().saturating_sub(usize::from(inner.height));
    for (row, line) in rows.iter().skip(scroll.min(most)).zip(0..inner.height) {
        pen.put(inner, line, 0, &row.text, if row.bold { Role::Title } else { Role::Text });
    }
}
