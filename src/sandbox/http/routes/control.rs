//! `/sandbox/…`: looking after the sandbox itself.
//!
//! Not part of the API: needs no token, suffers no faults, and answers this machine alone.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use crate::sandbox::http::context::Server;
use crate::sandbox::http::operation::{Answer, Asked, Call, Guard, Operation};
use crate::sandbox::http::schema::Schema;
use crate::sandbox::ledger::reset::Counts;
use crate::sandbox::refusal::Refusal;

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
        "/sandbox/health",
        "getHealth",
        "That the sandbox serves, since when, and how much is in its books.",
        Call::Now(health),
    )
    .guard(Guard::ThisMachine)
    .gives(Schema::of::<Health>()),
    Operation::new(
        "POST",
        "/sandbox/reset",
        "reset",
        "Begins the books anew, with the fixtures and ids that they began with. Tokens stay good.",
        Call::Now(reset),
    )
    .guard(Guard::ThisMachine)
    .gives(Schema::of::<Health>()),
    Operation::new(
        "GET",
        "/sandbox/fixtures",
        "getFixtures",
        "The cards as they stand now, as a file for --fixtures.",
        Call::Now(fixtures),
    )
    .guard(Guard::ThisMachine)
    .gives(Schema::shape(|_| json!({ "type": "object", "required": ["cards", "groups"] }))),
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

/// How the sandbox is.
#[derive(Serialize, JsonSchema)]
struct Health {
    /// Always `ok`: a sandbox that cannot go on ends.
    status: &'static str,
    /// The program's version.
    version: &'static str,
    /// Seconds since it serves.
    uptime: i64,
    /// Whether the books are kept in a file.
    durable: bool,
    #[serde(flatten)]
    counts: Counts,
}

// Takes what every operation takes.
#[allow(clippy::unnecessary_wraps)]
fn health(server: &Server, _: &Asked) -> Result<Answer, Refusal> {
    Ok(Answer::json(&Health {
        status: "ok",
        version: env!("CARGO_PKG_VERSION"),
        uptime: server.clock.now().as_second() - server.started.as_second(),
        durable: server.ledger.state().is_some(),
        counts: server.ledger.counts(),
    }))
}

fn reset(server: &Server, asked: &Asked) -> Result<Answer, Refusal> {
    server.ledger.reset(server.seed)?;
    // What was found in the books before is not in these.
    server.scrolls.restart(server.seed);
    server.buyers.restart(server.seed);
    health(server, asked)
}

// Takes what every operation takes.
#[allow(clippy::unnecessary_wraps)]
fn fixtures(server: &Server, _: &Asked) -> Result<Answer, Refusal> {
    Ok(Answer::json(&server.ledger.fixtures()))
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
fn describe(server: &Server, _: &Asked) -> Result<Answer, Refusal> {
    Ok(Answer::json(&(server.description)()))
}
