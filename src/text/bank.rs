//! Numbers that pass for a bank card, wherever they stand in a text.
//!
//! Owns the one rule by which such a number is found and hidden. Must not know loyalty cards: what
//! is one is masked before ([`super::mask_cards`]) or recognised before (`shop::scan`).
//!
//! A number passes when it has 12 to 19 digits, satisfies the Luhn formula and is no article code.
//! In the framing of a track (a separator behind it, the `B` of track 1 before it) that is enough;
//! alone, twelve digits must begin as Maestro does, fourteen as Diners does, and thirteen are never
//! a card: such cards are extinct, and every tenth misread article code would be one. Within a
//! longer run, a number of a network's own length and beginning is looked for.

use std::ops::Range;

use super::{ean_check_digit_ok, luhn_ok};

/// Digits of the shortest and of the longest number.
const LENGTHS: std::ops::RangeInclusive<usize> = 12..=19;

/// What stands between number and expiry: the separators of the tracks, a dead key of a German or
/// French layout in their place, or a blank.
const SEPARATORS: [char; 8] = ['=', '^', '´', '`', '¨', '\'', '~', 'D'];

/// Where numbers stand in `text` that pass for a bank card: byte ranges, in order, whole runs of
/// digits with the blanks or hyphens that group them.
#[must_use]
pub fn bank_cards(text: &str) -> Vec<Range<usize>> {
    let runs = runs(text);
    let mut found: Vec<Range<usize>> = Vec::new();
    for (index, run) in runs.iter().enumerate() {
        if found.last().is_some_and(|last| run.start < last.end) {
            continue;
        }
        if let Some(end) = grouped(text, runs.get(index..).unwrap_or_default()) {
            found.push(run.start..end);
            continue;
        }
        let digits = text.get(run.clone()).unwrap_or_default();
        let before = text.get(..run.start).unwrap_or_default();
        let behind = text.get(run.end..).unwrap_or_default();
        let framed = behind.starts_with(SEPARATORS)
            || before.ends_with([';', '%'])
            || before.ends_with(['B', 'b']) && (behind.is_empty() || behind.starts_with('^'));
        if passes(digits, framed) || within(digits) {
            found.push(run.clone());
        }
    }
    found
}

/// `text` with every digit of such a number hidden.
#[must_use]
pub fn hide_bank_cards(text: &str, ascii: bool) -> String {
    let found = bank_cards(text);
    if found.is_empty() {
        return text.to_owned();
    }
    let dot = if ascii { '*' } else { '•' };
    let hidden = |at: usize| found.iter().any(|range| range.contains(&at));
    text.char_indices()
        .map(|(at, c)| if c.is_ascii_digit() && hidden(at) { dot } else { c })
        .collect()
}

/// The maximal runs of digits.
fn runs(text: &str) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (at, _) in text.char_indices().filter(|(_, c)| c.is_ascii_digit()) {
        match runs.last_mut() {
            Some(run) if run.end == at => run.end = at + 1,
            _ => runs.push(at..at + 1),
        }
    }
    runs
}

/// The end of a number that is written in groups (`4111 1111 1111 1111`) and begins with the first
/// of `runs`. A group has two to six digits, and one blank or hyphen stands between two.
fn grouped(text: &str, runs: &[Range<usize>]) -> Option<usize> {
    let mut digits = String::new();
    let mut end = None;
    for (index, run) in runs.iter().enumerate().take(6) {
        if index > 0 {
            let gap = text.get(runs.get(index - 1)?.end..run.start)?;
            if !matches!(gap, " " | "-" | "." | "\u{a0}" | "\u{202f}") {
                break;
            }
        }
        let group = text.get(run.clone())?;
        if !(2..=6).contains(&group.len()) || index == 0 && group.len() != 4 {
            break;
        }
        digits.push_str(group);
        if index > 1 && digits.len() >= 14 && passes(&digits, false) {
            end = Some(run.end);
        }
    }
    end
}

/// Whether the whole of `digits` passes for a bank card.
fn passes(digits: &str, framed: bool) -> bool {
    let begins = |prefixes: &[&str]| prefixes.iter().any(|prefix| digits.starts_with(prefix));
    let with_add_on = digits.get(..13).is_some_and(ean_check_digit_ok);
    // Format code and number of track 3.
    let track_3 = framed && digits.get(2..).is_some_and(|rest| passes(rest, false));
    let alone = match digits.len() {
        12 => begins(&["50", "56", "57", "58", "6"]) && !ean_check_digit_ok(digits),
        14 => begins(&["30", "36", "38", "39"]) && !ean_check_digit_ok(digits),
        15 => begins(&["34", "37"]) || !with_add_on,
        18 => !with_add_on,
        // An article's number with its GS1 identifier.
        16 if is_gtin(digits) => false,
        16 | 17 | 19 => true,
        _ => false,
    };
    track_3 || (alone || framed) && LENGTHS.contains(&digits.len()) && luhn_ok(digits)
}

/// Whether a run that is longer than a number, or has others before it, holds the number of a
/// network: a track whose separator got lost, a serial number behind an application identifier.
fn within(digits: &str) -> bool {
    // A container's number, and an article's with its identifier, are what they look like.
    let goods = match digits.len() {
        18 if ean_check_digit_ok(digits) => return false,
        _ if is_gtin(digits) => 16,
        _ => 0,
    };
    let digits = digits.get(goods..).unwrap_or_default();
    (0..digits.len()).any(|at| {
        let rest = digits.get(at..).unwrap_or_default();
        network_length(rest).and_then(|length| rest.get(..length)).is_some_and(luhn_ok)
    }) && digits.len() > 16
        || goods > 0 && passes(digits, false)
}

/// Whether `digits` begins with the GS1 identifier 01 and an article's number.
fn is_gtin(digits: &str) -> bool {
    digits.starts_with("01") && digits.get(2..16).is_some_and(ean_check_digit_ok)
}

/// The length of the numbers of the network that `digits` begins as.
fn network_length(digits: &str) -> Option<usize> {
    let head: u16 = digits.get(..4)?.parse().ok()?;
    match head {
        4000..=4999 | 5100..=5599 | 2221..=2720 | 6011 | 6200..=6299 | 6440..=6599 => Some(16),
        3400..=3499 | 3700..=3799 => Some(15),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bank_card_is_found_however_it_is_framed() {
        for text in [
            "4111111111111111",
            "4111111111111111=25121010000",
            "4111111111111111^DOE/JANE^2512",
            "4111111111111111 2512",
            "4111111111111111´2512",
            "4111111111111111D2512",
            "B4111111111111111^DOE/JANE^2512",
            "card 4111111111111111, please",
            "4111 1111 1111 1111",
            "4111-1111-1111-1111",
            "3782 822463 10005",
            "378282246310005",
            "30569309025904",
            "+014111111111111111=25",
            "41111111111111112512101",
            "214111111111111111",
            "0104006381333931214111111111111111",
            "10AB\u{1d}214111111111111111",
            "5012345678908=2512",
        ] {
            assert!(!bank_cards(text).is_empty(), "{text}");
            let hidden = hide_bank_cards(text, true);
            assert!(!hidden.contains("1111") && !hidden.contains("2246"), "{hidden}");
        }
    }

    #[test]
    fn goods_are_no_bank_cards() {
        for text in [
            "",
            "4006381333931",
            "4006381333932",
            "4006381333931 4006381333931",
            "400638133393112",
            "400638133393112345",
            "0104006381333931",
            "010400638133393117261231",
            "036000291452",
            "12345 6789 0123",
            "340123450000000000",
            "2 x 500 g, 1.99",
        ] {
            assert_eq!(hide_bank_cards(text, true), text);
        }
    }
}
