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
    let mut text = "Storniert.".to_owned();
    match back.method {
        StartMethod::Cash if !back.paid.is_zero() => {
            text.push_str(&format!(" {} bar zurückgeben.", money(back.paid)));
        }
        StartMethod::Cashless if !back.paid.is_zero() => text.push_str(&format!(
            " {} gehen über das Terminal auf die Bankkarte zurück.",
            money(back.paid)
        )),
        StartMethod::Cash | StartMethod::Cashless | StartMethod::Loyalty => {}
    }
    match back.side {
        CardSide::TakenBack if !back.card.is_zero() => {
            text.push_str(&format!(" {} sind wieder auf der Kundenkarte.", money(back.card)));
        }
        CardSide::TakenBack => {}
        CardSide::Standing => text.push_str(&format!(
            " Die Buchung auf der Kundenkarte STEHT noch: {} auf dem Verkauf nimmt sie zurück.",
            key(Command::Storno)
        )),
        CardSide::NotKnown => text.push_str(&format!(
            " Ob die Buchung auf der Kundenkarte zurückgenommen wurde, ist NICHT bekannt: {} zeigt \
             die Karte.",
            key(Command::Card)
        )),
    }
    text
}
