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
    let paid = match back.method {
        _ if back.paid.is_zero() => String::new(),
        StartMethod::Loyalty => String::new(),
        StartMethod::Cash => format!(" Give back {} in cash.", money(back.paid)),
        StartMethod::Cashless => {
            format!(" {} goes back to the customer's bank card via the terminal.", money(back.paid))
        }
    };
    let card = match back.side {
        CardSide::TakenBack if back.card.is_zero() => String::new(),
        CardSide::TakenBack => format!(" {} is back on the card.", money(back.card)),
        CardSide::Standing => format!(
            " The booking on the customer's card still STANDS: {} on the sale takes it back.",
            key(Command::VoidOrReturn)
        ),
        CardSide::NotKnown => format!(
            " Whether the booking on the customer's card was taken back is NOT known: {} shows the \
             card.",
            key(Command::Card)
        ),
    };
    format!("Cancelled.{paid}{card}")
}
