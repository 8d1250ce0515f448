//! The last requests that reached the sandbox, for tests that look at the wire.
//!
//! Bounded, in memory only. Bodies of `/oauth/token` are never kept: they carry secrets.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, PoisonError};

/// How many requests are kept; older ones are forgotten.
const KEPT: usize = 512;

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

/// A bounded log of requests, oldest first.
#[derive(Debug, Default)]
pub struct RequestLog(Mutex<VecDeque<LoggedRequest>>);

impl RequestLog {
    /// The requests so far, oldest first, at most the last 512.
    #[must_use]
    pub fn all(&self) -> Vec<LoggedRequest> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    pub(super) fn push(&self, request: LoggedRequest) {
        let mut requests = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if requests.len() >= KEPT {
            requests.pop_front();
        }
        requests.push_back(request);
    }
}
