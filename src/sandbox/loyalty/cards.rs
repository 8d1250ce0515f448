//! What a merchant changes on a card, and how new ones are made.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::sandbox::clock;
use crate::sandbox::ledger::Ledger;
use crate::sandbox::loyalty::card::{CardSelector, TERMINAL, additional_data};
use crate::sandbox::refusal::Refusal;
use crate::sandbox::request::node::Node;
use crate::sandbox::store::MOST_CARDS;
use crate::sandbox::views;
use crate::sandbox::views::json::with;

/// No more cards are made at once.
const MOST: i64 = 1000;

impl Ledger {
    /// Changes what the body names: `expiry_date` and `additional_data`.
    pub(crate) fn update_card(&self, path: &str, body: &Value) -> Result<Value, Refusal> {
        let body = Node::body(body);
        let expiry = body.get("expiry_date")?.map(|node| expiry(&node)).transpose()?;
        let data = body.get("additional_data")?;
        let data = data.map(|node| additional_data(&node)).transpose()?;
        self.change_card(&CardSelector::of_path(path), |account| {
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
        let card = book.merchant_card(path).map_err(|_| Refusal::CardGroup)?;
        let number = card.number().to_owned();
        let group = book.group(group).map_err(|_| Refusal::CardGroup)?.clone();
        let account = book.changed_card(&number)?;
        account.set_group(&group);
        let shown = views::card::alone(account);
        self.record_rest(&mut book)?;
        Ok(shown)
    }

    /// Makes new cards, empty and in circulation, for one holder or for none. The only answer that
    /// has their codes.
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
            return Err(Refusal::not_found("general.merchants", merchant));
        }
        let group = book.group(group)?.clone();
        if book.accounts.len() + usize::try_from(amount).unwrap_or(usize::MAX) > MOST_CARDS {
            return Err(Refusal::Full("cards", MOST_CARDS));
        }
        let holder = match body.present("customer")? {
            Some(node) => Some(book.add_customer(&node, at)?),
            None => None,
        };
        let mut cards = Vec::new();
        for _ in 0..amount {
            let number = book.issue(&group, at)?;
            if let Some(holder) = &holder {
                book.give_card(&number, holder)?;
            }
            let account = book.account(&number)?;
            cards.push(with(views::card::alone(account), [("csc", json!(account.codes.csc()))]));
        }
        self.record_rest(&mut book)?;
        Ok(Value::Array(cards))
    }

    /// What a web terminal may do with a card.
    pub(crate) fn terminal_data(&self, path: &str, merchant: &str) -> Result<Value, Refusal> {
        let book = self.book();
        let account = book.merchant_card(path)?;
        if ![account.merchant(), &book.shop.merchant_id].contains(&merchant) {
            return Ok(json!({ "disabled": 1 }));
        }
        let points = book.programme(account).is_some_and(|group| group.points_per_euro > 0);
        let mut actions = vec!["charge", "discharge", "sale_revenue", "cancel_last"];
        if points {
            actions.extend(["charge_points", "discharge_points"]);
        }
        Ok(json!({
            "store": { "object": "general.stores", "id": book.shop.store_id,
                       "name": book.shop.companyname },
            "tid": TERMINAL,
            "actions": actions,
            "gift_terminal": 0,
            "amount_split_enabled": 1,
        }))
    }
}

fn expiry(node: &Node<'_>) -> Result<Option<String>, Refusal> {
    let Some(text) = node.text()? else { return Ok(None) };
    let known = text.parse::<Timestamp>().is_ok() || clock::day(&text).is_some();
    if known { Ok(Some(text)) } else { Err(node.wrong("expected an ISO 8601 date")) }
}
