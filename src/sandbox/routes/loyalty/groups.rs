//! The operations on `/Loyalty/Cardgroups`: programmes.

use super::super::super::lists::List;
use super::super::super::refusal::Refusal;
use super::super::operation::{Answer, Asked, Operation};
use super::super::{Server, lists};
use super::{body, operation, result};

pub(in super::super) const OPERATIONS: &[Operation] = &[
    operation(
        "GET",
        "/api/v2/Loyalty/Cardgroups",
        "getAllCardGroups",
        "The programmes that a query asks for.",
        |server, asked| lists::answer(server, asked, List::CardGroups),
    ),
    operation(
        "GET",
        "/api/v2/Loyalty/Cardgroups/{id}",
        "getOneCardGroup",
        "One programme.",
        |server, asked| Ok(Answer::json(&server.ledger.card_group(asked.id())?)),
    ),
    operation(
        "POST",
        "/api/v2/Loyalty/Cardgroups/{id}/checkPasscodeEnabled",
        "checkPassCodeEnabled",
        "Whether an action asks for a passcode.",
        check_passcode_enabled,
    ),
];

fn check_passcode_enabled(server: &Server, asked: &Asked) -> Result<Answer, Refusal> {
    Ok(result(server.ledger.passcode_enabled(asked.id(), &body(asked)?)?))
}
