//! The operations on `/Loyalty/Cardgroups`: programmes.

use crate::sandbox::http::operation::{Answer, Operation};
use crate::sandbox::http::routes::lists;
use crate::sandbox::http::routes::loyalty::bodies::{PasscodeQuestion, Programme};
use crate::sandbox::http::routes::loyalty::{body, operation, result};
use crate::sandbox::http::schema::Schema;
use crate::sandbox::search::lists::List;

pub(crate) const OPERATIONS: &[Operation] = &[
    operation(
        "GET",
        "/api/v2/Loyalty/Cardgroups",
        "getAllCardGroups",
        "The programmes that a query asks for.",
        |server, request| lists::answer(server, request, List::CardGroups),
    )
    .query(lists::QUERY)
    .gives(Schema::list::<Programme>()),
    operation(
        "GET",
        "/api/v2/Loyalty/Cardgroups/{id}",
        "getOneCardGroup",
        "One programme.",
        |server, request| Ok(Answer::json(&server.ledger.card_group(request.id())?)),
    )
    .gives(Schema::of::<Programme>()),
    operation(
        "POST",
        "/api/v2/Loyalty/Cardgroups/{id}/checkPasscodeEnabled",
        "checkPassCodeEnabled",
        "Whether an action asks for a passcode.",
        |server, request| {
            Ok(result(server.ledger.passcode_enabled(request.id(), &body(request)?)?))
        },
    )
    .may_take(Schema::of::<PasscodeQuestion>())
    .gives(Schema::RESULT),
];
