//! The scan grammar: what a terminated line of keystrokes is, told by its content alone.
//!
//! Over SSH a scanner's keystrokes arrive in any rhythm, so nothing here knows about time.
//! [`shape`] looks at a line that is still being typed, [`recognise`] at a finished one.

use super::{CardNumber, CardPattern, Catalogue, ean_check_digit_ok, luhn_ok};
use crate::money::Money;

/// Digits behind a sentinel that make a track of a text.
const TRACK_DIGITS: usize = 8;

/// What kind of line is being typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Nothing yet.
    Empty,
    /// Digits, with decimal signs: `*`, `+`, `-` and `/` after it are commands.
    Number,
    /// A text: the signs above belong to it.
    Text,
    /// A swipe or a code with a symbology identifier: everything up to the terminator belongs to
    /// it and nothing of it may be shown.
    Raw,
}

/// The shape of a line so far.
///
/// A swipe begins with `%` or `;`, or with `ö` before a digit (a US-mode reader on a German
/// keyboard layout), see [`swipe_start`]: a swipe after half a typed number is still a swipe. A
/// symbology identifier `]E0` counts only at the beginning.
#[must_use]
pub fn shape(line: &str) -> Shape {
    if line.is_empty() {
        Shape::Empty
    } else if swipe_start(line).is_some() || line.starts_with(']') || line.contains('\u{1d}') {
        Shape::Raw
    } else if line.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '.')) {
        Shape::Number
    } else {
        Shape::Text
    }
}

/// What a finished line is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scan {
    /// An article of the catalogue, by number or code.
    Article {
        /// Its number.
        number: String,
        /// The price carried by the code itself, if it carries one.
        price: Option<Money>,
        /// The pieces carried by the code itself, if it carries them.
        quantity: Option<i64>,
    },
    /// A loyalty card.
    Card(CardNumber),
    /// A well-formed code or number that no article has. The text may be shown.
    Unknown(String),
    /// A code of an article's length with a wrong check digit, and in no catalogue.
    WrongCheckDigit(String),
    /// A shop's own code (prefix 2) that no pattern covers.
    InStoreUnknown(String),
    /// A bank card, or what looks like one. Carries nothing on purpose.
    BankCard,
    /// A swipe without a usable card number. Carries nothing on purpose.
    UnreadableSwipe,
    /// Words: an article search.
    Words(String),
    /// Nothing was typed.
    Nothing,
}

/// What to recognise besides the standard codes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScanRules {
    /// Loyalty card numbers.
    pub cards: Vec<CardPattern>,
    /// The shop's own codes with a price or a quantity inside.
    pub embedded: Vec<EmbeddedPattern>,
}

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

    fn read(&self, code: &str) -> Option<(String, Option<Money>, Option<i64>)> {
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

/// Recognises a finished line (without its terminator).
///
/// An exact match in the catalogue wins over every rule, so a shop can sell what the vendor
/// printed with a wrong check digit.
#[must_use]
pub fn recognise(line: &str, rules: &ScanRules, catalogue: &Catalogue) -> Scan {
    if let Some(start) = swipe_start(line) {
        return swipe(line.get(start..).unwrap_or_default(), rules);
    }
    let (line, gs1) = strip_identifier(line.trim());
    let line = line.trim_matches(['\u{1d}', ' ']);
    if line.is_empty() {
        return Scan::Nothing;
    }
    if let Some(article) = exact(line, catalogue) {
        return article;
    }
    if (gs1 || line.contains('\u{1d}') || line.len() == 16)
        && let Some(gtin) = gs1_article(line)
    {
        return code(gtin, rules, catalogue);
    }
    if line.bytes().all(|b| b.is_ascii_digit()) {
        return digits(line, rules, catalogue);
    }
    if line.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '.')) {
        return Scan::Unknown(line.to_owned());
    }
    Scan::Words(line.replace('\u{1d}', " "))
}

fn exact(line: &str, catalogue: &Catalogue) -> Option<Scan> {
    let article = catalogue.by_ean(line).or_else(|| catalogue.by_number(line))?;
    Some(Scan::Article { number: article.number.clone(), price: None, quantity: None })
}

fn digits(line: &str, rules: &ScanRules, catalogue: &Catalogue) -> Scan {
    if rules.cards.iter().any(|pattern| pattern.matches(line)) {
        return Scan::Card(CardNumber::new(line));
    }
    if looks_like_bank_card(line) {
        return Scan::BankCard;
    }
    match line.len() {
        8 | 12 | 13 | 14 => code(line, rules, catalogue),
        // Periodicals and books carry an add-on of two or five digits that has no check digit.
        15 | 18 => match line.get(..13) {
            Some(ean) if ean_check_digit_ok(ean) => code(ean, rules, catalogue),
            _ => Scan::Unknown(line.to_owned()),
        },
        _ => Scan::Unknown(line.to_owned()),
    }
}

/// An article code of 8, 12, 13 or 14 digits.
fn code(line: &str, rules: &ScanRules, catalogue: &Catalogue) -> Scan {
    if let Some(article) = exact(line, catalogue) {
        return article;
    }
    if !ean_check_digit_ok(line) {
        return Scan::WrongCheckDigit(line.to_owned());
    }
    // A GTIN-14 that begins with zero is a shorter code with zeros in front.
    let ean = match line.len() {
        12 => format!("0{line}"),
        14 => line.strip_prefix('0').unwrap_or(line).to_owned(),
        _ => line.to_owned(),
    };
    if ean.len() == 13 && (ean.starts_with('2') || ean.starts_with("02")) {
        return in_store(&ean, rules, catalogue);
    }
    Scan::Unknown(line.to_owned())
}

fn in_store(ean: &str, rules: &ScanRules, catalogue: &Catalogue) -> Scan {
    for pattern in &rules.embedded {
        if let Some((item, price, quantity)) = pattern.read(ean) {
            let trimmed = item.trim_start_matches('0');
            return match catalogue.by_number(&item).or_else(|| catalogue.by_number(trimmed)) {
                Some(article) => Scan::Article { number: article.number.clone(), price, quantity },
                None => Scan::Unknown(ean.to_owned()),
            };
        }
    }
    Scan::InStoreUnknown(ean.to_owned())
}

/// Luhn-valid and of a bank card's length and beginning, unless the number is an article code.
///
/// Thirteen digits are never taken for a bank card: such cards are extinct, and every tenth
/// misread article code would be one.
fn looks_like_bank_card(line: &str) -> bool {
    let begins = |prefixes: &[&str]| prefixes.iter().any(|prefix| line.starts_with(prefix));
    let plausible = match line.len() {
        14 => begins(&["30", "36", "38", "39"]) && !ean_check_digit_ok(line),
        15 => begins(&["34", "37"]) || !line.get(..13).is_some_and(ean_check_digit_ok),
        18 => !line.get(..13).is_some_and(ean_check_digit_ok),
        16 | 17 | 19 => true,
        _ => false,
    };
    plausible && luhn_ok(line)
}

/// Where a swipe begins, in bytes, if the line contains one.
///
/// Behind a number it begins with its sentinel. Behind anything else that sign may belong to a
/// search ("milk 3,5%"), so there only with a track behind it: those digits are of a card.
#[must_use]
pub fn swipe_start(line: &str) -> Option<usize> {
    let number = |text: &str| text.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '.'));
    line.char_indices().find_map(|(index, c)| {
        let (before, behind) = (line.get(..index)?, line.get(index + c.len_utf8()..)?);
        let begins = match c {
            '%' | ';' => number(before) || is_track(behind),
            'ö' | 'Ö' if number(before) => behind.starts_with(|c: char| c.is_ascii_digit()),
            'ö' | 'Ö' => is_track(behind),
            _ => false,
        };
        begins.then_some(index)
    })
}

/// Whether a card's track begins here: a format letter perhaps, then a number that no search holds.
fn is_track(text: &str) -> bool {
    let number = text.strip_prefix(|c: char| c.is_ascii_alphabetic()).unwrap_or(text);
    number.bytes().take(TRACK_DIGITS).filter(u8::is_ascii_digit).count() == TRACK_DIGITS
}

/// Finds the card number in the tracks of a swipe: the first run of digits that is one.
fn swipe(tracks: &str, rules: &ScanRules) -> Scan {
    let mut bank_card = false;
    for run in tracks.split(|c: char| !c.is_ascii_digit()).filter(|run| run.len() >= 8) {
        for pattern in &rules.cards {
            // The field separator is a dead key on some layouts and may be missing: then the
            // number is followed by the track's other digits.
            if let Some(head) = run.get(..pattern.length)
                && pattern.matches(head)
            {
                return Scan::Card(CardNumber::new(head));
            }
        }
        bank_card |= (13..=19).contains(&run.len()) && luhn_ok(run);
    }
    if bank_card { Scan::BankCard } else { Scan::UnreadableSwipe }
}

/// Strips a symbology identifier (`]E0`, `]C1`, …); the flag tells that the data is GS1-structured.
fn strip_identifier(line: &str) -> (&str, bool) {
    let mut chars = line.chars();
    let (Some(']'), Some(symbology), Some(modifier)) = (chars.next(), chars.next(), chars.next())
    else {
        return (line, false);
    };
    if !symbology.is_ascii_alphabetic() || !modifier.is_ascii_alphanumeric() {
        return (line, false);
    }
    let gs1 = matches!((symbology, modifier), ('C', '1') | ('e', '0') | ('d', '2') | ('Q', '3'));
    (chars.as_str(), gs1)
}

/// The article code of GS1 data: application identifier 01 and fourteen digits with a valid
/// check digit at the beginning.
fn gs1_article(line: &str) -> Option<&str> {
    let gtin = line.strip_prefix("01")?.get(..14)?;
    ean_check_digit_ok(gtin).then_some(gtin)
}

#[cfg(test)]
mod swipe_tests;
#[cfg(test)]
mod tests;
