//! The console: draws the till's state.
//!
//! Owns panels, layout and themes. Drawing is a pure function of state and view: it must not
//! change or decide anything, wait, read a clock or do input or output. It knows till, shop,
//! lang, receipt, money, text and wire, and nothing of client, journal or terminal modes.

mod basket;
mod big;
mod done;
mod frame;
mod ident;
mod keys;
mod legend;
mod overlay;
mod payment;
mod pen;
mod qr;
mod rows;
mod status;
mod theme;
mod unknown;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};

use crate::lang::Lang;
use crate::receipt::Profile;
use crate::till::{Seen, Settings, State, Step};
pub use keys::keys_table;
use pen::Pen;
pub use theme::Theme;

/// The smallest terminal in which the till can be used, columns and rows.
pub const SMALLEST: (u16, u16) = (40, 12);

/// Rows of a list that is loaded bit by bit: its window keeps its size.
const PAGE_ROWS: usize = 20;

/// What drawing needs besides the state.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// Keys, catalogue, currency.
    pub settings: &'a Settings,
    /// Language of the screen.
    pub lang: Lang,
    /// Colours; says too whether only ASCII may be shown.
    pub theme: &'a Theme,
    /// What the receipt on the screen carries.
    pub profile: &'a Profile,
}

/// Draws `state` and puts the terminal's cursor where the cashier types; it stays hidden on the
/// locked screen and where the terminal is too small. Returns what can be seen of the till then.
pub fn draw(frame: &mut Frame, state: &State, view: &View) -> Seen {
    let Painted { cursor, seen } = paint(frame.buffer_mut(), state, view);
    if let Some(cursor) = cursor {
        frame.set_cursor_position(cursor);
    }
    seen
}

/// Writes `text` over the last row, as much of it as there is room for.
pub fn bar(frame: &mut Frame, text: &str) {
    let Rect { width, height, .. } = frame.area();
    let Some(row) = height.checked_sub(1) else { return };
    let text = crate::text::fit(text, width.into(), false);
    let wide = usize::from(width);
    let style = Style::new().add_modifier(Modifier::REVERSED);
    frame.buffer_mut().set_stringn(0, row, format!("{text:wide$}"), wide, style);
}

/// What [`paint`] has drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Painted {
    /// Where the cursor belongs; `None`: it is hidden.
    pub cursor: Option<Position>,
    /// What can be seen of the till.
    pub seen: Seen,
}

/// Draws `state` into a buffer of any size.
pub fn paint(buf: &mut Buffer, state: &State, view: &View) -> Painted {
    let screen = buf.area;
    let mut pen = Pen::new(buf, view);
    pen.clear(screen);
    if screen.width < SMALLEST.0 || screen.height < SMALLEST.1 {
        frame::too_small(&mut pen, screen, state);
        return Painted { cursor: None, seen: Seen::TooSmall };
    }
    let lock = state.overlays.iter().find(|overlay| overlay.is_lock());
    let areas = frame::Areas::of(&pen, screen, state);
    frame::header(&mut pen, areas.header, state);
    let mut due = false;
    if let Some(lock) = lock {
        overlay::draw(&mut pen, areas.body, state, lock);
    } else {
        due = body(&mut pen, areas.body, state);
        match (state.overlays.last(), &state.missing_end) {
            (Some(top), _) if state.asks_pin() => overlay::draw(&mut pen, areas.body, state, top),
            (_, Some(missing)) => overlay::draw_missing_end(&mut pen, areas.body, missing),
            (Some(top), None) => overlay::draw(&mut pen, areas.body, state, top),
            (None, None) => {}
        }
    }
    frame::notice(&mut pen, areas.notice, state);
    let cursor = frame::entry(&mut pen, areas.entry, state);
    legend::draw(&mut pen, areas.legend, state);
    let seen = if due && state.overlays.is_empty() { Seen::Due } else { Seen::Panels };
    Painted { cursor, seen }
}

/// What can be seen of `state` on a terminal of this size.
#[must_use]
pub fn seen(state: &State, view: &View, width: u16, height: u16) -> Seen {
    paint(&mut Buffer::empty(Rect::new(0, 0, width, height)), state, view).seen
}

/// The screen as rows of text without styles, trailing spaces cut: for documents and logs of tests.
#[must_use]
pub fn as_text(state: &State, view: &View, width: u16, height: u16) -> String {
    let mut buf = Buffer::empty(Rect::new(0, 0, width, height));
    paint(&mut buf, state, view);
    let mut out = String::new();
    for y in 0..height {
        let mut line = String::new();
        let mut covered = 0;
        for x in 0..width {
            let Some(cell) = buf.cell((x, y)) else { continue };
            // A wide character covers the cell after it.
            if covered > 0 {
                covered -= 1;
                continue;
            }
            covered = crate::text::width(cell.symbol()).saturating_sub(1);
            line.push_str(cell.symbol());
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// The panels between header and notice. True if the whole amount due of the tender step is there.
fn body(pen: &mut Pen, area: Rect, state: &State) -> bool {
    if area.width < 56 || area.height < 11 {
        return small(pen, area, state);
    }
    if let Step::Done(finished) = &state.sale.step {
        done::draw(pen, area, state, finished);
        return false;
    }
    let side = match area.width {
        110.. => 44,
        76.. => 36,
        _ => 29,
    };
    let status = match area.height {
        28.. => 10,
        16.. => 7,
        _ => 6,
    };
    let [left, right] = columns(area, area.width - side);
    let [upper, lower] = split(right, right.height - status);
    let due = step(pen, left, state);
    ident::draw(pen, upper, state);
    status::draw(pen, lower, state);
    due
}

/// The panel of the step at hand; where there is room, the basket stays above it. True as in
/// [`body`].
fn step(pen: &mut Pen, area: Rect, state: &State) -> bool {
    let (upper, lower) = if area.height >= 28 {
        let [upper, lower] = split(area, area.height - 18);
        (Some(upper), lower)
    } else {
        (None, area)
    };
    let mut due = false;
    match &state.sale.step {
        Step::Basket(_) | Step::Done(_) => {
            basket::draw(pen, area, state);
            return false;
        }
        Step::Tender(tender) => due = payment::tender(pen, lower, state, tender),
        Step::Paying(paying) => payment::paying(pen, lower, state, paying),
        Step::Unknown(inquiry) => unknown::draw(pen, lower, state, inquiry),
    }
    if let Some(upper) = upper {
        basket::draw(pen, upper, state);
    }
    due
}

/// Small terminals: one panel, ident and status on one line each. True as in [`body`].
fn small(pen: &mut Pen, area: Rect, state: &State) -> bool {
    let [panel, lines] = split(area, area.height.saturating_sub(2));
    let mut due = false;
    match &state.sale.step {
        Step::Done(finished) => done::paid(pen, panel, finished),
        _ => due = step(pen, panel, state),
    }
    ident::line(pen, lines, 0, state);
    status::line(pen, lines, 1, state);
    due
}

/// Cuts `area` after `rows`.
fn split(area: Rect, rows: u16) -> [Rect; 2] {
    let rows = rows.min(area.height);
    [Rect { height: rows, ..area }, Rect { y: area.y + rows, height: area.height - rows, ..area }]
}

/// Cuts `area` after `width` columns.
fn columns(area: Rect, width: u16) -> [Rect; 2] {
    let width = width.min(area.width);
    [Rect { width, ..area }, Rect { x: area.x + width, width: area.width - width, ..area }]
}
