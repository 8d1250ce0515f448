//! Merchant cards: a card's balances and state at one merchant ([`super::api::loyalty`]).

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Merchant, Reference, lenient};
use crate::money::Money;

/// Whether the card is in circulation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum StockStatus {
    /// In circulation.
    #[default]
    Active,
    /// Not (yet) in circulation.
    Inactive,
    /// In the shop's stock.
    Stored,
    /// Anything else.
    #[serde(other)]
    #[schemars(skip)]
    Other,
}

/// Whether the card is blocked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LockStatus {
    /// Usable.
    #[default]
    Unlocked,
    /// Blocked: it must not be added to a transaction.
    Locked,
    /// Anything else; treated as usable, the server decides.
    #[serde(other)]
    #[schemars(skip)]
    Other,
}

/// The relation of a card, a merchant and a programme; the balances live here.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct MerchantCard {
    /// Always `loyalty.merchantcards`.
    pub object: String,
    /// `MCD_…`.
    pub id: String,
    /// The merchant.
    pub merchant: Merchant,
    /// The merchant that issued the card.
    pub created_for_merchant: Merchant,
    /// The plastic.
    pub card: CardRef,
    /// The programme.
    pub cardgroup: CardGroup,
    /// The store that issued the card.
    pub created_for_store: Option<Reference>,
    /// The card holder; `null` inside a transaction, left out of list answers.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub customer: Option<Value>,
    /// No further meaning is documented.
    #[serde(deserialize_with = "lenient::truth")]
    pub is_base_card: bool,
    /// Points of programmes that have them.
    #[serde(deserialize_with = "lenient::whole_or_zero")]
    pub points: i64,
    /// Loaded money, minor units.
    pub cash_balance: Money,
    /// Collected bonus, minor units.
    pub bonus_balance: Money,
    /// `cash_balance + bonus_balance`.
    pub balance: Money,
    /// ISO 8601, or null.
    pub last_usage: Option<String>,
    /// ISO 8601, or null.
    pub last_charge: Option<String>,
    /// Whether the card is in circulation.
    pub stock_status: StockStatus,
    /// Whether the card is blocked.
    pub lock_status: LockStatus,
    /// Which operations ask for a passcode; 0 none.
    #[serde(deserialize_with = "lenient::whole_or_zero")]
    pub passcode: i64,
    /// ISO 8601, or null.
    pub expiry_date: Option<String>,
}

fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// The plastic card.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct CardRef {
    /// Always `loyalty.cards`.
    pub object: String,
    /// `CRD_…`.
    pub id: String,
    /// Sixteen digits; secret in logs.
    #[serde(deserialize_with = "lenient::text_or_empty")]
    pub cardnumber: String,
    /// ISO 8601.
    #[serde(deserialize_with = "lenient::text_or_empty")]
    pub created: String,
}

impl fmt::Debug for CardRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CardRef")
            .field("id", &self.id)
            .field("cardnumber", &crate::text::mask_card(&self.cardnumber, true))
            .finish_non_exhaustive()
    }
}

/// The programme of a card.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct CardGroup {
    /// Always `loyalty.cardgroups`.
    pub object: String,
    /// `CRG_…`.
    pub id: String,
    /// What the customer calls it.
    #[serde(deserialize_with = "lenient::text_or_empty")]
    pub display_name: String,
    /// The same without markup.
    #[serde(deserialize_with = "lenient::text_or_empty")]
    pub display_name_raw: String,
    /// Reorder threshold; the till ignores it.
    #[serde(deserialize_with = "lenient::whole_or_zero")]
    pub stock_warn_limit: i64,
    /// Address of a picture; the till ignores it.
    #[serde(deserialize_with = "lenient::text")]
    pub picture: Option<String>,
}

/// What `GET /Loyalty/MerchantCards?q=…` answers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct CardList {
    /// All matches, not only those of this page.
    #[serde(deserialize_with = "lenient::whole_or_zero")]
    pub count: i64,
    /// This page.
    #[serde(deserialize_with = "lenient::list")]
    pub data: Vec<MerchantCard>,
}

/// What `GET /Loyalty/MerchantCards/{id}/lock` answers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CardLock {
    /// Whether the card is blocked.
    pub lock_status: LockStatus,
    /// 1 lost, 2 defect, 3 claims, 6 expired, 8 not activated; 0 where it is not known.
    #[serde(deserialize_with = "lenient::whole_or_zero")]
    pub reason: i64,
    /// What whoever locked it wrote.
    #[serde(deserialize_with = "lenient::text_or_empty")]
    pub note: String,
}
