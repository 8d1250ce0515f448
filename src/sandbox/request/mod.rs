//! Reads the bodies of create and update, strictly, and names the field that is wrong.
//!
//! Owns the normalisations that answers show (numbers as article numbers, absent EANs, …) and the
//! bounds that keep all later arithmetic exact. Must not know cards, accounts or HTTP.

mod echo;
mod lines;
pub(crate) mod node;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::money::Money;
use crate::wire::Item;

use crate::sandbox::amounts::basket::{self, MOST_SUM};
use crate::sandbox::refusal::Refusal;
use crate::sandbox::request::node::Node;

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
    /// Tips, minor units; told again, and part of no sum.
    #[serde(default)]
    pub(crate) gratuity: Option<Money>,
    /// Fields that are only told again.
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

/// The documented kinds of idents (api.md §6.2).
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

    /// The draft with what `prepare` says about the buyer.
    pub(crate) fn prepared(mut self, body: &Value) -> Result<Self, Refusal> {
        echo::buyer(&mut self.more, &Node::body(body))?;
        Ok(self)
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

    /// The draft with everything that `body` names; what it leaves out stays as it was.
    pub(crate) fn overlaid(mut self, body: &Value) -> Result<Self, Refusal> {
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
                Some(products) => lines::items(&products)?,
                None => Vec::new(),
            };
        }
        echo::overlay(&mut self.more, &body)?;
        if let Some(info) = body.present("basket_info")? {
            let tip = info.present("gratuity")?.map(|tip| tip.between(0, MOST_SUM));
            self.gratuity = tip.transpose()?.map(Money);
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

/// An ident as sent.
pub(crate) fn ident(node: &Node<'_>) -> Result<SentIdent, Refusal> {
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
