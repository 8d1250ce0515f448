//! Reads the bodies of create and update, strictly, and names the field that is wrong.
//!
//! Owns the normalisations that answers show (numbers as article numbers, absent EANs, …) and the
//! bounds that keep all later arithmetic exact. Must not know cards, accounts or HTTP.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::money::Money;
use crate::wire::Item;

use super::basket::{self, MOST_LINES, MOST_PIECES, MOST_PRICE, MOST_SUM};
use super::refusal::Refusal;

/// What the till says about a sale; an update overlays what it names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Draft {
    pub(super) is_demo: bool,
    pub(super) intent: Option<String>,
    pub(super) transaction_ref: Option<String>,
    pub(super) merchant_ref: Option<String>,
    pub(super) idents: Vec<SentIdent>,
    /// As sent, normalised; charge lines keep the tax that was sent.
    pub(super) items: Vec<Item>,
}

/// An ident as sent.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SentIdent {
    pub(super) kind: IdentKind,
    pub(super) value: String,
}

impl std::fmt::Debug for SentIdent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} {}", self.kind, crate::text::mask_card(&self.value, true))
    }
}

/// The documented kinds of idents (api.md §6.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum IdentKind {
    Card,
    Checkin,
    CreateCard,
}

impl Draft {
    /// An empty sale.
    pub(super) fn new() -> Self {
        Self { intent: Some("sale".to_owned()), ..Self::default() }
    }

    /// The draft with everything that `body` names; what it leaves out stays as it was.
    pub(super) fn overlaid(mut self, body: &Value) -> Result<Self, Refusal> {
        let body = Node::body(body);
        if let Some(node) = body.get("is_demo")? {
            self.is_demo = node.truth()?;
        }
        if let Some(node) = body.get("intent")? {
            self.intent = node.text()?;
        }
        if let Some(node) = body.get("transactionRef")? {
            self.transaction_ref = node.text()?;
        }
        if let Some(node) = body.get("merchantRef")? {
            self.merchant_ref = node.text()?;
        }
        if let Some(node) = body.get("idents")? {
            self.idents = node.list()?.iter().map(ident).collect::<Result<_, _>>()?;
        }
        if let Some(node) = body.get("basket")? {
            self.items = match node.present("products")? {
                Some(products) => items(&products)?,
                None => Vec::new(),
            };
        }
        self.check_sum(&body)?;
        Ok(self)
    }

    /// The stated sum must equal the basket; so must the one of a body that names only the sum.
    fn check_sum(&self, body: &Node<'_>) -> Result<(), Refusal> {
        let total = basket::total(&self.items);
        if total.is_negative() {
            return Err(Refusal::Format("basket.products: the sum is negative".to_owned()));
        }
        if total.minor() > MOST_SUM {
            return Err(Refusal::Format("basket.products: the sum is too large".to_owned()));
        }
        let Some(info) = body.present("basket_info")? else { return Ok(()) };
        if let Some(currency) = info.present("currency")?
            && currency.text()?.as_deref() != Some("EUR")
        {
            return Err(currency.wrong("only EUR"));
        }
        let sum = info.required("sum")?;
        if sum.whole()? == total.minor() {
            Ok(())
        } else {
            Err(sum.wrong(&format!("must equal the basket, which comes to {}", total.minor())))
        }
    }
}

fn ident(node: &Node<'_>) -> Result<SentIdent, Refusal> {
    let sent = node.required("type")?;
    let kind = match sent.text()?.as_deref() {
        Some("card") => IdentKind::Card,
        Some("checkin") => IdentKind::Checkin,
        Some("create_card") => IdentKind::CreateCard,
        _ => return Err(sent.wrong("one of card, checkin, create_card")),
    };
    let value = node.required("value")?.text()?.unwrap_or_default();
    Ok(SentIdent { kind, value })
}

fn items(products: &Node<'_>) -> Result<Vec<Item>, Refusal> {
    let nodes = products.list()?;
    if nodes.len() > MOST_LINES {
        return Err(products.wrong("too many lines"));
    }
    let mut items: Vec<Item> = Vec::with_capacity(nodes.len());
    let mut ids = std::collections::BTreeSet::new();
    for node in &nodes {
        let item = item(node)?;
        if !ids.insert(item.id) {
            return Err(node.wrong("id is used twice"));
        }
        items.push(item);
    }
    Ok(items)
}

fn item(node: &Node<'_>) -> Result<Item, Refusal> {
    let text = |key: &str| match node.present(key)? {
        Some(field) => field.text(),
        None => Ok(None),
    };
    let item_type = text("item_type")?.unwrap_or_else(|| "article".to_owned());
    match item_type.as_str() {
        "sub_transaction" | "stakeholder_payment" => return Err(Refusal::MixedBasket),
        "article" | "coupon" | "shipping" | "subscription" => {}
        _ => return Err(node.wrong("item_type is unknown")),
    }
    let price = match node.present("priceOne")? {
        Some(price) => price,
        None => match node.present("price")? {
            Some(price) => price,
            None => node.required("priceOne")?,
        },
    };
    let item = Item {
        id: node.required("id")?.between(0, i64::from(i32::MAX))?,
        parent: match node.present("parent")? {
            Some(parent) => Some(parent.whole()?),
            None => None,
        },
        article_number: text("articleNumber")?.unwrap_or_default(),
        ean: text("ean")?.unwrap_or_default(),
        desc: node.required("desc")?.text()?.unwrap_or_default(),
        quantity: node.required("quantity")?.between(-MOST_PIECES, MOST_PIECES)?,
        price_one: Money(price.between(-MOST_PRICE, MOST_PRICE)?),
        tax: node.required("tax")?.between(0, 100)?,
        group: match node.present("group")? {
            Some(group) => group.list()?.into_iter().map(|node| node.value.clone()).collect(),
            None => Vec::new(),
        },
        serial_number: text("serialNumber")?,
        item_type,
        reference_id: text("reference_id")?.map_or(Value::Null, Value::String),
        contract_id: text("contract_id")?.map_or(Value::Null, Value::String),
        sum: Value::Null,
    };
    if basket::gross(&item).minor().abs() > MOST_SUM {
        return Err(node.wrong("priceOne times quantity is too large"));
    }
    if basket::is_charge(&item) && basket::gross(&item).minor() <= 0 {
        return Err(node.wrong("a charge must be more than 0"));
    }
    Ok(item)
}

/// A value and the path that leads to it, for messages like `basket.products[0].tax: missing`.
pub(super) struct Node<'a> {
    path: String,
    value: &'a Value,
}

impl<'a> Node<'a> {
    /// The whole of a body.
    pub(super) const fn body(value: &'a Value) -> Self {
        Self { path: String::new(), value }
    }

    pub(super) fn wrong(&self, reason: &str) -> Refusal {
        let path = if self.path.is_empty() { "body" } else { &self.path };
        Refusal::Format(format!("{path}: {reason}"))
    }

    pub(super) fn is_null(&self) -> bool {
        self.value.is_null()
    }

    pub(super) fn map(&self) -> Result<&'a Map<String, Value>, Refusal> {
        self.value.as_object().ok_or_else(|| self.wrong("expected an object"))
    }

    fn child(&self, key: &str, value: &'a Value) -> Self {
        let dot = if self.path.is_empty() { "" } else { "." };
        Self { path: format!("{}{dot}{key}", self.path), value }
    }

    /// The field, which may be null.
    pub(super) fn get(&self, key: &str) -> Result<Option<Self>, Refusal> {
        Ok(self.map()?.get(key).map(|value| self.child(key, value)))
    }

    /// The field, unless it is absent or null.
    pub(super) fn present(&self, key: &str) -> Result<Option<Self>, Refusal> {
        Ok(self.get(key)?.filter(|node| !node.value.is_null()))
    }

    pub(super) fn required(&self, key: &str) -> Result<Self, Refusal> {
        self.present(key)?.ok_or_else(|| self.child(key, &Value::Null).wrong("missing"))
    }

    pub(super) fn truth(&self) -> Result<bool, Refusal> {
        match self.value {
            Value::Null => Ok(false),
            Value::Bool(truth) => Ok(*truth),
            _ => Err(self.wrong("expected true or false")),
        }
    }

    /// Article numbers and references also come as numbers.
    pub(super) fn text(&self) -> Result<Option<String>, Refusal> {
        match self.value {
            Value::Null => Ok(None),
            Value::String(text) => Ok(Some(text.clone())),
            Value::Number(number) => Ok(Some(number.to_string())),
            _ => Err(self.wrong("expected a text")),
        }
    }

    pub(super) fn whole(&self) -> Result<i64, Refusal> {
        self.value.as_i64().ok_or_else(|| self.wrong("expected a whole number"))
    }

    pub(super) fn between(&self, least: i64, most: i64) -> Result<i64, Refusal> {
        let number = self.whole()?;
        if (least..=most).contains(&number) {
            Ok(number)
        } else {
            Err(self.wrong(&format!("must be between {least} and {most}")))
        }
    }

    fn list(&self) -> Result<Vec<Self>, Refusal> {
        match self.value {
            Value::Null => Ok(Vec::new()),
            Value::Array(values) => Ok(values
                .iter()
                .enumerate()
                .map(|(index, value)| Self { path: format!("{}[{index}]", self.path), value })
                .collect()),
            _ => Err(self.wrong("expected a list")),
        }
    }
}
