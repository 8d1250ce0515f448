//! Keys as the till knows them, and their names in the configuration.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// One key press, already decoded from whatever the terminal sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Key {
    /// A printable character, or GS (0x1D) out of a scanned code.
    Char(char),
    /// Carriage return or tab: the end of an entry.
    Enter,
    /// Line feed: the end of an entry, swallowed after [`Key::Enter`].
    LineFeed,
    /// Escape.
    Esc,
    /// Delete forward.
    Delete,
    /// Delete backward.
    Backspace,
    /// Cursor up.
    Up,
    /// Cursor down.
    Down,
    /// Cursor left.
    Left,
    /// Cursor right.
    Right,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// Home.
    Home,
    /// End.
    End,
    /// Insert.
    Insert,
    /// A function key, 1 to 12.
    F(u8),
    /// A function key with shift, 1 to 12.
    ShiftF(u8),
    /// A letter with control, lower case.
    Ctrl(char),
}

impl Key {
    /// True for keys that no scanner sends: what may dismiss an error or confirm something.
    #[must_use]
    pub const fn is_human(self) -> bool {
        !matches!(self, Self::Char(_) | Self::Enter | Self::LineFeed | Self::Ctrl(_))
    }

    /// True for the keys that take an error away, and then do nothing else: no scanner sends them,
    /// and unlike function keys they stand for no command that could be meant instead.
    #[must_use]
    pub const fn dismisses(self) -> bool {
        self.is_human() && !matches!(self, Self::F(_) | Self::ShiftF(_) | Self::Backspace)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Char(' ') => f.write_str("Space"),
            Self::Char(c) => write!(f, "{c}"),
            Self::Enter => f.write_str("Enter"),
            Self::LineFeed => f.write_str("LineFeed"),
            Self::Esc => f.write_str("Esc"),
            Self::Delete => f.write_str("Delete"),
            Self::Backspace => f.write_str("Backspace"),
            Self::Up => f.write_str("Up"),
            Self::Down => f.write_str("Down"),
            Self::Left => f.write_str("Left"),
            Self::Right => f.write_str("Right"),
            Self::PageUp => f.write_str("PgUp"),
            Self::PageDown => f.write_str("PgDn"),
            Self::Home => f.write_str("Home"),
            Self::End => f.write_str("End"),
            Self::Insert => f.write_str("Insert"),
            Self::F(n) => write!(f, "F{n}"),
            Self::ShiftF(n) => write!(f, "S-F{n}"),
            Self::Ctrl(c) => write!(f, "C-{c}"),
        }
    }
}

/// A key name that is not known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a key name")]
pub struct UnknownKey(pub String);

impl FromStr for Key {
    type Err = UnknownKey;

    /// Reads the names that [`Key`] prints, letters in any case: `F4`, `S-F1`, `Space`, `+`.
    fn from_str(name: &str) -> Result<Self, UnknownKey> {
        let unknown = || UnknownKey(name.to_owned());
        let mut chars = name.chars();
        if let (Some(c), None) = (chars.next(), chars.next()) {
            return if c.is_control() { Err(unknown()) } else { Ok(Self::Char(c)) };
        }
        let function = |digits: &str| {
            digits.parse::<u8>().ok().filter(|n| (1..=12).contains(n)).ok_or_else(unknown)
        };
        let lower = name.to_ascii_lowercase();
        Ok(match lower.as_str() {
            "space" => Self::Char(' '),
            "enter" => Self::Enter,
            "esc" | "escape" => Self::Esc,
            "delete" | "del" => Self::Delete,
            "backspace" => Self::Backspace,
            "up" => Self::Up,
            "down" => Self::Down,
            "left" => Self::Left,
            "right" => Self::Right,
            "pgup" | "pageup" => Self::PageUp,
            "pgdn" | "pagedown" => Self::PageDown,
            "home" => Self::Home,
            "end" => Self::End,
            "insert" | "ins" => Self::Insert,
            _ => {
                if let Some(digits) = lower.strip_prefix("s-f") {
                    Self::ShiftF(function(digits)?)
                } else if let Some(digits) = lower.strip_prefix('f') {
                    Self::F(function(digits)?)
                } else if let Some(letter) = lower.strip_prefix("c-") {
                    let mut letters = letter.chars();
                    match (letters.next(), letters.next()) {
                        (Some(c), None) if c.is_ascii_lowercase() => Self::Ctrl(c),
                        _ => return Err(unknown()),
                    }
                } else {
                    return Err(unknown());
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_read_back() {
        let keys = [Key::Char('+'), Key::Char(' '), Key::F(12), Key::ShiftF(1), Key::PageDown];
        for key in keys.into_iter().chain([Key::Ctrl('x'), Key::Esc, Key::Delete, Key::Insert]) {
            assert_eq!(key.to_string().parse(), Ok(key));
        }
        for name in ["", "F13", "S-F0", "C-1", "Hyper"] {
            assert!(name.parse::<Key>().is_err(), "{name:?}");
        }
    }
}
