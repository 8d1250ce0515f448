//! JSON objects with further fields.

use serde_json::Value;

/// The object with these fields too, at its end.
pub(crate) fn with<const N: usize>(mut object: Value, fields: [(&str, Value); N]) -> Value {
    if let Some(object) = object.as_object_mut() {
        object.extend(fields.map(|(name, value)| (name.to_owned(), value)));
    }
    object
}
