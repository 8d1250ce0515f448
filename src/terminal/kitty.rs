//! Keys told by their character's number: the kitty keyboard protocol and xterm's
//! modifyOtherKeys, left on by another program.
//!
//! Owns which of them are keys of the till. Must not hold state. A key with Control, Alt or
//! another foreign modifier is none, and neither is the letting go of one.

use super::modifier::{Modifier, plain};
use crate::text::is_harmful;
use crate::till::Key;

/// `ESC [ code:shifted:base ; modifiers:event ; text u`: the keys of kitty by `codes`, the first
/// parameter.
pub(super) fn kitty(codes: &str, modifier: Modifier) -> Option<Key> {
    let mut codes = codes.split(':');
    let code: u32 = codes.next()?.parse().ok()?;
    let shifted = codes.next().and_then(|code| code.parse().ok()).and_then(printable);
    let key = match code {
        57_399..=57_408 => char::from_digit(code - 57_399, 10).map(Key::Char)?,
        57_409 => Key::Char('.'),
        57_410 => Key::Char('/'),
        57_411 => Key::Char('*'),
        57_412 => Key::Char('-'),
        57_413 => Key::Char('+'),
        57_414 => Key::Enter,
        57_415 => Key::Char('='),
        57_416 => Key::Char(','),
        57_417 => Key::Left,
        57_418 => Key::Right,
        57_419 => Key::Up,
        57_420 => Key::Down,
        57_421 => Key::PageUp,
        57_422 => Key::PageDown,
        57_423 => Key::Home,
        57_424 => Key::End,
        57_425 => Key::Insert,
        57_426 => Key::Delete,
        _ => {
            return match (named(code), modifier) {
                (Some(key), _) => plain(key, modifier),
                (None, Modifier::None) => printable(code).map(Key::Char),
                // Which sign a shifted key has, the keyboard's layout decides; letters are known.
                (None, Modifier::Shift) => shifted.or_else(|| upper(code)).map(Key::Char),
                (None, Modifier::Foreign) => None,
            };
        }
    };
    plain(key, modifier)
}

/// `ESC [ 27 ; modifiers ; code ~`: xterm tells the sign that the layout gives, shift and all.
pub(super) fn with_modifier(code: &str, modifier: Modifier) -> Option<Key> {
    let code = code.parse().ok()?;
    plain(named(code).or_else(|| printable(code).map(Key::Char))?, modifier)
}

fn named(code: u32) -> Option<Key> {
    Some(match code {
        9 | 13 => Key::Enter,
        27 => Key::Esc,
        8 | 127 => Key::Backspace,
        _ => return None,
    })
}

/// The character of this number, unless it is a control, invisible, or stands for a key that has
/// no character (from U+E000 on).
fn printable(code: u32) -> Option<char> {
    char::from_u32(code).filter(|&c| !is_harmful(c) && !matches!(c, '\u{e000}'..='\u{f8ff}'))
}

fn upper(code: u32) -> Option<char> {
    let mut upper = printable(code).filter(|c| c.is_alphabetic())?.to_uppercase();
    upper.next().filter(|_| upper.next().is_none())
}
