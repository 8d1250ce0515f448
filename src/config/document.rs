//! A configuration file as raw values with their lines.

use toml_edit::{Document, Item, TableLike};

use super::schema::{Field, find, has_section, meant};
use super::value::{Piece, Raw};
use crate::config::fields;
use crate::hint::{Lines, did_you_mean, line_of, nearest};

/// One key that the file sets.
pub(super) struct Entry {
    pub(super) field: Field,
    pub(super) raw: Raw,
    pub(super) line: usize,
}

/// What a file says, and what it says wrongly: line and text.
#[derive(Default)]
pub(super) struct Contents {
    pub(super) entries: Vec<Entry>,
    pub(super) problems: Vec<(usize, String)>,
}

/// Reads `text`. A text that is not TOML yields only the first error: nothing after it is certain.
///
/// The parser's own report quotes the line, which may hold a secret; only its message is taken.
pub(super) fn read(text: &str) -> Contents {
    let mut contents = Contents::default();
    let document = match Document::parse(text) {
        Ok(document) => document,
        Err(error) => {
            let line = line_of(text, error.span());
            contents.problems.push((line, format!("not TOML: {}", error.message())));
            return contents;
        }
    };
    let lines = Lines::new(text);
    for (name, line, item) in items(&lines, document.as_table()) {
        if let Some(field) = find("", name) {
            contents.entries.push(Entry { field, raw: raw(&lines, item), line });
        } else if !has_section(name) {
            contents.problems.push((line, unknown_at_top(name, item)));
        } else if let Some(table) = item.as_table_like() {
            section(&lines, name, table, &mut contents);
        } else {
            contents.problems.push((line, format!("{name} must be a table: [{name}]")));
        }
    }
    contents
}

fn unknown_at_top(name: &str, item: &Item) -> String {
    if item.is_table_like() || item.is_array_of_tables() {
        let mut sections: Vec<_> =
            fields().map(|field| field.section).filter(|name| !name.is_empty()).collect();
        sections.dedup();
        return format!("unknown section [{name}]{}", did_you_mean(nearest(name, sections)));
    }
    format!("unknown key {name}{}", did_you_mean(meant("", name).as_deref()))
}

fn section(lines: &Lines, section: &str, table: &dyn TableLike, contents: &mut Contents) {
    for (key, line, item) in items(lines, table) {
        if let Some(field) = find(section, key) {
            contents.entries.push(Entry { field, raw: raw(lines, item), line });
        } else {
            let hint = did_you_mean(meant(section, key).as_deref());
            contents.problems.push((line, format!("unknown key {section}.{key}{hint}")));
        }
    }
}

/// Names, lines and values of a table.
fn items<'a>(
    lines: &'a Lines<'a>,
    table: &'a dyn TableLike,
) -> impl Iterator<Item = (&'a str, usize, &'a Item)> {
    table.iter().map(move |(name, item)| {
        let key = table.get_key_value(name).and_then(|(key, _)| key.span());
        (name, lines.line_of(key.or_else(|| item.span())), item)
    })
}

fn raw(lines: &Lines, item: &Item) -> Raw {
    match item {
        Item::Value(value) => raw_value(lines, value),
        Item::Table(_) | Item::ArrayOfTables(_) => Raw::Other("a table"),
        Item::None => Raw::Other("nothing"),
    }
}

fn raw_value(lines: &Lines, value: &toml_edit::Value) -> Raw {
    use toml_edit::Value;
    match value {
        Value::String(text) => Raw::Text(text.value().clone()),
        Value::Integer(number) => Raw::Whole(*number.value()),
        Value::Boolean(switch) => Raw::Switch(*switch.value()),
        Value::Float(_) => Raw::Other("a number with decimals"),
        Value::Datetime(_) => Raw::Other("a date"),
        Value::InlineTable(_) => Raw::Other("a table"),
        Value::Array(values) => Raw::List(
            values
                .iter()
                .map(|value| Piece {
                    raw: raw_value(lines, value),
                    line: Some(lines.line_of(value.span())),
                })
                .collect(),
        ),
    }
}
