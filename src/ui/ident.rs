//! The ident panel: the customer's card, its balances, and what it pays of this sale.

use ratatui::layout::Rect;

use super::panel::Panel;
use super::pen::{Pen, inside};
use super::rows::{self, Row};
use super::theme::Role;
use crate::lang::{Words, fill};
use crate::money::Money;
use crate::shop::VatRate;
use crate::text::fit;
use crate::till::{
    Applied, CardIdent, CardState, CardView, Command, Goal, Sale, SaleCard, State, Step, Validity,
};
use crate::wire::StockStatus;

/// The card and what it paid: of the finished sale on the success screen, else of the sale at hand.
fn subject(state: &State) -> (Option<&SaleCard>, Option<&Applied>) {
    match &state.sale.step {
        // What the card had paid is back on it, or not known to be.
        Step::Done(finished) if finished.cancelled.is_some() => (finished.card.as_ref(), None),
        Step::Done(finished) => (finished.card.as_ref(), finished.applied.as_ref()),
        _ => (state.sale.card.as_ref(), state.sale.applied()),
    }
}

/// The balances that hold now; `None`: those known are of an earlier moment. After a cancellation
/// they come with its answer; beside what the card pays, they must allow it.
fn current<'a>(
    state: &'a State,
    view: &'a CardView,
    applied: Option<&Applied>,
) -> Option<&'a CardView> {
    if let Step::Done(finished) = &state.sale.step {
        return match &finished.cancelled {
            Some(cancelled) => cancelled.view.as_deref(),
            None => Some(view),
        };
    }
    applied.is_none_or(|applied| applied.is_of(view)).then_some(view)
}

/// A command's first key, for the texts of this panel.
fn key(pen: &Pen, command: Command) -> String {
    pen.view.lang.key_of(command, &pen.view.settings.keymap)
}

/// What the panel shows; `None`: no card.
#[derive(Debug, PartialEq)]
pub(super) struct Ident(Option<Vec<Row>>);

impl Ident {
    pub(super) fn of(pen: &Pen, state: &State, area: Rect) -> Self {
        let (card, applied) = subject(state);
        let Some(card) = card else { return Self(None) };
        let mut list = vec![Row::new(0, title(pen.words, card, pen.ascii()), Role::Title)];
        if let (CardIdent::CheckIn(_) | CardIdent::New(_), Some(number)) =
            (&card.ident, card.number())
        {
            list.push(Row::new(3, number.masked(pen.ascii()), Role::Text));
        }
        match &card.state {
            CardState::Unchecked => {
                let text =
                    if state.sale.is_waiting() { pen.words.checking } else { pen.words.unchecked };
                list.push(Row::new(1, text, Role::Dim));
            }
            CardState::Invalid => {
                list.push(Row::new(0, format!("! {}", invalid(pen.words, card)), Role::Error));
                list.push(Row::new(1, pen.words.not_used, Role::Text));
            }
            CardState::Locked(view) => {
                list.push(Row::new(0, format!("! {}", pen.words.locked_card), Role::Error));
                list.push(Row::new(1, pen.words.not_used, Role::Text));
                balances(pen, view, &mut list);
            }
            CardState::Known(_) if is_unmade(card) => {
                list.push(Row::new(2, pen.words.new_card_hint, Role::Text));
            }
            CardState::Known(view) => {
                if view.stock != StockStatus::Active {
                    list.push(Row::new(0, format!("! {}", pen.words.inactive_card), Role::Warn));
                    list.push(Row::new(2, pen.words.inactive_hint, Role::Text));
                }
                let soon = pen.view.settings.card_expires_soon;
                let (text, day, role) = match view.validity(state.today, soon) {
                    Validity::Long => ("", "", Role::Text),
                    Validity::EndsSoon(day) => (pen.words.expires_soon, day, Role::Warn),
                    Validity::Ended(day) => (pen.words.expired, day, Role::Error),
                };
                if !text.is_empty() {
                    let day = pen.view.lang.time(day);
                    let text = fill(text, &[("day", &day)]);
                    list.push(Row::new(0, format!("! {text}"), role));
                }
                match current(state, view, applied) {
                    Some(view) => balances(pen, view, &mut list),
                    None => list.push(Row::new(2, pen.words.balance_changed, Role::Dim)),
                }
            }
        }
        if let Some(applied) = applied {
            list.push(Row::gap());
            used(pen, applied, &mut list);
        } else {
            list.push(Row::gap());
            for (text, role) in hint(pen, &state.sale) {
                list.extend(
                    pen.wrap(&text, inside(area).width)
                        .into_iter()
                        .map(|row| Row::new(0, row, role)),
                );
            }
        }
        Self(Some(list))
    }
}

impl Panel for Ident {
    fn draw(&self, pen: &mut Pen, area: Rect) {
        let inner = pen.panel(area, pen.words.ident, Role::Border);
        let Some(list) = &self.0 else {
            let middle = inner.height.saturating_sub(2) / 2;
            pen.centre(inner, middle, pen.words.no_card, Role::Text);
            pen.centre(inner, middle + 1, pen.words.no_card_hint, Role::Dim);
            return;
        };
        rows::draw(pen, inner, list);
    }
}

/// The customer in a few words: the masked number, the name of a check-in, the new programme.
pub(super) fn title(words: &Words, card: &SaleCard, ascii: bool) -> String {
    match &card.ident {
        CardIdent::Number(number) => number.masked(ascii),
        CardIdent::CheckIn(check_in) => format!("{}: {}", words.check_in, check_in.name),
        CardIdent::New(programme) => format!("{}: {}", words.new_card, programme.name),
    }
}

/// What the server does not know.
const fn invalid(words: &Words, card: &SaleCard) -> &'static str {
    match &card.ident {
        CardIdent::Number(_) => words.invalid_card,
        CardIdent::CheckIn(_) => words.invalid_check_in,
        CardIdent::New(_) => words.invalid_new_card,
    }
}

/// A card that the sale will make, but has not made yet.
fn is_unmade(card: &SaleCard) -> bool {
    matches!(card.ident, CardIdent::New(_)) && card.number().is_none()
}

/// Programme and balances of a card.
pub(super) fn balances(pen: &Pen, view: &CardView, list: &mut Vec<Row>) {
    if !view.programme.is_empty() {
        list.push(Row::new(5, view.programme.clone(), Role::Dim));
    }
    for (rank, label, amount) in [
        (2, pen.words.cash_balance, view.cash),
        (2, pen.words.bonus_balance, view.bonus),
        (4, pen.words.balance, view.balance),
    ] {
        list.push(Row::pair(rank, (label, Role::Text), (pen.amount(amount), Role::Money)));
    }
    if view.points != 0 {
        let points = (view.points.to_string(), Role::Money);
        list.push(Row::pair(4, (pen.words.points, Role::Text), points));
    }
}

/// What the applied card pays: loaded money, bonus per VAT rate, VAT before and after, remainder.
fn used(pen: &Pen, applied: &Applied, list: &mut Vec<Row>) {
    let minus = |amount: Money| (pen.amount(-amount), Role::Money);
    list.push(Row::pair(0, (pen.words.cash_used, Role::Text), minus(applied.cash)));
    for &(rate, amount) in &applied.bonus {
        let label = format!("{} {rate}", pen.words.bonus_used);
        list.push(Row::pair(1, (label, Role::Text), minus(amount)));
    }
    for before in &applied.vat_before {
        let after = vat_after(applied, before.rate).unwrap_or(before.vat);
        let label = format!("{} {}", pen.words.vat, pen.view.lang.percent(before.rate));
        let change = format!("{} → {}", pen.amount(before.vat), pen.amount(after));
        list.push(Row::pair(3, (label, Role::Text), (change, Role::Money)));
    }
    let rest = (pen.amount(applied.missing), Role::Big);
    list.push(Row::pair(0, (pen.words.remainder, Role::Title), rest));
}

fn vat_after(applied: &Applied, rate: VatRate) -> Option<Money> {
    applied.vat_after.iter().find(|line| line.rate == rate).map(|line| line.vat)
}

/// The card is on its way to being applied.
fn is_applying(sale: &Sale) -> bool {
    sale.use_card && matches!(&sale.step, Step::Basket(Some(work)) if work.goal != Goal::Card)
}

/// The server had the card applied, to a basket that has changed since.
fn was_applied(sale: &Sale) -> bool {
    sale.remote.as_ref().is_some_and(|remote| remote.applied.is_some())
}

/// What to press to make the card pay.
fn hint(pen: &Pen, sale: &Sale) -> Vec<(String, Role)> {
    let (Step::Basket(_), Some(card)) = (&sale.step, &sale.card) else { return Vec::new() };
    if is_applying(sale) {
        return vec![(pen.words.applying.to_owned(), Role::Accent)];
    }
    let keys = [("apply", key(pen, Command::Subtotal)), ("total", key(pen, Command::Total))];
    let keys = keys.each_ref().map(|(name, key)| (*name, key.as_str()));
    if sale.must_apply() {
        let words = pen.words;
        let how = if was_applied(sale) { words.apply_again } else { words.apply_now };
        let again = fill(how, &keys);
        return vec![(format!("! {}", pen.words.not_applied), Role::Warn), (again, Role::Warn)];
    }
    let usable = matches!(card.state, CardState::Known(_)) && sale.paying_card().is_some();
    let worth = usable && !sale.basket.is_empty() && !sale.basket.has_top_up();
    if worth { vec![(fill(pen.words.apply, &keys), Role::Dim)] } else { Vec::new() }
}

/// What the card in one row shows, for small terminals.
#[derive(Debug, PartialEq)]
pub(super) struct IdentLine {
    card: Option<String>,
    text: String,
    role: Role,
}

impl IdentLine {
    pub(super) fn of(pen: &Pen, state: &State) -> Self {
        let (card, applied) = subject(state);
        let Some(card) = card else {
            return Self { card: None, text: pen.words.no_card.to_owned(), role: Role::Dim };
        };
        let words = pen.words;
        let dots = if pen.ascii() { "**" } else { "••" };
        let short = match (&card.ident, card.number()) {
            (_, Some(number)) => {
                let number = number.masked(pen.ascii());
                format!("{dots}{}", number.rsplit(' ').next().unwrap_or_default())
            }
            (CardIdent::CheckIn(check_in), None) => fit(&check_in.name, 12, pen.ascii()),
            (_, None) => words.new_card.to_owned(),
        };
        let (text, role) = match &card.state {
            CardState::Known(_) if is_applying(&state.sale) => {
                (words.applying.to_owned(), Role::Accent)
            }
            CardState::Unchecked if state.sale.is_waiting() => {
                (words.checking.to_owned(), Role::Dim)
            }
            CardState::Unchecked => (words.unchecked.to_owned(), Role::Dim),
            CardState::Invalid => (format!("! {}", invalid(words, card)), Role::Error),
            CardState::Known(view) if is_unmade(card) => (view.programme.clone(), Role::Text),
            CardState::Locked(_) => (format!("! {}", words.locked_card), Role::Error),
            CardState::Known(_)
                if state.sale.must_apply() && matches!(state.sale.step, Step::Basket(_)) =>
            {
                let keys =
                    [("apply", key(pen, Command::Subtotal)), ("total", key(pen, Command::Total))];
                let keys = keys.each_ref().map(|(name, key)| (*name, key.as_str()));
                let again = was_applied(&state.sale);
                let how = if again { words.apply_again_short } else { words.apply_now_short };
                (format!("! {}", fill(how, &keys)), Role::Warn)
            }
            CardState::Known(view) => {
                let paid = matches!(state.sale.step, Step::Done(_));
                let rest = applied.filter(|_| !paid).map_or_else(
                    || match current(state, view, None) {
                        Some(view) => format!("{} {}", words.balance, pen.amount(view.balance)),
                        None => String::new(),
                    },
                    |applied| format!("{} {}", words.remainder, pen.amount(applied.missing)),
                );
                (rest, Role::Money)
            }
        };
        Self { card: Some(short), text, role }
    }
}

impl Panel for IdentLine {
    fn draw(&self, pen: &mut Pen, area: Rect) {
        let mut col = 1;
        if let Some(card) = &self.card {
            col = pen.put(area, 0, 1, card, Role::Title) + 3;
        }
        pen.put(area, 0, col, &self.text, self.role);
    }
}
