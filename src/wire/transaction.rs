//! Smart Transactions: requests and answers ([`super::api::transactions`]), their lines
//! ([`super::api::basket`]) and statuses ([`super::api::status`]).

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Merchant, MerchantCard, ReceiptLine, Reference, Tax, lenient};
use crate::money::Money;

/// The status of a transaction on the server.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Set up, nothing applied, nothing paid.
    #[default]
    Created,
    /// The card is applied (`preTransaction`), nothing paid yet.
    Processing,
    /// Paid.
    Ok,
    /// The payment was refused or broken off.
    Failed,
    /// Reversed after it was paid. The vendor's SDKs also spell it with one `l`.
    #[serde(alias = "canceled")]
    Cancelled,
    /// Given up before it was paid.
    Aborted,
    /// A remote payment is authorised (`prepare`), not captured yet.
    Approved,
    /// A remote payment is captured, its money on the way.
    Pending,
    /// An order that has come in.
    Received,
    /// An order that was sent.
    Shipped,
    /// An order that waits to be fetched.
    Collection,
    /// An order that was fetched.
    Collected,
    /// Any other status; like those of orders never taken for a definite outcome.
    #[serde(other)]
    #[schemars(skip)]
    Other,
}

impl Status {
    /// As the API spells it, `unknown` for [`Status::Other`].
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Processing => "processing",
            Self::Ok => "ok",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Aborted => "aborted",
            Self::Approved => "approved",
            Self::Pending => "pending",
            Self::Received => "received",
            Self::Shipped => "shipped",
            Self::Collection => "collection",
            Self::Collected => "collected",
            Self::Other => "unknown",
        }
    }

    /// True when the server will not change its mind without a further request of ours.
    #[must_use]
    pub const fn is_definite(self) -> bool {
        matches!(self, Self::Ok | Self::Failed | Self::Cancelled | Self::Aborted)
    }
}

/// How the remainder is paid: the last part of `…/start/{method}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum StartMethod {
    /// Cash, or anything the shop does without the vendor: tracked, not processed.
    Cash,
    /// A payment terminal; the call blocks until it is done.
    Cashless,
    /// The card pays everything.
    Loyalty,
}

impl StartMethod {
    /// The path segment.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cash => "cash",
            Self::Cashless => "cashless",
            Self::Loyalty => "loyalty",
        }
    }
}

impl fmt::Display for StartMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The body of create (POST) and update (PUT): what a till sends.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct TransactionRequest {
    /// "Payment not executed"; the guides' examples set it.
    #[serde(deserialize_with = "lenient::truth")]
    pub is_demo: bool,
    /// `sale` at the till.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    pub intent: Option<String>,
    /// The till's own unique reference of the sale.
    #[serde(
        rename = "transactionRef",
        deserialize_with = "lenient::text",
        skip_serializing_if = "Option::is_none"
    )]
    pub transaction_ref: Option<String>,
    /// The merchant's reference.
    #[serde(
        rename = "merchantRef",
        deserialize_with = "lenient::text",
        skip_serializing_if = "Option::is_none"
    )]
    pub merchant_ref: Option<String>,
    /// The customer's card, if one was swiped.
    #[serde(deserialize_with = "lenient::list")]
    pub idents: Vec<IdentRequest>,
    /// The articles.
    pub basket: Option<BasketRequest>,
    /// Sum and currency; the sum must equal the basket.
    pub basket_info: Option<BasketInfoRequest>,
}

/// An ident as sent: `{"type": "card", "value": "9276…"}`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(extend("required" = ["type", "value"]))]
pub struct IdentRequest {
    /// `card`, `checkin` or `create_card`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The card number (or other identifying text); secret in logs.
    #[serde(deserialize_with = "lenient::text_or_empty")]
    pub value: String,
}

impl fmt::Debug for IdentRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdentRequest")
            .field("kind", &self.kind)
            .field("value", &crate::text::mask_card(&self.value, true))
            .finish()
    }
}

/// The basket as sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct BasketRequest {
    /// The lines, in the order of the till.
    #[serde(deserialize_with = "lenient::list")]
    pub products: Vec<ItemRequest>,
    /// Notes; left out when there are none.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub texts: Vec<BasketText>,
}

/// A note on the basket or on one of its lines.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct BasketText {
    /// 1, 2, 3 … within the texts.
    #[serde(deserialize_with = "lenient::whole_or_zero")]
    pub id: i64,
    /// Id of its line; null for the whole basket.
    #[serde(deserialize_with = "lenient::whole")]
    pub parent: Option<i64>,
    /// What is said.
    #[serde(deserialize_with = "lenient::text_or_empty")]
    pub desc: String,
}

/// One basket line as sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(extend("required" = ["id", "desc", "quantity", "priceOne", "tax"]))]
pub struct ItemRequest {
    /// 1, 2, 3 … within the basket.
    #[serde(deserialize_with = "lenient::whole_or_zero")]
    pub id: i64,
    /// Left out when the article has none: the API evaluates EANs.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    pub ean: Option<String>,
    /// The shop's own article number.
    #[serde(rename = "articleNumber", deserialize_with = "lenient::text")]
    #[schemars(extend("type" = ["string", "number", "null"]))]
    pub article_number: Option<String>,
    /// What the customer reads.
    #[serde(deserialize_with = "lenient::text_or_empty")]
    pub desc: String,
    /// Pieces; negative on a return line.
    #[serde(deserialize_with = "lenient::whole_or_zero")]
    pub quantity: i64,
    /// Gross price of one piece, minor units.
    #[serde(rename = "priceOne", alias = "price")]
    pub price_one: Money,
    /// VAT in percent.
    pub tax: Tax,
}

/// Sum and currency as sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BasketInfoRequest {
    /// Gross sum of all lines, minor units.
    pub sum: Money,
    /// ISO 4217; `EUR` where absent.
    #[serde(default = "euro")]
    pub currency: String,
}

fn euro() -> String {
    "EUR".to_owned()
}

/// A transaction as the API answers it, in the documented order of fields.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Transaction {
    /// Always `smart.transactions`.
    pub object: String,
    /// `STX_…`.
    pub id: String,
    /// The shop.
    pub merchant: Merchant,
    /// The till's device; after the start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_source: Option<Reference>,
    /// The payment terminal; after a terminal payment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_destination: Option<Reference>,
    /// Loyalty and payment transactions that belong to this one.
    #[serde(deserialize_with = "lenient::list")]
    pub transactions: Vec<Reference>,
    /// ISO 8601 with zone.
    pub created: String,
    /// ISO 8601 with zone; after the first change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated: Option<String>,
    /// Where the transaction stands.
    pub status: Status,
    /// The till's own reference.
    #[serde(rename = "transactionRef", deserialize_with = "lenient::text")]
    pub transaction_ref: Option<String>,
    /// The merchant's reference.
    #[serde(rename = "merchantRef", deserialize_with = "lenient::text")]
    pub merchant_ref: Option<String>,
    /// `sale`, or null.
    pub intent: Option<String>,
    /// The articles.
    pub basket: Basket,
    /// Customer receipt; after the start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Vec<ReceiptLine>>,
    /// Number of the terminal receipt.
    #[serde(deserialize_with = "lenient::whole", skip_serializing_if = "Option::is_none")]
    pub receipt_number: Option<i64>,
    /// Merchant's copy of a terminal receipt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt_merchant: Option<Vec<ReceiptLine>>,
    /// Whether the till must print the merchant's copy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt_merchant_print: Option<bool>,
    /// Sums.
    pub basket_info: BasketInfo,
    /// The customer's card.
    #[serde(deserialize_with = "lenient::list")]
    pub idents: Vec<Ident>,
    /// Whether nothing is really paid.
    #[serde(deserialize_with = "lenient::truth")]
    pub is_demo: bool,
    /// Web-shop context; the till ignores it.
    pub application_context: Value,
    /// Web-shop links; null at the till.
    pub checkout_links: Value,
    /// Web-shop links; null at the till.
    pub payment_links: Value,
    /// Further documented fields that a server tells again as they were sent (`cashier`,
    /// `delivery_options`, …). Written, never read: a till has no use for them.
    #[serde(flatten, skip_deserializing)]
    pub more: Map<String, Value>,
}

/// The basket as answered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Basket {
    /// Lines, with the bonus products at the end while a card is applied.
    #[serde(deserialize_with = "lenient::list")]
    pub products: Vec<Item>,
    /// Notes as sent, always empty in the documents of today. Not read: whatever stands there must
    /// not make an answer about money unreadable.
    #[serde(deserialize_with = "lenient::list")]
    pub texts: Vec<Value>,
    /// Always `default`.
    #[serde(rename = "type")]
    pub kind: String,
}

/// One basket line as answered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Item {
    /// As sent.
    #[serde(deserialize_with = "lenient::whole_or_zero")]
    pub id: i64,
    /// Id of the bundle's head line, or null.
    #[serde(deserialize_with = "lenient::whole")]
    pub parent: Option<i64>,
    /// `""` where none was sent.
    #[serde(rename = "articleNumber", deserialize_with = "lenient::text_or_empty")]
    pub article_number: String,
    /// `""` where none was sent.
    #[serde(deserialize_with = "lenient::text_or_empty")]
    pub ean: String,
    /// As sent.
    #[serde(deserialize_with = "lenient::text_or_empty")]
    pub desc: String,
    /// As sent.
    #[serde(deserialize_with = "lenient::whole_or_zero")]
    pub quantity: i64,
    /// Gross price of one piece, minor units; negative on bonus products.
    #[serde(rename = "priceOne")]
    pub price_one: Money,
    /// VAT in percent; 0 on card charges until they are paid.
    pub tax: Tax,
    /// Merchandise groups.
    #[serde(deserialize_with = "lenient::list")]
    pub group: Vec<Value>,
    /// Serial number of a gift card that is sold.
    #[serde(rename = "serialNumber", deserialize_with = "lenient::text")]
    pub serial_number: Option<String>,
    /// `article` where none was sent.
    pub item_type: String,
    /// Sub-baskets only.
    pub reference_id: Value,
    /// Sub-baskets only.
    pub contract_id: Value,
    /// Sub-baskets only.
    pub sum: Value,
    /// The lines of a sub-basket, one level deep; left out on all other lines.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub sub_basket: Vec<Item>,
    /// Plan of a subscription; left out on all other lines.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    pub plan_id: Option<String>,
    /// ISO 8601 begin of a subscription; left out on all other lines.
    #[serde(deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    pub start_at: Option<String>,
}

/// Sums as answered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct BasketInfo {
    /// Gross sum of the articles, without the applied card.
    pub sum: Money,
    /// Tips included, or null.
    pub gratuity: Option<Money>,
    /// ISO 4217.
    #[serde(deserialize_with = "lenient::text_or_empty")]
    pub currency: String,
    /// What remains to pay; only while a card is applied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing_sum: Option<Money>,
}

/// An ident as answered, with the card behind it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Ident {
    /// Always `smart.idents`.
    pub object: String,
    /// `smi_1` for a card.
    pub id: String,
    /// `9276` for a card.
    #[serde(deserialize_with = "lenient::text")]
    pub prefix: Option<String>,
    /// What kind of card it is.
    #[serde(deserialize_with = "lenient::text")]
    pub name: Option<String>,
    /// `card`, `checkin` or `create_card`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The card number; secret in logs.
    #[serde(deserialize_with = "lenient::text_or_empty")]
    pub value: String,
    /// Whether the API knows it.
    #[serde(deserialize_with = "lenient::truth")]
    pub valid: bool,
    /// Balances and state at this merchant; null for an unknown card.
    pub merchantcard: Option<MerchantCard>,
    /// The card holder, or null.
    pub customer: Value,
}

impl fmt::Debug for Ident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ident")
            .field("kind", &self.kind)
            .field("value", &crate::text::mask_card(&self.value, true))
            .field("valid", &self.valid)
            .field("merchantcard", &self.merchantcard)
            .finish_non_exhaustive()
    }
}

/// What `preTransaction` answers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct PreTransaction {
    /// What remains to pay, minor units.
    pub missing_sum: Money,
    /// The bonus that is redeemed, one line per VAT rate, prices negative.
    #[serde(deserialize_with = "lenient::list")]
    pub bonus_products: Vec<BonusProduct>,
}

/// One bonus line of [`PreTransaction`]: fewer fields, another order than [`Item`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct BonusProduct {
    /// Continues the basket's numbering.
    #[serde(deserialize_with = "lenient::whole_or_zero")]
    pub id: i64,
    /// As configured for the VAT rate, `111000007`.
    #[serde(rename = "articleNumber", deserialize_with = "lenient::text_or_empty")]
    pub article_number: String,
    /// Usually empty.
    #[serde(deserialize_with = "lenient::text_or_empty")]
    pub ean: String,
    /// Always 1.
    #[serde(deserialize_with = "lenient::whole_or_zero")]
    pub quantity: i64,
    /// Negative, minor units.
    #[serde(rename = "priceOne")]
    pub price_one: Money,
    /// VAT in percent.
    pub tax: Tax,
    /// `Bonus VAT 7%`.
    #[serde(deserialize_with = "lenient::text_or_empty")]
    pub desc: String,
}
