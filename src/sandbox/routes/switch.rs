//! `GET` and `PUT /sandbox/faults`: the faults as a JSON list of texts.
//!
//! Not part of the API: needs no token, suffers no faults, and answers this machine alone.

use std::net::SocketAddr;

use axum::http::Method;
use serde_json::{Value, json};

use super::super::faults::{Fault, FaultError, Faults};
use super::super::refusal::Refusal;

pub(super) fn answer(
    faults: &Faults,
    peer: SocketAddr,
    method: &Method,
    body: &[u8],
) -> Result<Value, Refusal> {
    if !peer.ip().to_canonical().is_loopback() {
        return Err(Refusal::NotFound("path".to_owned()));
    }
    if method == Method::PUT {
        let wrong = |error: &dyn std::fmt::Display| Refusal::Format(format!("body: {error}"));
        let texts: Vec<String> = serde_json::from_slice(body).map_err(|error| wrong(&error))?;
        let read: Result<Vec<Fault>, FaultError> = texts.iter().map(|text| text.parse()).collect();
        faults.set(read.map_err(|error| wrong(&error))?);
    }
    Ok(json!(faults.current()))
}
