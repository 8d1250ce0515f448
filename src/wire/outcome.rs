//! What became of a call: the four answers a till must tell apart.

use serde::{Deserialize, Serialize};

/// The outcome of one API call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome<T> {
    /// The server did it and this is its answer.
    Ok(T),
    /// The server answered and did not do it.
    Refused(ApiError),
    /// The call may or may not have taken effect: time-out, reset, torn or unreadable answer, 5xx.
    Unknown(DownReason),
    /// The call never reached the server; nothing has happened there.
    Down(DownReason),
}

impl<T> Outcome<T> {
    /// The same outcome with another answer inside.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Outcome<U> {
        match self {
            Self::Ok(answer) => Outcome::Ok(f(answer)),
            Self::Refused(error) => Outcome::Refused(error),
            Self::Unknown(reason) => Outcome::Unknown(reason),
            Self::Down(reason) => Outcome::Down(reason),
        }
    }
}

/// A definite refusal, with the words the API gave for it. All texts are sanitised.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiError {
    /// HTTP status.
    pub http: u16,
    /// Exception or OAuth error name.
    pub name: String,
    /// For the user.
    pub user: String,
    /// Technical.
    pub details: String,
    /// The API's code, 0 if none.
    pub code: i64,
    /// For the help desk, may be empty.
    pub support_id: String,
}

impl ApiError {
    /// The server does not know the object that the call was about, in the API's own words: the
    /// bare status may be that of a proxy in between.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.name == "ProductNotFoundException"
    }

    /// The account, not the sale, was refused: every call fails until the account is corrected.
    #[must_use]
    pub fn is_account(&self) -> bool {
        matches!(self.name.as_str(), "invalid_client" | "invalid_device" | "unauthorized_client")
    }

    /// The device has to be paired first; what was asked for was not done.
    #[must_use]
    pub fn is_unpaired(&self) -> bool {
        self.name == super::UNPAIRED
    }
}

/// Why there is no usable answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum DownReason {
    /// No connection could be made.
    NoConnection,
    /// The server's certificate was not accepted.
    Certificate,
    /// The other end does not speak TLS, or no version of it that this program speaks.
    NotEncrypted,
    /// The deadline passed.
    Timeout,
    /// The connection broke before the whole answer was there.
    Broken,
    /// The answer was not what the API documents (HTML, a redirect, torn JSON).
    Unreadable,
    /// The server reported an error of its own (5xx).
    ServerError(u16),
    /// The call was refused with this HTTP status, and the refusal is not confirmed yet.
    Refused(u16),
    /// A fault in this program's own background work.
    Internal,
}
