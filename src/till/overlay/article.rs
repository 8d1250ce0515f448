//! The price of an article: looked at, not sold.

use serde::{Deserialize, Serialize};

use super::{Hint, Label, Layer, Overlay};
use crate::till::update::Context;
use crate::till::{Added, Settings, State};

/// The article that the customer asks about. The next scan closes it and is sold as always.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Shown(pub Added);

impl Layer for Shown {
    fn right(&self, context: &mut Context) {
        context.state.overlays.close();
        context.add_article(self.0.clone());
    }

    fn hints(&self, _: &State, _: &Settings) -> Vec<Hint> {
        vec![Hint::right(Label::Sell), Hint::CLOSE]
    }
}

impl Context<'_> {
    /// The search that is open asks for a price: nothing is sold from it.
    pub(in crate::till) fn asks_price(&self) -> bool {
        matches!(self.state.overlays.last(), Some(Overlay::Search(hits)) if hits.asks_price)
    }

    /// Sells an article that was found, or shows its price where that was asked for.
    pub(in crate::till) fn sell_or_show(&mut self, added: Added) {
        let asked = self.asks_price();
        self.uncover();
        if asked {
            self.state.overlays.cover(Overlay::Article(Box::new(Shown(added))));
        } else {
            self.add_article(added);
        }
    }
}
