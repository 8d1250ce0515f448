//! Styles as the terminal is told them.
//!
//! Owns the numbers of colours and modifiers and the shortest way from one style to another.
//! `NO_COLOR` is not looked at here: themes decide, and bold and reverse must survive it.

use std::fmt::Write as _;

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

/// The style in which the terminal prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pen {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

impl Default for Pen {
    /// As after `ESC[0m`.
    fn default() -> Self {
        Self { fg: Color::Reset, bg: Color::Reset, modifier: Modifier::empty() }
    }
}

impl From<&Cell> for Pen {
    fn from(cell: &Cell) -> Self {
        Self { fg: cell.fg, bg: cell.bg, modifier: cell.modifier }
    }
}

/// Modifiers and the numbers that switch them on.
const MODIFIERS: [(Modifier, u8); 9] = [
    (Modifier::BOLD, 1),
    (Modifier::DIM, 2),
    (Modifier::ITALIC, 3),
    (Modifier::UNDERLINED, 4),
    (Modifier::SLOW_BLINK, 5),
    (Modifier::RAPID_BLINK, 6),
    (Modifier::REVERSED, 7),
    (Modifier::HIDDEN, 8),
    (Modifier::CROSSED_OUT, 9),
];

/// Modifiers that are seen where nothing is printed.
const SEEN_ON_BLANKS: Modifier = Modifier::UNDERLINED
    .union(Modifier::SLOW_BLINK)
    .union(Modifier::RAPID_BLINK)
    .union(Modifier::REVERSED)
    .union(Modifier::CROSSED_OUT);

impl Pen {
    /// Whether a blank in this style looks like one without any.
    pub(super) fn leaves_blanks_blank(self) -> bool {
        self.bg == Color::Reset && !self.modifier.intersects(SEEN_ON_BLANKS)
    }

    /// The sequence that takes the terminal from `from` (`None`: not known) to this style; empty
    /// if it is there already.
    pub(super) fn since(self, from: Option<Self>) -> String {
        if from == Some(self) {
            return String::new();
        }
        let plain = Self::default();
        if self == plain {
            return "\u{1b}[m".to_owned();
        }
        // Modifiers can only be taken away one by one with numbers that terminals disagree on.
        let base = from.filter(|from| self.modifier.contains(from.modifier));
        let mut numbers = String::new();
        if base.is_none() {
            numbers.push_str(";0");
        }
        let base = base.unwrap_or(plain);
        for (modifier, number) in MODIFIERS {
            if self.modifier.contains(modifier) && !base.modifier.contains(modifier) {
                push(&mut numbers, number);
            }
        }
        if self.fg != base.fg {
            color(&mut numbers, self.fg, 30);
        }
        if self.bg != base.bg {
            color(&mut numbers, self.bg, 40);
        }
        format!("\u{1b}[{}m", numbers.trim_start_matches(';'))
    }
}

fn push(numbers: &mut String, number: u8) {
    // Writing to a string cannot fail.
    write!(numbers, ";{number}").unwrap_or_default();
}

/// `base` is 30 for the foreground, 40 for the background.
fn color(numbers: &mut String, color: Color, base: u8) {
    let simple = match color {
        Color::Reset => 9,
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 60,
        Color::LightRed => 61,
        Color::LightGreen => 62,
        Color::LightYellow => 63,
        Color::LightBlue => 64,
        Color::LightMagenta => 65,
        Color::LightCyan => 66,
        Color::White => 67,
        Color::Indexed(index) => {
            for number in [base + 8, 5, index] {
                push(numbers, number);
            }
            return;
        }
        Color::Rgb(r, g, b) => {
            for number in [base + 8, 2, r, g, b] {
                push(numbers, number);
            }
            return;
        }
    };
    push(numbers, base + simple);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_of_style_writes_only_what_differs() {
        let plain = Pen::default();
        let bold = Pen { modifier: Modifier::BOLD, ..plain };
        let red = Pen { fg: Color::Red, ..bold };
        let loud =
            Pen { bg: Color::LightYellow, modifier: Modifier::BOLD | Modifier::REVERSED, ..red };
        let exact = Pen { fg: Color::Rgb(1, 2, 3), bg: Color::Indexed(200), ..plain };
        for (from, to, bytes) in [
            (Some(plain), plain, ""),
            (None, plain, "\u{1b}[m"),
            (Some(loud), plain, "\u{1b}[m"),
            (Some(plain), bold, "\u{1b}[1m"),
            (None, bold, "\u{1b}[0;1m"),
            (Some(bold), red, "\u{1b}[31m"),
            (Some(red), bold, "\u{1b}[39m"),
            (Some(red), loud, "\u{1b}[7;103m"),
            (Some(loud), red, "\u{1b}[0;1;31m"),
            (Some(plain), exact, "\u{1b}[38;2;1;2;3;48;5;200m"),
        ] {
            assert_eq!(to.since(from), bytes, "{from:?} to {to:?}");
        }
    }
}
