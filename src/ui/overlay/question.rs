//! A question before something that cannot be taken back.

use ratatui::layout::Rect;

use super::super::pen::Pen;
use super::super::theme::Role;
use super::window;
use crate::lang::fill;
use crate::shop::Line;
use crate::till::{Back, Command, Finished, Key, Overlay, State};
use crate::wire::StartMethod;

pub(super) fn draw(pen: &mut Pen, body: Rect, state: &State, command: Command) {
    let text = question(pen, state, command);
    ask(pen, body, &text);
}

/// The return of so many pieces that they may be a typing error.
pub(super) fn returned(pen: &mut Pen, body: Rect, line: &Line) {
    let pieces = line.quantity.unsigned_abs().to_string();
    let amount = pen.money(-line.total());
    let values = [("n", pieces.as_str()), ("name", &line.name), ("amount", &amount)];
    ask(pen, body, &fill(pen.words.confirm_return, &values));
}

pub(super) fn ask(pen: &mut Pen, body: Rect, text: &str) {
    let width = 50.min(body.width.saturating_sub(4));
    let rows = pen.wrap(text, width);
    let height = u16::try_from(rows.len()).unwrap_or(u16::MAX).saturating_add(2);
    let inner = window(pen, body, pen.words.confirm, (width, height));
    for (row, index) in rows.iter().zip(0..) {
        pen.put(inner, index, 0, row, Role::Title);
    }
    let answers = inner.height.saturating_sub(1);
    let mut col = 0;
    for (key, label) in [(Key::Right, pen.words.yes), (Key::Esc, pen.words.no)] {
        let key = pen.view.lang.key(key);
        col += pen.put(inner, answers, col, &key, Role::Key) + 1;
        col += pen.put(inner, answers, col, label, Role::Text) + 4;
    }
}

fn question(pen: &Pen, state: &State, command: Command) -> String {
    let words = pen.words;
    let sale = &state.sale;
    match command {
        Command::VoidLine | Command::VoidOrReturn => {
            let Some(line) = sale.basket.lines().get(sale.selected) else {
                return fill(words.confirm_other, &[("name", &pen.view.lang.label(command))]);
            };
            let number = (sale.selected + 1).to_string();
            let amount = pen.money(line.total());
            fill(words.confirm_void, &[("n", &number), ("name", &line.name), ("amount", &amount)])
        }
        Command::DiscardSale => words.confirm_discard.to_owned(),
        Command::RemoveCard => words.confirm_remove.to_owned(),
        Command::CancelSale => {
            let below = state.overlays.iter().rev().nth(1);
            let sale = match below {
                Some(Overlay::History(list)) => list.current(),
                _ => None,
            };
            let amount = sale.map(|sale| sale.basket.sum());
            let amount = amount.or_else(|| state.listed().map(|row| row.sum));
            let amount = amount.map(|amount| pen.money(amount)).unwrap_or_default();
            if sale.is_some_and(|sale| sale.cancelled.is_some()) {
                return words.confirm_card_side.to_owned();
            }
            let question = fill(words.confirm_cancel, &[("amount", &amount)]);
            sale.map_or_else(
                || question.clone(),
                |sale| format!("{question} {}", back(pen, sale)).trim_end().to_owned(),
            )
        }
        Command::Unresolved => words.confirm_settle.to_owned(),
        Command::Quit => {
            let open = [
                (words.confirm_quit_open, state.open_outcomes()),
                (words.confirm_quit_print, state.unprinted),
            ];
            let open = open.into_iter().filter(|(_, count)| *count > 0);
            open.fold(words.confirm_quit.to_owned(), |question, (text, count)| {
                format!("{question} {}", fill(text, &[("n", &count.to_string())]))
            })
        }
        Command::WriteOff => {
            let listed = state.overlays.iter().find_map(|overlay| match overlay {
                Overlay::Unresolved(list) => state.unresolved.get(list.0),
                _ => None,
            });
            let amount = pen.money(listed.unwrap_or(sale).due());
            fill(words.confirm_write_off, &[("amount", &amount)])
        }
        other => fill(words.confirm_other, &[("name", &pen.view.lang.help(other))]),
    }
}

/// What goes back to the customer, and how, once the sale is cancelled.
fn back(pen: &Pen, sale: &Finished) -> String {
    let words = pen.words;
    let back = Back::of(sale);
    let way = match back.method {
        StartMethod::Cash => words.confirm_back_cash,
        StartMethod::Cashless => words.confirm_back_terminal,
        StartMethod::Loyalty => "",
    };
    let parts = [(way, back.paid), (words.confirm_back_card, back.card)];
    let parts = parts.into_iter().filter(|(text, amount)| !text.is_empty() && !amount.is_zero());
    let parts = parts.map(|(text, amount)| fill(text, &[("amount", &pen.money(amount))]));
    parts.collect::<Vec<_>>().join(" ")
}
