//! Amounts and codes in letters three rows high, readable from the customer's side of the counter.
//!
//! Owns the block font. Must not know what is shown in it.

use ratatui::layout::Rect;

use super::pen::Pen;
use super::theme::Role;

/// Rows of a big text.
pub(super) const ROWS: u16 = 3;

/// Five dot rows of a character, the leftmost dot of each row in the highest of `width` bits.
const fn glyph(c: char) -> Option<(u16, [u8; 5])> {
    Some(match c {
        '0' => (3, [0b111, 0b101, 0b101, 0b101, 0b111]),
        '1' => (3, [0b010, 0b110, 0b010, 0b010, 0b111]),
        '2' => (3, [0b111, 0b001, 0b111, 0b100, 0b111]),
        '3' => (3, [0b111, 0b001, 0b111, 0b001, 0b111]),
        '4' => (3, [0b101, 0b101, 0b111, 0b001, 0b001]),
        '5' => (3, [0b111, 0b100, 0b111, 0b001, 0b111]),
        '6' => (3, [0b111, 0b100, 0b111, 0b101, 0b111]),
        '7' => (3, [0b111, 0b001, 0b001, 0b001, 0b001]),
        '8' => (3, [0b111, 0b101, 0b111, 0b101, 0b111]),
        '9' => (3, [0b111, 0b101, 0b111, 0b001, 0b111]),
        '-' => (3, [0, 0, 0b111, 0, 0]),
        '.' => (1, [0, 0, 0, 0, 1]),
        ',' => (1, [0, 0, 0, 1, 1]),
        ' ' => (1, [0; 5]),
        _ => return letter(c),
    })
}

/// The letters of codes, which are the same in both cases here: the code stands beside as text.
const fn letter(c: char) -> Option<(u16, [u8; 5])> {
    Some(match c.to_ascii_lowercase() {
        'a' => (3, [0b010, 0b101, 0b111, 0b101, 0b101]),
        'b' => (3, [0b110, 0b101, 0b110, 0b101, 0b110]),
        'c' => (3, [0b011, 0b100, 0b100, 0b100, 0b011]),
        'd' => (3, [0b110, 0b101, 0b101, 0b101, 0b110]),
        'e' => (3, [0b111, 0b100, 0b110, 0b100, 0b111]),
        'f' => (3, [0b111, 0b100, 0b110, 0b100, 0b100]),
        'g' => (3, [0b011, 0b100, 0b101, 0b101, 0b011]),
        'h' => (3, [0b101, 0b101, 0b111, 0b101, 0b101]),
        'i' => (3, [0b111, 0b010, 0b010, 0b010, 0b111]),
        'j' => (3, [0b001, 0b001, 0b001, 0b101, 0b010]),
        'k' => (3, [0b101, 0b101, 0b110, 0b101, 0b101]),
        'l' => (3, [0b100, 0b100, 0b100, 0b100, 0b111]),
        'm' => (5, [0b10001, 0b11011, 0b10101, 0b10001, 0b10001]),
        'n' => (4, [0b1001, 0b1101, 0b1011, 0b1001, 0b1001]),
        'o' => (3, [0b010, 0b101, 0b101, 0b101, 0b010]),
        'p' => (3, [0b110, 0b101, 0b110, 0b100, 0b100]),
        'q' => (4, [0b0110, 0b1001, 0b1001, 0b1010, 0b0101]),
        'r' => (3, [0b110, 0b101, 0b110, 0b101, 0b101]),
        's' => (3, [0b011, 0b100, 0b010, 0b001, 0b110]),
        't' => (3, [0b111, 0b010, 0b010, 0b010, 0b010]),
        'u' => (3, [0b101, 0b101, 0b101, 0b101, 0b011]),
        'v' => (3, [0b101, 0b101, 0b101, 0b101, 0b010]),
        'w' => (5, [0b10001, 0b10001, 0b10101, 0b10101, 0b01010]),
        'x' => (3, [0b101, 0b101, 0b010, 0b101, 0b101]),
        'y' => (3, [0b101, 0b101, 0b010, 0b010, 0b010]),
        'z' => (3, [0b111, 0b001, 0b010, 0b100, 0b111]),
        _ => return None,
    })
}

/// Columns of `text` in big letters; `None` when it has characters that the font lacks.
fn columns(text: &str) -> Option<u16> {
    let mut sum = 0_u16;
    for c in text.chars() {
        sum = sum.saturating_add(glyph(c)?.0 + 1);
    }
    Some(sum.saturating_sub(1))
}

/// One of the three rows of `text`: each holds two dot rows in half blocks.
fn row(text: &str, index: usize) -> String {
    let mut out = String::new();
    for (position, c) in text.chars().enumerate() {
        let Some((width, dots)) = glyph(c) else { continue };
        if position > 0 {
            out.push(' ');
        }
        let upper = dots.get(index * 2).copied().unwrap_or_default();
        let lower = dots.get(index * 2 + 1).copied().unwrap_or_default();
        for bit in (0..width).rev() {
            out.push(match (upper >> bit & 1, lower >> bit & 1) {
                (1, 1) => '█',
                (1, 0) => '▀',
                (0, 1) => '▄',
                _ => ' ',
            });
        }
    }
    out
}

/// Draws `text` at the right of `area`, three rows high where it fits, else as one bold row;
/// returns the rows used.
pub(super) fn draw(pen: &mut Pen, area: Rect, text: &str, role: Role, label: u16) -> u16 {
    match columns(text) {
        Some(wide) if !pen.ascii() && area.height >= ROWS && wide + label < area.width => {
            for index in 0..ROWS {
                pen.put(area, index, area.width - wide, &row(text, usize::from(index)), role);
            }
            ROWS
        }
        _ => {
            pen.right(area, 0, text, role);
            1
        }
    }
}

/// Draws `text` at the left of `area`, three rows high where it fits, else as one bold row;
/// returns the rows used.
pub(super) fn left(pen: &mut Pen, area: Rect, text: &str, role: Role) -> u16 {
    match columns(text) {
        Some(wide) if !pen.ascii() && area.height >= ROWS && wide <= area.width => {
            for index in 0..ROWS {
                pen.put(area, index, 0, &row(text, usize::from(index)), role);
            }
            ROWS
        }
        _ => {
            pen.put(area, 0, 0, text, role);
            1
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_big_amount_is_three_rows_of_half_blocks() {
        let rows: Vec<String> = (0..3).map(|index| row("14,2", index)).collect();
        assert_eq!(
            rows,
            [
                "▄█  █ █   ▀▀█", //
                " █  ▀▀█ ▄ █▀▀",
                "▀▀▀   ▀ ▀ ▀▀▀",
            ]
        );
        assert_eq!(columns("14,2"), Some(13));
        assert_eq!(columns("14é"), None);
    }

    #[test]
    fn no_two_characters_of_a_code_look_alike() {
        let characters: Vec<char> = ('0'..='9').chain('a'..='z').chain(['-']).collect();
        for (index, &one) in characters.iter().enumerate() {
            assert!(columns(&one.to_string()).is_some(), "{one}");
            for &other in characters.iter().skip(index + 1) {
                assert_ne!(glyph(one), glyph(other), "{one} {other}");
            }
        }
    }
}
