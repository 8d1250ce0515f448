//! What can be done with cards apart from sales (api.md §1.7).
//!
//! Each file adds steps to the ledger: checks of cards and codes, locks, holders, bookings without
//! a sale. Must not know HTTP.

mod bookings;
mod cards;
mod checks;
pub(crate) mod customers;
pub(crate) mod locks;
mod passcodes;
mod transactions;
mod users;

use serde_json::Value;

use crate::sandbox::ledger::{Book, Ledger};
use crate::sandbox::refusal::Refusal;
use crate::sandbox::request::node::Node;
use crate::sandbox::store::account::Account;

/// The terminal that bookings without a sale come from, if they name none.
const TERMINAL: &str = "VT000124";
/// What a merchant keeps with a card or a holder is no longer than this, in bytes of JSON.
const MOST_DATA: usize = 10_000;

/// Which card a request means: the path names a card (`MCD_…`) or the merchant (`me`, `MRC_…`),
/// the body may name its number.
pub(crate) struct Which<'a> {
    pub(crate) path: &'a str,
    pub(crate) number: Option<String>,
}

impl<'a> Which<'a> {
    pub(crate) fn read(path: &'a str, body: &Node<'_>) -> Result<Self, Refusal> {
        let number = body.present("cardnumber")?.map(|node| node.text()).transpose()?.flatten();
        Ok(Self { path, number })
    }
}

impl Book {
    /// The number of the card that is meant, `None` when there is no such card here.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for a path that names neither card nor merchant,
    /// [`Refusal::Format`] when no card is named at all.
    pub(crate) fn meant(&self, which: &Which<'_>) -> Result<Option<String>, Refusal> {
        let named = if self.is_merchant(which.path) {
            None
        } else if which.path.starts_with("MRC_") {
            return Err(Refusal::NotFound(format!("general.merchants {}", which.path)));
        } else {
            Some(self.number_of(which.path)?)
        };
        match (&which.number, named) {
            (Some(number), Some(named)) if *number != named => Ok(None),
            (Some(number), _) => Ok(self.accounts.contains_key(number).then(|| number.clone())),
            (None, Some(named)) => Ok(Some(named)),
            (None, None) => Err(Refusal::Format("cardnumber: missing".to_owned())),
        }
    }

    /// The card that is meant, which must be one.
    pub(crate) fn meant_account(&mut self, which: &Which<'_>) -> Result<&mut Account, Refusal> {
        let number = self.meant(which)?;
        number
            .and_then(|number| self.accounts.get_mut(&number))
            .ok_or(Refusal::Card("no valid card"))
    }

    /// Whether a path means this merchant; the documents also print `MRC` alone.
    fn is_merchant(&self, path: &str) -> bool {
        path.eq_ignore_ascii_case("me") || path == "MRC" || path == self.world.merchant_id
    }

    /// The number of the card `id` (`MCD_…`).
    pub(crate) fn number_of(&self, id: &str) -> Result<String, Refusal> {
        let found = self.accounts.values().find(|account| account.id() == id);
        let unknown = || Refusal::NotFound(format!("loyalty.merchantcards {id}"));
        found.map(|account| account.number().to_owned()).ok_or_else(unknown)
    }
}

/// What a merchant keeps with a card or a holder: any object.
fn additional_data(node: &Node<'_>) -> Result<Value, Refusal> {
    if node.is_null() {
        return Ok(Value::Null);
    }
    let data = Value::Object(node.map()?.clone());
    if data.to_string().len() > MOST_DATA { Err(node.wrong("too long")) } else { Ok(data) }
}

impl Ledger {
    /// One card.
    pub(crate) fn merchant_card(&self, id: &str) -> Result<Value, Refusal> {
        let book = self.book();
        let number = book.number_of(id)?;
        Ok(book.accounts.get(&number).map(Account::alone).unwrap_or_default())
    }

    /// One card, the plastic alone.
    pub(crate) fn plastic(&self, id: &str) -> Result<Value, Refusal> {
        let book = self.book();
        let found = book.accounts.values().find(|account| account.card_id() == id);
        let unknown = || Refusal::NotFound(format!("loyalty.cards {id}"));
        let card = found.ok_or_else(unknown)?.listed().card;
        Ok(serde_json::to_value(card).unwrap_or_default())
    }

    /// One programme.
    pub(crate) fn card_group(&self, id: &str) -> Result<Value, Refusal> {
        let book = self.book();
        let group = book.group(id)?;
        Ok(book.group_json(group))
    }

    /// Changes the card that is meant, in one step, and shows it.
    fn change_card(
        &self,
        which: &Which<'_>,
        change: impl FnOnce(&mut Account) -> Result<(), Refusal>,
    ) -> Result<Value, Refusal> {
        let mut book = self.book();
        let account = book.meant_account(which)?;
        change(account)?;
        let (number, shown) = (account.number().to_owned(), account.alone());
        book.touched.insert(number);
        self.record_rest(&mut book)?;
        Ok(shown)
    }
}
