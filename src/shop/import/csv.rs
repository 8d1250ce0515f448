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
            if let Err(error) = rows(&mut records, goods) {
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
    let mut best = (1, None);
    for (index, line) in head.iter().enumerate() {
        for separator in &separators {
            let score = Layout::score(split(&line.text, *separator).iter(), &goods.options.columns);
            if score > best.0 {
                best = (score, Some((index, *separator)));
            }
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

fn rows(records: &mut Records, goods: &mut Goods) -> io::Result<()> {
    let Some((layout, width)) = header(records, goods)? else { return Ok(()) };
    let name_of = |column| layout.name(column);
    let mut variants = Variants::new(&layout);
    loop {
        let line = match records.next()? {
            Next::End => return Ok(()),
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
        if records.height() > 1 && swallows(records.fields(), &layout, width) {
            // Otherwise one forgotten quotation mark would swallow articles after it.
            goods.bad.add(Problem::of_line(line, What::OpenQuote));
            records.reopen();
            continue;
        }
        let fields = records.fields();
        let Some(mut row) = row(fields, &layout, width, line, goods) else { continue };
        if is_total(fields, &row) {
            count(&mut goods.counts.totals, line);
            continue;
        }
        let options = goods.options;
        if !variants.complete(&mut row) {
            count(&mut goods.counts.parents, line);
            continue;
        }
        row.apply(options);
        if !goods.take(&row, &name_of, records.lines.bytes()) {
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
/// those of the header, or a field that is read is longer than any name.
fn swallows(fields: &Fields, layout: &Layout, width: usize) -> bool {
    fields.len() != width
        || layout.fields.iter().any(|(index, _)| {
            let field = fields.get(*index);
            let breaks = field.bytes().filter(|byte| *byte == b'\n').count();
            breaks > MOST_BREAKS || (breaks > 0 && field.len() > LONGEST_FIELD)
        })
}

fn row<'a>(
    fields: &'a Fields,
    layout: &Layout,
    width: usize,
    line: usize,
    goods: &mut Goods,
) -> Option<Row<'a>> {
    let used = (0..fields.len()).rev().find(|index| !fields.get(*index).is_empty());
    let used = used.map_or(0, |last| last + 1);
    if used > width {
        let what = What::Fields { found: used, header: width };
        goods.bad.add(Problem::of_line(line, what));
        return None;
    }
    for index in layout.unnamed.iter().copied().filter(|index| *index < used) {
        let field = fields.get(index);
        if !field.is_empty() {
            let value = Some(super::problem::short(field));
            goods.bad.add(Problem { value, ..Problem::of_line(line, What::Unnamed) });
        }
    }
    let mut row = Row::new(line);
    for (index, column) in &layout.fields {
        let field = fields.get(*index);
        if !field.is_empty() {
            row.set(*column, Some(field.into()), line);
        }
    }
    Some(row)
}

/// Whether a row sums up others: it begins with the word for that and lacks what an article has.
fn is_total(fields: &Fields, row: &Row) -> bool {
    const WORDS: [&str; 6] = ["summe", "gesamt", "total", "sum", "anzahl", "ende"];
    let first = fields.iter().find(|field| !field.is_empty()).unwrap_or_default();
    let word: String = first.chars().take_while(|c| c.is_alphabetic()).collect();
    let lacks = [Column::Number, Column::Name, Column::Vat]
        .into_iter()
        .any(|column| row.text(column).is_none());
    lacks && WORDS.iter().any(|known| word.to_lowercase().starts_with(known))
}
