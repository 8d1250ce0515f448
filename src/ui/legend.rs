//! The key legend: what is useful right now, first things first.
//!
//! Owns the choice and order of commands per screen. Keys and labels come from the command table.

use ratatui::layout::Rect;

use super::pen::Pen;
use super::theme::Role;
use crate::lang::Words;
use crate::till::{Command, Hint, Key, Label, Offer, State, Step};
use crate::wire::StartMethod;

/// Below this width only the first few entries fit.
const NARROW: u16 = 56;

/// Keys with their labels, the most useful first.
fn entries(pen: &Pen, state: &State) -> Vec<(String, String)> {
    if state.missing_end.is_some() && !state.is_locked() && !state.asks_pin() {
        return super::overlay::answers(pen);
    }
    match state.overlays.last() {
        Some(overlay) => {
            let hints = overlay.hints(state, pen.view.settings);
            hints.into_iter().filter_map(|hint| of_hint(pen, hint)).collect()
        }
        None => of_step(pen, state),
    }
}

fn named(pen: &Pen, commands: &[Command]) -> Vec<(String, String)> {
    let lang = pen.view.lang;
    commands
        .iter()
        .filter_map(|&command| {
            let key = pen.view.settings.keymap.keys(command).first().copied()?;
            Some((lang.key(key), lang.label(command).into_owned()))
        })
        .collect()
}

fn of_step(pen: &Pen, state: &State) -> Vec<(String, String)> {
    use Command::{
        Card, Cash, Cashless, Clear, Help, History, Lock, Loyalty, Menu, Multiply, Park, Search,
        Subtotal, TopUp, Total, VoidLine,
    };
    let lang = pen.view.lang;
    match &state.sale.step {
        Step::Basket(_) if state.sale.basket.is_empty() => {
            named(pen, &[Search, Card, TopUp, Park, Menu, Help, History, Lock])
        }
        Step::Basket(_) => {
            let mut commands = vec![Total, Subtotal, Multiply, VoidLine];
            if state.sale.paying_card().is_none() {
                commands.retain(|command| *command != Subtotal);
            }
            commands.extend([Search, Card, TopUp, Menu, Cash, Cashless, Loyalty, Park, Help]);
            named(pen, &commands)
        }
        Step::Tender(tender) => {
            let mut list: Vec<(String, String)> = Vec::new();
            let keys = &pen.view.settings.keymap;
            if let Some(key) = keys.keys(Total).first() {
                list.push((lang.key(*key), pen.words.pay.to_owned()));
            }
            if let Some(key) = keys.keys(Clear).first() {
                list.push((lang.key(*key), pen.words.back.to_owned()));
            }
            let others = [
                (Cash, StartMethod::Cash),
                (Cashless, StartMethod::Cashless),
                (Loyalty, StartMethod::Loyalty),
            ];
            for (command, method) in others {
                let all_by_card = tender.due.is_zero();
                if method != tender.method && (method == StartMethod::Loyalty) == all_by_card {
                    list.extend(named(pen, &[command]));
                }
            }
            list.extend(named(pen, &[Help]));
            list
        }
        Step::Paying(paying) => {
            let mut list = named(pen, &[Help, Lock]);
            if paying.may_abort() {
                list.insert(0, (lang.key(Key::Right), pen.words.break_off.to_owned()));
            }
            list
        }
        Step::Unknown(inquiry) => {
            let mut list = named(pen, &[Park, Menu, Help, Lock]);
            // What parking means here: the question goes on without the cashier.
            if let Some(park) =
                pen.view.settings.keymap.keys(Park).first().map(|key| lang.key(*key))
                && let Some((_, label)) = list.iter_mut().find(|(key, _)| *key == park)
            {
                pen.words.serve_next.clone_into(label);
            }
            if let Some(offer) = inquiry.offer(state.now, pen.view.settings) {
                list.insert(0, (lang.key(Key::Right), way_out(pen.words, offer).to_owned()));
            }
            list
        }
        Step::Done(_) => named(pen, &[History, Card, Search, Menu, Help, Lock]),
    }
}

/// What → is called on an unknown outcome.
pub(super) const fn way_out(words: &Words, offer: Offer) -> &'static str {
    match offer {
        Offer::GiveUp => words.give_up_short,
        Offer::WriteOff => words.write_off_short,
    }
}

/// A hint of an overlay in words; `None`: its command has no key.
fn of_hint(pen: &Pen, hint: Hint) -> Option<(String, String)> {
    let lang = pen.view.lang;
    let key = |command| pen.view.settings.keymap.keys(command).first().map(|key| lang.key(*key));
    Some(match hint {
        Hint::Keys(keys, label) => {
            let keys: Vec<String> = keys.iter().map(|key| lang.key(*key)).collect();
            (keys.join(" "), word(pen.words, label).to_owned())
        }
        Hint::Command(command, label) => (key(command)?, word(pen.words, label).to_owned()),
        Hint::Named(command) => (key(command)?, lang.label(command).into_owned()),
    })
}

/// A label in words.
pub(super) const fn word(words: &Words, label: Label) -> &'static str {
    match label {
        Label::AskCode => words.ask_code,
        Label::AskCommand => words.ask_command,
        Label::AskList => words.ask_list,
        Label::AskName => words.ask_name,
        Label::Cancel => words.cancel,
        Label::CheckCode => words.code_check,
        Label::CheckCsc => words.check_csc,
        Label::Choose => words.choose,
        Label::Close => words.close,
        Label::Details => words.details,
        Label::ExportAll => words.export_all,
        Label::ExportOne => words.export_one,
        Label::NewCode => words.new_code,
        Label::No => words.no,
        Label::Offer(offer) => way_out(words, offer),
        Label::Print => words.print,
        Label::Receipt => words.receipt,
        Label::Scroll => words.scroll,
        Label::SellOn => words.sell_on,
        Label::Settle => words.settle,
        Label::Show => words.show,
        Label::Switch => words.switch,
        Label::Take => words.take,
        Label::Yes => words.yes,
    }
}

/// Draws as many entries as fit.
pub(super) fn draw(pen: &mut Pen, area: Rect, state: &State) {
    let (mut row, mut col) = (0, 1);
    let mut list = entries(pen, state);
    let narrow = area.width < NARROW;
    if narrow && state.overlays.is_empty() {
        // Where little fits, the way to everything else comes first.
        let first = named(pen, &[Command::Menu, Command::Help]);
        list.retain(|entry| !first.contains(entry));
        list.splice(0..0, first);
    }
    for (key, label) in list {
        let columns = pen.width(&key) + 1 + pen.width(&label);
        if col + columns > area.width && row + 1 < area.height {
            row += 1;
            col = 1;
        }
        if col + columns > area.width {
            // On one short row a shorter entry is better than none.
            if narrow {
                continue;
            }
            return;
        }
        col += pen.put(area, row, col, &key, Role::Key) + 1;
        col += pen.put(area, row, col, &label, Role::Text) + 3;
    }
}
