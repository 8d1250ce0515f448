//! Card holders: made, changed, deleted, and given cards.
//!
//! A card carries a copy of what the API shows of its holder; it changes with the holder.

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::sandbox::clock;
use crate::sandbox::ledger::Ledger;
use crate::sandbox::loyalty::card;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::request::node::Node;
use crate::sandbox::store::{Book, Customer, MOST_HOLDERS};
use crate::sandbox::views;

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

/// Takes over what the body names; what it leaves out stays as it was.
fn update(customer: &mut Customer, body: &Node<'_>) -> Result<(), Refusal> {
    if let Some(node) = body.get("merchant_contact")? {
        customer.contact = contact(&node)?;
    }
    if let Some(node) = body.get("customernumber")? {
        customer.number = node.text_within(LONGEST)?;
    }
    if let Some(node) = body.get("note")? {
        customer.note = node.text_within(LONGEST)?;
    }
    if let Some(node) = body.present("consent_for_communication")? {
        customer.consent = match node.text()? {
            Some(consent) if ["accepted", "declined", "not_set"].contains(&consent.as_str()) => {
                consent
            }
            _ => return Err(node.wrong("one of accepted, declined, not_set")),
        };
    }
    if let Some(node) = body.get("additional_data")? {
        customer.additional_data = card::additional_data(&node)?;
    }
    Ok(())
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
        update(&mut changed, &body)?;
        if let Some(node) = body.present("anonymize")?
            && node.truth()?
        {
            changed.anonymize();
        }
        let shown = views::loyalty::customer(&changed);
        book.customers.insert(id.to_owned(), changed);
        book.show_customer(id, Some(&shown));
        self.record_rest(&mut book)?;
        Ok(shown)
    }

    /// Deletes a holder; the cards go on without one.
    pub(crate) fn delete_customer(&self, id: &str) -> Result<(), Refusal> {
        let mut book = self.book();
        if !book.customers.remove(id) {
            return Err(unknown(id));
        }
        book.show_customer(id, None);
        self.record_rest(&mut book)
    }

    /// Makes `customer` the holder of a card.
    pub(crate) fn set_customer(&self, path: &str, customer: &str) -> Result<Value, Refusal> {
        let mut book = self.book();
        let number = book.merchant_card(path)?.number().to_owned();
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
        let number = book.merchant_card(path)?.number().to_owned();
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
            && node.text()?.as_ref() != Some(&self.shop.merchant_id)
        {
            return Err(node.wrong("not this merchant"));
        }
        if self.customers.len() >= MOST_HOLDERS {
            return Err(Refusal::Full("card holders", MOST_HOLDERS));
        }
        let mut customer = Customer::new(clock::iso(at), self.shop.merchant_id.clone());
        update(&mut customer, body)?;
        let id = self.ids.object("CUS");
        customer.id.clone_from(&id);
        self.customers.insert(id.clone(), customer);
        self.changed_customers.insert(id.clone());
        Ok(id)
    }

    fn customer(&self, id: &str) -> Result<Value, Refusal> {
        self.customers.get(id).map(views::loyalty::customer).ok_or_else(|| unknown(id))
    }

    /// Makes the holder `id` that of a card, and shows the card.
    pub(crate) fn give_card(&mut self, number: &str, id: &str) -> Result<Value, Refusal> {
        let holder = self.customer(id)?;
        let account = self.changed_card(number)?;
        account.set_customer(Some(holder));
        Ok(views::card::alone(account))
    }

    /// Lets all cards of a holder show what it is now.
    fn show_customer(&mut self, id: &str, shown: Option<&Value>) {
        self.changed_customers.insert(id.to_owned());
        let cards = self.accounts.values().filter(|account| account.customer() == Some(id));
        let cards: Vec<String> = cards.map(|account| account.number().to_owned()).collect();
        for number in cards {
            if let Ok(account) = self.changed_card(&number) {
                account.set_customer(shown.cloned());
            }
        }
    }
}

fn unknown(id: &str) -> Refusal {
    Refusal::not_found("loyalty.customers", id)
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
            found.insert(
                (*name).to_owned(),
                member.text_within(LONGEST)?.map_or(Value::Null, Value::String),
            );
        }
    }
    Ok(found)
}
