//! Card numbers hidden in whatever leaves the journal for people or other programs.
//!
//! Owns finding them inside longer texts; how a masked number looks is `text`'s business.

use serde_json::{Map, Value};

use crate::text::mask_card;

/// What every card number of the scheme begins with.
const PREFIX: &[u8] = b"9276";
/// How many digits it has.
const DIGITS: usize = 16;

/// `text` with every run of 16 digits that begins with 9276 masked, in ASCII.
///
/// Also inside longer runs: a card number with its security code behind it is no better.
pub(super) fn cards(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, number, after)) = first_card(rest) {
        out.push_str(before);
        out.push_str(&mask_card(number, true));
        rest = after;
    }
    out.push_str(rest);
    out
}

fn first_card(text: &str) -> Option<(&str, &str, &str)> {
    let is_card =
        |window: &[u8]| window.starts_with(PREFIX) && window.iter().all(u8::is_ascii_digit);
    let start = text.as_bytes().windows(DIGITS).position(is_card)?;
    let (before, found) = text.split_at_checked(start)?;
    let (number, after) = found.split_at_checked(DIGITS)?;
    Some((before, number, after))
}

/// `value` with the card numbers masked in its texts, keys and numbers.
pub(super) fn cards_in(value: &Value) -> Value {
    match value {
        Value::Null | Value::Bool(_) => value.clone(),
        Value::Number(number) => {
            let text = number.to_string();
            let masked = cards(&text);
            if masked == text { value.clone() } else { Value::String(masked) }
        }
        Value::String(text) => Value::String(cards(text)),
        Value::Array(items) => items.iter().map(cards_in).collect(),
        Value::Object(fields) => Value::Object(
            fields
                .iter()
                .map(|(key, value)| (cards(key), cards_in(value)))
                .collect::<Map<String, Value>>(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn card_numbers_are_found_wherever_they_stand() {
        for (text, masked) in [
            ("9276004429942845", "9276 **** **** 2845"),
            (";9276004429942845=9912?", ";9276 **** **** 2845=9912?"),
            ("19276004429942845123", "19276 **** **** 2845123"),
            ("ä9276004429942845ä9276004429942846", "ä9276 **** **** 2845ä9276 **** **** 2846"),
            ("927600442994284", "927600442994284"),
            ("4000123412341234", "4000123412341234"),
            ("92769276004429942845", "9276 **** **** 29942845"),
            ("", ""),
        ] {
            assert_eq!(cards(text), masked, "{text}");
        }
    }

    #[test]
    fn keys_texts_and_numbers_are_masked() {
        let body = json!({
            "9276004429942845": [9_276_004_429_942_845_u64, {"card": "9276004429942845"}, 5, null],
        });
        let masked = "9276 **** **** 2845";
        assert_eq!(cards_in(&body), json!({ masked: [masked, {"card": masked}, 5, null] }));
    }
}
