//! The records of a CSV text: fields in quotes may go on over several lines.
//!
//! Owns the bounds within which they may: one forgotten quotation mark must not swallow the rows
//! behind it. `csv_core` knows the rules of quotes.

use std::io;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::lines::{Line, Lines};

/// Lines and bytes over which one record may go on: descriptions of web shops are long.
const MOST_LINES: usize = 200;
const MOST_BYTES: usize = 64 << 10;

/// Gives records.
pub(super) struct Records<'r> {
    pub(super) lines: Lines<'r>,
    core: Reader,
    fields: Fields,
    /// The lines of the last record.
    source: Vec<Line>,
}

/// The fields of one record, in one text.
#[derive(Debug, Default)]
pub(super) struct Fields {
    text: Vec<u8>,
    ends: Vec<usize>,
}

/// What comes next.
pub(super) enum Next {
    /// A record, which begins in this line.
    Record(usize),
    /// A quotation mark of this line is never closed.
    Open(usize),
    /// This line is too long.
    TooLong(usize),
    /// No more.
    End,
}

impl Fields {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn get(&self, index: usize) -> &str {
        let start = index.checked_sub(1).and_then(|before| self.ends.get(before)).copied();
        let end = self.ends.get(index).copied().unwrap_or_default();
        let field = self.text.get(start.unwrap_or_default()..end).unwrap_or_default();
        // Fields are cut at ASCII signs out of a text in UTF-8.
        std::str::from_utf8(field).unwrap_or_default().trim()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> + Clone {
        (0..self.len()).map(|index| self.get(index))
    }

    /// Adds a line; true when the record ends with it.
    fn feed(&mut self, core: &mut Reader, line: &str) -> bool {
        let (mut written, mut count) = (self.text.len(), self.ends.len());
        let mut parts = [line.as_bytes(), b"\n"].into_iter();
        let mut rest = parts.next().unwrap_or_default();
        loop {
            self.text.resize(written + rest.len() + 64, 0);
            self.ends.resize(count + 64, 0);
            let (text, ends) = (self.text.get_mut(written..), self.ends.get_mut(count..));
            let (result, read, wrote, ended) =
                core.read_record(rest, text.unwrap_or_default(), ends.unwrap_or_default());
            written += wrote;
            count += ended;
            rest = rest.get(read..).unwrap_or_default();
            let has_ended = match result {
                ReadRecordResult::Record | ReadRecordResult::End => Some(true),
                ReadRecordResult::InputEmpty => match parts.next() {
                    Some(part) => {
                        rest = part;
                        None
                    }
                    None => Some(false),
                },
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => None,
            };
            if let Some(has_ended) = has_ended {
                self.text.truncate(written);
                self.ends.truncate(count);
                return has_ended;
            }
        }
    }
}

/// The fields of one line, without what follows an open quotation mark.
pub(super) fn split(line: &str, separator: u8) -> Fields {
    let mut fields = Fields::default();
    let mut core = ReaderBuilder::new().delimiter(separator).build();
    if !fields.feed(&mut core, line) {
        fields.ends.push(fields.text.len());
    }
    fields
}

impl<'r> Records<'r> {
    pub(super) fn new(lines: Lines<'r>, separator: u8) -> Self {
        let core = ReaderBuilder::new().delimiter(separator).build();
        Self { lines, core, fields: Fields::default(), source: Vec::new() }
    }

    /// How many lines the last record takes.
    pub(super) fn height(&self) -> usize {
        self.source.len()
    }

    /// The fields of the last record.
    pub(super) fn fields(&self) -> &Fields {
        &self.fields
    }

    /// Gives all lines of the last record back but the first, which had an open quotation mark.
    pub(super) fn reopen(&mut self) {
        let lines = self.source.drain(..).skip(1).collect::<Vec<_>>();
        self.lines.give_back(lines.into_iter());
    }

    /// The next record that is not empty.
    pub(super) fn next(&mut self) -> io::Result<Next> {
        let first = loop {
            match self.lines.next()? {
                None => return Ok(Next::End),
                Some(line) if line.text.trim().is_empty() && !line.is_too_long => {}
                Some(line) => break line,
            }
        };
        let number = first.number;
        if first.is_too_long {
            return Ok(Next::TooLong(number));
        }
        self.core.reset();
        self.fields.text.clear();
        self.fields.ends.clear();
        self.source.clear();
        let mut has_ended = self.fields.feed(&mut self.core, &first.text);
        self.source.push(first);
        let mut more = 0;
        while !has_ended {
            let line = self.lines.next()?;
            let fits = line.as_ref().is_some_and(|line| {
                more += line.text.len();
                !line.is_too_long && self.source.len() < MOST_LINES && more <= MOST_BYTES
            });
            if let Some(line) = line {
                has_ended = fits && self.fields.feed(&mut self.core, &line.text);
                self.source.push(line);
            }
            if !fits {
                self.reopen();
                return Ok(Next::Open(number));
            }
        }
        Ok(Next::Record(number))
    }
}
