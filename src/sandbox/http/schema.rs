//! How bodies look, as JSON Schemas that come from the types that read and write them.
//!
//! Must not know which operation has which.

use schemars::generate::SchemaGenerator;
use schemars::{JsonSchema, Schema as Generated};
use serde_json::{Value, json};

/// The look of a body. A constant, so that it can stand in a table.
#[derive(Clone, Copy)]
pub(super) struct Schema(fn(&mut SchemaGenerator) -> Value);

impl Schema {
    /// Any JSON.
    pub(super) const ANY: Self = Self(|_| Value::Bool(true));

    /// `{"result": true}`, or false.
    pub(super) const RESULT: Self = Self(|_| {
        json!({ "type": "object", "required": ["result"],
                "properties": { "result": { "type": "boolean" } } })
    });

    /// That of a type.
    pub(super) const fn of<T: JsonSchema>() -> Self {
        Self(named::<T>)
    }

    /// The envelope of lists: how many there are in all, and this page of them.
    pub(super) const fn list<T: JsonSchema>() -> Self {
        Self(|generator| {
            json!({
                "type": "object",
                "required": ["count", "data"],
                "properties": {
                    "count": { "type": "integer", "minimum": 0,
                               "description": "All matches, not only those of this page." },
                    "data": { "type": "array", "items": named::<T>(generator) },
                    "scroll_id": { "type": "string" },
                },
            })
        })
    }

    /// One that is written out by hand.
    pub(super) const fn shape(shape: fn(&mut SchemaGenerator) -> Value) -> Self {
        Self(shape)
    }

    /// The schema; named types in it are left to the generator's definitions.
    pub(super) fn json(self, generator: &mut SchemaGenerator) -> Value {
        (self.0)(generator)
    }
}

fn named<T: JsonSchema>(generator: &mut SchemaGenerator) -> Value {
    Generated::to_value(generator.subschema_for::<T>())
}
