//! English: what the customer gets back of a cancelled sale.
//!
//! Owns one sentence for each part of the money. Must not decide what is known of it.

use crate::money::Money;
use crate::till::{Back, CardSide, Command};
use crate::wire::StartMethod;

/// What is handed back, and how: only what has gone back, never the sum beside another amount.
pub(super) fn give_back(
    back: &Back,
    money: &impl Fn(Money) -> String,
    key: &impl Fn(Command) -> String,
) -> String {
    let mut text = "Cancelled.".to_owned();
    match back.method {
        StartMethod::Cash if !back.paid.is_zero() => {
            text.push_str(&format!(" Give back {} in cash.", money(back.paid)));
        }
        StartMethod::Cashless if !back.paid.is_zero() => text.push_str(&format!(
            " {} goes back to the customer's bank card via the terminal.",
            money(back.paid)
        )),
        StartMethod::Cash | StartMethod::Cashless | StartMethod::Loyalty => {}
    }
    match back.side {
        CardSide::TakenBack if !back.card.is_zero() => {
            text.push_str(&format!(" {} is back on the card.", money(back.card)));
        }
        CardSide::TakenBack => {}
        CardSide::Standing => text.push_str(&format!(
            " The booking on the customer's card still STANDS: {} on the sale takes it back.",
            key(Command::Storno)
        )),
        CardSide::NotKnown => text.push_str(&format!(
            " Whether the booking on the customer's card was taken back is NOT known: {} shows the \
             card.",
            key(Command::Card)
        )),
    }
    text
}
