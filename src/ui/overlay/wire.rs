//! The last exchanges with the server, and one of them whole.

use ratatui::layout::Rect;

use super::super::pen::Pen;
use super::super::theme::Role;
use super::list::{Cells, select};
use super::{page, tall};
use crate::exchange::{Body, Exchange, Progress};
use crate::lang::fill;
use crate::text::fit;
use crate::till::{Inspector, OneExchange};

/// The newest first: time and method, path, and how it ended.
pub(super) fn list(pen: &mut Pen, body: Rect, inspector: &Inspector) {
    let count = inspector.exchanges.len();
    let inner = page(pen, body, pen.words.wire, (100, tall(count)));
    let words = pen.words;
    select(pen, inner, count, inspector.index(), words.no_exchange, |index| {
        let exchange = inspector.at(index)?;
        let tail = match &exchange.progress {
            Progress::Pending => words.pending.to_owned(),
            Progress::Answered { status, ms, .. } => format!("{status} {ms:>6} ms"),
            Progress::Lost { .. } => format!("! {}", words.no_answer),
        };
        Some(Cells {
            lead: format!("{} {:<5}", time(exchange), exchange.method),
            text: short(exchange.path()),
            tail,
        })
    });
}

/// One exchange: what was asked, how it ended, what was said.
pub(super) fn one(pen: &mut Pen, body: Rect, one: &OneExchange) {
    let OneExchange(exchange, scroll) = one;
    let title = format!("{} {}", time(exchange), exchange.method);
    let inner = page(pen, body, &title, (100, u16::MAX));
    let rows = rows(pen, exchange, inner.width);
    let most = rows.len().saturating_sub(usize::from(inner.height));
    let first = most.min(*scroll);
    pen.more(inner, first, most - first);
    for ((text, role), line) in rows.iter().skip(first).zip(0..inner.height) {
        pen.put(inner, line, 0, text, *role);
    }
}

fn rows(pen: &Pen, exchange: &Exchange, columns: u16) -> Vec<(String, Role)> {
    let words = pen.words;
    let mut out = Vec::new();
    text(pen, &exchange.url, Role::Title, columns, &mut out);
    match &exchange.progress {
        Progress::Pending => text(pen, words.pending, Role::Accent, columns, &mut out),
        Progress::Answered { status, ms, .. } => {
            let (mark, role) = if *status < 400 { ("", Role::Good) } else { ("! ", Role::Error) };
            text(pen, &format!("{mark}HTTP {status}, {ms} ms"), role, columns, &mut out);
        }
        Progress::Lost { reason, sent, ms } => {
            let why = pen.view.lang.reason(*reason);
            let why = format!("! {}, {ms} ms: {why}", words.no_answer);
            text(pen, &why, Role::Error, columns, &mut out);
            let effect = if *sent { words.maybe_done } else { words.nothing_sent };
            text(pen, effect, Role::Text, columns, &mut out);
        }
    }
    part(pen, words.request, exchange.authorised, &exchange.request, columns, &mut out);
    if let Progress::Answered { body, .. } = &exchange.progress {
        part(pen, words.answer, false, body, columns, &mut out);
    }
    out
}

fn text(pen: &Pen, text: &str, role: Role, columns: u16, out: &mut Vec<(String, Role)>) {
    out.extend(pen.wrap(text, columns).into_iter().map(|row| (row, role)));
}

/// Request or answer under its heading.
fn part(
    pen: &Pen,
    heading: &str,
    authorised: bool,
    body: &Body,
    columns: u16,
    out: &mut Vec<(String, Role)>,
) {
    out.push((String::new(), Role::Text));
    out.push((heading.to_owned(), Role::Dim));
    if authorised {
        out.push(("Authorization: Bearer $TOKEN".to_owned(), Role::Text));
    }
    shown(pen, body, columns, out);
}

/// A body line by line; long ones go on in the next row under their own beginning.
fn shown(pen: &Pen, body: &Body, columns: u16, out: &mut Vec<(String, Role)>) {
    for line in body.text.lines() {
        let text = line.trim_start();
        let margin = u16::try_from(line.len() - text.len()).unwrap_or(u16::MAX).min(columns / 3);
        let blank = " ".repeat(usize::from(margin));
        let rows = pen.wrap(text, columns - margin);
        out.extend(rows.into_iter().map(|row| (format!("{blank}{row}"), Role::Text)));
    }
    if body.is_cut {
        let kib = (body.text.len() / 1024).to_string();
        out.push((fill(pen.words.cut_here, &[("n", &kib)]), Role::Dim));
    }
}

/// A path whose parts fit: what every address begins with is left out, ids lose their ends.
fn short(path: &str) -> String {
    let path = path.strip_prefix("/api/v2").unwrap_or(path).trim_start_matches('/');
    let (path, query) = path.split_once('?').map_or((path, ""), |(path, query)| (path, query));
    let parts = path.split('/').map(|part| match part.split_once('_') {
        Some((kind, rest)) => format!("{kind}_{}", fit(rest, 4, false)),
        None => part.to_owned(),
    });
    let path = parts.collect::<Vec<_>>().join("/");
    if query.is_empty() { path } else { format!("{path}?{query}") }
}

/// The time of day.
fn time(exchange: &Exchange) -> &str {
    exchange.at.get(11..19).unwrap_or(&exchange.at)
}
