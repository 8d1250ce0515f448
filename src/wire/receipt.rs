//! Receipt lines ([`super::api::receipts`]): exactly four types on the wire, unknown ones are
//! skipped.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Deserializer;
use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One line of a receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReceiptLine {
    /// Starts a part of the receipt; the caption may be missing.
    Separator(Option<String>),
    /// A line of text, left aligned unless decorated.
    Text(ReceiptText),
    /// A name on the left, a value on the right.
    NameValue {
        /// Left.
        name: String,
        /// Right.
        value: String,
        /// Only [`Decoration::Important`] is meaningful here.
        decoration: Vec<Decoration>,
    },
    /// An empty line.
    Space,
    /// A type this program does not know; printed as nothing.
    Unknown,
}

/// A decorated line of text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReceiptText {
    /// The words.
    pub text: String,
    /// May be empty.
    #[serde(default)]
    pub decoration: Vec<Decoration>,
}

/// How a line is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Decoration {
    /// Bold.
    Important,
    /// Left; the default. An old SDK spells it with an underscore.
    #[serde(alias = "align_left")]
    AlignLeft,
    /// Centred.
    #[serde(alias = "align_center")]
    AlignCenter,
    /// Right.
    #[serde(alias = "align_right")]
    AlignRight,
    /// Anything else; ignored.
    #[serde(other)]
    #[schemars(skip)]
    Other,
}

impl ReceiptLine {
    /// A plain line.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(ReceiptText { text: text.into(), decoration: Vec::new() })
    }

    /// A bold line.
    pub fn important(text: impl Into<String>) -> Self {
        Self::Text(ReceiptText { text: text.into(), decoration: vec![Decoration::Important] })
    }

    /// Name and value.
    pub fn pair(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self::NameValue { name: name.into(), value: value.into(), decoration: Vec::new() }
    }
}

/// The value of a separator.
#[derive(Serialize)]
struct Caption<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    caption: Option<&'a str>,
}

/// The value of a name with its value.
#[derive(Serialize)]
struct Pair<'a> {
    name: &'a str,
    value: &'a str,
    decoration: &'a [Decoration],
}

impl Serialize for ReceiptLine {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match self {
            Self::Separator(caption) => {
                map.serialize_entry("type", "separator")?;
                map.serialize_entry("value", &Caption { caption: caption.as_deref() })?;
            }
            Self::Text(text) => {
                map.serialize_entry("type", "textline")?;
                map.serialize_entry("value", text)?;
            }
            Self::NameValue { name, value, decoration } => {
                map.serialize_entry("type", "name-value")?;
                map.serialize_entry("value", &Pair { name, value, decoration })?;
            }
            Self::Space => map.serialize_entry("type", "space")?,
            // No API says this: whoever keeps the line reads it back as what it is, nothing.
            Self::Unknown => map.serialize_entry("type", "unknown")?,
        }
        map.end()
    }
}

impl JsonSchema for ReceiptLine {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ReceiptLine".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let decoration = generator.subschema_for::<Vec<Decoration>>();
        let text = generator.subschema_for::<ReceiptText>();
        json_schema!({
            "description": "One line of a receipt.",
            "oneOf": [
                { "type": "object", "required": ["type", "value"], "properties": {
                    "type": { "const": "separator" },
                    "value": { "type": "object", "properties": { "caption": { "type": "string" } } }
                } },
                { "type": "object", "required": ["type", "value"], "properties": {
                    "type": { "const": "textline" }, "value": text
                } },
                { "type": "object", "required": ["type", "value"], "properties": {
                    "type": { "const": "name-value" },
                    "value": { "type": "object", "required": ["name", "value", "decoration"],
                               "properties": { "name": { "type": "string" },
                                               "value": { "type": "string" },
                                               "decoration": decoration } }
                } },
                { "type": "object", "required": ["type"], "properties": {
                    "type": { "const": "space" }
                } }
            ]
        })
    }
}

impl<'de> Deserialize<'de> for ReceiptLine {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Lenient throughout: an odd receipt line must never make a paid sale unreadable.
        let line = Value::deserialize(deserializer)?;
        let value = line.get("value").cloned().unwrap_or(Value::Null);
        let text = |key: &str| match value.get(key) {
            Some(Value::String(text)) => Some(text.clone()),
            Some(Value::Number(number)) => Some(number.to_string()),
            _ => None,
        };
        let decoration = || {
            let list = value.get("decoration").cloned().unwrap_or(Value::Null);
            serde_json::from_value(list).unwrap_or_default()
        };
        Ok(match line.get("type").and_then(Value::as_str) {
            Some("separator") => Self::Separator(text("caption")),
            Some("textline") => Self::Text(ReceiptText {
                text: text("text").unwrap_or_default(),
                decoration: decoration(),
            }),
            Some("name-value") => Self::NameValue {
                name: text("name").unwrap_or_default(),
                value: text("value").unwrap_or_default(),
                decoration: decoration(),
            },
            Some("space") => Self::Space,
            _ => Self::Unknown,
        })
    }
}
