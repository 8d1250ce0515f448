//! Which person of the merchant's app a card belongs to.
//!
//! Where the documents are silent: the `pin` is the code on the card's back, a card belongs to one
//! person, and any account can be named. Nothing else asks for it, and no answer tells it.

use serde_json::Value;

use crate::sandbox::ledger::{Book, Ledger};
use crate::sandbox::refusal::Refusal;
use crate::sandbox::request::node::Node;

impl Ledger {
    /// Gives the plastic card `card` (`CRD_…`) to the person `user`.
    pub(crate) fn assign_user(&self, card: &str, user: &str, body: &Value) -> Result<(), Refusal> {
        let pin = Node::body(body).required("pin")?.text()?.unwrap_or_default();
        let mut book = self.book();
        let number = book.number_on(card)?;
        let account = book.accounts.get_mut(&number).ok_or(Refusal::Card("no valid card"))?;
        if !account.codes.has_csc(&pin) {
            return Err(Refusal::Card("wrong pin"));
        }
        if account.user.is_some() {
            return Err(Refusal::Duplicate("The card has a user already"));
        }
        account.user = Some(user.to_owned());
        book.touched.insert(number);
        self.record_rest(&mut book)
    }

    /// Takes the card away from the person again.
    pub(crate) fn remove_user(&self, card: &str, user: &str) -> Result<(), Refusal> {
        let mut book = self.book();
        let number = book.number_on(card)?;
        let account = book.accounts.get_mut(&number).ok_or(Refusal::Card("no valid card"))?;
        if account.user.as_deref() != Some(user) {
            return Err(Refusal::NotFound(format!("general.accounts {user}")));
        }
        account.user = None;
        book.touched.insert(number);
        self.record_rest(&mut book)
    }
}

impl Book {
    /// The number on the plastic card `id`.
    fn number_on(&self, id: &str) -> Result<String, Refusal> {
        let found = self.accounts.values().find(|account| account.card_id() == id);
        let unknown = || Refusal::NotFound(format!("loyalty.cards {id}"));
        found.map(|account| account.number().to_owned()).ok_or_else(unknown)
    }
}
