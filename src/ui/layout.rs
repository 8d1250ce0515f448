//! Where the parts of the screen are.
//!
//! Owns the choice of parts for a state and a size, and their areas. Must not draw. The areas of
//! panels do not overlap; what lies over the panels comes behind them and has the whole body.

use ratatui::layout::Rect;

use crate::till::{MissingEnd, Overlay, State, Step};

/// A part of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Header,
    Basket,
    /// The quick keys, beside the basket.
    Quick,
    Tender,
    Paying,
    Unknown,
    Ident,
    /// The card in one row.
    IdentLine,
    Status,
    /// The status in one row.
    StatusLine,
    /// What was paid, of a finished sale.
    Paid,
    Receipt,
    /// What lies over the panels.
    Cover,
    Notice,
    Entry,
    Legend,
}

/// What lies over the panels.
#[derive(Debug, Clone, Copy)]
pub(super) enum Cover<'a> {
    /// Nothing of the sale is drawn below it.
    Lock(&'a Overlay),
    Overlay(&'a Overlay),
    MissingEnd(&'a MissingEnd),
}

impl<'a> Cover<'a> {
    pub(super) fn of(state: &'a State) -> Option<Self> {
        if let Some(lock) = state.overlays.iter().find(|overlay| overlay.is_lock()) {
            return Some(Self::Lock(lock));
        }
        match (state.overlays.last(), &state.missing_end) {
            (Some(top), _) if state.asks_pin() => Some(Self::Overlay(top)),
            (_, Some(missing)) => Some(Self::MissingEnd(missing)),
            (Some(top), None) => Some(Self::Overlay(top)),
            (None, None) => None,
        }
    }
}

/// From this width on, quick keys are shown beside the basket.
const WIDE: u16 = 120;

/// All parts with their areas in the order of drawing. `notice` is the rows that the notice needs,
/// `quick` says that there are quick keys.
pub(super) fn parts(screen: Rect, state: &State, notice: usize, quick: bool) -> Vec<(Part, Rect)> {
    let roomy = screen.height >= 20;
    let entry = if screen.height >= 32 { 3 } else { 1 };
    let legend = if roomy { 2 } else { 1 };
    let notice = u16::try_from(notice).unwrap_or(1).clamp(if roomy { 2 } else { 1 }, 4);
    // A long message takes rows of the panels: it says what is safe and what to press.
    let rows = screen.height.saturating_sub(1 + notice + entry + legend);
    let [header, below] = split(screen, 1);
    let [body, below] = split(below, rows);
    let [entry, below] = split(below, entry);
    let [notice, legend] = split(below, notice);
    let mut parts = vec![(Part::Header, header)];
    let cover = Cover::of(state);
    if !matches!(cover, Some(Cover::Lock(_))) {
        panels(body, &state.sale.step, quick, &mut parts);
    }
    if cover.is_some() {
        parts.push((Part::Cover, body));
    }
    parts.extend([(Part::Notice, notice), (Part::Entry, entry), (Part::Legend, legend)]);
    parts
}

/// The panels between header and entry line.
fn panels(area: Rect, step: &Step, quick: bool, parts: &mut Vec<(Part, Rect)>) {
    let is_done = matches!(step, Step::Done(_));
    if area.width < 56 || area.height < 11 {
        // One panel, ident and status on one line each.
        let [panel, lines] = split(area, area.height.saturating_sub(2));
        if is_done {
            parts.push((Part::Paid, panel));
        } else {
            step_panels(panel, step, parts);
        }
        let [ident, status] = split(lines, 1);
        parts.extend([(Part::IdentLine, ident), (Part::StatusLine, status)]);
        return;
    }
    let status = match area.height {
        28.. => 10,
        16.. => 7,
        _ => 6,
    };
    if is_done {
        let beside = match area.width {
            100.. => 48,
            76.. => 42,
            _ => 30,
        };
        let [left, right] = columns(area, area.width - beside);
        let [upper, lower] = split(left, area.height.saturating_sub(status));
        if area.height >= 28 {
            let [paid, ident] = split(upper, upper.height.saturating_sub(11));
            parts.extend([(Part::Paid, paid), (Part::Ident, ident)]);
        } else {
            parts.push((Part::Paid, upper));
        }
        parts.extend([(Part::Status, lower), (Part::Receipt, right)]);
        return;
    }
    let side = match area.width {
        110.. => 44,
        76.. => 36,
        _ => 29,
    };
    let [mut left, right] = columns(area, area.width - side);
    let [upper, lower] = split(right, right.height - status);
    if quick && area.width >= WIDE && matches!(step, Step::Basket(_)) {
        // The basket keeps what it has on a narrow screen, about.
        let beside;
        [left, beside] = columns(left, left.width - left.width * 9 / 20);
        parts.push((Part::Quick, beside));
    }
    step_panels(left, step, parts);
    parts.extend([(Part::Ident, upper), (Part::Status, lower)]);
}

/// The panel of the step at hand; where there is room, the basket stays above it.
fn step_panels(area: Rect, step: &Step, parts: &mut Vec<(Part, Rect)>) {
    let part = match step {
        Step::Basket(_) | Step::Done(_) => return parts.push((Part::Basket, area)),
        Step::Tender(_) => Part::Tender,
        Step::Paying(_) => Part::Paying,
        Step::Unknown(_) => Part::Unknown,
    };
    if area.height >= 28 {
        let [upper, lower] = split(area, area.height - 18);
        parts.extend([(Part::Basket, upper), (part, lower)]);
    } else {
        parts.push((part, area));
    }
}

/// Cuts `area` after `rows`.
pub(super) fn split(area: Rect, rows: u16) -> [Rect; 2] {
    let rows = rows.min(area.height);
    [Rect { height: rows, ..area }, Rect { y: area.y + rows, height: area.height - rows, ..area }]
}

/// Cuts `area` after `width` columns.
pub(super) fn columns(area: Rect, width: u16) -> [Rect; 2] {
    let width = width.min(area.width);
    [Rect { width, ..area }, Rect { x: area.x + width, width: area.width - width, ..area }]
}
