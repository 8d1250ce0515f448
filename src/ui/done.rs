//! The success screen: the change, what was paid and how, and the receipt.

use ratatui::layout::Rect;

use super::big;
use super::panel::Panel;
use super::payment::Labelled;
use super::pen::{Pen, inside};
use super::theme::Role;
use crate::lang::fill;
use crate::money::Money;
use crate::receipt;
use crate::till::{Back, CardSide, Command, Finished, State, Step};
use crate::wire::StartMethod;

/// What the panel of a finished sale shows: the change biggest of all.
#[derive(Debug, PartialEq)]
pub(super) struct Paid {
    is_cancelled: bool,
    label: &'static str,
    amount: Money,
    list: Vec<Amount>,
}

impl Paid {
    /// `None`: the sale is not finished.
    pub(super) fn of(pen: &Pen, state: &State) -> Option<Self> {
        let Step::Done(finished) = &state.sale.step else { return None };
        let is_cancelled = finished.cancelled.is_some();
        let (label, amount, list) =
            if is_cancelled { given_back(pen, finished) } else { given(pen, finished) };
        Some(Self { is_cancelled, label, amount, list })
    }
}

impl Panel for Paid {
    fn draw(&self, pen: &mut Pen, area: Rect) {
        let (title, role) = if self.is_cancelled {
            (pen.words.cancelled, Role::Error)
        } else {
            (pen.words.done, Role::Good)
        };
        let inner = pen.panel(area, title, role);
        let rows = match inner.height {
            7.. => big::ROWS + 1,
            6 => big::ROWS,
            _ => 1,
        };
        let amount = Some(self.amount);
        let rest = Labelled { label: self.label, note: "", amount, role: Role::Big }
            .draw(pen, inner, rows);
        let next = if rest.height > 4 { pen.wrap(pen.words.next, rest.width) } else { Vec::new() };
        for ((label, amount, role), row) in self.list.iter().zip(0..) {
            let amount = pen.amount(*amount);
            pen.pair(rest, row, (label, Role::Text), (&amount, *role));
        }
        let first = rest.height.saturating_sub(u16::try_from(next.len()).unwrap_or(u16::MAX));
        for (row, index) in next.iter().zip(first..) {
            pen.put(rest, index, 0, row, Role::Dim);
        }
    }
}

/// A row of the panel: what, how much, and how it is shown.
type Amount = (&'static str, Money, Role);

/// Of a paid sale: the change, or what was paid, and how.
fn given(pen: &Pen, finished: &Finished) -> (&'static str, Money, Vec<Amount>) {
    let (words, payment) = (pen.words, &finished.payment);
    let sum = finished.basket.sum();
    let mut list = Vec::new();
    if payment.method == StartMethod::Cash {
        list.push((words.total, sum, Role::Title));
    }
    if let Some(applied) = &finished.applied {
        list.push((words.by_card, -(sum - applied.missing), Role::Money));
    }
    match payment.method {
        StartMethod::Cash => list.push((words.given, payment.given, Role::Money)),
        StartMethod::Cashless => list.push((words.cashless, payment.due, Role::Money)),
        StartMethod::Loyalty => {}
    }
    match payment.method {
        StartMethod::Cash => (words.change, payment.change(), list),
        StartMethod::Cashless | StartMethod::Loyalty => (words.total, sum, list),
    }
}

/// Of a cancelled sale: what the customer gets back, and how. What was given and the change
/// belong to the sale, and are gone with it.
fn given_back(pen: &Pen, finished: &Finished) -> (&'static str, Money, Vec<Amount>) {
    let words = pen.words;
    let back = Back::of(finished);
    let mut list = vec![(words.total, finished.basket.sum(), Role::Title)];
    let card = back.side == CardSide::TakenBack && !back.card.is_zero();
    if back.method == StartMethod::Loyalty {
        let amount = if card { back.card } else { Money::ZERO };
        return (words.back_card, amount, list);
    }
    if card {
        list.push((words.back_card, back.card, Role::Money));
    }
    let label =
        if back.method == StartMethod::Cash { words.give_back } else { words.back_terminal };
    (label, back.paid, list)
}

/// What the receipt shows. Where it is too long its end is shown, with totals, payments and what
/// the server wrote: the articles above were on the screen a moment ago.
#[derive(Debug, PartialEq)]
pub(super) struct Receipt {
    /// Rows above those that are shown.
    hidden: usize,
    rows: Vec<receipt::Row>,
}

impl Receipt {
    /// `None`: the sale is not finished.
    pub(super) fn of(pen: &Pen, state: &State, area: Rect) -> Option<Self> {
        let Step::Done(finished) = &state.sale.step else { return None };
        let inner = inside(area);
        let mut rows = rows(pen, finished, inner.width);
        let room = usize::from(inner.height);
        let hidden = if rows.len() > room { rows.len() + 1 - room } else { 0 };
        rows.drain(..hidden.min(rows.len()));
        Some(Self { hidden, rows })
    }
}

impl Panel for Receipt {
    fn draw(&self, pen: &mut Pen, area: Rect) {
        let inner = pen.panel(area, pen.words.receipt, Role::Border);
        let mut line = 0;
        if self.hidden > 0 {
            let count = self.hidden.to_string();
            let key = pen.view.lang.key_of(Command::Up, &pen.view.settings.keymap);
            let text = fill(pen.words.more, &[("n", &count), ("key", &key)]);
            pen.put(inner, 0, 0, &text, Role::Dim);
            line = 1;
        }
        for (row, index) in self.rows.iter().zip(line..inner.height) {
            pen.put(inner, index, 0, &row.text, if row.bold { Role::Title } else { Role::Text });
        }
    }
}

/// The rows of a receipt, at most `width` columns each.
pub(super) fn rows(pen: &Pen, finished: &Finished, width: u16) -> Vec<receipt::Row> {
    let lines = receipt::compose(finished, pen.view.profile);
    receipt::layout(&lines, usize::from(width))
}
