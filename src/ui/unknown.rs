//! The panel of an unknown outcome: what not to do, what is being done, and the one safe step.

use ratatui::layout::Rect;

use super::panel::Panel;
use super::pen::{Pen, inside};
use super::rows::{self, Row};
use super::theme::Role;
use super::{payment, status};
use crate::lang::fill;
use crate::till::{Key, NextQuestion, Offer, State, Step};

/// What the panel shows.
#[derive(Debug, PartialEq)]
pub(super) struct Unknown(Vec<Row>);

impl Unknown {
    /// `None`: another step is at hand.
    pub(super) fn of(pen: &Pen, state: &State, area: Rect) -> Option<Self> {
        let Step::Unknown(inquiry) = &state.sale.step else { return None };
        let width = inside(area).width;
        let mut list = Vec::new();
        for row in pen.wrap(pen.words.unknown, width) {
            list.push(Row::new(0, row, Role::Error));
        }
        list.push(Row::gap());
        let offer = inquiry.offer(state.now, pen.view.settings);
        if offer == Some(Offer::GiveUp) {
            for row in pen.wrap(pen.words.safe_step, width) {
                list.push(Row::new(2, row, Role::Text));
            }
            let key = pen.view.lang.key(Key::Right);
            for row in pen.wrap(&fill(pen.words.give_up, &[("key", &key)]), width) {
                list.push(Row::new(0, row, Role::Accent));
            }
        } else if offer == Some(Offer::WriteOff) {
            for row in pen.wrap(pen.words.no_word, width) {
                list.push(Row::new(2, row, Role::Text));
            }
            let key = pen.view.lang.key(Key::Right);
            for row in pen.wrap(&fill(pen.words.write_off, &[("key", &key)]), width) {
                list.push(Row::new(0, row, Role::Accent));
            }
        } else {
            let why = match status::reason(state, inquiry) {
                Some(why) => fill(pen.words.unknown_reason, &[("why", &pen.view.lang.reason(why))]),
                None => pen.words.unknown_answered.to_owned(),
            };
            for row in pen.wrap(&why, width) {
                list.push(Row::new(2, row, Role::Text));
            }
        }
        list.push(Row::gap());
        let seconds = (state.now.saturating_sub(inquiry.payment.since) / 1000).to_string();
        let asked = if inquiry.asked == 1 { pen.words.asked_once } else { pen.words.asked };
        let text = fill(asked, &[("n", &inquiry.asked.to_string()), ("s", &seconds)]);
        let next = match inquiry.next {
            NextQuestion::At(due) => {
                let left = due.saturating_sub(state.now).div_ceil(1000).to_string();
                fill(pen.words.next_in, &[("n", &left)])
            }
            NextQuestion::Asked => String::new(),
        };
        list.push(Row::pair(1, (text, Role::Dim), (next, Role::Accent)));
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
        Some(Self(list))
    }
}

impl Panel for Unknown {
    fn draw(&self, pen: &mut Pen, area: Rect) {
        let inner = pen.panel(area, pen.words.unknown_title, Role::Error);
        rows::draw(pen, inner, &self.0);
    }
}
