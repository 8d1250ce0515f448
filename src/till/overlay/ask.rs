//! A number or a text that goods or a command wait for.

use serde::{Deserialize, Serialize};

use super::{Asks, Coming, Hint, Label, Layer, Overlay, Then, declined};
use crate::shop::Department;
use crate::till::update::Context;
use crate::till::{Added, Command, DiscountBy, Message, Settings, State};

/// What waits. The number is in the entry line; only a key that no scanner sends takes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Asking {
    /// An article without a price: its name, and what is to be sold.
    Price(String, Added),
    /// What is sold by weight.
    Weight(String, Added),
    /// Goods whose label says no pieces.
    Pieces(String, Added),
    /// Goods of a department.
    Department(Department),
    /// A command.
    For(Command),
}

impl Asking {
    /// What is waited for, for the entry line.
    #[must_use]
    pub const fn label(&self) -> Label {
        match self {
            Self::For(Command::Quantity) | Self::Pieces(..) => Label::AskPieces,
            Self::Weight(..) => Label::AskWeight,
            Self::For(Command::Discount(_, DiscountBy::Percent)) => Label::AskPercent,
            Self::For(Command::LineNote | Command::SaleNote) => Label::AskText,
            Self::Price(..) | Self::Department(_) | Self::For(_) => Label::AskAmount,
        }
    }

    /// The goods that are not sold if there is no answer.
    fn goods(&self) -> Option<&str> {
        match self {
            Self::Price(name, _) | Self::Weight(name, _) | Self::Pieces(name, _) => Some(name),
            Self::Department(department) => Some(&department.name),
            Self::For(_) => None,
        }
    }
}

impl Layer for Asking {
    /// Goods were scanned and are not in the basket yet.
    fn stays(&self, coming: Coming) -> bool {
        self.goods().is_some() || coming == Coming::Interruption
    }

    fn asks(&self) -> Asks {
        Asks::Answer
    }

    fn refuses_scans(&self) -> bool {
        true
    }

    fn waiting(&self) -> Option<i64> {
        match self {
            Self::Price(_, added) | Self::Weight(_, added) | Self::Pieces(_, added) => {
                Some(added.quantity.unwrap_or(1))
            }
            Self::Department(_) => Some(1),
            Self::For(_) => None,
        }
    }

    fn is_text(&self, _: &str) -> bool {
        self.label() == Label::AskText
    }

    fn typed(&mut self) -> Then {
        |_| ()
    }

    fn right(&self, context: &mut Context) {
        context.take_number(self);
    }

    fn left(&self, context: &mut Context) {
        declined(self, context);
    }

    fn close(&self, context: &mut Context) {
        context.state.overlays.close();
        if let Some(name) = self.goods() {
            context.info(Message::NotSold(name.to_owned()));
        }
    }

    fn prompt(&self) -> Option<Label> {
        Some(self.label())
    }

    fn hints(&self, _: &State, _: &Settings) -> Vec<Hint> {
        vec![Hint::right(Label::Take), Hint::CLOSE]
    }
}

impl Context<'_> {
    /// Asks for what `asking` needs.
    pub(in crate::till) fn ask_for(&mut self, asking: Asking) {
        self.state.overlays.cover(Overlay::Ask(Box::new(asking)));
    }
}
