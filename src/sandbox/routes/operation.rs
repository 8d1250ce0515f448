//! Operations: what the server can be asked, as rows of tables, and how a path finds its row.
//!
//! Each part of the API brings a table of its own; together they are all there is: routing, the
//! methods that a refusal names, and the description of the API come from the same rows. Fixed
//! path segments match in any case, as the documents spell them in several; ids do not. Must not
//! know what an operation does.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::super::faults::Place;
use super::super::refusal::Refusal;
use super::Server;

/// One thing that the server can be asked.
#[allow(dead_code, reason = "names and summaries are for the description of the API")]
pub(super) struct Operation {
    /// `GET`, `POST`, `PUT` or `DELETE`.
    pub(super) method: &'static str,
    /// The path; a segment in braces stands for any text and names it.
    pub(super) path: &'static str,
    /// Its name in the vendor's SDKs, or in their manner; unique.
    pub(super) name: &'static str,
    /// One sentence for people.
    pub(super) summary: &'static str,
    /// Who may ask.
    pub(super) guard: Guard,
    /// The name that faults know it by; without one it suffers none.
    pub(super) place: Option<Place>,
    /// What answers.
    pub(super) call: Call,
}

/// Who may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Guard {
    /// Whoever has a valid access token.
    Token,
    /// Everybody: it is where tokens come from.
    Anyone,
    /// This machine alone, without a token. No part of the API, and never in the request log.
    ThisMachine,
}

/// An answer that takes its time.
pub(super) type Later = Pin<Box<dyn Future<Output = Result<Answer, Refusal>> + Send>>;

/// What answers an operation.
#[derive(Clone, Copy)]
pub(super) enum Call {
    /// At once.
    Now(fn(&Server, &Asked) -> Result<Answer, Refusal>),
    /// After a while, as with a terminal that people stand at.
    Later(fn(Arc<Server>, Asked) -> Later),
    /// `POST /oauth/token`, whose refusals have a form of their own.
    Token,
}

/// What was asked, the parts that operations look at.
pub(super) struct Asked {
    /// Names and values of the path's open segments, as sent.
    pub(super) params: Vec<(&'static str, String)>,
    /// The query as sent, without `?`.
    pub(super) query: String,
    /// The body as sent.
    pub(super) body: Vec<u8>,
    /// Who asks.
    pub(super) peer: SocketAddr,
}

impl Asked {
    /// The path's open segment `name`, `""` for a name that the path does not have.
    pub(super) fn param(&self, name: &str) -> &str {
        self.params.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value)
    }

    /// The segment `{id}`.
    pub(super) fn id(&self) -> &str {
        self.param("id")
    }

    /// The body as JSON; null for none.
    ///
    /// # Errors
    /// [`Refusal::Format`] when it is something else.
    pub(super) fn optional(&self) -> Result<serde_json::Value, Refusal> {
        if self.body.trim_ascii().is_empty() { Ok(serde_json::Value::Null) } else { self.json() }
    }

    /// The body as JSON of the wanted shape.
    ///
    /// # Errors
    /// [`Refusal::Format`] with what does not fit and where.
    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        serde_json::from_slice(&self.body)
            .map_err(|error| Refusal::Format(format!("body: {error}")))
    }
}

/// The body of a success, as JSON.
pub(super) struct Answer(Vec<u8>);

impl Answer {
    /// Serialises `value`. Plain data in memory always can be.
    pub(super) fn json(value: &impl Serialize) -> Self {
        Self(serde_json::to_vec(value).unwrap_or_default())
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

/// What is only for this machine does not exist for others.
pub(super) fn is_this_machine(peer: SocketAddr) -> Result<(), Refusal> {
    let near = peer.ip().to_canonical().is_loopback();
    near.then_some(()).ok_or_else(|| Refusal::NotFound("path".to_owned()))
}

/// A row and the values of its open segments.
pub(super) type Found = (&'static Operation, Vec<(&'static str, String)>);

/// The operation of `method` and `path`.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown path, [`Refusal::Method`] for a known one.
pub(super) fn find(
    tables: &'static [&'static [Operation]],
    method: &str,
    path: &str,
) -> Result<Found, Refusal> {
    let path = path.trim_matches('/');
    let mut allowed: Vec<&'static str> = Vec::new();
    for operation in tables.iter().flat_map(|table| table.iter()) {
        let Some(params) = matched(operation.path, path) else { continue };
        if operation.method == method {
            return Ok((operation, params));
        }
        allowed.push(operation.method);
    }
    if allowed.is_empty() {
        Err(Refusal::NotFound("path".to_owned()))
    } else {
        Err(Refusal::Method(allowed.join(", ")))
    }
}

/// The values of the pattern's open segments, if the path fits it.
fn matched(pattern: &'static str, path: &str) -> Option<Vec<(&'static str, String)>> {
    let mut params = Vec::new();
    let mut segments = path.split('/');
    for expected in pattern.trim_matches('/').split('/') {
        let segment = segments.next()?;
        match expected.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(_) if segment.is_empty() => return None,
            Some(name) => params.push((name, segment.to_owned())),
            None if expected.eq_ignore_ascii_case(segment) => {}
            None => return None,
        }
    }
    segments.next().is_none().then_some(params)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::TABLES;
    use super::*;

    fn name(method: &str, path: &str) -> Result<&'static str, Refusal> {
        find(TABLES, method, path).map(|(operation, _)| operation.name)
    }

    #[test]
    fn fixed_segments_match_in_any_case_and_ids_stay_as_sent() {
        for path in [
            "/api/v2/Smart/Transactions/STX_aB/preTransaction",
            "/API/V2/smart/transactions/STX_aB/PRETRANSACTION/",
        ] {
            let (operation, params) = find(TABLES, "POST", path).unwrap();
            assert_eq!(operation.name, "preTransaction", "{path}");
            assert_eq!(params, [("id", "STX_aB".to_owned())], "{path}");
        }
    }

    #[test]
    fn other_methods_and_paths_are_told_apart() {
        assert_eq!(
            name("DELETE", "/api/v2/Smart/Transactions/STX_1"),
            Err(Refusal::Method("GET, PUT".to_owned()))
        );
        for path in ["/", "", "/api/v2/Smart", "/api/v2/Smart/Transactions//abort/x"] {
            assert!(matches!(name("POST", path), Err(Refusal::NotFound(_))), "{path}");
        }
    }

    #[test]
    fn only_this_machine_is_this_machine() {
        for far in ["192.0.2.1:80", "[2001:db8::1]:80", "[::ffff:192.0.2.1]:80"] {
            assert!(is_this_machine(far.parse().unwrap()).is_err(), "{far}");
        }
        for near in ["127.0.0.1:80", "[::1]:80", "[::ffff:127.0.0.1]:80"] {
            assert_eq!(is_this_machine(near.parse().unwrap()), Ok(()), "{near}");
        }
    }

    #[test]
    fn no_operation_hides_another_and_names_are_unique() {
        let all: Vec<_> = TABLES.iter().flat_map(|table| table.iter()).collect();
        for (at, operation) in all.iter().enumerate() {
            let path = operation.path.replace(['{', '}'], "");
            assert_eq!(name(operation.method, &path), Ok(operation.name), "{path}");
            for other in all.iter().take(at) {
                assert_ne!(other.name, operation.name);
            }
        }
    }
}
