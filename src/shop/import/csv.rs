//! A header line and one article per line as rows of text.

use csv::{ReaderBuilder, StringRecord, Trim};

use super::{COLUMNS, Cell, Column, Goods, Report, Row};
use crate::hint::{did_you_mean, nearest};

/// Hands the articles of the text to `goods`, and what is not one to its report.
pub(super) fn read(text: &str, goods: &mut Goods) {
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter(text))
        .has_headers(false)
        .flexible(true)
        .trim(Trim::All)
        .from_reader(text.as_bytes());
    let mut lines = LineCount::new(text);
    let mut header: Option<Vec<Option<Column>>> = None;
    let mut record = StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => {
                let line = lines.line_of(error.position());
                goods.bad.add(line, "cannot be read");
                continue;
            }
        }
        if record.iter().all(str::is_empty) {
            continue;
        }
        let line = lines.line_of(record.position());
        if record.iter().any(|field| field.contains(['\n', '\r'])) {
            // Otherwise one forgotten quotation mark would swallow all articles after it.
            let problem = "a quotation mark is not closed: the field goes on in the next line";
            goods.bad.add(line, problem);
            continue;
        }
        let Some(columns) = &header else {
            header = columns(&record, line, &mut goods.bad);
            // Without knowing the columns nothing can be said about the rows.
            if header.is_none() {
                return;
            }
            continue;
        };
        if let Some(row) = row(&record, columns, line, &mut goods.bad)
            && !goods.take(&row)
        {
            return;
        }
    }
}

/// What separates the names of the first line that is not empty.
fn delimiter(text: &str) -> u8 {
    let header = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |sign: u8| header.bytes().filter(|byte| *byte == sign).count();
    if count(b';') > count(b',') { b';' } else { b',' }
}

/// Counts lines along with the records: from the start of the text for each, a long file would take
/// hours.
struct LineCount<'a> {
    text: &'a str,
    /// Bytes counted so far, and the line in which they end.
    at: usize,
    line: usize,
}

impl<'a> LineCount<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, at: 0, line: 1 }
    }

    /// The line of a record behind those asked for before. The reader's own count starts before the
    /// line end of the record in front and before empty lines.
    fn line_of(&mut self, position: Option<&csv::Position>) -> usize {
        let start = position.map_or(0, |position| usize::try_from(position.byte()).unwrap_or(0));
        let start = start.max(self.at);
        let rest = self.text.get(start..).unwrap_or_default();
        let ends = rest.bytes().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let passed = self.text.get(self.at..start + ends).unwrap_or_default();
        self.line += passed.bytes().filter(|byte| *byte == b'\n').count();
        self.at = start + ends;
        self.line
    }
}

/// The columns of the header, `None` for those without a name; nothing if it cannot be used.
fn columns(header: &StringRecord, line: usize, bad: &mut Report) -> Option<Vec<Option<Column>>> {
    let problems = bad.count;
    let mut columns = Vec::new();
    // Apart, as a header may have a million names that are none.
    let mut known = Vec::new();
    for name in header {
        let column = Column::named(&name.to_lowercase());
        if column.is_none() && !name.is_empty() {
            let hint = did_you_mean(nearest(name, COLUMNS.map(Column::name)));
            bad.add(line, &format!("column {name} is unknown{hint}"));
        } else if column.is_some_and(|column| known.contains(&column)) {
            bad.add(line, &format!("column {name} stands here twice"));
        } else {
            known.extend(column);
        }
        columns.push(column);
    }
    for column in COLUMNS {
        if column.is_required() && !known.contains(&column) {
            bad.add(line, &format!("the header has no column {}", column.name()));
        }
    }
    (bad.count == problems).then_some(columns)
}

fn row<'a>(
    record: &'a StringRecord,
    columns: &[Option<Column>],
    line: usize,
    bad: &mut Report,
) -> Option<Row<'a>> {
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
                row.set(*column, Cell { text: Some(field.into()), line });
            }
            None if !field.is_empty() => {
                bad.add(line, &format!("{field:?} stands in a column without a name"));
            }
            _ => {}
        }
    }
    Some(row)
}
