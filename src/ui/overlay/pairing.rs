//! The pairing screen: the code big, the address as text and QR code, and how long there is.

use ratatui::layout::Rect;

use super::super::layout::columns;
use super::super::pen::Pen;
use super::super::theme::Role;
use super::super::{big, qr};
use super::page;
use crate::lang::fill;
use crate::text::width;
use crate::till::{Command, Key, Pairing, State, Step, Waiting};

/// Columns and rows of the content where there is room for all of it.
const SIZE: (u16, u16) = (78, 17);

/// Columns that the texts need beside a QR code.
const TEXTS: u16 = 38;

/// Below this many rows only what is needed to pair is shown.
const LOW: u16 = 12;

pub(super) fn draw(pen: &mut Pen, body: Rect, state: &State) {
    let inner = page(pen, body, pen.words.pairing, SIZE);
    let Some(pairing) = &state.pairing else { return };
    let words = pen.words;
    let lang = pen.view.lang;
    let mut sheet = Sheet { area: inner, row: 0 };
    match pairing {
        Pairing::Asking => sheet.text(pen, words.pairing_asking, Role::Accent),
        Pairing::Waiting(waiting) => {
            let texts = draw_code(pen, inner, waiting);
            sheet.area = texts;
            draw_waiting(pen, &mut sheet, state, waiting);
        }
        Pairing::Expired => sheet.text(pen, words.pairing_expired, Role::Warn),
        Pairing::Refused(error) => {
            let said = [&error.user, &error.details, &error.name];
            let why = said.into_iter().find(|text| !text.is_empty()).cloned().unwrap_or_default();
            let why = crate::text::fit(&why, 200, pen.ascii());
            sheet.text(pen, &fill(words.pairing_refused, &[("why", &why)]), Role::Error);
        }
        Pairing::Unheard(reason) => {
            let why = lang.reason(*reason);
            sheet.text(pen, &fill(words.pairing_unheard, &[("why", &why)]), Role::Warn);
        }
    }
    if pairing.is_over() {
        let key = lang.key(Key::Enter);
        sheet.gap();
        sheet.text(pen, &fill(words.pairing_retry, &[("key", &key)]), Role::Accent);
    }
    sheet.gap();
    // What must not be done is true behind this screen too.
    match state.sale.step {
        Step::Unknown(_) => sheet.text(pen, words.unknown, Role::Error),
        _ => sheet.hint(pen, words.pairing_meanwhile),
    }
    let key = lang.key_of(Command::Quit, &pen.view.settings.keymap);
    sheet.hint(pen, &fill(words.quit_hint, &[("key", &key)]));
}

/// The QR code at the right, if there is room; returns what is left for texts.
fn draw_code(pen: &mut Pen, inner: Rect, waiting: &Waiting) -> Rect {
    let link = waiting.code.link().filter(|_| !pen.ascii());
    let Some(rows) = link.and_then(qr::rows) else { return inner };
    let wide = rows.first().map_or(0, |row| u16::try_from(width(row)).unwrap_or(u16::MAX));
    let tall = u16::try_from(rows.len()).unwrap_or(u16::MAX);
    if tall > inner.height || wide.saturating_add(TEXTS) > inner.width {
        return inner;
    }
    let [texts, code] = columns(inner, inner.width - wide);
    for (row, index) in rows.iter().zip(0..) {
        pen.put(code, index, 0, row, Role::Code);
    }
    Rect { width: texts.width.saturating_sub(2), ..texts }
}

fn draw_waiting(pen: &mut Pen, sheet: &mut Sheet, state: &State, waiting: &Waiting) {
    let words = pen.words;
    let low = sheet.area.height < LOW;
    let code = &waiting.code;
    if !code.address.is_empty() {
        sheet.text(pen, words.pairing_enter, Role::Text);
        sheet.text(pen, &code.address, Role::Accent);
    }
    if low {
        sheet.text(pen, &code.user_code, Role::Title);
    } else {
        sheet.gap();
        let used = big::left(pen, sheet.rest(), &code.user_code, Role::Big);
        sheet.row += used + 1;
        if used == big::ROWS {
            // Big letters know no case.
            sheet.text(pen, &code.user_code, Role::Title);
            sheet.gap();
        }
    }
    let left = waiting.until.saturating_sub(state.now);
    let whole = waiting.until.saturating_sub(waiting.since).max(1);
    let wide = sheet.area.width;
    let filled = u16::try_from(u64::from(wide).saturating_mul(left).div_ceil(whole));
    let filled = filled.unwrap_or(wide).min(wide);
    let (full, empty) = if pen.ascii() { ("=", ".") } else { ("━", "─") };
    let row = sheet.row;
    pen.put(sheet.area, row, 0, &full.repeat(usize::from(filled)), Role::Accent);
    pen.put(sheet.area, row, filled, &empty.repeat(usize::from(wide - filled)), Role::Border);
    sheet.row += 1;
    let minutes = left / 60_000;
    let valid = if minutes == 0 { words.pairing_minute } else { words.pairing_minutes };
    sheet.text(pen, &fill(valid, &[("n", &minutes.to_string())]), Role::Dim);
    match waiting.trouble {
        Some((_, reason)) => {
            let why = pen.view.lang.reason(reason);
            sheet.text(pen, &fill(words.pairing_trouble, &[("why", &why)]), Role::Warn);
        }
        None => sheet.text(pen, words.pairing_waiting, Role::Dim),
    }
}

/// Texts from top to bottom.
struct Sheet {
    area: Rect,
    row: u16,
}

impl Sheet {
    fn gap(&mut self) {
        self.row += 1;
    }

    fn rest(&self) -> Rect {
        let used = self.row.min(self.area.height);
        Rect { y: self.area.y + used, height: self.area.height - used, ..self.area }
    }

    /// A text that is left out where it does not fit whole.
    fn hint(&mut self, pen: &mut Pen, text: &str) {
        if pen.wrap(text, self.area.width).len() <= usize::from(self.rest().height) {
            self.text(pen, text, Role::Dim);
        }
    }

    fn text(&mut self, pen: &mut Pen, text: &str, role: Role) {
        for row in pen.wrap(text, self.area.width) {
            pen.put(self.area, self.row, 0, &row, role);
            self.row += 1;
        }
    }
}
