//! The server's list of transactions, as far as it was loaded.
//!
//! Owns what is kept of a row: what a cashier looks for, card numbers in no other form than
//! [`CardNumber`]; and what may be searched for.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Hint, Label, Layer, Overlay, Then, moved};
use crate::money::Money;
use crate::shop::{CardNumber, CardPattern, Scan, Shape, recognise, shape};
use crate::text::mask_cards;
use crate::till::cancellation::loyalty;
use crate::till::update::Context;
use crate::till::{Call, Command, Settings, Slip, State, Waiter};
use crate::wire::{Status, Transaction, TransactionPage};

/// Longer numbers are codes: they are sold, as on every other screen.
const SEARCH_DIGITS: usize = 6;

/// Rows kept at the most: beyond that a search finds faster than a person.
const LONGEST: usize = 1_000;

/// Transactions as listed by the server, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// What was typed to find them; empty: all.
    pub search: String,
    /// Those that were loaded.
    pub rows: Arc<Vec<Listed>>,
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
    pub fn of(search: String, fetch: Fetch) -> Self {
        Self { search, rows: Arc::default(), total: 0, taken: 0, selected: 0, fetch }
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
    pub(in crate::till) fn append(&mut self, page: &TransactionPage) {
        self.fetch = Fetch::Nothing;
        self.total = page.total;
        // A server that sends nothing has nothing more, whatever it counts.
        self.taken = match page.taken {
            0 => usize::MAX,
            taken => self.taken.saturating_add(taken),
        };
        let rows = Arc::make_mut(&mut self.rows);
        for row in &page.rows {
            if rows.iter().all(|known| known.id != row.id) {
                rows.push(Listed::from(row));
            }
        }
    }

    /// Takes what is now known of one transaction.
    pub(in crate::till) fn refresh(&mut self, transaction: &Transaction) {
        if let Some(at) = self.rows.iter().position(|row| row.id == transaction.id)
            && let Some(row) = Arc::make_mut(&mut self.rows).get_mut(at)
        {
            *row = Listed::from(transaction);
        }
    }

    /// True while rows are waited for.
    pub(in crate::till) const fn waits_for_rows(&self) -> bool {
        matches!(self.fetch, Fetch::Rows(..))
    }
}

/// Whether a run of digits holds a number of this pattern, perhaps with others around it.
fn holds(card: &CardPattern, run: &str) -> bool {
    let at = |start| run.get(start..start + card.length);
    (0..run.len()).any(|start| at(start).is_some_and(|number| card.matches(number)))
}

/// True if `text` may be searched for; anything else is a scan.
fn is_search(text: &str, settings: &Settings) -> bool {
    let number = text.bytes().all(|byte| byte.is_ascii_digit());
    // A card's number belongs into no address: it would be kept where requests are logged.
    let card = text
        .split(|c: char| !c.is_ascii_digit())
        .any(|run| settings.scan.cards.iter().any(|card| holds(card, run)));
    let card = card || mask_cards(text, true) != text;
    if shape(text) == Shape::Raw || card || (number && text.len() > SEARCH_DIGITS) {
        return false;
    }
    // A code of goods is sold here too; words and short numbers are references.
    let scan = recognise(text, &settings.scan, &settings.catalogue);
    number || matches!(scan, Scan::Words(_) | Scan::Unknown(_))
}

impl Layer for Listing {
    /// References hold what is a command elsewhere.
    fn is_text(&self, typed: &str) -> bool {
        !typed.is_empty()
    }

    fn rows(&self, _: &State, _: &Settings) -> usize {
        self.rows.len()
    }

    /// At the last row that is here, the next ones are asked for.
    fn moved(&mut self, command: Command, rows: usize) -> Then {
        self.selected = moved(self.selected, command, rows);
        let down = matches!(command, Command::Down | Command::PageDown);
        let at_end = self.selected + 1 >= rows;
        if down && at_end && self.has_more() && !self.waits_for_rows() {
            |context| context.list_more()
        } else {
            |_| ()
        }
    }

    fn typed(&mut self) -> Then {
        |_| ()
    }

    /// All that is known of the highlighted transaction, and what the server says of it now.
    fn enter(&self, context: &mut Context) {
        let Some(row) = self.current() else { return context.bell() };
        context.state.overlays.cover(Overlay::Transaction(super::OneTransaction(0)));
        if !self.waits_for_rows() {
            context.call(Call::Read(row.id.clone()), Waiter::Row);
            if let Some(list) = context.listing() {
                list.fetch = Fetch::Row;
            }
        }
    }

    fn posted(&self, context: &mut Context, text: &str) -> bool {
        let searched = is_search(text, context.settings);
        if searched {
            context.list(text.to_owned());
        }
        searched
    }

    /// Of a list that was searched, all are listed again first.
    fn close(&self, context: &mut Context) {
        if self.search.is_empty() {
            context.state.overlays.close();
        } else {
            context.list(String::new());
        }
    }

    fn print(&self, context: &mut Context) -> bool {
        context.print_listed();
        true
    }

    fn awaits(&self, waiter: &Waiter) -> bool {
        match waiter {
            Waiter::Rows => self.waits_for_rows(),
            Waiter::Row => self.fetch == Fetch::Row,
            _ => false,
        }
    }

    fn counts(&self, _: &State) -> bool {
        self.waits_for_rows()
    }

    fn prompt(&self) -> Option<Label> {
        Some(Label::AskList)
    }

    fn hints(&self, _: &State, settings: &Settings) -> Vec<Hint> {
        let hints = vec![Hint::CHOOSE, Hint::enter(Label::Details), Hint::CANCEL, Hint::CLOSE];
        Hint::printed(settings, hints)
    }
}

impl Context<'_> {
    /// The list from its begin, of those that `search` finds.
    pub(in crate::till) fn list(&mut self, search: String) {
        self.call(Call::List(search.clone(), 0), Waiter::Rows);
        let listing = Listing::of(search, Fetch::Rows(self.state.now));
        self.state.overlays.replace(Overlay::Transactions(Box::new(listing)));
    }

    fn list_more(&mut self) {
        let Some((search, taken)) = self.listing().map(|list| (list.search.clone(), list.taken))
        else {
            return;
        };
        self.call(Call::List(search, taken), Waiter::Rows);
        let since = self.state.now;
        if let Some(list) = self.listing() {
            list.fetch = Fetch::Rows(since);
        }
    }

    /// The list, wherever it lies.
    pub(in crate::till) fn listing(&mut self) -> Option<&mut Listing> {
        self.state.overlays.iter_mut().find_map(|overlay| match overlay {
            Overlay::Transactions(listing) => Some(listing.as_mut()),
            _ => None,
        })
    }

    /// Prints what the server wrote of the highlighted transaction.
    pub(in crate::till) fn print_listed(&mut self) {
        let slip = self.state.listed().map(|row| row.slip.clone());
        self.print_slip(slip);
    }
}
