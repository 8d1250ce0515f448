//! Operations: what the server can be asked, as rows of tables, and how a path finds its row.
//!
//! Each part of the API brings a table of its own; together they are all there is: routing, the
//! methods that a refusal names, and the description of the API come from the same rows. Fixed
//! path segments match in any case, as the documents spell them in several; ids do not. Must not
//! know what an operation does.

use std::borrow::Cow;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::sandbox::faults::fault::Place;
use crate::sandbox::http::context::Server;
use crate::sandbox::http::schema::Schema;
use crate::sandbox::refusal::Refusal;
use crate::wire::TransactionView;

/// One thing that the server can be asked: a row, made like
///
/// ```text
/// Operation::new("GET", "/api/v2/Smart/Things/{id}", "getThing", "One thing.", Call::Now(read))
///     .at(Place::Read)                 // the name that faults know it by; without: suffers none
///     .query(&[Param::text("expand", "Names of objects to show whole.")])
///     .takes(Schema::of::<ThingRequest>())     // or .may_take; without: it takes no body
///     .gives(Schema::of::<Thing>())            // without: any JSON
/// ```
///
/// Needs a token unless [`Operation::guard`] says otherwise. Types of bodies derive
/// `schemars::JsonSchema`; [`Schema::list`] is the envelope of lists, [`Schema::shape`] takes a
/// schema written by hand for an answer that has no type.
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
    /// What can stand behind `?`.
    pub(super) query: &'static [Param],
    /// The body that it reads, `None` for none.
    pub(super) request: Option<Body>,
    /// The body of a success.
    pub(super) response: Schema,
    /// What answers.
    pub(super) call: Call,
}

impl Operation {
    /// A row of the API that needs a token.
    pub(super) const fn new(
        method: &'static str,
        path: &'static str,
        name: &'static str,
        summary: &'static str,
        call: Call,
    ) -> Self {
        Self {
            method,
            path,
            name,
            summary,
            guard: Guard::Token,
            place: None,
            query: &[],
            request: None,
            response: Schema::ANY,
            call,
        }
    }

    /// Who may ask, if not whoever has a token.
    pub(super) const fn guard(self, guard: Guard) -> Self {
        Self { guard, ..self }
    }

    /// Where faults hit it.
    pub(super) const fn at(self, place: Place) -> Self {
        Self { place: Some(place), ..self }
    }

    /// What can stand behind `?`.
    pub(super) const fn query(self, query: &'static [Param]) -> Self {
        Self { query, ..self }
    }

    /// The body that it reads.
    pub(super) const fn takes(self, schema: Schema) -> Self {
        Self { request: Some(Body { schema, required: true }), ..self }
    }

    /// A body that it reads if there is one.
    pub(super) const fn may_take(self, schema: Schema) -> Self {
        Self { request: Some(Body { schema, required: false }), ..self }
    }

    /// The body of a success.
    pub(super) const fn gives(self, response: Schema) -> Self {
        Self { response, ..self }
    }
}

/// The body of a request.
#[derive(Clone, Copy)]
pub(super) struct Body {
    pub(super) schema: Schema,
    pub(super) required: bool,
}

/// One parameter of a query.
pub(super) struct Param {
    pub(super) name: &'static str,
    pub(super) summary: &'static str,
    /// `string` or `integer`.
    pub(super) kind: &'static str,
}

impl Param {
    pub(super) const fn text(name: &'static str, summary: &'static str) -> Self {
        Self { name, summary, kind: "string" }
    }

    pub(super) const fn whole(name: &'static str, summary: &'static str) -> Self {
        Self { name, summary, kind: "integer" }
    }
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
#[derive(Clone)]
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

/// Room for nearly every answer, bytes: those that need more grow.
const USUAL: usize = 4096;

/// The body of a success, as JSON.
pub(super) struct Answer(Vec<u8>);

impl Answer {
    /// Serialises `value`. Plain data in memory always can be.
    pub(super) fn json(value: &impl Serialize) -> Self {
        let mut bytes = Vec::with_capacity(USUAL);
        match serde_json::to_writer(&mut bytes, value) {
            Ok(()) => Self(bytes),
            Err(_) => Self(Vec::new()),
        }
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

impl From<TransactionView<'_>> for Answer {
    fn from(sale: TransactionView<'_>) -> Self {
        Self::json(&sale)
    }
}

/// What is only for this machine does not exist for others.
pub(super) fn is_this_machine(peer: SocketAddr) -> Result<(), Refusal> {
    let near = peer.ip().to_canonical().is_loopback();
    near.then_some(()).ok_or_else(|| Refusal::NotFound("path".to_owned()))
}

/// A row and the values of its open segments.
pub(super) type Found = (&'static Operation, Vec<(&'static str, String)>);

/// The operation of `method` and `path`. `HEAD` finds what `GET` finds.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown path, [`Refusal::Method`] for a known one.
pub(super) fn find(
    tables: &'static [&'static [Operation]],
    method: &str,
    path: &str,
) -> Result<Found, Refusal> {
    let path = path.trim_matches('/');
    let method = if method == "HEAD" { "GET" } else { method };
    let all = || tables.iter().flat_map(|table| table.iter());
    let asked = all().find(|it| it.method == method && matched(it.path, path, |_, _| ()));
    if let Some(operation) = asked {
        let mut params = Vec::new();
        matched(operation.path, path, |name, value| params.push((name, value.into_owned())));
        return Ok((operation, params));
    }
    let mut allowed: Vec<&'static str> = Vec::new();
    for operation in all().filter(|it| matched(it.path, path, |_, _| ())) {
        allowed.push(operation.method);
        if operation.method == "GET" {
            allowed.push("HEAD");
        }
    }
    if allowed.is_empty() {
        Err(Refusal::NotFound("path".to_owned()))
    } else {
        allowed.push("OPTIONS");
        Err(Refusal::Method(allowed.join(", ")))
    }
}

/// Whether the path fits the pattern. Tells `open` the pattern's open segments on the way, with
/// their values.
fn matched<'p>(
    pattern: &'static str,
    path: &'p str,
    mut open: impl FnMut(&'static str, Cow<'p, str>),
) -> bool {
    let pattern = pattern.trim_matches('/');
    let depth = |path: &str| path.bytes().filter(|byte| *byte == b'/').count();
    // Told apart by this alone, most rows cost next to nothing.
    if depth(pattern) != depth(path) {
        return false;
    }
    let mut segments = path.split('/');
    for expected in pattern.split('/') {
        let Some(segment) = segments.next().and_then(decoded) else { return false };
        match expected.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(_) if segment.is_empty() => return false,
            Some(name) => open(name, segment),
            None if expected.eq_ignore_ascii_case(&segment) => {}
            None => return false,
        }
    }
    segments.next().is_none()
}

/// The segment without percent signs, `None` if what they stand for is no text.
fn decoded(segment: &str) -> Option<Cow<'_, str>> {
    if !segment.contains('%') {
        return Some(Cow::Borrowed(segment));
    }
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        match (byte, after.split_at_checked(2)) {
            (b'%', Some((digits, after))) if digits.iter().all(u8::is_ascii_hexdigit) => {
                let digits = std::str::from_utf8(digits).ok()?;
                bytes.push(u8::from_str_radix(digits, 16).ok()?);
                rest = after;
            }
            (b'%', _) => return None,
            _ => bytes.push(*byte),
        }
    }
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::sandbox::http::routes::TABLES;

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
    fn segments_may_be_percent_encoded() {
        let path = "/%61pi/v2/Smart/Transactions/STX%5F1%2f%C3%A4/abort";
        let (operation, params) = find(TABLES, "POST", path).unwrap();
        assert_eq!(operation.name, "abortTransaction");
        assert_eq!(params, [("id", "STX_1/ä".to_owned())]);
        for broken in ["%", "%5", "%zz", "%ff", "%+1", "a%2"] {
            let path = format!("/api/v2/Smart/Transactions/{broken}");
            assert!(matches!(name("GET", &path), Err(Refusal::NotFound(_))), "{broken}");
        }
    }

    #[test]
    fn other_methods_and_paths_are_told_apart() {
        assert_eq!(
            name("DELETE", "/api/v2/Smart/Transactions/STX_1"),
            Err(Refusal::Method("GET, HEAD, PUT, OPTIONS".to_owned()))
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
