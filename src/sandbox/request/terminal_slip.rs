//! The body of `start/cashless_direct`: what the shop's own terminal did.

use serde_json::Value;

use crate::sandbox::refusal::Refusal;
use crate::sandbox::request::node::Node;

/// The cards that `cashless_direct` knows.
const CARD_TYPES: [&str; 6] =
    ["visa", "mastercard", "mastercard_debit", "maestro", "vpay", "girocard"];

/// Refuses a body that does not tell what the shop's own terminal did.
pub(crate) fn check(body: &Value) -> Result<(), Refusal> {
    let body = Node::body(body);
    body.required("tid")?.text()?;
    body.required("trace")?.whole()?;
    let card = body.required("cardtype")?;
    if CARD_TYPES.contains(&card.text()?.unwrap_or_default().as_str()) {
        Ok(())
    } else {
        Err(card.wrong(&format!("one of {}", CARD_TYPES.join(", "))))
    }
}
