//! When the shop is open, what its customers buy, and which cards they have.

use jiff::civil::{Date, Weekday, date};
use kasse::money::Money;
use kasse::sandbox::{CARD_BONUS, CARD_RICH, Fixtures};

use crate::sim::rng::Rng;

/// How many customers have a card. The first ones are those of the sandbox.
pub const CARDS: u64 = 200;
/// No history goes on after this day.
const LAST_DAY: Date = date(2026, 6, 30);
/// Fewer sales than are made on a day on average, counting the days on which the shop is closed.
const SALES_A_DAY: u64 = 220;

/// The books that the sandbox opens with: a card for each regular customer.
pub fn fixtures() -> Fixtures {
    let mut fixtures = Fixtures::default();
    fixtures.sales.clear();
    for number in 0..CARDS {
        let like = if number % 4 == 0 { CARD_RICH } else { CARD_BONUS };
        let mut card = fixtures.cards.iter().find(|card| card.number == like).unwrap().clone();
        card.number = self::card(number);
        card.card_id = format!("CRD_AGE{number:026}");
        card.merchantcard_id = format!("MCD_AGE{number:026}");
        card.cash = Money(if number % 4 == 0 { 5_000 } else { 0 });
        fixtures.cards.push(card);
    }
    fixtures
}

/// The number of a customer's card.
pub fn card(customer: u64) -> String {
    format!("927600448{customer:07}")
}

/// The day on which a till begins that has made `sales` by the last day.
pub fn first_day(sales: u64) -> Date {
    let days = i64::try_from(sales.div_ceil(SALES_A_DAY)).unwrap() + 3;
    LAST_DAY - jiff::Span::new().days(days)
}

/// How many customers come on this day: none on Sundays, most on Saturdays.
pub fn customers(day: Date, rng: &mut Rng) -> u64 {
    match day.weekday() {
        Weekday::Sunday => 0,
        Weekday::Saturday => rng.between(340, 420),
        _ => rng.between(230, 310),
    }
}

/// The numbers and codes of an article, as they are typed or scanned: often rolls, seldom cakes.
pub fn article(typed: &[String], rng: &mut Rng) -> String {
    // The smaller of two choices: the first articles of the catalogue are bought most.
    let last = typed.len() as u64 - 1;
    let index = rng.between(0, last).min(rng.between(0, last));
    typed[usize::try_from(index).unwrap()].clone()
}
