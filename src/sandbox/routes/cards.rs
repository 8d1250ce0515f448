//! The operations on `/Loyalty/MerchantCards` (api.md §1.7).

use super::super::faults::Place;
use super::super::refusal::Refusal;
use super::operation::{Answer, Asked, Call, Operation, Param};
use super::schema::Schema;
use super::{Server, query};
use crate::wire::{CardList, MerchantCard};

pub(super) const OPERATIONS: &[Operation] = &[Operation::new(
    "GET",
    "/api/v2/Loyalty/MerchantCards",
    "getAllMerchantCards",
    "The cards that a query asks for.",
    Call::Now(list),
)
.at(Place::Cards)
.query(&[Param::text("q", "`card.cardnumber:VALUE`")])
.gives(Schema::list::<MerchantCard>())];

/// `q=card.cardnumber:…`: none or one card.
fn list(server: &Server, asked: &Asked) -> Result<Answer, Refusal> {
    let number = query::value_of(&asked.query, "card.cardnumber")?;
    let data: Vec<_> = server.ledger.card(&number).into_iter().collect();
    let count = i64::from(!data.is_empty());
    Ok(Answer::json(&CardList { count, data }))
}
