//! Lists to choose from: articles found, finished sales, parked sales.

use std::ops::Range;

use ratatui::layout::Rect;

use super::super::basket::first_visible;
use super::super::pen::Pen;
use super::super::theme::Role;
use super::super::{ident, legend, payment, status};
use super::{page, tall};
use crate::lang::{Lang, Words, fill};
use crate::shop::{Basket, highlight};
use crate::till::{
    Cancellation, CheckIn, Choice, FAULTS, History, Hits, Key, Programme, Reading, SaleCard, State,
    Step,
};

/// One row of a list.
#[derive(Debug, Clone)]
pub(super) struct Cells {
    /// First column, as wide as fourteen characters.
    pub lead: String,
    /// The rest.
    pub text: String,
    /// At the right end.
    pub tail: String,
}

/// Draws the rows around the selected one.
pub(super) fn select(
    pen: &mut Pen,
    area: Rect,
    count: usize,
    selected: usize,
    nothing: &str,
    row: impl Fn(usize) -> Option<Cells>,
) {
    select_some(pen, area, count, selected, nothing, |index| Some((row(index)?, true)));
}

/// As [`select`]; the second value of a row are the parts of its text that were searched for, in
/// bytes.
fn select_found(
    pen: &mut Pen,
    area: Rect,
    count: usize,
    selected: usize,
    nothing: &str,
    row: impl Fn(usize) -> Option<(Cells, Vec<Range<usize>>)>,
) {
    rows(pen, area, count, selected, nothing, |index| {
        row(index).map(|(cells, parts)| (cells, true, parts))
    });
}

/// As [`select`]; the second value of a row says whether it can be chosen, otherwise it is grey.
pub(super) fn select_some(
    pen: &mut Pen,
    area: Rect,
    count: usize,
    selected: usize,
    nothing: &str,
    row: impl Fn(usize) -> Option<(Cells, bool)>,
) {
    rows(pen, area, count, selected, nothing, |index| {
        row(index).map(|(cells, works)| (cells, works, Vec::new()))
    });
}

fn rows(
    pen: &mut Pen,
    area: Rect,
    count: usize,
    selected: usize,
    nothing: &str,
    row: impl Fn(usize) -> Option<(Cells, bool, Vec<Range<usize>>)>,
) {
    if count == 0 {
        pen.put(area, 0, 0, nothing, Role::Dim);
        return;
    }
    let selected = selected.min(count - 1);
    let room = usize::from(area.height);
    let first = first_visible(count, selected, room);
    pen.more(area, first, count.saturating_sub(first + room));
    for (index, line) in (first..count).zip(0..area.height) {
        let Some((cells, works, parts)) = row(index) else { return };
        let chosen = index == selected;
        let role = |role| match (chosen, works) {
            (true, _) => Role::Selected,
            (false, true) => role,
            (false, false) => Role::Dim,
        };
        if chosen {
            pen.bar(area, line, Role::Selected);
            pen.put(area, line, 0, "▸", Role::Selected);
        }
        let tail = pen.right(area, line, &cells.tail, role(Role::Key));
        let room = area.width.saturating_sub(tail + 1);
        let used =
            2 + pen.put_max(area, line, 2, &cells.lead, role(Role::Title), room.saturating_sub(2));
        let col = used.max(15) + 1;
        if room > col {
            let used = pen.put_max(area, line, col, &cells.text, role(Role::Text), room - col);
            let role = if chosen { Role::SelectedMatch } else { Role::Match };
            for part in parts {
                let text = |bytes: Range<usize>| cells.text.get(bytes).unwrap_or_default();
                let before = pen.width(text(0..part.start));
                let columns = pen.width(text(part)).min(used.saturating_sub(before));
                pen.emphasise(area, line, col.saturating_add(before), columns, role);
            }
        }
    }
}

/// Articles whose names match.
pub(super) fn search(pen: &mut Pen, body: Rect, state: &State, hits: &Hits) {
    let inner = page(pen, body, pen.words.search, (70, tall(hits.found.len())));
    let count = hits.found.len();
    let (settings, lang) = (pen.view.settings, pen.view.lang);
    let typed = state.entry.text.as_str();
    select_found(pen, inner, count, hits.selected, pen.words.nothing_found, |index| {
        let article = settings.catalogue.get(*hits.found.get(index)?)?;
        let rate = settings.vat.rate(&article.vat, state.today);
        let rate = rate.map_or_else(String::new, |rate| lang.percent(rate));
        let price = article.price.map_or_else(String::new, |price| lang.amount(price));
        let parts = highlight(&article.name, typed);
        let tail = format!("{rate:>5}  {price:>9}");
        Some((Cells { lead: article.number, text: article.name, tail }, parts))
    });
}

/// Finished sales, the newest first.
pub(super) fn history(pen: &mut Pen, body: Rect, list: &History) {
    let count = list.sales.len();
    let inner = page(pen, body, pen.words.history, (76, tall(count)));
    let (lang, ascii, words) = (pen.view.lang, pen.ascii(), pen.words);
    let methods = [
        crate::wire::StartMethod::Cash,
        crate::wire::StartMethod::Cashless,
        crate::wire::StartMethod::Loyalty,
    ]
    .map(|method| (method, payment::method(pen, method)));
    let nothing = match list.reading {
        Reading::Nothing => words.no_history,
        Reading::Older | Reading::Newer => words.history_reading,
        Reading::Failed => words.history_failed,
    };
    select(pen, inner, count, list.selected, nothing, |index| {
        let (_, sale) = list.sales.get(index)?;
        let by = methods.iter().find(|(method, _)| *method == sale.payment.method)?.1;
        let cancelled = match &sale.cancelled {
            Some(_) => words.cancelled,
            None if sale.perhaps_cancelled => words.perhaps_cancelled,
            None => "",
        };
        Some(Cells {
            lead: lang.time(&sale.booked),
            text: format!("{by:<17} {} {cancelled}", customer(words, sale.card.as_ref(), ascii)),
            tail: lang.amount(sale.basket.sum()),
        })
    });
    // What is held is a part of all of them.
    let room = usize::from(inner.height);
    let first = first_visible(count, list.selected, room);
    let after = count.saturating_sub(first + room);
    pen.at_least(inner, (first, !list.newer.is_empty()), (after, list.older));
}

/// Parked sales, the oldest first.
pub(super) fn parked(pen: &mut Pen, body: Rect, state: &State, selected: usize) {
    let count = state.parked.len();
    let inner = page(pen, body, pen.words.parked, (76, tall(count)));
    let (lang, ascii, words) = (pen.view.lang, pen.ascii(), pen.words);
    let pieces = |basket: &Basket| {
        let pieces = basket.pieces();
        format!("{pieces} {}", if pieces == 1 { words.piece } else { words.pieces })
    };
    select(pen, inner, count, selected, pen.words.no_parked, |index| {
        let sale = state.parked.get(index)?;
        let first = sale.basket.lines().first().map(|line| line.name.as_str()).unwrap_or_default();
        Some(Cells {
            lead: pieces(&sale.basket),
            text: format!("{first}  {}", customer(words, sale.card.as_ref(), ascii)),
            tail: lang.amount(sale.basket.sum()),
        })
    });
}

/// Sales whose payment has no known outcome, the oldest first.
pub(super) fn unresolved(pen: &mut Pen, body: Rect, state: &State, selected: usize) {
    let count = state.unresolved.len() + state.cancellations.len();
    let inner = page(pen, body, pen.words.unresolved, (76, tall(count)));
    let (lang, ascii, words) = (pen.view.lang, pen.ascii(), pen.words);
    let right = lang.key(Key::Right);
    let settings = pen.view.settings;
    select(pen, inner, count, selected, pen.words.no_unresolved, |index| {
        let Some(sale) = state.unresolved.get(index) else {
            let open = state.cancellations.get(index.checked_sub(state.unresolved.len())?)?;
            return Some(cancellation(words, lang, open));
        };
        let Step::Unknown(inquiry) = &sale.step else { return None };
        let asked = match inquiry.asked {
            1 => words.unresolved_once.to_owned(),
            n => fill(words.unresolved_row, &[("n", &n.to_string())]),
        };
        // The one safe step is named where it is offered.
        let what = match inquiry.offer(state.now, settings) {
            Some(offer) => format!("{right} {}", legend::way_out(words, offer)),
            None => status::reason(state, inquiry)
                .map_or_else(|| words.no_outcome.to_owned(), |reason| lang.reason(reason)),
        };
        Some(Cells {
            lead: asked,
            text: format!("{what}  {}", customer(words, sale.card.as_ref(), ascii)),
            tail: lang.amount(inquiry.payment.due),
        })
    });
}

/// A cancellation without a known outcome; where the cashier may decide, the key says so.
fn cancellation(words: &Words, lang: Lang, open: &Cancellation) -> Cells {
    let text = if open.is_expected() {
        words.cancel_asked.to_owned()
    } else {
        format!("{} {}  {}", lang.key(Key::Right), words.settle, words.cancel_open)
    };
    Cells {
        lead: match open.asked {
            1 => words.unresolved_once.to_owned(),
            n => fill(words.unresolved_row, &[("n", &n.to_string())]),
        },
        text,
        tail: lang.amount(open.whose.sum()),
    }
}

/// The sandbox's faults, with those that are on.
pub(super) fn faults(pen: &mut Pen, body: Rect, state: &State, selected: usize) {
    let inner = page(pen, body, pen.words.faults, (60, tall(FAULTS.len())));
    let on = pen.words.fault_on;
    select(pen, inner, FAULTS.len(), selected, "", |index| {
        let fault = *FAULTS.get(index)?;
        let name = fault.split(['@', '=', '#']).next().unwrap_or(fault);
        let active = state.faults.iter().any(|active| active == fault);
        Some(Cells {
            lead: name.to_owned(),
            text: fault.to_owned(),
            tail: if active { on } else { "" }.to_owned(),
        })
    });
}

/// Programmes of which a card can be made.
pub(super) fn programmes(pen: &mut Pen, body: Rect, state: &State, choice: &Choice<Programme>) {
    let words = pen.words;
    fetched(pen, body, state, choice, (words.programmes, words.no_programmes), |programme| Cells {
        lead: programme.name.clone(),
        text: String::new(),
        tail: String::new(),
    });
}

/// Customers who have checked in.
pub(super) fn check_ins(pen: &mut Pen, body: Rect, state: &State, choice: &Choice<CheckIn>) {
    let (words, lang) = (pen.words, pen.view.lang);
    fetched(pen, body, state, choice, (words.check_ins, words.no_check_ins), |check_in| Cells {
        lead: check_in.name.clone(),
        text: lang.time(&check_in.created),
        tail: check_in.balance.map(|balance| lang.amount(balance)).unwrap_or_default(),
    });
}

/// A list from the server: being fetched, not to be had, or there.
fn fetched<T>(
    pen: &mut Pen,
    body: Rect,
    state: &State,
    choice: &Choice<T>,
    (title, nothing): (&str, &str),
    row: impl Fn(&T) -> Cells,
) {
    let (list, selected): (&[T], usize) = match choice {
        Choice::Of(list, selected) => (list, *selected),
        Choice::Pending(_) | Choice::Failed => (&[], 0),
    };
    let inner = page(pen, body, title, (60, tall(list.len())));
    match choice {
        Choice::Pending(since) => {
            let seconds = status::seconds(pen, state.now, *since);
            pen.pair(inner, 0, (pen.words.checking, Role::Accent), (&seconds, Role::Accent));
        }
        Choice::Failed => {
            pen.put(inner, 0, 0, pen.words.list_failed, Role::Error);
        }
        Choice::Of(..) => {
            select(pen, inner, list.len(), selected, nothing, |index| list.get(index).map(&row));
        }
    }
}

/// The customer of a sale in one column.
fn customer(words: &Words, card: Option<&SaleCard>, ascii: bool) -> String {
    card.map(|card| ident::title(words, card, ascii)).unwrap_or_default()
}
