//! Binding, serving and stopping. Owns the socket and puts the rooms together.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;

use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};

use crate::sandbox::auth::tokens::Tokens;
use crate::sandbox::faults::Faults;
use crate::sandbox::http::connections;
use crate::sandbox::http::context::Server;
use crate::sandbox::http::describe;
use crate::sandbox::http::incoming::MOST_LARGE;
use crate::sandbox::http::log::RequestLog;
use crate::sandbox::http::options::Options;
use crate::sandbox::http::routes::TABLES;
use crate::sandbox::ledger::Ledger;
use crate::sandbox::ledger::buyers::Buyers;
use crate::sandbox::persist::state::StateError;
use crate::sandbox::search::scroll::Scrolls;

/// Why a sandbox could not start or had to stop.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// Another program listens there.
    #[error("{0} is already in use")]
    AddressInUse(SocketAddr),
    /// Listening there is not allowed, or the address is not this machine's.
    #[error("cannot listen on {addr}: {source}")]
    Bind {
        /// What was asked for.
        addr: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The ledger's file cannot be used, or no longer be written.
    #[error(transparent)]
    State(#[from] StateError),
}

/// A bound sandbox: it has its port and starts answering with [`Sandbox::serve`].
#[derive(Debug)]
pub struct Sandbox {
    listener: TcpListener,
    addr: SocketAddr,
    ledger: Arc<Ledger>,
    requests: Arc<RequestLog>,
    faults: Arc<Faults>,
    pairings: Option<SyncSender<String>>,
    options: Options,
}

/// Binds a sandbox with books of its own: those of [`Options::state`], or new ones.
///
/// # Errors
/// [`SandboxError::AddressInUse`], [`SandboxError::Bind`] or [`SandboxError::State`].
pub async fn bind(options: Options) -> Result<Sandbox, SandboxError> {
    // The port goes first: a second sandbox must not touch the file of the one that serves.
    let listener = listen(options.listen).await?;
    let ledger = match &options.state {
        Some(path) => Ledger::open_with(
            path,
            options.fresh,
            options.compact_at,
            &options.fixtures,
            options.seed,
        )?,
        None => Ledger::new(options.fixtures.clone(), options.seed),
    };
    Ok(Sandbox::on(listener, options, Arc::new(ledger)))
}

/// Binds a sandbox on existing books, as after a restart; [`Options::state`] and
/// [`Options::fixtures`] do not count. Its tokens are new ones.
///
/// # Errors
/// [`SandboxError::AddressInUse`] or [`SandboxError::Bind`].
pub async fn bind_to(options: Options, ledger: Arc<Ledger>) -> Result<Sandbox, SandboxError> {
    let listener = listen(options.listen).await?;
    Ok(Sandbox::on(listener, options, ledger))
}

/// Listens, and returns the address with its real port.
async fn listen(addr: SocketAddr) -> Result<(TcpListener, SocketAddr), SandboxError> {
    let refused = |source: io::Error| match source.kind() {
        io::ErrorKind::AddrInUse => SandboxError::AddressInUse(addr),
        _ => SandboxError::Bind { addr, source },
    };
    let listener = TcpListener::bind(addr).await.map_err(refused)?;
    let addr = listener.local_addr().map_err(refused)?;
    Ok((listener, addr))
}

/// What requests on these books need.
pub(super) fn serving(
    options: &Options,
    ledger: Arc<Ledger>,
    log: Arc<RequestLog>,
    faults: Arc<Faults>,
    pairings: Option<SyncSender<String>>,
) -> Arc<Server> {
    Arc::new(Server {
        // Tokens go on from the ids: books that are served again give tokens of their own.
        tokens: Tokens::new(ledger.position(), options.pairing),
        buyers: Buyers::new(options.seed),
        pairings,
        ledger,
        log,
        started: options.clock.now(),
        clock: options.clock.clone(),
        seed: options.seed,
        patience: options.patience,
        large_bodies: Semaphore::new(MOST_LARGE),
        terminal_latency: options.terminal_latency,
        faults,
        restarts: watch::Sender::new(0),
        scrolls: Scrolls::new(options.seed),
        description: || describe::document(TABLES),
    })
}

impl Sandbox {
    fn on(
        (listener, addr): (TcpListener, SocketAddr),
        mut options: Options,
        ledger: Arc<Ledger>,
    ) -> Self {
        let faults = Faults::new(options.seed, std::mem::take(&mut options.faults));
        let (faults, requests) = (Arc::new(faults), Arc::new(RequestLog::new(options.log)));
        Self { listener, addr, ledger, requests, faults, pairings: None, options }
    }

    /// Where it listens, with the real port.
    #[must_use]
    pub const fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// `http://127.0.0.1:8474`, without a path.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// The books, to look at while the sandbox serves.
    #[must_use]
    pub fn ledger(&self) -> Arc<Ledger> {
        Arc::clone(&self.ledger)
    }

    /// What goes wrong, to switch while the sandbox serves.
    #[must_use]
    pub fn faults(&self) -> Arc<Faults> {
        Arc::clone(&self.faults)
    }

    /// The requests that arrive, to look at while the sandbox serves.
    #[must_use]
    pub fn requests(&self) -> Arc<RequestLog> {
        Arc::clone(&self.requests)
    }

    /// Sends the user code of every device from now on that asks to be paired and waits for people
    /// to confirm it: with [`Pairing::Manual`](crate::sandbox::Pairing::Manual). Codes that find no room in
    /// the channel are left out.
    pub fn tell_pairings(&mut self, to: SyncSender<String>) {
        self.pairings = Some(to);
    }

    /// Answers requests until `shutdown` completes, then lets those under way finish for at most
    /// two seconds. The port is free when it returns.
    ///
    /// # Errors
    /// [`SandboxError::State`] when the ledger's file could not be written. What was not written
    /// has not been shown.
    pub async fn serve(
        self,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), SandboxError> {
        let server = serving(
            &self.options,
            Arc::clone(&self.ledger),
            self.requests,
            self.faults,
            self.pairings,
        );
        let Some(state) = self.ledger.state().cloned() else {
            connections::serve(self.listener, server, shutdown).await;
            return Ok(());
        };
        let mut broken = None;
        let ending = async {
            tokio::select! {
                () = shutdown => {}
                error = state.failed() => broken = Some(error),
            }
        };
        connections::serve(self.listener, server, ending).await;
        broken.map_or(Ok(()), |error| Err(SandboxError::State(error)))
    }
}
