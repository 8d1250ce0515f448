//! The body of every refused API call ([`super::api::errors`]).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::lenient;

/// `{"status":"error","error":…,"error_details":…,"error_user":…,"code":2003,"supportId":…}`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ErrorBody {
    /// Always `error`.
    #[serde(deserialize_with = "lenient::text_or_empty")]
    pub status: String,
    /// The exception's name; also the reason phrase of the status line.
    #[serde(deserialize_with = "lenient::text_or_empty")]
    pub error: String,
    /// Technical; may name the offending fields.
    #[serde(deserialize_with = "lenient::text_or_empty")]
    pub error_details: String,
    /// For the user, in German.
    #[serde(deserialize_with = "lenient::text_or_empty")]
    pub error_user: String,
    /// The API's own code, not the HTTP status.
    #[serde(deserialize_with = "lenient::whole_or_zero")]
    pub code: i64,
    /// 32 hex digits for the help desk.
    #[serde(rename = "supportId", deserialize_with = "lenient::text_or_empty")]
    pub support_id: String,
}
