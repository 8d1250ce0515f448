//! `GET` and `PUT /sandbox/faults`: the faults as a JSON list of texts.
//!
//! Not part of the API: needs no token, suffers no faults, and answers this machine alone.

use crate::sandbox::faults::fault::Fault;
use crate::sandbox::faults::text::FaultError;
use crate::sandbox::http::context::Server;
use crate::sandbox::http::operation::{Answer, Guard, Handler, Operation, Request};
use crate::sandbox::http::schema::Schema;
use crate::sandbox::refusal::Refusal;

/// No more are switched on at a time: every call looks at all of them.
const MOST: usize = 100;

/// The faults as texts.
const FAULTS: Schema = Schema::of::<Vec<String>>();

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::new(
        "GET",
        "/sandbox/faults",
        "getFaults",
        "The faults that are switched on.",
        Handler::Sync(current),
    )
    .guard(Guard::Local)
    .gives(FAULTS),
    Operation::new(
        "PUT",
        "/sandbox/faults",
        "setFaults",
        "Switches faults: the list replaces those that were on.",
        Handler::Sync(set),
    )
    .guard(Guard::Local)
    .takes(FAULTS)
    .gives(FAULTS),
];

// Takes what every operation takes.
#[allow(clippy::unnecessary_wraps)]
fn current(server: &Server, _: &Request) -> Result<Answer, Refusal> {
    Ok(Answer::json(&server.faults.current()))
}

fn set(server: &Server, request: &Request) -> Result<Answer, Refusal> {
    let texts: Vec<String> = request.json()?;
    if texts.len() > MOST {
        return Err(Refusal::Full("faults", MOST));
    }
    let read: Result<Vec<Fault>, FaultError> = texts.iter().map(|text| text.parse()).collect();
    server.faults.set(read.map_err(|error| Refusal::Format(format!("body: {error}")))?);
    current(server, request)
}
