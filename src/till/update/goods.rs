//! Goods on their way into the basket: from what was scanned to a line, and what is asked before.
//!
//! Must not know how a scan is recognised, nor what a line may come to (the basket's decision).

use super::Context;
use crate::money::Money;
use crate::shop::{Article, Department, Deposit, Line, Unit, Vat, VatRate, Weight};
use crate::till::allowed::not_stopped;
use crate::till::{
    Added, AgeQuestion, Asking, Command, Measure, Message, Multiplier, Overlay, Reasoned, Step,
};

/// Pieces that are taken back without asking: more may be an article's number typed as pieces.
pub(super) const UNASKED_RETURN: i64 = 9;

/// What an article stands for today.
struct Goods {
    article: Article,
    pieces: i64,
    vat: VatRate,
    deposit: Option<Box<Deposit>>,
    age: Option<u8>,
}

impl Context<'_> {
    /// Sells an article, with the pieces that wait for it.
    pub(in crate::till) fn add_article(&mut self, added: Added) {
        self.add_numbered(added, false);
    }

    /// As [`Self::add_article`], to a customer who is old enough.
    pub(in crate::till) fn add_confirmed(&mut self, added: Added) {
        self.add_numbered(added, true);
    }

    fn add_numbered(&mut self, added: Added, is_old_enough: bool) {
        match self.settings.catalogue.by_number(&added.number) {
            Some(article) => self.add(&article, added, is_old_enough),
            None => self.error(Message::NotFound(added.number)),
        }
    }

    /// Sells goods of a department at this price.
    pub(in crate::till) fn add_department(&mut self, department: &Department, price: Money) {
        let added = Added { price: Some(price), ..Added::default() };
        self.add(&department.article(), added, false);
    }

    /// Sells `article`, which need not be in the catalogue, or asks what must be known before.
    pub(super) fn add(&mut self, article: &Article, mut added: Added, is_old_enough: bool) {
        if self.is_refusal(Command::Post, not_stopped(self.state)) {
            return;
        }
        let waiting = self.state.entry.multiplier.map_or(1, Multiplier::quantity);
        let quantity = added.quantity.unwrap_or(1).saturating_mul(waiting);
        if self.is_card_code(&article.eans) {
            return;
        }
        let goods = match self.goods(article, quantity) {
            Ok(goods) => goods,
            Err(message) => return self.error(message),
        };
        let deposit = goods.deposit.iter().filter_map(|deposit| deposit.ean.clone());
        let codes: Vec<String> = goods.article.eans.iter().cloned().chain(deposit).collect();
        if self.is_card_code(&codes) {
            return;
        }
        added.quantity = Some(quantity);
        let price = match measured(&goods.article, &added) {
            Ok(price) => price,
            Err(asking) => {
                self.state.entry.multiplier = None;
                self.ask_for(asking(article.name.clone(), added));
                return self.bell();
            }
        };
        if let Some(age) = goods.age
            && !is_old_enough
            && goods.pieces > 0
            && !self.is_confirmed(age)
        {
            self.state.entry.multiplier = None;
            let question = AgeQuestion { added, name: article.name.clone(), age };
            self.state.overlays.cover(Overlay::Age(Box::new(question)));
            return self.bell();
        }
        let Goods { article: goods, pieces, vat, deposit, age } = goods;
        let line = Line { deposit, age, ..Line::article(&goods, price, vat, pieces) };
        let line = match added.weight {
            Some(grams) => line.weighed(Weight { grams, per_kilo: price }),
            None => line,
        };
        let line = Line { number: line.number.filter(|number| !number.is_empty()), ..line };
        if pieces < -UNASKED_RETURN {
            self.state.entry.multiplier = None;
            self.state.overlays.cover(Overlay::ConfirmReturn(Box::new(line)));
            self.bell();
        } else if pieces < 0 && !self.settings.reasons.returns.is_empty() {
            self.state.entry.multiplier = None;
            self.take_back(line);
        } else if self.add_line(line) {
            self.state.entry.multiplier = None;
            let note = [&article.note, &goods.note].into_iter().find(|note| !note.is_empty());
            if let Some(note) = note {
                self.info(Message::ArticleNote { name: goods.name, note: note.clone() });
            }
        }
    }

    /// Takes goods back, for a reason if the shop asks for one.
    pub(in crate::till) fn take_back(&mut self, line: Line) {
        self.with_reason(Reasoned::Return(Box::new(line)));
    }

    /// Somebody of this age was sold to in this sale, or said to be old enough. Where every line was
    /// voided, another customer may stand there.
    fn is_confirmed(&self, age: u8) -> bool {
        let basket = &self.state.sale.basket;
        let is_open = matches!(self.state.sale.step, Step::Basket(_));
        let sold = basket.lines().iter().chain(basket.voided()).filter(|line| !line.is_return());
        is_open
            && !basket.is_empty()
            && sold.filter_map(|line| line.age).any(|confirmed| confirmed >= age)
    }

    /// What `quantity` pieces of `article` stand for.
    fn goods(&self, article: &Article, quantity: i64) -> Result<Goods, Message> {
        let catalogue = &self.settings.catalogue;
        let lacks = |number: &str| Message::Incomplete {
            name: article.name.clone(),
            number: number.to_owned(),
        };
        let (whole, pieces) = match &article.pack {
            None => (article.clone(), quantity),
            Some(pack) => {
                let of = catalogue.by_number(&pack.of).filter(|of| of.pack.is_none());
                let of = of.ok_or_else(|| lacks(&pack.of))?;
                (of, quantity.saturating_mul(pack.pieces.into()))
            }
        };
        if let Some(locked) = [article, &whole].into_iter().find(|it| it.locked && pieces > 0) {
            let (name, note) = (locked.name.clone(), locked.note.clone());
            return Err(Message::ArticleLocked { name, note });
        }
        let deposit = match &whole.deposit {
            None => None,
            Some(number) => Some(self.deposit(number).ok_or_else(|| lacks(number))?),
        };
        let vat = self.settings.vat.rate(&whole.vat, self.state.today).ok_or_else(|| {
            let class = match &whole.vat {
                Vat::Class(class) => class.clone(),
                Vat::Rate(rate) => rate.to_string(),
            };
            Message::NoRate { name: whole.name.clone(), class }
        })?;
        Ok(Goods { pieces, vat, deposit, age: article.age.max(whole.age), article: whole })
    }

    /// The deposit article with this number, if it has a price and a rate today.
    fn deposit(&self, number: &str) -> Option<Box<Deposit>> {
        let article = self.settings.catalogue.by_number(number)?;
        let vat = self.settings.vat.rate(&article.vat, self.state.today)?;
        let price = article.price?;
        let line = Line::article(&article, price, vat, 1);
        Some(Box::new(Deposit {
            number: article.number,
            ean: line.ean,
            name: line.short.unwrap_or(line.name),
            price,
            vat,
            class: line.class,
        }))
    }
}

/// The price of a piece or, of what is weighed, of a kilogram; or what has to be asked before. A
/// label that says 0 says nothing: it is never sold at 0.00 unasked.
fn measured(article: &Article, added: &Added) -> Result<Money, fn(String, Added) -> Asking> {
    let by_weight = article.unit == Unit::Kilogram && added.price.is_none();
    match (added.price.or(article.price), added.weight, added.unclear) {
        (_, _, Some(Measure::Pieces)) => Err(Asking::Pieces),
        (_, _, Some(Measure::Price)) | (None, ..) => Err(Asking::Price),
        (_, None | Some(0), Some(Measure::Weight)) => Err(Asking::Weight),
        (_, None, _) if by_weight => Err(Asking::Weight),
        (Some(per_kilo), Some(grams), _) if Weight { grams, per_kilo }.price().is_zero() => {
            Err(Asking::Weight)
        }
        (Some(price), ..) => Ok(price),
    }
}
