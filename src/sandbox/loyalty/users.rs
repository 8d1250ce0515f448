//! Which user of the merchant's app a card belongs to.
//!
//! Where the documents are silent: the `pin` is the code on the card's back, a card belongs to one
//! user, and any account can be named. Nothing else uses it, and no answer has it.

use serde_json::Value;

use crate::sandbox::ledger::Ledger;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::request::node::Node;

impl Ledger {
    /// Gives the plastic card `card` (`CRD_…`) to the user `user`.
    pub(crate) fn assign_user(&self, card: &str, user: &str, body: &Value) -> Result<(), Refusal> {
        let pin = Node::body(body).required("pin")?.text()?.unwrap_or_default();
        let mut book = self.book();
        let account = book.plastic_card(card)?;
        if !account.codes.has_csc(&pin) {
            return Err(Refusal::Card("wrong pin"));
        }
        if account.user.is_some() {
            return Err(Refusal::Duplicate("The card has a user already"));
        }
        let number = account.number().to_owned();
        book.changed_card(&number)?.user = Some(user.to_owned());
        self.record_rest(&mut book)
    }

    /// Takes the card away from the user again.
    pub(crate) fn remove_user(&self, card: &str, user: &str) -> Result<(), Refusal> {
        let mut book = self.book();
        let account = book.plastic_card(card)?;
        if account.user.as_deref() != Some(user) {
            return Err(Refusal::not_found("general.accounts", user));
        }
        let number = account.number().to_owned();
        book.changed_card(&number)?.user = None;
        self.record_rest(&mut book)
    }
}
