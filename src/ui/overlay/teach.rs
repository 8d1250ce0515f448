//! The form of a new article.

use ratatui::layout::Rect;

use super::super::pen::Pen;
use super::super::theme::Role;
use super::list::{Cells, select};
use super::page;
use crate::money::parse_amount;
use crate::shop::Vat;
use crate::till::{Field, State, Teaching};

/// Columns for the names of the fields.
const LABELS: u16 = 10;

pub(super) fn draw(pen: &mut Pen, body: Rect, state: &State, form: &Teaching) {
    let words = pen.words;
    let choices = u16::try_from(form.choices.len()).unwrap_or(u16::MAX);
    let height = if form.field == Field::Vat { choices.saturating_add(5) } else { 5 };
    let inner = page(pen, body, words.new_article, (60, height.max(6)));
    let typed = state.entry.text.as_str();
    let name = if form.field == Field::Name { typed } else { &form.name };
    let price = if form.field == Field::Price { typed } else { &form.price };
    let price = match (parse_amount(price, pen.view.settings.implied_cents), price) {
        (Some(amount), _) => pen.money(amount),
        (None, "") if form.field == Field::Name => String::new(),
        (None, "") => words.open_price.to_owned(),
        (None, _) => words.unreadable.to_owned(),
    };
    put(pen, inner, 0, (words.number, &form.code), false);
    put(pen, inner, 1, (words.name, name), form.field == Field::Name);
    put(pen, inner, 2, (words.price, &price), form.field == Field::Price);
    put(pen, inner, 3, (words.vat, ""), form.field == Field::Vat);
    if form.field != Field::Vat {
        return;
    }
    let (settings, lang) = (pen.view.settings, pen.view.lang);
    let list =
        Rect { y: inner.y + 4.min(inner.height), height: inner.height.saturating_sub(4), ..inner };
    select(pen, list, form.choices.len(), form.selected, words.nothing_found, |index| {
        let (group, vat) = form.choices.get(index)?;
        let rate = settings.vat.rate(vat, state.today);
        let rate = rate.map_or_else(String::new, |rate| lang.percent(rate));
        let class = match vat {
            Vat::Class(class) => class.clone(),
            Vat::Rate(_) => String::new(),
        };
        Some(Cells {
            lead: rate,
            text: format!("{group} {class}").trim().to_owned(),
            tail: String::new(),
        })
    });
}

fn put(pen: &mut Pen, area: Rect, row: u16, (label, value): (&str, &str), is_at: bool) {
    let marker = if is_at { "▸" } else { " " };
    pen.put(area, row, 0, marker, Role::Key);
    pen.put_max(area, row, 2, label, if is_at { Role::Key } else { Role::Dim }, LABELS);
    pen.put(area, row, LABELS + 3, value, Role::Title);
}
