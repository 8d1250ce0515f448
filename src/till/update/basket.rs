//! Changes of the sale at hand: articles, top-ups, voids, parking.

use super::Context;
use super::entry::AMOUNT_DIGITS;
use crate::money::{Money, Notation};
use crate::shop::{Line, LineKind, VatRate};
use crate::till::allowed::not_stopped;
use crate::till::head::Head;
use crate::till::{Cause, Change, Command, Goal, Message, Overlay, Parked, Step, Work};

impl Context<'_> {
    /// A finished sale makes room for the next one: card, basket and receipt go.
    pub(super) fn next_sale(&mut self) {
        if matches!(self.state.sale.step, Step::Done(_)) {
            self.state.sale = self.state.blank_sale();
            self.clear_stale_errors();
            self.gone(Cause::CardOff);
        }
    }

    /// The sale changed: the server's copy is behind, and an applied card must be applied again.
    pub(super) fn changed(&mut self) {
        let was_applied = self.state.sale.applied().is_some();
        self.state.sale.revision += 1;
        if was_applied {
            self.info(Message::ApplyAgain);
        }
    }

    /// True if the line is in the basket now.
    pub(in crate::till) fn add_line(&mut self, line: Line) -> bool {
        if self.is_refusal(Command::Post, not_stopped(self.state)) {
            return false;
        }
        self.next_sale();
        let sale = &mut self.state.sale;
        match sale.basket.add(line.clone()) {
            Ok(()) => {
                sale.selected = sale.basket.lines().len().saturating_sub(1);
                self.lines_changed(Change::Line(Box::new(line)));
                true
            }
            Err(error) => {
                self.basket_refuses(error);
                false
            }
        }
    }

    /// `15` F4: loads the card with the amount typed.
    pub(super) fn top_up(&mut self) {
        let top_up = &self.settings.top_up;
        let amount = self.typed_amount(AMOUNT_DIGITS, top_up.min, top_up.max);
        let Some(amount) = amount else { return };
        let line = Line {
            kind: LineKind::TopUp,
            ean: Some(top_up.ean.clone()),
            name: top_up.text.replace("{}", &short(amount)),
            quantity: 1,
            price: amount,
            vat: VatRate::whole(0),
            sent_vat: top_up.sent_vat,
            ..Line::default()
        };
        if self.add_line(line) {
            self.uncover();
            self.clear_text();
        }
    }

    pub(super) fn void_selected(&mut self) {
        let sale = &mut self.state.sale;
        let index = sale.selected;
        let Some(line) = sale.basket.void(index) else { return self.bell() };
        let message = Message::Voided { quantity: line.quantity, name: line.name.clone() };
        sale.selected = index.min(sale.basket.lines().len().saturating_sub(1));
        self.record(Change::Void(index));
        if self.state.sale.basket.is_empty() {
            self.clear_extras();
        }
        self.changed();
        self.info(message);
    }

    /// Voids every line and starts anew; a transaction that the server has is given up there.
    pub(super) fn discard(&mut self) {
        self.abandon();
        self.record(Change::Discarded);
        self.state.sale = self.state.blank_sale();
        self.state.last_swipe = None;
        self.clear_stale_errors();
        self.gone(Cause::CardOff);
        self.clear_entry();
        self.info(Message::Discarded);
    }

    /// Parks the sale, or shows the parked ones when there is nothing to park.
    pub(super) fn park(&mut self) {
        if self.state.sale.is_blank() {
            // All its lines may have been voided after the server had it.
            self.abandon();
        }
        match &self.state.sale.step {
            Step::Unknown(_) => self.detach(),
            Step::Basket(_) if !self.state.sale.is_blank() => {
                self.record(Change::Parked);
                let next = self.state.blank_sale();
                let parked = std::mem::replace(&mut self.state.sale, next);
                self.state.parked.push(parked);
                self.state.last_swipe = None;
                self.clear_stale_errors();
                self.gone(Cause::CardOff);
                self.clear_entry();
                self.uncover();
                self.info(Message::Parked);
            }
            _ => self.open(Overlay::Parked(Parked(0))),
        }
    }

    /// Takes the parked sale at `index` back.
    pub(in crate::till) fn recall(&mut self, index: usize) {
        self.next_sale();
        if !self.state.sale.is_blank() {
            return self.error(Message::FinishFirst);
        }
        if index >= self.state.parked.len() {
            return self.bell();
        }
        self.state.sale = self.state.parked.remove(index);
        self.recalled = Some(Head::of(&self.state.sale));
        // While it was parked, a copy of the state directory may have paid it.
        self.state.sale.check_siblings = true;
        self.record(Change::Recalled);
        self.replace_lost_create();
        self.uncover();
        self.info(Message::Recalled);
        self.rate_by_day();
    }

    /// One step back: out of the tender, or out of the wish to get there.
    pub(super) fn step_back(&mut self) {
        if self.withdraw() {
            return;
        }
        match &mut self.state.sale.step {
            Step::Tender(_) => self.state.sale.step = Step::Basket(None),
            Step::Basket(Some(Work { goal, .. })) => *goal = Goal::Card,
            _ => {}
        }
    }

    /// Takes an amount away that was named and not taken; false if there is none.
    pub(super) fn withdraw(&mut self) -> bool {
        let Step::Tender(tender) = &mut self.state.sale.step else { return false };
        let named = tender.given.take().is_some();
        if named {
            self.gone(Cause::Amount);
        }
        named
    }
}

/// `15` for whole amounts, `15,50` otherwise: how the vendor's examples write top-ups.
fn short(amount: Money) -> String {
    if amount.minor() % 100 == 0 {
        (amount.minor() / 100).to_string()
    } else {
        amount.show(Notation::Comma)
    }
}
