//! Magnetic tracks: card numbers with and without the sentinels of a swipe.
//!
//! Must not tell what a number is besides: a loyalty card's is recognised by its pattern alone, a
//! bank card's carries nothing on purpose.

use super::{Scan, ScanRules};
use crate::shop::CardNumber;
use crate::text::{bank_cards, luhn_ok};

/// What stands behind the number of a card: the separators of the tracks, a dead key of another
/// layout in their place, or a blank.
const SEPARATORS: [char; 8] = ['=', '^', '´', '`', '¨', '\'', '~', ' '];

/// Digits behind a number whose separator got lost: expiry and service code at the least.
const EXPIRY: usize = 7;

/// Finds the card number in the tracks of a swipe: the first run of digits that is one.
pub(super) fn swipe(tracks: &str, rules: &ScanRules) -> Scan {
    let mut bank_card = false;
    for run in tracks.split(|c: char| !c.is_ascii_digit()).filter(|run| run.len() >= 8) {
        for pattern in &rules.cards {
            // The field separator is a dead key on some layouts and may be missing: then the
            // number is followed by the track's other digits. Track 3 has two digits before it.
            for start in [0, 2] {
                if let Some(head) = run.get(start..start + pattern.length)
                    && pattern.matches(head)
                    && (start == 0 || run.len() == start + pattern.length)
                {
                    return Scan::Card(CardNumber::new(head));
                }
            }
        }
        bank_card |= (12..=19).contains(&run.len()) && luhn_ok(run);
    }
    if bank_card || !bank_cards(tracks).is_empty() { Scan::BankCard } else { Scan::UnreadableSwipe }
}

/// Whether `line` is a track whose start sentinel was not sent: a card's number at its beginning,
/// perhaps behind the `B` of track 1, and a separator behind it.
pub(super) fn is_bare_track(line: &str) -> bool {
    let line = line.strip_prefix(['B', 'b', '+']).unwrap_or(line);
    let digits = line.find(|c: char| !c.is_ascii_digit()).unwrap_or(line.len());
    (12..=21).contains(&digits)
        && line.get(digits..).is_some_and(|rest| rest.starts_with(SEPARATORS))
}

/// What the numbers in a line say that is no code of goods: a track without its sentinels, or a
/// bank card's number anywhere. `None`: there is none.
pub(super) fn card_in(line: &str, rules: &ScanRules) -> Option<Scan> {
    let lost_separator = line.len() >= 12 + EXPIRY && line.bytes().all(|b| b.is_ascii_digit());
    if is_bare_track(line) || lost_separator {
        let known = swipe(line, rules);
        if matches!(known, Scan::Card(_)) && (!lost_separator || has_expiry(line, rules)) {
            return Some(known);
        }
    }
    (!bank_cards(line).is_empty()).then_some(Scan::BankCard)
}

/// A loyalty card's number at the beginning of so many digits that a track's others follow it.
fn has_expiry(line: &str, rules: &ScanRules) -> bool {
    rules.cards.iter().any(|pattern| {
        line.len() >= pattern.length + EXPIRY
            && line.get(..pattern.length).is_some_and(|head| pattern.matches(head))
    })
}
