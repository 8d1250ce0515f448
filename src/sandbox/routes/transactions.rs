//! The operations on `/Smart/Transactions` (api.md §1.2).
//!
//! Must not decide anything about money: each is one step of the ledger.

use std::sync::Arc;

use serde_json::Value;

use super::super::faults::Place;
use super::super::lists::List;
use super::super::refusal::Refusal;
use super::operation::{Answer, Asked, Call, Guard, Later, Operation};
use super::{Server, lists};
use crate::wire::StartMethod;

const fn operation(
    method: &'static str,
    path: &'static str,
    name: &'static str,
    summary: &'static str,
    place: Place,
    call: Call,
) -> Operation {
    Operation { method, path, name, summary, guard: Guard::Token, place: Some(place), call }
}

pub(super) const OPERATIONS: &[Operation] = &[
    operation(
        "GET",
        "/api/v2/Smart/Transactions",
        "getAll",
        "The transactions that a query asks for.",
        Place::List,
        Call::Now(list),
    ),
    operation(
        "POST",
        "/api/v2/Smart/Transactions",
        "addTransaction",
        "Creates a transaction; nothing is paid yet.",
        Place::Create,
        Call::Now(create),
    ),
    operation(
        "GET",
        "/api/v2/Smart/Transactions/{id}",
        "getOne",
        "One transaction.",
        Place::Read,
        Call::Now(read),
    ),
    operation(
        "PUT",
        "/api/v2/Smart/Transactions/{id}",
        "updateTransaction",
        "Changes an unpaid transaction; an applied card is dropped.",
        Place::Update,
        Call::Now(update),
    ),
    operation(
        "POST",
        "/api/v2/Smart/Transactions/{id}/preTransaction",
        "preTransaction",
        "Applies the card's balances, cash first; spends nothing yet.",
        Place::PreTransaction,
        Call::Now(apply),
    ),
    operation(
        "POST",
        "/api/v2/Smart/Transactions/{id}/start/{payment_method}",
        "startTransaction",
        "Pays the transaction; with a terminal it blocks until people are done there.",
        Place::Start,
        Call::Later(start),
    ),
    operation(
        "POST",
        "/api/v2/Smart/Transactions/{id}/abort",
        "abortTransaction",
        "Gives up an unpaid transaction.",
        Place::Abort,
        Call::Now(abort),
    ),
    operation(
        "POST",
        "/api/v2/Smart/Transactions/{id}/cancel",
        "cancelTransaction",
        "Reverses a paid transaction.",
        Place::Cancel,
        Call::Now(cancel),
    ),
];

fn list(server: &Server, asked: &Asked) -> Result<Answer, Refusal> {
    lists::answer(server, asked, List::Transactions)
}

fn create(server: &Server, asked: &Asked) -> Result<Answer, Refusal> {
    let body: Value = asked.json()?;
    Ok(Answer::json(&server.ledger.create(&body, server.clock.now())?))
}

fn read(server: &Server, asked: &Asked) -> Result<Answer, Refusal> {
    Ok(Answer::json(&server.ledger.read(asked.id())?))
}

fn update(server: &Server, asked: &Asked) -> Result<Answer, Refusal> {
    let body: Value = asked.json()?;
    Ok(Answer::json(&server.ledger.update(asked.id(), &body)?))
}

fn apply(server: &Server, asked: &Asked) -> Result<Answer, Refusal> {
    Ok(Answer::json(&server.ledger.apply(asked.id())?))
}

fn abort(server: &Server, asked: &Asked) -> Result<Answer, Refusal> {
    Ok(Answer::json(&server.ledger.abort(asked.id(), server.clock.now())?))
}

fn cancel(server: &Server, asked: &Asked) -> Result<Answer, Refusal> {
    Ok(Answer::json(&server.ledger.cancel(asked.id(), server.clock.now())?))
}

fn start(server: Arc<Server>, asked: Asked) -> Later {
    Box::pin(async move {
        let id = asked.id();
        let method = match asked.param("payment_method").to_ascii_lowercase().as_str() {
            "cash" => StartMethod::Cash,
            "loyalty" => StartMethod::Loyalty,
            "cashless" => return cashless(server, id.to_owned()).await,
            other => return Err(Refusal::NotFound(format!("payment method {other}"))),
        };
        Ok(Answer::json(&server.ledger.start(id, method, server.clock.now())?))
    })
}

/// Blocks while the simulated terminal works, as the API does.
async fn cashless(server: Arc<Server>, id: String) -> Result<Answer, Refusal> {
    server.ledger.begin_terminal(&id)?;
    // A task of its own: a terminal finishes its payment even when the till hangs up.
    let payment = tokio::spawn(async move {
        if !server.terminal_latency.is_zero() {
            tokio::time::sleep(server.terminal_latency).await;
        }
        server.ledger.finish_terminal(&id, server.clock.now())
    });
    // The task is lost only while the runtime shuts down.
    Ok(Answer::json(&payment.await.map_err(|_| Refusal::Busy)??))
}
