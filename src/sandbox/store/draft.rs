//! What the till says about a transaction.
//!
//! `request` reads it from bodies and keeps it within bounds.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::money::Money;
use crate::wire::{BasketText, Item};

/// What the till says about a sale; an update overlays what it names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Draft {
    pub(crate) is_demo: bool,
    pub(crate) intent: Option<String>,
    pub(crate) transaction_ref: Option<String>,
    pub(crate) merchant_ref: Option<String>,
    pub(crate) idents: Vec<SentIdent>,
    /// As sent, normalised; charge lines keep the tax that was sent.
    pub(crate) items: Vec<Item>,
    /// Notes, returned as sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) texts: Vec<BasketText>,
    /// Tips, minor units; returned as sent, and part of no sum.
    #[serde(default)]
    pub(crate) gratuity: Option<Money>,
    /// Fields that are only kept and returned.
    #[serde(default)]
    pub(crate) more: Map<String, Value>,
}

/// An ident as sent.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SentIdent {
    pub(crate) kind: IdentKind,
    pub(crate) value: String,
}

impl std::fmt::Debug for SentIdent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} {}", self.kind, crate::text::mask_card(&self.value, true))
    }
}

/// The documented kinds of idents ([`crate::wire::api::idents`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum IdentKind {
    Card,
    Checkin,
    CreateCard,
}

impl Draft {
    /// An empty sale.
    pub(crate) fn new() -> Self {
        Self { intent: Some("sale".to_owned()), ..Self::default() }
    }

    /// Whether this is an order, which is delivered after it is paid.
    pub(crate) fn is_order(&self) -> bool {
        self.intent.as_deref() == Some("order")
    }

    fn delivery(&self) -> Option<&Map<String, Value>> {
        self.more.get("delivery_options")?.as_object()
    }

    /// Whether the buyer fetches the order.
    pub(crate) fn is_fetched(&self) -> bool {
        let kind = self.delivery().and_then(|options| options.get("type"));
        kind.and_then(Value::as_str) == Some("collection")
    }

    /// Puts more into `delivery_options`.
    pub(crate) fn deliver(&mut self, more: Map<String, Value>) {
        let options = self.more.entry("delivery_options");
        if let Value::Object(options) = options.or_insert_with(|| Value::Object(Map::new())) {
            options.extend(more.into_iter().filter(|(_, value)| !value.is_null()));
        }
    }
}
