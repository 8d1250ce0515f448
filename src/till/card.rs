//! Who pays: a card, a customer who has checked in, or a card that the sale makes; and what the
//! server says of it.
//!
//! Owns how a customer is identified and shown. Must not decide what an answer of the server does
//! to the sale.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::money::Money;
use crate::shop::CardNumber;
use crate::wire::{CardGroup, Checkin, LockStatus, MerchantCard, StockStatus};

/// The customer's card in a sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleCard {
    /// How the server finds it. A plain number is written as journals always had it.
    #[serde(flatten)]
    pub ident: CardIdent,
    /// What the server said of it.
    pub state: CardState,
    /// What has proven it in this sale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Proof>,
}

/// The ident of a transaction ([`crate::wire::api::idents`]).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardIdent {
    /// A card that was swiped or typed.
    Number(CardNumber),
    /// A customer who has checked in.
    CheckIn(CheckIn),
    /// A card that the server makes when the sale is paid.
    New(Programme),
}

/// A customer who has checked in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckIn {
    /// `CKI_…`.
    pub id: String,
    /// What to call the customer.
    pub name: String,
    /// When, ISO 8601.
    pub created: String,
    /// What is on the customer's card, where the server told it.
    pub balance: Option<Money>,
}

/// A programme of which cards can be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Programme {
    /// `CRG_…`.
    pub id: String,
    /// What the customer calls it.
    pub name: String,
}

/// What has proven a card in a sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Proof {
    /// The server said that its passcode is right.
    Passcode,
}

impl SaleCard {
    /// A card of which the server has said nothing yet.
    #[must_use]
    pub const fn unchecked(ident: CardIdent) -> Self {
        Self { ident, state: CardState::Unchecked, proof: None }
    }

    /// The card's number, where it is known: of a check-in, and of a new card, the server tells it.
    #[must_use]
    pub fn number(&self) -> Option<&CardNumber> {
        match (&self.ident, &self.state) {
            (CardIdent::Number(number), _) => Some(number),
            (_, CardState::Known(view) | CardState::Locked(view)) => view.number.as_ref(),
            (_, CardState::Unchecked | CardState::Invalid) => None,
        }
    }

    /// Whether both are, for all that is known, the same customer's card. New cards never are.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        if matches!(self.ident, CardIdent::New(_)) || matches!(other.ident, CardIdent::New(_)) {
            return false;
        }
        self.ident == other.ident || (self.number().is_some() && self.number() == other.number())
    }
}

impl CardIdent {
    /// `type` and `value` of the ident as it is sent.
    #[must_use]
    pub fn wire(&self) -> (&'static str, &str) {
        match self {
            Self::Number(number) => ("card", number.reveal()),
            Self::CheckIn(check_in) => ("checkin", &check_in.id),
            Self::New(programme) => ("create_card", &programme.id),
        }
    }
}

/// What the server said of a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum CardState {
    /// Not asked yet, or no answer yet.
    Unchecked,
    /// Known and usable.
    Known(Box<CardView>),
    /// Known and locked: it is not sent with the sale any more.
    Locked(Box<CardView>),
    /// Unknown to the server: it is not sent with the sale any more.
    Invalid,
}

/// A card's balances and state, for the ident panel.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardView {
    /// Its number as the server gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<CardNumber>,
    /// The programme.
    pub programme: String,
    /// Loaded money.
    pub cash: Money,
    /// Collected bonus.
    pub bonus: Money,
    /// Both.
    pub balance: Money,
    /// Points.
    pub points: i64,
    /// In circulation.
    pub stock: StockStatus,
    /// Blocked.
    pub lock: LockStatus,
    /// ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_usage: Option<String>,
    /// ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_charge: Option<String>,
    /// ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry: Option<String>,
    /// Before what its passcode must be checked.
    #[serde(default)]
    pub passcode: PasscodeRule,
}

/// How long a card is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity<'a> {
    /// For long, or nothing is known of an end.
    Long,
    /// It ends on this day, ISO 8601, within the days that were asked about.
    EndsSoon(&'a str),
    /// It ended on this day, ISO 8601.
    Ended(&'a str),
}

impl CardView {
    /// How long the card is valid, seen from `today`; `soon` in days. The last day still counts.
    #[must_use]
    pub fn validity(&self, today: Date, soon: i32) -> Validity<'_> {
        let day = self.expiry.as_deref().and_then(|expiry| expiry.get(..10));
        let Some((day, date)) = day.and_then(|day| Some((day, day.parse::<Date>().ok()?))) else {
            return Validity::Long;
        };
        if date < today {
            Validity::Ended(day)
        } else if today.checked_add(soon.days()).is_ok_and(|limit| date <= limit) {
            Validity::EndsSoon(day)
        } else {
            Validity::Long
        }
    }
}

impl From<&MerchantCard> for CardView {
    fn from(card: &MerchantCard) -> Self {
        let number = &card.card.cardnumber;
        Self {
            number: (!number.is_empty()).then(|| CardNumber::new(number.as_str())),
            programme: card.cardgroup.display_name.clone(),
            cash: card.cash_balance,
            bonus: card.bonus_balance,
            balance: card.balance,
            points: card.points,
            stock: card.stock_status,
            lock: card.lock_status,
            last_usage: card.last_usage.clone(),
            last_charge: card.last_charge.clone(),
            expiry: card.expiry_date.clone(),
            passcode: PasscodeRule::from(card.passcode),
        }
    }
}

/// Before which operation a card's passcode must be checked: the card's `passcode`
/// ([`crate::wire::api::loyalty`]).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum PasscodeRule {
    /// 0.
    #[default]
    Never,
    /// 1, and every value that is not documented.
    Always,
    /// 2: before the card pays.
    Discharge,
    /// 3: before the card is loaded.
    Charge,
    /// 4: before revenue is recorded, which every sale with the card does.
    Revenue,
    /// 5 and 6: before points are spent or given by themselves, which a sale never does. The
    /// documents do not agree which is which.
    Points,
}

impl From<i64> for PasscodeRule {
    fn from(value: i64) -> Self {
        match value {
            0 => Self::Never,
            2 => Self::Discharge,
            3 => Self::Charge,
            4 => Self::Revenue,
            5 | 6 => Self::Points,
            _ => Self::Always,
        }
    }
}

impl From<CardGroup> for Programme {
    fn from(group: CardGroup) -> Self {
        Self { id: group.id, name: group.display_name }
    }
}

impl From<Checkin> for CheckIn {
    fn from(checkin: Checkin) -> Self {
        Self {
            id: checkin.id,
            name: checkin.customer_name,
            created: checkin.created,
            // A bare reference says nothing of the balance.
            balance: checkin
                .merchantcard
                .filter(|card| !card.card.cardnumber.is_empty())
                .map(|card| card.balance),
        }
    }
}
