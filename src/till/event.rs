//! What happens to the till: keys, answers, time.

use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Answer, CallId, Key, Seen};
use crate::exchange::Exchange;
use crate::wire::Outcome;

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// The console has drawn its first frame: the connection is checked.
    Started,
    /// A frame with the amount due has reached the terminal: as [`Event::Seen`] with [`Seen::Due`],
    /// which recordings before it do not have.
    Shown,
    /// What the terminal shows now: of a frame that has reached it, or, where that is less than
    /// before, of one on its way.
    Seen(Seen),
    /// A key, or one character of a scan.
    Key(Key),
    /// Input was dropped because it came too fast: what is typed so far is not to be continued.
    InputLost,
    /// The answer to a call.
    Answer(CallId, Box<Outcome<Answer>>),
    /// The journal does not take records any more: why.
    JournalFailed(String),
    /// The printer does not take what it is to print: this many receipts wait.
    PrintWaits(usize),
    /// A record that must be on disk has been waited for for some time, and still is; false: it is
    /// there, or is known to have failed.
    Saving(bool),
    /// The receipt was printed, or why not (sanitised).
    Printed(Result<(), String>),
    /// The last exchanges with the server, the oldest first.
    Exchanges(Vec<Arc<Exchange>>),
    /// The exchanges stand in a file of this name beside the journal, or why not (sanitised).
    Exported(Result<String, String>),
    /// Whether a PIN was the till's.
    PinChecked(CallId, bool),
    /// A day has begun, in local time: sent before [`Event::Started`] and when it changes.
    Day(Date),
    /// Other articles are sold from now on: so many.
    Articles(usize),
    /// Other articles are there and cannot be read: why (sanitised).
    ArticlesUnread(String),
    /// A taught article is sold, but it is not kept: why (sanitised).
    NotTaught(String),
    /// Time has passed: sent when [`super::State::wake_at`] is due.
    Tick,
}

impl Event {
    /// The answer to `call`.
    pub fn answer(call: CallId, outcome: Outcome<impl Into<Answer>>) -> Self {
        Self::Answer(call, Box::new(outcome.map(Into::into)))
    }
}
