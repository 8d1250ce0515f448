//! Card holders: who a card belongs to, as far as the merchant knows.
//!
//! Personal data is in no debug output.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A card holder.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Customer {
    pub(crate) id: String,
    /// ISO 8601.
    pub(crate) created: String,
    pub(crate) merchant: String,
    pub(crate) contact: Map<String, Value>,
    pub(crate) number: Option<String>,
    pub(crate) note: Option<String>,
    pub(crate) consent: String,
    pub(crate) additional_data: Value,
}

impl fmt::Debug for Customer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Customer").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Customer {
    /// A card holder without an id of whom nothing is known; created at `created` (ISO 8601).
    pub(crate) fn new(created: String, merchant: String) -> Self {
        Self {
            id: String::new(),
            created,
            merchant,
            contact: Map::new(),
            number: None,
            note: None,
            consent: "not_set".to_owned(),
            additional_data: Value::Null,
        }
    }

    /// Removes the personal data.
    pub(crate) fn anonymize(&mut self) {
        self.contact.clear();
        self.number = None;
        self.note = None;
        self.additional_data = Value::Null;
    }
}
