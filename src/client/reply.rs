//! What became of one request: an answer as it came, or why there is none.
//!
//! Owns the two types alone. Must not judge an answer; `call` does.

use crate::wire::{ApiError, DownReason, Outcome};

/// Everything but success: [`Outcome`] for use with `?`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    /// The server answered and did not do it.
    Refused(ApiError),
    /// It may have been done.
    Unknown(DownReason),
    /// Nothing was sent, or nothing that could have an effect.
    Down(DownReason),
}

impl<T> From<Result<T, Failure>> for Outcome<T> {
    fn from(result: Result<T, Failure>) -> Self {
        match result {
            Ok(answer) => Self::Ok(answer),
            Err(Failure::Refused(error)) => Self::Refused(error),
            Err(Failure::Unknown(reason)) => Self::Unknown(reason),
            Err(Failure::Down(reason)) => Self::Down(reason),
        }
    }
}

/// An answer with a final status, its body still as it came.
pub(super) struct Reply {
    pub(super) status: u16,
    /// Whether the server called itself the sandbox.
    pub(super) sandbox: bool,
    pub(super) body: Vec<u8>,
}
