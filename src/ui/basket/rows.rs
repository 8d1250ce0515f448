//! Which rows of the basket are visible: lines, and below each what belongs to it.
//!
//! Walks only the lines around the selected one.

use crate::money::Money;
use crate::shop::{self, Row, RowKind, VatRate, Weight};

/// One row of the panel.
#[derive(Debug, PartialEq)]
pub(super) enum Shown {
    /// A line, with its index.
    Line(usize, Line),
    /// What belongs to the line above, or to the whole sale.
    Below(Below),
}

/// What is shown of a line itself.
#[derive(Debug, PartialEq)]
pub(super) struct Line {
    pub(super) name: String,
    pub(super) quantity: i64,
    pub(super) price: Money,
    pub(super) total: Money,
    pub(super) vat: VatRate,
    pub(super) is_return: bool,
}

/// What is shown below a line.
#[derive(Debug, PartialEq)]
pub(super) enum Below {
    /// What was weighed.
    Weight(Weight),
    /// The price before the cashier set another one.
    Was(Money),
    /// A discount or a deposit: name, pieces, price of one.
    Row(String, i64, Money),
    /// A note.
    Note(String),
}

impl Below {
    fn of(row: &Row<'_>) -> Self {
        Self::Row(row.name.to_owned(), row.quantity, row.price)
    }
}

/// The rows of the line at `index`.
fn of_line(index: usize, line: &shop::Line) -> Vec<Shown> {
    let mut rows = Vec::with_capacity(1);
    let own = Line {
        name: line.name.clone(),
        quantity: line.quantity,
        price: line.price,
        total: line.total(),
        vat: line.vat,
        is_return: line.is_return(),
    };
    rows.push(Shown::Line(index, own));
    let below =
        line.rows(index).filter(|row| !matches!(row.kind, RowKind::Article | RowKind::TopUp));
    let below = (line.weight.map(Below::Weight).into_iter())
        .chain(line.list_price.map(Below::Was))
        .chain(below.map(|row| Below::of(&row)))
        .chain(line.note.clone().map(Below::Note));
    rows.extend(below.map(Shown::Below));
    rows
}

/// How many rows [`of_line`] has.
fn height(line: &shop::Line) -> usize {
    let more = [line.weight.is_some(), line.list_price.is_some(), line.note.is_some()];
    line.height() + more.into_iter().filter(|more| *more).count()
}

/// The rows of the sale as a whole.
fn of_sale(basket: &shop::Basket) -> Vec<Shown> {
    let rows = basket.sale_rows().map(|row| Below::of(&row));
    let note = basket.note().map(|note| Below::Note(note.to_owned()));
    rows.chain(note).map(Shown::Below).collect()
}

/// The `room` rows to show, so that the selected line is visible, as much as can be of what belongs
/// to it, and one more row after that; after the last line, the rows of the whole sale.
pub(super) fn visible(basket: &shop::Basket, selected: usize, room: usize) -> Vec<Shown> {
    let lines = basket.lines();
    let end = of_sale(basket);
    let after = if selected + 1 < lines.len() { usize::from(room > 2) } else { end.len() };
    let mut first = selected;
    let mut above = lines.get(selected).map_or(0, height) + after;
    while above < room
        && let Some(line) = first.checked_sub(1).and_then(|index| lines.get(index))
    {
        first -= 1;
        above += height(line);
    }
    // Of the selected line itself, the first row comes first.
    let skip = if first < selected { above.saturating_sub(room) } else { 0 };
    let shown = lines.iter().enumerate().skip(first).flat_map(|(index, line)| of_line(index, line));
    shown.chain(end).skip(skip).take(room).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::super::first_visible;
    use super::*;
    use crate::money::Percent;
    use crate::shop::{Basket, Discount, Off};

    fn basket(count: usize, discounted: bool) -> Basket {
        let discount = || Discount {
            off: Off::Percent(Percent::whole(10)),
            text: String::new(),
            reason: None,
            coupon: None,
        };
        let mut basket = Basket::default();
        for index in 0..count {
            let with = discounted && index % 3 == 1;
            let line = shop::Line {
                quantity: 1,
                price: Money(100),
                discount: with.then(discount),
                note: with.then(String::new),
                ..shop::Line::default()
            };
            basket.add(line).unwrap();
        }
        if discounted {
            basket.set_discounts(vec![discount()]).unwrap();
        }
        basket
    }

    fn indices(rows: &[Shown]) -> Vec<usize> {
        let lines = rows.iter().filter_map(|row| match row {
            Shown::Line(index, _) => Some(*index),
            Shown::Below(_) => None,
        });
        lines.collect()
    }

    #[test]
    fn lines_without_anything_below_scroll_as_a_plain_list() {
        for count in 1..20 {
            let basket = basket(count, false);
            for selected in 0..count {
                for room in 1..12 {
                    let first = first_visible(count, selected, room);
                    let expected: Vec<usize> = (first..count).take(room).collect();
                    assert_eq!(indices(&visible(&basket, selected, room)), expected);
                }
            }
        }
    }

    #[test]
    fn the_selected_line_is_visible_and_no_row_is_empty_while_others_hide() {
        for count in 1..20 {
            let basket = basket(count, true);
            let all = basket.lines().iter().map(height).sum::<usize>() + of_sale(&basket).len();
            for selected in 0..count {
                for room in 1..12 {
                    let rows = visible(&basket, selected, room);
                    assert!(indices(&rows).contains(&selected), "{count} {selected} {room}");
                    assert_eq!(rows.len(), room.min(all), "{count} {selected} {room}");
                }
            }
            assert_eq!(visible(&basket, 0, 1000).len(), all);
        }
    }
}
