//! Connections: accepting them, serving requests on them, ending them.
//!
//! Owns what happens to sockets: a request that [`handle::handle`] gives no answer to closes its
//! connection without a byte, a restart closes all of them. Owns how many there are. Must not know what requests mean.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::serve::Listener;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::sandbox::http::context::Server;
use crate::sandbox::http::handle;

/// How long open connections may take to finish after the shutdown was asked for.
const GRACE: Duration = Duration::from_secs(2);
/// So many connections are open at a time; further callers wait to be accepted.
pub(super) const MOST_CONNECTIONS: usize = 256;
/// More headers than any client sends. Beyond them, and beyond some 400 KiB of a head, the HTTP
/// library refuses with a bare 431; what it takes is still too much for [`handle::handle`].
const MOST_HEADERS: usize = 256;

/// Serves until `shutdown` completes, then lets requests under way finish for at most [`GRACE`].
pub(super) async fn serve(
    mut listener: TcpListener,
    server: Arc<Server>,
    shutdown: impl Future<Output = ()>,
) {
    let mut shutdown = pin!(shutdown);
    let (stop, stopping) = watch::channel(false);
    let mut open = JoinSet::new();
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            (stream, peer) = Listener::accept(&mut listener), if open.len() < MOST_CONNECTIONS => {
                open.spawn(connection(stream, peer, Arc::clone(&server), stopping.clone()));
            }
            // Forgets connections as they end.
            Some(_) = open.join_next() => {}
        }
    }
    drop(listener);
    stop.send_replace(true);
    // An idle connection must not keep the server alive: connections that are still open after
    // the grace are dropped with the set.
    let all = async { while open.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(GRACE, all).await;
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    server: Arc<Server>,
    mut stopping: watch::Receiver<bool>,
) {
    // Without this, an answer can wait 40 ms for the acknowledgement of its first packet. A
    // connection that is already gone cannot be set, and needs not be.
    let _ = stream.set_nodelay(true);
    let mut restarts = server.restarts.subscribe();
    let answering = Arc::clone(&server);
    let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
        handle::handle(Arc::clone(&answering), peer, request.map(Body::new))
    });
    let mut http = http1::Builder::new();
    // The head of a request must come in time, and so must the next request.
    http.timer(TokioTimer::new()).header_read_timeout(server.patience).max_headers(MOST_HEADERS);
    let mut serving = pin!(http.serve_connection(TokioIo::new(stream), service));
    tokio::select! {
        // An error here is the caller's or a fault's doing: the connection is over either way.
        _ = serving.as_mut() => return,
        _ = restarts.changed() => return,
        _ = stopping.wait_for(|stop| *stop) => serving.as_mut().graceful_shutdown(),
    }
    tokio::select! {
        _ = serving => {}
        _ = restarts.changed() => {}
    }
}
