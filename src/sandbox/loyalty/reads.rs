//! Single cards, programmes and bookings, and what a card holds as a receipt.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::sandbox::ledger::Ledger;
use crate::sandbox::loyalty::card::{CardSelector, TERMINAL};
use crate::sandbox::refusal::Refusal;
use crate::sandbox::request::node::Node;
use crate::sandbox::store::Account;
use crate::sandbox::views::{self, receipt};

impl Ledger {
    /// One card.
    pub(crate) fn merchant_card(&self, id: &str) -> Result<Value, Refusal> {
        self.book().merchant_card(id).map(views::card::alone)
    }

    /// One card, the plastic alone.
    pub(crate) fn plastic(&self, id: &str) -> Result<Value, Refusal> {
        self.book().plastic_card(id).map(|account| json!(account.card().card))
    }

    /// One programme.
    pub(crate) fn card_group(&self, id: &str) -> Result<Value, Refusal> {
        let book = self.book();
        book.group(id).map(|group| views::loyalty::group(&book.shop, group))
    }

    /// One booking.
    pub(crate) fn booking(&self, id: &str) -> Result<Value, Refusal> {
        let book = self.book();
        let booking = book.bookings.get(id);
        let booking = booking.ok_or_else(|| Refusal::not_found("loyalty.transactions", id))?;
        Ok(views::loyalty::booking(&book, booking))
    }

    /// What a card holds, in numbers and as a receipt.
    pub(crate) fn balance_receipt(
        &self,
        path: &str,
        body: &Value,
        at: Timestamp,
    ) -> Result<Value, Refusal> {
        let body = Node::body(body);
        let card = CardSelector::read(path, &body)?;
        let terminal = body.text_of("terminal_id")?.unwrap_or_else(|| TERMINAL.to_owned());
        let book = self.book();
        let account = book.selected(&card)?;
        let holds = account.map(Account::balance).unwrap_or_default();
        let sum = holds.cash + holds.bonus;
        let lines = account.map(|account| {
            let number = account.number();
            receipt::balance(number, &terminal, at, sum, book.points_of(number))
        });
        let header = account.map(|_| receipt::header(&book.shop.companyname));
        Ok(json!({
            "valid": account.is_some(),
            "balance": sum,
            "cash_balance": holds.cash,
            "bonus_balance": holds.bonus,
            "zvt_cardgroup": null,
            "points": holds.points,
            "new_passcode": false,
            "receipt_header": header.unwrap_or_default(),
            "receipt": lines.unwrap_or_default(),
            // A card pays what it can, and never more than it holds.
            "amount_split_enabled": true,
            "limit_allowed": false,
            "limit_str": "0,00 EUR",
            "limit": 0,
        }))
    }
}
