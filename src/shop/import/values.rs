//! What the values of an article file mean: numbers, codes, amounts, rates, decisions.
//!
//! Each function reads one trimmed value that is not empty, or says what is wrong with it. Nothing
//! is guessed: what may mean two things is refused.

use super::{Options, What};
use crate::money::Percent;
use crate::shop::catalogue::is_same_code;
use crate::shop::vat::HIGHEST_RATE;
use crate::shop::{Unit, Vat, ean_check_digit_ok, pzn_check_digit_ok};
use crate::text::width;

/// The longest article number.
pub(super) const LONGEST_NUMBER: usize = 20;
/// Digits before a `-` that the till takes for a quantity.
const QUANTITY_DIGITS: usize = 3;
/// Codes of one article at the most.
pub(super) const MOST_CODES: usize = 100;
/// What a spreadsheet takes for the beginning of a formula.
pub const FORMULA: [char; 4] = ['=', '+', '-', '@'];
/// Invisible characters that may follow each other: accents of one letter.
const MOST_MARKS: usize = 3;

/// Harmless text of at most `longest` characters, and whether something was cut.
pub(super) fn text(raw: &str, longest: usize) -> (String, bool) {
    let clean = crate::text::sanitise(raw);
    let clean = unmarked(clean.trim());
    let (mut out, mut kept, mut marks) = (String::new(), 0, 0);
    for c in clean.trim().chars() {
        if c.is_ascii() {
            marks = 0;
        } else if width(c.encode_utf8(&mut [0; 4])) == 0 {
            marks += 1;
            if marks > MOST_MARKS {
                continue;
            }
        } else {
            marks = 0;
        }
        if kept == longest {
            return (out.trim_end().to_owned(), true);
        }
        out.push(c);
        kept += 1;
    }
    out.shrink_to_fit();
    (out, false)
}

/// A text without the apostrophe that keeps a spreadsheet from taking it for a formula.
fn unmarked(text: &str) -> &str {
    let formula = |rest: &&str| rest.starts_with(FORMULA);
    text.strip_prefix('\'').filter(formula).unwrap_or(text)
}

/// A number as a spreadsheet protects it: `'00123` and `="00123"` are 00123.
pub(super) fn unprotected(text: &str) -> &str {
    let inner = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    inner.or_else(|| text.strip_prefix('\'')).unwrap_or(text).trim()
}

/// A number that a program has read as a decimal one: `100.0` is 100.
fn without_zeros<'a>(text: &'a str, signs: &[char]) -> &'a str {
    let whole = text.split_once(signs).filter(|(whole, zeros)| {
        whole.bytes().all(|byte| byte.is_ascii_digit())
            && !zeros.is_empty()
            && zeros.bytes().all(|byte| byte == b'0')
    });
    whole.map_or(text, |(whole, _)| whole)
}

/// A pharmacy number with its sign, `-03161577`.
fn is_pharmacy_number(text: &str) -> bool {
    text.strip_prefix('-').is_some_and(pzn_check_digit_ok)
}

/// `4,00638E+12`.
fn is_scientific(text: &str) -> bool {
    text.split_once(['E', 'e']).is_some_and(|(digits, power)| {
        let power = power.strip_prefix(['+', '-']);
        let mut signs = digits.bytes().filter(|byte| !byte.is_ascii_digit());
        power.is_some_and(|power| !power.is_empty() && power.bytes().all(|b| b.is_ascii_digit()))
            && digits.starts_with(|c: char| c.is_ascii_digit())
            && signs.next().is_none_or(|sign| matches!(sign, b',' | b'.'))
            && signs.next().is_none()
    })
}

pub(super) fn number(text: &str) -> Result<String, What> {
    let text = without_zeros(unprotected(text), &['.']);
    if is_pharmacy_number(text) {
        return Ok(text.to_owned());
    }
    if is_scientific(text) {
        return Err(What::LostDigits);
    }
    let ends = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let inside =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/');
    if text.len() > LONGEST_NUMBER
        || !ends(text.chars().next())
        || !ends(text.chars().last())
        || !text.bytes().all(inside)
    {
        return Err(What::NotNumber);
    }
    // Scanned, `12-345` would be twelve returns of 345.
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if text.split_once('-').is_some_and(|(before, behind)| {
        before.len() <= QUANTITY_DIGITS && is_digits(before) && is_digits(behind)
    }) {
        return Err(What::KeyInNumber);
    }
    Ok(text.to_owned())
}

/// All codes of a field, and how many of them had lost leading zeros.
pub(super) fn codes(text: &str) -> Result<(Vec<String>, usize), What> {
    let text = unprotected(text);
    if is_scientific(text) {
        return Err(What::LostDigits);
    }
    let whole = without_zeros(text, &['.', ',']);
    let (mut codes, mut padded) = (Vec::<String>::new(), 0);
    let mut add = |code: (String, bool)| {
        padded += usize::from(code.1);
        if !codes.iter().any(|own| is_same_code(own, &code.0)) {
            codes.push(code.0);
        }
        if codes.len() > MOST_CODES { Err(What::ManyCodes(MOST_CODES)) } else { Ok(()) }
    };
    for part in whole.split([',', ';', '|', '\n', '\r']).map(str::trim).filter(|p| !p.is_empty()) {
        // "4 006381 333931" is one code as it is printed, with a right check digit.
        let joined: String = part.split_whitespace().collect();
        if part != joined && (12..=14).contains(&joined.len()) && ean_check_digit_ok(&joined) {
            add((joined, false))?;
            continue;
        }
        for word in part.split_whitespace() {
            add(code(unprotected(word))?)?;
        }
    }
    Ok((codes, padded))
}

/// One code, and whether leading zeros were put back: only where the check digit then is right.
fn code(text: &str) -> Result<(String, bool), What> {
    if is_pharmacy_number(text) {
        return Ok((text.to_owned(), false));
    }
    if is_scientific(text) {
        return Err(What::LostDigits);
    }
    let digits = text.replace('-', "");
    if text.starts_with('-') || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(What::NotCode);
    }
    if matches!(digits.len(), 8 | 12 | 13 | 14) {
        return Ok((digits, false));
    }
    if matches!(digits.len(), 7 | 11) {
        let padded = format!("0{digits}");
        if ean_check_digit_ok(&padded) {
            return Ok((padded, true));
        }
    }
    Err(What::NotCode)
}

/// Whether a price says that it is asked for at the till.
pub(super) fn is_open(text: &str) -> bool {
    ["open", "offen"].contains(&text.to_lowercase().as_str())
}

/// A rate, `19`, `8.1 %` or `USt 7%`, or a class of the shop.
pub(super) fn vat(text: &str, options: &Options) -> Result<Vat, What> {
    if let Some(class) = options.classes.named(text) {
        return Ok(Vat::Class(class.to_owned()));
    }
    let is_word = |word: &&str| {
        let plain: String = word.to_lowercase().chars().filter(|c| c.is_alphabetic()).collect();
        ["ust", "mwst", "vat", "tax", "steuer", "umsatzsteuer", "mehrwertsteuer", "inkl"]
            .contains(&plain.as_str())
    };
    let words: Vec<&str> = text.split_whitespace().filter(|word| !is_word(word)).collect();
    let Some(rate) = Percent::parse(&words.join(" ")).filter(|rate| *rate <= HIGHEST_RATE) else {
        let known: Vec<&str> = options.classes.names().collect();
        return Err(if known.is_empty() {
            What::NotRate
        } else {
            What::UnknownClass(known.join(", "))
        });
    };
    if rate > Percent::ZERO && rate < Percent::whole(1) {
        return Err(What::Fraction);
    }
    Ok(Vat::Rate(rate))
}

/// A piece or a kilogram. What goods are packed in counts as a piece.
pub(super) fn unit(text: &str) -> Result<Unit, What> {
    const PIECES: &[&str] = &[
        "piece",
        "pieces",
        "stk",
        "stck",
        "stück",
        "stueck",
        "st",
        "pc",
        "pcs",
        "pce",
        "ea",
        "each",
        "unit",
        "units",
        "h87",
        "c62",
        "packung",
        "pack",
        "packs",
        "pkg",
        "pck",
        "pak",
        "flasche",
        "fl",
        "dose",
        "glas",
        "beutel",
        "karton",
        "ktn",
        "kiste",
        "schachtel",
        "set",
        "paar",
        "tüte",
        "becher",
        "sack",
        "rolle",
        "bund",
        "eimer",
        "tube",
        "kasten",
        "box",
        "bottle",
        "can",
        "bag",
        "nar",
    ];
    const KILOGRAMS: &[&str] = &["kilogram", "kilogramm", "kilo", "kg", "kgm", "kgs", "1kg"];
    let plain: String = text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    if PIECES.contains(&plain.as_str()) {
        Ok(Unit::Piece)
    } else if KILOGRAMS.contains(&plain.as_str()) {
        Ok(Unit::Kilogram)
    } else {
        Err(What::NotUnit(super::problem::short(text)))
    }
}

/// The number of the deposit article; `None` for none.
pub(super) fn deposit(text: &str) -> Result<Option<String>, What> {
    let plain = text.trim_matches(|c: char| "€ EURO".contains(c));
    let is_amount = plain.contains(['.', ',']) || plain != text;
    if plain.bytes().all(|byte| matches!(byte, b'0' | b'.' | b',')) {
        return Ok(None);
    }
    if is_amount && plain.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',')) {
        return Err(What::DepositAmount);
    }
    number(text).map(Some)
}

/// The customer's least age, `16`, `ab 18` or `18+`; 0 for none.
pub(super) fn age(text: &str) -> Result<Option<u8>, What> {
    let words = text.to_lowercase();
    let is_word =
        |word: &&str| !["ab", "jahre", "jahren", "years", "fsk", "usk", "j"].contains(word);
    let left: Vec<&str> = words.split_whitespace().filter(is_word).collect();
    let digits = left.join(" ");
    let digits = digits.trim_end_matches('+');
    if digits.is_empty() || digits.len() > 2 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(What::NotAge);
    }
    Ok(digits.parse().ok().filter(|age| *age > 0))
}

/// Yes or no.
pub(super) fn decision(text: &str) -> Result<bool, What> {
    const YES: &[&str] = &["1", "x", "ja", "j", "yes", "y", "true", "wahr", "on"];
    const NO: &[&str] = &["0", "nein", "n", "no", "false", "falsch", "off", "-"];
    let lower = text.to_lowercase();
    if YES.contains(&lower.as_str()) {
        Ok(true)
    } else if NO.contains(&lower.as_str()) {
        Ok(false)
    } else {
        Err(What::NotYesNo)
    }
}

/// Whether an article may not be sold.
pub(super) fn locked(text: &str) -> Result<bool, What> {
    match text.to_lowercase().as_str() {
        "gesperrt" | "locked" | "blocked" | "inaktiv" | "inactive" => Ok(true),
        _ => decision(text),
    }
}

/// Whether an article is sold: a decision, or a web shop's word for it.
pub(super) fn active(text: &str) -> Result<bool, What> {
    match text.to_lowercase().as_str() {
        "active" | "aktiv" | "publish" | "published" => Ok(true),
        // -1: a draft of WooCommerce.
        "draft" | "archived" | "inactive" | "inaktiv" | "private" | "pending" | "unlisted"
        | "-1" => Ok(false),
        _ => decision(text),
    }
}

/// How many pieces a pack holds.
pub(super) fn pieces(text: &str) -> Result<u16, What> {
    let digits =
        text.split_once([',', '.']).filter(|(_, zeros)| zeros.bytes().all(|byte| byte == b'0'));
    if digits.is_some_and(|(_, zeros)| zeros.len() == 3) {
        return Err(What::Ambiguous);
    }
    let digits = digits.map_or(text, |(digits, _)| digits);
    let is_short = digits.len() <= 4 && digits.bytes().all(|b| b.is_ascii_digit());
    let pieces = digits.parse().ok().filter(|pieces| is_short && *pieces >= 2);
    pieces.ok_or(What::NotPieces)
}
