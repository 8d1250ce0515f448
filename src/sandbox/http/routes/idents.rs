//! The operations on `/Smart/Idents`, `/Smart/Checkins` and `/Smart/Devices`
//! ([`crate::wire::api::idents`], [`crate::wire::api::devices`]).
//!
//! Lists are short and answered whole. Must not decide which card an ident leads to.

use schemars::JsonSchema;
use serde_json::{Value, json};

use crate::sandbox::faults::fault::Place;
use crate::sandbox::http::context::Server;
use crate::sandbox::http::operation::{Answer, Handler, Operation, Request};
use crate::sandbox::http::routes::transactions::operation;
use crate::sandbox::http::schema::Schema;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::request::node::Node;
use crate::sandbox::views::idents::templates;
use crate::wire::{Ident, IdentRequest, MerchantCard, Reference};

pub(super) const OPERATIONS: &[Operation] = &[
    operation(
        "GET",
        "/api/v2/Smart/Idents",
        "getAllIdents",
        "What scanned texts may be: prefix, length and kind.",
        Place::Other,
        Handler::Sync(|_, _| Ok(listed(&templates()))),
    )
    .gives(Schema::list::<Template>()),
    operation(
        "POST",
        "/api/v2/Smart/Idents/{id}/validate",
        "validateIdents",
        "Whether idents are valid, each with its card; the id in the path does not count.",
        Place::Other,
        Handler::Sync(|server, request| {
            Ok(Answer::json(&server.ledger.validate_idents(&request.json()?)?))
        }),
    )
    .takes(Schema::of::<Vec<IdentRequest>>())
    .gives(Schema::of::<Vec<Ident>>()),
    operation(
        "POST",
        "/api/v2/Smart/Idents/{id}/read",
        "readIdent",
        "The ident that lies on the simulated reader.",
        Place::Other,
        Handler::Sync(|server, request| Ok(Answer::json(&server.ledger.read_ident(request.id())?))),
    )
    .gives(Schema::of::<Ident>()),
    operation(
        "GET",
        "/api/v2/Smart/Checkins",
        "getAllCheckins",
        "The customers who have checked in.",
        Place::Other,
        Handler::Sync(|server, _| Ok(listed(&server.ledger.checkins()))),
    )
    .gives(Schema::list::<Checkin>()),
    operation(
        "POST",
        "/api/v2/Smart/Checkins/{id}/TriggerPushEvent",
        "triggerPushEvent",
        "Takes an event; nobody listens to it here.",
        Place::Other,
        Handler::Sync(push),
    )
    .takes(Schema::of::<Push>())
    .gives(Schema::RESULT),
    operation(
        "GET",
        "/api/v2/Smart/Devices",
        "getAllDevices",
        "The merchant's devices: the till, its terminal and further ones.",
        Place::Other,
        Handler::Sync(|server, _| Ok(listed(&server.ledger.devices()))),
    )
    .gives(Schema::list::<Device>()),
    operation(
        "GET",
        "/api/v2/Smart/Devices/{id}",
        "getOneDevice",
        "One device; me is the till.",
        Place::Other,
        Handler::Sync(device),
    )
    .gives(Schema::of::<Device>()),
];

/// What a scanned text may be.
#[derive(JsonSchema)]
#[allow(dead_code, reason = "describes what is written out of the ledger's own data")]
struct Template {
    /// Always `smart.idents`.
    object: String,
    /// `smi_1`, …
    id: String,
    /// `card` or `checkin`.
    #[schemars(rename = "type")]
    kind: String,
    /// How the text begins.
    prefix: String,
    /// How many characters it has.
    length: u8,
    /// What people call it.
    name: String,
}

/// A customer who has checked in.
#[derive(JsonSchema)]
#[allow(dead_code, reason = "describes what is written out of the ledger's own data")]
struct Checkin {
    /// Always `smart.checkins`.
    object: String,
    /// `CKI_…`, for an ident of the type `checkin`.
    id: String,
    /// What the cashier reads.
    #[schemars(rename = "customerName")]
    customer_name: String,
    /// Address of a picture, or null.
    picture: Value,
    /// ISO 8601.
    created: String,
    account: Reference,
    customer: Reference,
    /// The card that comes with it.
    #[schemars(skip_serializing_if = "Option::is_none")]
    merchantcard: Option<MerchantCard>,
}

/// A device of the merchant.
#[derive(JsonSchema)]
#[allow(dead_code, reason = "describes what is written out of the ledger's own data")]
struct Device {
    /// Always `smart.devices`.
    object: String,
    /// `SDV_…`
    id: String,
    merchant: Reference,
    store: Reference,
    vendor: String,
    /// Path of names and values.
    vendor_uid: String,
    /// `cashier` or `zvt`.
    #[schemars(rename = "type")]
    kind: String,
    description: String,
    /// ISO 8601.
    created: String,
    online: bool,
}

/// An event for the component on the customer's screen.
#[derive(JsonSchema)]
#[allow(dead_code, reason = "describes what is read field by field")]
struct Push {
    target: String,
    action: String,
    /// Whatever belongs to it.
    data: Option<Value>,
}

fn listed(data: &[Value]) -> Answer {
    Answer::json(&json!({ "count": data.len(), "data": data }))
}

fn push(_: &Server, request: &Request) -> Result<Answer, Refusal> {
    let body: Value = request.json()?;
    let body = Node::body(&body);
    body.required("target")?.text()?;
    body.required("action")?.text()?;
    Ok(Answer::json(&json!({ "result": true })))
}

fn device(server: &Server, request: &Request) -> Result<Answer, Refusal> {
    let (devices, id) = (server.ledger.devices(), request.id());
    let me = id.eq_ignore_ascii_case("me");
    let found = if me { devices.first() } else { devices.iter().find(|one| one["id"] == id) };
    let found = found.ok_or_else(|| Refusal::not_found("smart.devices", id))?;
    Ok(Answer::json(found))
}
