//! Checks that a till makes before it uses a card: whether it is one, and what is on its back.

use serde_json::{Value, json};

use crate::sandbox::ledger::Ledger;
use crate::sandbox::loyalty::card::CardSelector;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::request::node::Node;

impl Ledger {
    /// Whether the number is a card of this merchant, asks for a passcode and is locked.
    pub(crate) fn validate(&self, path: &str, body: &Value) -> Result<Value, Refusal> {
        let body = Node::body(body);
        let card = CardSelector::read(path, &body)?;
        let merchant = body.text_of("merchant")?;
        let book = self.book();
        let valid = book.selected(&card)?.filter(|account| {
            merchant.is_none_or(|merchant| {
                [account.merchant(), &book.shop.merchant_id].contains(&merchant.as_str())
            })
        });
        Ok(match valid {
            None => json!({ "isValid": false }),
            Some(account) => json!({
                "isValid": true,
                "hasPasscode": account.asks_passcode() != 0,
                "isLocked": account.lock().is_some(),
            }),
        })
    }

    /// Whether this is the code on the card's back.
    pub(crate) fn check_csc(&self, path: &str, body: &Value) -> Result<bool, Refusal> {
        let body = Node::body(body);
        let card = CardSelector::read(path, &body)?;
        let csc = body.required("csc")?.text()?.unwrap_or_default();
        let book = self.book();
        Ok(book.selected(&card)?.is_some_and(|account| account.codes.has_csc(&csc)))
    }
}
