//! Coupons: a scanned code that takes something off the sale.

use super::Context;
use crate::shop::{Discount, Off};
use crate::till::{Message, Step};

impl Context<'_> {
    /// Takes off what the coupon is worth; the same code counts once in a sale.
    pub(super) fn coupon(&mut self, code: String, off: Off) {
        self.uncover();
        let given = self.state.sale.basket.discounts();
        if given.iter().any(|discount| discount.coupon.as_ref() == Some(&code)) {
            return self.code_refused(Message::CouponUsed);
        }
        if self.state.sale.basket.is_empty() || !matches!(self.state.sale.step, Step::Basket(_)) {
            return self.code_refused(Message::NoDiscount);
        }
        let text = self.settings.discount_texts.of_coupon(off);
        self.discount_sale(Discount { off, text, reason: None, coupon: Some(code) });
    }
}
