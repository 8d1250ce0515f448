//! A card's balance and state, looked up without a sale.

use ratatui::layout::Rect;

use super::super::pen::Pen;
use super::super::rows::{self, Row};
use super::super::theme::Role;
use super::super::{ident, status};
use super::{ROOMY, window};
use crate::till::{CardLookup, CardView, CscCheck, LockDetails, Lookup, PasscodeRule, State};
use crate::wire::{CardLock, LockStatus, StockStatus};

pub(super) fn draw(pen: &mut Pen, body: Rect, state: &State, lookup: &CardLookup) {
    let mut list = vec![Row::new(0, lookup.number.masked(pen.ascii()), Role::Title)];
    match &lookup.result {
        Lookup::Pending(since) => {
            let seconds = status::seconds(pen, state.now, *since);
            list.push(Row::pair(0, (pen.words.checking, Role::Accent), (seconds, Role::Accent)));
        }
        Lookup::Found(view) => {
            locked(pen, view, &lookup.lock, &mut list);
            code(pen, state, lookup, &mut list);
            list.push(Row::gap());
            ident::balances(pen, view, &mut list);
            if view.points == 0 {
                // Looked up, a zero is an answer too.
                let none = ("0", Role::Money);
                list.push(Row::pair(4, (pen.words.points, Role::Text), none));
            }
            list.push(Row::gap());
            facts(pen, view, &mut list);
        }
        Lookup::Unknown => list.push(Row::new(0, pen.words.card_unknown, Role::Warn)),
        Lookup::Failed => list.push(Row::new(0, pen.words.card_failed, Role::Error)),
    }
    if body.width < ROOMY {
        pen.clear(body);
    }
    let inner = window(pen, body, pen.words.card, (46, super::tall(list.len())));
    rows::draw(pen, inner, list);
}

/// That the card is locked, and why.
fn locked(pen: &Pen, view: &CardView, lock: &LockDetails, list: &mut Vec<Row>) {
    if view.lock != LockStatus::Locked {
        return;
    }
    list.push(Row::new(0, format!("! {}", pen.words.locked_card), Role::Error));
    let LockDetails::Known(CardLock { reason, note, .. }) = lock else { return };
    let words = pen.words;
    let reason = match reason {
        1 => words.lock_lost,
        2 => words.lock_defect,
        3 => words.lock_claims,
        6 => words.lock_expired,
        8 => words.lock_not_activated,
        _ => "",
    };
    let parts: Vec<&str> = [reason, note.as_str()].into_iter().filter(|s| !s.is_empty()).collect();
    if !parts.is_empty() {
        let why = parts.join(": ");
        list.push(Row::pair(1, (words.lock_reason, Role::Dim), (why, Role::Text)));
    }
}

/// What became of checking the code on the card's back.
fn code(pen: &Pen, state: &State, lookup: &CardLookup, list: &mut Vec<Row>) {
    let words = pen.words;
    let checking = state.checking().filter(|entry| entry.number == lookup.number);
    let (text, role) = match (checking, lookup.csc) {
        (Some(_), _) => (words.checking, Role::Accent),
        (None, CscCheck::Right) => (words.csc_right, Role::Title),
        (None, CscCheck::Wrong) => {
            list.push(Row::new(0, format!("! {}", words.csc_wrong), Role::Error));
            list.push(Row::new(1, words.csc_refuse, Role::Text));
            return;
        }
        (None, CscCheck::None) => return,
    };
    list.push(Row::pair(1, (words.csc, Role::Text), (text, role)));
}

/// State, dates and passcode.
fn facts(pen: &Pen, view: &CardView, list: &mut Vec<Row>) {
    let (words, lang) = (pen.words, pen.view.lang);
    let (state, role) = match view.stock {
        StockStatus::Active => (words.state_active, Role::Text),
        StockStatus::Inactive => (words.state_inactive, Role::Warn),
        StockStatus::Stored => (words.state_stored, Role::Warn),
        StockStatus::Other => (words.state_other, Role::Warn),
    };
    list.push(Row::pair(1, (words.state, Role::Dim), (state, role)));
    for (label, time, none) in [
        (words.last_usage, &view.last_usage, words.never),
        (words.last_charge, &view.last_charge, words.never),
        (words.expiry, &view.expiry, words.expires_never),
    ] {
        let time = time.as_ref().map_or_else(|| none.to_owned(), |time| lang.time(time));
        list.push(Row::pair(6, (label, Role::Dim), (time, Role::Text)));
    }
    let passcode = match view.passcode {
        PasscodeRule::Never => words.passcode_never,
        PasscodeRule::Always => words.passcode_always,
        PasscodeRule::Discharge => words.passcode_discharge,
        PasscodeRule::Charge => words.passcode_charge,
        PasscodeRule::Revenue => words.passcode_revenue,
        PasscodeRule::Points => words.passcode_points,
    };
    list.push(Row::pair(5, (words.passcode, Role::Dim), (passcode, Role::Text)));
}
