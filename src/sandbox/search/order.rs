//! The order of list answers: `sort=field:asc,other.field:desc`.

use std::cmp::Ordering;

use jiff::Timestamp;
use serde_json::Value;

use crate::sandbox::refusal::Refusal;
use crate::sandbox::search::matching::{at, numbers, times};

/// One `field:asc` or `field:desc`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Criterion {
    path: Vec<String>,
    descending: bool,
}

/// What resources are compared by; kinds of values never mix, and what is not there comes last.
enum Key {
    Number(String),
    Time(Timestamp),
    Text(String),
    Absent,
}

/// The criteria of `sort`, the first one counting most.
pub(super) fn criteria(sort: &str) -> Result<Vec<Criterion>, Refusal> {
    let wrong =
        |part: &str| Refusal::Format(format!("sort: expected FIELD:asc or FIELD:desc, not {part}"));
    sort.split(',')
        .map(|part| {
            let (path, order) = part.trim().rsplit_once(':').unwrap_or((part.trim(), "asc"));
            let descending = match order.to_ascii_lowercase().as_str() {
                "asc" => false,
                "desc" => true,
                _ => return Err(wrong(part)),
            };
            let path: Vec<String> = path.split('.').map(|name| name.trim().to_owned()).collect();
            if path.iter().any(String::is_empty) {
                return Err(wrong(part));
            }
            Ok(Criterion { path, descending })
        })
        .collect()
}

/// Sorts; equal ones stay in their order.
pub(super) fn sort(resources: &mut Vec<Value>, criteria: &[Criterion]) {
    if criteria.is_empty() {
        return;
    }
    let mut keyed: Vec<(Vec<Key>, Value)> = std::mem::take(resources)
        .into_iter()
        .map(|resource| {
            (criteria.iter().map(|criterion| key(&resource, &criterion.path)).collect(), resource)
        })
        .collect();
    keyed.sort_by(|(left, _), (right, _)| {
        let orders = criteria.iter().zip(left.iter().zip(right));
        orders
            .map(|(criterion, (left, right))| compare(left, right, criterion.descending))
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    });
    resources.extend(keyed.into_iter().map(|(_, resource)| resource));
}

fn key(resource: &Value, path: &[String]) -> Key {
    match at(resource, path).first() {
        Some(Value::Number(number)) => Key::Number(number.to_string()),
        Some(Value::String(text)) => {
            times(text).map_or_else(|| Key::Text(text.to_lowercase()), |(at, _)| Key::Time(at))
        }
        Some(Value::Bool(truth)) => Key::Text(truth.to_string()),
        _ => Key::Absent,
    }
}

fn compare(left: &Key, right: &Key, descending: bool) -> Ordering {
    let order = match (left, right) {
        (Key::Number(left), Key::Number(right)) => numbers(left, right).unwrap_or(Ordering::Equal),
        (Key::Time(left), Key::Time(right)) => left.cmp(right),
        (Key::Text(left), Key::Text(right)) => left.cmp(right),
        // Kinds keep their order whichever way is asked for.
        _ => return rank(left).cmp(&rank(right)),
    };
    if descending { order.reverse() } else { order }
}

const fn rank(key: &Key) -> u8 {
    match key {
        Key::Number(_) => 0,
        Key::Time(_) => 1,
        Key::Text(_) => 2,
        Key::Absent => 3,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    fn sorted(by: &str, mut values: Vec<Value>) -> Value {
        sort(&mut values, &criteria(by).unwrap());
        Value::Array(values)
    }

    #[test]
    fn several_fields_decide_in_turn_and_absent_ones_come_last() {
        let list = || {
            vec![
                json!({ "n": 10, "a": { "b": "x" } }),
                json!({ "a": { "b": "y" } }),
                json!({ "n": 9, "a": { "b": "X" } }),
                json!({ "n": 9.5, "a": { "b": "w" } }),
            ]
        };
        let [first, second, third, fourth] = list().try_into().unwrap();
        assert_eq!(
            sorted("n:asc", list()),
            json!([third, fourth, first, second]),
            "numbers, not digits"
        );
        assert_eq!(sorted("n:desc", list()), json!([first, fourth, third, second]));
        assert_eq!(sorted("A.B:desc,n", list()), json!([second, third, first, fourth]));
    }

    #[test]
    fn times_sort_as_times() {
        let early = json!({ "at": "2020-09-25T11:00:00+02:00" });
        let late = json!({ "at": "2020-09-25T10:30:00+01:00" });
        assert_eq!(sorted("at:asc", vec![late.clone(), early.clone()]), json!([early, late]));
    }

    #[test]
    fn other_orders_are_refused_by_name() {
        for sort in ["a:up", "a:asc,", ":asc", "a..b:asc"] {
            assert!(
                matches!(criteria(sort), Err(Refusal::Format(text)) if text.starts_with("sort: "))
            );
        }
    }
}
