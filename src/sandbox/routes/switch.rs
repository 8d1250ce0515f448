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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_this_machine_may_look_or_switch() {
        let faults = Faults::new(0, Vec::new());
        let call =
            |peer: &str, method, body: &[u8]| answer(&faults, peer.parse().unwrap(), &method, body);
        let list = br#"["html@start"]"#;
        for far in ["192.0.2.1:80", "[2001:db8::1]:80", "[::ffff:192.0.2.1]:80"] {
            assert!(matches!(call(far, Method::GET, b""), Err(Refusal::NotFound(_))), "{far}");
            assert!(matches!(call(far, Method::PUT, list), Err(Refusal::NotFound(_))), "{far}");
            assert_eq!(faults.current(), []);
        }
        for near in ["127.0.0.1:80", "[::1]:80", "[::ffff:127.0.0.1]:80"] {
            assert_eq!(call(near, Method::PUT, list), Ok(json!(["html@start"])), "{near}");
            assert_eq!(call(near, Method::GET, b""), Ok(json!(["html@start"])));
            assert_eq!(call(near, Method::PUT, b"[]"), Ok(json!([])));
        }
    }
}
