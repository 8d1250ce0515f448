//! Deserialisers for fields whose type differs between servers and documents
//! ([`super::api::contradictions`]).

use serde::Deserialize;
use serde::de::{Deserializer, Error};
use serde_json::Value;

/// A text that may come as a number (`articleNumber: 30037`) or as null.
pub fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Null => None,
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        other => return Err(D::Error::custom(format!("expected a text, got {other}"))),
    })
}

/// As [`text`], with null and absence read as the empty text.
pub fn text_or_empty<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(text(deserializer)?.unwrap_or_default())
}

/// A whole number that may come as `7`, `7.0`, `"7"` or null.
pub fn whole<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    let read = match &value {
        Value::Null => return Ok(None),
        Value::Number(number) => number.as_i64().or_else(|| number.as_f64().and_then(exact)),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    read.map(Some).ok_or_else(|| D::Error::custom(format!("expected a whole number, got {value}")))
}

/// As [`whole`], with null and absence read as 0.
pub fn whole_or_zero<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    Ok(whole(deserializer)?.unwrap_or_default())
}

/// A list that may come as null.
pub fn list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Ok(Option::<Vec<T>>::deserialize(deserializer)?.unwrap_or_default())
}

/// A boolean that may come as null, 0/1 or a text.
pub fn truth<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Bool(value) => value,
        Value::Number(number) => number.as_i64() == Some(1),
        Value::String(text) => matches!(text.as_str(), "1" | "true"),
        _ => false,
    })
}

/// The whole number that a float stands for, when it stands for one exactly.
fn exact(float: f64) -> Option<i64> {
    // JSON writers of other languages send 7.0; anything with a fraction is not a whole number.
    if float.fract() != 0.0 || float.abs() > 9.0e15 {
        return None;
    }
    format!("{float:.0}").parse().ok()
}
