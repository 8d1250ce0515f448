//! `POST /oauth/token`: grants and the errors of OAuth (api.md §1.1).
//!
//! Owns which request gets which answer. Must not know HTTP beyond the status number.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::wire::{OAuthError, TokenAnswer};

use super::fixtures::UNKNOWN_DEVICE;
use super::tokens::{Granted, LIFETIME, Tokens};
use super::{CLIENT_ID, CLIENT_SECRET};

/// A refused token request: HTTP status and body.
#[derive(Debug)]
pub(super) struct Denied {
    pub(super) http: u16,
    pub(super) body: OAuthError,
}

fn denied(http: u16, error: &str, description: impl Into<String>) -> Denied {
    Denied {
        http,
        body: OAuthError { error: error.to_owned(), error_description: description.into() },
    }
}

/// The fields of a token request.
struct Fields(Map<String, Value>);

impl Fields {
    /// Reads JSON or a form; the documents use both, and not every client labels them right.
    fn read(content_type: &str, body: &[u8]) -> Option<Self> {
        if content_type.to_ascii_lowercase().contains("x-www-form-urlencoded") {
            let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(body).ok()?;
            Some(Self(pairs.into_iter().map(|(key, value)| (key, Value::String(value))).collect()))
        } else {
            serde_json::from_slice(body).ok().map(Self)
        }
    }

    /// The field as a text, `None` when it is absent, empty or no text.
    fn text(&self, key: &str) -> Option<&str> {
        self.0.get(key).and_then(Value::as_str).filter(|text| !text.is_empty())
    }
}

/// Answers a token request.
pub(super) fn answer(
    tokens: &Tokens,
    content_type: &str,
    body: &[u8],
    now: Timestamp,
) -> Result<Value, Denied> {
    let fields = Fields::read(content_type, body)
        .ok_or_else(|| denied(400, "invalid_request", "The request body could not be read"))?;
    let grant = fields.text("grant_type").ok_or_else(|| {
        denied(400, "invalid_request", "The grant type was not specified in the request")
    })?;
    if !matches!(grant, "client_credentials" | "device" | "refresh_token") {
        let description = format!("Grant type \"{grant}\" not supported");
        return Err(denied(400, "unsupported_grant_type", description));
    }
    check_account(&fields)?;
    match grant {
        "client_credentials" => {
            Ok(token(tokens.grant(now), Some("https://scope.secucard.com/e/api")))
        }
        "device" => device(tokens, &fields, now),
        _ => {
            let refresh = fields.text("refresh_token").ok_or_else(|| {
                denied(400, "invalid_request", "Missing parameter: \"refresh_token\" is required")
            })?;
            let granted = tokens
                .refresh(refresh, now)
                .ok_or_else(|| denied(400, "invalid_grant", "Invalid refresh token"))?;
            Ok(token(granted, None))
        }
    }
}

fn check_account(fields: &Fields) -> Result<(), Denied> {
    let (Some(id), Some(secret)) = (fields.text("client_id"), fields.text("client_secret")) else {
        let description = "Client credentials were not found in the headers or body";
        return Err(denied(400, "invalid_client", description));
    };
    if id == CLIENT_ID && secret == CLIENT_SECRET {
        Ok(())
    } else {
        Err(denied(400, "invalid_client", "The client credentials are invalid"))
    }
}

fn device(tokens: &Tokens, fields: &Fields, now: Timestamp) -> Result<Value, Denied> {
    // A code goes first: some clients send their uuid along while they poll.
    if let Some(code) = fields.text("code") {
        let granted = tokens
            .open_session(code, now)
            .ok_or_else(|| denied(400, "invalid_grant", "Invalid or expired device code"))?;
        return Ok(token(granted, None));
    }
    let uuid = fields.text("uuid").ok_or_else(|| {
        denied(400, "invalid_request", "Missing parameters: \"uuid\" or \"code\" required")
    })?;
    if uuid == UNKNOWN_DEVICE {
        return Err(denied(401, "invalid_device", "device with given uuid not configured"));
    }
    let registration = tokens.register(uuid, now);
    Ok(json!({
        "device_code": registration.device_code,
        "user_code": registration.user_code,
        "verification_url": "http://www.secuoffice.com",
        "expires_in": LIFETIME,
        "interval": 5,
    }))
}

fn token(granted: Granted, scope: Option<&str>) -> Value {
    json!(TokenAnswer {
        access_token: granted.access,
        expires_in: LIFETIME,
        token_type: "bearer".to_owned(),
        scope: scope.map(str::to_owned),
        refresh_token: granted.refresh,
    })
}
