//! Card holders: who a card belongs to, as far as the merchant knows.
//!
//! Owns their data and which cards show it. Personal data is in no debug output.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::sandbox::clock;
use crate::sandbox::ledger::{Book, Ledger};
use crate::sandbox::refusal::Refusal;
use crate::sandbox::request::node::Node;

/// What a contact can tell; everything else in one is dropped.
const CONTACT: [&str; 16] = [
    "name",
    "forename",
    "surname",
    "companyname",
    "salutation",
    "gender",
    "title",
    "email",
    "phone",
    "mobile",
    "fax",
    "dob",
    "picture",
    "url_website",
    "birthplace",
    "nationality",
];
const ADDRESS: [&str; 7] = [
    "type",
    "street",
    "street_number",
    "city",
    "postal_code",
    "country",
    "additional_address_data",
];
/// No text is longer than this, in bytes.
const LONGEST: usize = 1000;

/// A card holder.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Customer {
    id: String,
    /// ISO 8601.
    created: String,
    merchant: String,
    contact: Map<String, Value>,
    number: Option<String>,
    note: Option<String>,
    consent: String,
    additional_data: Value,
}

impl fmt::Debug for Customer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Customer").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Customer {
    /// The holder as the API answers it.
    pub(crate) fn shown(&self) -> Value {
        json!({
            "object": "loyalty.customers",
            "id": self.id,
            "created": self.created,
            "merchant": { "object": "general.merchants", "id": self.merchant },
            "contact": self.contact,
            "merchant_contact": self.contact,
            "account_contact": null,
            "payment_container": [],
            "customernumber": self.number,
            "note": self.note,
            "consent_for_communication": self.consent,
            "additional_data": self.additional_data,
        })
    }

    /// Takes over what the body names; what it leaves out stays as it was.
    fn overlay(&mut self, body: &Node<'_>) -> Result<(), Refusal> {
        if let Some(node) = body.get("merchant_contact")? {
            self.contact = contact(&node)?;
        }
        if let Some(node) = body.get("customernumber")? {
            self.number = text(&node)?;
        }
        if let Some(node) = body.get("note")? {
            self.note = text(&node)?;
        }
        if let Some(node) = body.present("consent_for_communication")? {
            self.consent = match node.text()? {
                Some(consent)
                    if ["accepted", "declined", "not_set"].contains(&consent.as_str()) =>
                {
                    consent
                }
                _ => return Err(node.wrong("one of accepted, declined, not_set")),
            };
        }
        if let Some(node) = body.get("additional_data")? {
            self.additional_data = super::additional_data(&node)?;
        }
        Ok(())
    }

    /// Forgets who it is.
    fn anonymize(&mut self) {
        self.contact.clear();
        self.number = None;
        self.note = None;
        self.additional_data = Value::Null;
    }
}

impl Ledger {
    /// A new holder, of no card yet.
    pub(crate) fn add_customer(&self, body: &Value, at: Timestamp) -> Result<Value, Refusal> {
        let mut book = self.book();
        let id = book.add_customer(&Node::body(body), at)?;
        self.record_rest(&mut book)?;
        book.customer(&id)
    }

    pub(crate) fn customer(&self, id: &str) -> Result<Value, Refusal> {
        self.book().customer(id)
    }

    /// Changes a holder, on its cards too.
    pub(crate) fn update_customer(&self, id: &str, body: &Value) -> Result<Value, Refusal> {
        let body = Node::body(body);
        let mut book = self.book();
        let mut changed = book.customers.get(id).cloned().ok_or_else(|| unknown(id))?;
        changed.overlay(&body)?;
        if let Some(node) = body.present("anonymize")?
            && node.truth()?
        {
            changed.anonymize();
        }
        let shown = changed.shown();
        book.customers.insert(id.to_owned(), changed);
        book.show_customer(id, Some(&shown));
        self.record_rest(&mut book)?;
        Ok(shown)
    }

    /// Deletes a holder; the cards go on without one.
    pub(crate) fn delete_customer(&self, id: &str) -> Result<(), Refusal> {
        let mut book = self.book();
        book.customers.remove(id).ok_or_else(|| unknown(id))?;
        book.show_customer(id, None);
        self.record_rest(&mut book)
    }

    /// Makes `customer` the holder of a card.
    pub(crate) fn set_customer(&self, path: &str, customer: &str) -> Result<Value, Refusal> {
        let mut book = self.book();
        let number = book.number_of(path)?;
        let card = book.give_card(&number, customer)?;
        self.record_rest(&mut book)?;
        Ok(card)
    }

    /// A new holder for a card, in one step.
    pub(crate) fn register_customer(
        &self,
        path: &str,
        body: &Value,
        at: Timestamp,
    ) -> Result<Value, Refusal> {
        let mut book = self.book();
        let number = book.number_of(path)?;
        let id = book.add_customer(&Node::body(body), at)?;
        let card = book.give_card(&number, &id)?;
        self.record_rest(&mut book)?;
        Ok(card)
    }
}

impl Book {
    /// Adds a holder and gives its id.
    pub(crate) fn add_customer(
        &mut self,
        body: &Node<'_>,
        at: Timestamp,
    ) -> Result<String, Refusal> {
        if let Some(node) = body.present("merchant")?
            && node.text()?.as_ref() != Some(&self.world.merchant_id)
        {
            return Err(node.wrong("not this merchant"));
        }
        let mut customer = Customer {
            id: String::new(),
            created: clock::iso(at),
            merchant: self.world.merchant_id.clone(),
            contact: Map::new(),
            number: None,
            note: None,
            consent: "not_set".to_owned(),
            additional_data: Value::Null,
        };
        customer.overlay(body)?;
        let id = self.ids.object("CUS");
        customer.id.clone_from(&id);
        self.customers.insert(id.clone(), customer);
        self.touched_customers.insert(id.clone());
        Ok(id)
    }

    pub(crate) fn customer(&self, id: &str) -> Result<Value, Refusal> {
        self.customers.get(id).map(Customer::shown).ok_or_else(|| unknown(id))
    }

    /// Makes the holder `id` that of a card, and shows the card.
    pub(crate) fn give_card(&mut self, number: &str, id: &str) -> Result<Value, Refusal> {
        let holder = self.customer(id)?;
        let account = self.accounts.get_mut(number).ok_or(Refusal::Card("no valid card"))?;
        account.set_customer(Some(holder));
        self.touched.insert(number.to_owned());
        Ok(account.alone())
    }

    /// Lets all cards of a holder show what it is now.
    fn show_customer(&mut self, id: &str, shown: Option<&Value>) {
        self.touched_customers.insert(id.to_owned());
        for (number, account) in &mut self.accounts {
            if account.customer() == Some(id) {
                account.set_customer(shown.cloned());
                self.touched.insert(number.clone());
            }
        }
    }
}

fn unknown(id: &str) -> Refusal {
    Refusal::NotFound(format!("loyalty.customers {id}"))
}

fn contact(node: &Node<'_>) -> Result<Map<String, Value>, Refusal> {
    let mut contact = texts(node, &CONTACT)?;
    if let Some(address) = node.present("address")? {
        contact.insert("address".to_owned(), Value::Object(texts(&address, &ADDRESS)?));
    }
    Ok(contact)
}

/// The members that are known, each a text.
fn texts(node: &Node<'_>, names: &[&str]) -> Result<Map<String, Value>, Refusal> {
    if node.is_null() {
        return Ok(Map::new());
    }
    let mut found = Map::new();
    for name in names {
        if let Some(member) = node.get(name)? {
            found.insert((*name).to_owned(), text(&member)?.map_or(Value::Null, Value::String));
        }
    }
    Ok(found)
}

fn text(node: &Node<'_>) -> Result<Option<String>, Refusal> {
    let text = node.text()?;
    if text.as_ref().is_some_and(|text| text.len() > LONGEST) {
        return Err(node.wrong("too long"));
    }
    Ok(text)
}
