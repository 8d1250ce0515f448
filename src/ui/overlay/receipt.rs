//! A receipt, scrolled.

use ratatui::layout::Rect;

use super::super::done;
use super::super::pen::Pen;
use super::super::theme::Role;
use super::page;
use crate::till::{Receipt, State};

/// Columns of a receipt: as on the common paper roll.
pub(super) const WIDTH: u16 = 42;

pub(super) fn draw(pen: &mut Pen, body: Rect, state: &State, receipt: &Receipt) {
    let finished = receipt.sale(state);
    let words = pen.words;
    let title = match finished {
        Some(finished) if finished.cancelled.is_some() => {
            format!("{} - {}", words.receipt, words.cancelled)
        }
        _ => words.receipt.to_owned(),
    };
    let inner = page(pen, body, &title, (WIDTH, u16::MAX));
    let Some(finished) = finished else {
        pen.put(inner, 0, 0, pen.words.no_history, Role::Dim);
        return;
    };
    let mut rows = done::rows(pen, finished, inner.width);
    let shops = crate::receipt::merchant_copy(finished, pen.view.profile.lang);
    rows.extend(crate::receipt::layout(&shops, usize::from(inner.width)));
    scrolled(pen, inner, &rows, receipt.scroll);
}

/// As many rows as fit, from the one that is scrolled to.
pub(super) fn scrolled(pen: &mut Pen, inner: Rect, rows: &[crate::receipt::Row], scroll: usize) {
    let most = rows.len().saturating_sub(usize::from(inner.height));
    let first = scroll.min(most);
    pen.more(inner, first, most - first);
    for (row, line) in rows.iter().skip(first).zip(0..inner.height) {
        pen.put(inner, line, 0, &row.text, if row.bold { Role::Title } else { Role::Text });
    }
}
