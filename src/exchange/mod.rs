//! The last exchanges with the server, masked so that they may be shown.
//!
//! Owns one exchange as data, the masking of secrets and card numbers in it, the bounded store of
//! the last ones, and their form as curl lines. Must not know who sends, keeps or shows them, and
//! must never hold a secret: what is here has passed [`Masker`].

mod curl;
mod kept;
mod mask;

use serde::{Deserialize, Serialize};

pub use curl::{script, shell_word};
pub use kept::{Exchanges, LONGEST_BODY, MOST, MOST_BYTES};
pub use mask::Masker;

use crate::wire::DownReason;

/// One request and what came back, masked and sanitised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// Counts the exchanges of one run from 1; a later report of the same exchange replaces it.
    pub id: u64,
    /// When it began: ISO 8601 to the second, in local time with its offset.
    pub at: String,
    /// `GET`, `POST`, ….
    pub method: String,
    /// The whole address, masked.
    pub url: String,
    /// It carried a token, which is not kept.
    pub authorised: bool,
    /// What was sent.
    pub request: Body,
    /// What became of it.
    pub progress: Progress,
}

/// How far an exchange has come. Times are ms from its beginning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Progress {
    /// Nothing has come back yet.
    Pending,
    /// The server answered.
    Answered {
        /// The HTTP status.
        status: u16,
        /// To the last byte of the answer.
        ms: u64,
        /// What it said.
        body: Body,
    },
    /// There was no answer.
    Lost {
        /// Why.
        reason: DownReason,
        /// Whether anything can have reached the server.
        sent: bool,
        /// Until that was certain.
        ms: u64,
    },
}

/// A body as it is shown: indented JSON, or else plain text; at most [`LONGEST_BODY`] bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// The text; empty for none.
    pub text: String,
    /// More followed.
    pub is_cut: bool,
}

impl Exchange {
    /// The address without scheme and host: path and query.
    #[must_use]
    pub fn path(&self) -> &str {
        let after_scheme = self.url.split_once("://").map_or(self.url.as_str(), |(_, rest)| rest);
        after_scheme.find('/').and_then(|at| after_scheme.get(at..)).unwrap_or(after_scheme)
    }

    /// Bytes that it takes, nearly.
    fn size(&self) -> usize {
        let answer = match &self.progress {
            Progress::Answered { body, .. } => body.text.len(),
            Progress::Pending | Progress::Lost { .. } => 0,
        };
        size_of::<Self>() + self.url.len() + self.request.text.len() + answer
    }
}
