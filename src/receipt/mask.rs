//! Card numbers in texts of the server.
//!
//! Owns the finding of numbers in running text; [`crate::text::mask_card`] masks them.

use crate::shop::CardPattern;
use crate::text::mask_card;

/// Which numbers are hidden besides those that look like a card's.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Hidden<'a> {
    /// The card of the sale, of any form.
    pub known: Option<&'a str>,
    /// The one that is not hidden.
    pub but: Option<&'a str>,
}

/// `text` with every loyalty card number masked: the known one, and 16 digits that begin like
/// one, in one run or in four groups.
pub(super) fn mask_numbers(text: &str, hidden: &Hidden) -> String {
    let pattern = CardPattern::default();
    let is_card = |digits: &str| {
        hidden.but != Some(digits) && (hidden.known == Some(digits) || pattern.matches(digits))
    };
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from) = rest.split_at(start);
        out.push_str(before);
        let (digits, length) = number(from, is_card);
        let (raw, after) = from.split_at(length);
        if is_card(&digits) {
            out.push_str(&mask_card(&digits, false));
        } else {
            out.push_str(raw);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The digits that `text` begins with and the bytes they take: four groups of four if they are a
/// card number, one run otherwise.
fn number(text: &str, is_card: impl Fn(&str) -> bool) -> (String, usize) {
    let grouped: String = text.chars().take(19).collect();
    let groups: Vec<&str> = grouped.split([' ', '-']).collect();
    let ends_there =
        !text.get(19..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    if groups.len() == 4 && groups.iter().all(|group| group.len() == 4) && ends_there {
        let digits = groups.concat();
        if is_card(&digits) {
            return (digits, grouped.len());
        }
    }
    let run: String = text.chars().take_while(char::is_ascii_digit).collect();
    let length = run.len();
    (run, length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn card_numbers_are_masked_and_nothing_else() {
        let hidden = Hidden { known: Some("5000111122223333"), but: None };
        for (text, masked) in [
            ("9276004424644352", "9276 •••• •••• 4352"),
            ("Karte 9276004424644352.", "Karte 9276 •••• •••• 4352."),
            ("9276 0044 2464 4352", "9276 •••• •••• 4352"),
            ("9276-0044-2464-4352 x", "9276 •••• •••• 4352 x"),
            ("9276 0044 2464 43521", "9276 0044 2464 43521"),
            ("92760044246443521", "92760044246443521"),
            ("5000111122223333", "5000 •••• •••• 3333"),
            ("4000111122223333", "4000111122223333"),
            ("9276 •••• •••• 4352", "9276 •••• •••• 4352"),
            ("TA 12345678, 2,20 EUR", "TA 12345678, 2,20 EUR"),
            ("1234 9276004424644352", "1234 9276 •••• •••• 4352"),
            ("für 9276004424644352€", "für 9276 •••• •••• 4352€"),
            ("", ""),
        ] {
            assert_eq!(mask_numbers(text, &hidden), masked, "{text}");
        }
    }
}
