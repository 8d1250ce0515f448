//! Frames on their way to the terminal: one write each, nothing where nothing changed.
//!
//! Owns what is known of the terminal's cursor and style, so that it is told only what it does
//! not know. Must not decide what is drawn, and never asks the terminal anything: over slow lines
//! the answers would arrive as keys.

use std::io::{self, Write};

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

use super::sgr::Pen;
use crate::charset::Charset;
use crate::text::width;

/// Begins and ends a synchronised update: the terminal shows all of a frame or nothing of it.
const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";

/// The backend of [`ratatui::Terminal`]: collects a frame and writes it in one piece.
#[derive(Debug)]
pub struct Screen<W: Write> {
    out: W,
    size: Size,
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
    /// Which cells look like nothing, row by row; those beyond its end are not known.
    blank: Vec<bool>,
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

/// Printing this many blanks over others is as short as moving on.
const SHORT_GAP: u16 = 4;

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
            size,
            frame: Vec::new(),
            cursor: None,
            visible: None,
            pen: None,
            erases: false,
            charset: Charset::Utf8,
            blank: vec![true; usize::from(size.width) * usize::from(size.height)],
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

    /// The terminal has another size now; the next frame is drawn in full.
    pub fn set_size(&mut self, size: Size) {
        self.size = size;
        self.forget();
    }

    /// Somebody else wrote to the terminal: nothing is known of its state any more. The caller
    /// clears the [`ratatui::Terminal`], so that the next frame is drawn in full.
    pub fn forget(&mut self) {
        self.blank.clear();
        self.cursor = None;
        self.visible = None;
        self.pen = None;
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
        let sequence = match self.cursor {
            Some(Cursor { at, exact }) if at == to && (exact || !exactly) => return,
            Some(Cursor { at, .. }) if at.y == to.y => {
                format!("\u{1b}[{}G", u32::from(to.x) + 1)
            }
            _ => format!("\u{1b}[{};{}H", u32::from(to.y) + 1, u32::from(to.x) + 1),
        };
        self.put(sequence.as_bytes());
        self.cursor = Some(Cursor { at: to, exact: true });
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
        self.cursor = self.cursor.filter(|_| width(symbol) == 1).and_then(|cursor| {
            let x = cursor.at.x.saturating_add(1);
            (x < self.size.width).then_some(Cursor {
                at: Position { x, ..cursor.at },
                exact: cursor.exact && symbol.is_ascii(),
            })
        });
    }

    /// Where a cell is in [`Self::blank`].
    fn index(&self, x: u16, y: u16) -> usize {
        usize::from(y) * usize::from(self.size.width) + usize::from(x)
    }

    /// Whether a blank in this place goes on with `run`: nothing but blanks lies between them.
    fn goes_on(&self, run: Blanks, x: u16, y: u16) -> bool {
        run.at.y == y
            && run.end() <= x
            && (self.erases || x - run.end() <= SHORT_GAP)
            && self
                .blank
                .get(self.index(run.end(), y)..self.index(x, y))
                .is_some_and(|between| between.iter().all(|blank| *blank))
    }

    /// Puts blanks on the screen: erased where that is shorter.
    fn blank(&mut self, Blanks { at, count }: Blanks) {
        self.go(at, false);
        if !self.pen.is_some_and(Pen::leaves_blanks_blank) {
            self.style(Pen::default());
        }
        if self.erases && count > FEW_BLANKS {
            // The cursor stays where it is.
            self.put(format!("\u{1b}[{count}X").as_bytes());
        } else {
            for _ in 0..count {
                self.print(" ");
            }
        }
    }

    fn show(&mut self, visible: bool) {
        if self.visible != Some(visible) {
            self.put(if visible { b"\x1b[?25h" } else { b"\x1b[?25l" });
            self.visible = Some(visible);
        }
    }
}

impl<W: Write> Backend for Screen<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut blanks: Option<Blanks> = None;
        for (x, y, cell) in content {
            let pen = Pen::from(cell);
            let blank = cell.symbol() == " " && pen.leaves_blanks_blank();
            match blanks {
                Some(run) if blank && self.goes_on(run, x, y) => {
                    blanks = Some(Blanks { count: x.saturating_sub(run.at.x) + 1, ..run });
                }
                run => {
                    if let Some(run) = run {
                        self.blank(run);
                    }
                    blanks = blank.then_some(Blanks { at: Position { x, y }, count: 1 });
                    if !blank {
                        self.go(Position { x, y }, false);
                        self.style(pen);
                        self.print(cell.symbol());
                    }
                }
            }
            let at = self.index(x, y);
            let covered = at..at + width(cell.symbol()).max(1);
            for known in self.blank.get_mut(covered).unwrap_or_default() {
                *known = blank;
            }
        }
        if let Some(run) = blanks {
            self.blank(run);
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.show(false);
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.show(true);
        Ok(())
    }

    /// What is known of it; the terminal is not asked.
    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.cursor.map_or(Position::ORIGIN, |cursor| cursor.at))
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.go(position.into(), true);
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.clear_region(ClearType::All)
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        // Terminals clear with the background in use.
        self.style(Pen::default());
        self.blank.clear();
        if matches!(clear_type, ClearType::All) {
            self.blank.resize(usize::from(self.size.width) * usize::from(self.size.height), true);
        }
        self.put(match clear_type {
            ClearType::All => b"\x1b[2J",
            ClearType::AfterCursor => b"\x1b[J",
            ClearType::BeforeCursor => b"\x1b[1J",
            ClearType::CurrentLine => b"\x1b[2K",
            ClearType::UntilNewLine => b"\x1b[K",
        });
        Ok(())
    }

    /// As told by [`Screen::set_size`].
    fn size(&self) -> io::Result<Size> {
        Ok(self.size)
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.size, pixels: Size::ZERO })
    }

    /// Writes the frame, if there is anything in it.
    fn flush(&mut self) -> io::Result<()> {
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

#[cfg(test)]
mod tests;
