//! How the bodies of `/Loyalty/…` look, for the description of the API.
//!
//! Shapes alone: the ledger reads and writes these bodies field by field. Must not decide anything.
#![allow(dead_code, reason = "describes what is read and written field by field")]
#![allow(clippy::struct_excessive_bools, reason = "the API has them")]

use schemars::JsonSchema;
use serde_json::{Map, Value};

use crate::money::Money;
use crate::wire::{CardRef, Merchant, MerchantCard, ReceiptLine, Reference};

/// A card by itself.
#[derive(JsonSchema)]
pub(super) struct Card {
    #[schemars(flatten)]
    card: MerchantCard,
    /// What the merchant keeps with it.
    #[schemars(skip_serializing_if = "Value::is_null")]
    additional_data: Value,
}

/// What shows that somebody has the card.
#[derive(JsonSchema)]
pub(super) struct CardPin {
    /// The four digits on its back.
    pin: String,
}

/// A card that was just made.
#[derive(JsonSchema)]
pub(super) struct NewCard {
    #[schemars(flatten)]
    card: MerchantCard,
    /// The four digits on its back.
    csc: String,
}

/// A card after a booking.
#[derive(JsonSchema)]
pub(super) struct BookedCard {
    #[schemars(flatten)]
    card: Card,
    receipt_header: Vec<ReceiptLine>,
    receipt: Vec<ReceiptLine>,
    /// The number of the booking on the receipt.
    trans_id: i64,
    /// What was moved, minor units.
    amount: Money,
}

/// A programme.
#[derive(JsonSchema)]
pub(super) struct Programme {
    /// Always `loyalty.cardgroups`.
    object: String,
    /// `CRG_…`
    id: String,
    merchant: Reference,
    display_name: String,
    display_name_raw: String,
    stock_warn_limit: i64,
    /// Address of its picture.
    picture: Option<String>,
    balance_limit: Option<i64>,
    balance_expiry: bool,
    cancel_selected: bool,
    description: Option<String>,
}

/// A card holder.
#[derive(JsonSchema)]
pub(super) struct CardHolder {
    /// Always `loyalty.customers`.
    object: String,
    /// `CUS_…`
    id: String,
    /// ISO 8601.
    created: String,
    merchant: Reference,
    contact: Map<String, Value>,
    merchant_contact: Map<String, Value>,
    account_contact: Value,
    payment_container: Vec<Value>,
    customernumber: Option<String>,
    note: Option<String>,
    /// `accepted`, `declined` or `not_set`.
    consent_for_communication: String,
    additional_data: Value,
}

/// A booking on a card.
#[derive(JsonSchema)]
pub(super) struct LoyaltyTransaction {
    /// Always `loyalty.transactions`.
    object: String,
    /// `LTX_…`
    id: String,
    /// ISO 8601.
    created: String,
    merchant: Merchant,
    cardgroup: Option<Programme>,
    store: Reference,
    merchantcard: Option<Reference>,
    card: Option<CardRef>,
    /// What it takes back.
    parents: Vec<Related>,
    /// What took it back.
    children: Vec<Related>,
    cleared: bool,
    clearing_information: Vec<Value>,
    /// The number of the booking on the receipt.
    trans_id: i64,
    /// The terminal that it came from.
    tid: Option<String>,
    /// `ok` or `cancelled`.
    status: String,
    /// Minor units.
    amount: Money,
    currency: String,
    /// What the card held then, minor units.
    balance: Money,
    description: String,
    /// The reference of its sale.
    purpose: Option<String>,
    additional_data: Value,
    /// ISO 8601.
    last_change: String,
    receipt: Vec<ReceiptLine>,
    is_cancelling: i64,
}

/// Another booking that one has to do with.
#[derive(JsonSchema)]
struct Related {
    /// Always `loyalty.transactions`.
    object: String,
    /// `LTX_…`
    id: String,
    trans_id: i64,
    ref_type_id: Value,
    /// `storno`.
    relation_type: String,
}

/// Whether a number is a card.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(super) struct Validity {
    is_valid: bool,
    /// Only of a card.
    #[schemars(skip_serializing_if = "Option::is_none")]
    has_passcode: Option<bool>,
    /// Only of a card.
    #[schemars(skip_serializing_if = "Option::is_none")]
    is_locked: Option<bool>,
}

/// Whether a card is locked.
#[derive(JsonSchema)]
pub(super) struct LockState {
    /// `locked` or `unlocked`.
    lock_status: String,
    reason: Option<i64>,
    note: Option<String>,
}

/// Why a card can be locked.
#[derive(JsonSchema)]
pub(super) struct LockReason {
    id: i64,
    desc: String,
}

/// What a card holds.
#[derive(JsonSchema)]
pub(super) struct CardBalance {
    valid: bool,
    /// Minor units, as all amounts.
    balance: Money,
    cash_balance: Money,
    bonus_balance: Money,
    zvt_cardgroup: Value,
    points: i64,
    new_passcode: bool,
    receipt_header: Vec<ReceiptLine>,
    receipt: Vec<ReceiptLine>,
    amount_split_enabled: bool,
    limit_allowed: bool,
    limit_str: String,
    limit: i64,
}

/// What a web terminal may do with a card: `disabled` alone for another merchant's.
#[derive(JsonSchema)]
pub(super) struct WebTerminal {
    #[schemars(skip_serializing_if = "Option::is_none")]
    disabled: Option<i64>,
    #[schemars(skip_serializing_if = "Option::is_none")]
    store: Option<Reference>,
    #[schemars(skip_serializing_if = "Option::is_none")]
    tid: Option<String>,
    #[schemars(skip_serializing_if = "Option::is_none")]
    actions: Option<Vec<String>>,
    #[schemars(skip_serializing_if = "Option::is_none")]
    gift_terminal: Option<i64>,
    #[schemars(skip_serializing_if = "Option::is_none")]
    amount_split_enabled: Option<i64>,
}

/// What changes on a card.
#[derive(JsonSchema)]
pub(super) struct CardChange {
    /// ISO 8601.
    expiry_date: Option<String>,
    additional_data: Option<Map<String, Value>>,
}

/// How many cards are made, and for whom.
#[derive(JsonSchema)]
pub(super) struct NewCards {
    /// 1 to 1000, absent for one.
    cards_amount: Option<i64>,
    customer: Option<HolderRequest>,
}

/// What is known of a card holder; what is absent stays as it was.
#[derive(JsonSchema)]
pub(super) struct HolderRequest {
    /// This merchant's id.
    merchant: Option<String>,
    /// Names, addresses and numbers.
    merchant_contact: Option<Map<String, Value>>,
    customernumber: Option<String>,
    note: Option<String>,
    /// `accepted`, `declined` or `not_set`.
    consent_for_communication: Option<String>,
    additional_data: Option<Map<String, Value>>,
    /// Forgets who it is; of changes alone.
    anonymize: Option<bool>,
}

/// Which number is meant; a card in the path needs none.
#[derive(JsonSchema)]
pub(super) struct Number {
    cardnumber: Option<String>,
    /// `MRC_…`
    merchant: Option<String>,
}

/// A code to check.
#[derive(JsonSchema)]
pub(super) struct CodeCheck {
    cardnumber: Option<String>,
    /// The four digits on the back.
    csc: String,
}

/// A passcode to check.
#[derive(JsonSchema)]
pub(super) struct PasscodeCheck {
    cardnumber: Option<String>,
    /// Up to six digits.
    pin: i64,
}

/// A passcode to choose or to take away.
#[derive(JsonSchema)]
pub(super) struct Passcode {
    cardnumber: Option<String>,
    /// Up to six digits.
    passcode: i64,
}

/// Which action might ask for a passcode, on which card.
#[derive(JsonSchema)]
pub(super) struct PasscodeQuestion {
    /// `charge`, `discharge`, `sale_revenue`, …
    action: Option<String>,
    cardnumber: Option<String>,
}

/// Why a card is locked.
#[derive(JsonSchema)]
pub(super) struct LockRequest {
    /// One of the lock reasons.
    reason: i64,
    note: Option<String>,
    /// Must be right if it is there.
    csc: Option<String>,
}

/// Why a card is unlocked.
#[derive(JsonSchema)]
pub(super) struct UnlockRequest {
    note: Option<String>,
    /// Must be right if it is there.
    csc: Option<String>,
}

/// A booking without a sale.
#[derive(JsonSchema)]
pub(super) struct BookingRequest {
    /// `charge`, `discharge`, `sale_revenue`, `charge_points`, `discharge_points` or
    /// `cancel_last`.
    action: String,
    /// Minor units or points; absent for `cancel_last` alone.
    amount: Option<i64>,
    /// The part of a revenue that earns, minor units.
    bonus_amount: Option<i64>,
    /// Whether to take what there is.
    amount_split_allowed: Option<bool>,
    terminal_id: Option<String>,
    tid: Option<String>,
    cardnumber: Option<String>,
    additional_data: Option<Map<String, Value>>,
}

/// Whose balance is asked for, and where.
#[derive(JsonSchema)]
pub(super) struct BalanceQuestion {
    cardnumber: Option<String>,
    terminal_id: Option<String>,
}
