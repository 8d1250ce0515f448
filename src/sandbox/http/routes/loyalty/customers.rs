//! The operations on `/Loyalty/Customers`: card holders.

use crate::sandbox::http::context::Server;
use crate::sandbox::http::operation::{Answer, Operation, Request};
use crate::sandbox::http::routes::lists;
use crate::sandbox::http::routes::loyalty::bodies::{CardHolder, HolderRequest};
use crate::sandbox::http::routes::loyalty::{body, operation, result};
use crate::sandbox::http::schema::Schema;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::search::lists::List;

pub(crate) const OPERATIONS: &[Operation] = &[
    operation(
        "GET",
        "/api/v2/Loyalty/Customers",
        "getAllCustomers",
        "The card holders that a query asks for.",
        |server, request| lists::answer(server, request, List::Customers),
    )
    .query(lists::QUERY)
    .gives(Schema::list::<CardHolder>()),
    operation(
        "POST",
        "/api/v2/Loyalty/Customers",
        "addCustomer",
        "Makes a card holder, of no card yet.",
        |server, request| {
            Ok(Answer::json(&server.ledger.add_customer(&body(request)?, server.clock.now())?))
        },
    )
    .may_take(Schema::of::<HolderRequest>())
    .gives(Schema::of::<CardHolder>()),
    operation(
        "GET",
        "/api/v2/Loyalty/Customers/{id}",
        "getOneCustomer",
        "One card holder.",
        |server, request| Ok(Answer::json(&server.ledger.customer(request.id())?)),
    )
    .gives(Schema::of::<CardHolder>()),
    operation(
        "PUT",
        "/api/v2/Loyalty/Customers/{id}",
        "updateCustomer",
        "Changes a card holder, or makes it nobody (`anonymize`).",
        |server, request| {
            Ok(Answer::json(&server.ledger.update_customer(request.id(), &body(request)?)?))
        },
    )
    .may_take(Schema::of::<HolderRequest>())
    .gives(Schema::of::<CardHolder>()),
    operation(
        "DELETE",
        "/api/v2/Loyalty/Customers/{id}",
        "deleteCustomer",
        "Deletes a card holder; its cards go on without one.",
        delete,
    )
    .gives(Schema::RESULT),
];

fn delete(server: &Server, request: &Request) -> Result<Answer, Refusal> {
    server.ledger.delete_customer(request.id())?;
    Ok(result(true))
}
