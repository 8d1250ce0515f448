//! Text from outside made harmless, and the masking of card numbers.
//!
//! Owns the one sanitiser that every server answer and every imported article passes through,
//! and the width-aware cutting of text. Must not know where a text comes from or where it goes.

mod bank;
mod check;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

pub use bank::{bank_cards, hide_bank_cards};
pub use check::{ean_check_digit_ok, luhn_ok};

/// The longest text kept from outside, in characters; a receipt line or an error never needs more.
pub const LONGEST: usize = 2_000;

/// Removes everything from `raw` that a terminal or a receipt printer would obey.
///
/// Escape sequences (CSI, OSC, DCS, APC, PM, SOS and two-byte ones, with ESC or with their C1
/// introducers) are removed whole, so no `[31m` litter stays. Then C0, C1 and DEL, bidirectional
/// controls, zero-width and other invisible format characters go. Tabs and line ends become one
/// space. The result is cut after [`LONGEST`] characters.
#[must_use]
pub fn sanitise(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len().min(LONGEST));
    let mut kept = 0;
    let mut chars = raw.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\u{1b}' => match chars.next() {
                Some('[') => skip_csi(&mut chars),
                Some(']' | 'P' | 'X' | '^' | '_') => skip_string(&mut chars),
                // Intermediate bytes introduce a longer sequence: skip up to its final byte.
                Some(' '..='/') => {
                    for next in chars.by_ref() {
                        if !(' '..='/').contains(&next) {
                            break;
                        }
                    }
                }
                _ => {}
            },
            '\u{9b}' => skip_csi(&mut chars),
            '\u{90}' | '\u{98}' | '\u{9d}' | '\u{9e}' | '\u{9f}' => skip_string(&mut chars),
            '\t' | '\n' | '\r' => {
                if !out.ends_with(' ') {
                    out.push(' ');
                    kept += 1;
                }
            }
            c if is_harmful(c) => {}
            c => {
                out.push(c);
                kept += 1;
            }
        }
        if kept >= LONGEST {
            break;
        }
    }
    out
}

fn skip_csi(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    for c in chars.by_ref() {
        if ('@'..='~').contains(&c) {
            return;
        }
        // A sequence broken off by another control: nothing after it belongs to it.
        if !(' '..='?').contains(&c) {
            return;
        }
    }
}

fn skip_string(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    while let Some(c) = chars.next() {
        match c {
            '\u{7}' | '\u{9c}' => return,
            '\u{1b}' => {
                if chars.peek() == Some(&'\\') {
                    chars.next();
                }
                return;
            }
            _ => {}
        }
    }
}

/// Characters that are never shown: controls, bidirectional controls, invisible format characters.
#[must_use]
pub fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Columns that `text` takes on a terminal.
#[must_use]
pub fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// `text` cut to at most `columns`, ending in `…` (or `~` for `ascii`) where something was cut.
#[must_use]
pub fn fit(text: &str, columns: usize, ascii: bool) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 0;
    for c in text.chars() {
        let w = c.width().unwrap_or(0);
        if used + w + 1 > columns {
            break;
        }
        used += w;
        out.push(c);
    }
    if columns > 0 {
        out.push(if ascii { '~' } else { '…' });
    }
    out
}

/// A card number as people may see it: `9276 •••• •••• 2845`, with `*` where only ASCII is safe.
///
/// Numbers shorter than twelve characters keep only their last two.
#[must_use]
pub fn mask_card(number: &str, ascii: bool) -> String {
    let dot = if ascii { '*' } else { '•' };
    let chars: Vec<char> = number.chars().filter(|c| !is_harmful(*c)).collect();
    let (head, tail) = if chars.len() >= 12 { (4, 4) } else { (0, 2) };
    let mut out = String::new();
    for (index, c) in chars.iter().enumerate() {
        if index > 0 && index % 4 == 0 {
            out.push(' ');
        }
        out.push(if index < head || index + tail >= chars.len() { *c } else { dot });
    }
    out
}

/// What every card number of the scheme begins with, and how many digits it has.
const CARD: (&str, usize) = ("9276", 16);

/// `text` with every card number of the scheme masked, wherever it stands: alone, in groups, in an
/// address, or inside a longer run of digits, where its security code may follow it. What passes
/// for a bank card is hidden whole.
#[must_use]
pub fn mask_cards(text: &str, ascii: bool) -> String {
    hide_bank_cards(&mask_scheme_cards(text, ascii), ascii)
}

/// As [`mask_cards`], for what can hold no bank card, like the numbers that a program wrote: every
/// tenth of their length would pass for one.
#[must_use]
pub fn mask_scheme_cards(text: &str, ascii: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| CARD.0.starts_with(c)) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let taken = if let Some((digits, taken)) = card_at(from) {
            out.push_str(&mask_card(&digits, ascii));
            taken
        } else {
            out.extend(from.chars().next());
            1
        };
        rest = from.get(taken..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// The card number that `text` begins with and the bytes it takes. One sign or escaped blank may
/// stand between two digits.
fn card_at(text: &str) -> Option<(String, usize)> {
    let mut digits = String::with_capacity(CARD.1);
    let mut rest = text;
    while digits.len() < CARD.1 {
        if !digits.is_empty() && !rest.starts_with(|c: char| c.is_ascii_digit()) {
            let gap = ["%20", "%2B", "%2b", " ", "-", "+", ".", "/", "_", "\u{a0}", "\u{202f}"];
            rest = gap.iter().find_map(|gap| rest.strip_prefix(gap))?;
        }
        let digit = rest.chars().next().filter(char::is_ascii_digit)?;
        digits.push(digit);
        rest = rest.get(1..)?;
        if digits.len() == CARD.0.len() && digits != CARD.0 {
            return None;
        }
    }
    Some((digits, text.len() - rest.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn card_numbers_are_found_wherever_they_stand() {
        for (text, masked) in [
            ("9276004429942845", "9276 **** **** 2845"),
            (";9276004429942845=9912?", ";9276 **** **** 2845=9912?"),
            ("19276004429942845123", "19276 **** **** 2845123"),
            ("ä9276004429942845ä9276004429942846", "ä9276 **** **** 2845ä9276 **** **** 2846"),
            ("?q=9276+0044%202994-2845&b", "?q=9276 **** **** 2845&b"),
            ("9276 0044 2994 2845", "9276 **** **** 2845"),
            ("927600442994284", "927600442994284"),
            ("9276  004429942845", "9276  004429942845"),
            ("4000123412341234", "****************"),
            ("4000123412341235", "4000123412341235"),
            ("4111 1111 1111 1111=25", "**** **** **** ****=25"),
            ("92769276004429942845", "9276 **** **** 29942845"),
            ("99276004429942845", "99276 **** **** 2845"),
            ("9276 **** **** 2845", "9276 **** **** 2845"),
            ("9.27", "9.27"),
            ("", ""),
        ] {
            assert_eq!(mask_cards(text, true), masked, "{text}");
        }
        assert_eq!(mask_cards("9276004429942845", false), "9276 •••• •••• 2845");
    }

    #[test]
    fn escape_sequences_and_controls_are_removed_whole() {
        for (raw, clean) in [
            ("a\u{1b}[31mred\u{1b}[0m", "ared"),
            ("a\u{1b}]52;c;aGk=\u{7}b", "ab"),
            ("a\u{1b}]0;title\u{1b}\\b", "ab"),
            ("a\u{1b}P1$rx\u{1b}\\b", "ab"),
            ("a\u{9b}2Jb", "ab"),
            ("a\u{9d}0;t\u{9c}b", "ab"),
            ("a\u{1b}(0b", "ab"),
            ("a\u{1b}cb", "ab"),
            ("a\u{1b}", "a"),
            ("line\r\nnext\tend", "line next end"),
            ("x\u{202e}y\u{200b}z\u{feff}\u{7f}\u{85}", "xyz"),
            ("Brötchen 2 € – ß", "Brötchen 2 € – ß"),
        ] {
            assert_eq!(sanitise(raw), clean, "{raw:?}");
        }
    }

    #[test]
    fn a_million_characters_are_cut_to_the_longest_text() {
        assert_eq!(sanitise(&"x".repeat(1_000_000)).len(), LONGEST);
    }

    #[test]
    fn card_numbers_are_masked() {
        assert_eq!(mask_card("9276004429942845", false), "9276 •••• •••• 2845");
        assert_eq!(mask_card("9276004429942845", true), "9276 **** **** 2845");
        assert_eq!(mask_card("4471", true), "**71");
        assert_eq!(mask_card("", true), "");
    }

    #[test]
    fn text_is_fitted_by_columns() {
        assert_eq!(fit("Sandwich", 8, false), "Sandwich");
        assert_eq!(fit("Sandwich", 5, false), "Sand…");
        assert_eq!(fit("日本語", 4, true), "日~");
        assert_eq!(fit("abc", 0, false), "");
    }
}
