//! One request and what became of it.
//!
//! Owns the connection pool, the deadlines, and the judgement whether a call was done, refused,
//! perhaps done, or never sent. Must not know tokens or what the paths and fields mean. Everything
//! that is sent passes `watch`, which tells the log and whoever observes.
//!
//! Nothing here ever sends a request a second time. reqwest's own retries are switched off. One
//! repetition remains, in the pool of hyper-util: when a kept-alive connection turns out to be
//! closed before the first byte of the request was written to it, the request is handed back
//! untouched and goes out on a new connection. A request of which any byte may have left is
//! never handed back; it ends as [`DownReason::Broken`].

use std::error::Error;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue, SERVER};
use reqwest::{Method, Request, Response, Url, redirect, retry};
use serde::Serialize;
use serde_json::{Map, Value};

use super::clean;
use super::reply::{Failure, Reply};
use super::settings::{Endpoint, Settings, SettingsError};
use super::trust;
use super::watch::{Observer, Watch, Watcher};
use crate::wire::{ApiError, DownReason, ErrorBody, OAuthError};

/// The longest answer that is read, in bytes; the longest documented one has a few thousand.
const LONGEST_BODY: usize = 4 * 1024 * 1024;

/// How long an unused connection is kept. Shorter than what servers and routers commonly allow:
/// a connection that has died unnoticed costs a payment its definite answer.
const IDLE: Duration = Duration::from_secs(15);

/// Connections to one server, and who watches them. Clones share both.
#[derive(Clone)]
pub(super) struct Pool {
    http: reqwest::Client,
    watcher: Watcher,
}

/// The connection pool for `endpoint`, with the deadline of `settings`.
pub(super) fn pool(
    endpoint: &Endpoint,
    settings: &Settings,
    observer: Option<Observer>,
) -> Result<Pool, SettingsError> {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    let mut builder = reqwest::Client::builder()
        .user_agent(concat!("kasse/", env!("CARGO_PKG_VERSION")))
        .default_headers(headers)
        .connect_timeout(Duration::from_millis(settings.deadlines.connect))
        // A redirect would carry a payment, and the token with it, to somewhere nobody chose.
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .referer(false)
        .http1_only()
        .pool_idle_timeout(IDLE)
        .tcp_keepalive(IDLE);
    if endpoint.is_loopback() {
        let here = [
            SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            SocketAddr::from((Ipv6Addr::LOCALHOST, 0)),
        ];
        // What is meant for this machine must stay on it, whatever proxies or name servers say.
        builder = builder.no_proxy().resolve_to_addrs("localhost", &here);
    }
    let builder = trust::only(builder, endpoint, settings.ca_file.as_deref())?;
    let http = builder.build().map_err(|error| SettingsError::Tls(root_cause(&error)))?;
    Ok(Pool { http, watcher: Watcher::new(observer, &settings.client_secret) })
}

fn root_cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}

/// A request with a JSON body that may take as long as `deadline`.
pub(super) fn json(
    method: Method,
    url: Url,
    body: &impl Serialize,
    deadline: Duration,
) -> Result<Request, Failure> {
    let bytes = serde_json::to_vec(body).map_err(|_| Failure::Down(DownReason::Internal))?;
    let mut request = bare(method, url, deadline);
    request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    *request.body_mut() = Some(bytes.into());
    Ok(request)
}

/// A request without a body that may take as long as `deadline`.
pub(super) fn bare(method: Method, url: Url, deadline: Duration) -> Request {
    let mut request = Request::new(method, url);
    *request.timeout_mut() = Some(deadline);
    request
}

/// Sends `request` once and reads its answer, all within the request's own deadline.
pub(super) async fn send(pool: &Pool, request: Request) -> Result<Reply, Failure> {
    let watch = Watch::begin(&pool.watcher, &request);
    let result = answer(&pool.http, request).await;
    watch.end(&result);
    result
}

/// Sends `request` once and takes status and headers of its answer; the body is not read.
pub(super) async fn look(pool: &Pool, request: Request) -> Result<(u16, HeaderMap), Failure> {
    let response = pool.http.execute(request).await.map_err(|error| lost(&error))?;
    Ok((response.status().as_u16(), response.headers().clone()))
}

async fn answer(http: &reqwest::Client, request: Request) -> Result<Reply, Failure> {
    let response = http.execute(request).await.map_err(|error| lost(&error))?;
    let status = response.status().as_u16();
    let sandbox = response
        .headers()
        .get(SERVER)
        .is_some_and(|name| name.as_bytes().starts_with(b"kasse-sandbox"));
    let body = match status {
        200..=299 => read(response).await?,
        // The status alone is the refusal; a body that breaks off only costs its words.
        400..=499 => read(response).await.unwrap_or_default(),
        _ => Vec::new(),
    };
    Ok(Reply { status, sandbox, body })
}

async fn read(mut response: Response) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| lost(&error))? {
        if body.len() + chunk.len() > LONGEST_BODY {
            return Err(Failure::Unknown(DownReason::Unreadable));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Whether the answer is a success, whatever it says, or what else it means.
pub(super) fn accepted(reply: &Reply) -> Result<(), Failure> {
    if (200..=299).contains(&reply.status) { Ok(()) } else { judge(reply).map(drop) }
}

/// The fields of a success, sanitised, or what else the answer means.
pub(super) fn judge(reply: &Reply) -> Result<Map<String, Value>, Failure> {
    match reply.status {
        200..=299 => match clean::parse(&reply.body) {
            Some(Value::Object(fields)) => Ok(fields),
            _ => Err(Failure::Unknown(DownReason::Unreadable)),
        },
        // A gateway gave up waiting, or asks for a repetition: the server behind it may have
        // done its work.
        408 | 425 => Err(Failure::Unknown(DownReason::Timeout)),
        status @ 400..=499 => Err(Failure::Refused(refusal(status, &reply.body))),
        // Even a documented error body does not say how far a server came before it failed.
        status @ 500..=599 => Err(Failure::Unknown(DownReason::ServerError(status))),
        _ => Err(Failure::Unknown(DownReason::Unreadable)),
    }
}

/// The words of a refusal: of the API, of OAuth, or none but the status.
fn refusal(status: u16, body: &[u8]) -> ApiError {
    let said = clean::parse(body).filter(Value::is_object).unwrap_or_default();
    let oauth: OAuthError = serde_json::from_value(said.clone()).unwrap_or_default();
    let api: ErrorBody = serde_json::from_value(said).unwrap_or_default();
    let name = if oauth.error.is_empty() { format!("HTTP {status}") } else { oauth.error };
    let details =
        if api.error_details.is_empty() { oauth.error_description } else { api.error_details };
    ApiError {
        http: status,
        name,
        user: api.error_user,
        details,
        code: api.code,
        support_id: api.support_id,
    }
}

/// What a missing answer means. Only a connection that never stood is harmless.
fn lost(error: &reqwest::Error) -> Failure {
    if error.is_builder() {
        return Failure::Down(DownReason::Internal);
    }
    if error.is_connect() {
        return Failure::Down(tls(error).map_or(DownReason::NoConnection, |tls| match tls {
            rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented => {
                DownReason::Certificate
            }
            _ => DownReason::NotEncrypted,
        }));
    }
    Failure::Unknown(if error.is_timeout() { DownReason::Timeout } else { DownReason::Broken })
}

/// The failure of the handshake that `error` was caused by, if it was.
fn tls<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    let mut next = Some(error);
    while let Some(cause) = next {
        if let Some(tls) = cause.downcast_ref::<rustls::Error>() {
            return Some(tls);
        }
        // An io::Error does not name what it wraps as its source, but the source of that.
        let wrapped = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = match wrapped {
            Some(inner) => Some(inner),
            None => cause.source(),
        };
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn reply(status: u16, body: &str) -> Reply {
        Reply { status, sandbox: false, body: body.as_bytes().to_vec() }
    }

    #[test]
    fn refusals_keep_their_words() {
        let api = r#"{"status":"error","error":"ProductNotAllowedException",
            "error_details":"Valid auth token required","error_user":"Fehler (Code 2003)",
            "code":2003,"supportId":"f8e0"}"#;
        let expected = ApiError {
            http: 403,
            name: "ProductNotAllowedException".to_owned(),
            user: "Fehler (Code 2003)".to_owned(),
            details: "Valid auth token required".to_owned(),
            code: 2003,
            support_id: "f8e0".to_owned(),
        };
        assert_eq!(judge(&reply(403, api)), Err(Failure::Refused(expected)));

        let oauth = r#"{"error":"invalid_client","error_description":"not valid"}"#;
        let expected = ApiError {
            http: 400,
            name: "invalid_client".to_owned(),
            details: "not valid".to_owned(),
            ..ApiError::default()
        };
        assert_eq!(judge(&reply(400, oauth)), Err(Failure::Refused(expected)));
    }

    #[test]
    fn a_refusal_without_words_is_named_by_its_status() {
        for body in ["", "<html>", "[]", "null", "\"no\"", r#"{"error":{"deep":1}}"#, "{\"a\":"] {
            let expected =
                ApiError { http: 418, name: "HTTP 418".to_owned(), ..ApiError::default() };
            assert_eq!(judge(&reply(418, body)), Err(Failure::Refused(expected)), "{body}");
        }
    }

    #[test]
    fn what_does_not_say_no_is_unknown() {
        use DownReason::{ServerError, Timeout, Unreadable};
        let error = r#"{"status":"error","error":"ProductInternalException","code":1002}"#;
        for (status, body, reason) in [
            (200, "", Unreadable),
            (200, "[]", Unreadable),
            (200, "<html>", Unreadable),
            (204, "", Unreadable),
            (302, "{}", Unreadable),
            (304, "{}", Unreadable),
            (408, error, Timeout),
            (425, "", Timeout),
            (500, error, ServerError(500)),
            (504, "<html>", ServerError(504)),
            (999, "{}", Unreadable),
        ] {
            assert_eq!(judge(&reply(status, body)), Err(Failure::Unknown(reason)), "{status}");
        }
        assert!(matches!(judge(&reply(429, "")), Err(Failure::Refused(_))));
    }

    #[test]
    fn a_failed_handshake_is_found_inside_other_errors() {
        let bad = rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer);
        let wrapped = io::Error::other(io::Error::new(io::ErrorKind::InvalidData, bad.clone()));
        assert_eq!(tls(&wrapped), Some(&bad));
        assert_eq!(tls(&io::Error::from(io::ErrorKind::ConnectionRefused)), None);
    }
}
