//! Lets a request take effect: who may call, the operation itself, and the wait for the disk.

use std::sync::Arc;

use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::Response;

use crate::sandbox::auth::oauth;
use crate::sandbox::http::context::Server;
use crate::sandbox::http::incoming::Incoming;
use crate::sandbox::http::local;
use crate::sandbox::http::operation::{Answer, Guard, Handler, Operation, Request};
use crate::sandbox::http::response::{choice, respond, response, status};
use crate::sandbox::refusal::Refusal;

impl Server {
    /// Lets the request take effect and answers it.
    pub(super) async fn answered(self: &Arc<Self>, incoming: Incoming) -> Response {
        let Incoming { parts, operation, request } = incoming;
        let answer = match (operation, request) {
            (Err(Refusal::Method(allowed)), _) if parts.method == Method::OPTIONS => {
                return choice(&allowed);
            }
            (Err(refusal), _) | (_, Err(refusal)) => Err(refusal),
            (Ok(Operation { handler: Handler::Token, .. }), Ok(request)) => {
                return self.token(&parts.headers, &request.body);
            }
            (Ok(operation), Ok(request)) => self.answer(operation, &parts.headers, request).await,
        };
        let Some(state) = self.ledger.state() else { return self.respond(answer) };
        // Everything that the answer could tell goes to the disk before it leaves. Refusals wait
        // too: they may tell what another request has just changed.
        let steps = answer.as_ref().ok().and_then(Answer::steps);
        match state.synced(steps.unwrap_or_else(|| state.recorded())).await {
            Ok(()) => self.respond(answer),
            Err(refusal) => self.refuse(&refusal),
        }
    }

    async fn answer(
        self: &Arc<Self>,
        operation: &Operation,
        headers: &HeaderMap,
        request: Request,
    ) -> Result<Answer, Refusal> {
        match operation.guard {
            Guard::Public => {}
            Guard::Token => self.check_token(headers)?,
            Guard::Local => {
                local::check_peer(request.peer)?;
                local::check_headers(headers)?;
            }
        }
        match operation.handler {
            Handler::Sync(call) => call(self, &request),
            Handler::Async(call) => call(Arc::clone(self), request).await,
            // Answered before.
            Handler::Token => Err(Refusal::Token),
        }
    }

    fn respond(&self, answer: Result<Answer, Refusal>) -> Response {
        match answer {
            Ok(answer) => response(StatusCode::OK, answer.into_bytes()),
            Err(refusal) => self.refuse(&refusal),
        }
    }

    /// The documents print `Authenticate`, every client sends `Authorization`: both count.
    fn check_token(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let now = self.clock.now();
        let opens = |value: Option<&HeaderValue>| {
            value.and_then(|value| value.to_str().ok()?.split_once(' ')).is_some_and(
                |(scheme, token)| {
                    scheme.eq_ignore_ascii_case("bearer") && self.tokens.is_valid(token.trim(), now)
                },
            )
        };
        (opens(headers.get(AUTHORIZATION)) || opens(headers.get("authenticate")))
            .then_some(())
            .ok_or(Refusal::Token)
    }

    fn token(&self, headers: &HeaderMap, body: &[u8]) -> Response {
        let content_type =
            headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        match oauth::answer(&self.tokens, &self.ledger, content_type, body, self.clock.now()) {
            Ok(answer) => {
                if let (Some(code), Some(pairings)) = (answer.to_confirm, &self.pairings) {
                    // Without a reader the code can be confirmed all the same.
                    let _ = pairings.try_send(code);
                }
                respond(StatusCode::OK, &answer.body)
            }
            Err(denied) => respond(status(denied.http), &denied.body),
        }
    }
}
