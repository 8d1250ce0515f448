//! What a sandbox is started with.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use crate::sandbox::auth::tokens::Pairing;
use crate::sandbox::clock::Clock;
use crate::sandbox::faults::fault::Fault;
use crate::sandbox::fixtures::Fixtures;
use crate::sandbox::persist::state::LEAST_LOG;

/// Settings of one sandbox.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Ids and tokens follow from it: equal seeds and equal requests give equal ids.
    pub seed: u64,
    /// Where the time comes from.
    pub clock: Clock,
    /// How long the simulated payment terminal takes for a `cashless` start.
    pub terminal_latency: Duration,
    /// Merchant, programmes and cards; what a state file holds goes before.
    pub fixtures: Fixtures,
    /// What goes wrong from the start; `Sandbox::faults` switches it later.
    pub faults: Vec<Fault>,
    /// The file that keeps the ledger across restarts, `None` for memory alone. Next to it lie the
    /// log of what happened since (`.log0` and `.log1` in turn), a lock (`.lock`) and, while it is
    /// replaced, its successor (`.new`). It stays locked as long as the ledger is in use.
    pub state: Option<PathBuf>,
    /// Removes the state file and its logs, without reading them.
    pub fresh: bool,
    /// The log is compacted when it is a little more than half as long as the state file, but not
    /// before it has so many bytes.
    pub compact_at: u64,
    /// Who confirms that a device may be paired.
    pub pairing: Pairing,
    /// How long a request may take to arrive, and how long a connection may say nothing.
    pub patience: Duration,
    /// Whether [`RequestLog`](crate::sandbox::RequestLog) keeps requests.
    pub log: bool,
}

impl Default for Options {
    /// A free loopback port, the system's clock, a terminal that answers at once, seed 0, no
    /// faults, no file, compaction from 2 MiB on, devices paired at once, a minute's patience, a log.
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            seed: 0,
            clock: Clock::system(),
            terminal_latency: Duration::ZERO,
            fixtures: Fixtures::default(),
            faults: Vec::new(),
            state: None,
            fresh: false,
            compact_at: LEAST_LOG,
            pairing: Pairing::Automatic { polls: 0 },
            patience: Duration::from_secs(60),
            log: true,
        }
    }
}

impl Options {
    /// A seed that differs from run to run, for when none is asked for: a console that remembers
    /// ids of an earlier run must not meet them again on another sale.
    #[must_use]
    pub fn fresh_seed() -> u64 {
        RandomState::new().hash_one(0_u8)
    }
}
