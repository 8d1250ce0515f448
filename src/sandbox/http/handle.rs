//! The way of one request: read, note, faults, answer.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::response::Response;

use crate::sandbox::http::context::{Dropped, Server};
use crate::sandbox::http::faults;
use crate::sandbox::http::incoming::Incoming;
use crate::sandbox::http::log::{self, LoggedRequest};
use crate::sandbox::http::operation::Guard;

/// Answers one request of `peer`. A refusal is an answer too: only faults leave one out.
pub(super) async fn handle(
    server: Arc<Server>,
    peer: SocketAddr,
    request: axum::extract::Request,
) -> Result<Response, Dropped> {
    let incoming = Incoming::read(request, peer, server.patience, &server.large_bodies).await;
    server.note(&incoming);
    let place = incoming.operation.as_ref().ok().and_then(|operation| operation.place);
    match place.and_then(|place| server.faults.decide(place)) {
        Some(verdict) => faults::carry_out(server, verdict, incoming).await,
        None => Ok(server.answered(incoming).await),
    }
}

impl Server {
    fn note(&self, incoming: &Incoming) {
        if incoming.guard() == Some(Guard::Local) {
            return;
        }
        self.log.push(|| LoggedRequest {
            method: incoming.parts.method.to_string(),
            path: incoming.parts.uri.to_string(),
            body: match (incoming.guard(), &incoming.request) {
                (Some(Guard::Public), _) | (_, Err(_)) => String::new(),
                (_, Ok(request)) if is_loyalty(incoming.parts.uri.path()) => {
                    log::without_secrets(&request.body)
                }
                (_, Ok(request)) => String::from_utf8_lossy(&request.body).into_owned(),
            },
        });
    }
}

/// Whether bodies of this path may carry codes of cards.
fn is_loyalty(path: &str) -> bool {
    path.to_ascii_lowercase().contains("/loyalty/")
}
