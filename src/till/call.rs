//! Requests to the server and what it answers: plain data, carried out by the worker.
//!
//! Owns the kinds of calls, their names in the log, and the kinds of answers. Must not know who
//! waits for an answer ([`super::Waiter`]).

use serde::{Deserialize, Serialize};

use super::Finished;
use crate::shop::{CardCode, CardNumber, CodeKind};
use crate::wire::{
    CardGroup, CardLock, Checkin, DownReason, MerchantCard, Outcome, PairingAnswer, PreTransaction,
    StartMethod, TerminalJob, Transaction, TransactionPage, TransactionRequest,
};

/// What kind of server the till talks to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ServerKind {
    /// A practice server: no real money.
    Sandbox,
    /// The real thing.
    Live,
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
    /// Read paid sales from this till's journal, the newest first. Not a request to the server.
    History {
        /// Those whose number is smaller; `None`: from the newest on.
        before: Option<i64>,
        /// So many at the most.
        limit: usize,
    },
    /// Look in this till's journal for the sale that the server knows by this id and reference. Not
    /// a request to the server.
    OwnSale {
        /// `STX_…`.
        id: String,
        /// The transaction's reference: the sale's, perhaps with the number of an attempt.
        reference: String,
    },
}

/// Paid sales as the journal has them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryPage {
    /// The newest first, each with the number of the entry that says that it is paid.
    pub sales: Vec<(i64, Finished)>,
    /// There are older ones.
    pub more: bool,
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
            Self::History { .. } => "history",
            Self::OwnSale { .. } => "ownSale",
        }
    }
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
    /// To `History`.
    History(HistoryPage),
    /// To `OwnSale`; `None`: it is not of this till.
    OwnSale(Option<Box<Finished>>),
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
