//! `GET /Loyalty/MerchantCards?q=card.cardnumber:…`: none or one card.

use serde_json::{Value, json};

use super::super::Ledger;
use super::super::refusal::Refusal;
use super::query;
use crate::wire::CardList;

pub(super) fn answer(ledger: &Ledger, query: &str) -> Result<Value, Refusal> {
    let number = query::value_of(query, "card.cardnumber")?;
    let data: Vec<_> = ledger.card(&number).into_iter().collect();
    let count = i64::from(!data.is_empty());
    Ok(json!(CardList { count, data }))
}
