//! A card's balance, looked up without a sale.

use ratatui::layout::Rect;

use super::super::pen::Pen;
use super::super::rows::{self, Row};
use super::super::theme::Role;
use super::super::{ident, status};
use super::{ROOMY, window};
use crate::till::{CardLookup, CardView, Lookup, State};
use crate::wire::{LockStatus, StockStatus};

pub(super) fn draw(pen: &mut Pen, body: Rect, state: &State, lookup: &CardLookup) {
    let mut list = vec![Row::new(0, lookup.number.masked(pen.ascii()), Role::Title)];
    match &lookup.result {
        Lookup::Pending(_, since) => {
            let seconds = status::seconds(pen, state.now, *since);
            list.push(Row::pair(0, (pen.words.checking, Role::Accent), (seconds, Role::Accent)));
        }
        Lookup::Found(view) => found(pen, view, &mut list),
        Lookup::Unknown => list.push(Row::new(0, pen.words.card_unknown, Role::Warn)),
        Lookup::Failed => list.push(Row::new(0, pen.words.card_failed, Role::Error)),
    }
    if body.width < ROOMY {
        pen.clear(body);
    }
    let inner = window(pen, body, pen.words.card, (46, super::tall(list.len())));
    rows::draw(pen, inner, list);
}

fn found(pen: &Pen, view: &CardView, list: &mut Vec<Row>) {
    if view.lock == LockStatus::Locked {
        list.push(Row::new(0, format!("! {}", pen.words.locked_card), Role::Error));
    }
    if view.stock != StockStatus::Active {
        list.push(Row::new(0, format!("! {}", pen.words.inactive_card), Role::Warn));
    }
    list.push(Row::gap());
    ident::balances(pen, view, list);
    list.push(Row::gap());
    for (label, time) in [
        (pen.words.last_usage, &view.last_usage),
        (pen.words.last_charge, &view.last_charge),
        (pen.words.expiry, &view.expiry),
    ] {
        if let Some(time) = time {
            let time = pen.view.lang.time(time);
            list.push(Row::pair(6, (label, Role::Dim), (time, Role::Text)));
        }
    }
}
