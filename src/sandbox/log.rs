//! The last requests that reached the sandbox, for tests that look at the wire.
//!
//! Bounded, in memory only. Secrets are never kept: bodies of `/oauth/token` are left out, codes
//! and passcodes of cards are blotted out of others.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use serde_json::{Map, Value};

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

/// Members of bodies that nobody may read later.
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
