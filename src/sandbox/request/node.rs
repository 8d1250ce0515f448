//! Reads JSON values strictly, and names the field that is wrong by its path.
//!
//! Must not know what fields mean.

use serde_json::{Map, Value};

use super::super::refusal::Refusal;

/// A value and the path that leads to it, for messages like `basket.products[0].tax: missing`.
pub(in super::super) struct Node<'a> {
    path: String,
    pub(in super::super) value: &'a Value,
}

impl<'a> Node<'a> {
    /// A whole body.
    pub(in super::super) const fn body(value: &'a Value) -> Self {
        Self { path: String::new(), value }
    }

    pub(in super::super) fn wrong(&self, reason: &str) -> Refusal {
        let path = if self.path.is_empty() { "body" } else { &self.path };
        Refusal::Format(format!("{path}: {reason}"))
    }

    pub(in super::super) fn is_null(&self) -> bool {
        self.value.is_null()
    }

    pub(in super::super) fn map(&self) -> Result<&'a Map<String, Value>, Refusal> {
        self.value.as_object().ok_or_else(|| self.wrong("expected an object"))
    }

    fn child(&self, key: &str, value: &'a Value) -> Self {
        let dot = if self.path.is_empty() { "" } else { "." };
        Self { path: format!("{}{dot}{key}", self.path), value }
    }

    /// The field, which may be null.
    pub(in super::super) fn get(&self, key: &str) -> Result<Option<Self>, Refusal> {
        Ok(self.map()?.get(key).map(|value| self.child(key, value)))
    }

    /// The field, unless it is absent or null.
    pub(in super::super) fn present(&self, key: &str) -> Result<Option<Self>, Refusal> {
        Ok(self.get(key)?.filter(|node| !node.value.is_null()))
    }

    pub(in super::super) fn required(&self, key: &str) -> Result<Self, Refusal> {
        self.present(key)?.ok_or_else(|| self.child(key, &Value::Null).wrong("missing"))
    }

    pub(in super::super) fn truth(&self) -> Result<bool, Refusal> {
        match self.value {
            Value::Null => Ok(false),
            Value::Bool(truth) => Ok(*truth),
            _ => Err(self.wrong("expected true or false")),
        }
    }

    /// Article numbers and references also come as numbers.
    pub(in super::super) fn text(&self) -> Result<Option<String>, Refusal> {
        match self.value {
            Value::Null => Ok(None),
            Value::String(text) => Ok(Some(text.clone())),
            Value::Number(number) => Ok(Some(number.to_string())),
            _ => Err(self.wrong("expected a text")),
        }
    }

    pub(in super::super) fn whole(&self) -> Result<i64, Refusal> {
        self.value.as_i64().ok_or_else(|| self.wrong("expected a whole number"))
    }

    /// A count: whole, though writers of decimals send it as `2.0`.
    pub(in super::super) fn count(&self, least: i64, most: i64) -> Result<i64, Refusal> {
        let decimal = self.value.as_f64().filter(|number| number.fract() == 0.0);
        // `1e6` and `2.0` print as what they are; anything larger is out of bounds anyway.
        let whole = decimal.and_then(|number| format!("{number:.0}").parse().ok());
        match self.value.as_i64().or(whole) {
            Some(number) if (least..=most).contains(&number) => Ok(number),
            Some(_) => Err(self.wrong(&format!("must be between {least} and {most}"))),
            None => Err(self.wrong("expected a whole number")),
        }
    }

    pub(in super::super) fn between(&self, least: i64, most: i64) -> Result<i64, Refusal> {
        let number = self.whole()?;
        if (least..=most).contains(&number) {
            Ok(number)
        } else {
            Err(self.wrong(&format!("must be between {least} and {most}")))
        }
    }

    pub(in super::super) fn list(&self) -> Result<Vec<Self>, Refusal> {
        match self.value {
            Value::Null => Ok(Vec::new()),
            Value::Array(values) => Ok(values
                .iter()
                .enumerate()
                .map(|(index, value)| Self { path: format!("{}[{index}]", self.path), value })
                .collect()),
            _ => Err(self.wrong("expected a list")),
        }
    }
}
