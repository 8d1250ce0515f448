//! Articles whose names match what is typed.

use serde::{Deserialize, Serialize};

use super::{Hint, Label, Layer, Overlay, Then, moved};
use crate::shop::{Shape, search, shape};
use crate::till::update::Context;
use crate::till::{Added, Cause, Command, Message, Settings, State, Step};

/// The longest text that is searched for.
const LONGEST_WORDS: usize = 64;
/// Articles shown.
const HITS: usize = 50;

/// Articles found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hits {
    /// Indexes into the catalogue, best first.
    pub found: Vec<usize>,
    /// The best one contains every word typed.
    pub literal: bool,
    /// The highlighted one.
    pub selected: usize,
    /// The cashier has moved the highlight.
    pub chosen: bool,
    /// Its key opened the search: the customer asks for a price, and nothing is sold from it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub asks_price: bool,
}

impl Layer for Hits {
    fn rows(&self, _: &State, _: &Settings) -> usize {
        self.found.len()
    }

    /// The first key only takes the highlighted row as chosen.
    fn moved(&mut self, command: Command, rows: usize) -> Then {
        if self.chosen || matches!(command, Command::PageDown) {
            self.selected = moved(self.selected, command, rows);
        }
        self.chosen = true;
        |_| ()
    }

    fn typed(&mut self) -> Then {
        |context| {
            let hits = context.hits();
            if let Some(Overlay::Search(open)) = context.state.overlays.top_mut() {
                *open = Hits { asks_price: open.asks_price, ..hits };
            }
        }
    }

    fn enter(&self, context: &mut Context) {
        if !self.chosen {
            return;
        }
        if !context.is_refused(Command::Search) {
            context.take_hit(self);
        }
    }

    fn posted(&self, context: &mut Context, _: &str) -> bool {
        let taken =
            self.chosen && matches!(context.state.sale.step, Step::Basket(_) | Step::Done(_));
        if taken {
            context.take_hit(self);
        }
        taken
    }

    fn prompt(&self) -> Option<Label> {
        Some(if self.asks_price { Label::AskPrice } else { Label::AskName })
    }

    fn hints(&self, _: &State, _: &Settings) -> Vec<Hint> {
        Hint::list(if self.asks_price { Label::Show } else { Label::Take })
    }
}

impl Context<'_> {
    /// The articles that the entry line finds.
    pub(in crate::till) fn hits(&self) -> Hits {
        let entry = &self.state.entry;
        let text = match shape(&entry.text) {
            Shape::Raw => "",
            _ if entry.code || entry.text.chars().count() > LONGEST_WORDS => "",
            _ => entry.text.as_str(),
        };
        let (found, literal) = search(&self.settings.catalogue, text, HITS);
        Hits { found, literal, ..Hits::default() }
    }

    /// Words that are typed where articles are sold open the search over what is there.
    pub(in crate::till) fn search_words(&mut self) {
        let selling = matches!(self.state.sale.step, Step::Basket(_) | Step::Done(_));
        let words = !self.state.entry.code && shape(&self.state.entry.text) == Shape::Text;
        if words && selling {
            let hits = self.hits();
            self.state.overlays.cover(Overlay::Search(hits));
        }
    }

    /// Sells the highlighted article, or shows its price.
    pub(in crate::till) fn take_hit(&mut self, hits: &Hits) {
        let article = hits.found.get(hits.selected).and_then(|&i| self.settings.catalogue.get(i));
        let Some(number) = article.map(|article| article.number.clone()) else {
            return self.bell();
        };
        self.state.entry.text.clear();
        self.sell_or_show(Added::one(number));
    }

    /// Other articles are sold from now on: what was found of the old ones is looked for anew.
    pub(in crate::till) fn articles(&mut self, count: usize) {
        let hits = self.hits();
        for overlay in self.state.overlays.iter_mut() {
            if let Overlay::Search(open) = overlay {
                *open = Hits { asks_price: open.asks_price, ..hits.clone() };
            }
        }
        self.gone(Cause::Articles);
        self.info(Message::ArticlesUpdated(count));
    }

    /// Nothing was found: the search closes, if it is on top.
    pub(in crate::till) fn close_search(&mut self) {
        if matches!(self.state.overlays.last(), Some(Overlay::Search(_))) {
            self.state.overlays.close();
        }
    }
}
