//! How an answer points at another object, and the merchant as answers show it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::lenient;

/// `{"object": …, "id": …}`, how the API points at another object.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Reference {
    /// The kind, like `loyalty.transactions`.
    pub object: String,
    /// The id with its prefix, like `LTX_…`.
    pub id: String,
}

impl Reference {
    /// A reference to `id` of the kind `object`.
    pub fn new(object: &str, id: impl Into<String>) -> Self {
        Self { object: object.to_owned(), id: id.into() }
    }
}

/// The merchant as a transaction shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Merchant {
    /// Always `general.merchants`.
    pub object: String,
    /// `MRC_…`.
    pub id: String,
    /// The shop's name.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    pub companyname: Option<String>,
}
