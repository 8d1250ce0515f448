//! `/sandbox/…`: looking after the sandbox itself.
//!
//! Not part of the API: needs no token, suffers no faults, and answers this machine alone.

use serde_json::json;

use super::super::refusal::Refusal;
use super::Server;
use super::operation::{Answer, Asked, Call, Guard, Operation};

pub(super) const OPERATIONS: &[Operation] = &[Operation {
    method: "POST",
    path: "/sandbox/confirm/{user_code}",
    name: "confirmPairing",
    summary: "Confirms the pairing of the device that shows this code.",
    guard: Guard::ThisMachine,
    place: None,
    call: Call::Now(confirm),
}];

fn confirm(server: &Server, asked: &Asked) -> Result<Answer, Refusal> {
    // People type it off a screen; its letters are all small.
    let code = asked.param("user_code").to_ascii_lowercase();
    match server.tokens.confirm(&code, server.clock.now()) {
        Some(uuid) => Ok(Answer::json(&json!({ "user_code": code, "uuid": uuid }))),
        None => Err(Refusal::NotFound(format!("user code {code}"))),
    }
}
