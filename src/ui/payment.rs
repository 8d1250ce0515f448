//! The payment panel: what is due, what is given, what goes back; and the wait for the server.

use ratatui::layout::Rect;

use super::pen::Pen;
use super::theme::Role;
use super::{big, split, status};
use crate::money::{Money, parse_amount};
use crate::till::{Command, Payment, State, Tender};
use crate::wire::StartMethod;

/// A way to pay, in words.
pub(super) const fn method(pen: &Pen, method: StartMethod) -> &'static str {
    match method {
        StartMethod::Cash => pen.words.cash,
        StartMethod::Cashless => pen.words.cashless,
        StartMethod::Loyalty => pen.words.loyalty,
    }
}

fn panel(pen: &mut Pen, area: Rect, by: StartMethod) -> Rect {
    let title = format!("{}: {}", pen.words.payment, method(pen, by));
    pen.panel(area, &title, Role::Border)
}

/// Draws a labelled amount, big where it fits, and returns what is left below.
pub(super) fn amount(
    pen: &mut Pen,
    area: Rect,
    (label, note): (&str, &str),
    amount: &str,
    role: Role,
    rows: u16,
) -> Rect {
    if area.height == 0 {
        return area;
    }
    let space = Rect { height: rows.min(area.height), ..area };
    let room = pen.width(label).max(pen.width(note)) + 2;
    let used = big::draw(pen, space, amount, role, room);
    pen.put(area, 0, 0, label, Role::Title);
    if used == 1 {
        let col = pen.width(label) + 2;
        let free = area.width.saturating_sub(col + pen.width(amount) + 1);
        if free >= pen.width(note) {
            pen.put_max(area, 0, col, note, Role::Dim, free);
        }
    } else {
        pen.put(area, 1, 0, note, Role::Dim);
    }
    split(area, rows.min(area.height))[1]
}

/// The tender step.
pub(super) fn tender(pen: &mut Pen, area: Rect, state: &State, tender: &Tender) {
    let inner = panel(pen, area, tender.method);
    let keys = if inner.height >= 8 { 2 } else { 0 };
    let [mut top, bottom] = split(inner, inner.height - keys);
    let rows = if top.height >= 3 * big::ROWS + 2 { (top.height / 3).min(5) } else { 1 };
    let currency = pen.view.settings.currency.clone();
    let due = pen.amount(tender.due);
    top = amount(pen, top, (pen.words.to_pay, &currency), &due, Role::Title, rows);
    match tender.method {
        StartMethod::Cash => cash(pen, top, state, tender.due, rows),
        StartMethod::Cashless => {
            pen.put(top, 1, 0, pen.words.at_terminal, Role::Text);
        }
        StartMethod::Loyalty => {
            pen.put(top, 1, 0, pen.words.card_pays_all, Role::Text);
        }
    }
    if tender.method == StartMethod::Cash {
        notes(pen, bottom);
    }
}

fn cash(pen: &mut Pen, area: Rect, state: &State, due: Money, rows: u16) {
    let settings = pen.view.settings;
    let typed = state.entry.text.as_str();
    let given =
        if typed.is_empty() { Some(due) } else { parse_amount(typed, settings.implied_cents) };
    let Some(given) = given else {
        let area =
            amount(pen, area, (pen.words.given, pen.words.unreadable), "?", Role::Warn, rows);
        amount(pen, area, (pen.words.change, ""), "-", Role::Dim, rows);
        return;
    };
    let note = if typed.is_empty() { pen.words.exact } else { "" };
    let role = if typed.is_empty() { Role::Dim } else { Role::Title };
    let text = pen.amount(given);
    let area = amount(pen, area, (pen.words.given, note), &text, role, rows);
    let change = given - due;
    let (label, note, role) = if change.is_negative() {
        (pen.words.missing, "", Role::Warn)
    } else if change > settings.max_change {
        (pen.words.change, pen.words.much_change, Role::Warn)
    } else {
        (pen.words.change, "", Role::Big)
    };
    let change = if change.is_negative() { -change } else { change };
    if label == pen.words.change && note == pen.words.much_change && rows > 1 {
        // The warning is longer than the room beside big digits: it stands below them.
        let text = pen.amount(change);
        let rest = amount(pen, area, (label, ""), &text, role, big::ROWS.min(area.height));
        pen.put(rest, 0, 0, note, Role::Warn);
        return;
    }
    let text = pen.amount(change);
    amount(pen, area, (label, note), &text, role, rows);
}

/// The keys of the notes that pay directly.
fn notes(pen: &mut Pen, area: Rect) {
    let keymap = &pen.view.settings.keymap;
    let mut col = 0;
    let mut row = 0;
    for note in [5, 10, 20, 50, 100, 200] {
        let Some(key) = keymap.keys(Command::Note(note)).first().map(|key| pen.view.lang.key(*key))
        else {
            continue;
        };
        let text = note.to_string();
        let cell = (pen.width(&key) + 5).max(area.width / 3);
        if col + pen.width(&key) + 1 + pen.width(&text) > area.width {
            row += 1;
            col = 0;
        }
        let used = pen.put(area, row, col, &key, Role::Key);
        pen.put(area, row, col + used + 1, &text, Role::Text);
        col += cell;
    }
}

/// The wait for the answer to `start`.
pub(super) fn paying(pen: &mut Pen, area: Rect, state: &State, payment: &Payment) {
    let mut inner = panel(pen, area, payment.method);
    let rows = if inner.height >= big::ROWS + 4 { big::ROWS + 1 } else { 1 };
    let currency = pen.view.settings.currency.clone();
    let due = pen.amount(payment.due);
    inner = amount(pen, inner, (pen.words.to_pay, &currency), &due, Role::Big, rows);
    let seconds = status::seconds(pen, state.now, payment.since);
    let text = format!("{}… {seconds}", status::waiting(pen, payment.method));
    pen.put(inner, 0, 0, &text, Role::Accent);
    if payment.method == StartMethod::Cash {
        given(pen, inner, 2, payment);
    }
    let below = split(inner, inner.height.min(5))[1];
    for (row, index) in pen.wrap(pen.words.wait_hint, below.width).iter().zip(0..) {
        pen.put(below, index, 0, row, Role::Dim);
    }
}

/// What was given and what goes back, in two rows.
pub(super) fn given(pen: &mut Pen, area: Rect, row: u16, payment: &Payment) {
    let (given, change) = (pen.amount(payment.given), pen.amount(payment.change()));
    pen.pair(area, row, (pen.words.given, Role::Text), (&given, Role::Money));
    pen.pair(area, row + 1, (pen.words.change, Role::Text), (&change, Role::Money));
}
