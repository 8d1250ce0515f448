//! The payment panel: what is due, what is given, what goes back; and the wait for the server.

use ratatui::layout::Rect;

use super::pen::Pen;
use super::theme::Role;
use super::{big, split, status};
use crate::lang::fill;
use crate::money::{Money, parse_amount};
use crate::till::{Abort, Command, Key, Paying, Payment, State, Tender};
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

/// An amount with its name and, if need be, a word about it.
pub(super) struct Labelled<'t> {
    pub label: &'t str,
    pub note: &'t str,
    /// `None`: what is typed is no amount.
    pub amount: Option<Money>,
    pub role: Role,
}

impl Labelled<'_> {
    /// Draws it in `rows` rows, big where that fits, and returns what is left below. Beside big
    /// digits the amount stands once more in plain ones: for copying, and for screen readers.
    pub(super) fn draw(&self, pen: &mut Pen, area: Rect, rows: u16) -> Rect {
        self.fitted(pen, area, rows).0
    }

    /// The same; true as well if the whole amount is there.
    fn fitted(&self, pen: &mut Pen, area: Rect, rows: u16) -> (Rect, bool) {
        if area.height == 0 {
            return (area, false);
        }
        let text = self.amount.map_or_else(|| "?".to_owned(), |amount| pen.amount(amount));
        let plain = self.amount.map_or_else(String::new, |amount| pen.money(amount));
        let columns = pen.width(self.label).max(pen.width(&plain));
        let space = Rect { height: rows.min(area.height), ..area };
        pen.put(area, 0, 0, self.label, Role::Title);
        let mut whole = true;
        if big::draw(pen, space, &text, self.role, columns + 2) == 1 {
            whole = pen.width(&text) <= area.width;
            let col = pen.width(self.label) + 2;
            let free = area.width.saturating_sub(col + pen.width(&text) + 1);
            pen.put_max(area, 0, col, self.note, Role::Dim, free);
        } else {
            pen.put(area, 1, 0, &plain, Role::Dim);
            pen.put_max(area, 2, 0, self.note, Role::Dim, columns + 2);
        }
        (split(area, space.height)[1], whole && pen.holds(space))
    }
}

/// The tender step. True if the whole amount due is there.
pub(super) fn tender(pen: &mut Pen, area: Rect, state: &State, tender: &Tender) -> bool {
    let inner = panel(pen, area, tender.method);
    let keys = if inner.height >= 8 { 2 } else { 0 };
    let [mut top, bottom] = split(inner, inner.height - keys);
    let rows = if top.height >= 3 * big::ROWS { (top.height / 3).min(5) } else { 1 };
    let due = Some(tender.due);
    let due = Labelled { label: pen.words.to_pay, note: "", amount: due, role: Role::Title };
    let (rest, whole) = due.fitted(pen, top, rows);
    top = rest;
    match tender.method {
        StartMethod::Cash => cash(pen, top, state, tender, rows),
        StartMethod::Cashless => paragraph(pen, top, pen.words.at_terminal, Role::Text),
        StartMethod::Loyalty => paragraph(pen, top, pen.words.card_pays_all, Role::Text),
    }
    if tender.method == StartMethod::Cash {
        notes(pen, bottom);
    }
    whole
}

fn cash(pen: &mut Pen, area: Rect, state: &State, tender: &Tender, rows: u16) {
    let (settings, words) = (pen.view.settings, pen.words);
    let due = tender.due;
    let typed = state.entry.text.as_str();
    let (given, note, role) = match tender.given {
        _ if !typed.is_empty() => match parse_amount(typed, settings.implied_cents) {
            None => (None, words.unreadable, Role::Warn),
            given if state.entry.is_refused() => (given, words.refused, Role::Warn),
            given => (given, "", Role::Title),
        },
        Some(given) => (Some(given), words.named_before, Role::Warn),
        None => (Some(due), words.exact, Role::Dim),
    };
    let area = Labelled { label: words.given, note, amount: given, role }.draw(pen, area, rows);
    let Some(change) = given.map(|given| given - due) else { return };
    if change.is_negative() {
        let missing = Some(-change);
        Labelled { label: words.missing, note: "", amount: missing, role: Role::Warn }
            .draw(pen, area, rows);
        return;
    }
    let too_much = change > settings.max_change;
    let role = if too_much { Role::Warn } else { Role::Big };
    let rows = if rows > big::ROWS { big::ROWS } else { rows };
    let below = Labelled { label: words.change, note: "", amount: Some(change), role }
        .draw(pen, area, rows);
    if too_much {
        pen.put(below, 0, 0, words.much_change, Role::Warn);
    }
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
pub(super) fn paying(pen: &mut Pen, area: Rect, state: &State, paying: &Paying) {
    let payment = &paying.payment;
    let mut inner = panel(pen, area, payment.method);
    let rows = if inner.height >= big::ROWS + 4 { big::ROWS + 1 } else { 1 };
    let amount = Some(payment.due);
    inner = Labelled { label: pen.words.to_pay, note: "", amount, role: Role::Big }
        .draw(pen, inner, rows);
    let at_terminal = payment.method == StartMethod::Cashless;
    let seconds = if at_terminal {
        status::elapsed(state.now, payment.since)
    } else {
        status::seconds(pen, state.now, payment.since)
    };
    // The call may not have left yet, or its answer may be known and not shown: both wait for the
    // disk, and the terminal for nothing.
    let waiting = match state.saving {
        Some(_) => pen.words.saving,
        None => status::waiting(pen, payment.method),
    };
    let text = format!("{waiting}…");
    pen.pair(inner, 0, (&text, Role::Accent), (&seconds, Role::Accent));
    if payment.method == StartMethod::Cash {
        given(pen, inner, if inner.height > 4 { 2 } else { 1 }, payment);
    }
    if at_terminal {
        return breaking_off(pen, split(inner, inner.height.min(2))[1], paying);
    }
    let below = split(inner, inner.height.min(5))[1];
    paragraph(pen, below, pen.words.wait_hint, Role::Dim);
}

/// Whether the payment at the terminal is to be broken off, and how.
fn breaking_off(pen: &mut Pen, area: Rect, paying: &Paying) {
    let words = pen.words;
    let (text, role) = match &paying.abort {
        Abort::NotAsked | Abort::NotTaken => (words.abort_offer, Role::Text),
        Abort::Asked => (words.abort_asked, Role::Accent),
        Abort::Taken => (words.abort_taken, Role::Warn),
    };
    let key = pen.view.lang.key(Key::Right);
    paragraph(pen, area, &fill(text, &[("key", &key)]), role);
}

fn paragraph(pen: &mut Pen, area: Rect, text: &str, role: Role) {
    for (row, index) in pen.wrap(text, area.width).iter().zip(0..) {
        pen.put(area, index, 0, row, role);
    }
}

/// What was given and what goes back, in two rows.
fn given(pen: &mut Pen, area: Rect, row: u16, payment: &Payment) {
    let (given, change) = (pen.amount(payment.given), pen.amount(payment.change()));
    pen.pair(area, row, (pen.words.given, Role::Text), (&given, Role::Money));
    pen.pair(area, row + 1, (pen.words.change, Role::Text), (&change, Role::Money));
}
