//! The operations on `/Smart/Idents`, `/Smart/Checkins` and `/Smart/Devices` (api.md §1.4 to §1.6).
//!
//! Lists are short and answered whole. Must not decide which card an ident leads to.

use serde_json::{Value, json};

use super::super::faults::Place;
use super::super::idents::templates;
use super::super::refusal::Refusal;
use super::super::request::Node;
use super::Server;
use super::operation::{Answer, Asked, Call, Operation};
use super::transactions::operation;

pub(super) const OPERATIONS: &[Operation] = &[
    operation(
        "GET",
        "/api/v2/Smart/Idents",
        "getAllIdents",
        "What scanned texts may be: prefix, length and kind.",
        Place::Other,
        Call::Now(idents),
    ),
    operation(
        "POST",
        "/api/v2/Smart/Idents/{id}/validate",
        "validateIdents",
        "Whether idents are valid, each with its card; the id in the path does not count.",
        Place::Other,
        Call::Now(validate),
    ),
    operation(
        "POST",
        "/api/v2/Smart/Idents/{id}/read",
        "readIdent",
        "The ident that lies on the simulated reader.",
        Place::Other,
        Call::Now(read),
    ),
    operation(
        "GET",
        "/api/v2/Smart/Checkins",
        "getAllCheckins",
        "The customers who have checked in.",
        Place::Other,
        Call::Now(checkins),
    ),
    operation(
        "POST",
        "/api/v2/Smart/Checkins/{id}/TriggerPushEvent",
        "triggerPushEvent",
        "Takes an event; nobody listens to it here.",
        Place::Other,
        Call::Now(push),
    ),
    operation(
        "GET",
        "/api/v2/Smart/Devices",
        "getAllDevices",
        "The merchant's devices: the till, its terminal and further ones.",
        Place::Other,
        Call::Now(devices),
    ),
    operation(
        "GET",
        "/api/v2/Smart/Devices/{id}",
        "getOneDevice",
        "One device; me is the till.",
        Place::Other,
        Call::Now(device),
    ),
];

fn listed(data: &[Value]) -> Answer {
    Answer::json(&json!({ "count": data.len(), "data": data }))
}

// These take what every operation takes.
#[allow(clippy::unnecessary_wraps)]
fn idents(_: &Server, _: &Asked) -> Result<Answer, Refusal> {
    Ok(listed(&templates()))
}

fn validate(server: &Server, asked: &Asked) -> Result<Answer, Refusal> {
    let body: Value = asked.json()?;
    Ok(Answer::json(&server.ledger.validate_idents(&body)?))
}

fn read(server: &Server, asked: &Asked) -> Result<Answer, Refusal> {
    Ok(Answer::json(&server.ledger.read_ident(asked.id())?))
}

#[allow(clippy::unnecessary_wraps)]
fn checkins(server: &Server, _: &Asked) -> Result<Answer, Refusal> {
    Ok(listed(&server.ledger.checkins()))
}

fn push(_: &Server, asked: &Asked) -> Result<Answer, Refusal> {
    let body: Value = asked.json()?;
    let body = Node::body(&body);
    body.required("target")?.text()?;
    body.required("action")?.text()?;
    Ok(Answer::json(&json!({ "result": true })))
}

#[allow(clippy::unnecessary_wraps)]
fn devices(server: &Server, _: &Asked) -> Result<Answer, Refusal> {
    Ok(listed(&server.ledger.devices()))
}

fn device(server: &Server, asked: &Asked) -> Result<Answer, Refusal> {
    let (devices, id) = (server.ledger.devices(), asked.id());
    let me = id.eq_ignore_ascii_case("me");
    let found = if me { devices.first() } else { devices.iter().find(|one| one["id"] == id) };
    let found = found.ok_or_else(|| Refusal::NotFound(format!("smart.devices {id}")))?;
    Ok(Answer::json(found))
}
