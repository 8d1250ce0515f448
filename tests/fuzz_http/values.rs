//! JSON texts: as a schema describes them, or not at all.
//!
//! Texts, not values: duplicate keys, numbers beyond all limits and broken escapes are wanted too.

use std::fmt::Write;

use serde_json::{Map, Value};

use super::described::Api;
use super::rng::Rng;

/// Numbers at the limits, and some that are none.
const NUMBERS: &[&str] = &[
    "0",
    "-0",
    "1",
    "-1",
    "2.0",
    "0.5",
    "1e2",
    "1e400",
    "-1e-400",
    "99",
    "100",
    "1900",
    "10000",
    "2147483647",
    "2147483648",
    "-2147483649",
    "9007199254740993",
    "9223372036854775807",
    "-9223372036854775808",
    "9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "100000000000000000000000000000000000000",
    "NaN",
    "Infinity",
    "01",
    "1.",
    "0x10",
    "1_000",
];
/// Texts that mean something somewhere, and some that are broken.
const TEXTS: &[&str] = &[
    "",
    " ",
    "EUR",
    "USD",
    "card",
    "checkin",
    "create_card",
    "sale",
    "order",
    "article",
    "coupon",
    "sub_transaction",
    "stakeholder_payment",
    "shipping",
    "collection",
    "default",
    "4999012345678",
    "me",
    "smi_1",
    "true",
    "null",
    "0",
    "-1",
    "2020-02-30",
    "2020-09-25T11:15:30+02:00",
    "a:b",
    "Käse",
    "日本語",
    "\u{202e}abc",
    "🧀",
    "e\u{301}",
    "\\u0000",
    "\\ud800",
    "\\q",
    "%00",
    "../..",
    "'; --",
    "*",
    "?",
    "[1 TO 2]",
];

/// Where texts come from that the server knows.
pub struct Texts<'a> {
    /// Ids and numbers from answers.
    pub known: &'a [String],
}

impl Texts<'_> {
    /// A text for a JSON string; escapes may be broken.
    pub fn any(&self, rng: &mut Rng) -> String {
        match rng.between(0, 9) {
            0..4 if !self.known.is_empty() => {
                let last = self.known.len() as u64 - 1;
                self.known[usize::try_from(rng.between(0, last)).unwrap()].clone()
            }
            9 if rng.chance(100) => "x".repeat(usize::try_from(rng.between(1, 40_000)).unwrap()),
            _ => rng.pick(TEXTS).to_owned(),
        }
    }
}

/// How far the text strays from its schema, in a thousand per value.
#[derive(Clone, Copy)]
pub struct Damage(pub u64);

/// Writes values.
pub struct Writer<'a> {
    pub api: &'a Api,
    pub texts: Texts<'a>,
    pub damage: Damage,
    pub out: String,
}

impl Writer<'_> {
    /// A value of the schema, more or less.
    pub fn value(&mut self, rng: &mut Rng, schema: &Value, depth: u32) {
        let schema = self.api.resolved(schema);
        if depth > 12 || rng.chance(self.damage.0) {
            return self.anything(rng, depth);
        }
        for choices in ["anyOf", "oneOf"] {
            if let Some(choices) = schema[choices].as_array() {
                let chosen =
                    &choices[usize::try_from(rng.between(0, choices.len() as u64 - 1)).unwrap()];
                return self.value(rng, chosen, depth + 1);
            }
        }
        if let Some(values) = schema["enum"].as_array() {
            let value = &values[usize::try_from(rng.between(0, values.len() as u64 - 1)).unwrap()];
            return write!(self.out, "{value}").unwrap();
        }
        if let Some(value) = schema.get("const") {
            return write!(self.out, "{value}").unwrap();
        }
        let kind = match &schema["type"] {
            Value::Array(kinds) => {
                kinds[usize::try_from(rng.between(0, kinds.len() as u64 - 1)).unwrap()].as_str()
            }
            kind => kind.as_str(),
        };
        match kind {
            Some("object") => self.object(rng, schema["properties"].as_object(), depth),
            Some("array") => self.list(rng, schema.get("items"), depth),
            Some("string") => self.text(rng),
            Some("integer") => write!(self.out, "{}", whole(rng)).unwrap(),
            Some("number") => self.out.push_str(rng.pick(NUMBERS)),
            Some("boolean") => self.out.push_str(rng.pick(&["true", "false"])),
            Some("null") => self.out.push_str("null"),
            _ => self.anything(rng, depth),
        }
    }

    fn object(&mut self, rng: &mut Rng, properties: Option<&Map<String, Value>>, depth: u32) {
        let Some(properties) = properties.filter(|properties| !properties.is_empty()) else {
            return self.anything(rng, depth);
        };
        self.out.push('{');
        let mut first = true;
        for (name, schema) in properties {
            if rng.chance(300) {
                continue;
            }
            // Now and then twice.
            for _ in 0..=u64::from(rng.chance(self.damage.0 / 2)) {
                if !std::mem::take(&mut first) {
                    self.out.push(',');
                }
                write!(self.out, "\"{name}\":").unwrap();
                self.value(rng, schema, depth + 1);
            }
        }
        self.out.push('}');
    }

    fn list(&mut self, rng: &mut Rng, items: Option<&Value>, depth: u32) {
        self.out.push('[');
        let most = if rng.chance(2) { 300 } else { 3 };
        for place in 0..rng.between(0, most) {
            if place > 0 {
                self.out.push(',');
            }
            match items {
                Some(items) => self.value(rng, items, depth + 1),
                None => self.anything(rng, depth + 1),
            }
        }
        self.out.push(']');
    }

    fn text(&mut self, rng: &mut Rng) {
        let text = self.texts.any(rng);
        write!(self.out, "\"{text}\"").unwrap();
    }

    /// Any JSON, and some that is none.
    fn anything(&mut self, rng: &mut Rng, depth: u32) {
        match rng.between(0, 11) {
            0 => self.out.push_str("null"),
            1 => self.out.push_str(rng.pick(&["true", "false"])),
            2..5 => self.out.push_str(rng.pick(NUMBERS)),
            5..8 => self.text(rng),
            8 if depth < 8 => self.list(rng, None, depth),
            9 if depth < 8 => {
                self.out.push('{');
                self.text(rng);
                self.out.push(':');
                self.anything(rng, depth + 1);
                self.out.push('}');
            }
            10 if rng.chance(20) => {
                let deep = usize::try_from(rng.between(1, 5_000)).unwrap();
                let bracket = rng.pick(&[("[", "]"), ("{\"a\":", "}")]);
                self.out.push_str(&bracket.0.repeat(deep));
                self.out.push('1');
                self.out.push_str(&bracket.1.repeat(deep));
            }
            _ => {
                self.out.push_str(rng.pick(&[
                    "{}",
                    "[]",
                    "[null]",
                    "{\"x\":{}}",
                    "",
                    ",",
                    "\u{0}",
                ]));
            }
        }
    }
}

/// Small numbers mostly.
fn whole(rng: &mut Rng) -> i64 {
    match rng.between(0, 9) {
        0 => rng.number().cast_signed(),
        1 => rng.pick(&[i64::MAX, i64::MIN, i64::MAX - 1, 1_000_000_000, -1_000_000_000]),
        2 => -i64::try_from(rng.between(0, 500)).unwrap(),
        _ => i64::try_from(rng.between(0, 500)).unwrap(),
    }
}
