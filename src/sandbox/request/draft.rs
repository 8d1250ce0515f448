//! Reads what a body says about a transaction.

use serde_json::Value;

use crate::money::Money;
use crate::sandbox::amounts::basket::{self, MOST_SUM};
use crate::sandbox::refusal::Refusal;
use crate::sandbox::request::node::Node;
use crate::sandbox::request::{echo, lines};
use crate::sandbox::store::{Draft, IdentKind, SentIdent};

impl Draft {
    /// The draft with what `prepare` says about the buyer.
    pub(crate) fn prepared(mut self, body: &Value) -> Result<Self, Refusal> {
        echo::buyer(&mut self.more, &Node::body(body))?;
        Ok(self)
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
            self.texts = match node.present("texts")? {
                Some(texts) => lines::texts(&texts, &self.items)?,
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
