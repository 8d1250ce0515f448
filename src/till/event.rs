//! What happens to the till: keys, answers, time.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{CallId, Key, Seen, ServerKind};
use crate::exchange::Exchange;
use crate::wire::{
    CardGroup, CardLock, Checkin, DownReason, MerchantCard, Outcome, PairingAnswer, PreTransaction,
    Transaction, TransactionPage,
};

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
    /// Time has passed: sent when [`super::State::wake_at`] is due.
    Tick,
}

/// Lists the kinds of answers, each with its type and both conversions.
macro_rules! answers {
    ($($(#[$doc:meta])* $kind:ident($of:ty),)*) => {
        /// What the server answered to a [`super::Call`], by its kind.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        pub enum Answer {
            $($(#[$doc])* $kind($of),)*
        }

        $(
            impl From<$of> for Answer {
                fn from(answer: $of) -> Self {
                    Self::$kind(answer)
                }
            }

            impl TryFrom<Answer> for $of {
                type Error = DownReason;

                /// An answer of another kind is a fault of this program.
                fn try_from(answer: Answer) -> Result<Self, DownReason> {
                    match answer {
                        Answer::$kind(answer) => Ok(answer),
                        _ => Err(DownReason::Internal),
                    }
                }
            }
        )*
    };
}

answers! {
    /// To `Connect`.
    Connected(ServerKind),
    /// To `Create`, `Update`, `Start`, `Read`, `Abort`, `Cancel`, `CancelTrx`, `Terminal`.
    Transaction(Transaction),
    /// To `PreTransaction`.
    PreTransaction(PreTransaction),
    /// To `Find`.
    Found(Option<Transaction>),
    /// To `Siblings`.
    Siblings(Vec<Transaction>),
    /// To `List`.
    Page(TransactionPage),
    /// To `SetFaults`: those that are on now.
    Faults(Vec<String>),
    /// To `FindCard`.
    Card(Option<MerchantCard>),
    /// To `Register` and `Poll`.
    Pairing(PairingAnswer),
    /// To `CardLock`.
    CardLock(CardLock),
    /// To `CheckCode`: whether it is right.
    Code(bool),
    /// To `Programmes`.
    Programmes(Vec<CardGroup>),
    /// To `CheckIns`.
    CheckIns(Vec<Checkin>),
}

impl Event {
    /// The answer to `call`.
    pub fn answer(call: CallId, outcome: Outcome<impl Into<Answer>>) -> Self {
        Self::Answer(call, Box::new(outcome.map(Into::into)))
    }
}

impl Outcome<Answer> {
    /// The outcome with the answer that a waiter expects. With an answer of another kind it is
    /// unknown what became of the call.
    pub(super) fn expect_kind<T: TryFrom<Answer, Error = DownReason>>(self) -> Outcome<T> {
        match self {
            Self::Ok(answer) => answer.try_into().map_or_else(Outcome::Unknown, Outcome::Ok),
            Self::Refused(error) => Outcome::Refused(error),
            Self::Unknown(reason) => Outcome::Unknown(reason),
            Self::Down(reason) => Outcome::Down(reason),
        }
    }
}
