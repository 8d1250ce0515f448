//! Codes of the card programme: no article may be sold by one of them.
//!
//! The API evaluates an EAN, whatever the line is called: such a line would load a card, or pay
//! one out. What loads a card is the top-up alone.

use super::Context;
use crate::till::Message;
use crate::wire::CardJob;

impl Context<'_> {
    /// True if one of `codes` is of the card programme; the way to do it is said then.
    pub(super) fn is_card_code(&mut self, codes: &[String]) -> bool {
        let job = codes.iter().find_map(|code| {
            let own = *code == self.settings.top_up.ean;
            CardJob::of(code).or(own.then_some(CardJob::Charge))
        });
        let Some(job) = job else { return false };
        self.close_search();
        self.code_refused(Message::CardCode { pays_out: job == CardJob::Discharge });
        true
    }
}
