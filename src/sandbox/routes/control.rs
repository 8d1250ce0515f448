//! `/sandbox/…`: looking after the sandbox itself.
//!
//! Not part of the API: needs no token, suffers no faults, and answers this machine alone.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use super::super::refusal::Refusal;
use super::operation::{Answer, Asked, Call, Guard, Operation};
use super::schema::Schema;
use super::{Server, TABLES, describe};

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::new(
        "POST",
        "/sandbox/confirm/{user_code}",
        "confirmPairing",
        "Confirms the pairing of the device that shows this code.",
        Call::Now(confirm),
    )
    .guard(Guard::ThisMachine)
    .gives(Schema::of::<Confirmed>()),
    Operation::new(
        "GET",
        "/sandbox/openapi.json",
        "getDescription",
        "This description.",
        Call::Now(describe),
    )
    .guard(Guard::ThisMachine)
    .gives(Schema::shape(|_| json!({ "type": "object", "required": ["openapi", "paths"] }))),
];

/// A pairing that was confirmed.
#[derive(Serialize, JsonSchema)]
struct Confirmed {
    /// What was entered.
    user_code: String,
    /// The device.
    uuid: String,
}

fn confirm(server: &Server, asked: &Asked) -> Result<Answer, Refusal> {
    // People type it off a screen; its letters are all small.
    let code = asked.param("user_code").to_ascii_lowercase();
    match server.tokens.confirm(&code, server.clock.now()) {
        Some(uuid) => Ok(Answer::json(&Confirmed { user_code: code, uuid })),
        None => Err(Refusal::NotFound(format!("user code {code}"))),
    }
}

// Takes what every operation takes.
#[allow(clippy::unnecessary_wraps)]
fn describe(_: &Server, _: &Asked) -> Result<Answer, Refusal> {
    Ok(Answer::json(&describe::document(TABLES)))
}
