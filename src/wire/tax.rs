//! A VAT rate as it stands on the wire: a number in percent, in hundredths on older servers
//! (no. 4 and 20 of the [`super::api::contradictions`]).

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::money::{Percent, serialize_hundredths};

/// A VAT rate as a server or a till wrote it, to two decimals. Whole numbers are written as such,
/// as all SDKs read integers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tax {
    /// The number that is written, times 100.
    hundredths: i64,
}

impl Tax {
    /// So many percent, or whatever else stands in the place of it.
    #[must_use]
    pub const fn whole(number: i64) -> Self {
        Self { hundredths: number.saturating_mul(100) }
    }

    /// The rate that is meant: a number above 100 counts hundredths of a percent. `None`: it can be
    /// neither.
    #[must_use]
    pub fn rate(self) -> Option<Percent> {
        let hundredths =
            if self.hundredths > 10_000 { self.hundredths / 100 } else { self.hundredths };
        let hundredths = u16::try_from(hundredths).ok()?;
        (hundredths <= 10_000).then(|| Percent::of_hundredths(hundredths))
    }

    /// Reads a number, or a number as a text with point or comma.
    #[must_use]
    pub fn read(value: &Value) -> Option<Self> {
        let number = match value {
            Value::Number(number) if number.as_i64().is_some() => {
                return number.as_i64().map(Self::whole);
            }
            Value::Number(number) => number.as_f64()?,
            Value::String(text) => text.trim().replace(',', ".").parse().ok()?,
            _ => return None,
        };
        // To two decimals, and without the binary number's rest: 8.1.
        let hundredths = format!("{number:.2}").replace('.', "").parse().ok()?;
        Some(Self { hundredths })
    }
}

impl From<Percent> for Tax {
    fn from(percent: Percent) -> Self {
        Self { hundredths: i64::from(percent.hundredths()) }
    }
}

impl Serialize for Tax {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_hundredths(self.hundredths, serializer)
    }
}

impl<'de> Deserialize<'de> for Tax {
    /// Null is no rate: 0.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        if value.is_null() {
            return Ok(Self::default());
        }
        Self::read(&value).ok_or_else(|| D::Error::custom(format!("expected a rate, got {value}")))
    }
}

impl JsonSchema for Tax {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Tax".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "number" })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn rates_are_read_as_servers_write_them_and_told_again_as_numbers() {
        for (json, rate, again) in [
            ("7", Some(700), "7"),
            ("7.0", Some(700), "7"),
            ("8.1", Some(810), "8.1"),
            ("\"8,10\"", Some(810), "8.1"),
            ("\"19\"", Some(1900), "19"),
            ("5.55", Some(555), "5.55"),
            ("1900", Some(1900), "1900"),
            ("810", Some(810), "810"),
            ("100", Some(10_000), "100"),
            ("null", Some(0), "0"),
            ("-7", None, "-7"),
            ("1e300", None, ""),
            ("20000", None, "20000"),
        ] {
            let read = serde_json::from_str::<Tax>(json);
            if again.is_empty() {
                assert!(read.is_err(), "{json}");
                continue;
            }
            let tax = read.unwrap();
            assert_eq!(tax.rate().map(Percent::hundredths), rate, "{json}");
            assert_eq!(serde_json::to_string(&tax).unwrap(), again, "{json}");
        }
        for wrong in ["true", "\"\"", "\"seven\"", "[]", "\"inf\"", "\"NaN\""] {
            assert!(serde_json::from_str::<Tax>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_rate_is_the_same_on_the_wire() {
        for percent in (0..=10_000).map(Percent::of_hundredths) {
            let json = serde_json::to_string(&Tax::from(percent)).unwrap();
            assert_eq!(json, serde_json::to_string(&percent).unwrap());
            assert_eq!(serde_json::from_str::<Tax>(&json).unwrap().rate(), Some(percent), "{json}");
        }
    }
}
