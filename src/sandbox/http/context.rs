//! What every request needs: the ledger and everything that lives beside it.

use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;
use tokio::sync::{Semaphore, watch};

use crate::sandbox::auth::tokens::Tokens;
use crate::sandbox::clock::Clock;
use crate::sandbox::faults::Faults;
use crate::sandbox::http::log::RequestLog;
use crate::sandbox::ledger::Ledger;
use crate::sandbox::ledger::buyers::Buyers;
use crate::sandbox::search::scroll::Scrolls;

/// What every request needs.
pub(super) struct Server {
    pub(super) ledger: Arc<Ledger>,
    pub(super) tokens: Tokens,
    pub(super) buyers: Buyers,
    /// Where pairing codes go that have to be confirmed by hand.
    pub(super) pairings: Option<SyncSender<String>>,
    pub(super) log: Arc<RequestLog>,
    pub(super) clock: Clock,
    pub(super) started: Timestamp,
    /// Where the ids start, and start again after a reset.
    pub(super) seed: u64,
    /// How long the body of a request may take.
    pub(super) patience: Duration,
    /// Places for large bodies that are being read.
    pub(super) large_bodies: Semaphore,
    pub(super) terminal_latency: Duration,
    pub(super) faults: Arc<Faults>,
    /// Counts the restarts that faults played; each ends all connections.
    pub(super) restarts: watch::Sender<u64>,
    /// The list calls that can be continued.
    pub(super) scrolls: Scrolls,
    /// Makes the description of all operations.
    pub(super) description: fn() -> Value,
}

/// There is no answer: the connection closes without one.
#[derive(Debug, thiserror::Error)]
#[error("dropped by a fault script")]
pub(super) struct Dropped;
