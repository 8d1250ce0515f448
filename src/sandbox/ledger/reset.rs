//! The books as a whole: how much is in them, what they hold as fixtures, and the reset.

use std::sync::Arc;

use serde::Serialize;

use crate::sandbox::fixtures::{CardFixture, Fixtures, SaleFixture};
use crate::sandbox::ledger::Ledger;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::store::{Book, Sale, Stage};
use crate::sandbox::views::card;

/// How much is in the books.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub(crate) struct Counts {
    /// Cards with an account.
    cards: usize,
    /// Transactions in any status.
    transactions: usize,
    /// Bookings on cards.
    loyalty_transactions: usize,
}

impl Ledger {
    pub(crate) fn counts(&self) -> Counts {
        let book = self.book();
        Counts {
            cards: book.accounts.len(),
            transactions: book.sales.len(),
            loyalty_transactions: book.bookings.len(),
        }
    }

    /// Back to what the books opened with; ids follow from `seed` again.
    ///
    /// # Errors
    /// [`Refusal::Busy`] while a terminal payment is under way: it would end in other books.
    pub(crate) fn reset(&self, seed: u64) -> Result<(), Refusal> {
        let mut book = self.book();
        if book.sales.values().any(|sale| sale.paying.is_some()) {
            return Err(Refusal::Busy);
        }
        let reset = Book::new(Arc::clone(&book.shop), seed);
        if let Some(state) = self.state() {
            state.append_reset(&reset)?;
        }
        *book = reset;
        Ok(())
    }

    /// The books as fixtures: merchant, programmes and cards as they stand now, and those of the
    /// opening transactions that are unchanged. Bookings and card holders have no place in
    /// fixtures, nor has what the merchant keeps with a card.
    #[must_use]
    pub fn fixtures(&self) -> Fixtures {
        let book = self.book();
        let untouched = |fixture: &&SaleFixture| {
            book.sales.get(&fixture.id).is_some_and(|sale| {
                matches!(sale.stage, Stage::Created) && sale.draft == Sale::opening(fixture).draft
            })
        };
        Fixtures {
            cards: book.accounts.keys().filter_map(|number| book.card_fixture(number)).collect(),
            sales: book.shop.sales.iter().filter(untouched).cloned().collect(),
            ..Fixtures::clone(&book.shop)
        }
    }
}

impl Book {
    /// The card as a fixture: what the opening said of it, with the account's own data and balances.
    fn card_fixture(&self, number: &str) -> Option<CardFixture> {
        let account = self.accounts.get(number)?;
        let card = card::listed(account);
        let opening = self.shop.cards.iter().find(|card| card.number == number).cloned();
        Some(CardFixture {
            number: number.to_owned(),
            card_id: card.card.id,
            merchantcard_id: card.id,
            group: card.cardgroup.id,
            created: card.card.created,
            is_base_card: card.is_base_card,
            passcode: card.passcode,
            pin: account.codes.passcode(),
            csc: account.codes.csc().map(str::to_owned),
            cash: card.cash_balance,
            bonus: card.bonus_balance,
            points: card.points,
            last_usage: card.last_usage,
            last_charge: card.last_charge,
            stock_status: card.stock_status,
            lock_status: card.lock_status,
            lock_reason: account.lock().and_then(|lock| lock.reason),
            ..opening.unwrap_or_else(|| CardFixture::new("", ""))
        })
    }
}
