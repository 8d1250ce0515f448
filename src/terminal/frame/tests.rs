#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::num::NonZeroU16;

use proptest::prelude::*;
use ratatui::style::{Color, Modifier, Style};

use super::*;

/// A side of the screen as the parser takes it.
fn cells(side: u16) -> NonZeroU16 {
    NonZeroU16::new(side).unwrap()
}

/// Keeps every write apart.
#[derive(Debug, Default)]
struct Recorder {
    writes: Vec<Vec<u8>>,
}

impl Write for Recorder {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writes.push(bytes.to_vec());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A screen, and the cells that are drawn to it.
struct Terminal {
    screen: Screen<Recorder>,
    size: Rect,
}

fn terminal(columns: u16, rows: u16) -> Terminal {
    let screen = Screen::new(Recorder::default(), Size::new(columns, rows));
    Terminal { screen, size: Rect::new(0, 0, columns, rows) }
}

impl Terminal {
    /// Shows what `paint` draws, compared everywhere.
    fn show(&mut self, cursor: Option<(u16, u16)>, paint: impl FnOnce(&mut Buffer)) -> Buffer {
        let mut cells = Buffer::empty(self.size);
        paint(&mut cells);
        self.screen.show(&cells, &[self.size], cursor.map(Position::from)).unwrap();
        cells
    }

    fn writes(&self) -> &[Vec<u8>] {
        &self.screen.output().writes
    }
}

fn draw(terminal: &mut Terminal, text: &str, cursor: Option<(u16, u16)>) {
    terminal.show(cursor, |cells| {
        for (line, y) in text.lines().zip(0..) {
            cells.set_string(0, y, line, Style::new());
        }
    });
}

#[test]
fn a_frame_is_one_synchronised_write() {
    let mut terminal = terminal(20, 3);
    draw(&mut terminal, "one\ntwo", Some((3, 1)));
    assert_eq!(terminal.writes().len(), 1);
    let frame = &terminal.writes()[0];
    assert!(frame.starts_with(BEGIN) && frame.ends_with(END));
    assert_eq!(frame.windows(BEGIN.len()).filter(|bytes| *bytes == BEGIN).count(), 1);
    assert_eq!(terminal.screen.written(), frame.len() as u64);
}

#[test]
fn a_frame_without_change_writes_nothing() {
    let mut terminal = terminal(20, 3);
    for cursor in [None, Some((2, 1)), Some((0, 0))] {
        draw(&mut terminal, "one", cursor);
        let before = terminal.screen.written();
        draw(&mut terminal, "one", cursor);
        assert_eq!(terminal.screen.written(), before, "{cursor:?}");
    }
    assert_eq!(terminal.writes().len(), 3);
}

#[test]
fn a_typed_key_is_its_own_byte_and_the_frame_around_it() {
    let mut terminal = terminal(80, 24);
    draw(&mut terminal, "> 2", Some((3, 0)));
    draw(&mut terminal, "> 20", Some((4, 0)));
    assert_eq!(terminal.writes()[1], [BEGIN, b"0", END].concat());
    // Also where the cursor stands elsewhere and the character is styled.
    let style = Style::new().fg(Color::Yellow).add_modifier(Modifier::BOLD);
    terminal.show(Some((41, 20)), |cells| {
        cells.set_string(0, 0, "> 20", Style::new());
        cells.set_string(40, 20, "5", style);
    });
    let frame = &terminal.writes()[2];
    assert_eq!(*frame, [BEGIN, b"\x1b[21;41H\x1b[1;33m5", END].concat());
}

#[test]
fn many_blanks_are_erased_where_the_terminal_can() {
    for (erases, blanks) in [(true, b"\x1b[12X".as_slice()), (false, b"            ")] {
        let mut terminal = terminal(20, 1);
        terminal.screen.erases = erases;
        draw(&mut terminal, "twelve chars end", None);
        draw(&mut terminal, "             end", None);
        let frame = &terminal.writes()[1];
        let at = frame.windows(blanks.len()).position(|window| window == blanks);
        assert!(at.is_some(), "{:?}", String::from_utf8_lossy(frame));
    }
    for (term, known) in [("xterm-256color", true), ("linux", true), ("vt220", true)]
        .into_iter()
        .chain([("vt100", false), ("vt102", false), ("dumb", false), ("", false)])
    {
        assert_eq!(super::erases(term), known, "{term}");
    }
}

#[test]
fn the_bell_is_one_byte_of_its_own() {
    let mut terminal = terminal(10, 2);
    terminal.screen.bell().unwrap();
    assert_eq!(terminal.writes(), [b"\x07".to_vec()]);
    assert_eq!(terminal.screen.written(), 1);
}

#[test]
fn a_control_character_never_reaches_the_terminal() {
    let mut terminal = terminal(5, 1);
    terminal.show(None, |cells| {
        cells[(0, 0)].set_symbol("\u{1b}c");
    });
    let bytes = &terminal.writes()[0];
    assert_eq!(*bytes, [BEGIN, b"\x1b[1H\x1b[m \x1b[?25l", END].concat());
}

#[test]
fn after_a_new_size_everything_is_drawn_again() {
    let mut terminal = terminal(20, 3);
    draw(&mut terminal, "one", Some((1, 0)));
    terminal.size.height = 4;
    draw(&mut terminal, "one", Some((1, 0)));
    let mut parser = vt100::Parser::new(cells(4), cells(20), 0);
    parser.process(&terminal.writes()[1]);
    assert_eq!(parser.screen().contents().trim_end(), "one");
    assert_eq!(parser.screen().cursor_position(), (0, 1));
}

#[test]
fn what_another_program_wrote_is_cleared_and_everything_drawn_again() {
    let mut terminal = terminal(20, 3);
    draw(&mut terminal, "one", Some((1, 0)));
    terminal.screen.forget();
    draw(&mut terminal, "one", Some((1, 0)));
    let mut parser = vt100::Parser::new(cells(3), cells(20), 0);
    parser.process(b"\x1b[31;7mleft over\r\nhere");
    parser.process(&terminal.writes()[1]);
    assert_eq!(parser.screen().contents().trim_end(), "one");
    assert!(!parser.screen().cell(0, 0).unwrap().inverse());
    assert_eq!(parser.screen().cursor_position(), (0, 1));
}

#[test]
fn only_the_areas_that_changed_are_compared() {
    let mut terminal = terminal(20, 3);
    draw(&mut terminal, "one\ntwo", None);
    let mut cells = Buffer::empty(terminal.size);
    cells.set_string(0, 1, "two 2", Style::new());
    terminal.screen.show(&cells, &[Rect::new(0, 1, 20, 1)], None).unwrap();
    assert_eq!(terminal.writes()[1], [BEGIN, b" 2", END].concat());
    // The row above was not among them, and is not looked at.
    terminal.screen.show(&cells, &[], None).unwrap();
    assert_eq!(terminal.writes().len(), 2);
    terminal.screen.show(&cells, &[Rect::new(0, 0, 20, 1)], None).unwrap();
    assert_eq!(terminal.writes()[2], [BEGIN, b"\x1b[1H   ", END].concat());
}

const COLUMNS: u16 = 36;
const ROWS: u16 = 4;

/// Text, place and style of one piece of a frame.
type Piece = (String, (u16, u16), (usize, usize));

/// Pieces and cursor of a frame. Wide characters have a row of their own: terminals disagree on
/// the style of the other half when one half is overwritten.
fn frame() -> impl Strategy<Value = (Vec<Piece>, Option<(u16, u16)>)> {
    let style = || (0..4_usize, 0..4_usize);
    let piece = ("[a-z0-9äß€─ ]{0,20}| {12,30}", (0..COLUMNS, 1..ROWS), style());
    let wide = ("(日本|a日b|日本語日本語)", Just((0, 0)), style());
    let pieces = (proptest::collection::vec(piece, 0..5), proptest::option::of(wide))
        .prop_map(|(pieces, wide)| pieces.into_iter().chain(wide).collect());
    (pieces, proptest::option::of((0..COLUMNS, 0..ROWS)))
}

fn paint(buffer: &mut Buffer, pieces: &[Piece]) {
    let colors = [Color::Reset, Color::Red, Color::LightCyan, Color::Rgb(1, 2, 3)];
    let modifiers = [
        Modifier::empty(),
        Modifier::BOLD,
        Modifier::REVERSED,
        Modifier::UNDERLINED | Modifier::BOLD,
    ];
    for (text, (x, y), (color, modifier)) in pieces {
        let style = Style::new().fg(colors[*color]).bg(colors[*modifier]);
        buffer.set_string(*x, *y, text, style.add_modifier(modifiers[*modifier]));
    }
}

fn expected_color(color: Color) -> vt100::Color {
    match color {
        Color::Red => vt100::Color::Idx(1),
        Color::LightCyan => vt100::Color::Idx(14),
        Color::Rgb(r, g, b) => vt100::Color::Rgb(r, g, b),
        _ => vt100::Color::Default,
    }
}

proptest! {
    /// The terminal shows what was drawn, whatever was left out on the way.
    #[test]
    fn a_terminal_shows_every_frame(
        frames in proptest::collection::vec(frame(), 1..6),
        erases: bool,
    ) {
        let mut terminal = terminal(COLUMNS, ROWS);
        terminal.screen.erases = erases;
        let mut parser = vt100::Parser::new(cells(ROWS), cells(COLUMNS), 0);
        for (pieces, cursor) in frames {
            let before = terminal.writes().len();
            let buffer = terminal.show(cursor, |cells| paint(cells, &pieces));
            prop_assert!(terminal.writes().len() <= before + 1);
            for bytes in &terminal.writes()[before..] {
                parser.process(bytes);
            }
            let screen = parser.screen();
            for y in 0..ROWS {
                let mut x = 0;
                while x < COLUMNS {
                    let wanted = &buffer[(x, y)];
                    let shown = screen.cell(y, x).unwrap();
                    let contents = if shown.has_contents() { shown.contents() } else { " " };
                    prop_assert_eq!(contents, wanted.symbol(), "at {},{}", x, y);
                    prop_assert_eq!(shown.bgcolor(), expected_color(wanted.bg));
                    // Neither is seen where nothing is printed.
                    if wanted.symbol() != " " {
                        prop_assert_eq!(shown.fgcolor(), expected_color(wanted.fg));
                        prop_assert_eq!(shown.bold(), wanted.modifier.contains(Modifier::BOLD));
                    }
                    prop_assert_eq!(shown.inverse(), wanted.modifier.contains(Modifier::REVERSED));
                    prop_assert_eq!(
                        shown.underline(),
                        wanted.modifier.contains(Modifier::UNDERLINED)
                    );
                    x += u16::try_from(width(wanted.symbol()).max(1)).unwrap();
                }
            }
            prop_assert_eq!(screen.hide_cursor(), cursor.is_none());
            if let Some((x, y)) = cursor {
                prop_assert_eq!(screen.cursor_position(), (y, x));
            }
        }
    }
}
