//! A header line and one article per line as rows of text.
//!
//! Owns the search for header and separator, and which records are no articles.

use std::io;

use super::columns::Column;
use super::encoding::Decoded;
use super::layout::Layout;
use super::lines::{LONGEST_LINE, Line, Lines};
use super::records::{Fields, Next, Records, split};
use super::row::Row;
use super::variants::Variants;
use super::{Goods, Problem, What};

/// Lines that are looked at for the header: titles, dates and addresses may stand before it.
const HEADER_WITHIN: usize = 20;
/// Line breaks and characters of a field of several lines that is read.
const MOST_BREAKS: usize = 20;
const LONGEST_FIELD: usize = 2_000;
const SEPARATORS: [u8; 4] = [b';', b',', b'\t', b'|'];

/// Hands the articles of the text to `goods`, and what is not one to its report.
pub(super) fn read(text: Decoded, goods: &mut Goods) {
    let mut lines = Lines::new(text);
    match separator(&mut lines, goods) {
        Ok(Some(separator)) => {
            let mut records = Records::new(lines, separator);
            if let Err(error) = rows(&mut records, separator, goods) {
                goods.unreadable(1, &error);
            }
        }
        Ok(None) => {}
        Err(error) => goods.unreadable(1, &error),
    }
}

/// Looks for the header: of the first lines the one that names most columns, with the separator
/// that finds them. The lines before it are gone then.
fn separator(lines: &mut Lines, goods: &mut Goods) -> io::Result<Option<u8>> {
    let mut head: Vec<Line> = Vec::new();
    let mut separators = SEPARATORS.to_vec();
    while head.len() < HEADER_WITHIN {
        let Some(line) = lines.next()? else { break };
        if let Some(given) = line.text.trim().strip_prefix("sep=").map(str::as_bytes)
            && head.is_empty()
            && let Some(given) = given.first().filter(|given| given.is_ascii())
        {
            // Excel's own word for it; a tab at the end has been trimmed.
            separators = vec![*given];
        } else if line.text.trim() == "sep=" {
            separators = vec![b'\t'];
        } else if !line.text.trim().is_empty() || line.is_too_long {
            head.push(line);
        }
    }
    let Some(first) = head.first().map(|line| line.number) else { return Ok(None) };
    let (mut best, mut has_all) = ((1, None), false);
    for (index, line) in head.iter().enumerate() {
        for separator in &separators {
            let fields = split(&line.text, *separator);
            let (score, is_complete) = Layout::score(fields.iter(), &goods.options.columns);
            if score > best.0 {
                best = (score, Some((index, *separator)));
                has_all = is_complete;
            }
        }
        if has_all {
            // What names more behind it is another file that was joined to this one.
            break;
        }
    }
    let Some((index, separator)) = best.1 else {
        if let Some(line) = head.iter().find(|line| line.is_too_long) {
            goods.bad.add(Problem::of_line(line.number, What::LongLine(LONGEST_LINE)));
        } else {
            goods.bad.add(Problem::of_line(first, What::NoHeader(HEADER_WITHIN)));
        }
        return Ok(None);
    };
    lines.give_back(head.drain(index..));
    Ok(Some(separator))
}

fn rows(records: &mut Records, separator: u8, goods: &mut Goods) -> io::Result<()> {
    let Some((layout, width)) = header(records, goods)? else { return Ok(()) };
    let name_of = |column| layout.name(column);
    let mut variants = Variants::new(&layout);
    let mut totals = Totals::default();
    loop {
        let line = match records.next()? {
            Next::End => {
                goods.counts.totals = totals.counted();
                return Ok(());
            }
            Next::TooLong(line) => {
                goods.bad.add(Problem::of_line(line, What::LongLine(LONGEST_LINE)));
                continue;
            }
            Next::Open(line) => {
                goods.bad.add(Problem::of_line(line, What::OpenQuote));
                continue;
            }
            Next::Record(line) => line,
        };
        if records.fields().iter().all(str::is_empty) {
            continue;
        }
        if records.height() > 1 && swallows(records.fields(), &layout, width, separator) {
            // Otherwise one forgotten quotation mark would swallow articles after it.
            goods.bad.add(Problem::of_line(line, What::OpenQuote));
            records.reopen();
            continue;
        }
        let fields = records.fields();
        let Some(mut row) = row(fields, &layout, width, separator, line, goods) else {
            continue;
        };
        let options = goods.options;
        if !variants.complete(&mut row) {
            count(&mut goods.counts.parents, line);
            continue;
        }
        row.apply(options);
        if let Some(word) = total(fields, &layout, &row) {
            totals.add(line, word, goods);
            continue;
        }
        let before = goods.taken;
        let goes_on = goods.take(&row, &name_of, records.lines.bytes());
        if goods.taken > before {
            totals.refuse(goods);
        }
        if !goes_on {
            return Ok(());
        }
    }
}

fn count(counted: &mut (usize, usize), line: usize) {
    if counted.0 == 0 {
        counted.1 = line;
    }
    counted.0 += 1;
}

/// The columns and how many fields the header has; nothing if it cannot be used.
fn header(records: &mut Records, goods: &mut Goods) -> io::Result<Option<(Layout, usize)>> {
    let line = match records.next()? {
        Next::Record(line) => line,
        Next::Open(line) => {
            goods.bad.add(Problem::of_line(line, What::OpenQuote));
            return Ok(None);
        }
        Next::TooLong(_) | Next::End => return Ok(None),
    };
    let before = goods.bad.count;
    let fields = records.fields();
    let map = &goods.options.columns;
    let layout = Layout::new(fields.iter(), map, line, &mut goods.bad);
    layout.check(map, line, &mut goods.bad);
    goods.ignored = layout.ignored.clone();
    // Without knowing the columns nothing can be said about the rows.
    Ok((goods.bad.count == before).then(|| (layout, fields.len())))
}

/// Whether a record of several lines is one with a forgotten quotation mark: its fields are not
/// those of the header, or a field that is read is longer than any name or looks like two rows.
fn swallows(fields: &Fields, layout: &Layout, width: usize, separator: u8) -> bool {
    let of_rows = 2.min(width - 1).max(1);
    fields.len() != width
        || layout.fields.iter().any(|(index, _)| {
            let field = fields.get(*index);
            let breaks = field.bytes().filter(|byte| *byte == b'\n').count();
            let separators = field.bytes().filter(|byte| *byte == separator).count();
            breaks > MOST_BREAKS
                || (breaks > 0 && (field.len() > LONGEST_FIELD || separators >= of_rows))
        })
}

fn row<'a>(
    fields: &'a Fields,
    layout: &Layout,
    width: usize,
    separator: u8,
    line: usize,
    goods: &mut Goods,
) -> Option<Row<'a>> {
    let used = (0..fields.len()).rev().find(|index| !fields.get(*index).is_empty());
    let used = used.map_or(0, |last| last + 1);
    // With commas the surplus is a decimal comma even where the last field is empty.
    let found = if separator == b',' { fields.len() } else { used };
    if found > width {
        let what = What::Fields { found, header: width };
        goods.bad.add(Problem::of_line(line, what));
        return None;
    }
    for index in layout.unnamed.iter().copied().take_while(|index| *index < used) {
        let field = fields.get(index);
        if !field.is_empty() {
            let value = Some(super::problem::short(field));
            goods.bad.add(Problem { value, ..Problem::of_line(line, What::Unnamed) });
        }
    }
    let mut row = Row::new(line);
    for (index, column) in layout.fields.iter().take_while(|(index, _)| *index < used) {
        let field = fields.get(*index);
        if !field.is_empty() {
            row.set(*column, Some(field.into()), line);
        }
    }
    Some(row)
}

/// The rows that sum up others, as long as no article follows them.
#[derive(Default)]
struct Totals {
    /// Line and first field of each.
    rows: Vec<(usize, String)>,
}

/// Rows with totals at the end of a file: totals of several columns stand below each other.
const MOST_TOTALS: usize = 20;

impl Totals {
    fn add(&mut self, line: usize, word: &str, goods: &mut Goods) {
        if self.rows.len() == MOST_TOTALS {
            self.refuse(goods);
        }
        self.rows.push((line, super::problem::short(word)));
    }

    /// An article follows: so these are rows in which something is missing.
    fn refuse(&mut self, goods: &mut Goods) {
        for (line, word) in self.rows.drain(..) {
            goods.bad.add(Problem { value: Some(word), ..Problem::of_line(line, What::Total) });
        }
    }

    /// How many there are, and the line of the first.
    fn counted(&self) -> (usize, usize) {
        (self.rows.len(), self.rows.first().map_or(0, |(line, _)| *line))
    }
}

/// The first field of a row that sums up others: it begins with the word for that, and the row
/// lacks what an article has.
fn total<'a>(fields: &'a Fields, layout: &Layout, row: &Row) -> Option<&'a str> {
    const WORDS: [&str; 11] = [
        "summe",
        "gesamt",
        "gesamtsumme",
        "zwischensumme",
        "endsumme",
        "insgesamt",
        "total",
        "totals",
        "sum",
        "anzahl",
        "ende",
    ];
    let (first, text) = fields.iter().enumerate().find(|(_, field)| !field.is_empty())?;
    let word = text.split([' ', '\u{a0}', ':', '(', '=']).next()?.to_lowercase();
    if !WORDS.contains(&word.as_str()) {
        return None;
    }
    // The fields are in order: no more of them are looked at than the row has.
    let words = layout.fields.iter().take_while(|(index, _)| *index <= first);
    let is_word = |column| words.clone().any(|field| *field == (first, column));
    let has = |column| row.text(column).is_some() && !is_word(column);
    let is_pack = has(Column::PackOf);
    let is_sold = is_pack || ((has(Column::Price) || has(Column::Open)) && has(Column::Vat));
    let is_article = has(Column::Number) || has(Column::Ean) || (has(Column::Name) && is_sold);
    (!is_article).then_some(text)
}
