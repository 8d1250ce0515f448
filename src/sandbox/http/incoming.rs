//! Reads a request as a whole, within limits, and finds its operation.

use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::Pin;
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::http::HeaderName;
use axum::http::HeaderValue;
use axum::http::request::Parts;

use tokio::sync::Semaphore;

use crate::sandbox::http::operation::{Guard, Operation, Request};
use crate::sandbox::http::routes::PATHS;
use crate::sandbox::refusal::{Limit, Refusal};

/// Larger bodies are refused.
const LARGEST_BODY: usize = 1024 * 1024;
/// Longer paths, with their query, are refused.
const LONGEST_PATH: usize = 8 * 1024;
/// More bytes of header names and values are refused.
const LARGEST_HEADERS: usize = 64 * 1024;
/// How much of a refused body is read before the answer, so that a client that is still writing
/// gets to read it instead of a broken connection.
const DRAINED: usize = 8 * LARGEST_BODY;

/// Bodies beyond this length are large.
const LARGE: u64 = 16 * 1024;
/// So many large bodies are read at a time; further ones wait, within their patience.
pub(super) const MOST_LARGE: usize = 32;

/// A request, wholly read.
#[derive(Clone)]
pub(super) struct Incoming {
    pub(super) parts: Parts,
    pub(super) operation: Result<&'static Operation, Refusal>,
    pub(super) request: Result<Request, Refusal>,
}

impl Incoming {
    pub(super) async fn read(
        request: axum::extract::Request,
        peer: SocketAddr,
        patience: Duration,
        large: &Semaphore,
    ) -> Self {
        let (parts, body) = request.into_parts();
        let found =
            check_head(&parts).and_then(|()| PATHS.find(parts.method.as_str(), parts.uri.path()));
        // The body is read even if no operation takes it: the caller may still be writing.
        let body = if body.is_end_stream() {
            Ok(Vec::new())
        } else {
            let reading = async {
                let is_large = body.size_hint().upper().is_none_or(|most| most > LARGE);
                // It is never closed; a body that is read without a place is still bounded.
                let _place = if is_large { large.acquire().await.ok() } else { None };
                read(body).await
            };
            let body = tokio::time::timeout(patience, reading).await;
            body.unwrap_or(Err(Refusal::Limit(Limit::Time)))
        };
        let (operation, params) = match found {
            Ok((operation, params)) => (Ok(operation), params),
            Err(refusal) => (Err(refusal), Vec::new()),
        };
        let query = parts.uri.query().unwrap_or_default().to_owned();
        let request = body.map(|body| Request { params, query, body, peer });
        Self { parts, operation, request }
    }

    pub(super) fn guard(&self) -> Option<Guard> {
        self.operation.as_ref().ok().map(|operation| operation.guard)
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
