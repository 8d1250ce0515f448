//! The fields of create and update that the sandbox only keeps and returns.
//!
//! Owns their list and their types (the vendor's `SmartTransactionsDTO`). What is not sent is left
//! out of answers. `merchant` and `checkout_links` are the server's to say: what is sent there does
//! not count.

use serde_json::{Map, Value};

use crate::sandbox::refusal::Refusal;
use crate::sandbox::request::node::Node;

/// The type of a field.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    Whole,
    Object,
}

const FIELDS: &[(&str, Kind)] = &[
    ("provider_contract", Kind::Object),
    ("contract", Kind::Object),
    ("device_source", Kind::Object),
    ("tax_amount", Kind::Whole),
    ("tax_rate", Kind::Whole),
    ("market", Kind::Text),
    ("cashier", Kind::Text),
    ("product", Kind::Text),
    ("trans_id", Kind::Whole),
    ("last_visited_page", Kind::Text),
    ("customer", Kind::Object),
    ("shipping_address", Kind::Object),
    ("container", Kind::Object),
    ("checkin", Kind::Object),
    ("payment_method", Kind::Text),
    ("delivery_options", Kind::Object),
    ("communications", Kind::Object),
    ("application_context", Kind::Object),
    ("payment_context", Kind::Object),
];

/// What `prepare` and `start` may add.
const BUYER: &[(&str, Kind)] = &[("customer", Kind::Object), ("container", Kind::Object)];

/// What `body` says about customer and container goes over what is `kept`.
pub(crate) fn buyer(kept: &mut Map<String, Value>, body: &Node<'_>) -> Result<(), Refusal> {
    if body.value.is_null() || is_nothing(body.value) { Ok(()) } else { take(kept, body, BUYER) }
}

/// What `body` says about those fields goes over what is `kept`; null takes a field away.
pub(crate) fn overlay(kept: &mut Map<String, Value>, body: &Node<'_>) -> Result<(), Refusal> {
    take(kept, body, FIELDS)?;
    if let Some(Value::Object(contract)) = kept.get_mut("contract") {
        contract.entry("object").or_insert_with(|| Value::from("general.contracts"));
    }
    if let Some(options) = body.present("delivery_options")?
        && options.value.is_object()
        && let Some(kind) = options.present("type")?
        && !matches!(kind.value.as_str(), Some("shipping" | "collection"))
    {
        return Err(kind.wrong("one of shipping, collection"));
    }
    Ok(())
}

/// PHP programs send an empty object as an empty list.
fn is_nothing(value: &Value) -> bool {
    value.as_array().is_some_and(Vec::is_empty)
}

fn take(
    kept: &mut Map<String, Value>,
    body: &Node<'_>,
    fields: &[(&str, Kind)],
) -> Result<(), Refusal> {
    for (name, kind) in fields {
        let Some(node) = body.get(name)? else { continue };
        let value = match (node.value, kind) {
            (Value::Null, _) => None,
            (_, Kind::Text) => node.text()?.map(Value::String),
            (_, Kind::Whole) => Some(Value::from(node.whole()?)),
            (value, Kind::Object) => {
                (!is_nothing(value)).then(|| node.map().cloned().map(Value::Object)).transpose()?
            }
        };
        match value {
            Some(value) => kept.insert((*name).to_owned(), value),
            None => kept.shift_remove(*name),
        };
    }
    Ok(())
}
