//! Every request and its end, told to the log and to whoever observes.
//!
//! Owns the way from a request to a masked [`Exchange`]: nothing leaves this file unmasked, and
//! without an observer nothing is built. Must not change what is sent or how long it may take.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use jiff::ZonedDateTime;
use reqwest::header::AUTHORIZATION;
use reqwest::{Method, Request};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::clean;
use super::reply::{Failure, Reply};
use crate::exchange::{Body, Exchange, Masker, Progress};
use crate::text::{mask_cards, sanitise};
use crate::wire::DownReason;

/// Takes exchanges, from any thread: once when one begins and once when it ends, under the same
/// id. Must not block.
pub type Observer = Arc<dyn Fn(Exchange) + Send + Sync>;

/// Longer answers are shown by their beginning only, in bytes: taking them apart costs time that
/// the till waits for.
const LONGEST_READ: usize = 512 * 1024;

/// Who is told. Clones tell the same.
#[derive(Clone)]
pub(super) struct Watcher {
    observer: Option<Observer>,
    count: Arc<AtomicU64>,
    /// Hides the account's secret, should a server ever repeat it.
    masker: Masker,
}

impl Watcher {
    pub(super) fn new(observer: Option<Observer>, client_secret: &SecretString) -> Self {
        let mut masker = Masker::default();
        masker.hide("client_secret", client_secret.expose_secret());
        Self { observer, count: Arc::default(), masker }
    }
}

/// One request under way.
pub(super) struct Watch {
    begun: Instant,
    method: Method,
    path: String,
    observed: Option<(Observer, Exchange, Masker)>,
}

impl Watch {
    pub(super) fn begin(watcher: &Watcher, request: &Request) -> Self {
        let observed = watcher.observer.clone().map(|observer| {
            let id = watcher.count.fetch_add(1, Ordering::Relaxed) + 1;
            let (exchange, masker) = masked(id, request, watcher.masker.clone());
            observer(exchange.clone());
            (observer, exchange, masker)
        });
        let path = mask_cards(request.url().path(), true);
        Self { begun: Instant::now(), method: request.method().clone(), path, observed }
    }

    pub(super) fn end(self, result: &Result<Reply, Failure>) {
        let ms = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        let (method, path) = (&self.method, &self.path);
        let (reason, sent) = match result {
            Ok(reply) => {
                tracing::info!(%method, %path, status = reply.status, ms, "answered");
                return self.tell(|masker| Progress::Answered {
                    status: reply.status,
                    ms,
                    body: body(masker, &reply.body),
                });
            }
            Err(Failure::Down(reason)) => (*reason, false),
            Err(Failure::Unknown(reason)) => (*reason, true),
            Err(Failure::Refused(_)) => (DownReason::Internal, true),
        };
        tracing::warn!(%method, %path, ?reason, sent, ms, "no answer");
        self.tell(|_| Progress::Lost { reason, sent, ms });
    }

    fn tell(self, progress: impl FnOnce(&mut Masker) -> Progress) {
        if let Some((observer, exchange, mut masker)) = self.observed {
            observer(Exchange { progress: progress(&mut masker), ..exchange });
        }
    }
}

/// The request as it may be seen, and what has been learnt from it.
fn masked(id: u64, request: &Request, mut masker: Masker) -> (Exchange, Masker) {
    let token = request.headers().get(AUTHORIZATION);
    if let Some(token) = token.and_then(|value| value.to_str().ok()) {
        masker.hide("token", token.strip_prefix("Bearer ").unwrap_or(token));
    }
    let sent = request.body().and_then(reqwest::Body::as_bytes).unwrap_or_default();
    let sent = body(&mut masker, sent);
    let exchange = Exchange {
        id,
        at: ZonedDateTime::now().strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
        method: request.method().to_string(),
        url: masker.url(request.url().as_str()),
        authorised: token.is_some(),
        request: sent,
        progress: Progress::Pending,
    };
    (exchange, masker)
}

/// `bytes` as they may be seen: indented JSON, or the beginning of a text.
fn body(masker: &mut Masker, bytes: &[u8]) -> Body {
    let json = if bytes.len() <= LONGEST_READ { clean::parse(bytes) } else { None };
    if let Some(json @ (Value::Object(_) | Value::Array(_))) = json {
        return Body::of(format!("{:#}", masker.value(&json)));
    }
    let beginning = bytes.get(..LONGEST_READ).unwrap_or(bytes);
    let mut body = Body::of(masker.raw(&sanitise(&String::from_utf8_lossy(beginning))));
    body.is_cut |= bytes.len() > LONGEST_READ;
    body
}
