//! From a request to an answer: which path means what, who may call it, and the shape of answers.
//!
//! Each part of the API is a table of operations in a module of its own; [`TABLES`] is the whole.
//! Must not decide anything about money: that is the ledger's.

use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::http::header::{ALLOW, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, SERVER};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::Response;
use hyper::ext::ReasonPhrase;
use jiff::Timestamp;
use serde::Serialize;
use tokio::sync::watch;

use crate::sandbox::SERVER_NAME;
use crate::sandbox::auth::tokens::Tokens;
use crate::sandbox::clock::Clock;
use crate::sandbox::faults::Faults;
use crate::sandbox::http::log::{self, LoggedRequest, RequestLog};
use crate::sandbox::http::operation;
use crate::sandbox::http::operation::{Answer, Asked, Call, Guard, Operation};
use crate::sandbox::http::routes::TABLES;
use crate::sandbox::http::{faulted, local};
use crate::sandbox::ledger::Ledger;
use crate::sandbox::ledger::buyers::Buyers;
use crate::sandbox::refusal::{Limit, Refusal};
use crate::sandbox::search::scroll::Scrolls;

/// Larger bodies are refused.
const LARGEST_BODY: usize = 1024 * 1024;
/// Longer paths, with their query, are refused.
const LONGEST_PATH: usize = 8 * 1024;
/// More bytes of header names and values are refused.
const LARGEST_HEADERS: usize = 64 * 1024;
/// How much of a refused body is read before the answer, so that a client that is still writing
/// gets to read it instead of a broken connection.
const DRAINED: usize = 8 * LARGEST_BODY;

/// What every request needs.
pub(super) struct Server {
    pub(super) ledger: Arc<Ledger>,
    pub(super) tokens: Tokens,
    pub(super) buyers: Buyers,
    /// Where codes go that people have to confirm.
    pub(super) pairings: Option<SyncSender<String>>,
    pub(super) log: Arc<RequestLog>,
    pub(super) clock: Clock,
    pub(super) started: Timestamp,
    /// Where the ids start, and start again after a reset.
    pub(super) seed: u64,
    /// How long the body of a request may take.
    pub(super) patience: Duration,
    pub(super) terminal_latency: Duration,
    pub(super) faults: Arc<Faults>,
    /// Counts the restarts that faults played; each ends all connections.
    pub(super) restarts: watch::Sender<u64>,
    /// The list calls that may go on.
    pub(super) scrolls: Scrolls,
}

/// There is no answer: the connection closes without one.
#[derive(Debug, thiserror::Error)]
#[error("dropped by a fault script")]
pub(super) struct Dropped;

/// A request, wholly read.
#[derive(Clone)]
pub(super) struct Arrived {
    pub(super) parts: Parts,
    pub(super) operation: Result<&'static Operation, Refusal>,
    pub(super) asked: Result<Asked, Refusal>,
}

impl Arrived {
    async fn read(request: axum::extract::Request, peer: SocketAddr, patience: Duration) -> Self {
        let (parts, body) = request.into_parts();
        let found = check_head(&parts)
            .and_then(|()| operation::find(TABLES, parts.method.as_str(), parts.uri.path()));
        // The body is read even if nobody wants it: the caller may still be writing.
        let body = if body.is_end_stream() {
            Ok(Vec::new())
        } else {
            let body = tokio::time::timeout(patience, read(body)).await;
            body.unwrap_or(Err(Refusal::Limit(Limit::Time)))
        };
        let (operation, params) = match found {
            Ok((operation, params)) => (Ok(operation), params),
            Err(refusal) => (Err(refusal), Vec::new()),
        };
        let query = parts.uri.query().unwrap_or_default().to_owned();
        let asked = body.map(|body| Asked { params, query, body, peer });
        Self { parts, operation, asked }
    }

    fn guard(&self) -> Option<Guard> {
        self.operation.as_ref().ok().map(|operation| operation.guard)
    }
}

/// Answers one request of `peer`. A refusal is an answer too: only faults leave one out.
pub(super) async fn handle(
    server: Arc<Server>,
    peer: SocketAddr,
    request: axum::extract::Request,
) -> Result<Response, Dropped> {
    let arrived = Arrived::read(request, peer, server.patience).await;
    server.note(&arrived);
    let place = arrived.operation.as_ref().ok().and_then(|operation| operation.place);
    match place.and_then(|place| server.faults.decide(place)) {
        Some(verdict) => faulted::carry_out(server, verdict, arrived).await,
        None => Ok(server.answered(arrived).await),
    }
}

fn check_head(parts: &Parts) -> Result<(), Refusal> {
    let path = parts.uri.path_and_query().map_or(0, |path| path.as_str().len());
    if path > LONGEST_PATH {
        return Err(Refusal::Limit(Limit::Path));
    }
    let bytes = |(name, value): (&HeaderName, &HeaderValue)| name.as_str().len() + value.len();
    if parts.headers.iter().map(bytes).sum::<usize>() > LARGEST_HEADERS {
        return Err(Refusal::Limit(Limit::Headers));
    }
    Ok(())
}

/// The whole body, or a refusal after as much of it as is read before an answer.
async fn read(mut body: Body) -> Result<Vec<u8>, Refusal> {
    let (mut bytes, mut read) = (Vec::new(), 0);
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let broken_off = |_| Refusal::Format("body: broke off".to_owned());
        let Ok(data) = frame.map_err(broken_off)?.into_data() else { continue };
        read += data.len();
        if read <= LARGEST_BODY {
            bytes.extend_from_slice(&data);
        } else {
            // Kept no longer: many callers may be doing this at once.
            bytes = Vec::new();
        }
        if read > DRAINED {
            break;
        }
    }
    if read > LARGEST_BODY { Err(Refusal::Limit(Limit::Body)) } else { Ok(bytes) }
}

impl Server {
    /// Lets the request take effect and answers it.
    pub(super) async fn answered(self: &Arc<Self>, arrived: Arrived) -> Response {
        let Arrived { parts, operation, asked } = arrived;
        let answer = match (operation, asked) {
            (Err(Refusal::Method(allowed)), _) if parts.method == Method::OPTIONS => {
                return choice(&allowed);
            }
            (Err(refusal), _) | (_, Err(refusal)) => Err(refusal),
            (Ok(Operation { call: Call::Token, .. }), Ok(asked)) => {
                return self.token(&parts.headers, &asked.body);
            }
            (Ok(operation), Ok(asked)) => self.answer(operation, &parts.headers, asked).await,
        };
        // Refusals wait too: they may tell what another request has just changed.
        match self.settle().await {
            Ok(()) => self.respond(answer),
            Err(refusal) => self.refuse(&refusal),
        }
    }

    /// Waits until everything that an answer could tell is on the disk.
    async fn settle(&self) -> Result<(), Refusal> {
        let Some(state) = self.ledger.state().filter(|state| !state.is_settled()) else {
            return Ok(());
        };
        let state = Arc::clone(state);
        let settled = tokio::task::spawn_blocking(move || state.settle()).await;
        // The task is lost only while the runtime shuts down.
        settled.unwrap_or(Err(Refusal::Internal))
    }

    async fn answer(
        self: &Arc<Self>,
        operation: &Operation,
        headers: &HeaderMap,
        asked: Asked,
    ) -> Result<Answer, Refusal> {
        match operation.guard {
            Guard::Anyone => {}
            Guard::Token => self.check_token(headers)?,
            Guard::ThisMachine => {
                operation::is_this_machine(asked.peer)?;
                local::is_meant(headers)?;
            }
        }
        match operation.call {
            Call::Now(call) => call(self, &asked),
            Call::Later(call) => call(Arc::clone(self), asked).await,
            // Answered before.
            Call::Token => Err(Refusal::Token),
        }
    }

    fn respond(&self, answer: Result<Answer, Refusal>) -> Response {
        match answer {
            Ok(answer) => response(StatusCode::OK, answer.into_bytes()),
            Err(refusal) => self.refuse(&refusal),
        }
    }

    /// The documents print `Authenticate`, every client sends `Authorization`: both count.
    fn check_token(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let now = self.clock.now();
        let opens = |value: Option<&HeaderValue>| {
            value.and_then(|value| value.to_str().ok()?.split_once(' ')).is_some_and(
                |(scheme, token)| {
                    scheme.eq_ignore_ascii_case("bearer") && self.tokens.is_valid(token.trim(), now)
                },
            )
        };
        (opens(headers.get(AUTHORIZATION)) || opens(headers.get("authenticate")))
            .then_some(())
            .ok_or(Refusal::Token)
    }

    fn token(&self, headers: &HeaderMap, body: &[u8]) -> Response {
        let content_type =
            headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        match crate::sandbox::auth::oauth::answer(
            &self.tokens,
            &self.ledger,
            content_type,
            body,
            self.clock.now(),
        ) {
            Ok(answer) => {
                if let (Some(code), Some(pairings)) = (answer.to_confirm, &self.pairings) {
                    // Nobody may listen, or not fast enough: the code can be confirmed all the same.
                    let _ = pairings.try_send(code);
                }
                respond(StatusCode::OK, &answer.body)
            }
            Err(denied) => respond(status(denied.http), &denied.body),
        }
    }

    pub(super) fn refuse(&self, refusal: &Refusal) -> Response {
        let body = refusal.body(self.tokens.support_id());
        let mut response = respond(status(refusal.http()), &body);
        if let Ok(reason) = ReasonPhrase::try_from(refusal.name().as_bytes()) {
            response.extensions_mut().insert(reason);
        }
        if let Refusal::Method(allowed) = refusal {
            allow(&mut response, allowed);
        }
        response
    }

    fn note(&self, arrived: &Arrived) {
        if arrived.guard() == Some(Guard::ThisMachine) {
            return;
        }
        self.log.push(|| LoggedRequest {
            method: arrived.parts.method.to_string(),
            path: arrived.parts.uri.to_string(),
            body: match (arrived.guard(), &arrived.asked) {
                (Some(Guard::Anyone), _) | (_, Err(_)) => String::new(),
                (_, Ok(asked)) if is_loyalty(arrived.parts.uri.path()) => {
                    log::without_secrets(&asked.body)
                }
                (_, Ok(asked)) => String::from_utf8_lossy(&asked.body).into_owned(),
            },
        });
    }
}

/// Whether bodies of this path may carry codes of cards.
fn is_loyalty(path: &str) -> bool {
    path.to_ascii_lowercase().contains("/loyalty/")
}

pub(super) fn status(number: u16) -> StatusCode {
    StatusCode::from_u16(number).unwrap_or(StatusCode::BAD_REQUEST)
}

/// The answer to `OPTIONS`: which methods a path knows.
fn choice(allowed: &str) -> Response {
    let mut response = response(StatusCode::NO_CONTENT, Vec::new());
    response.headers_mut().remove(CONTENT_TYPE);
    allow(&mut response, allowed);
    response
}

fn allow(response: &mut Response, allowed: &str) {
    if let Ok(allowed) = HeaderValue::from_str(allowed) {
        response.headers_mut().insert(ALLOW, allowed);
    }
}

pub(super) fn respond(status: StatusCode, answer: &impl Serialize) -> Response {
    // Serialising plain data to memory cannot fail.
    response(status, serde_json::to_vec(answer).unwrap_or_default())
}

fn response(status: StatusCode, body: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=UTF-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(SERVER, HeaderValue::from_static(SERVER_NAME));
    response
}
