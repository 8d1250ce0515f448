//! Goods before they are sold: their price alone, and what is asked about them.

use ratatui::layout::Rect;

use super::super::pen::Pen;
use super::super::rows::{self, Row};
use super::super::theme::Role;
use super::super::{big, legend, quick as keys};
use super::list::{Cells, select};
use super::{ROOMY, page, question, tall, window};
use crate::lang::fill;
use crate::money::{Percent, parse_amount};
use crate::shop::{Article, Unit, Weight};
use crate::till::{
    AgeQuestion, Asking, Command, DiscountOf, Label, ReasonList, Reasoned, Shown, State,
};

const WIDTH: u16 = 50;

/// What the customer wants to know of an article, and that it is not sold.
pub(super) fn shown(pen: &mut Pen, body: Rect, state: &State, shown: &Shown) {
    let words = pen.words;
    let article = pen.view.settings.catalogue.by_number(&shown.0.number);
    let list = match &article {
        Some(article) => facts(pen, state, article, shown),
        None => vec![Row::new(0, words.nothing_found, Role::Warn)],
    };
    if body.width < ROOMY {
        pen.clear(body);
    }
    let height = u16::try_from(list.len()).unwrap_or(u16::MAX);
    let inner = window(pen, body, words.price_look_up, (WIDTH, height));
    rows::draw(pen, inner, list);
}

fn facts(pen: &Pen, state: &State, article: &Article, shown: &Shown) -> Vec<Row> {
    let (words, lang, settings) = (pen.words, pen.view.lang, pen.view.settings);
    let price = match shown.0.price.or(article.price) {
        None => words.open_price.to_owned(),
        Some(price) if article.unit == Unit::Kilogram && shown.0.price.is_none() => {
            format!("{} {}", pen.money(price), words.per_kilo)
        }
        Some(price) => pen.money(price),
    };
    let mut list = vec![
        Row::new(0, article.name.clone(), Role::Title),
        Row::pair(0, (words.price, Role::Text), (price, Role::Big)),
        Row::gap(),
    ];
    let rate = settings.vat.rate(&article.vat, state.today);
    let rate = rate.map_or_else(|| "?".to_owned(), |rate| lang.percent(rate));
    let deposit = article.deposit.as_ref().map(|number| {
        let deposit = settings.catalogue.by_number(number).and_then(|deposit| deposit.price);
        deposit.map_or_else(|| "?".to_owned(), |price| pen.money(price))
    });
    let age = article.age.map(|age| fill(words.from_age, &[("n", &age.to_string())]));
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    for (label, value) in [
        (words.deposit, deposit),
        (words.vat, Some(rate)),
        (words.group, some(&article.group)),
        (words.age_limit, age),
        (words.number, some(&article.number)),
        (words.note, some(&article.note)),
    ] {
        if let Some(value) = value {
            list.push(Row::pair(2, (label, Role::Dim), (value, Role::Text)));
        }
    }
    if article.locked {
        list.push(Row::new(0, format!("! {}", words.not_for_sale), Role::Error));
    }
    list.extend([Row::gap(), Row::new(0, words.price_only, Role::Warn)]);
    list
}

/// Whether the customer is old enough.
pub(super) fn age(pen: &mut Pen, body: Rect, asked: &AgeQuestion) {
    let age = asked.age.to_string();
    let text = fill(pen.words.confirm_age, &[("n", &age), ("name", &asked.name)]);
    question::ask(pen, body, &text);
}

/// What is asked for, and the number typed as it is understood.
pub(super) fn ask(pen: &mut Pen, body: Rect, state: &State, asking: &Asking) {
    let title = match asking {
        Asking::For(command) => pen.view.lang.label(*command).into_owned(),
        Asking::Price(..) | Asking::Department(_) => pen.words.price.to_owned(),
        Asking::Weight(..) => pen.words.weight.to_owned(),
        Asking::Pieces(..) => pen.words.pieces_asked.to_owned(),
    };
    let about = match asking {
        Asking::Price(name, _) | Asking::Weight(name, _) | Asking::Pieces(name, _) => name.clone(),
        Asking::Department(department) => department.name.clone(),
        Asking::For(Command::SaleNote | Command::Discount(DiscountOf::Sale, _)) => {
            pen.words.whole_sale.to_owned()
        }
        Asking::For(_) => {
            let line = state.sale.basket.lines().get(state.sale.selected);
            line.map(|line| line.name.clone()).unwrap_or_default()
        }
    };
    if body.width < ROOMY {
        pen.clear(body);
    }
    let rows = if asking.label() == Label::AskText { 2 } else { 3 + big::ROWS };
    let inner = window(pen, body, &title, (WIDTH, rows));
    pen.put(inner, 0, 0, &about, Role::Title);
    let hint = legend::word(pen.words, asking.label());
    pen.put(inner, 1, 0, hint, Role::Dim);
    let below =
        Rect { y: inner.y + 3.min(inner.height), height: inner.height.saturating_sub(3), ..inner };
    let typed = &state.entry.text;
    if typed.is_empty() || state.entry.is_refused() {
        return;
    }
    let understood = match asking.label() {
        Label::AskAmount => parse_amount(typed, pen.view.settings.implied_cents)
            .map(|amount| (pen.amount(amount), pen.money(amount))),
        Label::AskWeight => Weight::parse(typed).map(|grams| {
            let kilograms = Weight::kilograms(grams, pen.view.lang.notation());
            (kilograms.clone(), format!("{kilograms} kg"))
        }),
        Label::AskPercent => Percent::parse(typed).map(|percent| {
            (percent.show(pen.view.lang.notation()), pen.view.lang.percent(percent))
        }),
        Label::AskPieces => typed.parse::<u32>().ok().map(|n| (n.to_string(), n.to_string())),
        _ => return,
    };
    match understood {
        Some((number, _)) if below.height >= big::ROWS => {
            big::draw(pen, below, &number, Role::Big, 0);
        }
        Some((_, text)) => {
            pen.right(inner, inner.height.saturating_sub(1), &text, Role::Big);
        }
        None => {
            pen.put(below, 0, 0, pen.words.unreadable, Role::Warn);
        }
    }
}

/// The reasons to choose from.
pub(super) fn reasons(pen: &mut Pen, body: Rect, list: &ReasonList) {
    let words = pen.words;
    let title = match &list.of {
        Reasoned::Price(_) => words.reason_price,
        Reasoned::Discount(..) => words.reason_discount,
        Reasoned::Return(_) => words.reason_return,
    };
    let reasons = list.of.reasons(pen.view.settings);
    let inner = page(pen, body, title, (WIDTH, tall(reasons.len())));
    select(pen, inner, reasons.len(), list.selected, words.nothing_found, |index| {
        let lead = reasons.get(index)?.clone();
        Some(Cells { lead, text: String::new(), tail: String::new() })
    });
}

/// The quick keys with what they sell.
pub(super) fn quick(pen: &mut Pen, body: Rect, selected: usize) {
    let settings = pen.view.settings;
    let count = settings.quick.len();
    let inner = page(pen, body, pen.words.quick_keys, (60, tall(count)));
    let rows: Vec<_> = (0..count).map(|index| keys::words(pen, settings, index)).collect();
    let open = pen.words.open_price;
    select(pen, inner, count, selected, pen.words.nothing_found, |index| {
        let words = rows.get(index)?.as_ref()?;
        let tail = words.price.clone().unwrap_or_else(|| open.to_owned());
        Some(Cells { lead: words.key.clone(), text: words.name.clone(), tail })
    });
}
