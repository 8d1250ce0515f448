//! What every screen has: header, notice, entry line, and the word where a terminal is too small.
//!
//! Owns the rows around the panels, the SANDBOX badge and the masking of what is typed. Must not
//! show a swipe, a scanned code with an identifier, or a card number in full.

use ratatui::layout::{Position, Rect};

use super::legend;
use super::pen::Pen;
use super::theme::Role;
use crate::lang::fill;
use crate::money::parse_amount;
use crate::shop::{CODE_DIGITS, Shape, shape};
use crate::text::{bank_cards, is_harmful, mask_card};
use crate::till::{
    Access, Cause, Command, Key, Level, Message, Notice, Overlay, ServerKind, State, Step,
};
use crate::wire::StartMethod;

const BADGE: &str = " SANDBOX ";
const NAME: &str = "kasse";

/// Where everything goes, from top to bottom.
pub(super) struct Areas {
    pub header: Rect,
    pub body: Rect,
    pub notice: Rect,
    pub entry: Rect,
    pub legend: Rect,
}

impl Areas {
    pub(super) fn of(pen: &Pen, screen: Rect, state: &State) -> Self {
        let roomy = screen.height >= 20;
        let entry = if screen.height >= 32 { 3 } else { 1 };
        let legend = if roomy { 2 } else { 1 };
        let needed = u16::try_from(notice_rows(pen, screen.width, state).len()).unwrap_or(1);
        let notice = needed.clamp(if roomy { 2 } else { 1 }, 4);
        // A long message takes rows of the panels: it says what is safe and what to press.
        let body = screen.height.saturating_sub(1 + notice + entry + legend);
        let mut y = screen.y;
        let mut next = |height: u16| {
            let area = Rect { y, height, ..screen };
            y += height;
            area
        };
        Self {
            header: next(1),
            body: next(body),
            entry: next(entry),
            notice: next(notice),
            legend: next(legend),
        }
    }
}

/// A screen too small for a till: says so, and still says SANDBOX.
pub(super) fn too_small(pen: &mut Pen, screen: Rect, state: &State) {
    let leaving = state.overlays.last() == Some(&Overlay::Confirm(Command::Quit));
    let text = if leaving {
        let words = pen.words;
        let answers = [(Key::Right, words.yes), (Key::Esc, words.no)]
            .map(|(key, label)| format!("{} {label}", pen.view.lang.key(key)));
        format!("{} {}", words.confirm_quit, answers.join("  "))
    } else if pen.view.settings.access == Access::Kiosk || state.is_locked() {
        pen.words.too_small.to_owned()
    } else {
        format!("{}. {}", pen.words.too_small, pen.words.too_small_leave)
    };
    if screen.height < 2 {
        let badge = if state.server == ServerKind::Sandbox {
            format!("{} ", BADGE.trim())
        } else {
            String::new()
        };
        pen.put(screen, 0, 0, &format!("{badge}{text}"), Role::Warn);
        return;
    }
    if state.server == ServerKind::Sandbox {
        pen.put(screen, 0, 0, BADGE.trim(), Role::Badge);
    }
    let rows = pen.wrap(&text, screen.width);
    for (row, index) in rows.iter().zip(1..) {
        pen.put(screen, index, 0, row, Role::Warn);
    }
}

/// Program, shop, parked sales and the SANDBOX badge.
pub(super) fn header(pen: &mut Pen, area: Rect, state: &State) {
    let mut right = area;
    if state.server == ServerKind::Sandbox {
        let used = pen.right(right, 0, BADGE, Role::Badge);
        right.width = right.width.saturating_sub(used + 2);
    }
    let open = state.unresolved.len() + state.cancellations.len();
    if open > 0 {
        let words = pen.words;
        let text = if open == 1 { words.unresolved_one } else { words.unresolved_count };
        let text = fill(text, &[("n", &open.to_string())]);
        let used = pen.right(right, 0, &text, Role::Error);
        right.width = right.width.saturating_sub(used + 2);
    }
    let aside = state.pairing.as_ref().filter(|_| !state.overlays.contains(&Overlay::Pairing));
    if let Some(pairing) = aside {
        let text = match pairing.code() {
            Some(code) => fill(pen.words.unpaired_code, &[("code", &code.user_code)]),
            None => pen.words.unpaired.to_owned(),
        };
        let used = pen.right(right, 0, &text, Role::Warn);
        right.width = right.width.saturating_sub(used + 2);
    }
    if !state.parked.is_empty() {
        let count = state.parked.len().to_string();
        let text = fill(pen.words.parked_count, &[("n", &count)]);
        let used = pen.right(right, 0, &text, Role::Warn);
        right.width = right.width.saturating_sub(used + 2);
    }
    let used = pen.put(right, 0, 1, NAME, Role::Accent) + 3;
    if let Some(merchant) = &state.merchant {
        pen.put(right, 0, used, merchant, Role::Text);
    }
}

/// The notice in rows of the screen's width. The locked screen says nothing about the sale.
fn notice_rows(pen: &Pen, width: u16, state: &State) -> Vec<String> {
    let Some(notice) = state.notice.as_ref().filter(|_| !state.is_locked()) else {
        return Vec::new();
    };
    let mut text = pen.view.lang.message(&notice.message, pen.view.settings);
    let number = notice.message == Message::NotAQuantity || notice.message.cause() == Cause::Amount;
    if number && let Some(amount) = refused(pen, state) {
        text = format!("{} {text}", fill(pen.words.refused_amount, &[("amount", &amount)]));
    }
    if !state.more_errors.is_empty() {
        let more = fill(pen.words.n_more, &[("n", &state.more_errors.len().to_string())]);
        text = format!("({more}) {text}");
    }
    pen.wrap(&text, width.saturating_sub(4))
}

/// The number or amount that was refused, as it may be shown.
fn refused(pen: &Pen, state: &State) -> Option<String> {
    let pieces = matches!(&state.notice, Some(Notice { message: Message::NotAQuantity, .. }));
    if state.entry.is_refused() {
        let text = shown(pen, state);
        let amount = parse_amount(&text, pen.view.settings.implied_cents).filter(|_| !pieces);
        return Some(amount.map_or(text, |amount| pen.money(amount)));
    }
    match &state.sale.step {
        Step::Tender(tender) => tender.given.map(|amount| pen.money(amount)),
        _ => None,
    }
}

/// The notice: errors begin with `!`.
pub(super) fn notice(pen: &mut Pen, area: Rect, state: &State) {
    let error = state.notice.as_ref().is_some_and(|notice| notice.level == Level::Error);
    let role = if error { Role::Error } else { Role::Accent };
    let rows = notice_rows(pen, area.width, state);
    let cut = rows.len() > usize::from(area.height);
    if error && !rows.is_empty() {
        pen.put(area, 0, 1, "!", role);
    }
    for (row, index) in rows.iter().zip(0..area.height) {
        let used = 3 + pen.put(area, index, 3, row, role);
        if cut && index + 1 == area.height {
            pen.put(area, index, used, "…", role);
        }
    }
}

/// The entry line: multiplier, what is typed, and a word about what is expected. Returns where the
/// cursor belongs.
pub(super) fn entry(pen: &mut Pen, area: Rect, state: &State) -> Option<Position> {
    let line = if area.height >= 3 {
        pen.panel(area, "", Role::Border);
        Rect { x: area.x + 1, y: area.y + 1, width: area.width.saturating_sub(2), height: 1 }
    } else {
        area
    };
    let prompt = if pen.ascii() { ">" } else { "›" };
    pen.put(line, 0, 1, prompt, Role::Accent);
    // A PIN is typed elsewhere, and shown nowhere.
    if state.is_locked() || state.asks_pin() {
        return None;
    }
    let mut col = 3;
    if let Some(multiplier) = state.entry.multiplier {
        let word = if multiplier.is_return { pen.words.returns } else { "" };
        let text = format!("{word} {} ×", multiplier.pieces);
        col += pen.put(line, 0, col, text.trim_start(), Role::Warn) + 1;
    }
    let typed = shown(pen, state);
    if typed.is_empty() {
        let hint = hint(pen, state);
        pen.put(line, 0, col, &hint, Role::Dim);
    }
    // Of a long entry the end is shown: that is where the cashier types.
    let room = usize::from(line.width.saturating_sub(col + 1));
    let typed = tail(&pen.plain(&typed), room);
    let reading = shape(&state.entry.text) == Shape::Raw;
    let role = match () {
        () if reading => Role::Dim,
        () if state.entry.is_refused() => Role::Warn,
        () => Role::Title,
    };
    let used = pen.put(line, 0, col, &typed, role);
    if state.entry.is_refused() {
        pen.put(line, 0, col + used + 1, pen.words.refused, Role::Warn);
    }
    let x = (line.x + col + used).min(line.right().saturating_sub(1));
    Some(Position { x, y: line.y })
}

/// What may be shown of the entry.
fn shown(pen: &Pen, state: &State) -> String {
    let text = &state.entry.text;
    if state.types_code() {
        let dot = if pen.ascii() { "*" } else { "•" };
        return dot.repeat(text.chars().count().min(CODE_DIGITS));
    }
    if shape(text) == Shape::Raw {
        return pen.words.reading.to_owned();
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    if !bank_cards(text).is_empty() {
        let dot = if pen.ascii() { "*" } else { "•" };
        return dot.repeat(digits.len());
    }
    let cards = &pen.view.settings.scan.cards;
    let like_a_card = digits.len() > 8
        && cards.iter().any(|card| !card.prefix.is_empty() && digits.starts_with(&card.prefix));
    if !like_a_card && digits.len() < 14 {
        return text.chars().filter(|c| !is_harmful(*c)).collect();
    }
    mask_card(&digits, pen.ascii())
}

/// The last characters of `text` that fit into `columns`.
fn tail(text: &str, columns: usize) -> String {
    let mut start = text.len();
    let mut used = 0;
    for (index, c) in text.char_indices().rev() {
        used += crate::text::width(c.encode_utf8(&mut [0; 4]));
        if used > columns {
            break;
        }
        start = index;
    }
    text.get(start..).unwrap_or_default().to_owned()
}

/// What the entry line is for right now.
fn hint(pen: &Pen, state: &State) -> String {
    let words = pen.words;
    let text = match (state.overlays.last(), &state.sale.step) {
        (Some(top), _) => top.prompt().map_or("", |label| legend::word(words, label)),
        (None, Step::Basket(_)) => words.ask_article,
        (None, Step::Tender(tender)) => match tender.method {
            StartMethod::Cash => words.ask_amount,
            StartMethod::Cashless => words.ask_exact,
            StartMethod::Loyalty => words.ask_card_pays,
        },
        (None, Step::Paying(_) | Step::Unknown(_)) => words.ask_nothing,
        (None, Step::Done(_)) => words.ask_next,
    };
    fill(text, &[("total", &pen.view.lang.key_of(Command::Total, &pen.view.settings.keymap))])
}
