//! How the API shows a card.

use serde_json::{Value, json};

use crate::sandbox::store::Account;
use crate::sandbox::views::json::with;
use crate::wire::MerchantCard;

/// The card as list answers show it.
pub(crate) fn listed(account: &Account) -> MerchantCard {
    let balance = account.balance();
    MerchantCard {
        cash_balance: balance.cash,
        bonus_balance: balance.bonus,
        balance: balance.cash + balance.bonus,
        points: balance.points,
        ..account.card().clone()
    }
}

/// The card as a transaction shows it: with its holder, absent or not.
pub(crate) fn in_transaction(account: &Account) -> MerchantCard {
    let mut listed = listed(account);
    listed.customer.get_or_insert_default();
    listed
}

/// The card by itself: with what the merchant keeps with it, if anything.
pub(crate) fn alone(account: &Account) -> Value {
    let (card, data) = (json!(listed(account)), account.additional_data());
    if data.is_null() { card } else { with(card, [("additional_data", data.clone())]) }
}
