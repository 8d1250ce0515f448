//! What a sandbox is started with.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use super::{Clock, Fixtures};

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
    /// Merchant, programmes and cards.
    pub fixtures: Fixtures,
}

impl Default for Options {
    /// A free loopback port, the system's clock, a terminal that answers at once, seed 0.
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            seed: 0,
            clock: Clock::system(),
            terminal_latency: Duration::ZERO,
            fixtures: Fixtures::default(),
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
