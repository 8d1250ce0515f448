//! `[[article]]` tables as rows of text.

use std::borrow::Cow;
use std::ops::Range;

use toml_edit::{Document, Item, TableLike, Value};

use super::columns::Column;
use super::encoding::Decoded;
use super::keyed::Keyed;
use super::lines::{LONGEST_LINE, Line, Lines};
use super::row::Row;
use super::{Goods, Problem, What};
use crate::hint::{self, did_you_mean, nearest};

/// Bytes that are parsed at once: a parsed article takes some fifty times the memory of its text.
const PART: usize = 64 << 10;
/// Bytes of the longest part.
const LONGEST_PART: usize = 4 << 20;
/// Where a part may end: a line that cannot be anything else, unless it stands within a text of
/// several lines.
const HEADER: &str = "[[article]]";

/// Hands the articles of the text to `goods`, and what is not one to its report.
pub(super) fn read(text: Decoded, goods: &mut Goods) {
    let mut lines = Lines::new(text);
    let mut part = Part::default();
    let mut reading = Reading { keyed: Keyed::new(true), bytes: 0 };
    loop {
        reading.bytes = lines.bytes();
        let line = match lines.next() {
            Ok(line) => line,
            Err(error) => return goods.unreadable(part.before + part.lines + 1, &error),
        };
        let Some(line) = line else { break };
        if line.is_too_long {
            return goods.bad.add(Problem::of_line(line.number, What::LongLine(LONGEST_LINE)));
        }
        if part.text.len() >= PART && line.text.starts_with(HEADER) && part.is_closed() {
            if !read_part(&part, &mut reading, goods) {
                return;
            }
            part = Part { before: part.before + part.lines, ..Part::default() };
        }
        part.add(&line);
        if part.text.len() > LONGEST_PART {
            let what = What::LongToml(LONGEST_PART);
            return goods.bad.add(Problem::of_line(part.before + 1, what));
        }
    }
    read_part(&part, &mut reading, goods);
}

/// What is known over all parts.
struct Reading {
    keyed: Keyed,
    /// Bytes read so far.
    bytes: u64,
}

/// A part of a text, and the lines before it.
#[derive(Default)]
struct Part {
    text: String,
    before: usize,
    lines: usize,
    /// Whether a text of several lines is open that ends in `"""` or `'''`.
    open: [bool; 2],
}

impl Part {
    fn add(&mut self, line: &Line) {
        for (open, mark) in self.open.iter_mut().zip(["\"\"\"", "'''"]) {
            *open ^= line.text.matches(mark).count() % 2 == 1;
        }
        self.text.push_str(&line.text);
        self.text.push('\n');
        self.lines += 1;
    }

    /// Whether no text of several lines goes on.
    fn is_closed(&self) -> bool {
        self.open == [false; 2]
    }
}

/// A part of a text whose lines can be looked up.
struct PartLines<'a> {
    lines: hint::Lines<'a>,
    before: usize,
}

impl PartLines<'_> {
    fn of(&self, span: Option<Range<usize>>) -> usize {
        self.before + self.lines.line_of(span)
    }
}

/// Reads one part; false: nothing behind it is read.
fn read_part(part: &Part, reading: &mut Reading, goods: &mut Goods) -> bool {
    let lines = PartLines { lines: hint::Lines::new(&part.text), before: part.before };
    let document = match Document::parse(part.text.as_str()) {
        Ok(document) => document,
        Err(error) => {
            let line = lines.of(error.span()).min(part.before + part.lines.max(1));
            let what = What::NotToml(super::problem::short(error.message()));
            goods.bad.add(Problem::of_line(line, what));
            return false;
        }
    };
    for (name, item) in document.iter() {
        let key = document.as_table().key(name);
        let line = lines.of(key.and_then(toml_edit::Key::span));
        if name != "article" {
            let hint = did_you_mean(nearest(name, ["article"]));
            goods.bad.add(Problem::of_column(line, name, What::UnknownTable(hint)));
        } else if let Some(tables) = item.as_array_of_tables() {
            for table in tables {
                if !take(&lines, table, table.span(), reading, goods) {
                    return false;
                }
            }
        } else if let Some(values) = item.as_array() {
            for value in values {
                let Some(table) = value.as_inline_table() else {
                    goods.bad.add(Problem::of_line(lines.of(value.span()), What::NoTable));
                    continue;
                };
                if !take(&lines, table, value.span(), reading, goods) {
                    return false;
                }
            }
        } else {
            goods.bad.add(Problem::of_line(line, What::OneTable));
        }
    }
    true
}

fn take(
    lines: &PartLines,
    table: &dyn TableLike,
    span: Option<Range<usize>>,
    reading: &mut Reading,
    goods: &mut Goods,
) -> bool {
    let mut row = Row::new(lines.of(span));
    let items: Vec<(&str, &Item)> = table.iter().collect();
    let line = |(name, item): &(&str, &Item)| {
        let key = table.get_key_value(name).and_then(|(key, _)| key.span());
        lines.of(key.or_else(|| item.span()))
    };
    let named: Vec<(&str, usize)> = items.iter().map(|item| (item.0, line(item))).collect();
    let layout = &reading.keyed.keys(&named, row.line, goods).layout;
    for (index, column) in &layout.fields {
        let (Some((name, item)), Some((_, line))) = (items.get(*index), named.get(*index)) else {
            continue;
        };
        match written(lines.lines.text(), *column, item) {
            // As in a CSV file, an empty column is an absent one.
            Some(text) if text.trim().is_empty() => {}
            Some(text) => row.set(*column, Some(text), *line),
            None => {
                let (expected, found) = (expected(*column), item.type_name());
                let what = What::WrongType { expected, found };
                goods.bad.add(Problem::of_column(*line, name, what));
                row.set(*column, None, *line);
            }
        }
    }
    row.apply(goods.options);
    goods.take(&row, &|column| layout.name(column), reading.bytes)
}

/// What a column takes, for people.
fn expected(column: Column) -> &'static str {
    match column {
        Column::Price => "an amount like 3.49",
        Column::Vat => "a percentage or a class in quotes",
        Column::Open | Column::Locked | Column::Active => "true or false",
        Column::Number
        | Column::Ean
        | Column::Deposit
        | Column::Age
        | Column::PackOf
        | Column::PackPieces => "digits",
        _ => "text in quotes",
    }
}

/// The text of a value where its type suits the column. A float is taken from the source: 3.49 as
/// a binary number is not 3.49.
fn written<'a>(text: &'a str, column: Column, item: &'a Item) -> Option<Cow<'a, str>> {
    let value = item.as_value()?;
    let takes = expected(column);
    match (value, column) {
        (Value::String(text), _) => Some(text.value().into()),
        (Value::Boolean(flag), _) if takes == "true or false" => {
            Some(if *flag.value() { "true" } else { "false" }.into())
        }
        (Value::Integer(number), _) if takes != "text in quotes" => {
            Some(number.value().to_string().into())
        }
        (Value::Float(_), Column::Price | Column::Vat) => text.get(value.span()?).map(Cow::from),
        (Value::Array(codes), Column::Ean) => {
            let code = |code: &Value| match code {
                Value::String(text) => Some(text.value().clone()),
                Value::Integer(number) => Some(number.value().to_string()),
                _ => None,
            };
            let codes: Option<Vec<String>> = codes.iter().map(code).collect();
            Some(codes?.join("|").into())
        }
        _ => None,
    }
}
