//! Texts with wildcards: `?` is one character, `*` any number of them.

use std::fmt;

/// A form that texts can have. Characters compare in any case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Glob(Vec<Piece>);

/// One part of a [`Glob`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece {
    /// This character, as written.
    Char(char),
    /// Any one character.
    One,
    /// Any characters, or none.
    Many,
}

impl Glob {
    /// The form, or the text when it has no wildcards.
    pub(super) fn of(pieces: Vec<Piece>) -> Result<Self, String> {
        let plain = |piece: &Piece| match piece {
            Piece::Char(c) => Some(*c),
            Piece::One | Piece::Many => None,
        };
        pieces.iter().map(plain).collect::<Option<String>>().map_or(Ok(Self(pieces)), Err)
    }

    /// Whether it says no more than that there is something.
    pub(super) fn is_anything(&self) -> bool {
        self.0.iter().all(|piece| *piece == Piece::Many)
    }

    /// Whether `text` has this form. Takes at most as many steps as form and text multiply to.
    pub(super) fn fits(&self, text: &str) -> bool {
        let text: Vec<char> = text.chars().collect();
        let (mut at, mut piece) = (0, 0);
        // Where to go on when the latest `*` has to take one character more.
        let mut retry: Option<(usize, usize)> = None;
        loop {
            let next = text.get(at).copied();
            match (self.0.get(piece).copied(), next) {
                (Some(Piece::Many), _) => {
                    retry = Some((at, piece));
                    piece += 1;
                    continue;
                }
                (None, None) => return true,
                (Some(Piece::One), Some(_)) => {
                    (at, piece) = (at + 1, piece + 1);
                    continue;
                }
                (Some(Piece::Char(wanted)), Some(c)) if same(wanted, c) => {
                    (at, piece) = (at + 1, piece + 1);
                    continue;
                }
                _ => {}
            }
            match retry {
                Some((from, many)) if from < text.len() => {
                    retry = Some((from + 1, many));
                    (at, piece) = (from + 1, many + 1);
                }
                _ => return false,
            }
        }
    }
}

fn same(wanted: char, c: char) -> bool {
    wanted == c || wanted.to_lowercase().eq(c.to_lowercase())
}

impl fmt::Display for Glob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for piece in &self.0 {
            match piece {
                Piece::One => f.write_str("?")?,
                Piece::Many => f.write_str("*")?,
                Piece::Char(c) if c.is_alphanumeric() => write!(f, "{c}")?,
                Piece::Char(c) => write!(f, "\\{c}")?,
            }
        }
        Ok(())
    }
}
