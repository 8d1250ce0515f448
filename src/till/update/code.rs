//! What the server says of a card's code. A wrong one takes the card off the sale.

use super::Context;
use crate::shop::{CardNumber, CodeKind};
use crate::till::{Action, CodeEntry, CscCheck, Message, Overlay, Proof, Step};
use crate::wire::Outcome;

impl Context<'_> {
    pub(in crate::till) fn is_on_sale(&self, number: &CardNumber) -> bool {
        self.state.sale.card.as_ref().and_then(|card| card.number()) == Some(number)
    }

    pub(super) fn code_answered(&mut self, entry: CodeEntry, outcome: Outcome<bool>) {
        let CodeEntry { code, number, then } = entry;
        let action = Action::CheckCode(code);
        let Some(right) = self.said(action, outcome) else { return };
        let looked_up = self.state.overlays.iter_mut().find_map(|overlay| match overlay {
            Overlay::Card(lookup) if lookup.number == number => Some(lookup),
            _ => None,
        });
        if let (CodeKind::Csc, Some(lookup)) = (code, looked_up) {
            lookup.csc = if right { CscCheck::Right } else { CscCheck::Wrong };
        }
        let selling = matches!(self.state.sale.step, Step::Basket(_) | Step::Tender(_));
        let on_sale = selling && self.is_on_sale(&number);
        if !right {
            if on_sale {
                self.take_card_off();
            }
            return self.error(Message::CodeWrong(code, on_sale));
        }
        self.info(Message::CodeRight(code));
        if let (CodeKind::Passcode, true, Some(card)) = (code, on_sale, &mut self.state.sale.card) {
            card.proof = Some(Proof::Passcode);
            if let Some(goal) = then {
                self.request_goal(goal);
            }
        }
    }
}
