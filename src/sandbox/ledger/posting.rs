//! Changes of accounts: bookings and new cards.
//!
//! The only places that change balances or add cards.

use jiff::Timestamp;

use crate::money::Money;
use crate::sandbox::clock;
use crate::sandbox::fixtures::{CardFixture, GroupFixture};
use crate::sandbox::refusal::Refusal;
use crate::sandbox::store::{Account, Balance, Book, Booking, Kind, MOST_CARDS};

impl Book {
    /// Makes a card of a programme and gives its number.
    ///
    /// # Errors
    /// [`Refusal::Full`] when there are too many.
    pub(crate) fn issue(&mut self, group: &GroupFixture, at: Timestamp) -> Result<String, Refusal> {
        if self.accounts.len() >= MOST_CARDS {
            return Err(Refusal::Full("cards", MOST_CARDS));
        }
        let number = self.free_number();
        let card = CardFixture {
            number: number.clone(),
            card_id: self.ids.object("CRD"),
            merchantcard_id: self.ids.object("MCD"),
            passcode: group.passcode,
            csc: Some(self.ids.digits(4)),
            ..CardFixture::new(&group.id, &clock::iso(at))
        };
        let account = Account::new(&card, &self.shop);
        self.accounts.insert(number.clone(), account);
        self.changed_cards.insert(number.clone());
        Ok(number)
    }

    /// An unused card number; like all card numbers it has no valid check digit.
    fn free_number(&mut self) -> String {
        loop {
            let number = format!("927600442{}", self.ids.digits(7));
            if !self.accounts.contains_key(&number) && !has_check_digit(&number) {
                return number;
            }
        }
    }

    /// Changes the card's balances and makes the booking, which the caller completes and keeps.
    pub(crate) fn book_on(
        &mut self,
        number: &str,
        kind: Kind,
        change: Balance,
        amount: Money,
        at: Timestamp,
    ) -> Result<Booking, Refusal> {
        let account = self.accounts.get_mut(number).ok_or(Refusal::Card("no valid card"))?;
        let reversal = kind == Kind::Reversal;
        account.book(change).map_err(
            |refusal| {
                if reversal { Refusal::NotReversible } else { refusal }
            },
        )?;
        let balance = account.balance();
        Ok(Booking {
            id: self.ids.object("LTX"),
            code: self.ids.booking_code(),
            card: number.to_owned(),
            cash: change.cash,
            bonus: change.bonus,
            points: change.points,
            kind,
            amount,
            created: clock::iso(at),
            balance: balance.cash + balance.bonus,
            ..Booking::default()
        })
    }
}

/// Whether the number would pass as a bank card's.
fn has_check_digit(number: &str) -> bool {
    let digits = number.chars().rev().filter_map(|c| c.to_digit(10));
    let sum: u32 = digits
        .enumerate()
        .map(|(at, digit)| match (at % 2, digit * 2) {
            (0, _) => digit,
            (_, double) => double / 10 + double % 10,
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::sandbox::fixtures::Fixtures;

    /// The check of bank cards, from the right: every second digit counts double.
    fn luhn(digits: &str) -> bool {
        let sum: u32 = digits
            .bytes()
            .rev()
            .enumerate()
            .map(|(at, byte)| {
                let value = u32::from(byte - b'0') * if at % 2 == 1 { 2 } else { 1 };
                value / 10 + value % 10
            })
            .sum();
        sum.is_multiple_of(10)
    }

    #[test]
    fn new_numbers_look_like_the_documents_and_are_no_bank_cards() {
        assert!(luhn("4111111111111111") && !luhn("9276004429942845"));
        let mut book = Book::new(Fixtures::default(), 1);
        let group = book.shop.groups.first().unwrap().clone();
        for _ in 0..500 {
            let number = book.issue(&group, Timestamp::UNIX_EPOCH).unwrap();
            assert!(number.len() == 16 && number.starts_with("9276004"), "{number}");
            assert!(number.bytes().all(|byte| byte.is_ascii_digit()) && !luhn(&number), "{number}");
        }
    }
}
