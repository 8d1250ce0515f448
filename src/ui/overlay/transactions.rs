//! The server's list of transactions, and one of them in full.

use ratatui::layout::Rect;

use super::super::pen::Pen;
use super::super::status;
use super::super::theme::Role;
use super::list::{Cells, select};
use super::{page, receipt, tall};
use crate::lang::{Words, fill};
use crate::receipt::{layout, slip};
use crate::till::{Fetch, Listed, Listing, State};
use crate::wire::{ReceiptLine, Status};

pub(super) fn list(pen: &mut Pen, body: Rect, state: &State, listing: &Listing) {
    let words = pen.words;
    let inner = page(pen, body, &title(pen, listing), (90, tall(super::super::PAGE_ROWS)));
    let nothing = match listing.fetch {
        Fetch::Rows(_) => words.loading,
        Fetch::Failed => words.list_failed,
        Fetch::Nothing | Fetch::Row => words.no_transactions,
    };
    let rows = Rect { height: inner.height.saturating_sub(1), ..inner };
    let (lang, ascii) = (pen.view.lang, pen.ascii());
    select(pen, rows, listing.rows.len(), listing.selected, nothing, |index| {
        let row = listing.rows.get(index)?;
        let status = word(words, row.status);
        let card = row.cards.first().map(|card| card.masked(ascii)).unwrap_or_default();
        let reference = row.reference.as_deref().or(row.merchant_ref.as_deref());
        // References of one run of a till differ at their end only.
        let reference = tail(reference.unwrap_or_default(), 19);
        Some(Cells {
            lead: lang.time(&row.created),
            text: format!("{status:<11} {reference:<19} {card}"),
            tail: lang.amount(row.sum),
        })
    });
    let below = inner.height.saturating_sub(1);
    if let Fetch::Rows(since) = listing.fetch
        && !listing.rows.is_empty()
    {
        let seconds = status::seconds(pen, state.now, since);
        pen.pair(inner, below, (words.loading, Role::Accent), (&seconds, Role::Accent));
    } else if listing.has_more() {
        let key = pen.view.lang.key(crate::till::Key::PageDown);
        pen.put(inner, below, 0, &fill(words.load_more, &[("key", &key)]), Role::Dim);
    }
}

fn title(pen: &Pen, listing: &Listing) -> String {
    let (shown, total) = (listing.rows.len().to_string(), listing.total.to_string());
    let mut title = pen.words.transactions.to_owned();
    if !listing.rows.is_empty() {
        let count = fill(pen.words.n_of_total, &[("n", &shown), ("total", &total)]);
        title = format!("{title}: {count}");
    }
    if !listing.search.is_empty() {
        let search = crate::text::fit(&crate::text::sanitise(&listing.search), 24, pen.ascii());
        title = format!("{title} - \"{search}\"");
    }
    title
}

/// A status in a word; those that no till leads to share one.
const fn word(words: &Words, status: Status) -> &'static str {
    match status {
        Status::Created => words.created,
        Status::Processing => words.processing,
        Status::Ok => words.status_ok,
        Status::Failed => words.failed,
        Status::Cancelled => words.status_cancelled,
        Status::Aborted => words.status_aborted,
        _ => words.status_other,
    }
}

fn tail(text: &str, columns: usize) -> String {
    let count = text.chars().count();
    text.chars().skip(count.saturating_sub(columns)).collect()
}

pub(super) fn one(pen: &mut Pen, body: Rect, state: &State, scroll: usize) {
    let inner = page(pen, body, pen.words.transaction, (receipt::WIDTH, u16::MAX));
    let Some(row) = state.listed() else { return };
    let mut lines = about(pen, row);
    lines.extend(slip(&row.slip));
    let rows = layout(&lines, usize::from(inner.width));
    receipt::scrolled(pen, inner, &rows, scroll);
}

/// What is known of a transaction, in front of what the server wrote.
fn about(pen: &Pen, row: &Listed) -> Vec<ReceiptLine> {
    let (words, lang) = (pen.words, pen.view.lang);
    let mut lines = vec![
        ReceiptLine::important(word(words, row.status)),
        ReceiptLine::text(&row.id),
        ReceiptLine::pair(words.listed_created, lang.time(&row.created)),
    ];
    if let Some(updated) = &row.updated {
        lines.push(ReceiptLine::pair(words.listed_updated, lang.time(updated)));
    }
    for (label, text) in
        [(words.listed_reference, &row.reference), (words.listed_merchant_ref, &row.merchant_ref)]
    {
        if let Some(text) = text {
            lines.push(ReceiptLine::pair(label, text));
        }
    }
    if let Some(number) = row.receipt_number {
        lines.push(ReceiptLine::pair(words.listed_receipt, number.to_string()));
    }
    for card in &row.cards {
        lines.push(ReceiptLine::pair(words.card, card.masked(pen.ascii())));
    }
    if !row.articles.is_empty() {
        lines.push(ReceiptLine::Separator(None));
    }
    for (quantity, name, amount) in &row.articles {
        lines.push(ReceiptLine::pair(format!("{quantity} x {name}"), lang.amount(*amount)));
    }
    lines.push(ReceiptLine::Separator(None));
    lines.push(ReceiptLine::pair(words.total, pen.money(row.sum)));
    if let Some(missing) = row.missing {
        lines.push(ReceiptLine::pair(words.remainder, pen.money(missing)));
    }
    lines
}
