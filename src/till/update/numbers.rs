//! Numbers typed before a key, or into the prompt that asks for one: pieces, prices, discounts.
//!
//! Owns what such a number may be. What it does to a line is in `lines`, to goods in `goods`.

use super::Context;
use super::entry::digits;
use super::goods::UNASKED_RETURN;
use crate::money::{Money, Percent, parse_amount};
use crate::shop::{Discount, Line, MAX_LINE, MAX_QUANTITY, Off, Weight};
use crate::text::sanitise;
use crate::till::{
    Added, Asking, Command, DiscountBy, DiscountOf, Message, Overlay, Quick, Reasoned,
};

/// A quantity has at most so many digits, an amount and a percentage so many: more is a code.
const PIECES_DIGITS: usize = 6;
const PRICE_DIGITS: usize = 7;
const PERCENT_DIGITS: usize = 5;

impl Context<'_> {
    /// The key of a command about the selected line or the sale: the number before it counts;
    /// without one, it is asked for.
    pub(super) fn with_number(&mut self, command: Command) {
        if self.state.entry.text.is_empty() {
            return self.ask_for(Asking::For(command));
        }
        self.apply_number(command);
    }

    /// → on the prompt.
    pub(in crate::till) fn take_number(&mut self, asking: &Asking) {
        match asking {
            Asking::For(command @ (Command::LineNote | Command::SaleNote)) => {
                self.take_note(*command);
            }
            Asking::For(command) => self.apply_number(*command),
            Asking::Price(_, added) => {
                if let Some(price) = self.typed_price(Money(1)) {
                    self.number_taken();
                    self.add_article(Added { price: Some(price), unclear: None, ..added.clone() });
                }
            }
            Asking::Weight(_, added) => {
                if let Some(grams) = self.typed_weight() {
                    self.number_taken();
                    self.add_article(Added { weight: Some(grams), unclear: None, ..added.clone() });
                }
            }
            Asking::Pieces(_, added) => {
                if let Some(pieces) = self.typed_pieces() {
                    self.number_taken();
                    self.add_article(Added {
                        quantity: Some(pieces.saturating_mul(added.quantity.unwrap_or(1))),
                        unclear: None,
                        ..added.clone()
                    });
                }
            }
            Asking::Department(department) => {
                if let Some(price) = self.typed_price(Money(1)) {
                    self.number_taken();
                    self.add_department(department, price);
                }
            }
        }
    }

    /// A quick key: a number before it is the price of what has none, and refused for what has one,
    /// because it may have been meant as pieces.
    pub(super) fn quick(&mut self, key: u8) {
        let quick = usize::from(key).checked_sub(1).and_then(|key| self.settings.quick.get(key));
        let is_typed = !self.state.entry.text.is_empty();
        match quick.cloned() {
            None => self.bell(),
            Some(Quick::Department(department)) if is_typed => {
                if let Some(price) = self.typed_price(Money(1)) {
                    self.clear_text();
                    self.add_department(&department, price);
                }
            }
            Some(Quick::Department(department)) => self.ask_for(Asking::Department(department)),
            Some(Quick::Article(number)) if is_typed => {
                let fixed = self
                    .settings
                    .catalogue
                    .by_number(&number)
                    .filter(|article| article.price.is_some() || article.pack.is_some());
                if let Some(article) = fixed {
                    return self.refuse_number(Message::PriceIsFixed(article.name));
                }
                if let Some(price) = self.typed_price(Money(1)) {
                    self.clear_text();
                    self.add_article(Added { price: Some(price), ..Added::one(number) });
                }
            }
            Some(Quick::Article(number)) => self.add_article(Added::one(number)),
        }
    }

    fn apply_number(&mut self, command: Command) {
        match command {
            Command::Quantity => {
                let Some(pieces) = self.typed_pieces() else { return };
                self.number_taken();
                let index = self.state.sale.selected;
                let comes_back =
                    self.state.sale.basket.lines().get(index).is_some_and(Line::is_return);
                if comes_back && pieces > UNASKED_RETURN {
                    // As a return of so many it would be asked about.
                    return self.error(Message::QuantityOutOfRange(UNASKED_RETURN));
                }
                self.set_quantity(index, if comes_back { -pieces } else { pieces });
            }
            Command::Price => {
                if let Some(price) = self.typed_price(Money::ZERO) {
                    self.number_taken();
                    self.with_reason(Reasoned::Price(price));
                }
            }
            Command::Discount(of, by) => self.apply_discount(of, by),
            _ => self.bell(),
        }
    }

    /// 0 takes the discount away again.
    fn apply_discount(&mut self, of: DiscountOf, by: DiscountBy) {
        let off = match by {
            DiscountBy::Percent => {
                let text = &self.state.entry.text;
                let percent = Percent::parse(text)
                    .filter(|percent| *percent <= Percent::whole(100))
                    .filter(|_| digits(text) <= PERCENT_DIGITS);
                let percent = self.or_refuse(percent, Message::PercentOutOfRange);
                let Some(percent) = percent else { return };
                (percent != Percent::ZERO).then_some(Off::Percent(percent))
            }
            DiscountBy::Amount | DiscountBy::Deal => {
                let Some(amount) = self.typed_price(Money::ZERO) else { return };
                let is_deal = by == DiscountBy::Deal;
                let off = if is_deal { Off::Deal(amount) } else { Off::Amount(amount) };
                (!amount.is_zero()).then_some(off)
            }
        };
        self.number_taken();
        if let Some(off) = off {
            self.with_reason(Reasoned::Discount(of, off));
        } else {
            let line = (of == DiscountOf::Line).then_some(self.state.sale.selected);
            self.remove_discount(line);
        }
    }

    /// Does what needed a reason.
    pub(in crate::till) fn reasoned(&mut self, of: Reasoned, reason: Option<String>) {
        let index = self.state.sale.selected;
        match of {
            Reasoned::Price(price) => self.override_price(index, price, reason),
            Reasoned::Discount(of, off) => {
                let text = self.settings.discount_texts.of(off);
                let discount = Discount { off, text, reason, coupon: None };
                match of {
                    DiscountOf::Line => self.discount_line(index, discount),
                    DiscountOf::Sale => self.discount_sale(discount),
                }
            }
            Reasoned::Return(line) => {
                if self.add_line(Line { reason, ..*line }) {
                    self.state.entry.multiplier = None;
                }
            }
        }
    }

    /// Asks for a note, the one that there is to begin with.
    pub(super) fn ask_note(&mut self, command: Command) {
        let sale = &self.state.sale;
        let note = match command {
            Command::LineNote => {
                sale.basket.lines().get(sale.selected).and_then(|line| line.note.clone())
            }
            _ => sale.basket.note().map(str::to_owned),
        };
        self.ask_for(Asking::For(command));
        self.state.entry.text = note.unwrap_or_default();
    }

    fn take_note(&mut self, command: Command) {
        let Some(note) = self.typed_text() else { return };
        self.number_taken();
        let line = (command == Command::LineNote).then_some(self.state.sale.selected);
        self.set_note(line, &note);
    }

    /// The text typed; `None`: it may hold a card's number, and is gone.
    pub(super) fn typed_text(&mut self) -> Option<String> {
        let text = sanitise(&self.state.entry.text).trim().to_owned();
        if self.state.entry.overflow || self.showable(&text) != text {
            self.clear_text();
            self.error(Message::ScanOverQuestion);
            return None;
        }
        Some(text)
    }

    /// The pieces typed, at least one; `None`: they are refused.
    fn typed_pieces(&mut self) -> Option<i64> {
        let pieces = pieces(&self.state.entry.text, PIECES_DIGITS);
        self.or_refuse(pieces, Message::QuantityOutOfRange(MAX_QUANTITY))
    }

    /// The weight typed, in grams and at least one; `None`: it is refused.
    fn typed_weight(&mut self) -> Option<u32> {
        let grams = Weight::parse(&self.state.entry.text).filter(|grams| *grams > 0);
        self.or_refuse(grams, Message::WeightOutOfRange)
    }

    /// The price typed, at least `least`; `None`: it is refused.
    pub(super) fn typed_price(&mut self, least: Money) -> Option<Money> {
        self.typed_amount(PRICE_DIGITS, least, MAX_LINE)
    }

    /// The amount typed, of at most so many digits; `None`: it is refused.
    pub(super) fn typed_amount(&mut self, most: usize, min: Money, max: Money) -> Option<Money> {
        let text = &self.state.entry.text;
        let amount = parse_amount(text, self.settings.implied_cents)
            .filter(|_| digits(text) <= most)
            .filter(|amount| (min..=max).contains(amount));
        self.or_refuse(amount, Message::AmountOutOfRange { min, max })
    }

    /// `number` as typed; `None`: it is refused with `message`. One that was refused before must be
    /// typed anew.
    fn or_refuse<T>(&mut self, number: Option<T>, message: Message) -> Option<T> {
        let number = number.filter(|_| !self.state.entry.is_refused());
        if number.is_none() {
            self.refuse_number(message);
        }
        number
    }

    /// What was typed is used: the prompt for it closes.
    fn number_taken(&mut self) {
        if matches!(self.state.overlays.last(), Some(Overlay::Ask(_))) {
            self.state.overlays.close();
        }
        self.clear_text();
    }
}

/// `text` as pieces: at least one, and of at most so many digits.
pub(super) fn pieces(text: &str, most: usize) -> Option<i64> {
    let is_number = text.len() <= most && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse::<i64>().ok().filter(|pieces| is_number && *pieces > 0)
}
