//! `[[article]]` tables as rows of text.

use toml_edit::{Document, Item, TableLike, Value};

use super::{COLUMNS, Cell, Column, Report, Row};
use crate::hint::{Lines, did_you_mean, line_of, nearest};

/// The articles of the text; what is not one goes to `bad`.
pub(super) fn rows(text: &str, bad: &mut Report) -> Vec<Row> {
    let document = match Document::parse(text) {
        Ok(document) => document,
        Err(error) => {
            bad.add(line_of(text, error.span()), &format!("not TOML: {}", error.message()));
            return Vec::new();
        }
    };
    let lines = Lines::new(text);
    let mut rows = Vec::new();
    for (name, item) in document.iter() {
        let key = document.as_table().key(name);
        let line = lines.line_of(key.and_then(toml_edit::Key::span));
        if name != "article" {
            let hint = did_you_mean(nearest(name, ["article"]));
            bad.add(line, &format!("{name} is unknown here, articles are [[article]]{hint}"));
        } else if let Some(tables) = item.as_array_of_tables() {
            rows.extend(tables.iter().map(|table| row(&lines, table, table.span(), bad)));
        } else if let Some(values) = item.as_array() {
            for value in values {
                match value.as_inline_table() {
                    Some(table) => rows.push(row(&lines, table, value.span(), bad)),
                    None => bad.add(lines.line_of(value.span()), "not an article { … }"),
                }
            }
        } else {
            bad.add(line, "articles are written [[article]], in two brackets");
        }
    }
    rows
}

fn row(
    lines: &Lines,
    table: &dyn TableLike,
    span: Option<std::ops::Range<usize>>,
    bad: &mut Report,
) -> Row {
    let mut row = Row { line: lines.line_of(span), ..Row::default() };
    for (name, item) in table.iter() {
        let key = table.get_key_value(name).and_then(|(key, _)| key.span());
        let line = lines.line_of(key.or_else(|| item.span()));
        let Some(column) = Column::named(name) else {
            let hint = did_you_mean(nearest(name, COLUMNS.map(Column::name)));
            bad.add(line, &format!("{name} is not known of an article{hint}"));
            continue;
        };
        let cell = written(lines.text(), column, item).map(|text| Cell { text, line });
        if cell.is_none() {
            let wanted = match column {
                Column::Name | Column::Group => "text in quotes",
                Column::Price => "an amount like 3.49",
                Column::Number | Column::Ean | Column::Vat => "digits",
            };
            bad.add(line, &format!("{name}: expected {wanted}, found {}", item.type_name()));
        }
        row.cells.insert(column, cell);
    }
    // As in a CSV file, an empty optional column is an absent one.
    row.cells.retain(|column, cell| {
        column.is_required() || cell.as_ref().is_none_or(|cell| !cell.text.trim().is_empty())
    });
    row
}

/// The text of a value where its type suits the column. A float is taken from the source: 3.49 as
/// a binary number is not 3.49.
fn written(text: &str, column: Column, item: &Item) -> Option<String> {
    let value = item.as_value()?;
    match (value, column) {
        (Value::String(text), _) => Some(text.value().clone()),
        (_, Column::Name | Column::Group) => None,
        (Value::Integer(number), _) => Some(number.value().to_string()),
        (Value::Float(_), Column::Price) => text.get(value.span()?).map(str::to_owned),
        _ => None,
    }
}
