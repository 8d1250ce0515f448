//! A transaction as it is answered, borrowed from the store that keeps it.
//!
//! Serialises to the very bytes of [`Transaction`], without a copy of each text. Owns nothing but
//! the order of fields; `Transaction` documents them.

use std::borrow::Cow;

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::{
    Basket, BasketInfo, BasketText, Ident, Item, Merchant, ReceiptLine, Reference, Status,
    Transaction,
};
use crate::money::Money;

/// [`Transaction`], borrowed.
#[derive(Debug, Clone, Serialize)]
#[allow(missing_docs, reason = "the fields are those of Transaction")]
pub struct TransactionView<'a> {
    pub object: &'static str,
    pub id: &'a str,
    pub merchant: MerchantView<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_source: Option<ReferenceView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_destination: Option<ReferenceView<'a>>,
    pub transactions: Vec<ReferenceView<'a>>,
    pub created: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated: Option<&'a str>,
    pub status: Status,
    #[serde(rename = "transactionRef")]
    pub transaction_ref: Option<&'a str>,
    #[serde(rename = "merchantRef")]
    pub merchant_ref: Option<&'a str>,
    pub intent: Option<&'a str>,
    pub basket: BasketView<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt: Option<&'a [ReceiptLine]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt_number: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt_merchant: Option<&'a [ReceiptLine]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt_merchant_print: Option<bool>,
    pub basket_info: BasketInfoView,
    pub idents: Cow<'a, [Ident]>,
    pub is_demo: bool,
    pub application_context: Cow<'a, Value>,
    pub checkout_links: (),
    pub payment_links: (),
    #[serde(flatten, serialize_with = "fields")]
    pub more: Vec<(&'a str, Cow<'a, Value>)>,
}

/// [`Merchant`], borrowed.
#[derive(Debug, Clone, Copy, Serialize)]
#[allow(missing_docs, reason = "the fields are those of Merchant")]
pub struct MerchantView<'a> {
    pub object: &'static str,
    pub id: &'a str,
    pub companyname: &'a str,
}

/// [`Reference`], borrowed.
#[derive(Debug, Clone, Copy, Serialize)]
#[allow(missing_docs, reason = "the fields are those of Reference")]
pub struct ReferenceView<'a> {
    pub object: &'static str,
    pub id: &'a str,
}

/// [`Basket`], borrowed. Lines that are shown otherwise than they are kept are owned.
#[derive(Debug, Clone, Serialize)]
#[allow(missing_docs, reason = "the fields are those of Basket")]
pub struct BasketView<'a> {
    pub products: Vec<Cow<'a, Item>>,
    pub texts: &'a [BasketText],
    #[serde(rename = "type")]
    pub kind: &'static str,
}

/// [`BasketInfo`], borrowed.
#[derive(Debug, Clone, Copy, Serialize)]
#[allow(missing_docs, reason = "the fields are those of BasketInfo")]
pub struct BasketInfoView {
    pub sum: Money,
    pub gratuity: Option<Money>,
    pub currency: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing_sum: Option<Money>,
}

fn fields<S: Serializer>(
    more: &[(&str, Cow<'_, Value>)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(more.iter().map(|(name, value)| (name, value)))
}

impl From<ReferenceView<'_>> for Reference {
    fn from(view: ReferenceView<'_>) -> Self {
        Self::new(view.object, view.id)
    }
}

impl From<TransactionView<'_>> for Transaction {
    fn from(view: TransactionView<'_>) -> Self {
        let text = |text: Option<&str>| text.map(str::to_owned);
        Self {
            object: view.object.to_owned(),
            id: view.id.to_owned(),
            merchant: Merchant {
                object: view.merchant.object.to_owned(),
                id: view.merchant.id.to_owned(),
                companyname: Some(view.merchant.companyname.to_owned()),
            },
            device_source: view.device_source.map(Reference::from),
            device_destination: view.device_destination.map(Reference::from),
            transactions: view.transactions.into_iter().map(Reference::from).collect(),
            created: view.created.to_owned(),
            updated: text(view.updated),
            status: view.status,
            transaction_ref: text(view.transaction_ref),
            merchant_ref: text(view.merchant_ref),
            intent: text(view.intent),
            basket: Basket {
                products: view.basket.products.into_iter().map(Cow::into_owned).collect(),
                texts: view.basket.texts.iter().map(|text| json!(text)).collect(),
                kind: view.basket.kind.to_owned(),
            },
            receipt: view.receipt.map(<[_]>::to_vec),
            receipt_number: view.receipt_number,
            receipt_merchant: view.receipt_merchant.map(<[_]>::to_vec),
            receipt_merchant_print: view.receipt_merchant_print,
            basket_info: BasketInfo {
                sum: view.basket_info.sum,
                gratuity: view.basket_info.gratuity,
                currency: view.basket_info.currency.to_owned(),
                missing_sum: view.basket_info.missing_sum,
            },
            idents: view.idents.into_owned(),
            is_demo: view.is_demo,
            application_context: view.application_context.into_owned(),
            checkout_links: Value::Null,
            payment_links: Value::Null,
            more: view
                .more
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value.into_owned()))
                .collect(),
        }
    }
}
