//! Carries out what a fault script has decided for a request: around the answer, never in it.

use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;

use crate::sandbox::faults::body::{Dripping, Torn};
use crate::sandbox::faults::draw::Verdict;
use crate::sandbox::faults::fault::{After, Before};
use crate::sandbox::http::context::{Dropped, Server};
use crate::sandbox::http::incoming::Incoming;
use crate::sandbox::http::response::page;
use crate::sandbox::refusal::Refusal;

/// What proxies say when the server behind them does not answer.
const BAD_GATEWAY: &str = "<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head>\
    <body><h1>502 Bad Gateway</h1><p>The upstream server did not answer.</p></body></html>\n";
/// What a captive network shows in the place of every answer.
const PORTAL: &str = "<!DOCTYPE html>\n<html><head><title>Welcome</title></head>\
    <body><h1>Welcome to this network</h1><p>Please accept the terms of use.</p></body></html>\n";

/// Answers the request as the verdict wants it.
pub(super) async fn carry_out(
    server: Arc<Server>,
    verdict: Verdict,
    incoming: Incoming,
) -> Result<Response, Dropped> {
    // A task of its own: what has arrived takes effect even when the caller hangs up meanwhile.
    // It is lost only while the runtime shuts down.
    tokio::spawn(faulty(server, verdict, incoming)).await.unwrap_or(Err(Dropped))
}

async fn faulty(
    server: Arc<Server>,
    verdict: Verdict,
    incoming: Incoming,
) -> Result<Response, Dropped> {
    if !verdict.latency.is_zero() {
        tokio::time::sleep(verdict.latency).await;
    }
    if let (true, Ok(request)) = (verdict.card_spent, &incoming.request) {
        // An unknown transaction gets its own refusal below; a broken file too.
        let _ = server.ledger.spend_at_other_till(request.id(), server.clock.now());
    }
    let about =
        incoming.request.as_ref().map(|request| request.id().to_owned()).unwrap_or_default();
    if let Some(before) = verdict.before {
        return server.instead(before, &about);
    }
    let response = if server.lags(&about, verdict.lag) {
        server.refuse(&Refusal::not_found("smart.transactions", &about))
    } else {
        if verdict.duplicate {
            // The gateway keeps the first answer to itself.
            drop(server.answered(incoming.clone()).await);
        }
        server.answered(incoming).await
    };
    let response = if verdict.lag.is_zero() {
        response
    } else {
        damaged(response, |body| server.without_young(&body, verdict.lag)).await
    };
    match verdict.after {
        None => Ok(response),
        Some(After::Refused(refusing)) => Ok(server.refused(refusing)),
        Some(After::Other(differing)) => {
            Ok(damaged(response, |body| server.of_another(&body, differing)).await)
        }
        Some(After::Lost) => Err(Dropped),
        Some(After::Internal) => Ok(server.refuse(&Refusal::Internal)),
        Some(After::Html) => Ok(page(StatusCode::OK, PORTAL)),
        Some(After::Torn) => Ok(damaged(response, |body| Body::new(Torn::new(body))).await),
        Some(After::Drip(over)) => {
            Ok(damaged(response, |body| Body::new(Dripping::new(body, over))).await)
        }
    }
}

impl Server {
    /// What the caller gets who asks about the transaction `about`, while nothing takes effect.
    fn instead(&self, before: Before, about: &str) -> Result<Response, Dropped> {
        match before {
            Before::Lost => Err(Dropped),
            Before::Restart => {
                self.tokens.forget();
                self.restarts.send_modify(|count| *count = count.wrapping_add(1));
                Err(Dropped)
            }
            Before::Internal => Ok(self.refuse(&Refusal::Internal)),
            Before::Html => Ok(page(StatusCode::BAD_GATEWAY, BAD_GATEWAY)),
            Before::TokenExpired => Ok(self.refuse(&Refusal::Token)),
            Before::TooMany => {
                let mut response = self.refuse(&Refusal::TooMany);
                response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
                Ok(response)
            }
            Before::Refused(refusing) => Ok(self.refused(refusing)),
            Before::Other => Ok(self.of_a_paid_one(about)),
        }
    }
}

async fn damaged(response: Response, damage: impl FnOnce(Bytes) -> Body) -> Response {
    let (parts, body) = response.into_parts();
    // Our own answers are in memory: reading them cannot fail.
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    Response::from_parts(parts, damage(body))
}
