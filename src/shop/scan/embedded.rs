//! Patterns of the codes that a shop defines itself.

use crate::money::Money;

/// A pattern for codes of the prefixes 2 and 02, like `29IIIIIPPPPPC`: literal digits, `I` digits
/// of the article number, `P` price in minor units, `Q` pieces, `C` check digit, `X` ignored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmbeddedPattern(String);

/// Why a pattern is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct PatternError(String);

impl EmbeddedPattern {
    /// Checks and takes a pattern.
    ///
    /// # Errors
    /// [`PatternError`] says what is wrong: length, letters, prefix, or no article number.
    pub fn new(pattern: &str) -> Result<Self, PatternError> {
        let problem = if pattern.len() != 13 {
            "must have 13 places"
        } else if !pattern.bytes().all(|b| b.is_ascii_digit() || b"IPQCX".contains(&b)) {
            "may contain only digits and the letters I, P, Q, C, X"
        } else if !(pattern.starts_with('2') || pattern.starts_with("02")) {
            "must begin with 2 or 02, the codes that a shop may define itself"
        } else if !pattern.contains('I') {
            "has no place for the article number (I)"
        } else if !pattern.ends_with('C') || pattern.matches('C').count() != 1 {
            "must end in the check digit (C), and only there"
        } else if pattern.contains('P') && pattern.contains('Q') {
            "may carry a price (P) or pieces (Q), not both"
        } else {
            return Ok(Self(pattern.to_owned()));
        };
        Err(PatternError(format!("pattern {pattern:?} {problem}")))
    }

    /// Article number, price and pieces of a code of 13 digits; `None` if it is another one.
    pub(super) fn read(&self, code: &str) -> Option<(String, Option<Money>, Option<i64>)> {
        let (mut item, mut price, mut pieces) = (String::new(), String::new(), String::new());
        for (place, digit) in self.0.chars().zip(code.chars()) {
            match place {
                'I' => item.push(digit),
                'P' => price.push(digit),
                'Q' => pieces.push(digit),
                'C' | 'X' => {}
                literal if literal == digit => {}
                _ => return None,
            }
        }
        let number = |digits: &str| digits.parse::<i64>().ok();
        Some((item, number(&price).map(Money), number(&pieces)))
    }
}
