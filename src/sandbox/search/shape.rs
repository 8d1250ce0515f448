//! Which fields of a resource an answer shows: `fields=id,card.cardnumber`.

use serde_json::{Map, Value};

/// Names to keep, each with the names to keep below it; none below means all of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Fields(Vec<(String, Fields)>);

impl Fields {
    /// The names of a comma list, nested ones with dots.
    pub(super) fn of(list: &str) -> Self {
        let mut fields = Self::default();
        for name in list.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            fields.add(name);
        }
        fields
    }

    fn add(&mut self, name: &str) {
        let mut node = self;
        for part in name.split('.') {
            let place = node.0.iter().position(|(known, _)| known.eq_ignore_ascii_case(part));
            let known = place.is_some();
            let place = place.unwrap_or(node.0.len());
            if !known {
                node.0.push((part.to_owned(), Self::default()));
            }
            // It was found or has just been made.
            let Some((_, below)) = node.0.get_mut(place) else { return };
            if known && below.0.is_empty() {
                return;
            }
            node = below;
        }
        // The whole of it was asked for: parts of it make no difference.
        node.0.clear();
    }

    /// What is left of `value`, its fields in their order.
    pub(super) fn of_value(&self, value: Value) -> Value {
        if self.0.is_empty() {
            return value;
        }
        match value {
            Value::Object(map) => Value::Object(self.kept(map)),
            Value::Array(values) => {
                Value::Array(values.into_iter().map(|value| self.of_value(value)).collect())
            }
            scalar => scalar,
        }
    }

    fn kept(&self, map: Map<String, Value>) -> Map<String, Value> {
        map.into_iter()
            .filter_map(|(key, value)| {
                let (_, below) = self.0.iter().find(|(name, _)| name.eq_ignore_ascii_case(&key))?;
                let value = below.of_value(value);
                Some((key, value))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_named_fields_are_left_in_their_order() {
        let value =
            json!({ "id": 1, "card": { "id": 2, "number": "3" }, "lines": [{ "a": 1, "b": 2 }] });
        for (list, left) in [
            ("", value.clone()),
            ("card.number,ID", json!({ "id": 1, "card": { "number": "3" } })),
            ("lines.b", json!({ "lines": [{ "b": 2 }] })),
            ("nothing", json!({})),
            ("id.deeper", json!({ "id": 1 })),
            ("card,card.id", json!({ "card": { "id": 2, "number": "3" } })),
            ("card.id,card", json!({ "card": { "id": 2, "number": "3" } })),
        ] {
            assert_eq!(Fields::of(list).of_value(value.clone()), left, "{list}");
        }
    }
}
