//! A new article in the middle of a sale: from a code that nobody knows to a line.
//!
//! Owns what the new article is. Must not keep it: that is an effect.

use super::Context;
use crate::money::{Money, parse_amount};
use crate::shop::{Article, Vat, ean_check_digit_ok};
use crate::till::{Added, Effect, Field, Message, Overlay, State, Teaching};

/// So many articles are looked at for their VAT where nothing else names any.
const LOOKED_AT: usize = 500;
/// The longest name of a new article, characters.
const LONGEST_NAME: usize = 100;

impl State {
    /// The code that was scanned last and that no article has, while the error about it is there.
    pub(in crate::till) fn unknown_code(&self) -> Option<&str> {
        let errors = self.notice.iter().chain(&self.more_errors);
        let mut codes = errors.filter_map(|notice| match &notice.message {
            Message::UnknownCode(code) => Some(code.as_str()),
            _ => None,
        });
        codes.next_back()
    }
}

impl Context<'_> {
    /// What is said of a code that no article has; one that goods carry can be made an article.
    pub(super) fn unknown(&self, code: &str) -> Message {
        let shown = self.showable(code);
        let is_own = code.len() == 13 && (code.starts_with('2') || code.starts_with("02"));
        if shown == code && is_code_of_goods(code) && !is_own {
            Message::UnknownCode(shown)
        } else {
            Message::NotFound(shown)
        }
    }

    /// Opens the form for the code that was scanned last.
    pub(super) fn teach(&mut self) {
        let Some(code) = self.state.unknown_code().map(str::to_owned) else { return self.bell() };
        let choices = self.vat_choices();
        if choices.is_empty() {
            return self.error(Message::NoVatKnown);
        }
        // The form is about the same goods, and says so again when nothing comes of it.
        self.forget_unknown(&code);
        self.clear_text();
        self.state.overlays.replace(Overlay::Teach(Box::new(Teaching::of(code, choices))));
    }

    /// How a new article may be taxed, and of which group it is then: as departments are, as the
    /// classes say, or else as articles are.
    fn vat_choices(&self) -> Vec<(String, Vat)> {
        let settings = self.settings;
        let mut choices: Vec<(String, Vat)> = settings
            .departments
            .iter()
            .map(|department| (department.name.clone(), department.vat.clone()))
            .collect();
        choices
            .extend(settings.vat.names().map(|name| (String::new(), Vat::Class(name.to_owned()))));
        if choices.is_empty() {
            let mut vats: Vec<Vat> = Vec::new();
            for article in settings.catalogue.iter().take(LOOKED_AT) {
                if !vats.contains(&article.vat) {
                    vats.push(article.vat);
                }
            }
            choices = vats.into_iter().map(|vat| (String::new(), vat)).collect();
        }
        choices.retain(|(_, vat)| settings.vat.rate(vat, self.state.today).is_some());
        choices
    }

    /// → in the form: the next field, or the article.
    pub(in crate::till) fn next_field(&mut self, form: &Teaching) {
        let mut form = form.clone();
        match form.field {
            Field::Name => {
                let Some(name) = self.typed_text() else { return };
                if name.is_empty() || name.chars().count() > LONGEST_NAME {
                    return self.error(Message::NameMissing(LONGEST_NAME));
                }
                form.name = name;
                self.show_field(form, Field::Price);
            }
            Field::Price => {
                if !self.state.entry.text.is_empty() && self.typed_price(Money(1)).is_none() {
                    return;
                }
                form.price.clone_from(&self.state.entry.text);
                self.show_field(form, Field::Vat);
            }
            Field::Vat => self.taught(&form),
        }
    }

    /// ← in the form.
    pub(in crate::till) fn field_before(&mut self, form: &Teaching) {
        match form.field {
            Field::Name => self.bell(),
            Field::Price => self.show_field(form.clone(), Field::Name),
            Field::Vat => self.show_field(form.clone(), Field::Price),
        }
    }

    fn show_field(&mut self, mut form: Teaching, field: Field) {
        self.clear_text();
        form.field = field;
        self.state.entry.text = match field {
            Field::Name => form.name.clone(),
            Field::Price => form.price.clone(),
            Field::Vat => String::new(),
        };
        if let Some(Overlay::Teach(open)) = self.state.overlays.top_mut() {
            **open = form;
        }
    }

    /// The article is there: it is kept, and sold at once.
    fn taught(&mut self, form: &Teaching) {
        let Some((group, vat)) = form.choices.get(form.selected).cloned() else {
            return self.bell();
        };
        let catalogue = &self.settings.catalogue;
        let short = form.code.trim_start_matches('0');
        let is_free = !short.is_empty() && catalogue.by_number(short).is_none();
        let number = if is_free { short } else { &form.code };
        let article = Article {
            number: number.to_owned(),
            eans: vec![form.code.clone()],
            name: form.name.clone(),
            price: parse_amount(&form.price, self.settings.implied_cents),
            vat,
            group,
            ..Article::default()
        };
        self.state.overlays.close();
        self.clear_text();
        self.effects.push(Effect::Teach(Box::new(article.clone())));
        self.add(&article, Added::one(number), false);
    }

    /// Takes the error about this code away.
    fn forget_unknown(&mut self, code: &str) {
        let known = Message::UnknownCode(code.to_owned());
        self.state.more_errors.retain(|error| error.message != known);
        if self.state.notice.as_ref().is_some_and(|notice| notice.message == known) {
            self.dismiss();
        }
    }
}

/// An article's code as printed on goods.
fn is_code_of_goods(code: &str) -> bool {
    matches!(code.len(), 8 | 12 | 13 | 14)
        && code.bytes().all(|byte| byte.is_ascii_digit())
        && ean_check_digit_ok(code)
}
