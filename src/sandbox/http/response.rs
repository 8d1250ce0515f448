//! HTTP responses: the headers that all of them have, error bodies, pages.

use axum::body::Body;
use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, SERVER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use hyper::ext::ReasonPhrase;
use serde::Serialize;

use crate::sandbox::http::context::Server;
use crate::sandbox::refusal::Refusal;

/// The `Server` header of every answer; a console recognises a sandbox by its first part.
pub const SERVER_NAME: &str = concat!("kasse-sandbox/", env!("CARGO_PKG_VERSION"));

impl Server {
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
}

pub(super) fn status(number: u16) -> StatusCode {
    StatusCode::from_u16(number).unwrap_or(StatusCode::BAD_REQUEST)
}

/// The answer to `OPTIONS`: which methods a path knows.
pub(super) fn choice(allowed: &str) -> Response {
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

pub(super) fn response(status: StatusCode, body: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=UTF-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(SERVER, HeaderValue::from_static(SERVER_NAME));
    response
}

/// A page in HTML.
pub(super) fn page(status: StatusCode, page: impl Into<Body>) -> Response {
    let mut response = Response::new(page.into());
    *response.status_mut() = status;
    let html = HeaderValue::from_static("text/html; charset=UTF-8");
    response.headers_mut().insert(CONTENT_TYPE, html);
    response
}
