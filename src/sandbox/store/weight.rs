//! How much memory entries of the books take, roughly: their own size and that of their texts.
//!
//! What is kept is bounded by it. Only what a caller can make long is looked at.

use std::mem::size_of;

use serde_json::Value;

use crate::sandbox::store::draft::{Draft, SentIdent};
use crate::wire::{BasketText, Item};

/// What a map takes for an entry besides key and value.
const PER_ENTRY: usize = 48;
/// Receipts, slips and whatever else a transaction has besides its draft.
const STAGE: usize = 2048;

/// A JSON value, bytes.
pub(super) fn json(value: &Value) -> usize {
    let inside = match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
        Value::String(text) => text.len(),
        Value::Array(values) => values.iter().map(json).sum(),
        Value::Object(fields) => {
            fields.iter().map(|(key, value)| key.len() + PER_ENTRY + json(value)).sum()
        }
    };
    size_of::<Value>() + inside
}

/// A transaction with this draft, bytes. A line counts twice: where the card gives bonus on it, it
/// stands among the bonus products too.
pub(super) fn sale(draft: &Draft) -> usize {
    let text = |text: &Option<String>| text.as_ref().map_or(0, String::len);
    let idents = draft.idents.iter().map(|ident| size_of::<SentIdent>() + ident.value.len());
    let more = draft.more.iter().map(|(key, value)| key.len() + PER_ENTRY + json(value));
    let notes = draft.texts.iter().map(|text| size_of::<BasketText>() + text.desc.len());
    let texts = [&draft.intent, &draft.transaction_ref, &draft.merchant_ref].map(text);
    STAGE
        + 2 * (items(&draft.items) + idents.sum::<usize>())
        + more.sum::<usize>()
        + notes.sum::<usize>()
        + texts.iter().sum::<usize>()
}

fn items(items: &[Item]) -> usize {
    items.iter().map(item).sum()
}

fn item(item: &Item) -> usize {
    let texts = [&item.article_number, &item.ean, &item.desc, &item.item_type];
    let more = [&item.serial_number, &item.plan_id, &item.start_at];
    let values = item.group.iter().chain([&item.reference_id, &item.contract_id, &item.sum]);
    size_of::<Item>()
        + texts.iter().map(|text| text.len()).sum::<usize>()
        + more.iter().map(|text| text.as_ref().map_or(0, String::len)).sum::<usize>()
        + values.map(json).sum::<usize>()
        + items(&item.sub_basket)
}
