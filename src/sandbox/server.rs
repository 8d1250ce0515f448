//! Binding, serving and stopping. Owns the socket; the answers come from `routes`.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::routes::{self, Server};
use super::tokens::Tokens;
use super::{Ledger, Options, RequestLog};

/// How long open connections may take to finish after the shutdown was asked for.
const GRACE: Duration = Duration::from_secs(2);

/// Why a sandbox could not start or had to stop.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// Somebody else listens there.
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
    /// The server broke while it ran.
    #[error("the sandbox stopped: {0}")]
    Serve(#[source] io::Error),
}

/// A bound sandbox: it has its port and starts answering with [`Sandbox::serve`].
#[derive(Debug)]
pub struct Sandbox {
    listener: TcpListener,
    addr: SocketAddr,
    ledger: Arc<Ledger>,
    requests: Arc<RequestLog>,
    options: Options,
}

/// Binds a sandbox with books of its own.
///
/// # Errors
/// [`SandboxError::AddressInUse`] or [`SandboxError::Bind`].
pub async fn bind(options: Options) -> Result<Sandbox, SandboxError> {
    let ledger = Arc::new(Ledger::new(options.fixtures.clone(), options.seed));
    bind_to(options, ledger).await
}

/// Binds a sandbox on existing books, as after a restart. Its tokens are new ones.
///
/// # Errors
/// [`SandboxError::AddressInUse`] or [`SandboxError::Bind`].
pub async fn bind_to(options: Options, ledger: Arc<Ledger>) -> Result<Sandbox, SandboxError> {
    let addr = options.listen;
    let refused = |source: io::Error| match source.kind() {
        io::ErrorKind::AddrInUse => SandboxError::AddressInUse(addr),
        _ => SandboxError::Bind { addr, source },
    };
    let listener = TcpListener::bind(addr).await.map_err(refused)?;
    let addr = listener.local_addr().map_err(refused)?;
    Ok(Sandbox { listener, addr, ledger, requests: Arc::default(), options })
}

impl Sandbox {
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

    /// The requests that arrive, to look at while the sandbox serves.
    #[must_use]
    pub fn requests(&self) -> Arc<RequestLog> {
        Arc::clone(&self.requests)
    }

    /// Answers requests until `shutdown` completes, then lets those under way finish for at most
    /// two seconds. The port is free when it returns.
    ///
    /// # Errors
    /// [`SandboxError::Serve`] when the listener breaks.
    pub async fn serve(
        self,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), SandboxError> {
        let server = Arc::new(Server {
            ledger: self.ledger,
            tokens: Tokens::new(self.options.seed),
            log: self.requests,
            clock: self.options.clock,
            terminal_latency: self.options.terminal_latency,
        });
        let router =
            Router::new().fallback(move |request| routes::handle(Arc::clone(&server), request));
        // Without this, an answer can wait 40 ms for the acknowledgement of its first packet.
        let listener = self.listener.tap_io(|stream| {
            // A connection that is already gone cannot be set, and needs not be.
            let _ = stream.set_nodelay(true);
        });
        let (stop, stopped) = watch::channel(false);
        let asked = async move {
            shutdown.await;
            stop.send_replace(true);
        };
        let serving = axum::serve(listener, router).with_graceful_shutdown(asked);
        tokio::select! {
            result = serving => result.map_err(SandboxError::Serve),
            () = grace_over(stopped) => Ok(()),
        }
    }
}

/// Completes [`GRACE`] after the shutdown was asked for: a connection that never says anything
/// must not keep the server alive.
async fn grace_over(mut stopped: watch::Receiver<bool>) {
    // The sender lives in the server's own future, so an error means the same: it is stopping.
    let _ = stopped.wait_for(|stop| *stop).await;
    tokio::time::sleep(GRACE).await;
}
