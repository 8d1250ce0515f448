//! Which card a request means, and how one is changed.

use serde_json::Value;

use crate::sandbox::ledger::Ledger;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::request::node::Node;
use crate::sandbox::store::{Account, Book};
use crate::sandbox::views;

/// The terminal that bookings without a sale come from, if they name none.
pub(super) const TERMINAL: &str = "VT000124";
/// What a merchant keeps with a card or a holder is no longer than this, in bytes of JSON.
const MOST_DATA: usize = 10_000;

/// How a request names a card: the path names a card (`MCD_…`) or the merchant (`me`, `MRC_…`), the
/// body may name the number.
pub(super) struct CardSelector<'a> {
    path: &'a str,
    number: Option<String>,
}

impl<'a> CardSelector<'a> {
    pub(super) const fn of_path(path: &'a str) -> Self {
        Self { path, number: None }
    }

    pub(super) fn read(path: &'a str, body: &Node<'_>) -> Result<Self, Refusal> {
        Ok(Self { path, number: body.text_of("cardnumber")? })
    }
}

impl Book {
    /// The number of the selected card, `None` when there is no such card here.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for a path that names neither card nor merchant,
    /// [`Refusal::Format`] when no card is named at all.
    pub(super) fn selected_number(
        &self,
        card: &CardSelector<'_>,
    ) -> Result<Option<String>, Refusal> {
        let named = if self.is_merchant(card.path) {
            None
        } else if card.path.starts_with("MRC_") {
            return Err(Refusal::not_found("general.merchants", card.path));
        } else {
            Some(self.merchant_card(card.path)?.number())
        };
        match (card.number.as_deref(), named) {
            (Some(number), Some(named)) if number != named => Ok(None),
            (Some(number), _) => Ok(self.accounts.contains_key(number).then(|| number.to_owned())),
            (None, Some(named)) => Ok(Some(named.to_owned())),
            (None, None) => Err(Refusal::Format("cardnumber: missing".to_owned())),
        }
    }

    /// The selected card, `None` when there is no such card here.
    pub(super) fn selected(&self, card: &CardSelector<'_>) -> Result<Option<&Account>, Refusal> {
        let number = self.selected_number(card)?;
        Ok(number.and_then(|number| self.accounts.get(&number)))
    }
}

impl Ledger {
    /// Changes the selected card with `change`, in one step, and shows it.
    pub(super) fn change_card(
        &self,
        card: &CardSelector<'_>,
        change: impl FnOnce(&mut Account) -> Result<(), Refusal>,
    ) -> Result<Value, Refusal> {
        let mut book = self.book();
        let number = book.selected_number(card)?.ok_or(Refusal::Card("no valid card"))?;
        let account = book.accounts.get_mut(&number).ok_or(Refusal::Card("no valid card"))?;
        change(account)?;
        let shown = views::card::alone(account);
        book.changed_cards.insert(number);
        self.record_rest(&mut book)?;
        Ok(shown)
    }
}

/// What a merchant keeps with a card or a holder: any object.
pub(super) fn additional_data(node: &Node<'_>) -> Result<Value, Refusal> {
    if node.is_null() {
        return Ok(Value::Null);
    }
    let data = Value::Object(node.map()?.clone());
    if data.to_string().len() > MOST_DATA { Err(node.wrong("too long")) } else { Ok(data) }
}
