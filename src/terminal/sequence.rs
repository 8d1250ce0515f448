//! What the key sequences of terminals mean: tables from parameters and final byte to keys.
//!
//! Owns the knowledge of xterm, vt220, rxvt, `PuTTY`, Konsole, screen, tmux and the Linux console.
//! Must not hold state. A sequence that could mean two different keys on the terminal at hand
//! means none: the shifted function keys pay with notes, and a wrong note is worse than no key.
//!
//! Conflicts that no table can solve:
//! * rxvt and `PuTTY` send Shift-F1 and Shift-F2 as `ESC[23~` and `ESC[24~`, which are F11 and F12
//!   everywhere else. They are read as F11 and F12.
//! * `ESC[25~` to `ESC[34~` are Shift-F3 to Shift-F10 on rxvt and `PuTTY` (which calls itself
//!   xterm) but Shift-F1 to Shift-F8 on the Linux console: [`Dialect`] decides.
//! * `ESC[1;2R` is Shift-F3, but also the report of a cursor in the second column of the first
//!   row. This program never asks for such reports.
//! * `ESC O w` and its like are cursor keys of rxvt's number pad without Num Lock, but digits
//!   everywhere else. They are read as digits.

use super::kitty::{kitty, with_modifier};
use super::modifier::{Modifier, plain};
use crate::till::Key;

/// Which of the contradicting sets of shifted function keys the terminal sends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Dialect {
    /// `ESC[25~` is Shift-F3: rxvt, `PuTTY`, and xterm, which never sends it by itself.
    Rxvt,
    /// `ESC[25~` is Shift-F1: the Linux console.
    Linux,
    /// Not known: `ESC[25~` to `ESC[34~` mean nothing.
    #[default]
    Other,
}

impl Dialect {
    /// The dialect of a terminal by the value of `TERM`.
    #[must_use]
    pub fn of(term: &str) -> Self {
        if term.starts_with("linux") {
            Self::Linux
        } else if ["rxvt", "putty", "xterm"].iter().any(|name| term.starts_with(name)) {
            Self::Rxvt
        } else {
            Self::Other
        }
    }
}

fn function(number: u8, modifier: Modifier) -> Option<Key> {
    match modifier {
        Modifier::None => Some(Key::F(number)),
        Modifier::Shift => Some(Key::ShiftF(number)),
        Modifier::Foreign => None,
    }
}

/// The key of a control sequence `ESC [ parameters final`, or `None` for an answer of the
/// terminal, a report, or a key that the till does not know.
pub(super) fn csi(parameters: &[u8], last: u8, dialect: Dialect) -> Option<Key> {
    let parameters = std::str::from_utf8(parameters).ok()?;
    if !parameters.bytes().all(|b| b.is_ascii_digit() || b == b';' || b == b':') {
        return None;
    }
    let mut parts = parameters.split(';');
    let first = parts.next().filter(|part| !part.is_empty());
    let raw = parts.next();
    // The kitty protocol tells after a colon whether the key went down, repeats or went up.
    let (modifier, event) = match raw.and_then(|raw| raw.split_once(':')) {
        Some((modifier, event)) => (Modifier::parse(Some(modifier)), event),
        None => (Modifier::parse(raw), ""),
    };
    if !matches!(event, "" | "1" | "2") {
        return None;
    }
    match (last, parts.next()) {
        (b'u', _) => return kitty(first?, modifier),
        (b'~', Some(code)) if first == Some("27") => return with_modifier(code, modifier),
        (_, Some(_)) => return None,
        _ => {}
    }
    match last {
        b'~' => numbered(first?, modifier, dialect),
        // rxvt: `$` for shift, in the place where others put a parameter.
        b'$' if modifier == Modifier::None => numbered(first?, Modifier::Shift, dialect),
        b'a'..=b'd' if first.is_none() => cursor(last.to_ascii_uppercase()),
        b'A'..=b'D' | b'F' | b'H' if matches!(first, None | Some("1")) => {
            plain(cursor(last)?, modifier)
        }
        // `ESC[24;80R` is a cursor report, and so is `ESC[1;66R`: no lock counts here.
        b'R' => (first == Some("1") && raw == Some("2")).then_some(Key::ShiftF(3)),
        // Only with both parameters: a plain `ESC[P` is no key.
        b'P'..=b'S' if first == Some("1") && !matches!(raw, None | Some("" | "1")) => {
            function(last - b'P' + 1, modifier)
        }
        _ => None,
    }
}

fn cursor(last: u8) -> Option<Key> {
    Some(match last {
        b'A' => Key::Up,
        b'B' => Key::Down,
        b'C' => Key::Right,
        b'D' => Key::Left,
        b'F' => Key::End,
        b'H' => Key::Home,
        _ => return None,
    })
}

/// `ESC [ number ~`: the editing keys and the function keys from vt220 on.
fn numbered(number: &str, modifier: Modifier, dialect: Dialect) -> Option<Key> {
    let number: u8 = number.parse().ok()?;
    // The numbering leaves gaps where the old keyboards had gaps between the blocks of keys.
    match number {
        1 | 7 => plain(Key::Home, modifier),
        2 => plain(Key::Insert, modifier),
        3 => plain(Key::Delete, modifier),
        4 | 8 => plain(Key::End, modifier),
        5 => plain(Key::PageUp, modifier),
        6 => plain(Key::PageDown, modifier),
        11..=15 => function(number - 10, modifier),
        17..=21 => function(number - 11, modifier),
        23 | 24 => function(number - 12, modifier),
        _ if modifier != Modifier::None => None,
        25 | 26 => shifted(number - 24, dialect),
        28 | 29 => shifted(number - 25, dialect),
        31..=34 => shifted(number - 26, dialect),
        _ => None,
    }
}

/// The `nth` (from 1) of the keys that old terminals call F13 and up.
fn shifted(nth: u8, dialect: Dialect) -> Option<Key> {
    match dialect {
        Dialect::Linux => Some(Key::ShiftF(nth)),
        Dialect::Rxvt => Some(Key::ShiftF(nth + 2)),
        Dialect::Other => None,
    }
}

/// The key of `ESC O parameters final`: function keys, cursor keys and the number pad in
/// application mode. Konsole and old VTE put a modifier before the final byte.
pub(super) fn ss3(parameters: &[u8], last: u8) -> Option<Key> {
    let parameters = std::str::from_utf8(parameters).ok()?;
    let modifier = match parameters.split_once(';') {
        None => Modifier::parse(Some(parameters)),
        Some(("1", modifier)) => Modifier::parse(Some(modifier)),
        Some(_) => return None,
    };
    match last {
        b'P'..=b'S' => function(last - b'P' + 1, modifier),
        b'A'..=b'D' | b'F' | b'H' => plain(cursor(last)?, modifier),
        _ if modifier != Modifier::None => None,
        b'j'..=b'y' => Some(Key::Char(char::from(last - b'j' + b'*'))),
        b'X' => Some(Key::Char('=')),
        b'M' | b'I' => Some(Key::Enter),
        _ => None,
    }
}
