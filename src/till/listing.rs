//! The server's list of transactions, as far as it was loaded.
//!
//! Owns what is kept of a row: what a cashier looks for, card numbers in no other form than
//! [`CardNumber`]. Must not ask the server.

use serde::{Deserialize, Serialize};

use super::Slip;
use super::cancellation::loyalty;
use crate::money::Money;
use crate::shop::CardNumber;
use crate::wire::{Status, Transaction, TransactionPage};

/// Rows kept at the most: beyond that a search finds faster than a person.
const LONGEST: usize = 1_000;

/// Transactions as listed by the server, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// What was typed to find them; empty: all.
    pub search: String,
    /// Those that were loaded.
    pub rows: Vec<Listed>,
    /// All that match on the server.
    pub total: u64,
    /// Rows of the server's list that were sent so far.
    pub taken: usize,
    /// The highlighted one.
    pub selected: usize,
    /// What is being asked.
    pub fetch: Fetch,
}

/// What a [`Listing`] waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fetch {
    /// Nothing.
    Nothing,
    /// The next rows; since when, ms.
    Rows(u64),
    /// The selected row as it is now.
    Row,
    /// Nothing: the last rows did not come; the notice says why.
    Failed,
}

/// One transaction of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// `STX_…`.
    pub id: String,
    /// Where it stands.
    pub status: Status,
    /// ISO 8601.
    pub created: String,
    /// ISO 8601; after the first change.
    pub updated: Option<String>,
    /// The till's own reference.
    pub reference: Option<String>,
    /// The merchant's reference.
    pub merchant_ref: Option<String>,
    /// Number of the terminal's receipt.
    pub receipt_number: Option<i64>,
    /// Bookings on cards that belong to it.
    pub loyalty: usize,
    /// Gross sum of the articles.
    pub sum: Money,
    /// What the applied card left to pay.
    pub missing: Option<Money>,
    /// Pieces and names of the articles.
    pub articles: Vec<(i64, String, Money)>,
    /// The cards.
    pub cards: Vec<CardNumber>,
    /// What the server wrote.
    pub slip: Slip,
}

impl From<&Transaction> for Listed {
    fn from(of: &Transaction) -> Self {
        // A card that is still to be made has no number, and a check-in is none.
        let cards =
            of.idents.iter().filter(|ident| !ident.value.is_empty() && ident.kind == "card");
        let articles =
            of.basket.products.iter().map(|item| {
                (item.quantity, item.desc.clone(), item.price_one.times(item.quantity))
            });
        Self {
            id: of.id.clone(),
            status: of.status,
            created: of.created.clone(),
            updated: of.updated.clone(),
            reference: of.transaction_ref.clone().filter(|text| !text.is_empty()),
            merchant_ref: of.merchant_ref.clone().filter(|text| !text.is_empty()),
            receipt_number: of.receipt_number,
            loyalty: loyalty(&of.transactions),
            sum: of.basket_info.sum,
            missing: of.basket_info.missing_sum,
            articles: articles.collect(),
            cards: cards.map(|ident| CardNumber::new(&ident.value)).collect(),
            slip: Slip::from(of),
        }
    }
}

impl Listing {
    /// A list that nothing is known of yet.
    #[must_use]
    pub const fn of(search: String, fetch: Fetch) -> Self {
        Self { search, rows: Vec::new(), total: 0, taken: 0, selected: 0, fetch }
    }

    /// The highlighted transaction.
    #[must_use]
    pub fn current(&self) -> Option<&Listed> {
        self.rows.get(self.selected)
    }

    /// True where the server has more rows than were loaded.
    #[must_use]
    pub fn has_more(&self) -> bool {
        self.rows.len() < LONGEST && self.taken < usize::try_from(self.total).unwrap_or(usize::MAX)
    }

    /// Takes the next rows. Sales made meanwhile move the list on, so that rows may come twice.
    pub(super) fn append(&mut self, page: &TransactionPage) {
        self.fetch = Fetch::Nothing;
        self.total = page.total;
        // A server that sends nothing has nothing more, whatever it counts.
        self.taken = match page.taken {
            0 => usize::MAX,
            taken => self.taken.saturating_add(taken),
        };
        for row in &page.rows {
            if self.rows.iter().all(|known| known.id != row.id) {
                self.rows.push(Listed::from(row));
            }
        }
    }

    /// Takes what is now known of one transaction.
    pub(super) fn refresh(&mut self, transaction: &Transaction) {
        if let Some(row) = self.rows.iter_mut().find(|row| row.id == transaction.id) {
            *row = Listed::from(transaction);
        }
    }
}
