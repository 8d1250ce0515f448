//! The key legend: what is useful right now, first things first.
//!
//! Owns the choice and order of commands per screen. Keys and labels come from the command table.

use ratatui::layout::Rect;

use super::panel::Panel;
use super::pen::Pen;
use super::theme::Role;
use crate::lang::Words;
use crate::till::{Command, Hint, Key, Label, Offer, State, Step, allowed, allowed_after_typing};

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

/// Those of `commands` that work now and have a key.
fn named(pen: &Pen, state: &State, commands: &[Command]) -> Vec<(String, String)> {
    let labels = commands.iter().map(|&command| (command, pen.view.lang.label(command)));
    labels.filter_map(|(command, label)| called(pen, state, command, &label)).collect()
}

/// The key of `command` with this label, if the command works now and has a key.
fn called(pen: &Pen, state: &State, command: Command, label: &str) -> Option<(String, String)> {
    let settings = pen.view.settings;
    allowed_after_typing(command, state, settings).ok()?;
    let key = settings.keymap.keys(command).first().copied()?;
    Some((pen.view.lang.key(key), label.to_owned()))
}

fn of_step(pen: &Pen, state: &State) -> Vec<(String, String)> {
    use Command::{
        AbortPayment, Card, Cash, Cashless, Clear, Help, History, Lock, Loyalty, Menu, Multiply,
        Park, Search, Subtotal, TopUp, Total, VoidLine,
    };
    let right = |label: &str| (pen.view.lang.key(Key::Right), label.to_owned());
    match &state.sale.step {
        Step::Basket(_) if state.sale.basket.is_empty() => {
            named(pen, state, &[Search, Card, TopUp, Park, Menu, Help, History, Lock])
        }
        Step::Basket(_) => {
            let sale = [Total, Subtotal, Multiply, VoidLine, Search, Card, TopUp, Menu];
            let rest = [Cash, Cashless, Loyalty, Park, Help];
            [named(pen, state, &sale), named(pen, state, &rest)].concat()
        }
        Step::Tender(tender) => {
            let mut list: Vec<_> = called(pen, state, Total, pen.words.pay).into_iter().collect();
            list.extend(called(pen, state, Clear, pen.words.back));
            let mut others = vec![Cash, Cashless, Loyalty, Help];
            // `+` pays by the method that is chosen.
            others.retain(|other| other.method() != Some(tender.method));
            list.extend(named(pen, state, &others));
            list
        }
        Step::Paying(_) => {
            let mut list = named(pen, state, &[Help, Lock]);
            if allowed(AbortPayment, state, pen.view.settings).is_ok() {
                list.insert(0, right(pen.words.break_off));
            }
            list
        }
        Step::Unknown(inquiry) => {
            let offer = inquiry.offer(state.now, pen.view.settings);
            let mut list: Vec<_> =
                offer.map(|offer| right(way_out(pen.words, offer))).into_iter().collect();
            // What parking means here: the question goes on without the cashier.
            list.extend(called(pen, state, Park, pen.words.serve_next));
            list.extend(named(pen, state, &[Menu, Help, Lock]));
            list
        }
        Step::Done(_) => named(pen, state, &[History, Card, Search, Menu, Help, Lock]),
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
        Label::AskAmount => words.ask_typed_amount,
        Label::AskPercent => words.ask_percent,
        Label::AskPieces => words.ask_pieces,
        Label::AskWeight => words.ask_weight,
        Label::AskText => words.ask_text,
        Label::AskPrice => words.ask_price,
        Label::AskCode => words.ask_code,
        Label::AskCommand => words.ask_command,
        Label::AskList => words.ask_list,
        Label::AskName => words.ask_name,
        Label::Back => words.back,
        Label::Cancel => words.cancel,
        Label::CheckCode => words.code_check,
        Label::CheckCsc => words.check_csc,
        Label::Choose => words.choose,
        Label::Close => words.close,
        Label::Details => words.details,
        Label::ExportAll => words.export_all,
        Label::ExportOne => words.export_one,
        Label::Next => words.next_field,
        Label::NewCode => words.new_code,
        Label::No => words.no,
        Label::Offer(offer) => way_out(words, offer),
        Label::Print => words.print,
        Label::Receipt => words.receipt,
        Label::Scroll => words.scroll,
        Label::SellOn => words.sell_on,
        Label::Sell => words.sell,
        Label::Settle => words.settle,
        Label::Show => words.show,
        Label::Switch => words.switch,
        Label::Take => words.take,
        Label::Yes => words.yes,
    }
}

/// What the legend shows: keys with their labels, the most useful first.
#[derive(Debug, PartialEq)]
pub(super) struct Legend(Vec<(String, String)>);

impl Legend {
    pub(super) fn of(pen: &Pen, state: &State, area: Rect) -> Self {
        let mut list = entries(pen, state);
        if area.width < NARROW && state.overlays.is_empty() {
            // Where little fits, the way to everything else comes first.
            let first = named(pen, state, &[Command::Menu, Command::Help]);
            list.retain(|entry| !first.contains(entry));
            list.splice(0..0, first);
        }
        Self(list)
    }
}

impl Panel for Legend {
    /// Draws as many entries as fit.
    fn draw(&self, pen: &mut Pen, area: Rect) {
        let (mut row, mut col) = (0, 1);
        for (key, label) in &self.0 {
            let columns = pen.width(key) + 1 + pen.width(label);
            if col + columns > area.width && row + 1 < area.height {
                row += 1;
                col = 1;
            }
            if col + columns > area.width {
                // On one short row a shorter entry is better than none.
                if area.width < NARROW {
                    continue;
                }
                return;
            }
            col += pen.put(area, row, col, key, Role::Key) + 1;
            col += pen.put(area, row, col, label, Role::Text) + 3;
        }
    }
}
