//! The scan grammar: what a terminated line of keystrokes is, told by its content alone.
//!
//! Over SSH a scanner's keystrokes arrive in any rhythm, so nothing here knows about time.
//! [`shape`] looks at a line that is still being typed, [`recognise`] at a finished one.

mod coupon;
mod embedded;
mod track;

use super::{CardNumber, CardPattern, Catalogue, Off, ean_check_digit_ok, gs1, pzn_check_digit_ok};

/// Digits behind a sentinel that make a track of a text.
const TRACK_DIGITS: usize = 8;
pub use coupon::CouponPattern;
pub use embedded::{Carried, EmbeddedPattern, PatternError};
use track::{card_in, is_bare_track, swipe};

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
/// keyboard layout), see [`swipe_start`]: a swipe after half a typed number is still a swipe; so is
/// the number of a card with the separator of a track behind it. A symbology identifier `]E0`
/// counts only at the beginning.
#[must_use]
pub fn shape(line: &str) -> Shape {
    if line.is_empty() {
        Shape::Empty
    } else if swipe_start(line).is_some()
        || is_bare_track(line)
        || line.starts_with(']')
        || line.contains(gs1::GS)
    {
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
        /// What the code itself carries.
        carried: Carried,
    },
    /// A coupon.
    Coupon {
        /// Its code.
        code: String,
        /// What it takes off the sale.
        off: Off,
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
    /// Codes that mean a discount.
    pub coupons: Vec<CouponPattern>,
}

/// Recognises a finished line (without its terminator).
///
/// An exact match in the catalogue wins over every rule, so a shop can sell what the vendor
/// printed with a wrong check digit.
#[must_use]
pub fn recognise(line: &str, rules: &ScanRules, catalogue: &Catalogue) -> Scan {
    let (data, is_gs1) = strip_identifier(line.trim());
    // Before a swipe is looked for: addresses hold `%`.
    if let Some(gtin) = gs1::linked_gtin(data) {
        return code(gtin, rules, catalogue);
    }
    if let Some(start) = swipe_start(line) {
        return swipe(line.get(start..).unwrap_or_default(), rules);
    }
    let line = data.trim_matches([gs1::GS, ' ']);
    if line.is_empty() {
        return Scan::Nothing;
    }
    if let Some(article) = exact(line, catalogue) {
        return article;
    }
    if rules.cards.iter().any(|pattern| pattern.matches(line)) {
        return Scan::Card(CardNumber::new(line));
    }
    let is_known = |gtin: &&str| catalogue.by_ean(gtin).is_some();
    let leading = || {
        let separated = is_gs1 || line.contains(gs1::GS);
        gs1::leading_gtin(line).filter(|gtin| separated || is_known(gtin))
    };
    if let Some(gtin) = gs1::gtin(line).or_else(leading) {
        return code(gtin, rules, catalogue);
    }
    if line.bytes().all(|b| b.is_ascii_digit()) {
        return digits(line, rules, catalogue);
    }
    if let Some(framed) = line.strip_prefix('*').and_then(|rest| rest.strip_suffix('*'))
        && !framed.is_empty()
        && !framed.contains('*')
    {
        // The start and stop signs of Code 39, sent along.
        return recognise(framed, rules, catalogue);
    }
    if let Some(number) = line.strip_prefix('-').filter(|number| is_pharmacy_number(number)) {
        return pharmacy(number, catalogue).unwrap_or_else(|| Scan::Unknown(line.to_owned()));
    }
    if let Some(article) = health_industry(line, catalogue) {
        return article;
    }
    if let Some(card) = card_in(line, rules) {
        return card;
    }
    if line.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '.')) {
        return Scan::Unknown(line.to_owned());
    }
    Scan::Words(line.replace(gs1::GS, " "))
}

/// Recognises a line that is known to be a code as a whole: as [`recognise`], but never as words.
#[must_use]
pub fn recognise_code(line: &str, rules: &ScanRules, catalogue: &Catalogue) -> Scan {
    match recognise(line, rules, catalogue) {
        Scan::Words(words) => Scan::Unknown(words),
        scan => scan,
    }
}

fn exact(line: &str, catalogue: &Catalogue) -> Option<Scan> {
    let article = catalogue.by_ean(line).or_else(|| catalogue.by_number(line))?;
    Some(Scan::Article { number: article.number, carried: Carried::Nothing })
}

fn digits(line: &str, rules: &ScanRules, catalogue: &Catalogue) -> Scan {
    // Periodicals and books carry an add-on of two or five digits that has no check digit.
    if matches!(line.len(), 15 | 18)
        && let Some(ean) = line.get(..13).filter(|ean| ean_check_digit_ok(ean))
    {
        return code(ean, rules, catalogue);
    }
    if let Some(card) = card_in(line, rules) {
        return card;
    }
    match line.len() {
        7 => pharmacy(line, catalogue).unwrap_or_else(|| Scan::Unknown(line.to_owned())),
        8 => match pharmacy(line, catalogue).or_else(|| upc_e(line, catalogue)) {
            Some(article) => article,
            None => code(line, rules, catalogue),
        },
        12..=14 => code(line, rules, catalogue),
        _ => Scan::Unknown(line.to_owned()),
    }
}

/// An article code of 8, 12, 13 or 14 digits.
fn code(line: &str, rules: &ScanRules, catalogue: &Catalogue) -> Scan {
    if let Some(article) = exact(line, catalogue) {
        return article;
    }
    // In fourteen digits, an EAN-8 has six zeros in front.
    if let Some(short) = line.strip_prefix("000000").filter(|short| short.len() == 8)
        && let Some(article) = exact(short, catalogue)
    {
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
    // The pharmacy number as an article code (NTIN): 4150, its eight digits, check digit.
    let inside = ean.strip_prefix("4150").and_then(|rest| rest.get(..8));
    if ean.len() == 13
        && let Some(article) = inside.and_then(|number| pharmacy(number, catalogue))
    {
        return article;
    }
    if ean.len() == 13
        && let Some(off) = rules.coupons.iter().find_map(|pattern| pattern.read(&ean))
    {
        return Scan::Coupon { code: ean, off };
    }
    if ean.len() == 13 && (ean.starts_with('2') || ean.starts_with("02")) {
        return in_store(&ean, rules, catalogue);
    }
    Scan::Unknown(line.to_owned())
}

fn is_pharmacy_number(number: &str) -> bool {
    matches!(number.len(), 7 | 8) && number.bytes().all(|b| b.is_ascii_digit())
}

/// The article of a pharmacy number (PZN) of seven or eight digits, without its `-`. The catalogue
/// may have it with or without the sign, in seven or in eight digits.
///
/// Such numbers begin with 0 or 1; an EAN-8 of the trade does not, and every eleventh would pass.
fn pharmacy(number: &str, catalogue: &Catalogue) -> Option<Scan> {
    let long = format!("{number:0>8}");
    if !pzn_check_digit_ok(number) || !long.starts_with(['0', '1']) {
        return None;
    }
    let short = long.strip_prefix('0').unwrap_or(&long);
    [format!("-{long}"), long.clone(), format!("-{short}"), short.to_owned()]
        .iter()
        .find_map(|number| exact(number, catalogue))
}

/// The article of a label of the health industry (HIBC): its number is what stands between `+` and
/// the check character, or all behind `+`.
fn health_industry(line: &str, catalogue: &Catalogue) -> Option<Scan> {
    let body = line.strip_prefix('+').filter(|body| body.len() >= 7 && body.is_ascii())?;
    exact(body, catalogue).or_else(|| exact(body.get(..body.len() - 1)?, catalogue))
}

/// The article of the UPC-A code that the eight digits of a UPC-E code stand for.
fn upc_e(line: &str, catalogue: &Catalogue) -> Option<Scan> {
    let (system, rest) = (line.get(..1)?, line.get(1..7)?);
    let check = line.get(7..)?;
    let (head, last) = (rest.get(..5)?, rest.get(5..)?);
    if !matches!(system, "0" | "1") {
        return None;
    }
    let (two, three, four) = (head.get(..2)?, head.get(..3)?, head.get(..4)?);
    let middle = match last {
        "0" | "1" | "2" => format!("{two}{last}0000{}", head.get(2..)?),
        "3" => format!("{three}00000{}", head.get(3..)?),
        "4" => format!("{four}00000{}", head.get(4..)?),
        _ => format!("{head}0000{last}"),
    };
    let code = format!("{system}{middle}{check}");
    ean_check_digit_ok(&code).then(|| exact(&code, catalogue))?
}

/// A code of the prefixes 2 and 02. Several patterns may have its shape: that counts whose article
/// number is one of the shop.
fn in_store(ean: &str, rules: &ScanRules, catalogue: &Catalogue) -> Scan {
    let mut scan = Scan::InStoreUnknown(ean.to_owned());
    for label in rules.embedded.iter().filter_map(|pattern| pattern.read(ean)) {
        let trimmed = label.item.trim_start_matches('0');
        let article = catalogue.by_number(&label.item).or_else(|| catalogue.by_number(trimmed));
        scan = match article {
            Some(article) if label.is_right => {
                return Scan::Article { number: article.number, carried: label.carried };
            }
            Some(_) => Scan::WrongCheckDigit(ean.to_owned()),
            None if matches!(scan, Scan::InStoreUnknown(_)) => Scan::Unknown(ean.to_owned()),
            None => scan,
        };
    }
    scan
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

#[cfg(test)]
mod swipe_tests;
#[cfg(test)]
mod tests;
