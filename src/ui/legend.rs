//! The key legend: what is useful right now, first things first.
//!
//! Owns the choice and order of commands per screen. Keys and labels come from the command table.

use ratatui::layout::Rect;

use super::pen::Pen;
use super::picture::Panel;
use super::theme::Role;
use crate::lang::Words;
use crate::till::{
    CardLookup, Choice, Command, Key, Lookup, Offer, Overlay, Pairing, PinPrompt, PinPurpose,
    State, Step,
};
use crate::wire::StartMethod;

/// Below this width only the first few entries fit.
const NARROW: u16 = 56;

/// Keys with their labels, the most useful first.
fn entries(pen: &Pen, state: &State) -> Vec<(String, String)> {
    if state.missing_end.is_some() && !state.is_locked() && !state.asks_pin() {
        return super::overlay::answers(pen);
    }
    match state.overlays.last() {
        Some(overlay) => of_overlay(pen, state, overlay),
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

fn of_overlay(pen: &Pen, state: &State, overlay: &Overlay) -> Vec<(String, String)> {
    let words = pen.words;
    let lang = pen.view.lang;
    let entry = |keys: &[Key], label: &str| {
        let keys: Vec<String> = keys.iter().map(|key| lang.key(*key)).collect();
        (keys.join(" "), label.to_owned())
    };
    let scroll = entry(&[Key::Up, Key::Down, Key::PageUp, Key::PageDown], words.scroll);
    let choose = entry(&[Key::Up, Key::Down], words.choose);
    let close = entry(&[Key::Esc], words.close);
    let take = entry(&[Key::Enter], words.take);
    let print = |mut list: Vec<(String, String)>| {
        if pen.view.settings.printing != crate::till::Printing::Never
            && let Some(key) = pen.view.settings.keymap.keys(Command::History).first()
        {
            list.insert(1, (lang.key(*key), words.print.to_owned()));
        }
        list
    };
    match overlay {
        Overlay::Help(_) => vec![close, scroll],
        Overlay::Receipt { .. } | Overlay::Terminal(_) => print(vec![close, scroll]),
        Overlay::Transaction(_) => {
            let cancel = entry(&pen.view.settings.keymap.keys(Command::VoidOrReturn), words.cancel);
            print(vec![close, scroll, cancel])
        }
        Overlay::Transactions(_) => {
            let cancel = entry(&pen.view.settings.keymap.keys(Command::VoidOrReturn), words.cancel);
            print(vec![choose, entry(&[Key::Enter], words.details), cancel, close])
        }
        Overlay::History(_) => {
            let cancel = entry(&pen.view.settings.keymap.keys(Command::VoidOrReturn), words.cancel);
            print(vec![choose, entry(&[Key::Enter], words.receipt), cancel, close])
        }
        Overlay::Unresolved(selected) => {
            let mut list = vec![choose, close];
            let step = state.unresolved.get(*selected).map(|sale| &sale.step);
            if let Some(Step::Unknown(inquiry)) = step
                && let Some(offer) = inquiry.offer(state.now, pen.view.settings)
            {
                list.insert(1, entry(&[Key::Right], way_out(words, offer)));
            }
            let open = selected.checked_sub(state.unresolved.len());
            let open = open.and_then(|index| state.cancellations.get(index));
            if open.is_some_and(|open| !open.is_expected()) {
                list.insert(1, entry(&[Key::Right], words.settle));
            }
            list
        }
        Overlay::Faults(_) => vec![choose, entry(&[Key::Enter], words.switch), close],
        Overlay::Menu(_) | Overlay::Search(_) | Overlay::Parked(_) => vec![choose, take, close],
        Overlay::Wire(_) => {
            let show = entry(&[Key::Enter], words.show);
            vec![choose, show, entry(&[Key::Right], words.export_all), close]
        }
        Overlay::Exchange(..) => vec![close, scroll, entry(&[Key::Right], words.export_one)],
        Overlay::Pairing => {
            let mut list = vec![entry(&[Key::Esc], words.sell_on)];
            if state.pairing.as_ref().is_some_and(Pairing::is_over) {
                list.insert(0, entry(&[Key::Enter], words.new_code));
            }
            list.extend(named(pen, &[Command::Menu, Command::Help, Command::Lock]));
            list
        }
        Overlay::Programmes(Choice::Of(list, _)) if !list.is_empty() => vec![choose, take, close],
        Overlay::CheckIns(Choice::Of(list, _)) if !list.is_empty() => vec![choose, take, close],
        Overlay::Card(CardLookup { result: Lookup::Found(_), .. }) => {
            vec![entry(&[Key::Enter], words.check_csc), close]
        }
        Overlay::Card(_)
        | Overlay::Programmes(_)
        | Overlay::CheckIns(_)
        | Overlay::Pin(PinPrompt { purpose: PinPurpose::Quit, .. }) => vec![close],
        Overlay::Code(_) => vec![entry(&[Key::Enter], words.code_check), close],
        Overlay::Confirm(_) | Overlay::ConfirmReturn(_) => {
            vec![entry(&[Key::Right], words.yes), entry(&[Key::Esc], words.no)]
        }
        Overlay::Locked | Overlay::Pin(_) => Vec::new(),
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
            let first = named(pen, &[Command::Menu, Command::Help]);
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
