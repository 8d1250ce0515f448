//! Reading articles from the files of other programs: CSV, TOML and JSON in any encoding.
//!
//! Owns what an article file may say: the columns, their rules, the report of everything that is
//! wrong with it, line by line, and of what was left out or changed. All notations hand rows of
//! plain text to the same rules, so prices are never floats. Must not touch the disk.
//!
//! A file is read as it comes, in a few MiB of memory whatever its length. `README.md` of this
//! folder lists every error with an input.

mod amounts;
mod columns;
mod csv;
mod encoding;
mod json;
mod keyed;
mod layout;
mod lines;
mod map;
#[cfg(test)]
mod notation_tests;
mod note;
mod problem;
mod records;
mod row;
#[cfg(test)]
mod tests;
mod toml;
#[cfg(test)]
mod value_tests;
mod values;
mod variants;

use std::io::{self, Cursor, Read, Seek};
use std::ops::ControlFlow;

pub use columns::Column;
pub use encoding::Encoding;
pub use map::{ColumnMap, MapError};
pub use note::Note;
pub use problem::{Problem, What};
pub use values::FORMULA;

use encoding::Decoded;
use layout::Ignored;
use problem::Report;
use row::{Name, Row};

use super::{Article, Builder, Catalogue, VatClasses};

/// Articles at the most: four times what a large supermarket lists.
pub const MOST_ARTICLES: usize = 2_000_000;
/// Problems that are listed at the most: more are not read, and are not worth the memory.
pub const MOST_PROBLEMS: usize = 1_000;

/// The format of an article file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `[[article]]` tables.
    Toml,
    /// A header line and one article per line, separated by commas, semicolons, tabs or bars.
    Csv,
    /// An array of objects, an object with such an array, or one object after the other.
    Json,
}

impl Format {
    /// The format that a file name promises by its ending.
    #[must_use]
    pub fn of(file_name: &str) -> Option<Self> {
        let (_, ending) = file_name.rsplit_once('.')?;
        match ending.to_ascii_lowercase().as_str() {
            "toml" => Some(Self::Toml),
            "csv" | "txt" | "tsv" | "tab" => Some(Self::Csv),
            "json" | "jsonl" | "ndjson" => Some(Self::Json),
            _ => None,
        }
    }
}

/// What the shop has decided about its article files.
#[derive(Debug, Clone)]
pub struct Options {
    /// What the columns are called.
    pub columns: ColumnMap,
    /// The VAT classes that articles may name.
    pub classes: VatClasses,
    /// The currency whose sign may stand with a price, `EUR`.
    pub currency: String,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            columns: ColumnMap::default(),
            classes: VatClasses::default(),
            currency: "EUR".to_owned(),
        }
    }
}

/// An article and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sourced {
    /// The article.
    pub article: Article,
    /// The line in which it begins, from 1.
    pub line: usize,
    /// Bytes read from the file so far, for a progress bar.
    pub bytes: u64,
}

/// What a file held besides its articles.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Articles given.
    pub articles: usize,
    /// The encoding in which the file was read.
    pub encoding: Encoding,
    /// What was left out or changed, each in one line.
    pub notes: Vec<Note>,
    /// The first [`MOST_PROBLEMS`] problems by line. Behind them [`What::More`] tells of the rest.
    pub problems: Vec<Problem>,
    /// How many problems there are.
    pub problem_count: usize,
}

/// Reads `source` and gives every article that nothing is wrong with to `each`, in the order of
/// the file, until `each` breaks.
///
/// Every article has a number (or a code, which then is its number), a name, a gross price (or is
/// sold at an open price, or is a pack) and a VAT rate or class. A wrong check digit of an EAN is
/// accepted: such codes exist. Whether numbers and codes are used twice is not looked at.
///
/// Takes time in proportion to the file, a few MiB of memory, and at most [`MOST_ARTICLES`]
/// articles. The source is read from its start, once to know its encoding and once for its rows.
pub fn read<R: Read + Seek>(
    source: R,
    format: Format,
    options: &Options,
    each: &mut dyn FnMut(Sourced) -> ControlFlow<()>,
) -> Summary {
    let (summary, bad) = read_at_most(MOST_ARTICLES, source, format, options, each);
    Summary { problems: bad.listed(), ..summary }
}

/// As [`read`]; the summary comes without its problems.
fn read_at_most<R: Read + Seek>(
    most: usize,
    mut source: R,
    format: Format,
    options: &Options,
    each: &mut dyn FnMut(Sourced) -> ControlFlow<()>,
) -> (Summary, Report) {
    let mut goods = Goods::new(options, most, each);
    match source.rewind().and_then(|()| Encoding::of(&mut source)) {
        Err(error) => goods.unreadable(1, &error),
        Ok(Err((line, what))) => goods.bad.add(Problem::of_line(line, what)),
        Ok(Ok(encoding)) => {
            goods.encoding = encoding;
            let text = Decoded::new(&mut source, encoding);
            match format {
                Format::Toml => toml::read(text, &mut goods),
                Format::Csv => csv::read(text, &mut goods),
                Format::Json => json::read(text, &mut goods),
            }
        }
    }
    goods.summary()
}

/// Reads `text` into a catalogue.
///
/// # Errors
/// The problems of all rows in the order of the file, numbers and codes used twice included. Of
/// more than [`MOST_PROBLEMS`] the last entry says from which line on they are not listed.
pub fn import(text: &str, format: Format) -> Result<Catalogue, Vec<Problem>> {
    catalogue(Cursor::new(text.as_bytes()), format, &Options::default())
}

/// Reads `source` into a catalogue.
///
/// # Errors
/// As [`import`].
pub fn catalogue<R: Read + Seek>(
    source: R,
    format: Format,
    options: &Options,
) -> Result<Catalogue, Vec<Problem>> {
    catalogue_at_most(MOST_ARTICLES, source, format, options)
}

fn catalogue_at_most<R: Read + Seek>(
    most: usize,
    source: R,
    format: Format,
    options: &Options,
) -> Result<Catalogue, Vec<Problem>> {
    let (mut builder, mut lines) = (Builder::default(), Vec::new());
    let mut each = |sourced: Sourced| {
        builder.push(&sourced.article);
        lines.push(sourced.line);
        ControlFlow::Continue(())
    };
    let (_, mut bad) = read_at_most(most, source, format, options, &mut each);
    let line = |index: usize| lines.get(index).copied().unwrap_or(1);
    let mut clashes = false;
    let catalogue = builder.finish_telling(|first, second, code| {
        clashes = true;
        let what = What::Taken { code: code.to_owned(), line: line(first) };
        bad.add(Problem::of_line(line(second), what));
    });
    if !clashes {
        for (index, other, number) in catalogue.hidden() {
            let what = What::Hidden { number, line: line(other) };
            bad.add(Problem::of_line(line(index), what));
        }
    }
    if bad.count == 0 { Ok(catalogue) } else { Err(bad.listed()) }
}

/// Where the rows of a file go.
struct Goods<'o> {
    options: &'o Options,
    each: &'o mut dyn FnMut(Sourced) -> ControlFlow<()>,
    /// Articles that are taken at the most.
    most: usize,
    taken: usize,
    encoding: Encoding,
    bad: Report,
    counts: Counts,
    ignored: Ignored,
}

/// What was changed or left out, counted.
#[derive(Default)]
struct Counts {
    /// Codes whose leading zeros were put back.
    zeros: usize,
    /// Texts that were cut.
    cut: usize,
    /// Packs with a price of their own.
    packs: usize,
    /// Rows that sum up others, and the line of the first.
    totals: (usize, usize),
    /// Rows of products that are sold in variants only, and the line of the first.
    parents: (usize, usize),
}

impl<'o> Goods<'o> {
    fn new(
        options: &'o Options,
        most: usize,
        each: &'o mut dyn FnMut(Sourced) -> ControlFlow<()>,
    ) -> Self {
        Self {
            options,
            each,
            most,
            taken: 0,
            encoding: Encoding::default(),
            bad: Report::default(),
            counts: Counts::default(),
            ignored: Ignored::default(),
        }
    }

    /// Takes what a row says, read when `bytes` of the file had been read; false: no more rows are
    /// taken.
    fn take(&mut self, row: &Row, name_of: &Name, bytes: u64) -> bool {
        if self.taken >= self.most {
            self.bad.add(Problem::of_line(row.line, What::TooMany(self.most)));
            return false;
        }
        let before = self.bad.count;
        if let Some(article) = row.article(name_of, self) {
            self.taken += 1;
            return (self.each)(Sourced { article, line: row.line, bytes }).is_continue();
        }
        // No row is lost without a word.
        if self.bad.count == before && !row.is_reported() {
            let name = name_of(Column::Number);
            self.bad.add(Problem::of_column(row.line, name, What::Missing));
        }
        true
    }

    fn unreadable(&mut self, line: usize, error: &io::Error) {
        self.bad.add(Problem::of_line(line, What::Unreadable(problem::short(&error.to_string()))));
    }

    fn summary(mut self) -> (Summary, Report) {
        if self.taken == 0 && self.bad.count == 0 {
            self.bad.add(Problem::of_line(1, What::Empty));
        }
        let notes = Note::all(self.encoding, &self.counts, &self.ignored);
        let summary = Summary {
            articles: self.taken,
            encoding: self.encoding,
            notes,
            problem_count: self.bad.count,
            problems: Vec::new(),
        };
        (summary, self.bad)
    }
}
