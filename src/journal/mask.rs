//! Card numbers hidden in everything that reports and exports show of the journal.
//!
//! Owns finding them in entries; finding them in texts and masking them is `text`'s business.

use serde_json::{Map, Value};

use crate::text::{mask_cards, mask_scheme_cards};

/// `text` with every card number masked, in ASCII.
pub(super) fn cards(text: &str) -> String {
    mask_cards(text, true)
}

/// `value` with the card numbers masked in its texts, keys and numbers.
pub(super) fn cards_in(value: &Value) -> Value {
    match value {
        Value::Null | Value::Bool(_) => value.clone(),
        Value::Number(number) => {
            let text = number.to_string();
            let masked = mask_scheme_cards(&text, true);
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
    fn keys_texts_and_numbers_are_masked() {
        let body = json!({
            "9276004429942845": [9_276_004_429_942_845_u64, {"card": "9276004429942845"}, 5, null],
        });
        let masked = "9276 **** **** 2845";
        assert_eq!(cards_in(&body), json!({ masked: [masked, {"card": masked}, 5, null] }));
    }
}
