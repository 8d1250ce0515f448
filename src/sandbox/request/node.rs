//! Reads JSON values strictly, and names the field that is wrong by its path.
//!
//! Must not know what fields mean.

use serde_json::{Map, Value};

use crate::sandbox::refusal::Refusal;

/// A value and the way that leads to it, for messages like `basket.products[0].tax: missing`.
/// The path is only written out for such a message.
pub(crate) struct Node<'a> {
    from: Option<(&'a Node<'a>, Step<'a>)>,
    pub(crate) value: &'a Value,
}

/// What leads from a value to one in it.
#[derive(Clone, Copy)]
enum Step<'a> {
    Field(&'a str),
    Place(usize),
}

impl<'a> Node<'a> {
    /// A whole body.
    pub(crate) const fn body(value: &'a Value) -> Self {
        Self { from: None, value }
    }

    pub(crate) fn wrong(&self, reason: &str) -> Refusal {
        let path = self.path();
        let path = if path.is_empty() { "body" } else { &path };
        Refusal::Format(format!("{path}: {reason}"))
    }

    fn path(&self) -> String {
        let Some((from, step)) = self.from else { return String::new() };
        let path = from.path();
        match step {
            Step::Field(key) if path.is_empty() => key.to_owned(),
            Step::Field(key) => format!("{path}.{key}"),
            Step::Place(place) => format!("{path}[{place}]"),
        }
    }

    pub(crate) fn is_null(&self) -> bool {
        self.value.is_null()
    }

    pub(crate) fn map(&self) -> Result<&'a Map<String, Value>, Refusal> {
        self.value.as_object().ok_or_else(|| self.wrong("expected an object"))
    }

    fn child<'n>(&'n self, key: &'n str, value: &'n Value) -> Node<'n> {
        Node { from: Some((self, Step::Field(key))), value }
    }

    /// The field, which may be null.
    pub(crate) fn get<'n>(&'n self, key: &'n str) -> Result<Option<Node<'n>>, Refusal> {
        Ok(self.map()?.get(key).map(|value| self.child(key, value)))
    }

    /// The field, unless it is absent or null.
    pub(crate) fn present<'n>(&'n self, key: &'n str) -> Result<Option<Node<'n>>, Refusal> {
        Ok(self.get(key)?.filter(|node| !node.value.is_null()))
    }

    pub(crate) fn required<'n>(&'n self, key: &'n str) -> Result<Node<'n>, Refusal> {
        self.present(key)?.ok_or_else(|| self.child(key, &Value::Null).wrong("missing"))
    }

    pub(crate) fn truth(&self) -> Result<bool, Refusal> {
        match self.value {
            Value::Null => Ok(false),
            Value::Bool(truth) => Ok(*truth),
            _ => Err(self.wrong("expected true or false")),
        }
    }

    /// Article numbers and references also come as numbers.
    pub(crate) fn text(&self) -> Result<Option<String>, Refusal> {
        match self.value {
            Value::Null => Ok(None),
            Value::String(text) => Ok(Some(text.clone())),
            Value::Number(number) => Ok(Some(number.to_string())),
            _ => Err(self.wrong("expected a text")),
        }
    }

    /// The text in the field `key`, `None` when it is absent or null.
    pub(crate) fn text_of(&self, key: &str) -> Result<Option<String>, Refusal> {
        self.present(key)?.map_or(Ok(None), |node| node.text())
    }

    /// The text, of at most `most` bytes.
    pub(crate) fn text_within(&self, most: usize) -> Result<Option<String>, Refusal> {
        let text = self.text()?;
        if text.as_ref().is_some_and(|text| text.len() > most) {
            return Err(self.wrong("too long"));
        }
        Ok(text)
    }

    pub(crate) fn whole(&self) -> Result<i64, Refusal> {
        self.value.as_i64().ok_or_else(|| self.wrong("expected a whole number"))
    }

    /// A count: whole, though writers of decimals send it as `2.0`.
    pub(crate) fn count(&self, least: i64, most: i64) -> Result<i64, Refusal> {
        let decimal = self.value.as_f64().filter(|number| number.fract() == 0.0);
        // `1e6` and `2.0` print as what they are; anything larger is out of bounds anyway.
        let whole = decimal.and_then(|number| format!("{number:.0}").parse().ok());
        match self.value.as_i64().or(whole) {
            Some(number) if (least..=most).contains(&number) => Ok(number),
            Some(_) => Err(self.wrong(&format!("must be between {least} and {most}"))),
            None => Err(self.wrong("expected a whole number")),
        }
    }

    pub(crate) fn between(&self, least: i64, most: i64) -> Result<i64, Refusal> {
        let number = self.whole()?;
        if (least..=most).contains(&number) {
            Ok(number)
        } else {
            Err(self.wrong(&format!("must be between {least} and {most}")))
        }
    }

    pub(crate) fn list(&self) -> Result<Vec<Node<'_>>, Refusal> {
        match self.value {
            Value::Null => Ok(Vec::new()),
            Value::Array(values) => Ok(values
                .iter()
                .enumerate()
                .map(|(place, value)| Node { from: Some((self, Step::Place(place))), value })
                .collect()),
            _ => Err(self.wrong("expected a list")),
        }
    }
}
