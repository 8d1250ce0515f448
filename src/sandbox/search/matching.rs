//! Whether a resource is what a question asks for.

use std::borrow::Cow;
use std::cmp::Ordering;

use jiff::Timestamp;
use serde_json::Value;

use crate::sandbox::clock;
use crate::sandbox::search::expr::{Condition, End, Expr};

impl Expr {
    /// Whether `resource` matches. Recurses no deeper than the question and the resource nest.
    pub(crate) fn matches(&self, resource: &Value) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.matches(resource)),
            Self::Any(parts) => parts.iter().any(|part| part.matches(resource)),
            Self::Not(part) => !part.matches(resource),
            Self::Term { path, condition } if path.is_empty() => anywhere(resource, condition),
            Self::Term { path, condition } => {
                at(resource, path).iter().any(|value| condition.holds(value))
            }
        }
    }
}

/// Everything that a path leads to, through lists too. Names match in any case.
pub(super) fn at<'a>(value: &'a Value, path: &[String]) -> Vec<&'a Value> {
    let mut found = vec![value];
    for name in path {
        found = found
            .into_iter()
            .flat_map(elements)
            .filter_map(Value::as_object)
            .flat_map(|map| map.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name)))
            .map(|(_, value)| value)
            .collect();
    }
    found.into_iter().flat_map(elements).collect()
}

/// The elements of a list, however deep, or the value itself.
fn elements(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(values) => values.iter().flat_map(elements).collect(),
        other => vec![other],
    }
}

fn anywhere(value: &Value, condition: &Condition) -> bool {
    match value {
        Value::Array(values) => values.iter().any(|value| anywhere(value, condition)),
        Value::Object(map) => map.values().any(|value| anywhere(value, condition)),
        scalar => condition.holds(scalar),
    }
}

impl Condition {
    fn holds(&self, value: &Value) -> bool {
        if let (Self::Glob(glob), Value::Object(_)) = (self, value) {
            return glob.is_anything();
        }
        let Some(text) = text(value) else { return false };
        match self {
            Self::Text(wanted) => *wanted == text || wanted.to_lowercase() == text.to_lowercase(),
            Self::Glob(glob) => glob.fits(&text),
            Self::Range { low, high } => {
                let text = text.as_ref();
                low.as_ref().is_none_or(|end| end.lets(text, Ordering::Greater))
                    && high.as_ref().is_none_or(|end| end.lets(text, Ordering::Less))
            }
        }
    }
}

/// A single value as text; `null`, lists and objects have none.
fn text(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        Value::Bool(truth) => Some(Cow::Borrowed(if *truth { "true" } else { "false" })),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

impl End {
    /// Whether `text` lies on the `side` of this end, or on it where that counts.
    fn lets(&self, text: &str, side: Ordering) -> bool {
        let order = match (times(&self.value), times(text)) {
            // A day as an end is all of that day.
            (Some((first, _)), Some((at, _))) if at < first => Ordering::Less,
            (Some((_, last)), Some((at, _))) if at > last => Ordering::Greater,
            (Some(_), Some(_)) => Ordering::Equal,
            _ => numbers(text, &self.value)
                .unwrap_or_else(|| text.to_lowercase().cmp(&self.value.to_lowercase())),
        };
        order == side || (self.inclusive && order == Ordering::Equal)
    }
}

/// The order of two texts that are both numbers. Whole ones compare exactly: card numbers are too
/// long for a float.
pub(super) fn numbers(left: &str, right: &str) -> Option<Ordering> {
    if let (Ok(left), Ok(right)) = (left.parse::<i128>(), right.parse::<i128>()) {
        return Some(left.cmp(&right));
    }
    let number = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite());
    number(left)?.partial_cmp(&number(right)?)
}

/// First and last moment of a time (ISO 8601 with offset) or of a day (`2020-09-25`, German time).
pub(super) fn times(text: &str) -> Option<(Timestamp, Timestamp)> {
    // Cheap to rule out: most texts are no times.
    if text.len() < 10 || text.as_bytes().get(4) != Some(&b'-') {
        return None;
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some((at, at));
    }
    clock::day(text)
}
