//! The operations on `/Loyalty/MerchantCards` (api.md §1.7).

use super::super::faults::Place;
use super::super::refusal::Refusal;
use super::operation::{Answer, Asked, Call, Guard, Operation};
use super::{Server, query};
use crate::wire::CardList;

pub(super) const OPERATIONS: &[Operation] = &[Operation {
    method: "GET",
    path: "/api/v2/Loyalty/MerchantCards",
    name: "getAllMerchantCards",
    summary: "The cards that a query asks for.",
    guard: Guard::Token,
    place: Some(Place::Cards),
    call: Call::Now(list),
}];

/// `q=card.cardnumber:…`: none or one card.
fn list(server: &Server, asked: &Asked) -> Result<Answer, Refusal> {
    let number = query::value_of(&asked.query, "card.cardnumber")?;
    let data: Vec<_> = server.ledger.card(&number).into_iter().collect();
    let count = i64::from(!data.is_empty());
    Ok(Answer::json(&CardList { count, data }))
}
