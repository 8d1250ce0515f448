//! The key legend: what is useful right now, first things first.
//!
//! Owns the choice and order of commands per screen. Keys and labels come from the command table.

use ratatui::layout::Rect;

use super::pen::Pen;
use super::theme::Role;
use crate::lang::Words;
use crate::till::{
    CardLookup, Choice, Command, Key, Lookup, Offer, Overlay, Pairing, PinPrompt, PinPurpose,
    State, Step, allowed, allowed_after_typing,
};

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
            list.extend(named(pen, state, &[Command::Menu, Command::Help, Command::Lock]));
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

/// Draws as many entries as fit.
pub(super) fn draw(pen: &mut Pen, area: Rect, state: &State) {
    let (mut row, mut col) = (0, 1);
    let mut list = entries(pen, state);
    let narrow = area.width < NARROW;
    if narrow && state.overlays.is_empty() {
        // Where little fits, the way to everything else comes first.
        let first = named(pen, state, &[Command::Menu, Command::Help]);
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
