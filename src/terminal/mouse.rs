//! Mouse reports of the oldest kinds: a control sequence and then values in bare bytes.
//!
//! Owns how many bytes belong to such a report. Must not decode them: the till has no mouse.

/// What a byte is to a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Part of it; the rest of it is still to come.
    Inner(Values),
    /// The last one.
    Last,
    /// Not part of it: the report was cut short, or had ended before.
    Foreign,
}

/// The values that are still to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Values {
    left: u8,
    /// The byte before may have been the first of two (UTF-8 coordinates, mode 1005).
    first_of_two: bool,
}

impl Values {
    /// Those behind `ESC [` and `last` without parameters: `M` for a button, `t` and `T` for the
    /// end of highlighting.
    pub(super) const fn behind(last: u8) -> Option<Self> {
        let left = match last {
            b'M' => 3,
            b't' => 2,
            b'T' => 6,
            _ => return None,
        };
        Some(Self { left, first_of_two: false })
    }

    /// A value is any byte but a control, of which only NUL stands for one that is too large.
    ///
    /// Whether a byte from 0xc2 on is a value or the first half of one, only the next byte tells.
    /// In doubt it is the half: on a screen of 160 columns and 96 rows a key right behind the
    /// report can get lost by that, the other way a coordinate would be a key.
    pub(super) fn take(self, byte: u8) -> Part {
        if self.first_of_two && matches!(byte, 0x80..=0xbf) {
            return Self { first_of_two: false, ..self }.or_last();
        }
        let Some(left) = self.left.checked_sub(1) else { return Part::Foreign };
        if matches!(byte, 0x01..=0x1f) {
            return Part::Foreign;
        }
        Self { left, first_of_two: matches!(byte, 0xc2..=0xdf) }.or_last()
    }

    const fn or_last(self) -> Part {
        if self.left == 0 && !self.first_of_two { Part::Last } else { Part::Inner(self) }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// How many of `bytes` belong to a report that begins with `ESC [ M`.
    fn length(bytes: &[u8]) -> usize {
        let mut values = Values::behind(b'M').unwrap();
        for (index, byte) in bytes.iter().enumerate() {
            match values.take(*byte) {
                Part::Inner(next) => values = next,
                Part::Last => return index + 1,
                Part::Foreign => return index,
            }
        }
        bytes.len()
    }

    #[test]
    fn three_values_belong_to_a_button_in_bytes_and_in_utf_8() {
        for (bytes, belong) in [
            (&b" !!20+"[..], 3),
            (b"\x20\xff\xff20+", 3),
            (b"\x20\x00\x0020+", 3),
            (b"\x20\xc2\x80420+", 4),
            (b"\x20\xc2\x80\xc2\x8020+", 5),
            (b"\x20!\xdf20+", 3),
            (b"\x20\r", 1),
            (b"\x1b", 0),
        ] {
            assert_eq!(length(bytes), belong, "{bytes:?}");
        }
    }
}
