//! Buyers and their bank accounts, as remote payments name them: `/Payment/Customers` and
//! `/Payment/Containers`.
//!
//! Outside of the point-of-sale API: programs make them before they prepare a payment. They are returned as they were sent, but for the bank account, of which
//! the public part shows the last digits alone. In memory only, the newest of them; no payment
//! checks or uses them.

use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::sandbox::clock;
use crate::sandbox::expiring::Expiring;
use crate::sandbox::ids::Ids;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::request::node::Node;

/// How many buyers and bank accounts are kept.
const MOST: usize = 1024;
/// Each of their objects is no longer than this, in bytes of JSON.
const LONGEST: usize = 10_000;

/// What buyers and bank accounts there are.
pub(crate) struct Buyers(Mutex<Kept>);

struct Kept {
    ids: Ids,
    kept: Expiring<Value>,
}

impl Buyers {
    /// None; ids follow from `seed`.
    pub(crate) fn new(seed: u64) -> Self {
        Self(Mutex::new(Kept::new(seed)))
    }

    /// Forgets all of them; ids follow from `seed` again.
    pub(crate) fn restart(&self, seed: u64) {
        *self.kept() = Kept::new(seed);
    }

    /// Makes a buyer of `{contact}`.
    pub(crate) fn add_customer(&self, body: &Value, at: Timestamp) -> Result<Value, Refusal> {
        let body = Node::body(body);
        let contact = kept(&body.required("contact")?)?;
        let fields = [("contact", Value::Object(contact))];
        Ok(self.kept().put("payment.customers", "PCU", fields, at))
    }

    /// Makes a bank account or card of `{type, private, customer?}`.
    pub(crate) fn add_container(&self, body: &Value, at: Timestamp) -> Result<Value, Refusal> {
        let body = Node::body(body);
        let kind = body.required("type")?.text_within(LONGEST)?;
        let private = kept(&body.required("private")?)?;
        let customer = match body.present("customer")? {
            Some(node) => Value::Object(kept(&node)?),
            None => Value::Null,
        };
        let fields = [
            ("customer", customer),
            ("type", json!(kind)),
            ("public", Value::Object(masked(private.clone()))),
            ("private", Value::Object(private)),
        ];
        Ok(self.kept().put("payment.containers", "PCT", fields, at))
    }

    /// What was made under this id.
    pub(crate) fn read(&self, object: &str, id: &str, now: Timestamp) -> Result<Value, Refusal> {
        let mut all = self.kept();
        let kept = all.kept.get_mut(id, now).filter(|kept| kept["object"] == object);
        kept.cloned().ok_or_else(|| Refusal::not_found(object, id))
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn new(seed: u64) -> Self {
        // Another sequence than the ledger's and the tokens', so that none shifts the others' ids.
        let ids = Ids::new(seed ^ 0x6275_7965_7273_0000);
        Self { ids, kept: Expiring::new(i64::MAX, MOST) }
    }

    fn put<const N: usize>(
        &mut self,
        object: &str,
        prefix: &str,
        fields: [(&str, Value); N],
        at: Timestamp,
    ) -> Value {
        let id = self.ids.object(prefix);
        let head =
            [("object", json!(object)), ("id", json!(id)), ("created", json!(clock::iso(at)))];
        let all = head.into_iter().chain(fields);
        let entry = Value::Object(all.map(|(name, value)| (name.to_owned(), value)).collect());
        self.kept.insert(&id, entry.clone(), at);
        entry
    }
}

/// An object that is kept.
fn kept(node: &Node<'_>) -> Result<Map<String, Value>, Refusal> {
    let object = node.map()?;
    let length = node.value.to_string().len();
    if length > LONGEST { Err(node.wrong("too long")) } else { Ok(object.clone()) }
}

/// The fields with the first characters of a number hidden.
fn masked(mut fields: Map<String, Value>) -> Map<String, Value> {
    for name in ["iban", "pan"] {
        let Some(Value::String(number)) = fields.get_mut(name) else { continue };
        let hidden = number.chars().count().saturating_sub(4);
        *number =
            number.chars().zip(0..).map(|(c, at)| if at < hidden { '*' } else { c }).collect();
    }
    fields
}
