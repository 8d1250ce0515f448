//! A header line and one article per line as rows of text.

use csv::{ReaderBuilder, StringRecord, Trim};

use super::{COLUMNS, Cell, Column, Report, Row};
use crate::hint::{did_you_mean, line_at, nearest};

/// The articles of the text; what is not one goes to `bad`.
pub(super) fn rows(text: &str, bad: &mut Report) -> Vec<Row> {
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter(text))
        .has_headers(false)
        .flexible(true)
        .trim(Trim::All)
        .from_reader(text.as_bytes());
    let mut header: Option<Vec<Option<Column>>> = None;
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                bad.add(line_of(text, error.position()), "cannot be read");
                continue;
            }
        };
        if record.iter().all(str::is_empty) {
            continue;
        }
        let line = line_of(text, record.position());
        if record.iter().any(|field| field.contains(['\n', '\r'])) {
            // Otherwise one forgotten quotation mark would swallow all articles after it.
            bad.add(line, "a quotation mark is not closed: the field goes on in the next line");
            continue;
        }
        match &header {
            None => match columns(&record, line, bad) {
                Some(columns) => header = Some(columns),
                // Without knowing the columns nothing can be said about the rows.
                None => return Vec::new(),
            },
            Some(columns) => rows.extend(row(&record, columns, line, bad)),
        }
    }
    rows
}

/// What separates the names of the first line that is not empty.
fn delimiter(text: &str) -> u8 {
    let header = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |sign: u8| header.bytes().filter(|byte| *byte == sign).count();
    if count(b';') > count(b',') { b';' } else { b',' }
}

/// The line of a record. The reader's own count starts before the line end of the record in front
/// and before empty lines.
fn line_of(text: &str, position: Option<&csv::Position>) -> usize {
    let start = position.map_or(0, |position| usize::try_from(position.byte()).unwrap_or(0));
    let ends = text.bytes().skip(start).take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    line_at(text, start + ends)
}

/// The columns of the header, `None` for those without a name; nothing if it cannot be used.
fn columns(header: &StringRecord, line: usize, bad: &mut Report) -> Option<Vec<Option<Column>>> {
    let problems = bad.0.len();
    let mut columns = Vec::new();
    for name in header {
        let column = Column::named(&name.to_lowercase());
        if column.is_none() && !name.is_empty() {
            let hint = did_you_mean(nearest(name, COLUMNS.map(Column::name)));
            bad.add(line, &format!("column {name} is unknown{hint}"));
        } else if column.is_some() && columns.contains(&column) {
            bad.add(line, &format!("column {name} stands here twice"));
        }
        columns.push(column);
    }
    for column in COLUMNS {
        if column.is_required() && !columns.contains(&Some(column)) {
            bad.add(line, &format!("the header has no column {}", column.name()));
        }
    }
    (bad.0.len() == problems).then_some(columns)
}

fn row(
    record: &StringRecord,
    columns: &[Option<Column>],
    line: usize,
    bad: &mut Report,
) -> Option<Row> {
    let used = record
        .iter()
        .enumerate()
        .filter(|(_, field)| !field.is_empty())
        .last()
        .map_or(0, |(last, _)| last + 1);
    if used > columns.len() {
        let problem = format!(
            "{used} fields where the header has {}: a comma inside a field needs quotes, \"3,49\"",
            columns.len()
        );
        bad.add(line, &problem);
        return None;
    }
    let mut row = Row { line, ..Row::default() };
    for (field, column) in record.iter().zip(columns) {
        match column {
            Some(column) if !field.is_empty() => {
                row.cells.insert(*column, Some(Cell { text: field.to_owned(), line }));
            }
            None if !field.is_empty() => {
                bad.add(line, &format!("{field:?} stands in a column without a name"));
            }
            _ => {}
        }
    }
    Some(row)
}
