//! The server without sockets: requests in, answers out.
//!
//! For tests that send more requests than sockets carry, or whose order must not depend on any.
//! Must not decide anything: every request takes the way that one from a socket takes.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};

use crate::sandbox::faults::Faults;
use crate::sandbox::http::context::Server;
use crate::sandbox::http::handle;
use crate::sandbox::http::log::RequestLog;
use crate::sandbox::http::options::Options;
use crate::sandbox::http::server;
use crate::sandbox::ledger::Ledger;

/// A sandbox that answers requests of this machine, in memory alone. Clones share it.
#[derive(Clone)]
pub struct Inside {
    server: Arc<Server>,
}

impl Inside {
    /// A sandbox as [`bind`](crate::sandbox::bind) makes it, but without an address and a file:
    /// [`Options::listen`] and [`Options::state`] do not count.
    #[must_use]
    pub fn new(mut options: Options) -> Self {
        let ledger = Ledger::new(options.fixtures.clone(), options.seed);
        let faults = Faults::new(options.seed, std::mem::take(&mut options.faults));
        let log = Arc::new(RequestLog::new(options.log));
        let server = server::serving(&options, Arc::new(ledger), log, Arc::new(faults), None);
        Self { server }
    }

    /// The books.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.server.ledger
    }

    /// What goes wrong.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.server.faults
    }

    /// The status and the body of the answer, `None` when a fault leaves it out.
    pub async fn ask(&self, request: Request<Vec<u8>>) -> Option<(StatusCode, Vec<u8>)> {
        let peer = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let request = request.map(Body::from);
        let answer = handle::handle(Arc::clone(&self.server), peer, request).await.ok()?;
        let (head, body) = answer.into_parts();
        // Breaks off where a fault tears it.
        let body = to_bytes(body, usize::MAX).await.ok()?;
        Some((head.status, body.to_vec()))
    }
}
