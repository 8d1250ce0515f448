//! A screen that is kept from frame to frame, compared with one that is drawn anew.

use kasse::terminal;
use kasse::till::State;
use kasse::ui::{Painted, Picture, View, paint};
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};

pub struct Screen {
    size: Rect,
    picture: Picture,
    output: terminal::Screen<Vec<u8>>,
    /// Bytes of `output` that `shown` has taken.
    taken: usize,
    shown: vt100::Parser,
}

impl Screen {
    pub fn new(columns: u16, rows: u16) -> Self {
        let screen = terminal::Screen::new(Vec::new(), Size::new(columns, rows));
        Self {
            size: Rect::new(0, 0, columns, rows),
            picture: Picture::new(columns, rows),
            output: screen.erasing(true),
            taken: 0,
            shown: vt100::Parser::new(rows, columns, 0),
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
        self.output.show(self.picture.cells(), changed, painted.cursor).unwrap();
        self.shown.process(&self.output.output()[self.taken..]);
        self.taken = self.output.output().len();
        let shown = self.shown.screen();
        let rows: Vec<String> = shown.rows(0, self.size.width).collect();
        let rows: Vec<&str> = rows.iter().map(|row| row.trim_end()).collect();
        let text = self.picture.text();
        assert_eq!(rows, text.lines().collect::<Vec<_>>(), "the terminal shows what was drawn");
        assert_eq!(shown.hide_cursor(), painted.cursor.is_none());
        if let Some(cursor) = painted.cursor {
            assert_eq!(shown.cursor_position(), (cursor.y, cursor.x));
        }
        painted
    }
}
