//! Frames on their way to the terminal: one write each, nothing where nothing changed.
//!
//! Owns what is known of the terminal (its cells, cursor and style), so that it is told only what
//! it does not show. Must not decide what is drawn, and never asks the terminal anything: over
//! slow lines the answers would arrive as keys.

use std::io::{self, Write};

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect, Size};

use super::sgr::Pen;
use crate::charset::Charset;
use crate::text::width;

/// Begins and ends a synchronised update: the terminal shows all of a frame or nothing of it.
const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";

/// The terminal's screen: collects a frame and writes it in one piece.
#[derive(Debug)]
pub struct Screen<W: Write> {
    out: W,
    /// What the terminal shows.
    shown: Buffer,
    /// False: it is not known what the terminal shows; it is cleared before the next frame.
    known: bool,
    /// The frame so far; begins with [`BEGIN`] once there is anything in it.
    frame: Vec<u8>,
    /// Where the cursor is. `None`: not known.
    cursor: Option<Cursor>,
    /// Whether it is shown. `None`: not known.
    visible: Option<bool>,
    /// The style in use. `None`: not known. It outlives the frame.
    pen: Option<Pen>,
    /// Whether the terminal erases characters in place.
    erases: bool,
    charset: Charset,
    written: u64,
}

/// Blank cells side by side that look like nothing at all.
#[derive(Debug, Clone, Copy)]
struct Blanks {
    at: Position,
    count: u16,
}

impl Blanks {
    /// The first column behind them.
    const fn end(self) -> u16 {
        self.at.x.saturating_add(self.count)
    }
}

/// More blanks than this are shorter erased than printed: a sequence for it, and often one more
/// to move on.
const FEW_BLANKS: u16 = 9;

/// Printing this many cells again is as short as moving on.
const SHORT_GAP: u16 = 4;

/// More blanks than this are shorter erased at the end of a row.
const TO_THE_END: u16 = 3;

/// Whether a terminal of this name (`$TERM`) knows `ECH`, which erases characters in place: all
/// since the VT220 do.
#[must_use]
pub fn erases(term: &str) -> bool {
    !["", "dumb", "ansi", "vt52"].contains(&term) && !term.starts_with("vt1")
}

#[derive(Debug, Clone, Copy)]
struct Cursor {
    at: Position,
    /// False after characters that some terminals show wider than others.
    exact: bool,
}

impl<W: Write> Screen<W> {
    /// A screen of `size` columns and rows that shows nothing; its cursor and style are not known.
    pub fn new(out: W, size: Size) -> Self {
        Self {
            out,
            shown: Buffer::empty(Rect::from((Position::ORIGIN, size))),
            known: true,
            frame: Vec::new(),
            cursor: None,
            visible: None,
            pen: None,
            erases: false,
            charset: Charset::Utf8,
            written: 0,
        }
    }

    /// The same for a terminal that erases characters in place, see [`erases`].
    #[must_use]
    pub fn erasing(self, erases: bool) -> Self {
        Self { erases, ..self }
    }

    /// The same for a terminal of this charset; what it lacks comes as `?`.
    #[must_use]
    pub fn writing(self, charset: Charset) -> Self {
        Self { charset, ..self }
    }

    /// Another program wrote to the terminal: nothing is known of its state any more. The next frame
    /// clears it and is drawn in full.
    pub fn forget(&mut self) {
        self.known = false;
        self.cursor = None;
        self.visible = None;
        self.pen = None;
    }

    /// Shows `cells` and the cursor at `cursor` (`None`: hidden) in one write; without a change in
    /// none. Only the areas in `changed` are compared with what the terminal shows: elsewhere
    /// `cells` are those of the frame before. Other cells than before in number, or after
    /// [`Self::forget`], all are drawn.
    ///
    /// # Errors
    /// The terminal cannot be written.
    pub fn show(
        &mut self,
        cells: &Buffer,
        changed: &[Rect],
        cursor: Option<Position>,
    ) -> io::Result<()> {
        if self.known && self.shown.area == cells.area {
            for area in changed {
                self.draw(cells, area.intersection(cells.area));
            }
        } else {
            self.clear(cells.area);
            self.draw(cells, cells.area);
        }
        self.set_visible(cursor.is_some());
        if let Some(cursor) = cursor {
            self.go(cursor, true);
        }
        self.write()
    }

    /// Rings the bell at once: one byte, outside of any frame.
    ///
    /// # Errors
    /// The terminal cannot be written.
    pub fn bell(&mut self) -> io::Result<()> {
        self.written += 1;
        self.out.write_all(b"\x07")?;
        self.out.flush()
    }

    /// Bytes written so far, bells included.
    #[must_use]
    pub const fn written(&self) -> u64 {
        self.written
    }

    /// Where the bytes go.
    pub const fn output(&self) -> &W {
        &self.out
    }

    /// Draws the cells of `area` that the terminal does not show.
    fn draw(&mut self, cells: &Buffer, area: Rect) {
        for y in area.top()..area.bottom() {
            self.draw_row(cells, y, area.left(), area.right());
        }
    }

    /// Draws the cells of row `y` from column `from` up to `to`.
    fn draw_row(&mut self, cells: &Buffer, y: u16, from: u16, to: u16) {
        let start = cells.index_of(from, y);
        let row = start..start + usize::from(to - from);
        let shown = self.shown.content.get(row.clone());
        let Some(row) = cells.content.get(row).filter(|row| shown != Some(*row)) else { return };
        let mut blanks: Option<Blanks> = None;
        // Columns before this one are drawn though they are the same: a wide character that was
        // seen on them in another style is gone.
        let mut stale = from;
        let mut x = from;
        while let Some(cell) = row.get(usize::from(x - from)).filter(|_| x < to) {
            let wide = columns(cell.symbol());
            let Some(shown) = self.shown.cell((x, y)) else { return };
            let same = shown == cell && x >= stale;
            if !same {
                let before = columns(shown.symbol());
                if before > wide && !Pen::from(shown).leaves_blanks_blank() {
                    stale = x.saturating_add(before);
                }
                let blank = is_blank(cell);
                match blanks {
                    Some(run) if blank && self.goes_on(run, x) => {
                        blanks = Some(Blanks { count: x.saturating_sub(run.at.x) + 1, ..run });
                    }
                    run => {
                        if let Some(run) = run {
                            self.blank(run);
                        }
                        blanks = blank.then_some(Blanks { at: Position { x, y }, count: 1 });
                        if !blank {
                            self.go(Position { x, y }, false);
                            self.style(Pen::from(cell));
                            self.print(cell.symbol());
                        }
                    }
                }
            }
            for covered in x..x.saturating_add(wide).min(to) {
                if let (Some(known), Some(cell)) =
                    (self.shown.cell_mut((covered, y)), row.get(usize::from(covered - from)))
                {
                    known.clone_from(cell);
                }
            }
            x = x.saturating_add(wide);
        }
        if let Some(run) = blanks {
            self.blank(run);
        }
    }

    fn put(&mut self, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        if self.frame.is_empty() {
            self.frame.extend_from_slice(BEGIN);
        }
        self.frame.extend_from_slice(bytes);
    }

    /// Moves the cursor to where it must be; `exactly` if a wrong column would be seen.
    fn go(&mut self, to: Position, exactly: bool) {
        let (row, column) = (u32::from(to.y) + 1, u32::from(to.x) + 1);
        let sequence = match self.cursor {
            Some(Cursor { at, exact }) if at == to && (exact || !exactly) => return,
            Some(Cursor { at, exact }) if at.y == to.y => {
                let gap = if exact { self.gap(at, to) } else { None };
                gap.unwrap_or_else(|| format!("\u{1b}[{column}G"))
            }
            _ if column == 1 => format!("\u{1b}[{row}H"),
            _ => format!("\u{1b}[{row};{column}H"),
        };
        self.put(sequence.as_bytes());
        self.cursor = Some(Cursor { at: to, exact: true });
    }

    /// What stands between two places in one row, if the terminal can print it again with the
    /// style in use and that is as short as moving on.
    fn gap(&self, from: Position, to: Position) -> Option<String> {
        let pen = self.pen?;
        let count = to.x.checked_sub(from.x).filter(|count| *count <= SHORT_GAP)?;
        let cell = |x: u16| self.shown.cell((x, to.y));
        // The other half of a wide character must stay.
        let is_half =
            from.x.checked_sub(1).and_then(cell).is_some_and(|cell| columns(cell.symbol()) > 1);
        if from.y != to.y || is_half {
            return None;
        }
        (from.x..from.x + count)
            .map(|x| {
                let cell = cell(x)?;
                let fits = Pen::from(cell) == pen || is_blank(cell) && pen.leaves_blanks_blank();
                (fits && cell.symbol().len() == 1).then_some(cell.symbol())
            })
            .collect()
    }

    fn style(&mut self, pen: Pen) {
        let sequence = pen.since(self.pen);
        self.put(sequence.as_bytes());
        self.pen = Some(pen);
    }

    fn print(&mut self, symbol: &str) {
        // Panels draw sanitised text only; this is the last line of defence.
        let symbol = if symbol.chars().any(char::is_control) { " " } else { symbol };
        if self.charset == Charset::Utf8 || symbol.is_ascii() {
            self.put(symbol.as_bytes());
        } else {
            let mut bytes = Vec::new();
            self.charset.write(symbol, &mut bytes);
            self.put(&bytes);
        }
        // In the last column terminals differ in where the cursor is now; after wide characters
        // in how far it went.
        self.cursor = self.cursor.filter(|_| columns(symbol) == 1).and_then(|cursor| {
            let x = cursor.at.x.saturating_add(1);
            (x < self.shown.area.width).then_some(Cursor {
                at: Position { x, ..cursor.at },
                exact: cursor.exact && symbol.is_ascii(),
            })
        });
    }

    /// Whether a blank in column `x` of the same row goes on with `run`: nothing but blanks lies
    /// between them.
    fn goes_on(&self, run: Blanks, x: u16) -> bool {
        let mut between = (run.end()..x).map(|x| self.shown.cell((x, run.at.y)));
        (self.erases || x.saturating_sub(run.end()) <= SHORT_GAP)
            && between.all(|cell| cell.is_some_and(is_blank))
    }

    /// Puts blanks on the screen: erased where that is shorter.
    fn blank(&mut self, run: Blanks) {
        let Blanks { at, count } = run;
        self.go(at, false);
        if !self.pen.is_some_and(Pen::leaves_blanks_blank) {
            self.style(Pen::default());
        }
        // The cursor stays where it is.
        if self.erases && run.end() >= self.shown.area.width && count > TO_THE_END {
            self.put(b"\x1b[K");
        } else if self.erases && count > FEW_BLANKS {
            self.put(format!("\u{1b}[{count}X").as_bytes());
        } else {
            for _ in 0..count {
                self.print(" ");
            }
        }
    }

    fn set_visible(&mut self, visible: bool) {
        if self.visible != Some(visible) {
            self.put(if visible { b"\x1b[?25h" } else { b"\x1b[?25l" });
            self.visible = Some(visible);
        }
    }

    /// Clears the terminal, which has `area` cells.
    fn clear(&mut self, area: Rect) {
        // Terminals clear with the background in use.
        self.style(Pen::default());
        self.put(b"\x1b[2J");
        self.shown = Buffer::empty(area);
        self.known = true;
        self.cursor = None;
    }

    /// Writes the frame, if there is anything in it.
    fn write(&mut self) -> io::Result<()> {
        if self.frame.is_empty() {
            return Ok(());
        }
        self.frame.extend_from_slice(END);
        self.written += u64::try_from(self.frame.len()).unwrap_or_default();
        let result = self.out.write_all(&self.frame).and_then(|()| self.out.flush());
        self.frame.clear();
        result
    }
}

/// Columns that a cell's symbol takes, at least one.
fn columns(symbol: &str) -> u16 {
    if symbol.len() == 1 { 1 } else { u16::try_from(width(symbol)).unwrap_or(u16::MAX).max(1) }
}

/// Whether a cell looks like nothing at all.
fn is_blank(cell: &Cell) -> bool {
    cell.symbol() == " " && Pen::from(cell).leaves_blanks_blank()
}

#[cfg(test)]
mod tests;
