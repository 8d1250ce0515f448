//! The operations on `/Loyalty/…` ([`crate::wire::api::loyalty`]), a table per resource.

mod bodies;
pub(super) mod bookings;
pub(super) mod cards;
pub(super) mod checks;
pub(super) mod customers;
pub(super) mod groups;

use serde_json::{Value, json};

use crate::sandbox::faults::fault::Place;
use crate::sandbox::http::context::Server;
use crate::sandbox::http::operation::{Answer, Handler, Operation, Request};
use crate::sandbox::refusal::Refusal;

const fn operation(
    method: &'static str,
    path: &'static str,
    name: &'static str,
    summary: &'static str,
    call: fn(&Server, &Request) -> Result<Answer, Refusal>,
) -> Operation {
    Operation::new(method, path, name, summary, Handler::Sync(call)).at(Place::Cards)
}

/// The body; none at all is like an empty object, as SDKs send it.
fn body(request: &Request) -> Result<Value, Refusal> {
    let value: Value = if request.body.is_empty() { Value::Null } else { request.json()? };
    Ok(if value.is_null() || value == json!([]) { json!({}) } else { value })
}

fn result(result: bool) -> Answer {
    Answer::json(&json!({ "result": result }))
}
