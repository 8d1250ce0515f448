//! What the till wants done: plain data, carried out by the worker and the loop.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Finished, Record, Slip};
use crate::exchange::Exchange;
use crate::pin::Pin;
use crate::shop::{CardCode, CardNumber, CodeKind};
use crate::wire::{StartMethod, TerminalJob, TransactionRequest};

/// The number of a call; answers carry it back.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct CallId(pub u64);

/// Something to be done outside of `update`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Effect {
    /// Ask the server. Exactly one [`super::Event::Answer`] with the same id follows.
    Call(CallId, Call),
    /// Keep a record. Those that are durable must be on disk before the next effect is carried
    /// out and before anything is shown.
    Record(Record),
    /// Print the receipt of a sale. One [`super::Event::Printed`] follows.
    Print(Box<Finished>),
    /// Tell of the last exchanges with the server: one [`super::Event::Exchanges`] follows now,
    /// and one with every change as long as [`super::State::is_inspecting`].
    Inspect,
    /// Write these exchanges to a file. One [`super::Event::Exported`] follows.
    Export(Vec<Arc<Exchange>>),
    /// Hold a PIN against the till's. One [`super::Event::PinChecked`] with the same id follows.
    CheckPin(CallId, #[serde(skip)] Pin),
    /// Print what the server wrote. One [`super::Event::Printed`] follows.
    PrintSlip(Box<Slip>),
    /// Sound the bell.
    Bell,
    /// End the program.
    Quit(Ending),
}

/// Why the program ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ending {
    /// The cashier asked for it.
    Asked,
    /// The server refused the account before anything was sold: the sanitised reason.
    AccountRefused(String),
}

/// One request to the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Call {
    /// Get a token, and see who answers.
    Connect,
    /// Create the transaction.
    Create(TransactionRequest),
    /// Send the changed basket or card.
    Update(String, TransactionRequest),
    /// Look for an unpaid transaction with our reference.
    Find(String),
    /// Look for all transactions of a sale, in any status: by its reference without the number of
    /// the attempt.
    Siblings(String),
    /// Apply the card.
    PreTransaction(String),
    /// Pay. The one call that moves money: sent once, never repeated by itself.
    Start(String, StartMethod),
    /// Ask where the transaction stands.
    Read(String),
    /// Give the transaction up.
    Abort(String),
    /// Cancel a paid sale. Moves money: sent once, never repeated by itself.
    Cancel(String),
    /// Take back what a terminal took for this transaction, by the number of its receipt. As
    /// [`Call::Cancel`].
    CancelTrx(String, i64),
    /// Let the terminal do a job.
    Terminal(TerminalJob),
    /// A page of the server's transactions: what was typed to find them, and the first row's index.
    List(String, usize),
    /// Switch faults of the sandbox on and off.
    SetFaults(Vec<String>),
    /// Look up a card's balance.
    FindCard(CardNumber),
    /// Get the code with which this till is paired.
    Register,
    /// Ask once whether somebody has entered the code.
    Poll,
    /// Ask why the card with this id (`MCD_…`) is locked.
    CardLock(String),
    /// Check a code of a card. The code is in no record, and in nothing that this is shown as.
    CheckCode(CodeKind, CardNumber, CardCode),
    /// List the programmes of which a card can be made.
    Programmes,
    /// List the customers who have checked in.
    CheckIns,
}

impl Call {
    /// What the log calls it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Create(_) => "create",
            Self::Update(..) => "update",
            Self::Find(_) => "find",
            Self::Siblings(_) => "siblings",
            Self::PreTransaction(_) => "preTransaction",
            Self::Start(_, StartMethod::Cash) => "start/cash",
            Self::Start(_, StartMethod::Cashless) => "start/cashless",
            Self::Start(_, StartMethod::Loyalty) => "start/loyalty",
            Self::Read(_) => "read",
            Self::Abort(_) => "abort",
            Self::Cancel(_) => "cancel",
            Self::CancelTrx(..) => "cancelTrx",
            Self::Terminal(TerminalJob::Diagnosis) => "diagnosis",
            Self::Terminal(TerminalJob::EndOfDay) => "endOfDay",
            Self::List(..) => "list",
            Self::SetFaults(_) => "faults",
            Self::FindCard(_) => "card",
            Self::Register => "register",
            Self::Poll => "poll",
            Self::CardLock(_) => "lock",
            Self::CheckCode(..) => "checkCode",
            Self::Programmes => "programmes",
            Self::CheckIns => "checkIns",
        }
    }
}
