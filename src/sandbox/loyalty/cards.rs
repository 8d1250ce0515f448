//! What a merchant changes on a card, and how new ones are made.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::money::Money;
use crate::sandbox::clock;
use crate::sandbox::fixtures::world::{CardFixture, GroupFixture};
use crate::sandbox::ledger::{Book, Ledger};
use crate::sandbox::loyalty::Which;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::request::node::Node;
use crate::sandbox::store::account::Account;
use crate::wire::{LockStatus, StockStatus};

/// No more cards are made at once.
const MOST: i64 = 1000;

impl Ledger {
    /// Changes what the body names: `expiry_date` and `additional_data`.
    pub(crate) fn update_card(&self, path: &str, body: &Value) -> Result<Value, Refusal> {
        let body = Node::body(body);
        let expiry = body.get("expiry_date")?.map(|node| expiry(&node)).transpose()?;
        let data = body.get("additional_data")?;
        let data = data.map(|node| super::additional_data(&node)).transpose()?;
        self.change_card(&Which { path, number: None }, |account| {
            if let Some(date) = expiry {
                account.set_expiry(date);
            }
            if let Some(data) = data {
                account.set_additional_data(data);
            }
            Ok(())
        })
    }

    /// Moves a card to another programme.
    pub(crate) fn set_group(&self, path: &str, group: &str) -> Result<Value, Refusal> {
        let mut book = self.book();
        // The vendor answers both with this, whichever is unknown.
        let number = book.number_of(path).map_err(|_| Refusal::CardGroup)?;
        let group = book.group(group).map_err(|_| Refusal::CardGroup)?.clone();
        let account = book.accounts.get_mut(&number).ok_or(Refusal::CardGroup)?;
        account.set_group(&group);
        let shown = account.alone();
        book.touched.insert(number);
        self.record_rest(&mut book)?;
        Ok(shown)
    }

    /// Makes new cards, empty and in circulation, for one holder or for none. The only answer that
    /// tells their codes.
    pub(crate) fn create_cards(
        &self,
        merchant: &str,
        group: &str,
        body: &Value,
        at: Timestamp,
    ) -> Result<Value, Refusal> {
        let body = Node::body(body);
        let amount = match body.present("cards_amount")? {
            Some(node) => node.between(1, MOST)?,
            None => 1,
        };
        let mut book = self.book();
        if !book.is_merchant(merchant) {
            return Err(Refusal::NotFound(format!("general.merchants {merchant}")));
        }
        let group = book.group(group)?.clone();
        let holder = match body.present("customer")? {
            Some(node) => Some(book.add_customer(&node, at)?),
            None => None,
        };
        let mut cards = Vec::new();
        for _ in 0..amount {
            let number = book.issue(&group, at);
            if let Some(holder) = &holder {
                book.give_card(&number, holder)?;
            }
            let Some(account) = book.accounts.get(&number) else { continue };
            let mut card = account.alone();
            if let Some(card) = card.as_object_mut() {
                card.insert("csc".to_owned(), json!(account.codes.csc()));
            }
            cards.push(card);
        }
        self.record_rest(&mut book)?;
        Ok(Value::Array(cards))
    }

    /// What a web terminal may do with a card.
    pub(crate) fn terminal_data(&self, path: &str, merchant: &str) -> Result<Value, Refusal> {
        let book = self.book();
        let number = book.number_of(path)?;
        let account = book.accounts.get(&number).ok_or(Refusal::Card("no valid card"))?;
        if ![account.merchant(), &book.world.merchant_id].contains(&merchant) {
            return Ok(json!({ "disabled": 1 }));
        }
        let points = book.programme(account).is_some_and(|group| group.points_per_euro > 0);
        let mut actions = vec!["charge", "discharge", "sale_revenue", "cancel_last"];
        if points {
            actions.extend(["charge_points", "discharge_points"]);
        }
        Ok(json!({
            "store": { "object": "general.stores", "id": book.world.store_id,
                       "name": book.world.companyname },
            "tid": super::TERMINAL,
            "actions": actions,
            "gift_terminal": 0,
            "amount_split_enabled": 1,
        }))
    }
}

impl Book {
    /// Makes a card of a programme and gives its number.
    pub(crate) fn issue(&mut self, group: &GroupFixture, at: Timestamp) -> String {
        let number = self.free_number();
        let card = CardFixture {
            number: number.clone(),
            card_id: self.ids.object("CRD"),
            merchantcard_id: self.ids.object("MCD"),
            group: group.id.clone(),
            merchant_id: None,
            issuer_id: None,
            created: clock::iso(at),
            is_base_card: true,
            passcode: group.passcode,
            pin: None,
            csc: Some(self.ids.digits(4)),
            cash: Money::ZERO,
            bonus: Money::ZERO,
            points: 0,
            last_usage: None,
            last_charge: None,
            stock_status: StockStatus::Active,
            lock_status: LockStatus::Unlocked,
            lock_reason: None,
        };
        let account = Account::new(&card, Some(group), &self.world);
        self.accounts.insert(number.clone(), account);
        self.touched.insert(number.clone());
        number
    }

    /// A number as cards have them that no card has: like them it has no valid check digit.
    fn free_number(&mut self) -> String {
        loop {
            let number = format!("927600442{}", self.ids.digits(7));
            if !self.accounts.contains_key(&number) && !has_check_digit(&number) {
                return number;
            }
        }
    }
}

/// Whether the number would pass as a bank card's.
fn has_check_digit(number: &str) -> bool {
    let digits = number.chars().rev().filter_map(|c| c.to_digit(10));
    let sum: u32 = digits
        .enumerate()
        .map(|(at, digit)| match (at % 2, digit * 2) {
            (0, _) => digit,
            (_, double) => double / 10 + double % 10,
        })
        .sum();
    sum.is_multiple_of(10)
}

fn expiry(node: &Node<'_>) -> Result<Option<String>, Refusal> {
    let Some(text) = node.text()? else { return Ok(None) };
    let known = text.parse::<Timestamp>().is_ok() || clock::day(&text).is_some();
    if known { Ok(Some(text)) } else { Err(node.wrong("expected an ISO 8601 date")) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::sandbox::fixtures::world::Fixtures;

    /// The check of bank cards, from the right: every second digit counts double.
    fn luhn(digits: &str) -> bool {
        let sum: u32 = digits
            .bytes()
            .rev()
            .enumerate()
            .map(|(at, byte)| {
                let value = u32::from(byte - b'0') * if at % 2 == 1 { 2 } else { 1 };
                value / 10 + value % 10
            })
            .sum();
        sum.is_multiple_of(10)
    }

    #[test]
    fn new_numbers_look_like_the_documents_and_are_no_bank_cards() {
        assert!(luhn("4111111111111111") && !luhn("9276004429942845"));
        let mut book = Book::new(Fixtures::default(), 1);
        let group = book.world.groups.first().unwrap().clone();
        for _ in 0..500 {
            let number = book.issue(&group, Timestamp::UNIX_EPOCH);
            assert!(number.len() == 16 && number.starts_with("9276004"), "{number}");
            assert!(number.bytes().all(|byte| byte.is_ascii_digit()) && !luhn(&number), "{number}");
        }
    }
}
