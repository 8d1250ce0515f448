//! The rule that no request may break: what cards hold is what they opened with and what was
//! booked on them since, and was never less than nothing.

use std::collections::BTreeMap;

use kasse::money::Money;
use kasse::sandbox::{Fixtures, Ledger};

/// The first card that breaks the rule.
pub fn check(ledger: &Ledger) -> Result<(), String> {
    let cards = Fixtures::default().cards;
    let mut held: BTreeMap<String, (Money, Money)> =
        cards.into_iter().map(|card| (card.number, (card.cash, card.bonus))).collect();
    for booking in ledger.bookings() {
        // A card that was made later starts empty.
        let (cash, bonus) = held.entry(booking.card.clone()).or_default();
        *cash += booking.cash;
        *bonus += booking.bonus;
        if cash.is_negative() || bonus.is_negative() {
            return Err(format!("{booking:?} overdraws"));
        }
    }
    for (number, holds) in held {
        let now = ledger.balance(&number).ok_or_else(|| format!("{number} is gone"))?;
        if (now.cash, now.bonus) != holds {
            return Err(format!("{number} holds {now:?}, its bookings come to {holds:?}"));
        }
    }
    Ok(())
}
