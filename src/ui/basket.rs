//! The basket panel: the lines around the selected one, and the total.
//!
//! Draws only the lines that are visible: ten thousand cost as much as ten.

mod rows;

use ratatui::layout::Rect;

use rows::{Below, Line, Shown};

use super::big;
use super::layout::{columns, split};
use super::panel::Panel;
use super::pen::{Pen, inside};
use super::theme::Role;
use crate::lang::fill;
use crate::money::Money;
use crate::till::{Command, State};

/// What the panel shows.
#[derive(Debug, PartialEq)]
pub(super) struct Basket {
    /// Lines in the basket.
    count: usize,
    selected: usize,
    /// The visible rows.
    rows: Vec<Shown>,
    pieces: i64,
    sum: Money,
}

impl Basket {
    pub(super) fn of(state: &State, area: Rect) -> Self {
        let basket = &state.sale.basket;
        let all = basket.lines();
        let selected = state.sale.selected.min(all.len().saturating_sub(1));
        let [list, _] = areas(inside(area));
        Self {
            count: all.len(),
            selected,
            rows: rows::visible(basket, selected, usize::from(list.height)),
            pieces: basket.pieces(),
            sum: basket.sum(),
        }
    }
}

impl Panel for Basket {
    fn draw(&self, pen: &mut Pen, area: Rect) {
        let [list, foot] = areas(pen.panel(area, pen.words.basket, Role::Border));
        if self.count == 0 {
            empty(pen, list);
        }
        let digits = self.count.to_string().len();
        for (shown, row) in self.rows.iter().zip(0..list.height) {
            match shown {
                Shown::Line(index, line) => {
                    draw_line(pen, list, row, line, (*index, digits), *index == self.selected);
                }
                Shown::Below(below) => draw_below(pen, list, row, below, digits),
            }
        }
        self.total(pen, foot);
    }

    /// The big digits of the total are in a piece of their own.
    fn pieces(area: Rect) -> Vec<Rect> {
        let [_, foot] = areas(inside(area));
        let [above, below] = split(area, foot.y.saturating_sub(area.y));
        let [left, right] = columns(below, below.width / 2);
        vec![above, right, left]
    }
}

/// The lines, and the total below them.
fn areas(inner: Rect) -> [Rect; 2] {
    // Three rows of big digits only where at least eight lines stay visible.
    let foot = match inner.height {
        0..5 => 1,
        5..12 => 2,
        _ => big::ROWS + 1,
    };
    split(inner, inner.height.saturating_sub(foot))
}

fn empty(pen: &mut Pen, area: Rect) {
    let middle = area.height.saturating_sub(1) / 2;
    pen.centre(area, middle, pen.words.empty, Role::Text);
    if area.height <= 2 {
        return;
    }
    let mut next = middle + 1;
    for row in &pen.wrap(pen.words.empty_hint, area.width) {
        pen.centre(area, next, row, Role::Dim);
        next += 1;
    }
    let key = pen.view.lang.key_of(Command::Quit, &pen.view.settings.keymap);
    let quit = fill(pen.words.quit_hint, &[("key", &key)]);
    if pen.width(&quit) <= area.width && next + 1 < area.height {
        pen.centre(area, area.height - 1, &quit, Role::Dim);
    }
}

/// The first line to show so that the selected one is visible, with one more after it.
pub(super) fn first_visible(count: usize, selected: usize, room: usize) -> usize {
    let last = if room > 2 { (selected + 2).min(count) } else { selected + 1 };
    last.saturating_sub(room)
}

fn draw_line(
    pen: &mut Pen,
    area: Rect,
    row: u16,
    line: &Line,
    (index, digits): (usize, usize),
    selected: bool,
) {
    let role = |role| if selected { Role::Selected } else { role };
    if selected {
        pen.bar(area, row, Role::Selected);
    }
    let marker = if selected { "▸" } else { " " };
    let number = format!("{marker}{:>digits$}  ", index + 1);
    let start = pen.put(area, row, 0, &number, role(Role::Dim));
    let total_role = if line.is_return { Role::Warn } else { Role::Money };
    let used = pen.right(area, row, &pen.amount(line.total), role(total_role));
    let mut end = area.width.saturating_sub(used.max(if area.width < 36 { 7 } else { 9 }));
    // Room for a name comes first, then the VAT rate.
    if end > start + 20 {
        let vat = Rect { width: end.saturating_sub(1), ..area };
        end = end.saturating_sub(
            pen.right(vat, row, &pen.view.lang.percent(line.vat), role(Role::Dim)).max(4) + 1,
        );
    }
    let mut name = end.saturating_sub(start + 1);
    if line.quantity != 1 {
        let each = format!("{} × {}", line.quantity, pen.amount(line.price));
        let cut = Rect { width: end.saturating_sub(1), ..area };
        name = name.saturating_sub(pen.right(cut, row, &each, role(total_role)) + 1);
    }
    pen.put_max(area, row, start, &line.name, role(Role::Text), name);
}

/// What belongs to the line above, under its name.
fn draw_below(pen: &mut Pen, area: Rect, row: u16, below: &Below, digits: usize) {
    let (text, amount) = match below {
        Below::Weight(weight) => {
            let kilos = pen.view.lang.kilos(weight.grams);
            (format!("{kilos} × {}/kg", pen.amount(weight.per_kilo)), None)
        }
        Below::Was(price) => (format!("{} {}", pen.words.was, pen.amount(*price)), None),
        Below::Row(name, 1, price) => (name.clone(), Some(*price)),
        Below::Row(name, quantity, price) => {
            let each = pen.amount(*price);
            (format!("{name} {quantity} × {each}"), Some(price.times(*quantity)))
        }
        Below::Note(note) => (note.clone(), None),
    };
    // Marker, number and two blanks stand before a name.
    let start = u16::try_from(digits).unwrap_or(0).saturating_add(4);
    let used =
        amount.map_or(0, |amount| pen.right(area, row, &pen.amount(amount), Role::Money) + 1);
    let room = area.width.saturating_sub(start).saturating_sub(used);
    pen.put_max(area, row, start, &text, Role::Dim, room);
}

impl Basket {
    fn total(&self, pen: &mut Pen, area: Rect) {
        let &Self { pieces, sum, .. } = self;
        let unit = if pieces == 1 { pen.words.piece } else { pen.words.pieces };
        let count = format!("{pieces} {unit}");
        if area.height < 2 {
            let label = format!("{}  {count}", pen.words.total);
            pen.pair(area, 0, (&label, Role::Title), (&pen.money(sum), Role::Big));
            return;
        }
        pen.rule(area, 0);
        let [_, foot] = split(area, 1);
        if foot.height < big::ROWS {
            let label = format!("{}  {count}", pen.words.total);
            pen.pair(foot, 0, (&label, Role::Title), (&pen.money(sum), Role::Big));
            return;
        }
        // Once more in plain digits: for copying, and for screen readers.
        let plain = pen.money(sum);
        let mut beside = 0;
        for ((text, role), row) in
            [(pen.words.total, Role::Title), (&count, Role::Dim), (&plain, Role::Dim)]
                .iter()
                .zip(0..)
        {
            beside = beside.max(pen.put(foot, row, 0, text, *role));
        }
        big::draw(pen, foot, &pen.amount(sum), Role::Big, beside + 1);
    }
}

#[cfg(test)]
mod tests {
    use super::first_visible;

    #[test]
    fn the_selected_line_is_always_visible() {
        for count in 1..30 {
            for selected in 0..count {
                for room in 1..12 {
                    let first = first_visible(count, selected, room);
                    assert!((first..first + room).contains(&selected));
                    assert!(first == 0 || first + room <= count, "no empty rows while lines hide");
                }
            }
        }
    }
}
