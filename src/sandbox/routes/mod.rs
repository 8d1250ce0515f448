//! From a request to an answer: which path means what, who may call it, and the shape of answers.
//!
//! Fixed path segments match in any case, as the documents spell them in several; ids do not.
//! Must not decide anything about money: that is the ledger's.

mod cards;
mod path;
mod query;
mod transactions;

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::header::{ALLOW, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, SERVER};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use hyper::ext::ReasonPhrase;
use serde::Serialize;
use serde_json::Value;

use super::log::{LoggedRequest, RequestLog};
use super::refusal::Refusal;
use super::tokens::Tokens;
use super::{Clock, Ledger, SERVER_NAME, oauth};
use path::Route;

/// Larger bodies are refused.
const LARGEST_BODY: usize = 1024 * 1024;
/// How much of a refused body is read before the answer, so that a client that is still writing
/// gets to read it instead of a broken connection.
const DRAINED: usize = 8 * LARGEST_BODY;

/// What every request needs.
pub(super) struct Server {
    pub(super) ledger: Arc<Ledger>,
    pub(super) tokens: Tokens,
    pub(super) log: Arc<RequestLog>,
    pub(super) clock: Clock,
    pub(super) terminal_latency: Duration,
}

/// Answers one request; never fails, because a refusal is an answer too.
pub(super) async fn handle(server: Arc<Server>, request: axum::extract::Request) -> Response {
    let (parts, body) = request.into_parts();
    let route = Route::find(&parts.method, parts.uri.path());
    let body = read(body).await;
    server.note(&parts, route.as_ref().ok(), body.as_deref().unwrap_or_default());
    let answer = match (route, body) {
        (Err(refusal), _) | (_, Err(refusal)) => Err(refusal),
        (Ok(Route::Token), Ok(body)) => return server.token(&parts.headers, &body),
        (Ok(route), Ok(body)) => server.answer(route, &parts, &body).await,
    };
    match answer {
        Ok(answer) => respond(StatusCode::OK, &answer),
        Err(refusal) => server.refuse(&refusal),
    }
}

async fn read(body: Body) -> Result<Vec<u8>, Refusal> {
    let bytes = to_bytes(body, DRAINED).await.map_err(|_| Refusal::TooLarge)?;
    if bytes.len() > LARGEST_BODY { Err(Refusal::TooLarge) } else { Ok(bytes.into()) }
}

impl Server {
    async fn answer(
        self: &Arc<Self>,
        route: Route,
        parts: &Parts,
        body: &[u8],
    ) -> Result<Value, Refusal> {
        self.check_token(&parts.headers)?;
        let query = parts.uri.query().unwrap_or_default();
        match route {
            // Answered before, without a token.
            Route::Token => Err(Refusal::Token),
            Route::Transactions(call) => transactions::answer(self, call, query, body).await,
            Route::Cards => cards::answer(&self.ledger, query),
        }
    }

    /// The documents print `Authenticate`, every client sends `Authorization`: both count.
    fn check_token(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let now = self.clock.now();
        let names = [AUTHORIZATION, HeaderName::from_static("authenticate")];
        names
            .iter()
            .filter_map(|name| headers.get(name)?.to_str().ok()?.split_once(' '))
            .any(|(scheme, token)| {
                scheme.eq_ignore_ascii_case("bearer") && self.tokens.is_valid(token.trim(), now)
            })
            .then_some(())
            .ok_or(Refusal::Token)
    }

    fn token(&self, headers: &HeaderMap, body: &[u8]) -> Response {
        let content_type =
            headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        match oauth::answer(&self.tokens, content_type, body, self.clock.now()) {
            Ok(answer) => respond(StatusCode::OK, &answer),
            Err(denied) => respond(status(denied.http), &denied.body),
        }
    }

    fn refuse(&self, refusal: &Refusal) -> Response {
        let body = refusal.body(self.tokens.support_id());
        let mut response = respond(status(refusal.http()), &body);
        if let Ok(reason) = ReasonPhrase::try_from(refusal.name().as_bytes()) {
            response.extensions_mut().insert(reason);
        }
        if let Refusal::Method(allowed) = refusal {
            response.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
        }
        response
    }

    fn note(&self, parts: &Parts, route: Option<&Route>, body: &[u8]) {
        let secret = matches!(route, Some(Route::Token));
        self.log.push(LoggedRequest {
            method: parts.method.to_string(),
            path: parts.uri.to_string(),
            body: if secret { String::new() } else { String::from_utf8_lossy(body).into_owned() },
        });
    }
}

fn status(number: u16) -> StatusCode {
    StatusCode::from_u16(number).unwrap_or(StatusCode::BAD_REQUEST)
}

fn respond(status: StatusCode, answer: &impl Serialize) -> Response {
    // Serialising plain data to memory cannot fail.
    let body = serde_json::to_vec(answer).unwrap_or_default();
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=UTF-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(SERVER, HeaderValue::from_static(SERVER_NAME));
    response
}
