//! Properties of the query language under arbitrary trees, texts and resources.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::sandbox::search::expr::{Condition, End, Expr};
use crate::sandbox::search::find::Search;
use crate::sandbox::search::glob::{Glob, Piece};
use crate::sandbox::search::parser::parse;

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        5 => "[ab]{1,3}",
        3 => "-?[0-9]{1,2}(\\.5)?",
        1 => prop::sample::select(vec!["AND", "OR", "NOT", "TO", "*", "a b", "é", "\\", "\"", "(", "", "2020-09-25", "2020-09-25T11:15:30+02:00"]).prop_map(str::to_owned),
        1 => ".{0,4}",
    ]
}

fn end() -> impl Strategy<Value = Option<End>> {
    prop::option::of(
        (word(), any::<bool>()).prop_map(|(value, inclusive)| End { value, inclusive }),
    )
}

fn condition() -> impl Strategy<Value = Condition> {
    let piece = prop_oneof![
        4 => any::<char>().prop_map(Piece::Char),
        4 => prop::sample::select(vec!['a', 'B', '1', ' ']).prop_map(Piece::Char),
        1 => Just(Piece::One),
        1 => Just(Piece::Many),
    ];
    prop_oneof![
        3 => word().prop_map(Condition::Text),
        3 => prop::collection::vec(piece, 1..5).prop_filter_map("plain", |pieces| {
            Glob::of(pieces).ok().map(Condition::Glob)
        }),
        2 => (end(), end()).prop_map(|(low, high)| Condition::Range { low, high }),
    ]
}

fn expr() -> impl Strategy<Value = Expr> {
    let name = prop::sample::select(vec!["a", "b", "A", "id_1"]).prop_map(str::to_owned);
    let term = (prop::collection::vec(name, 0..3), condition())
        .prop_map(|(path, condition)| Expr::Term { path, condition });
    term.prop_recursive(5, 40, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Expr::All),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Expr::Any),
            inner.prop_map(|part| Expr::Not(Box::new(part))),
        ]
    })
}

fn resource() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        4 => word().prop_map(Value::from),
        3 => (-20_i64..20).prop_map(Value::from),
        1 => prop::sample::select(vec![0.5, 1.5]).prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
    ];
    let value = scalar.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| json!({ "a": a, "B": b })),
            prop::collection::vec(inner, 0..3).prop_map(Value::from),
        ]
    });
    (value.clone(), value).prop_map(|(a, b)| json!({ "a": a, "b": b, "id_1": 1 }))
}

/// The plainest reading of the rules, over every path and value there is.
mod oracle {
    use super::*;

    pub fn matches(expr: &Expr, resource: &Value) -> bool {
        match expr {
            Expr::All(parts) => !parts.iter().any(|part| !matches(part, resource)),
            Expr::Any(parts) => parts.iter().filter(|part| matches(part, resource)).count() > 0,
            Expr::Not(part) => !matches(part, resource),
            Expr::Term { path, condition } => {
                let mut leaves = Vec::new();
                flatten("", resource, &mut leaves);
                let wanted: String =
                    path.iter().map(|name| format!(".{name}").to_lowercase()).collect();
                leaves
                    .iter()
                    .filter(|(at, value)| match value {
                        // An object is only something that is there, and only for who names it.
                        Value::Object(_) => *at == wanted && !path.is_empty(),
                        _ => path.is_empty() || *at == wanted,
                    })
                    .any(|(_, value)| holds(condition, value))
            }
        }
    }

    /// Every value with its path in small letters, lists left out of it.
    fn flatten(at: &str, value: &Value, leaves: &mut Vec<(String, Value)>) {
        match value {
            Value::Array(values) => values.iter().for_each(|value| flatten(at, value, leaves)),
            Value::Object(map) => {
                leaves.push((at.to_owned(), value.clone()));
                for (key, value) in map {
                    flatten(&format!("{at}.{}", key.to_lowercase()), value, leaves);
                }
            }
            Value::Null => {}
            scalar => leaves.push((at.to_owned(), scalar.clone())),
        }
    }

    fn holds(condition: &Condition, value: &Value) -> bool {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Object(_) => {
                return matches!(condition, Condition::Glob(glob) if glob.to_string().trim_matches('*').is_empty());
            }
            other => other.to_string(),
        };
        match condition {
            Condition::Text(wanted) => wanted.to_lowercase() == text.to_lowercase(),
            Condition::Glob(glob) => {
                let chars: Vec<char> = text.chars().collect();
                fits(&glob.to_string().chars().collect::<Vec<_>>(), &chars)
            }
            Condition::Range { low, high } => {
                low.as_ref().is_none_or(|end| {
                    let (first, last) = span(&end.value);
                    if end.inclusive {
                        order(&text, &end.value, &first) >= 0
                    } else {
                        order(&text, &end.value, &last) > 0
                    }
                }) && high.as_ref().is_none_or(|end| {
                    let (first, last) = span(&end.value);
                    if end.inclusive {
                        order(&text, &end.value, &last) <= 0
                    } else {
                        order(&text, &end.value, &first) < 0
                    }
                })
            }
        }
    }

    /// The written form against the text, by trying everything.
    fn fits(form: &[char], text: &[char]) -> bool {
        let same = |a: char, b: char| {
            a == b || a.to_lowercase().to_string() == b.to_lowercase().to_string()
        };
        match form {
            [] => text.is_empty(),
            ['*', rest @ ..] => (0..=text.len()).any(|skip| fits(rest, &text[skip..])),
            ['?', rest @ ..] => !text.is_empty() && fits(rest, &text[1..]),
            ['\\', c, rest @ ..] | [c, rest @ ..] => {
                text.first().is_some_and(|first| same(*c, *first)) && fits(rest, &text[1..])
            }
        }
    }

    /// First and last thing that an end means: they differ for a day only.
    fn span(value: &str) -> (String, String) {
        if value == "2020-09-25" {
            return (
                format!("{value}T00:00:00+02:00"),
                format!("{value}T23:59:59.999999999+02:00"),
            );
        }
        (value.to_owned(), value.to_owned())
    }

    /// Below, at or above: the end as written, and the moment that counts if it is a time.
    fn order(text: &str, end: &str, moment: &str) -> i8 {
        let time = |text: &str| span(text).0.parse::<jiff::Timestamp>().ok();
        if let (Some(text), Some(end)) = (time(text), time(moment)) {
            return text.cmp(&end) as i8;
        }
        let number = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite());
        if let (Some(text), Some(end)) = (number(text), number(end)) {
            return text.partial_cmp(&end).unwrap() as i8;
        }
        text.to_lowercase().cmp(&end.to_lowercase()) as i8
    }
}

proptest! {
    #[test]
    fn what_is_written_reads_as_it_was(expr in expr()) {
        prop_assert_eq!(parse(&expr.to_string()).map_err(|error| error.to_string()), Ok(expr));
    }

    #[test]
    fn the_evaluator_agrees_with_the_plainest_reading(expr in expr(), resource in resource()) {
        prop_assert_eq!(expr.matches(&resource), oracle::matches(&expr, &resource), "{}", expr);
    }

    #[test]
    fn an_index_finds_whatever_matches(expr in expr(), resource in resource()) {
        if let (Some(text), true) = (expr.exact_text("a"), expr.matches(&resource)) {
            let term = Expr::Term { path: vec!["a".to_owned()], condition: Condition::Text(text.to_owned()) };
            prop_assert!(term.matches(&resource));
        }
    }

    #[test]
    fn no_text_is_too_odd_to_read(
        text in prop_oneof![".*", "[a:()\"\\[\\]{}<>=!&|*?\\\\ TOANDR]*"],
        resource in resource(),
    ) {
        if let Ok(expr) = parse(&text) {
            expr.matches(&resource);
            prop_assert_eq!(parse(&expr.to_string()).map_err(|error| error.to_string()), Ok(expr));
        }
        let _ = Search::read(&text);
    }
}
