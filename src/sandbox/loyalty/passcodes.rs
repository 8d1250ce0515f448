//! Passcodes: chosen, checked and taken away; and when a till has to ask for one.

use serde_json::Value;

use crate::sandbox::fixtures::MOST_PASSCODE;
use crate::sandbox::ledger::Ledger;
use crate::sandbox::loyalty::card::CardSelector;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::request::node::Node;
use crate::sandbox::store::Account;

impl Ledger {
    /// Whether this is the card's passcode.
    pub(crate) fn check_passcode(&self, path: &str, body: &Value) -> Result<bool, Refusal> {
        let body = Node::body(body);
        let card = CardSelector::read(path, &body)?;
        let pin = passcode(&body, "pin")?;
        let book = self.book();
        Ok(book.selected(&card)?.is_some_and(|account| account.codes.has_passcode(pin)))
    }

    /// Chooses a passcode for a card that has none.
    pub(crate) fn new_passcode(&self, path: &str, body: &Value) -> Result<bool, Refusal> {
        self.change_passcode(path, body, |account, passcode| account.codes.choose(passcode))
    }

    /// Removes the passcode, given the right one.
    pub(crate) fn reset_passcode(&self, path: &str, body: &Value) -> Result<bool, Refusal> {
        self.change_passcode(path, body, |account, passcode| account.codes.reset(passcode))
    }

    fn change_passcode(
        &self,
        path: &str,
        body: &Value,
        change: fn(&mut Account, i64) -> bool,
    ) -> Result<bool, Refusal> {
        let body = Node::body(body);
        let card = CardSelector::read(path, &body)?;
        let passcode = passcode(&body, "passcode")?;
        let mut book = self.book();
        let Some(number) = book.selected_number(&card)? else { return Ok(false) };
        let done = book.accounts.get_mut(&number).is_some_and(|account| change(account, passcode));
        if done {
            book.changed_cards.insert(number);
            self.record_rest(&mut book)?;
        }
        Ok(done)
    }

    /// Whether an action asks for a passcode: that of the card, or of cards of the programme.
    pub(crate) fn passcode_enabled(&self, group: &str, body: &Value) -> Result<bool, Refusal> {
        let body = Node::body(body);
        let action = body.present("action")?.map(|node| action(&node)).transpose()?;
        let number = body.text_of("cardnumber")?;
        let book = self.book();
        let group = book.group(group)?;
        let asks = match number {
            None => group.passcode,
            Some(number) => {
                let account = book.accounts.get(&number);
                let mine = account.filter(|account| account.group() == group.id);
                mine.ok_or(Refusal::Card("no card of this card group"))?.asks_passcode()
            }
        };
        Ok(match (asks, action) {
            (0, _) => false,
            (1, _) | (_, None) => true,
            (asks, Some(action)) => asks == action,
        })
    }
}

/// The number under which a card asks for a passcode before this action. Point actions are
/// numbered as in the vendor's current SDK; an older one has them the other way round.
fn action(node: &Node<'_>) -> Result<i64, Refusal> {
    match node.text()?.unwrap_or_default().as_str() {
        "discharge" => Ok(2),
        "charge" => Ok(3),
        "sale_revenue" => Ok(4),
        "discharge_points" => Ok(5),
        "charge_points" => Ok(6),
        // Asked for only by cards that always ask.
        "cashreport" => Ok(0),
        _ => Err(node.wrong(
            "one of charge, discharge, sale_revenue, charge_points, discharge_points, cashreport",
        )),
    }
}

/// A passcode, as a number or as its digits.
fn passcode(body: &Node<'_>, name: &str) -> Result<i64, Refusal> {
    let node = body.required(name)?;
    let digits = node.text()?.unwrap_or_default();
    let number = digits.parse().ok().filter(|number| (0..=MOST_PASSCODE).contains(number));
    number.ok_or_else(|| node.wrong("expected up to six digits"))
}
