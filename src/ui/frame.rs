//! What every screen has: header, notice, entry line, and the word where a terminal is too small.
//!
//! Owns the rows around the panels, the SANDBOX badge and the masking of what is typed. Must not
//! show a swipe, a scanned code with an identifier, or a card number in full.

use ratatui::layout::{Position, Rect};

use super::legend;
use super::panel::Panel;
use super::pen::Pen;
use super::theme::Role;
use crate::lang::fill;
use crate::money::parse_amount;
use crate::shop::{CODE_DIGITS, Shape, shape};
use crate::text::{bank_cards, is_harmful, mask_card};
use crate::till::{
    self, Access, Cause, Command, Key, Level, Message, Multiplier, Overlay, ServerKind, State, Step,
};
use crate::wire::StartMethod;

const BADGE: &str = " SANDBOX ";
const NAME: &str = "kasse";

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

/// What the header shows: program, shop, parked sales and the SANDBOX badge.
#[derive(Debug, PartialEq)]
pub(super) struct Header {
    /// From the right end to the left.
    right: Vec<(String, Role)>,
    merchant: Option<String>,
}

impl Header {
    pub(super) fn of(pen: &Pen, state: &State) -> Self {
        let words = pen.words;
        let mut right = Vec::new();
        if state.server == ServerKind::Sandbox {
            right.push((BADGE.to_owned(), Role::Badge));
        }
        let open = state.unresolved.len() + state.cancellations.len();
        if open > 0 {
            let text = if open == 1 { words.unresolved_one } else { words.unresolved_count };
            right.push((fill(text, &[("n", &open.to_string())]), Role::Error));
        }
        let aside = state.pairing.as_ref().filter(|_| !state.overlays.contains(&Overlay::Pairing));
        if let Some(pairing) = aside {
            let text = match pairing.code() {
                Some(code) => fill(words.unpaired_code, &[("code", &code.user_code)]),
                None => words.unpaired.to_owned(),
            };
            right.push((text, Role::Warn));
        }
        if !state.parked.is_empty() {
            let count = state.parked.len().to_string();
            right.push((fill(words.parked_count, &[("n", &count)]), Role::Warn));
        }
        Self { right, merchant: state.merchant.clone() }
    }
}

impl Panel for Header {
    fn draw(&self, pen: &mut Pen, area: Rect) {
        let mut left = area;
        for (text, role) in &self.right {
            let used = pen.right(left, 0, text, *role);
            left.width = left.width.saturating_sub(used + 2);
        }
        let used = pen.put(left, 0, 1, NAME, Role::Accent) + 3;
        if let Some(merchant) = &self.merchant {
            pen.put(left, 0, used, merchant, Role::Text);
        }
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
    let pieces = matches!(&state.notice, Some(till::Notice { message: Message::NotAQuantity, .. }));
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

/// What the notice shows: errors begin with `!`.
#[derive(Debug, PartialEq)]
pub(super) struct Notice {
    is_error: bool,
    /// As wide as the screen allows.
    rows: Vec<String>,
}

impl Notice {
    pub(super) fn of(pen: &Pen, state: &State, width: u16) -> Self {
        let is_error = state.notice.as_ref().is_some_and(|notice| notice.level == Level::Error);
        Self { is_error, rows: notice_rows(pen, width, state) }
    }

    /// How many rows it needs.
    pub(super) fn rows(&self) -> usize {
        self.rows.len()
    }
}

impl Panel for Notice {
    fn draw(&self, pen: &mut Pen, area: Rect) {
        let role = if self.is_error { Role::Error } else { Role::Accent };
        let cut = self.rows.len() > usize::from(area.height);
        if self.is_error && !self.rows.is_empty() {
            pen.put(area, 0, 1, "!", role);
        }
        for (row, index) in self.rows.iter().zip(0..area.height) {
            let used = 3 + pen.put(area, index, 3, row, role);
            if cut && index + 1 == area.height {
                pen.put(area, index, used, "…", role);
            }
        }
    }
}

/// What the entry line shows; `None`: only the prompt.
#[derive(Debug, PartialEq)]
pub(super) struct Entry(Option<Typed>);

/// Multiplier, what is typed, and a word about what is expected.
#[derive(Debug, PartialEq)]
struct Typed {
    multiplier: Option<Multiplier>,
    text: String,
    role: Role,
    is_refused: bool,
    /// Where nothing is typed.
    hint: String,
    /// What a number is before a quick key.
    price: Option<String>,
}

impl Entry {
    pub(super) fn of(pen: &Pen, state: &State) -> Self {
        // A PIN is typed elsewhere, and shown nowhere.
        if state.is_locked() || state.asks_pin() {
            return Self(None);
        }
        let text = shown(pen, state);
        let is_refused = state.entry.is_refused();
        let role = match () {
            () if shape(&state.entry.text) == Shape::Raw => Role::Dim,
            () if is_refused => Role::Warn,
            () => Role::Title,
        };
        let hint = if text.is_empty() { hint(pen, state) } else { String::new() };
        let price = price(pen, state);
        Self(Some(Typed {
            multiplier: state.entry.multiplier,
            text,
            role,
            is_refused,
            hint,
            price,
        }))
    }
}

impl Panel for Entry {
    fn draw(&self, pen: &mut Pen, area: Rect) {
        let line = if area.height >= 3 {
            pen.panel(area, "", Role::Border);
            Rect { x: area.x + 1, y: area.y + 1, width: area.width.saturating_sub(2), height: 1 }
        } else {
            area
        };
        let prompt = if pen.ascii() { ">" } else { "›" };
        pen.put(line, 0, 1, prompt, Role::Accent);
        let Some(typed) = &self.0 else { return };
        let mut col = 3;
        if let Some(multiplier) = typed.multiplier {
            let word = if multiplier.is_return { pen.words.returns } else { "" };
            let text = format!("{word} {} ×", multiplier.pieces);
            col += pen.put(line, 0, col, text.trim_start(), Role::Warn) + 1;
        }
        pen.put(line, 0, col, &typed.hint, Role::Dim);
        // Of a long entry the end is shown: that is where the cashier types.
        let room = usize::from(line.width.saturating_sub(col + 1));
        let text = tail(&pen.plain(&typed.text), room);
        let used = pen.put(line, 0, col, &text, typed.role);
        if let Some(price) = &typed.price {
            let rest = Rect { width: line.width.saturating_sub(1), ..line };
            pen.right(rest, 0, price, Role::Money);
        }
        if typed.is_refused {
            pen.put(line, 0, col + used + 1, pen.words.refused, Role::Warn);
        }
        let x = (line.x + col + used).min(line.right().saturating_sub(1));
        pen.told.cursor = Some(Position { x, y: line.y });
    }
}

/// The price that a number typed would be, where a quick key may take it as one.
fn price(pen: &Pen, state: &State) -> Option<String> {
    let settings = pen.view.settings;
    let text = &state.entry.text;
    let selling = matches!(state.sale.step, Step::Basket(_) | Step::Done(_));
    if settings.quick.is_empty() || !selling || !state.overlays.is_empty() || text.len() > 8 {
        return None;
    }
    let amount = parse_amount(text, settings.implied_cents)?;
    Some(fill(pen.words.as_price, &[("amount", &pen.money(amount))]))
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
