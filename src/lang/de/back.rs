//! German: what the customer gets back of a cancelled sale.
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
        StartMethod::Cash => format!(" {} bar zurückgeben.", money(back.paid)),
        StartMethod::Cashless => {
            format!(" {} gehen über das Terminal auf die Bankkarte zurück.", money(back.paid))
        }
    };
    let card = match back.side {
        CardSide::TakenBack if back.card.is_zero() => String::new(),
        CardSide::TakenBack => format!(" {} sind wieder auf der Kundenkarte.", money(back.card)),
        CardSide::Standing => format!(
            " Die Buchung auf der Kundenkarte STEHT noch: {} auf dem Verkauf nimmt sie zurück.",
            key(Command::VoidOrReturn)
        ),
        CardSide::NotKnown => format!(
            " Ob die Buchung auf der Kundenkarte zurückgenommen wurde, ist NICHT bekannt: {} zeigt \
             die Karte.",
            key(Command::Card)
        ),
    };
    format!("Storniert.{paid}{card}")
}
