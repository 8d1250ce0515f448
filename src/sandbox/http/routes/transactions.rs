//! The operations on `/Smart/Transactions` ([`crate::wire::api::transactions`]) but payments, which
//! `payments` has.
//!
//! Must not decide anything about money: each is one step of the ledger.

use crate::sandbox::faults::fault::Place;
use crate::sandbox::http::context::Server;
use crate::sandbox::http::operation::{Answer, Handler, Operation, Request};
use crate::sandbox::http::routes::lists;
use crate::sandbox::http::schema::Schema;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::search::lists::List;
use crate::wire::{PreTransaction, Transaction, TransactionRequest};

/// A row of the Smart API: for callers with a token.
pub(super) const fn operation(
    method: &'static str,
    path: &'static str,
    name: &'static str,
    summary: &'static str,
    place: Place,
    handler: Handler,
) -> Operation {
    Operation::new(method, path, name, summary, handler).at(place)
}

pub(super) const OPERATIONS: &[Operation] = &[
    operation(
        "GET",
        "/api/v2/Smart/Transactions",
        "getAll",
        "The transactions that a query asks for.",
        Place::List,
        Handler::Sync(|server, request| lists::answer(server, request, List::Transactions)),
    )
    .query(lists::QUERY)
    .gives(Schema::list::<Transaction>()),
    operation(
        "POST",
        "/api/v2/Smart/Transactions",
        "addTransaction",
        "Creates a transaction; nothing is paid yet.",
        Place::Create,
        Handler::Sync(|server, request| server.ledger.create(&request.json()?, server.clock.now())),
    )
    .takes(Schema::of::<TransactionRequest>())
    .gives(Schema::of::<Transaction>()),
    operation(
        "GET",
        "/api/v2/Smart/Transactions/{id}",
        "getOne",
        "One transaction.",
        Place::Read,
        Handler::Sync(read),
    )
    .gives(Schema::of::<Transaction>()),
    operation(
        "PUT",
        "/api/v2/Smart/Transactions/{id}",
        "updateTransaction",
        "Changes an unpaid transaction; an applied card is dropped.",
        Place::Update,
        Handler::Sync(|server, request| server.ledger.update(request.id(), &request.json()?)),
    )
    .takes(Schema::of::<TransactionRequest>())
    .gives(Schema::of::<Transaction>()),
    operation(
        "POST",
        "/api/v2/Smart/Transactions/{id}/preTransaction",
        "preTransaction",
        "Applies the card's balances, cash first; spends nothing yet.",
        Place::PreTransaction,
        Handler::Sync(|server, request| Ok(Answer::json(&server.ledger.apply(request.id())?))),
    )
    .gives(Schema::of::<PreTransaction>()),
    operation(
        "POST",
        "/api/v2/Smart/Transactions/{id}/abort",
        "abortTransaction",
        "Gives up an unpaid transaction.",
        Place::Abort,
        Handler::Sync(|server, request| server.ledger.abort(request.id(), server.clock.now())),
    )
    .gives(Schema::of::<Transaction>()),
    operation(
        "POST",
        "/api/v2/Smart/Transactions/{id}/cancel",
        "cancelTransaction",
        "Reverses a paid transaction; one paid at the terminal until its next end of day.",
        Place::Cancel,
        Handler::Sync(|server, request| server.ledger.cancel(request.id(), server.clock.now())),
    )
    .gives(Schema::of::<Transaction>()),
];

fn read(server: &Server, request: &Request) -> Result<Answer, Refusal> {
    let answer: Answer = server.ledger.read(request.id())?;
    // Asked afterwards: should it change in between, the answer waits for that step too.
    Ok(answer.of_steps(server.ledger.steps_of(request.id())))
}
