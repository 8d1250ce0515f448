//! What the till wants done: plain data, carried out by the worker and the loop.

use serde::{Deserialize, Serialize};

use super::Finished;
use crate::shop::CardNumber;
use crate::wire::{StartMethod, TransactionRequest};

/// The number of a call; answers carry it back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CallId(pub u64);

/// Something to be done outside of `update`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Effect {
    /// Ask the server. Exactly one [`super::Event::Answer`] with the same id follows.
    Call(CallId, Call),
    /// Print the receipt of a sale. One [`super::Event::Printed`] follows.
    Print(Box<Finished>),
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
    /// Apply the card.
    PreTransaction(String),
    /// Pay. The one call that moves money: sent once, never repeated by itself.
    Start(String, StartMethod),
    /// Ask where the transaction stands.
    Read(String),
    /// Give the transaction up.
    Abort(String),
    /// Look up a card's balance.
    FindCard(CardNumber),
}
