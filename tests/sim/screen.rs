//! A screen that is kept from frame to frame, compared with one that is drawn anew.

use std::num::NonZeroU16;

use kasse::terminal;
use kasse::till::State;
use kasse::ui::{Painted, Picture, View, paint};
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};

pub struct Screen {
    size: Rect,
    picture: Picture,
    terminal: terminal::Screen<Vec<u8>>,
    /// Bytes of `terminal` that `shown` has taken.
    taken: usize,
    shown: vt100::Parser,
}

impl Screen {
    pub fn new(columns: u16, rows: u16) -> Self {
        let terminal = terminal::Screen::new(Vec::new(), Size::new(columns, rows));
        Self {
            size: Rect::new(0, 0, columns, rows),
            picture: Picture::new(columns, rows),
            terminal: terminal.erasing(true),
            taken: 0,
            shown: vt100::Parser::new(cells(rows), cells(columns), 0),
        }
    }

    /// Draws the frame of `state`. The kept cells, cursor and what can be seen must be those of a
    /// screen drawn anew, and the terminal must show them.
    pub fn draw(&mut self, state: &State, view: &View) -> Painted {
        let painted = self.picture.draw(state, view);
        let mut anew = Buffer::empty(self.size);
        assert_eq!(paint(&mut anew, state, view), painted, "cursor and what can be seen");
        assert!(anew == *self.picture.cells(), "drawn anew:\n{anew:?}\n{:?}", self.picture.cells());
        let changed = self.picture.changed();
        self.terminal.show(self.picture.cells(), changed, painted.cursor).unwrap();
        self.shown.process(&self.terminal.output()[self.taken..]);
        self.taken = self.terminal.output().len();
        let shown = self.shown.screen();
        let rows: Vec<String> =
            shown.rows(0, self.size.width).map(|row| row.trim_end().to_owned()).collect();
        let drawn = self.picture.text();
        assert!(drawn.lines().eq(&rows), "the terminal shows {rows:#?}, not\n{drawn}");
        assert_eq!(shown.hide_cursor(), painted.cursor.is_none());
        if let Some(cursor) = painted.cursor {
            assert_eq!(shown.cursor_position(), (cursor.y, cursor.x));
        }
        painted
    }
}

fn cells(side: u16) -> NonZeroU16 {
    NonZeroU16::new(side).unwrap()
}
