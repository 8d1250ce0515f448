//! `/sandbox/…`: health, reset and description of the sandbox itself.
//!
//! Not part of the API: needs no token, suffers no faults, and answers this machine alone.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use crate::sandbox::http::context::Server;
use crate::sandbox::http::operation::{Answer, Guard, Handler, Operation, Request};
use crate::sandbox::http::schema::Schema;
use crate::sandbox::ledger::reset::Counts;
use crate::sandbox::refusal::Refusal;

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::new(
        "POST",
        "/sandbox/confirm/{user_code}",
        "confirmPairing",
        "Confirms the pairing of the device that shows this code.",
        Handler::Sync(confirm),
    )
    .guard(Guard::Local)
    .gives(Schema::of::<Confirmed>()),
    Operation::new(
        "GET",
        "/sandbox/health",
        "getHealth",
        "That the sandbox serves, since when, and how much is in its books.",
        Handler::Sync(health),
    )
    .guard(Guard::Local)
    .gives(Schema::of::<Health>()),
    Operation::new(
        "POST",
        "/sandbox/reset",
        "reset",
        "Begins the books anew, with the fixtures and ids that they began with. Tokens stay good.",
        Handler::Sync(reset),
    )
    .guard(Guard::Local)
    .gives(Schema::of::<Health>()),
    Operation::new(
        "GET",
        "/sandbox/fixtures",
        "getFixtures",
        "The cards as they stand now, as a file for --fixtures.",
        Handler::Sync(|server, _| Ok(Answer::json(&server.ledger.fixtures()))),
    )
    .guard(Guard::Local)
    .gives(Schema::shape(|_| json!({ "type": "object", "required": ["cards", "groups"] }))),
    Operation::new(
        "GET",
        "/sandbox/openapi.json",
        "getDescription",
        "This description.",
        Handler::Sync(|server, _| Ok(Answer::json(&(server.description)()))),
    )
    .guard(Guard::Local)
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
fn health(server: &Server, _: &Request) -> Result<Answer, Refusal> {
    Ok(Answer::json(&Health {
        status: "ok",
        version: env!("CARGO_PKG_VERSION"),
        uptime: server.clock.now().as_second() - server.started.as_second(),
        durable: server.ledger.state().is_some(),
        counts: server.ledger.counts(),
    }))
}

fn reset(server: &Server, request: &Request) -> Result<Answer, Refusal> {
    server.ledger.reset(server.seed)?;
    // What was found in the books before is not in these.
    server.scrolls.restart(server.seed);
    server.buyers.restart(server.seed);
    health(server, request)
}

fn confirm(server: &Server, request: &Request) -> Result<Answer, Refusal> {
    // It is typed off a screen; its letters are all small.
    let code = request.param("user_code").to_ascii_lowercase();
    match server.tokens.confirm(&code, server.clock.now()) {
        Some(uuid) => Ok(Answer::json(&Confirmed { user_code: code, uuid })),
        None => Err(Refusal::not_found("user code", &code)),
    }
}
