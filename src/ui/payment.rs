//! The payment panel: what is due, what is given, what goes back; and the wait for the server.

use ratatui::layout::Rect;

use super::layout::split;
use super::panel::Panel;
use super::pen::Pen;
use super::theme::Role;
use super::{big, status};
use crate::lang::fill;
use crate::money::{Money, parse_amount};
use crate::till::{Abort, Command, Key, State, Step, Tender};
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

/// What the panel of the tender step shows.
#[derive(Debug, PartialEq)]
pub(super) struct ToPay {
    method: StartMethod,
    due: Money,
    /// `None`: nothing is given by hand.
    given: Option<Given>,
}

/// What the customer gives.
#[derive(Debug, PartialEq)]
struct Given {
    /// `None`: what is typed is no amount.
    amount: Option<Money>,
    note: &'static str,
    role: Role,
}

impl ToPay {
    /// `None`: another step is at hand.
    pub(super) fn of(pen: &Pen, state: &State) -> Option<Self> {
        let Step::Tender(tender) = &state.sale.step else { return None };
        let &Tender { method, due, .. } = tender;
        let given = (method == StartMethod::Cash).then(|| Given::of(pen, state, tender));
        Some(Self { method, due, given })
    }
}

impl Given {
    fn of(pen: &Pen, state: &State, tender: &Tender) -> Self {
        let words = pen.words;
        let typed = state.entry.text.as_str();
        let (amount, note, role) = match tender.given {
            _ if !typed.is_empty() => match parse_amount(typed, pen.view.settings.implied_cents) {
                None => (None, words.unreadable, Role::Warn),
                given if state.entry.is_refused() => (given, words.refused, Role::Warn),
                given => (given, "", Role::Title),
            },
            Some(given) => (Some(given), words.named_before, Role::Warn),
            None => (Some(tender.due), words.exact, Role::Dim),
        };
        Self { amount, note, role }
    }

    /// Draws what is given, and what goes back.
    fn draw(&self, pen: &mut Pen, area: Rect, due: Money, rows: u16) {
        let words = pen.words;
        let &Self { amount, note, role } = self;
        let area = Labelled { label: words.given, note, amount, role }.draw(pen, area, rows);
        let Some(change) = amount.map(|given| given - due) else { return };
        if change.is_negative() {
            let missing = Some(-change);
            Labelled { label: words.missing, note: "", amount: missing, role: Role::Warn }
                .draw(pen, area, rows);
            return;
        }
        let too_much = change > pen.view.settings.max_change;
        let role = if too_much { Role::Warn } else { Role::Big };
        let rows = if rows > big::ROWS { big::ROWS } else { rows };
        let below = Labelled { label: words.change, note: "", amount: Some(change), role }
            .draw(pen, area, rows);
        if too_much {
            pen.put(below, 0, 0, words.much_change, Role::Warn);
        }
    }
}

impl Panel for ToPay {
    fn draw(&self, pen: &mut Pen, area: Rect) {
        let inner = panel(pen, area, self.method);
        let keys = if inner.height >= 8 { 2 } else { 0 };
        let [top, bottom] = split(inner, inner.height - keys);
        let rows = if top.height >= 3 * big::ROWS { (top.height / 3).min(5) } else { 1 };
        let amount = Some(self.due);
        let due = Labelled { label: pen.words.to_pay, note: "", amount, role: Role::Title };
        let (top, whole) = due.fitted(pen, top, rows);
        if let Some(given) = &self.given {
            given.draw(pen, top, self.due, rows);
            notes(pen, bottom);
        } else if self.method == StartMethod::Cashless {
            paragraph(pen, top, pen.words.at_terminal, Role::Text);
        } else {
            paragraph(pen, top, pen.words.card_pays_all, Role::Text);
        }
        pen.told.is_due_shown = whole;
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

/// What the panel shows while the answer to `start` is waited for.
#[derive(Debug, PartialEq)]
pub(super) struct Wait {
    method: StartMethod,
    due: Money,
    waiting: &'static str,
    since: String,
    /// What was given and what goes back.
    cash: Option<(Money, Money)>,
    /// At the terminal: whether the payment is to be broken off, and how.
    abort: Option<(&'static str, Role)>,
}

impl Wait {
    /// `None`: another step is at hand.
    pub(super) fn of(pen: &Pen, state: &State) -> Option<Self> {
        let Step::Paying(paying) = &state.sale.step else { return None };
        let (payment, words) = (&paying.payment, pen.words);
        let abort = match &paying.abort {
            Abort::NotAsked | Abort::NotTaken => (words.abort_offer, Role::Text),
            Abort::Asked => (words.abort_asked, Role::Accent),
            Abort::Taken => (words.abort_taken, Role::Warn),
        };
        let at_terminal = payment.method == StartMethod::Cashless;
        // The call may not have left yet, or its answer may be known and not shown: both wait for
        // the disk, and the terminal for nothing.
        let waiting = match state.saving {
            Some(_) => words.saving,
            None => status::waiting(pen, payment.method),
        };
        let since = if at_terminal {
            status::elapsed(state.now, payment.since)
        } else {
            status::seconds(pen, state.now, payment.since)
        };
        let by_cash = payment.method == StartMethod::Cash;
        Some(Self {
            method: payment.method,
            due: payment.due,
            waiting,
            since,
            cash: by_cash.then(|| (payment.given, payment.change())),
            abort: at_terminal.then_some(abort),
        })
    }
}

impl Panel for Wait {
    fn draw(&self, pen: &mut Pen, area: Rect) {
        let inner = panel(pen, area, self.method);
        let rows = if inner.height >= big::ROWS + 4 { big::ROWS + 1 } else { 1 };
        let amount = Some(self.due);
        let inner = Labelled { label: pen.words.to_pay, note: "", amount, role: Role::Big }
            .draw(pen, inner, rows);
        let text = format!("{}…", self.waiting);
        pen.pair(inner, 0, (&text, Role::Accent), (&self.since, Role::Accent));
        if let Some((given, change)) = self.cash {
            let row = if inner.height > 4 { 2 } else { 1 };
            let (given, change) = (pen.amount(given), pen.amount(change));
            pen.pair(inner, row, (pen.words.given, Role::Text), (&given, Role::Money));
            pen.pair(inner, row + 1, (pen.words.change, Role::Text), (&change, Role::Money));
        }
        if let Some((text, role)) = self.abort {
            let text = fill(text, &[("key", &pen.view.lang.key(Key::Right))]);
            paragraph(pen, split(inner, 2)[1], &text, role);
        } else {
            paragraph(pen, split(inner, 5)[1], pen.words.wait_hint, Role::Dim);
        }
    }
}

fn paragraph(pen: &mut Pen, area: Rect, text: &str, role: Role) {
    for (row, index) in pen.wrap(text, area.width).iter().zip(0..) {
        pen.put(area, index, 0, row, role);
    }
}
