//! The operations on `/Payment/Customers` and `/Payment/Containers`, as few as programs need who
//! prepare a payment.

use schemars::JsonSchema;
use serde_json::{Map, Value};

use crate::sandbox::faults::fault::Place;
use crate::sandbox::http::context::Server;
use crate::sandbox::http::operation::{Answer, Handler, Operation, Request};
use crate::sandbox::http::routes::transactions::operation;
use crate::sandbox::http::schema::Schema;
use crate::sandbox::refusal::Refusal;

pub(super) const OPERATIONS: &[Operation] = &[
    operation(
        "POST",
        "/api/v2/Payment/Customers",
        "addPaymentCustomer",
        "Makes a buyer; outside of the point-of-sale API, in memory alone, for prepare.",
        Place::Other,
        Handler::Sync(|server, request| {
            Ok(Answer::json(&server.buyers.add_customer(&request.json()?, server.clock.now())?))
        }),
    )
    .takes(Schema::of::<Buyer>())
    .gives(Schema::of::<KeptBuyer>()),
    operation(
        "GET",
        "/api/v2/Payment/Customers/{id}",
        "getOnePaymentCustomer",
        "One buyer.",
        Place::Other,
        Handler::Sync(|server, request| read(server, request, "payment.customers")),
    )
    .gives(Schema::of::<KeptBuyer>()),
    operation(
        "POST",
        "/api/v2/Payment/Containers",
        "addPaymentContainer",
        "Makes a bank account; outside of the point-of-sale API, in memory alone, for prepare.",
        Place::Other,
        Handler::Sync(|server, request| {
            Ok(Answer::json(&server.buyers.add_container(&request.json()?, server.clock.now())?))
        }),
    )
    .takes(Schema::of::<Container>())
    .gives(Schema::of::<KeptContainer>()),
    operation(
        "GET",
        "/api/v2/Payment/Containers/{id}",
        "getOnePaymentContainer",
        "One bank account.",
        Place::Other,
        Handler::Sync(|server, request| read(server, request, "payment.containers")),
    )
    .gives(Schema::of::<KeptContainer>()),
];

/// A buyer.
#[derive(JsonSchema)]
#[allow(dead_code, reason = "describes what is read field by field")]
struct Buyer {
    /// Told again as it was sent.
    contact: Map<String, Value>,
}

/// A buyer with its id.
#[derive(JsonSchema)]
#[allow(dead_code, reason = "describes what is answered field by field")]
struct KeptBuyer {
    /// `payment.customers`.
    object: String,
    /// `PCU_…`.
    id: String,
    /// ISO 8601.
    created: String,
    #[serde(flatten)]
    buyer: Buyer,
}

/// A bank account or card.
#[derive(JsonSchema)]
#[allow(dead_code, reason = "describes what is read field by field")]
struct Container {
    /// `bank_account` and the like.
    r#type: String,
    /// Owner, IBAN and BIC, or what the type needs.
    private: Map<String, Value>,
    /// Whose it is.
    customer: Option<Map<String, Value>>,
}

/// A bank account with its id.
#[derive(JsonSchema)]
#[allow(dead_code, reason = "describes what is answered field by field")]
struct KeptContainer {
    /// `payment.containers`.
    object: String,
    /// `PCT_…`.
    id: String,
    /// ISO 8601.
    created: String,
    /// What anybody may see of it.
    public: Map<String, Value>,
    #[serde(flatten)]
    container: Container,
}

fn read(server: &Server, request: &Request, object: &str) -> Result<Answer, Refusal> {
    Ok(Answer::json(&server.buyers.read(object, request.id(), server.clock.now())?))
}
