//! Everything else that must not stand in a recording: codes, bodies, people.
//!
//! Works on JSON, so that no kind of event can be forgotten. What is taken out is replaced by
//! something of the same type: the line can still be read.

use serde_json::{Map, Value};

use super::disguise::Disguise;

/// `value` fit to be recorded.
pub(super) fn scrubbed(value: Value, disguise: &mut Disguise) -> Value {
    match value {
        Value::String(text) => Value::String(disguise.text(&text)),
        Value::Array(items) => items.into_iter().map(|item| scrubbed(item, disguise)).collect(),
        Value::Object(fields) => Value::Object(object(fields, disguise)),
        other => other,
    }
}

fn object(mut fields: Map<String, Value>, disguise: &mut Disguise) -> Map<String, Value> {
    // The body of an exchange.
    blank(&mut fields, "is_cut", &["text"]);
    // What pairs a device; its address may carry the code.
    blank(&mut fields, "user_code", &["user_code", "address"]);
    // A customer who has checked in, as the server tells it and as the till keeps it.
    blank(&mut fields, "customerName", &["customerName"]);
    if fields.contains_key("balance") && fields.contains_key("created") {
        blank(&mut fields, "name", &["name"]);
    }
    fields.remove("customer");
    fields.remove("picture");
    fields
        .into_iter()
        .map(|(key, value)| (disguise.text(&key), scrubbed(value, disguise)))
        .collect()
}

/// Of objects that have the field `mark`, these texts.
fn blank(fields: &mut Map<String, Value>, mark: &str, names: &[&str]) {
    if !fields.contains_key(mark) {
        return;
    }
    for name in names {
        if let Some(Value::String(text)) = fields.get_mut(*name) {
            *text = if text.is_empty() { String::new() } else { "-".to_owned() };
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::shop::{CardPattern, Catalogue, ScanRules};

    #[test]
    fn codes_bodies_and_people_are_taken_out() {
        let rules = ScanRules { cards: vec![CardPattern::default()], ..ScanRules::default() };
        let mut disguise = Disguise::new(rules, Catalogue::default());
        let value = json!({
            "9276004424644352": [{ "text": "{\"a\":1}", "is_cut": false }],
            "code": { "user_code": "aa63q9k9", "address": "https://x/?aa63q9k9", "lives": 5 },
            "in": { "customerName": "Jane Doe", "picture": "x", "id": "CKI_1" },
            "kept": { "id": "CKI_1", "name": "Jane Doe", "created": "now", "balance": null },
            "card": { "customer": { "forename": "Jane" }, "n": 5 },
        });
        let made = json!({
            "9276000000014352": [{ "text": "-", "is_cut": false }],
            "code": { "user_code": "-", "address": "-", "lives": 5 },
            "in": { "customerName": "-", "id": "CKI_1" },
            "kept": { "id": "CKI_1", "name": "-", "created": "now", "balance": null },
            "card": { "n": 5 },
        });
        assert_eq!(scrubbed(value, &mut disguise), made);
    }
}
