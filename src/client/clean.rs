//! JSON from the server made harmless, once, before it becomes a type.
//!
//! Owns the way from bytes to a sanitised JSON value. Must not know which call the bytes answer
//! or what their fields mean.

use serde_json::{Map, Value};

use crate::text::sanitise;

/// The JSON value in `body`, every text and every key in it sanitised; `None` if it is no JSON.
///
/// Bytes that are not UTF-8 become replacement characters instead of making the whole answer of
/// a payment unreadable.
pub(super) fn parse(body: &[u8]) -> Option<Value> {
    let text = String::from_utf8_lossy(body);
    // Some PHP servers put a byte order mark in front.
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    serde_json::from_str(text).ok().map(clean)
}

/// `value` with every text and key sanitised. The parser has limited the depth already.
fn clean(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(sanitise(&text)),
        Value::Array(items) => Value::Array(items.into_iter().map(clean).collect()),
        Value::Object(fields) => {
            let mut kept = Map::with_capacity(fields.len());
            for (key, value) in fields {
                let name = sanitise(&key);
                // A field that only looks like `status` once its controls are gone must not
                // replace the real one.
                if name == key || !kept.contains_key(&name) {
                    kept.insert(name, clean(value));
                }
            }
            Value::Object(kept)
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    #[test]
    fn every_text_and_key_is_cleaned() {
        let body = br#"{"a\u001b[2Jb":["x\u0007y",{"k":"\u202ez\r\nq"}],"n":1,"t":true,"z":null}"#;
        assert_eq!(
            parse(body).unwrap(),
            json!({"ab": ["xy", {"k": "z q"}], "n": 1, "t": true, "z": null})
        );
    }

    #[test]
    fn a_disguised_key_never_replaces_the_real_one() {
        for body in [
            &br#"{"status":"ok","sta\u0000tus":"failed"}"#[..],
            &br#"{"sta\u0000tus":"failed","status":"ok"}"#[..],
        ] {
            assert_eq!(parse(body).unwrap(), json!({"status": "ok"}));
        }
    }

    #[test]
    fn odd_bytes_are_read_and_no_json_is_none() {
        assert_eq!(parse(b"\xef\xbb\xbf{\"a\":\"\xff!\"}").unwrap(), json!({"a": "\u{fffd}!"}));
        for body in [&b""[..], b"<html>", b"{\"a\":", b"{} {}"] {
            assert_eq!(parse(body), None, "{}", String::from_utf8_lossy(body));
        }
        assert_eq!(parse("[".repeat(100_000).as_bytes()), None);
    }
}
