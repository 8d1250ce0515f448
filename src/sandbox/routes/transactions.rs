//! The calls below `/Smart/Transactions`.

use std::sync::Arc;

use serde_json::{Value, json};

use super::super::refusal::Refusal;
use super::path::Call;
use super::{Server, query};
use crate::wire::StartMethod;

pub(super) async fn answer(
    server: &Arc<Server>,
    call: Call,
    query: &str,
    body: &[u8],
) -> Result<Value, Refusal> {
    let (ledger, now) = (&server.ledger, server.clock.now());
    match call {
        Call::List => {
            let data = ledger.find(&query::value_of(query, "transactionRef")?);
            Ok(json!({ "count": data.len(), "data": data }))
        }
        Call::Create => Ok(json!(ledger.create(&parse(body)?, now)?)),
        Call::Read(id) => Ok(json!(ledger.read(&id)?)),
        Call::Update(id) => Ok(json!(ledger.update(&id, &parse(body)?)?)),
        Call::Apply(id) => Ok(json!(ledger.apply(&id)?)),
        Call::Abort(id) => Ok(json!(ledger.abort(&id, now)?)),
        Call::Cancel(id) => Ok(json!(ledger.cancel(&id, now)?)),
        Call::Start(id, StartMethod::Cashless) => cashless(server, id).await,
        Call::Start(id, method) => Ok(json!(ledger.start(&id, method, now)?)),
    }
}

/// Blocks while the simulated terminal works, as the API does.
async fn cashless(server: &Arc<Server>, id: String) -> Result<Value, Refusal> {
    server.ledger.begin_terminal(&id)?;
    let server = Arc::clone(server);
    // A task of its own: a terminal finishes its payment even when the till hangs up.
    let payment = tokio::spawn(async move {
        if !server.terminal_latency.is_zero() {
            tokio::time::sleep(server.terminal_latency).await;
        }
        server.ledger.finish_terminal(&id, server.clock.now())
    });
    // The task is lost only while the runtime shuts down.
    Ok(json!(payment.await.map_err(|_| Refusal::Busy)??))
}

fn parse(body: &[u8]) -> Result<Value, Refusal> {
    serde_json::from_slice(body).map_err(|error| Refusal::Format(format!("body: {error}")))
}
