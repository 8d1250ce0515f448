//! What lies over the panels: help, menu, lists, look-ups, questions, the lock.
//!
//! Owns their frames and places. Header, notice, entry line and legend stay visible around them.

mod card;
mod code;
mod goods;
mod help;
mod list;
mod menu;
mod missing_end;
mod pairing;
mod pin;
mod question;
mod receipt;
mod teach;
mod terminal;
mod transactions;
mod wire;

use ratatui::layout::Rect;

use super::pen::Pen;
use super::theme::Role;
use crate::till::{Command, MissingEnd, Overlay, State};
pub(super) use missing_end::answers;

pub(super) fn draw(pen: &mut Pen, body: Rect, state: &State, overlay: &Overlay) {
    match overlay {
        Overlay::Help(help) => help::draw(pen, body, help.0),
        Overlay::Menu(menu) => menu::draw(pen, body, state, menu.0),
        Overlay::Search(hits) => list::search(pen, body, state, hits),
        Overlay::Card(lookup) => card::draw(pen, body, state, lookup),
        Overlay::Code(entry) => code::draw(pen, body, state, entry),
        Overlay::Programmes(choice) => list::programmes(pen, body, state, choice),
        Overlay::CheckIns(choice) => list::check_ins(pen, body, state, choice),
        Overlay::History(list) => list::history(pen, body, list),
        Overlay::Parked(list) => list::parked(pen, body, state, list.0),
        Overlay::Unresolved(list) => list::unresolved(pen, body, state, list.0),
        Overlay::Faults(list) => list::faults(pen, body, state, list.0),
        Overlay::Receipt(receipt) => receipt::draw(pen, body, state, receipt),
        Overlay::Pairing => pairing::draw(pen, body, state),
        Overlay::Wire(inspector) => wire::list(pen, body, inspector),
        Overlay::Exchange(one) => wire::one(pen, body, one),
        Overlay::Terminal(report) => terminal::draw(pen, body, state, report.0),
        Overlay::Transactions(list) => transactions::list(pen, body, state, list),
        Overlay::Transaction(one) => transactions::one(pen, body, state, one.0),
        Overlay::Confirm(command) => question::draw(pen, body, state, *command),
        Overlay::ConfirmReturn(line) => question::returned(pen, body, line),
        Overlay::Article(shown) => goods::shown(pen, body, state, shown),
        Overlay::Ask(asking) => goods::ask(pen, body, state, asking),
        Overlay::Age(asked) => goods::age(pen, body, asked),
        Overlay::Reason(list) => goods::reasons(pen, body, list),
        Overlay::Quick(page) => goods::quick(pen, body, page.0),
        Overlay::Teach(form) => teach::draw(pen, body, state, form),
        Overlay::Locked => locked(pen, body),
        Overlay::Pin(prompt) => pin::draw(pen, body, state, prompt),
    }
}

/// The question at the start; it lies over everything but a lock.
pub(super) fn draw_missing_end(pen: &mut Pen, body: Rect, missing: &MissingEnd) {
    missing_end::draw(pen, body, missing);
}

/// The locked screen: nothing of the sale.
fn locked(pen: &mut Pen, body: Rect) {
    let inner = pen.panel(body, pen.words.locked, Role::Border);
    let key = pen.view.lang.key_of(Command::Lock, &pen.view.settings.keymap);
    let middle = inner.height.saturating_sub(1) / 2;
    pen.centre(inner, middle, pen.words.locked, Role::Title);
    let text = crate::lang::fill(pen.words.unlock, &[("key", &key)]);
    pen.centre(inner, middle + 1, &text, Role::Dim);
}

/// From this width on, panels stay visible around a window.
const ROOMY: u16 = 100;

/// A frame in the middle of `body`, at most `width` columns and `height` rows of content, with
/// the panels stepping back behind it.
fn window(pen: &mut Pen, body: Rect, title: &str, (width, height): (u16, u16)) -> Rect {
    let width = width.saturating_add(4).min(body.width);
    let height = height.saturating_add(2).min(body.height);
    let area = Rect {
        x: body.x + (body.width - width) / 2,
        y: body.y + (body.height - height) / 2,
        width,
        height,
    };
    pen.fade(body);
    let margin = Rect { x: area.x.saturating_sub(1), width: width.saturating_add(2), ..area };
    pen.clear(margin.intersection(body));
    pen.panel(area, title, Role::Accent)
}

/// A window for lists and long texts: where there is little room it takes all of it.
fn page(pen: &mut Pen, body: Rect, title: &str, (width, height): (u16, u16)) -> Rect {
    if body.width < ROOMY {
        pen.clear(body);
        let width = if width == receipt::WIDTH { width } else { u16::MAX };
        return window(pen, body, title, (width, u16::MAX));
    }
    window(pen, body, title, (width, height))
}

/// Rows of content as many as `count`, at least a few so that a window does not jump too much.
fn tall(count: usize) -> u16 {
    u16::try_from(count.max(5)).unwrap_or(u16::MAX)
}
