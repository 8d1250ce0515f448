//! Card accounts.
//!
//! Owns balances: every change is a [`crate::sandbox::Booking`] through [`Account::book`], which refuses to go
//! below zero or beyond what an account may hold. Must not know transactions or baskets.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::money::Money;
use crate::wire::{CardGroup, CardRef, LockStatus, Merchant, MerchantCard, Reference, StockStatus};

use crate::sandbox::fixtures::{CardFixture, Fixtures, GroupFixture};
use crate::sandbox::refusal::Refusal;
use crate::sandbox::store::codes::Codes;

/// No account holds more than ten million, which keeps every sum far from the integer limits.
const MOST: Money = Money(1_000_000_000);

/// What a card holds, minor units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balance {
    /// Loaded money.
    pub cash: Money,
    /// Collected bonus.
    pub bonus: Money,
    /// Points, which are no money.
    #[serde(default)]
    pub points: i64,
}

/// One card at the merchant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Account {
    /// Everything but the balances, as the API shows it.
    shown: MerchantCard,
    balance: Balance,
    #[serde(default)]
    pub(crate) codes: Codes,
    #[serde(default)]
    lock: Lock,
    /// What the merchant keeps with the card.
    #[serde(default)]
    additional_data: Value,
    /// The user of the merchant's app that it belongs to.
    #[serde(default)]
    pub(crate) user: Option<String>,
}

/// Why a card is locked; empty for one that is not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Lock {
    pub(crate) reason: Option<i64>,
    pub(crate) note: Option<String>,
}

impl Account {
    pub(crate) fn new(card: &CardFixture, shop: &Fixtures) -> Self {
        let merchant = |id: Option<&String>| Merchant {
            object: "general.merchants".to_owned(),
            id: id.unwrap_or(&shop.merchant_id).clone(),
            companyname: None,
        };
        let shown = MerchantCard {
            object: "loyalty.merchantcards".to_owned(),
            id: card.merchantcard_id.clone(),
            merchant: merchant(card.merchant_id.as_ref()),
            created_for_merchant: merchant(card.issuer_id.as_ref()),
            card: CardRef {
                object: "loyalty.cards".to_owned(),
                id: card.card_id.clone(),
                cardnumber: card.number.clone(),
                created: card.created.clone(),
            },
            cardgroup: card_group(&card.group, shop.group(&card.group)),
            created_for_store: Some(Reference::new("general.stores", shop.store_id.clone())),
            is_base_card: card.is_base_card,
            passcode: card.passcode,
            last_usage: card.last_usage.clone(),
            last_charge: card.last_charge.clone(),
            stock_status: card.stock_status,
            lock_status: card.lock_status,
            ..MerchantCard::default()
        };
        Self {
            shown,
            balance: Balance { cash: card.cash, bonus: card.bonus, points: card.points },
            codes: Codes::new(card.csc.clone(), card.pin),
            lock: Lock { reason: card.lock_reason, note: None },
            additional_data: Value::Null,
            user: None,
        }
    }

    /// `MCD_…`.
    pub(crate) fn id(&self) -> &str {
        &self.shown.id
    }

    /// The card's number.
    pub(crate) fn number(&self) -> &str {
        &self.shown.card.cardnumber
    }

    /// `CRD_…`.
    pub(crate) fn card_id(&self) -> &str {
        &self.shown.card.id
    }

    /// `CRG_…` of its programme.
    pub(crate) fn group(&self) -> &str {
        &self.shown.cardgroup.id
    }

    /// `MRC_…` of the merchant that it belongs to.
    pub(crate) fn merchant(&self) -> &str {
        &self.shown.merchant.id
    }

    /// When its passcode is asked for.
    pub(crate) const fn asks_passcode(&self) -> i64 {
        self.shown.passcode
    }

    /// The card as the API shows it, without its balances.
    pub(crate) const fn card(&self) -> &MerchantCard {
        &self.shown
    }

    /// What the merchant keeps with the card.
    pub(crate) const fn additional_data(&self) -> &Value {
        &self.additional_data
    }

    pub(crate) const fn balance(&self) -> Balance {
        self.balance
    }

    /// Whether and why the card is locked.
    pub(crate) fn lock(&self) -> Option<&Lock> {
        (self.shown.lock_status != LockStatus::Unlocked).then_some(&self.lock)
    }

    /// Locks the card for a reason, or unlocks it.
    pub(crate) fn set_lock(&mut self, lock: Option<Lock>) {
        self.shown.lock_status =
            if lock.is_some() { LockStatus::Locked } else { LockStatus::Unlocked };
        self.lock = lock.unwrap_or_default();
    }

    /// Moves the card to another programme; the balances go with it.
    pub(crate) fn set_group(&mut self, group: &GroupFixture) {
        self.shown.cardgroup = card_group(&group.id, Some(group));
    }

    pub(crate) fn set_expiry(&mut self, date: Option<String>) {
        self.shown.expiry_date = date;
    }

    pub(crate) fn set_additional_data(&mut self, data: Value) {
        self.additional_data = data;
    }

    /// The holder's id.
    pub(crate) fn customer(&self) -> Option<&str> {
        self.shown.customer.as_ref()?.get("id")?.as_str()
    }

    /// Shows this holder from now on, or none.
    pub(crate) fn set_customer(&mut self, customer: Option<Value>) {
        self.shown.customer = customer;
    }

    /// Whether the card takes part in payments: neither locked nor out of circulation.
    pub(crate) fn is_usable(&self) -> bool {
        self.may_spend().is_ok()
    }

    /// Refuses a card that may not pay.
    pub(crate) fn may_spend(&self) -> Result<(), Refusal> {
        self.may_be_charged()?;
        if self.shown.stock_status == StockStatus::Active {
            Ok(())
        } else {
            Err(Refusal::Card("card is not active"))
        }
    }

    /// Refuses a card that may not be loaded. An inactive one may: that is how it is sold.
    pub(crate) fn may_be_charged(&self) -> Result<(), Refusal> {
        if self.shown.lock_status == LockStatus::Unlocked {
            Ok(())
        } else {
            Err(Refusal::Card("card is locked"))
        }
    }

    /// Changes the balances, or neither of them when one would leave its bounds.
    pub(crate) fn book(&mut self, change: Balance) -> Result<(), Refusal> {
        let cash = self.balance.cash + change.cash;
        let bonus = self.balance.bonus + change.bonus;
        let points = self.balance.points.saturating_add(change.points);
        if cash.is_negative() || bonus.is_negative() || points < 0 {
            return Err(Refusal::Insufficient);
        }
        if cash > MOST || bonus > MOST || points > MOST.minor() {
            return Err(Refusal::Card("card would hold too much"));
        }
        self.balance = Balance { cash, bonus, points };
        Ok(())
    }

    /// Notes a use at `at` (ISO 8601) and puts a charged card into circulation.
    pub(crate) fn touch(&mut self, at: &str, charged: bool) {
        self.shown.last_usage = Some(at.to_owned());
        if charged {
            self.shown.last_charge = Some(at.to_owned());
            self.shown.stock_status = StockStatus::Active;
        }
    }
}

/// The programme as a card names it.
fn card_group(id: &str, group: Option<&GroupFixture>) -> CardGroup {
    let name = group.map(|group| group.name.clone()).unwrap_or_default();
    CardGroup {
        object: "loyalty.cardgroups".to_owned(),
        id: id.to_owned(),
        display_name: name.clone(),
        display_name_raw: name,
        stock_warn_limit: 0,
        picture: group.and_then(|group| group.picture.clone()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::sandbox::fixtures;

    fn account(number: &str) -> Account {
        let shop = Fixtures::default();
        let card = shop.cards.iter().find(|card| card.number == number).unwrap();
        Account::new(card, &shop)
    }

    #[test]
    fn a_booking_that_would_overdraw_changes_nothing() {
        let mut account = account(fixtures::CARD_BONUS);
        let before = account.balance();
        let change = Balance { cash: Money(-100), bonus: Money(-21), points: 0 };
        assert_eq!(account.book(change), Err(Refusal::Insufficient));
        assert_eq!(account.balance(), before);
        account.book(Balance { cash: Money(-200), bonus: Money(-20), points: 0 }).unwrap();
        assert_eq!(account.balance(), Balance::default());
    }

    #[test]
    fn an_account_is_bounded() {
        let mut account = account(fixtures::CARD_RICH);
        let change = Balance { cash: Money(i64::MAX), ..Balance::default() };
        assert!(account.book(change).is_err());
        assert_eq!(account.balance().cash, Money(5_000_000));
    }

    #[test]
    fn an_inactive_card_may_be_charged_and_a_locked_one_may_not() {
        let locked = account(fixtures::CARD_LOCKED);
        assert!(locked.may_spend().is_err());
        assert!(locked.may_be_charged().is_err());
        let mut inactive = account(fixtures::CARD_INACTIVE);
        assert!(inactive.may_spend().is_err());
        inactive.may_be_charged().unwrap();
        inactive.touch("2020-09-25T11:15:30+02:00", true);
        inactive.may_spend().unwrap();
    }

    #[test]
    fn debug_output_masks_the_number() {
        let shown = format!("{:?}", account(fixtures::CARD_BONUS));
        assert!(!shown.contains(fixtures::CARD_BONUS));
    }
}
