//! The panel of an unknown outcome: what not to do, what is being done, and the one safe step.

use ratatui::layout::Rect;

use super::pen::Pen;
use super::rows::{self, Row};
use super::theme::Role;
use super::{payment, split};
use crate::lang::fill;
use crate::till::{Inquiry, Key, State};

pub(super) fn draw(pen: &mut Pen, area: Rect, state: &State, inquiry: &Inquiry) {
    let inner = pen.panel(area, pen.words.unknown_title, Role::Error);
    let mut list = Vec::new();
    for row in pen.wrap(pen.words.unknown, inner.width) {
        list.push(Row::new(0, row, Role::Error));
    }
    list.push(Row::gap());
    if inquiry.may_give_up(state.now, pen.view.settings) {
        for row in pen.wrap(pen.words.safe_step, inner.width) {
            list.push(Row::new(2, row, Role::Text));
        }
        let key = pen.view.lang.key(Key::Right);
        for row in pen.wrap(&fill(pen.words.give_up, &[("key", &key)]), inner.width) {
            list.push(Row::new(0, row, Role::Accent));
        }
    } else {
        let why = pen.view.lang.reason(inquiry.reason);
        for row in pen.wrap(&fill(pen.words.unknown_reason, &[("why", &why)]), inner.width) {
            list.push(Row::new(2, row, Role::Text));
        }
    }
    list.push(Row::gap());
    let seconds = (state.now.saturating_sub(inquiry.payment.since) / 1000).to_string();
    let asked = inquiry.asked.to_string();
    let text = fill(pen.words.asked, &[("n", &asked), ("s", &seconds)]);
    list.push(Row::new(1, text, Role::Dim));
    let paid = &inquiry.payment;
    let by = payment::method(pen, paid.method).to_owned();
    let words = pen.words;
    for (rank, label, amount, role) in [
        (1, words.to_pay, paid.due, Role::Title),
        (3, words.given, paid.given, Role::Text),
        (3, words.change, paid.change(), Role::Text),
    ] {
        let label = if rank == 1 { format!("{label} ({by})") } else { label.to_owned() };
        list.push(Row::pair(rank, (label, role), (pen.amount(amount), role)));
    }
    rows::draw(pen, split(inner, inner.height)[0], list);
}
