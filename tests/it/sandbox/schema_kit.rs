//! Whether JSON fits a JSON Schema: the words of it that descriptions of the sandbox use.

use serde_json::Value;

/// What does not fit, one line each; empty when all fits. `root` is where `$ref` points into.
pub fn misfits(root: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(root, schema, value, "$", &mut found);
    found
}

/// Words that say nothing about whether a value fits.
const SILENT: [&str; 3] = ["description", "format", "title"];

fn check(root: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    let schema = match schema {
        Value::Bool(true) => return,
        Value::Bool(false) => return found.push(format!("{at}: nothing is allowed here")),
        schema => schema.as_object().unwrap_or_else(|| panic!("no schema: {schema}")),
    };
    for (word, rule) in schema {
        match word.as_str() {
            "$ref" => {
                let pointer = rule.as_str().unwrap().strip_prefix('#').unwrap();
                let target = root.pointer(pointer).unwrap_or_else(|| panic!("dangling {pointer}"));
                check(root, target, value, at, found);
            }
            "type" => {
                let one = std::slice::from_ref(rule);
                let types = rule.as_array().map_or(one, Vec::as_slice);
                if !types.iter().any(|kind| is(value, kind.as_str().unwrap())) {
                    found.push(format!("{at}: {value} is no {rule}"));
                }
            }
            "const" if value != rule => found.push(format!("{at}: {value} is not {rule}")),
            "enum" if !rule.as_array().unwrap().contains(value) => {
                found.push(format!("{at}: {value} is none of {rule}"));
            }
            "minimum" if value.is_number() && value.as_f64() < rule.as_f64() => {
                found.push(format!("{at}: {value} is below {rule}"));
            }
            "maximum" if value.is_number() && value.as_f64() > rule.as_f64() => {
                found.push(format!("{at}: {value} is above {rule}"));
            }
            "required" => {
                for name in rule.as_array().unwrap() {
                    if value.is_object() && value.get(name.as_str().unwrap()).is_none() {
                        found.push(format!("{at}: {name} is missing"));
                    }
                }
            }
            "properties" => {
                for (name, schema) in rule.as_object().unwrap() {
                    if let Some(value) = value.get(name) {
                        check(root, schema, value, &format!("{at}.{name}"), found);
                    }
                }
            }
            "additionalProperties" => {
                let known = schema.get("properties").and_then(Value::as_object);
                for (name, value) in value.as_object().into_iter().flatten() {
                    if known.is_none_or(|known| !known.contains_key(name)) {
                        check(root, rule, value, &format!("{at}.{name}"), found);
                    }
                }
            }
            "items" => {
                for (index, value) in value.as_array().into_iter().flatten().enumerate() {
                    check(root, rule, value, &format!("{at}[{index}]"), found);
                }
            }
            "allOf" => {
                for schema in rule.as_array().unwrap() {
                    check(root, schema, value, at, found);
                }
            }
            "anyOf" | "oneOf" => {
                let choices = rule.as_array().unwrap();
                let all: Vec<_> =
                    choices.iter().map(|schema| misfits(root, schema, value)).collect();
                let fits = all.iter().filter(|misfits| misfits.is_empty()).count();
                if fits == 0 || fits > 1 && word == "oneOf" {
                    found.push(format!("{at}: fits {fits} of {word}: {all:?}"));
                }
            }
            "const" | "enum" | "minimum" | "maximum" => {}
            silent if SILENT.contains(&silent) => {}
            other => panic!("{at}: this validator does not know {other:?}"),
        }
    }
}

fn is(value: &Value, kind: &str) -> bool {
    match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("no such type: {other}"),
    }
}

#[test]
fn the_validator_tells_what_does_not_fit() {
    use serde_json::json;
    let root = json!({ "defs": { "Money": { "type": "integer", "minimum": 0 } } });
    let schema = json!({ "type": "object", "required": ["sum"], "properties": {
        "sum": { "$ref": "#/defs/Money" },
        "kind": { "oneOf": [{ "const": "a" }, { "type": ["integer", "null"] }] },
        "list": { "type": "array", "items": { "enum": [1, 2] } },
    } });
    assert!(misfits(&root, &schema, &json!({ "sum": 1, "kind": "a", "list": [2] })).is_empty());
    for wrong in [
        json!([]),
        json!({}),
        json!({ "sum": "1" }),
        json!({ "sum": -1 }),
        json!({ "sum": 1, "kind": "b" }),
        json!({ "sum": 1, "list": [3] }),
    ] {
        assert_eq!(misfits(&root, &schema, &wrong).len(), 1, "{wrong}");
    }
}
