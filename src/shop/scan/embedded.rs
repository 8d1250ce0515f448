//! Patterns of the codes that a shop defines itself.

use crate::money::Money;
use crate::shop::measure_check_digit_ok;

/// A pattern for codes of the prefixes 2 and 02, like `29IIIIIPPPPPC`: literal digits, `I` digits
/// of the article number, `P` price in minor units, `W` weight in grams, `Q` pieces, `V` the inner
/// check digit over price or weight, `C` check digit, `X` ignored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmbeddedPattern(String);

/// Why a pattern is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct PatternError(pub(super) String);

/// What a code carries besides the number of its article.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Carried {
    /// Nothing.
    #[default]
    Nothing,
    /// The price of the whole.
    Price(Money),
    /// The weight, in grams.
    Weight(u32),
    /// Pieces.
    Pieces(i64),
}

impl Carried {
    /// True for a label that was printed with price, weight or pieces 0.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        matches!(self, Self::Price(Money(0)) | Self::Weight(0) | Self::Pieces(0))
    }
}

/// A code read by a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Label {
    /// Digits of the article number, zeros in front.
    pub(super) item: String,
    pub(super) carried: Carried,
    /// The inner check digit, if there is one, is right.
    pub(super) is_right: bool,
}

impl EmbeddedPattern {
    /// Checks and takes a pattern.
    ///
    /// # Errors
    /// [`PatternError`] says what is wrong: length, letters, prefix, or no article number.
    pub fn new(pattern: &str) -> Result<Self, PatternError> {
        let count = |letter: char| pattern.matches(letter).count();
        let measures = ['P', 'W', 'Q'].iter().filter(|letter| count(**letter) > 0).count();
        let problem = if pattern.len() != 13 {
            "must have 13 places"
        } else if !pattern.bytes().all(|b| b.is_ascii_digit() || b"IPWQVCX".contains(&b)) {
            "may contain only digits and the letters I, P, W, Q, V, C, X"
        } else if !(pattern.starts_with('2') || pattern.starts_with("02")) {
            "must begin with 2 or 02, the codes that a shop may define itself"
        } else if count('I') == 0 {
            "has no place for the article number (I)"
        } else if !pattern.ends_with('C') || count('C') != 1 {
            "must end in the check digit (C), and only there"
        } else if measures > 1 {
            "may carry a price (P), a weight (W) or pieces (Q), one of them"
        } else if count('V') > 1 || count('V') == 1 && !matches!(count('P') + count('W'), 4 | 5) {
            "may have one inner check digit (V), over 4 or 5 places of a price or weight"
        } else {
            return Ok(Self(pattern.to_owned()));
        };
        Err(PatternError(format!("pattern {pattern:?} {problem}")))
    }

    /// What a code of 13 digits says; `None` if it is another one.
    pub(super) fn read(&self, code: &str) -> Option<Label> {
        let (mut item, mut measure, mut inner) = (String::new(), String::new(), None);
        let mut letter = None;
        for (place, digit) in self.0.chars().zip(code.chars()) {
            match place {
                'I' => item.push(digit),
                'P' | 'W' | 'Q' => {
                    letter = Some(place);
                    measure.push(digit);
                }
                'V' => inner = Some(digit),
                'C' | 'X' => {}
                literal if literal == digit => {}
                _ => return None,
            }
        }
        // At most ten digits.
        let number = measure.parse::<i64>().unwrap_or_default();
        let carried = match letter {
            Some('P') => Carried::Price(Money(number)),
            Some('W') => Carried::Weight(u32::try_from(number).unwrap_or(u32::MAX)),
            Some('Q') => Carried::Pieces(number),
            _ => Carried::Nothing,
        };
        let is_right = inner.is_none_or(|digit| measure_check_digit_ok(&measure, digit));
        Some(Label { item, carried, is_right })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_pattern_that_cannot_be_read_is_refused() {
        for (pattern, problem) in [
            ("29IIIIPPPPPC", "must have 13 places"),
            ("29IIIIIZZZZZC", "only digits and the letters"),
            ("40IIIIIPPPPPC", "must begin with 2 or 02"),
            ("29XXXXXPPPPPC", "no place for the article number"),
            ("29IIIIIPPPPPP", "must end in the check digit"),
            ("29IIIIPPPWWWC", "one of them"),
            ("29IIIIVVPPPPC", "one inner check digit"),
            ("29IIIIIVPPPXC", "over 4 or 5 places"),
            ("29IIIIIVQQQQC", "over 4 or 5 places"),
        ] {
            let error = EmbeddedPattern::new(pattern).unwrap_err().to_string();
            assert!(error.contains(problem), "{pattern}: {error}");
        }
    }

    #[test]
    fn price_weight_and_pieces_are_read_with_and_without_an_inner_check_digit() {
        for (pattern, code, item, carried, is_right) in [
            ("29IIIIIPPPPPC", "2904711003151", "04711", Carried::Price(Money(315)), true),
            ("28IIIIVWWWWWC", "2812346146850", "1234", Carried::Weight(14_685), true),
            ("28IIIIVWWWWWC", "2812345146850", "1234", Carried::Weight(14_685), false),
            ("27IIIIIVPPPPC", "2712345928750", "12345", Carried::Price(Money(2_875)), true),
            ("27IIIIIVPPPPC", "2712345828750", "12345", Carried::Price(Money(2_875)), false),
            ("02IIIIXXQQQQC", "0212340000120", "1234", Carried::Pieces(12), true),
            ("21IIIIIIIIIIC", "2112345678900", "1234567890", Carried::Nothing, true),
        ] {
            let label = EmbeddedPattern::new(pattern).unwrap().read(code);
            assert_eq!(label, Some(Label { item: item.to_owned(), carried, is_right }), "{code}");
        }
        assert_eq!(EmbeddedPattern::new("29IIIIIPPPPPC").unwrap().read("2804711003151"), None);
    }
}
