//! `[[article]]` tables as rows of text.

use std::borrow::Cow;
use std::ops::Range;

use toml_edit::{Document, Item, TableLike, Value};

use super::{COLUMNS, Cell, Column, Goods, Report, Row};
use crate::hint::{Lines, did_you_mean, nearest};

/// Bytes that are parsed at once: a parsed article takes some fifty times the memory of its text.
const PART: usize = 64 << 10;
/// Bytes of the longest part.
const LONGEST_PART: usize = 4 << 20;
/// Where a part may end: a line that cannot be anything else, unless it stands within a text of
/// several lines.
const HEADER: &str = "\n[[article]]";

/// Hands the articles of the text to `goods`, and what is not one to its report.
pub(super) fn read(text: &str, goods: &mut Goods) {
    let is_split = !text.contains("\"\"\"") && !text.contains("'''");
    let (mut rest, mut before) = (text, 0);
    while !rest.is_empty() {
        let end = if is_split { part_end(rest) } else { rest.len() };
        let (part, behind) = rest.split_at(end);
        let lines = PartLines { lines: Lines::new(part), before };
        if part.len() > LONGEST_PART {
            let problem = format!(
                "more than {LONGEST_PART} bytes without a line [[article]], or with texts of \
                 several lines: write many articles as CSV"
            );
            goods.bad.add(lines.of(None), &problem);
            return;
        }
        if !read_part(&lines, goods) {
            return;
        }
        before += part.bytes().filter(|byte| *byte == b'\n').count();
        rest = behind;
    }
}

/// Where the first part of `text` ends: behind a line end.
fn part_end(text: &str) -> usize {
    let from = (0..=PART.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
    let from = from.unwrap_or_default();
    let header = text.get(from..).and_then(|text| text.find(HEADER));
    header.map_or(text.len(), |at| from + at + 1)
}

/// A part of a text, and the lines before it.
struct PartLines<'a> {
    lines: Lines<'a>,
    before: usize,
}

impl PartLines<'_> {
    fn of(&self, span: Option<Range<usize>>) -> usize {
        self.before + self.lines.line_of(span)
    }
}

/// Reads one part; false: nothing behind it is read.
fn read_part(lines: &PartLines, goods: &mut Goods) -> bool {
    let document = match Document::parse(lines.lines.text()) {
        Ok(document) => document,
        Err(error) => {
            let problem = format!("not TOML: {}", error.message());
            goods.bad.add(lines.of(error.span()), &problem);
            return false;
        }
    };
    for (name, item) in document.iter() {
        let key = document.as_table().key(name);
        let line = lines.of(key.and_then(toml_edit::Key::span));
        if name != "article" {
            let hint = did_you_mean(nearest(name, ["article"]));
            let problem = format!("{name} is unknown here, articles are [[article]]{hint}");
            goods.bad.add(line, &problem);
        } else if let Some(tables) = item.as_array_of_tables() {
            for table in tables {
                let row = row(lines, table, table.span(), &mut goods.bad);
                if !goods.take(&row) {
                    return false;
                }
            }
        } else if let Some(values) = item.as_array() {
            for value in values {
                let Some(table) = value.as_inline_table() else {
                    goods.bad.add(lines.of(value.span()), "not an article { … }");
                    continue;
                };
                let row = row(lines, table, value.span(), &mut goods.bad);
                if !goods.take(&row) {
                    return false;
                }
            }
        } else {
            goods.bad.add(line, "articles are written [[article]], in two brackets");
        }
    }
    true
}

fn row<'a>(
    lines: &PartLines<'a>,
    table: &'a dyn TableLike,
    span: Option<Range<usize>>,
    bad: &mut Report,
) -> Row<'a> {
    let mut row = Row { line: lines.of(span), ..Row::default() };
    for (name, item) in table.iter() {
        let key = table.get_key_value(name).and_then(|(key, _)| key.span());
        let line = lines.of(key.or_else(|| item.span()));
        let Some(column) = Column::named(name) else {
            let hint = did_you_mean(nearest(name, COLUMNS.map(Column::name)));
            bad.add(line, &format!("{name} is not known of an article{hint}"));
            continue;
        };
        let text = written(lines.lines.text(), column, item);
        if text.is_none() {
            let wanted = match column {
                Column::Name | Column::Group => "text in quotes",
                Column::Price => "an amount like 3.49",
                Column::Number | Column::Ean | Column::Vat => "digits",
            };
            bad.add(line, &format!("{name}: expected {wanted}, found {}", item.type_name()));
        }
        // As in a CSV file, an empty optional column is an absent one.
        let is_empty = text.as_ref().is_some_and(|text| text.trim().is_empty());
        if column.is_required() || !is_empty {
            row.set(column, Cell { text, line });
        }
    }
    row
}

/// The text of a value where its type suits the column. A float is taken from the source: 3.49 as
/// a binary number is not 3.49.
fn written<'a>(text: &'a str, column: Column, item: &'a Item) -> Option<Cow<'a, str>> {
    let value = item.as_value()?;
    match (value, column) {
        (Value::String(text), _) => Some(text.value().into()),
        (_, Column::Name | Column::Group) => None,
        (Value::Integer(number), _) => Some(number.value().to_string().into()),
        (Value::Float(_), Column::Price) => text.get(value.span()?).map(Cow::from),
        _ => None,
    }
}
