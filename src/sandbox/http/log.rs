//! The last requests that reached the sandbox, for tests that look at the wire.
//!
//! Bounded in number and bytes, in memory only. Secrets are never kept: bodies of `/oauth/token`
//! are left out, codes and passcodes of cards are masked in others.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use serde_json::{Map, Value};

/// How many requests are kept; older ones are forgotten.
const KEPT: usize = 512;
/// How many bytes of paths and bodies are kept; beyond that, older requests are forgotten too.
const KEPT_BYTES: usize = 4 * 1024 * 1024;

/// One request as it arrived.
#[derive(Clone, PartialEq, Eq)]
pub struct LoggedRequest {
    /// `POST`, …
    pub method: String,
    /// The path with its query, as sent.
    pub path: String,
    /// The body as sent, `""` for token requests; may carry card numbers.
    pub body: String,
}

impl fmt::Debug for LoggedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // No query, no body: both may carry card numbers.
        let path = self.path.split('?').next().unwrap_or_default();
        write!(f, "{} {path} ({} bytes)", self.method, self.body.len())
    }
}

/// Members of bodies that are secret.
const SECRETS: [&str; 3] = ["csc", "pin", "passcode"];

/// The body with `***` for what is secret in it; nothing of a body that is no JSON object.
pub(super) fn without_secrets(body: &[u8]) -> String {
    let Ok(mut object) = serde_json::from_slice::<Map<String, Value>>(body) else {
        return String::new();
    };
    for (key, value) in &mut object {
        if SECRETS.iter().any(|secret| key.eq_ignore_ascii_case(secret)) {
            *value = Value::from("***");
        }
    }
    Value::Object(object).to_string()
}

impl LoggedRequest {
    fn bytes(&self) -> usize {
        self.path.len() + self.body.len()
    }
}

/// A bounded log of requests, oldest first.
#[derive(Debug)]
pub struct RequestLog {
    on: bool,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    requests: VecDeque<LoggedRequest>,
    bytes: usize,
}

impl RequestLog {
    /// An empty log; one that is not `on` stays empty.
    pub(super) fn new(on: bool) -> Self {
        Self { on, kept: Mutex::default() }
    }

    /// The requests so far, oldest first: at most the last 512, and at most 4 MiB of them.
    #[must_use]
    pub fn all(&self) -> Vec<LoggedRequest> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.requests.iter().cloned().collect()
    }

    /// Keeps what `request` makes, if anything is kept at all.
    pub(super) fn push(&self, request: impl FnOnce() -> LoggedRequest) {
        if !self.on {
            return;
        }
        let request = request();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.bytes += request.bytes();
        kept.requests.push_back(request);
        while kept.requests.len() > KEPT || kept.bytes > KEPT_BYTES {
            let Some(oldest) = kept.requests.pop_front() else { break };
            kept.bytes -= oldest.bytes();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_is_bounded_in_number_and_in_bytes() {
        let log = RequestLog::new(true);
        let request = |body: usize| LoggedRequest {
            method: "POST".to_owned(),
            path: "/".to_owned(),
            body: "x".repeat(body),
        };
        for _ in 0..KEPT + 3 {
            log.push(|| request(1));
        }
        assert_eq!(log.all().len(), KEPT);
        for _ in 0..6 {
            log.push(|| request(1024 * 1024));
        }
        let all = log.all();
        let bytes: usize = all.iter().map(LoggedRequest::bytes).sum();
        assert!(bytes <= KEPT_BYTES, "{bytes}");
        assert_eq!(all.len(), 3);
        let off = RequestLog::new(false);
        off.push(|| unreachable!());
        assert!(off.all().is_empty());
    }
}
