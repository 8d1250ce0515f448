//! Goods on their way into the basket: from what was scanned to a line, and what is asked before.
//!
//! Must not know how a scan is recognised.

use super::Context;
use crate::shop::{Line, Weight};
use crate::till::allowed::not_stopped;
use crate::till::{Added, Command, Message, Multiplier, Overlay};

/// Pieces that are taken back without asking: more may be an article's number typed as pieces.
const UNASKED_RETURN: i64 = 9;

impl Context<'_> {
    /// Sells an article, with the pieces that wait for it.
    pub(in crate::till) fn add_article(&mut self, added: Added) {
        let Added { number, price, quantity, weight } = added;
        let Some(article) = self.settings.catalogue.by_number(&number) else {
            return self.error(Message::NotFound(number));
        };
        if self.is_card_code(&article.eans) {
            return;
        }
        let multiplier = self.state.entry.multiplier;
        let pieces =
            quantity.unwrap_or(1).saturating_mul(multiplier.map_or(1, Multiplier::quantity));
        let price = price.or(article.price).unwrap_or_default();
        let vat = self.settings.vat.rate(&article.vat, self.state.today).unwrap_or_default();
        let line = Line::article(&article, price, vat, pieces);
        let line = match weight {
            Some(grams) => line.weighed(Weight { grams, per_kilo: price }),
            None => line,
        };
        if pieces < -UNASKED_RETURN {
            if self.is_refusal(Command::Post, not_stopped(self.state)) {
                return;
            }
            self.state.entry.multiplier = None;
            self.state.overlays.cover(Overlay::ConfirmReturn(Box::new(line)));
            return self.bell();
        }
        if self.add_line(line) {
            self.state.entry.multiplier = None;
        }
    }
}
