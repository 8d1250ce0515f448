//! What the till wants done: plain data, carried out by the worker and the loop.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Call, CallId, Finished, Record, Slip};
use crate::exchange::Exchange;
use crate::pin::Pin;
use crate::shop::Article;

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
    /// Sell this article from now on, under its number and codes, and keep it. Nothing follows if
    /// it is kept, otherwise [`super::Event::NotTaught`].
    Teach(Box<Article>),
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
