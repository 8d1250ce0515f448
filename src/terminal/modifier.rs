//! Modifiers of a key, as the parameters of key sequences tell them.
//!
//! Must not hold state.

use crate::till::Key;

/// Modifiers of a key, as far as the till tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Modifier {
    None,
    Shift,
    /// Control, Alt or Meta, alone or with others: no such key is known.
    Foreign,
}

/// Caps Lock and Num Lock, which the kitty protocol counts among the modifiers.
const LOCKS: u16 = 64 | 128;

impl Modifier {
    /// Reads the modifier parameter of xterm: 1 plus a bit set, 1 of which is shift.
    pub(super) fn parse(parameter: Option<&str>) -> Self {
        let Some(text) = parameter.filter(|text| !text.is_empty()) else { return Self::None };
        match text.parse::<u16>().ok().and_then(|number| number.checked_sub(1)) {
            Some(bits) if bits & !LOCKS == 0 => Self::None,
            Some(bits) if bits & !LOCKS == 1 => Self::Shift,
            _ => Self::Foreign,
        }
    }
}

/// Cursor keys mean the same with shift; with other modifiers they mean nothing.
pub(super) fn plain(key: Key, modifier: Modifier) -> Option<Key> {
    (modifier != Modifier::Foreign).then_some(key)
}
