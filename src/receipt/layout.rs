//! Lines set in rows: centring, wrapping, pairs.
//!
//! Owns widths. Must not know what a line is about.

use unicode_width::UnicodeWidthChar;

use super::Row;
use crate::text::{is_harmful, width as columns};
use crate::wire::{Decoration, ReceiptLine};

/// Sets `lines` in rows of `width` columns (0 counts as 1).
///
/// No row is ever wider; what does not fit is wrapped, never cut. Characters wider than the whole
/// row become `?`, invisible ones are left out.
#[must_use]
pub fn layout(lines: &[ReceiptLine], width: usize) -> Vec<Row> {
    let width = width.max(1);
    let mut rows: Vec<Row> = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        match line {
            ReceiptLine::Separator(caption) => {
                let caption = caption.as_deref().map(clean).unwrap_or_default();
                if caption.trim().is_empty() {
                    rows.push(Row { text: "-".repeat(width), bold: false });
                    continue;
                }
                // A caption stands free, but blank rows at either end waste paper.
                if rows.last().is_some_and(|row| !row.text.is_empty()) {
                    rows.push(Row::default());
                }
                rows.extend(
                    aligned(&caption, width, Align::Center).map(|text| Row { text, bold: true }),
                );
                if index + 1 < lines.len() {
                    rows.push(Row::default());
                }
            }
            ReceiptLine::Text(text) => {
                let bold = text.decoration.contains(&Decoration::Important);
                rows.extend(
                    aligned(&clean(&text.text), width, align(&text.decoration))
                        .map(|text| Row { text, bold }),
                );
            }
            ReceiptLine::NameValue { name, value, decoration } => {
                let bold = decoration.contains(&Decoration::Important);
                rows.extend(
                    pair(&clean(name), &clean(value), width)
                        .into_iter()
                        .map(|text| Row { text, bold }),
                );
            }
            ReceiptLine::Space => rows.push(Row::default()),
            ReceiptLine::Unknown => {}
        }
    }
    rows
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Align {
    Left,
    Center,
    Right,
}

/// The last alignment wins, as in a style sheet.
fn align(decoration: &[Decoration]) -> Align {
    decoration
        .iter()
        .rev()
        .find_map(|decoration| match decoration {
            Decoration::AlignLeft => Some(Align::Left),
            Decoration::AlignCenter => Some(Align::Center),
            Decoration::AlignRight => Some(Align::Right),
            Decoration::Important | Decoration::Other => None,
        })
        .unwrap_or(Align::Left)
}

fn clean(text: &str) -> String {
    text.chars().filter(|&c| !is_harmful(c)).collect()
}

/// `text` wrapped, every row padded on the left as `align` wants.
fn aligned(text: &str, width: usize, align: Align) -> impl Iterator<Item = String> {
    wrap(text, width).into_iter().map(move |row| {
        let row = if align == Align::Left { row.as_str() } else { row.trim_start() };
        let room = width.saturating_sub(columns(row));
        let pad = match align {
            Align::Left => 0,
            Align::Center => room / 2,
            Align::Right => room,
        };
        format!("{:pad$}{row}", "").trim_end().to_owned()
    })
}

/// Name on the left, value on the right; on rows of their own where both do not fit in one.
fn pair(name: &str, value: &str, width: usize) -> Vec<String> {
    let value = value.trim();
    if value.is_empty() {
        return wrap(name, width);
    }
    let mut rows = if name.trim().is_empty() { Vec::new() } else { wrap(name, width) };
    let used = rows.last().map_or(0, |row| columns(row) + 1);
    if used > 0 && used + columns(value) <= width {
        if let Some(row) = rows.last_mut() {
            let gap = width.saturating_sub(columns(row) + columns(value));
            row.push_str(&" ".repeat(gap));
            row.push_str(value);
        }
    } else {
        rows.extend(aligned(value, width, Align::Right));
    }
    rows
}

/// `text` in rows of at most `width` columns, broken at blanks where possible. Leading blanks
/// stay, blanks at a break go. At least one row.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let text = text.trim_end();
    let mut rows = Vec::new();
    let mut row = String::new();
    for (index, word) in text.split(' ').enumerate() {
        // Before the first break an empty row still needs its blank: the text is indented.
        let gap = usize::from(index > 0 && (rows.is_empty() || !row.is_empty()));
        if columns(&row) + gap + columns(word) <= width {
            row.push_str(if gap == 1 { " " } else { "" });
            row.push_str(word);
            continue;
        }
        if !row.trim().is_empty() {
            rows.push(row.trim_end().to_owned());
            row.clear();
        } else if columns(&row) >= width {
            row.clear();
        }
        for c in word.chars() {
            let c = if c.width().unwrap_or(0) > width { '?' } else { c };
            let mut longer = row.clone();
            longer.push(c);
            // Measured as a whole: some characters change their width next to others.
            if columns(&longer) > width {
                rows.push(std::mem::replace(&mut row, c.to_string()));
            } else {
                row = longer;
            }
        }
    }
    if !row.trim().is_empty() || rows.is_empty() {
        rows.push(row.trim_end().to_owned());
    }
    rows
}

#[cfg(test)]
mod tests;
