//! The operations on `/Smart/Transactions` (api.md §1.2) but payments, which `payments` has.
//!
//! Must not decide anything about money: each is one step of the ledger.

use serde_json::Value;

use crate::sandbox::faults::fault::Place;
use crate::sandbox::http::context::Server;
use crate::sandbox::http::operation::{Answer, Asked, Call, Operation};
use crate::sandbox::http::routes::lists;
use crate::sandbox::http::schema::Schema;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::search::lists::List;
use crate::wire::{PreTransaction, Transaction, TransactionRequest};

/// A row of the Smart API: for whoever has a token.
pub(super) const fn operation(
    method: &'static str,
    path: &'static str,
    name: &'static str,
    summary: &'static str,
    place: Place,
    call: Call,
) -> Operation {
    Operation::new(method, path, name, summary, call).at(place)
}

pub(super) const OPERATIONS: &[Operation] = &[
    operation(
        "GET",
        "/api/v2/Smart/Transactions",
        "getAll",
        "The transactions that a query asks for.",
        Place::List,
        Call::Now(list),
    )
    .query(lists::QUERY)
    .gives(Schema::list::<Transaction>()),
    operation(
        "POST",
        "/api/v2/Smart/Transactions",
        "addTransaction",
        "Creates a transaction; nothing is paid yet.",
        Place::Create,
        Call::Now(create),
    )
    .takes(Schema::of::<TransactionRequest>())
    .gives(Schema::of::<Transaction>()),
    operation(
        "GET",
        "/api/v2/Smart/Transactions/{id}",
        "getOne",
        "One transaction.",
        Place::Read,
        Call::Now(read),
    )
    .gives(Schema::of::<Transaction>()),
    operation(
        "PUT",
        "/api/v2/Smart/Transactions/{id}",
        "updateTransaction",
        "Changes an unpaid transaction; an applied card is dropped.",
        Place::Update,
        Call::Now(update),
    )
    .takes(Schema::of::<TransactionRequest>())
    .gives(Schema::of::<Transaction>()),
    operation(
        "POST",
        "/api/v2/Smart/Transactions/{id}/preTransaction",
        "preTransaction",
        "Applies the card's balances, cash first; spends nothing yet.",
        Place::PreTransaction,
        Call::Now(apply),
    )
    .gives(Schema::of::<PreTransaction>()),
    operation(
        "POST",
        "/api/v2/Smart/Transactions/{id}/abort",
        "abortTransaction",
        "Gives up an unpaid transaction.",
        Place::Abort,
        Call::Now(abort),
    )
    .gives(Schema::of::<Transaction>()),
    operation(
        "POST",
        "/api/v2/Smart/Transactions/{id}/cancel",
        "cancelTransaction",
        "Reverses a paid transaction; one paid at the terminal until its next end of day.",
        Place::Cancel,
        Call::Now(cancel),
    )
    .gives(Schema::of::<Transaction>()),
];

fn list(server: &Server, asked: &Asked) -> Result<Answer, Refusal> {
    lists::answer(server, asked, List::Transactions)
}

fn create(server: &Server, asked: &Asked) -> Result<Answer, Refusal> {
    let body: Value = asked.json()?;
    server.ledger.create(&body, server.clock.now())
}

fn read(server: &Server, asked: &Asked) -> Result<Answer, Refusal> {
    server.ledger.read(asked.id())
}

fn update(server: &Server, asked: &Asked) -> Result<Answer, Refusal> {
    let body: Value = asked.json()?;
    server.ledger.update(asked.id(), &body)
}

fn apply(server: &Server, asked: &Asked) -> Result<Answer, Refusal> {
    Ok(Answer::json(&server.ledger.apply(asked.id())?))
}

fn abort(server: &Server, asked: &Asked) -> Result<Answer, Refusal> {
    server.ledger.abort(asked.id(), server.clock.now())
}

fn cancel(server: &Server, asked: &Asked) -> Result<Answer, Refusal> {
    server.ledger.cancel(asked.id(), server.clock.now())
}
