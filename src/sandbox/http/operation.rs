//! Operations of the API, as rows of tables.
//!
//! Each part of the API has a table of its own; routing, the methods that a refusal names, and the
//! description of the API come from the same rows. Must not know what an operation does.

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

/// One operation of the API: a row, made like
///
/// ```text
/// Operation::new("GET", "/api/v2/Smart/Things/{id}", "getThing", "One thing.", Handler::Sync(read))
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
    /// One sentence of documentation.
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
    pub(super) handler: Handler,
}

impl Operation {
    /// A row of the API that needs a token.
    pub(super) const fn new(
        method: &'static str,
        path: &'static str,
        name: &'static str,
        summary: &'static str,
        handler: Handler,
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
            handler,
        }
    }

    /// The segments of its path.
    pub(super) fn segments(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.path.trim_matches('/').split('/')
    }

    /// Who may ask, if a token does not decide it.
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
    /// Callers with a valid access token.
    Token,
    /// Everyone: it is where tokens come from.
    Public,
    /// This machine alone, without a token. No part of the API, and never in the request log.
    Local,
}

/// An answer that takes its time.
pub(super) type Later = Pin<Box<dyn Future<Output = Result<Answer, Refusal>> + Send>>;

/// What answers an operation.
#[derive(Clone, Copy)]
pub(super) enum Handler {
    /// At once.
    Sync(fn(&Server, &Request) -> Result<Answer, Refusal>),
    /// After a while, as with a terminal payment.
    Async(fn(Arc<Server>, Request) -> Later),
    /// `POST /oauth/token`, whose refusals have a form of their own.
    Token,
}

/// A request, the parts that operations look at.
#[derive(Clone)]
pub(super) struct Request {
    /// Names and values of the path's open segments, as sent.
    pub(super) params: Vec<(&'static str, String)>,
    /// The query as sent, without `?`.
    pub(super) query: String,
    /// The body as sent.
    pub(super) body: Vec<u8>,
    /// The caller.
    pub(super) peer: SocketAddr,
}

impl Request {
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
pub(super) struct Answer {
    bytes: Vec<u8>,
    /// How many steps it tells of, `None` for all so far.
    steps: Option<u64>,
}

impl Answer {
    /// Serialises `value`. Plain data in memory always can be.
    pub(super) fn json(value: &impl Serialize) -> Self {
        let mut bytes = Vec::with_capacity(USUAL);
        if serde_json::to_writer(&mut bytes, value).is_err() {
            bytes.clear();
        }
        Self { bytes, steps: None }
    }

    /// The same, telling of the first `steps` steps of the ledger alone.
    pub(super) fn of_steps(self, steps: Option<u64>) -> Self {
        Self { steps, ..self }
    }

    /// How many steps it tells of, `None` for all so far.
    pub(super) const fn steps(&self) -> Option<u64> {
        self.steps
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

impl From<TransactionView<'_>> for Answer {
    fn from(sale: TransactionView<'_>) -> Self {
        Self::json(&sale)
    }
}
