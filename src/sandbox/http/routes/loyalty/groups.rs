//! The operations on `/Loyalty/Cardgroups`: programmes.

use crate::sandbox::http::context::Server;
use crate::sandbox::http::operation::{Answer, Asked, Operation};
use crate::sandbox::http::routes::lists;
use crate::sandbox::http::routes::loyalty::bodies::{PasscodeQuestion, Programme};
use crate::sandbox::http::routes::loyalty::{body, operation, result};
use crate::sandbox::http::schema::Schema;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::search::lists::List;

pub(crate) const OPERATIONS: &[Operation] = &[
    operation(
        "GET",
        "/api/v2/Loyalty/Cardgroups",
        "getAllCardGroups",
        "The programmes that a query asks for.",
        |server, asked| lists::answer(server, asked, List::CardGroups),
    )
    .query(lists::QUERY)
    .gives(Schema::list::<Programme>()),
    operation(
        "GET",
        "/api/v2/Loyalty/Cardgroups/{id}",
        "getOneCardGroup",
        "One programme.",
        |server, asked| Ok(Answer::json(&server.ledger.card_group(asked.id())?)),
    )
    .gives(Schema::of::<Programme>()),
    operation(
        "POST",
        "/api/v2/Loyalty/Cardgroups/{id}/checkPasscodeEnabled",
        "checkPassCodeEnabled",
        "Whether an action asks for a passcode.",
        check_passcode_enabled,
    )
    .may_take(Schema::of::<PasscodeQuestion>())
    .gives(Schema::RESULT),
];

fn check_passcode_enabled(server: &Server, asked: &Asked) -> Result<Answer, Refusal> {
    Ok(result(server.ledger.passcode_enabled(asked.id(), &body(asked)?)?))
}
