//! The kept drawing of the screen: each frame draws only the panels that show something else.
//!
//! Owns the cells and, for every part of the screen, the value that it shows. A panel's drawing gets
//! nothing but that value: it cannot depend on what it does not declare. What lies over the panels
//! declares nothing; while it is there, it and the panels below it are drawn in every frame.
//!
//! Must not know the terminal: [`Picture::changed`] says where cells may differ from the frame
//! before.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::basket::Basket;
use super::done::{Paid, Receipt};
use super::frame::{self, Entry, Header, Notice};
use super::ident::{Ident, IdentLine};
use super::layout::{self, Cover, Part};
use super::legend::Legend;
use super::panel::Panel;
use super::payment::{ToPay, Wait};
use super::pen::{Pen, Told};
use super::quick::QuickKeys;
use super::status::{Status, StatusLine};
use super::unknown::Unknown;
use super::{Painted, SMALLEST, View, overlay};
use crate::till::{Seen, State};

/// A part as it was drawn last, and what that told; `None`: not drawn, or drawn over.
#[derive(Debug)]
struct Slot<P: Panel>(Option<(P, Told)>);

impl<P: Panel> Default for Slot<P> {
    fn default() -> Self {
        Self(None)
    }
}

/// The parts as they were drawn last, in the areas of [`Picture::parts`].
#[derive(Debug, Default)]
struct Slots {
    header: Slot<Header>,
    notice: Slot<Notice>,
    entry: Slot<Entry>,
    legend: Slot<Legend>,
    body: Body,
}

/// The panels that something may lie over.
#[derive(Debug, Default)]
struct Body {
    basket: Slot<Basket>,
    quick: Slot<QuickKeys>,
    tender: Slot<ToPay>,
    paying: Slot<Wait>,
    unknown: Slot<Unknown>,
    ident: Slot<Ident>,
    ident_line: Slot<IdentLine>,
    status: Slot<Status>,
    status_line: Slot<StatusLine>,
    paid: Slot<Paid>,
    receipt: Slot<Receipt>,
}

/// The screen as it is to be. It is drawn with one and the same view for as long as it lives.
#[derive(Debug)]
pub struct Picture {
    cells: Buffer,
    parts: Vec<(Part, Rect)>,
    slots: Slots,
    changed: Vec<Rect>,
}

impl Picture {
    /// A picture of `width` columns and `height` rows with nothing in it.
    #[must_use]
    pub fn new(width: u16, height: u16) -> Self {
        Self::over(Buffer::empty(Rect::new(0, 0, width, height)))
    }

    /// A picture that is drawn anew over `cells`.
    pub(super) fn over(cells: Buffer) -> Self {
        Self { cells, parts: Vec::new(), slots: Slots::default(), changed: Vec::new() }
    }

    /// The cells as last drawn.
    #[must_use]
    pub const fn cells(&self) -> &Buffer {
        &self.cells
    }

    pub(super) fn into_cells(self) -> Buffer {
        self.cells
    }

    /// Where the last frame may have changed cells; no cell outside of these areas has changed.
    #[must_use]
    pub fn changed(&self) -> &[Rect] {
        &self.changed
    }

    /// Brings the picture up to `state`. `view` is the same in every frame.
    ///
    /// In debug builds the whole screen is drawn as well, and must be the same.
    pub fn draw(&mut self, state: &State, view: &View) -> Painted {
        #[cfg(debug_assertions)]
        let before = self.cells.clone();
        let painted = self.update(state, view);
        #[cfg(debug_assertions)]
        self.check(&before, painted, state, view);
        painted
    }

    /// The cells as rows of text without styles, trailing spaces cut.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        for row in self.cells.area.rows() {
            let mut line = String::new();
            let mut covered = 0;
            for cell in row.positions().filter_map(|at| self.cells.cell(at)) {
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

    /// Writes `text` over the last row, as much of it as there is room for. To be called in every
    /// frame that has it, after [`Self::draw`].
    pub fn bar(&mut self, text: &str) {
        let Rect { width, height, .. } = self.cells.area;
        let Some(row) = height.checked_sub(1) else { return };
        let text = crate::text::fit(text, width.into(), false);
        let wide = usize::from(width);
        let style = Style::new().add_modifier(Modifier::REVERSED);
        self.cells.set_stringn(0, row, format!("{text:wide$}"), wide, style);
        // The legend is below it.
        self.slots.legend.0 = None;
        self.changed.push(Rect::new(0, row, width, 1));
    }

    /// [`Self::draw`] without the comparison of debug builds.
    pub(super) fn update(&mut self, state: &State, view: &View) -> Painted {
        let screen = self.cells.area;
        self.changed.clear();
        let mut pen = Pen::new(&mut self.cells, view);
        if screen.width < SMALLEST.0 || screen.height < SMALLEST.1 {
            pen.clear(screen);
            frame::too_small(&mut pen, screen, state);
            self.changed.push(screen);
            return Painted { cursor: None, seen: Seen::TooSmall };
        }
        let notice = Notice::of(&pen, state, screen.width);
        let parts = layout::parts(screen, state, notice.rows(), !view.settings.quick.is_empty());
        let mut canvas = Canvas { pen, changed: &mut self.changed, told: Told::default() };
        if parts != self.parts {
            self.slots = Slots::default();
            self.parts = parts;
            canvas.clear(screen, vec![screen]);
        }
        let Slots { header, notice: notices, entry, legend, body } = &mut self.slots;
        if let Some((_, covered)) = self.parts.iter().find(|(part, _)| *part == Part::Cover) {
            *body = Body::default();
            canvas.clear(*covered, vec![*covered]);
        }
        let mut notice = Some(notice);
        for &(part, area) in &self.parts {
            let pen = &canvas.pen;
            match part {
                Part::Header => canvas.show(header, area, Header::of(pen, state)),
                Part::Basket => canvas.show(&mut body.basket, area, Basket::of(state, area)),
                Part::Quick => canvas.show(&mut body.quick, area, QuickKeys),
                Part::Tender => canvas.show(&mut body.tender, area, ToPay::of(pen, state)),
                Part::Paying => canvas.show(&mut body.paying, area, Wait::of(pen, state)),
                Part::Unknown => {
                    canvas.show(&mut body.unknown, area, Unknown::of(pen, state, area));
                }
                Part::Ident => canvas.show(&mut body.ident, area, Ident::of(pen, state, area)),
                Part::IdentLine => {
                    canvas.show(&mut body.ident_line, area, IdentLine::of(pen, state));
                }
                Part::Status => canvas.show(&mut body.status, area, Status::of(pen, state, area)),
                Part::StatusLine => {
                    canvas.show(&mut body.status_line, area, StatusLine::of(pen, state));
                }
                Part::Paid => canvas.show(&mut body.paid, area, Paid::of(pen, state)),
                Part::Receipt => {
                    canvas.show(&mut body.receipt, area, Receipt::of(pen, state, area));
                }
                Part::Cover => cover(canvas.pen.within(area), area, state),
                Part::Notice => canvas.show(notices, area, notice.take()),
                Part::Entry => canvas.show(entry, area, Entry::of(pen, state)),
                Part::Legend => canvas.show(legend, area, Legend::of(pen, state, area)),
            }
        }
        let Told { cursor, is_due_shown } = canvas.told;
        let is_due = is_due_shown && state.overlays.is_empty();
        Painted { cursor, seen: if is_due { Seen::Due } else { Seen::Panels } }
    }

    /// Draws everything anew beside the kept cells, and compares; `before` are those of the frame
    /// before.
    ///
    /// # Panics
    /// When they differ: a panel does not declare all that it shows, or draws outside of its area.
    #[cfg(debug_assertions)]
    fn check(&self, before: &Buffer, painted: Painted, state: &State, view: &View) {
        let mut anew = Self::over(Buffer::empty(self.cells.area));
        assert_eq!(
            anew.update(state, view),
            painted,
            "a panel told something else when drawn anew"
        );
        let is_kept = |at| !self.changed.iter().any(|area| area.contains(at));
        let wrong = self.cells.area.positions().find(|&at| {
            let cell = self.cells.cell(at);
            cell != anew.cells.cell(at) || is_kept(at) && cell != before.cell(at)
        });
        let Some(at) = wrong else { return };
        let here: Vec<_> = self.parts.iter().filter(|(_, area)| area.contains(at)).collect();
        let (cell, anew) = (self.cells.cell(at), anew.cells.cell(at));
        assert_eq!(cell, anew, "kept, and drawn anew: {at} of {here:?}");
        assert!(!is_kept(at), "changed, and not said so: {at} of {here:?}");
    }
}

/// Draws what lies over the panels.
fn cover(pen: &mut Pen, area: Rect, state: &State) {
    match Cover::of(state) {
        Some(Cover::Lock(top) | Cover::Overlay(top)) => overlay::draw(pen, area, state, top),
        Some(Cover::MissingEnd(missing)) => overlay::draw_missing_end(pen, area, missing),
        None => {}
    }
}

/// The cells being drawn to.
struct Canvas<'a, 'p> {
    pen: Pen<'p>,
    changed: &'a mut Vec<Rect>,
    /// By all parts together.
    told: Told,
}

impl Canvas<'_, '_> {
    /// Draws `panel`, unless it is what `slot` shows already.
    fn show<P: Panel>(&mut self, slot: &mut Slot<P>, area: Rect, panel: impl Into<Option<P>>) {
        let Some(panel) = panel.into() else { return };
        let told = match slot.0.take() {
            Some((shown, told)) if shown == panel => told,
            _ => {
                self.clear(area, P::pieces(area));
                let pen = self.pen.within(area);
                panel.draw(pen, area);
                std::mem::take(&mut pen.told)
            }
        };
        slot.0 = Some((panel, told));
        self.told.cursor = self.told.cursor.or(told.cursor);
        self.told.is_due_shown |= told.is_due_shown;
    }

    /// Clears `area`; its `pieces` cover it.
    fn clear(&mut self, area: Rect, pieces: Vec<Rect>) {
        self.pen.within(area).clear(area);
        if !self.changed.iter().any(|whole| whole.intersection(area) == area) {
            self.changed.extend(pieces);
        }
    }
}
