//! `POST /oauth/token`: requests, tokens and OAuth errors ([`super::api::oauth`]).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::lenient;

/// The request of every grant; what a grant does not use stays absent.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct TokenRequest {
    /// `client_credentials`, `device` or `refresh_token`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grant_type: Option<String>,
    /// The account's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// The account's secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<String>,
    /// Device grant, first step: the device's own path of names and values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uuid: Option<String>,
    /// Device grant, second step: the `device_code`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Refresh grant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
}

/// A granted token. `refresh_token` is written only by the device grant.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct TokenAnswer {
    /// 26 lower-case letters and digits.
    pub access_token: String,
    /// Seconds.
    #[serde(deserialize_with = "lenient::whole_or_zero")]
    pub expires_in: i64,
    /// Always `bearer`.
    pub token_type: String,
    /// A URL or null.
    #[serde(deserialize_with = "lenient::text")]
    pub scope: Option<String>,
    /// 40 hex digits; device grant only.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
}

/// The first answer of the device grant: what the device polls with and what people enter.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RegistrationAnswer {
    /// 32 hex digits; a secret of the device.
    pub device_code: String,
    /// 8 lower-case letters and digits.
    pub user_code: String,
    /// Where people enter the code.
    #[serde(deserialize_with = "lenient::text_or_empty")]
    pub verification_url: String,
    /// Seconds; 0 where the server does not say.
    #[serde(deserialize_with = "lenient::whole_or_zero")]
    pub expires_in: i64,
    /// Seconds between two polls; 0 where the server does not say.
    #[serde(deserialize_with = "lenient::whole_or_zero")]
    pub interval: i64,
}

/// `{"error": …, "error_description": …}`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct OAuthError {
    /// `invalid_client`, `authorization_pending`, …
    #[serde(deserialize_with = "lenient::text_or_empty")]
    pub error: String,
    /// For people.
    #[serde(deserialize_with = "lenient::text_or_empty")]
    pub error_description: String,
}
