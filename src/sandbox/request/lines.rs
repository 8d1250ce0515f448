//! The lines of a basket as they are sent: kinds, bundles, sub-baskets
//! ([`crate::wire::api::basket`]).
//!
//! Where the documents are silent: quantities are whole (`2.0` is 2, `0.5` is refused); a coupon
//! reduces the sum whichever sign it carries; a bundle has one level, and its parts cost 0; a
//! share of a stakeholder counts in no sum, as it is taken out of one. Taxes are in percent; those
//! above 100 are hundredths (`1900`, `810`), as the vendor's own tests send them, and are returned as
//! sent; a percentage has at most two decimals.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::money::{Money, Percent};
use crate::sandbox::amounts::basket::{self, MOST_LINES, MOST_PIECES, MOST_PRICE, MOST_SUM};
use crate::sandbox::refusal::Refusal;
use crate::sandbox::request::node::Node;
use crate::wire::{BasketText, Item, Tax};

/// What a line may be, by where it stands.
const TOP: &[&str] =
    &["article", "coupon", "shipping", "subscription", "sub_transaction", "stakeholder_payment"];
const NESTED: &[&str] = &["article", "coupon", "shipping", "stakeholder_payment"];

/// The lines of `products`, all of them sound on their own and together.
pub(crate) fn items(products: &Node<'_>) -> Result<Vec<Item>, Refusal> {
    read(products, TOP)
}

/// The notes, each on the whole basket or on one of `items`.
pub(crate) fn texts(texts: &Node<'_>, items: &[Item]) -> Result<Vec<BasketText>, Refusal> {
    let nodes = texts.list()?;
    if nodes.len() > MOST_LINES {
        return Err(texts.wrong("too many texts"));
    }
    let known: BTreeSet<i64> = items.iter().map(|item| item.id).collect();
    let text = |node: &Node<'_>| {
        let parent = node.present("parent")?.map(|parent| parent.whole()).transpose()?;
        if parent.is_some_and(|parent| !known.contains(&parent)) {
            return Err(node.wrong("parent is no line"));
        }
        Ok(BasketText {
            id: node.required("id")?.between(0, i64::from(i32::MAX))?,
            parent,
            desc: node.required("desc")?.text()?.unwrap_or_default(),
        })
    };
    nodes.iter().map(text).collect()
}

fn read(products: &Node<'_>, kinds: &[&str]) -> Result<Vec<Item>, Refusal> {
    let nodes = products.list()?;
    if nodes.len() > MOST_LINES {
        return Err(products.wrong("too many lines"));
    }
    let mut items: Vec<Item> = Vec::with_capacity(nodes.len());
    let mut ids = BTreeSet::new();
    for (node, place) in nodes.iter().zip(1..) {
        let item = item(node, place, kinds)?;
        if !ids.insert(item.id) {
            return Err(node.wrong("id is used twice"));
        }
        items.push(item);
    }
    check_bundles(&nodes, &items)?;
    Ok(items)
}

/// A part names the head of its bundle: another line that is no part itself.
fn check_bundles(nodes: &[Node<'_>], items: &[Item]) -> Result<(), Refusal> {
    if items.iter().all(|item| item.parent.is_none()) {
        return Ok(());
    }
    let heads: BTreeMap<i64, Option<i64>> =
        items.iter().map(|item| (item.id, item.parent)).collect();
    for (node, item) in nodes.iter().zip(items) {
        let Some(parent) = item.parent else { continue };
        if parent == item.id || heads.get(&parent) != Some(&None) {
            return Err(node.wrong("parent is not the head of a bundle"));
        }
        if !item.price_one.is_zero() {
            return Err(node.wrong("the price of a bundle stands at its head, its parts cost 0"));
        }
    }
    Ok(())
}

/// One line; `place` numbers it if it has no number of its own and needs none.
fn item(node: &Node<'_>, place: i64, kinds: &[&str]) -> Result<Item, Refusal> {
    let item_type = node.text_of("item_type")?.unwrap_or_else(|| "article".to_owned());
    if !kinds.contains(&item_type.as_str()) {
        return Err(node.wrong("item_type is unknown here"));
    }
    let item = match item_type.as_str() {
        "sub_transaction" => Item {
            sub_basket: read(&node.required("sub_basket")?, NESTED)?,
            ..share(node, place, item_type)?
        },
        "stakeholder_payment" => share(node, place, item_type)?,
        _ => article(node, item_type)?,
    };
    if basket::gross(&item).minor().abs() > MOST_SUM {
        return Err(node.wrong("priceOne times quantity is too large"));
    }
    let moved = basket::is_charge(&item) || basket::is_discharge(&item);
    if moved && basket::gross(&item).minor() <= 0 {
        return Err(node.wrong("a charge must be more than 0"));
    }
    if item.item_type == "sub_transaction"
        && basket::total(&item.sub_basket) != basket::gross(&item)
    {
        let total = basket::total(&item.sub_basket).minor();
        let sum = node.required("sum")?;
        return Err(sum.wrong(&format!("must equal the sub-basket, which comes to {total}")));
    }
    Ok(item)
}

/// A line with a price.
fn article(node: &Node<'_>, item_type: String) -> Result<Item, Refusal> {
    let price = match node.present("priceOne")? {
        Some(price) => price,
        None => match node.present("price")? {
            Some(price) => price,
            None => node.required("priceOne")?,
        },
    };
    // What reduces the sum or is sent along needs no rate of its own.
    let tax = match item_type.as_str() {
        "article" => Some(node.required("tax")?),
        _ => node.present("tax")?,
    };
    Ok(Item {
        id: node.required("id")?.between(0, i64::from(i32::MAX))?,
        quantity: node.required("quantity")?.count(-MOST_PIECES, MOST_PIECES)?,
        price_one: Money(price.between(-MOST_PRICE, MOST_PRICE)?),
        tax: tax.map_or(Ok(Tax::default()), |tax| rate(&tax))?,
        ..named(node, item_type)?
    })
}

/// A VAT rate: percent with up to two decimals, or hundredths of percents with at most one.
fn rate(tax: &Node<'_>) -> Result<Tax, Refusal> {
    if let Some(number) = tax.value.as_i64() {
        let number = tax.between(0, 10_000).map(|_| number)?;
        return match number {
            101.. if number % 10 != 0 => Err(tax.wrong("must be in percent")),
            _ => Ok(Tax::whole(number)),
        };
    }
    let number = tax.value.as_f64().ok_or_else(|| tax.wrong("expected a number"))?;
    if !(0.0..=100.0).contains(&number) {
        return Err(tax.wrong("must be between 0 and 100"));
    }
    let read = Tax::read(tax.value)
        .filter(|read| Percent::parse(&number.to_string()).map(Tax::from) == Some(*read));
    read.ok_or_else(|| tax.wrong("has more than two decimals"))
}

/// A line with a sum: a sub-basket, or the share of a stakeholder, each for a contract.
fn share(node: &Node<'_>, place: i64, item_type: String) -> Result<Item, Refusal> {
    let optional = |key: &'static str| node.present(key);
    let sum = node.required("sum")?.between(0, MOST_SUM)?;
    Ok(Item {
        id: optional("id")?.map_or(Ok(place), |id| id.between(0, i64::from(i32::MAX)))?,
        quantity: optional("quantity")?.map_or(Ok(1), |quantity| quantity.count(1, 1))?,
        tax: optional("tax")?.map_or(Ok(Tax::default()), |tax| rate(&tax))?,
        sum: Value::from(sum),
        ..named(node, item_type)?
    })
}

/// What all lines have.
fn named(node: &Node<'_>, item_type: String) -> Result<Item, Refusal> {
    let reference = |key: &str| Ok(node.text_of(key)?.map_or(Value::Null, Value::String));
    Ok(Item {
        parent: node.present("parent")?.map(|parent| parent.whole()).transpose()?,
        article_number: node.text_of("articleNumber")?.unwrap_or_default(),
        ean: node.text_of("ean")?.unwrap_or_default(),
        desc: node.required("desc")?.text()?.unwrap_or_default(),
        group: match node.present("group")? {
            Some(group) => group.list()?.into_iter().map(|node| node.value.clone()).collect(),
            None => Vec::new(),
        },
        serial_number: node.text_of("serialNumber")?,
        item_type,
        reference_id: reference("reference_id")?,
        contract_id: reference("contract_id")?,
        plan_id: node.text_of("plan_id")?,
        start_at: node.text_of("start_at")?,
        ..Item::default()
    })
}
