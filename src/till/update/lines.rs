//! Changes of lines that are in the basket, and of the whole sale: pieces, price, discounts, notes.
//!
//! Each is checked by the basket, told to the journal and to the server's next copy. Whether it may
//! be done now, the command that asks for it has asked already.

use super::Context;
use crate::money::Money;
use crate::shop::{BasketError, Discount, Extras, Line};
use crate::text::{mask_cards, sanitise};
use crate::till::allowed::not_stopped;
use crate::till::{Cause, Change, Command, Message, Step};

/// The longest note, characters.
const LONGEST_NOTE: usize = 200;

/// What is wrong with a change is in the notice then.
impl Context<'_> {
    /// The line at `index` has `quantity` pieces now; fewer leave their difference among the voided
    /// lines. 0 is refused: that is a void.
    pub(in crate::till) fn set_quantity(&mut self, index: usize, quantity: i64) {
        let Some(line) = self.line(index) else { return };
        let (before, name) = (line.quantity, line.name.clone());
        let fewer = before.saturating_abs() > quantity.saturating_abs();
        let done = self.replace_line(index, Line { quantity, ..line });
        if done && fewer && (before < 0) == (quantity < 0) {
            self.info(Message::Voided { quantity: before.saturating_sub(quantity), name });
        }
    }

    /// One piece of the line at `index` costs `price`; the listed price stays in sight, and comes
    /// back when it is set again.
    pub(in crate::till) fn override_price(
        &mut self,
        index: usize,
        price: Money,
        reason: Option<String>,
    ) {
        let Some(line) = self.line(index) else { return };
        if price.is_negative() {
            return self.basket_refuses(BasketError::LineTooLarge);
        }
        let list = line.list_price.unwrap_or(line.price);
        let list_price = (list != price).then_some(list);
        let reason = match &line.reason {
            // Why it is returned says more than why it has another price.
            Some(returned) if line.is_return() => Some(returned.clone()),
            _ => reason.filter(|_| list_price.is_some()),
        };
        self.replace_line(index, Line { price, list_price, reason, ..line });
    }

    /// Takes `discount` off the line at `index`, in the place of the one that it has.
    pub(in crate::till) fn discount_line(&mut self, index: usize, discount: Discount) {
        let Some(line) = self.line(index) else { return };
        let line = Line { discount: Some(discount), ..line };
        if line.reduction().is_zero() && !line.is_card_sale() {
            return self.basket_refuses(BasketError::NoDiscount);
        }
        self.replace_line(index, line);
    }

    /// Takes `discount` off the whole sale, after those that it has.
    pub(in crate::till) fn discount_sale(&mut self, discount: Discount) {
        if !self.changes_lines() {
            return;
        }
        let basket = &mut self.state.sale.basket;
        let (before, sum) = (basket.discounts().to_vec(), basket.sum());
        let discounts = before.iter().cloned().chain([discount]).collect();
        let set = match basket.set_discounts(discounts) {
            Ok(()) if basket.sum() == sum => {
                basket.set_discounts(before).and(Err(BasketError::NoDiscount))
            }
            set => set,
        };
        match set {
            Ok(()) => self.extras_changed(),
            Err(error) => self.basket_refuses(error),
        }
    }

    /// Takes the discount away from the line at `index`, or (`None`) the last one from the sale.
    pub(in crate::till) fn remove_discount(&mut self, index: Option<usize>) {
        let Some(index) = index else {
            let mut discounts = self.state.sale.basket.discounts().to_vec();
            if !self.changes_lines() {
                return;
            }
            let is_done = discounts.pop().is_some()
                && self.state.sale.basket.set_discounts(discounts).is_ok();
            return if is_done { self.extras_changed() } else { self.bell() };
        };
        match self.line(index) {
            Some(line) if line.discount.is_some() => {
                self.replace_line(index, Line { discount: None, ..line });
            }
            _ => self.bell(),
        }
    }

    /// Writes `note` on the line at `index`, or (`None`) on the sale; an empty one is taken away.
    pub(in crate::till) fn set_note(&mut self, index: Option<usize>, note: &str) {
        let note: String = sanitise(note.trim()).chars().take(LONGEST_NOTE).collect();
        // Of a card that was swiped into it, nothing may be kept.
        let note = mask_cards(&note, false);
        let note = Some(note).filter(|note| !note.is_empty());
        if let Some(index) = index {
            let Some(line) = self.line(index) else { return };
            self.replace_line(index, Line { note, ..line });
        } else if self.changes_lines() {
            self.state.sale.basket.set_note(note);
            self.extras_changed();
        }
    }

    /// Puts `line` in the place of the one at `index`: the way for every change of a line. True if
    /// it stands there now.
    pub(in crate::till) fn replace_line(&mut self, index: usize, line: Line) -> bool {
        if !self.changes_lines() {
            return false;
        }
        match self.state.sale.basket.replace(index, line.clone()) {
            Ok(()) => {
                self.lines_changed(Change::Replaced(index, Box::new(line)));
                true
            }
            Err(error) => {
                self.basket_refuses(error);
                false
            }
        }
    }

    /// `change` was made: the journal is told, the server's copy is behind, and what was said of the
    /// entry is over.
    pub(super) fn lines_changed(&mut self, change: Change) {
        self.record(change);
        self.changed();
        self.gone_if(|cause| matches!(cause, Cause::Step | Cause::Entry));
    }

    /// Says why the basket was not changed.
    pub(super) fn basket_refuses(&mut self, error: BasketError) {
        self.error(match error {
            BasketError::Quantity | BasketError::LineTooLarge | BasketError::TooLarge => {
                Message::BasketTooLarge
            }
            BasketError::NoLine => Message::NoLine,
            BasketError::CardSale => Message::CardSaleFixed,
            BasketError::NoDiscount => Message::NoDiscount,
            BasketError::TooManyDiscounts => Message::TooManyDiscounts,
        });
    }

    /// Without lines, discounts and note are those of a customer who has left.
    pub(super) fn clear_extras(&mut self) {
        if *self.state.sale.basket.extras() != Extras::default() {
            self.state.sale.basket.restore_extras(Extras::default());
            self.record(Change::Extras(Box::default()));
        }
    }

    /// What the sale has beside its lines was changed.
    fn extras_changed(&mut self) {
        let extras = self.state.sale.basket.extras().clone();
        self.lines_changed(Change::Extras(Box::new(extras)));
    }

    /// The line at `index`, or nothing, and it is said that there is none.
    fn line(&mut self, index: usize) -> Option<Line> {
        let line = self.state.sale.basket.lines().get(index).cloned();
        if line.is_none() {
            self.basket_refuses(BasketError::NoLine);
        }
        line
    }

    /// Lines may be changed at all: nothing is being paid, and the journal takes records.
    fn changes_lines(&mut self) -> bool {
        if self.is_refusal(Command::Post, not_stopped(self.state)) {
            return false;
        }
        let open = matches!(self.state.sale.step, Step::Basket(_));
        if !open {
            self.bell();
        }
        open
    }
}
