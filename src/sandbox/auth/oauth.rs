//! `POST /oauth/token`: grants and the errors of OAuth ([`crate::wire::api::oauth`]).
//!
//! Owns which request gets which answer. Must not know HTTP beyond the status number.
//!
//! Accounts and users are fixtures; every device has the one PIN [`DEVICE_PIN`].

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::wire::{OAuthError, TokenAnswer};

use crate::sandbox::auth::tokens::{Granted, LIFETIME, Polled, Tokens};
use crate::sandbox::fixtures::{DEVICE_PIN, UNKNOWN_DEVICE};
use crate::sandbox::ledger::Ledger;

/// A device's id is no longer than this, in bytes: it is kept with its tokens.
const LONGEST_DEVICE: usize = 1000;

/// A refused token request: HTTP status and body.
#[derive(Debug)]
pub(crate) struct Denied {
    pub(crate) http: u16,
    pub(crate) body: OAuthError,
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

    /// The same for a field that clients also send as a number.
    fn digits(&self, key: &str) -> Option<String> {
        match self.0.get(key)? {
            Value::Number(number) => Some(number.to_string()),
            _ => self.text(key).map(str::to_owned),
        }
    }
}

/// The answer to a device that registers.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Registered {
    /// What the device polls with.
    device_code: String,
    /// What people enter.
    user_code: String,
    /// Where they enter it.
    verification_url: &'static str,
    /// Seconds.
    expires_in: i64,
    /// Seconds between two polls.
    interval: i64,
}

/// The body of every grant; each needs other fields of it.
#[derive(JsonSchema)]
#[allow(dead_code, reason = "describes what is read field by field, as a form or as JSON")]
pub(crate) struct Wanted {
    /// Which grant.
    grant_type: GrantType,
    /// The account.
    client_id: String,
    /// Its secret.
    client_secret: String,
    /// `device` and `device_pin`: the device.
    uuid: Option<String>,
    /// `device`, second step: the `device_code`.
    code: Option<String>,
    /// `refresh_token`: what the device grant gave.
    refresh_token: Option<String>,
    /// `appuser`: the person.
    username: Option<String>,
    /// `appuser`: the person's password.
    password: Option<String>,
    /// `appuser`: the device.
    device: Option<String>,
    /// `device_pin`: the PIN.
    device_pin: Option<String>,
}

/// The grants.
#[derive(JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(dead_code, reason = "describes what is read field by field")]
enum GrantType {
    ClientCredentials,
    Device,
    RefreshToken,
    #[serde(rename = "appuser")]
    AppUser,
    DevicePin,
}

/// What a grant answers: a token, or the codes of a device that registers.
#[derive(JsonSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "describes the two answers")]
pub(crate) enum Given {
    Token(TokenAnswer),
    Registered(Registered),
}

/// The result of a token request.
pub(crate) struct Answered {
    pub(crate) body: Value,
    /// The code that has to be confirmed by hand now.
    pub(crate) to_confirm: Option<String>,
}

impl From<Value> for Answered {
    fn from(body: Value) -> Self {
        Self { body, to_confirm: None }
    }
}

/// Answers a token request.
pub(crate) fn answer(
    tokens: &Tokens,
    ledger: &Ledger,
    content_type: &str,
    body: &[u8],
    now: Timestamp,
) -> Result<Answered, Denied> {
    let fields = Fields::read(content_type, body)
        .ok_or_else(|| denied(400, "invalid_request", "The request body could not be read"))?;
    let grant = fields.text("grant_type").ok_or_else(|| {
        denied(400, "invalid_request", "The grant type was not specified in the request")
    })?;
    let answer: fn(&Asking<'_>) -> Grant = match grant {
        "client_credentials" => credentials,
        "device" => device,
        "refresh_token" => refresh,
        "appuser" => app_user,
        "device_pin" => device_pin,
        _ => {
            let description = format!("Grant type \"{grant}\" not supported");
            return Err(denied(400, "unsupported_grant_type", description));
        }
    };
    let account = account(ledger, &fields)?;
    answer(&Asking { tokens, ledger, account, fields: &fields, now })
}

/// A request of a known account.
struct Asking<'a> {
    tokens: &'a Tokens,
    ledger: &'a Ledger,
    /// Its `client_id`.
    account: &'a str,
    fields: &'a Fields,
    now: Timestamp,
}

/// The account that asks.
fn account<'a>(ledger: &Ledger, fields: &'a Fields) -> Result<&'a str, Denied> {
    let (Some(id), Some(secret)) = (fields.text("client_id"), fields.text("client_secret")) else {
        let description = "Client credentials were not found in the headers or body";
        return Err(denied(400, "invalid_client", description));
    };
    if ledger.knows_account(id, secret) {
        Ok(id)
    } else {
        Err(denied(400, "invalid_client", "The client credentials are invalid"))
    }
}

type Grant = Result<Answered, Denied>;

// Takes and gives what every grant does.
#[allow(clippy::unnecessary_wraps)]
fn credentials(asking: &Asking<'_>) -> Grant {
    let Asking { tokens, now, .. } = *asking;
    Ok(token(tokens.grant(now), Some("https://scope.secucard.com/e/api")))
}

fn refresh(asking: &Asking<'_>) -> Grant {
    let Asking { tokens, fields, now, .. } = *asking;
    let refresh = required(fields.text("refresh_token"), "Missing parameter: \"refresh_token\"")?;
    let granted = tokens
        .refresh(refresh, now)
        .ok_or_else(|| denied(400, "invalid_grant", "Invalid refresh token"))?;
    Ok(token(granted, None))
}

fn device(asking: &Asking<'_>) -> Grant {
    let Asking { tokens, fields, now, .. } = *asking;
    // A code goes first: some clients send their uuid along while they poll.
    if let Some(code) = fields.text("code") {
        return match tokens.poll(code, now) {
            Polled::Granted(granted) => Ok(token(granted, None)),
            Polled::Pending => {
                let description = "The device code has not been confirmed yet";
                Err(denied(401, "authorization_pending", description))
            }
            Polled::Unknown => Err(denied(400, "invalid_grant", "Invalid or expired device code")),
        };
    }
    let uuid = fields.text("uuid").ok_or_else(|| {
        denied(400, "invalid_request", "Missing parameters: \"uuid\" or \"code\" required")
    })?;
    check_device(uuid)?;
    let registration = tokens.register(uuid, now);
    let body = json!(Registered {
        device_code: registration.device_code,
        user_code: registration.user_code.clone(),
        verification_url: "http://www.secuoffice.com",
        expires_in: LIFETIME,
        interval: 5,
    });
    Ok(Answered { body, to_confirm: tokens.needs_confirmation().then_some(registration.user_code) })
}

fn app_user(asking: &Asking<'_>) -> Grant {
    let Asking { tokens, ledger, account, fields, now } = *asking;
    let missing = "Missing parameters: \"username\", \"password\" and \"device\"";
    let name = required(fields.text("username"), missing)?;
    let password = required(fields.text("password"), missing)?;
    let uuid = required(fields.text("device"), missing)?;
    if !ledger.knows_user(account, name, password) {
        let description = "Invalid username and password combination";
        return Err(denied(401, "invalid_grant", description));
    }
    check_device(uuid)?;
    Ok(token(tokens.open_session(uuid, now), None))
}

fn device_pin(asking: &Asking<'_>) -> Grant {
    let Asking { tokens, fields, now, .. } = *asking;
    let missing = "Missing parameters: \"uuid\" and \"device_pin\"";
    let uuid = required(fields.text("uuid"), missing)?;
    let pin = required(fields.digits("device_pin"), missing)?;
    check_device(uuid)?;
    if pin != DEVICE_PIN {
        return Err(denied(401, "invalid_grant", "Invalid device PIN"));
    }
    // The documented answer has no refresh token: the PIN is asked for again instead.
    let granted = Granted { refresh: None, ..tokens.open_session(uuid, now) };
    Ok(token(granted, None))
}

fn required<T>(field: Option<T>, missing: &str) -> Result<T, Denied> {
    field.ok_or_else(|| denied(400, "invalid_request", format!("{missing} required")))
}

fn check_device(uuid: &str) -> Result<(), Denied> {
    if uuid.len() > LONGEST_DEVICE {
        let description = format!("uuid: longer than {LONGEST_DEVICE} bytes");
        return Err(denied(400, "invalid_request", description));
    }
    if uuid == UNKNOWN_DEVICE {
        Err(denied(401, "invalid_device", "device with given uuid not configured"))
    } else {
        Ok(())
    }
}

fn token(granted: Granted, scope: Option<&str>) -> Answered {
    let body = json!(TokenAnswer {
        access_token: granted.access,
        expires_in: LIFETIME,
        token_type: "bearer".to_owned(),
        scope: scope.map(str::to_owned),
        refresh_token: granted.refresh,
    });
    body.into()
}
