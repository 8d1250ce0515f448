//! The operations that pay, and those that ask the payment terminal
//! ([`crate::wire::api::transactions`], [`crate::wire::api::devices`]).
//!
//! Owns the waiting: the ledger never does. Must not decide anything about money.

use std::sync::Arc;

use schemars::JsonSchema;
use serde_json::{Map, Value};

use crate::sandbox::faults::fault::Place;
use crate::sandbox::http::context::Server;
use crate::sandbox::http::operation::{Answer, Handler, Later, Operation, Request};
use crate::sandbox::http::routes::transactions::operation;
use crate::sandbox::http::schema::Schema;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::request::terminal_slip;
use crate::sandbox::store::{Payment, Remote, Task, Verdict};
use crate::wire::Transaction;

/// What nearly all of these answer.
const TRANSACTION: Schema = Schema::of::<Transaction>();

pub(super) const OPERATIONS: &[Operation] = &[
    operation(
        "POST",
        "/api/v2/Smart/Transactions/{id}/prepare/{payment_method}",
        "prepare",
        "Authorises a remote payment; others than debit, invoice and prepaid are refused.",
        Place::Other,
        Handler::Sync(prepare),
    )
    .may_take(Schema::ANY)
    .gives(TRANSACTION),
    operation(
        "POST",
        "/api/v2/Smart/Transactions/{id}/start/{payment_method}",
        "startTransaction",
        "Pays the transaction; with a terminal it blocks until people are done there.",
        Place::Start,
        Handler::Async(start),
    )
    .may_take(Schema::of::<TerminalSlip>())
    .gives(TRANSACTION),
    operation(
        "POST",
        "/api/v2/Smart/Transactions/{id}/start",
        "startPreparedTransaction",
        "Pays the transaction as it was prepared.",
        Place::Start,
        Handler::Sync(|server, request| server.ledger.start_prepared(request.id(), server.clock.now())),
    )
    .gives(TRANSACTION),
    operation(
        "POST",
        "/api/v2/Smart/Transactions/{receipt_number}/canceltrx",
        "cancelTrx",
        "Takes back the terminal payment with this receipt number, until the next end of day; blocks \
         as a payment does.",
        Place::Cancel,
        Handler::Async(cancel_receipt),
    )
    .gives(TRANSACTION),
    operation(
        "POST",
        "/api/v2/Smart/Transactions/{smart_device_id}/diagnosis",
        "diagnose",
        "Diagnosis of the terminal; blocks, and answers a transaction with its report.",
        Place::Other,
        Handler::Async(diagnosis),
    )
    .gives(TRANSACTION),
    operation(
        "POST",
        "/api/v2/Smart/Transactions/{smart_device_id}/endOfDay",
        "startEndOfDayReport",
        "Closes the terminal's day; blocks, and answers a transaction with its report.",
        Place::Other,
        Handler::Async(end_of_day),
    )
    .gives(TRANSACTION),
    operation(
        "POST",
        "/api/v2/Smart/Transactions/{id}/setDelivery",
        "setDelivery",
        "Notes how a paid order is delivered.",
        Place::Other,
        Handler::Sync(|server, request| server.ledger.set_delivery(request.id(), &request.json()?, server.clock.now())),
    )
    .takes(Schema::of::<Delivery>())
    .gives(TRANSACTION),
    operation(
        "POST",
        "/api/v2/Smart/Transactions/{subscription_id}/updatePaymentContainer",
        "updatePaymentContainer",
        "Refused: there are no subscriptions here.",
        Place::Other,
        Handler::Sync(|_, request| Err(Refusal::not_found("smart.subscriptions", request.param("subscription_id")))),
    )
    .gives(TRANSACTION),
];

/// What `start/cashless_direct` tells of the shop's own terminal; other payments need no body.
#[derive(JsonSchema)]
#[allow(dead_code, reason = "describes what is read field by field")]
struct TerminalSlip {
    /// The terminal.
    tid: Option<String>,
    /// Its number of the payment.
    trace: Option<i64>,
    /// `visa`, `girocard`, …
    cardtype: Option<String>,
}

/// How an order is delivered.
#[derive(JsonSchema)]
#[allow(dead_code, reason = "describes what is read field by field")]
struct Delivery {
    /// Told again as it was sent.
    delivery_options: Map<String, Value>,
}

fn prepare(server: &Server, request: &Request) -> Result<Answer, Refusal> {
    let method = Remote::named(request.param("payment_method"))?;
    server.ledger.prepare(request.id(), method, &request.optional()?)
}

fn start(server: Arc<Server>, request: Request) -> Later {
    Box::pin(async move {
        let method = Payment::named(request.param("payment_method"))?;
        let (id, now) = (request.id(), || server.clock.now());
        // Only two kinds of payments look at the body: other payments ignore it.
        match method {
            Payment::Cashless => cashless(Arc::clone(&server), id.to_owned()).await,
            Payment::CashlessDirect => {
                terminal_slip::check(&request.optional()?)?;
                server.ledger.start(id, method, now())
            }
            Payment::Remote(remote) => {
                server.ledger.start_remote(id, remote, &request.optional()?, now())
            }
            Payment::Cash | Payment::Loyalty | Payment::Demo => {
                server.ledger.start(id, method, now())
            }
        }
    })
}

/// Blocks while the simulated terminal works, as the API does.
async fn cashless(server: Arc<Server>, id: String) -> Result<Answer, Refusal> {
    let running = server.ledger.begin_terminal(&id)?;
    at_the_terminal(async move {
        let verdict = tokio::select! {
            () = server.terminal() => running.verdict,
            () = running.stop.notified() => Verdict::Stopped,
        };
        server.ledger.finish_terminal(&id, verdict, server.clock.now())
    })
    .await
}

fn cancel_receipt(server: Arc<Server>, request: Request) -> Later {
    Box::pin(async move {
        let number = request.param("receipt_number").to_owned();
        server.ledger.by_receipt(&number)?;
        at_the_terminal(async move {
            server.terminal().await;
            server.ledger.cancel_receipt(&number, server.clock.now())
        })
        .await
    })
}

fn diagnosis(server: Arc<Server>, request: Request) -> Later {
    Box::pin(task(server, request, Task::Diagnosis))
}

fn end_of_day(server: Arc<Server>, request: Request) -> Later {
    Box::pin(task(server, request, Task::EndOfDay))
}

async fn task(server: Arc<Server>, request: Request, task: Task) -> Result<Answer, Refusal> {
    server.ledger.check_terminal(request.param("smart_device_id"))?;
    at_the_terminal(async move {
        server.terminal().await;
        server.ledger.task(task, server.clock.now())
    })
    .await
}

/// In a task of its own: a terminal finishes what it does even when the till hangs up.
async fn at_the_terminal(
    work: impl Future<Output = Result<Answer, Refusal>> + Send + 'static,
) -> Result<Answer, Refusal> {
    // The task is lost only while the runtime shuts down.
    tokio::spawn(work).await.unwrap_or(Err(Refusal::Busy))
}

impl Server {
    /// The time that the terminal takes.
    async fn terminal(&self) {
        if !self.terminal_latency.is_zero() {
            tokio::time::sleep(self.terminal_latency).await;
        }
    }
}
