//! The form of a new article: name, price, VAT, one after the other.
//!
//! What is typed stands in the entry line; only a key that no scanner sends takes it.

use serde::{Deserialize, Serialize};

use super::{Asks, Coming, Hint, Label, Layer, Then};
use crate::shop::Vat;
use crate::till::update::Context;
use crate::till::{Key, Message, Settings, State};

/// A field of the form.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Field {
    /// The name.
    #[default]
    Name,
    /// The price; empty: it is asked for at every sale.
    Price,
    /// How it is taxed.
    Vat,
}

/// A new article, as far as it is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Teaching {
    /// The code that was scanned.
    pub code: String,
    /// The name, once it is taken.
    pub name: String,
    /// The price as typed, once it is taken.
    pub price: String,
    /// What can be chosen: a group, perhaps empty, and how it is taxed.
    pub choices: Vec<(String, Vat)>,
    /// The index of the highlighted choice.
    pub selected: usize,
    /// The field that is being filled in.
    pub field: Field,
}

impl Teaching {
    /// An empty form for this code.
    #[must_use]
    pub fn of(code: String, choices: Vec<(String, Vat)>) -> Self {
        Self { code, choices, ..Self::default() }
    }
}

impl Layer for Teaching {
    /// Goods were scanned and are not in the basket yet.
    fn stays(&self, _: Coming) -> bool {
        true
    }

    fn waiting(&self) -> Option<i64> {
        Some(1)
    }

    fn asks(&self) -> Asks {
        Asks::Row
    }

    fn refuses_scans(&self) -> bool {
        true
    }

    fn is_text(&self, _: &str) -> bool {
        self.field != Field::Price
    }

    fn typed(&mut self) -> Then {
        |_| ()
    }

    fn rows(&self, _: &State, _: &Settings) -> usize {
        if self.field == Field::Vat { self.choices.len() } else { 0 }
    }

    fn cursor(&mut self) -> Option<&mut usize> {
        (self.field == Field::Vat).then_some(&mut self.selected)
    }

    fn right(&self, context: &mut Context) {
        context.next_field(self);
    }

    fn left(&self, context: &mut Context) {
        context.field_before(self);
    }

    fn close(&self, context: &mut Context) {
        context.state.overlays.close();
        context.error(Message::UnknownCode(self.code.clone()));
    }

    fn prompt(&self) -> Option<Label> {
        match self.field {
            Field::Name => Some(Label::AskText),
            Field::Price => Some(Label::AskAmount),
            Field::Vat => None,
        }
    }

    fn hints(&self, _: &State, _: &Settings) -> Vec<Hint> {
        const BACK: Hint = Hint::Keys(&[Key::Left], Label::Back);
        match self.field {
            Field::Name => vec![Hint::right(Label::Next), Hint::CLOSE],
            Field::Price => vec![Hint::right(Label::Next), BACK, Hint::CLOSE],
            Field::Vat => vec![Hint::CHOOSE, Hint::right(Label::Sell), BACK, Hint::CLOSE],
        }
    }
}
