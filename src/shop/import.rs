//! Reading a catalogue from TOML or CSV text.
//!
//! Owns what an article file may say: the columns, their rules, and the report of everything that
//! is wrong with it, line by line. The two notations are read by `toml` and `csv`; both hand rows
//! of plain text to the same rules, so prices are never floats. Must not touch the disk.

mod csv;
#[cfg(test)]
mod tests;
mod toml;

use std::borrow::Cow;
use std::fmt;

use super::{Article, Builder, Catalogue, Vat, VatRate, pzn_check_digit_ok};
use crate::money::{Money, parse_amount};
use crate::text::sanitise;

/// Articles at the most: four times what a large supermarket lists. They take up to about 300 bytes
/// of memory each.
pub const MOST_ARTICLES: usize = 2_000_000;
/// Problems that are listed at the most: more are not read, and are not worth the memory.
pub const MOST_PROBLEMS: usize = 1_000;
/// The longest article number.
const LONGEST_NUMBER: usize = 20;
/// No VAT rate is higher; more is a price in the wrong column.
const HIGHEST_VAT: u8 = 30;
/// No article costs more, in minor units: a larger number is a code in the wrong column.
const HIGHEST_PRICE: Money = Money(9_999_999);

/// The format of an article file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `[[article]]` tables.
    Toml,
    /// A header line and one article per line, separated by commas or semicolons.
    Csv,
}

impl Format {
    /// The format that a file name promises by its ending: `toml`, or `csv` and `txt`.
    #[must_use]
    pub fn of(file_name: &str) -> Option<Self> {
        let (_, ending) = file_name.rsplit_once('.')?;
        match ending.to_ascii_lowercase().as_str() {
            "toml" => Some(Self::Toml),
            "csv" | "txt" => Some(Self::Csv),
            _ => None,
        }
    }
}

/// One problem of an article file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// Line in the file, from 1.
    pub line: usize,
    /// What is wrong and what is expected; sanitised.
    pub problem: String,
}

impl fmt::Display for BadRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.problem)
    }
}

/// Reads `text`: every article with `number`, `name`, `price` and `vat`, and with `ean` and
/// `group` where it has them.
///
/// Prices are gross, in whole units with at most two decimals behind a point or a comma; without
/// decimals they still count whole units (`3` is 3.00). A float of a TOML file is read as it is
/// written, never as a binary number. A wrong check digit of an EAN is accepted: such codes exist.
///
/// Takes time and memory in proportion to the text, and at most [`MOST_ARTICLES`] articles.
///
/// # Errors
/// The problems of all rows in the order of the file, numbers and codes used twice included. Of
/// more than [`MOST_PROBLEMS`] the last entry says from which line on they are not listed.
pub fn import(text: &str, format: Format) -> Result<Catalogue, Vec<BadRow>> {
    import_at_most(MOST_ARTICLES, text, format)
}

fn import_at_most(most: usize, text: &str, format: Format) -> Result<Catalogue, Vec<BadRow>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut goods = Goods { most, ..Goods::default() };
    match format {
        Format::Toml => toml::read(text, &mut goods),
        Format::Csv => csv::read(text, &mut goods),
    }
    let Goods { articles, lines, mut bad, .. } = goods;
    if articles.is_empty() && bad.count == 0 {
        bad.add(1, "the file holds no article");
    }
    let line = |index: usize| lines.get(index).copied().unwrap_or(1);
    let mut clashes = false;
    let mut builder = Builder::default();
    articles.iter().for_each(|article| builder.push(article));
    drop(articles);
    let catalogue = builder.finish_telling(|first, second, code| {
        clashes = true;
        let problem = format!("{code} is already the article of line {}", line(first));
        bad.add(line(second), &problem);
    });
    if !clashes {
        for (index, article) in catalogue.iter().enumerate() {
            if let Some(other) = hides(&catalogue, index, &article) {
                let number = &article.number;
                let problem =
                    format!("number {number} is the ean of the article of line {}", line(other));
                bad.add(line(index), &problem);
            }
        }
    }
    if bad.count == 0 { Ok(catalogue) } else { Err(bad.rows()) }
}

/// The other article whose code is this one's number: a code is looked for first, so typing the
/// number would sell the wrong article.
fn hides(catalogue: &Catalogue, index: usize, article: &Article) -> Option<usize> {
    catalogue.position_of_ean(&article.number).filter(|other| *other != index)
}

/// What has been read so far.
#[derive(Default)]
struct Goods {
    articles: Vec<Article>,
    /// The line of each article.
    lines: Vec<usize>,
    /// Articles that are taken at the most.
    most: usize,
    bad: Report,
}

impl Goods {
    /// Takes what a row says; false: no more rows are taken.
    fn take(&mut self, row: &Row) -> bool {
        if self.articles.len() >= self.most {
            self.bad.add(row.line, &format!("more than {} articles", self.most));
            return false;
        }
        if let Some(article) = row.article(&mut self.bad) {
            self.articles.push(article);
            self.lines.push(row.line);
        }
        true
    }
}

/// What has been found wrong so far: the first [`MOST_PROBLEMS`] by line, and how many there are.
#[derive(Default)]
struct Report {
    /// At most twice [`MOST_PROBLEMS`], so that sorting them costs little for each.
    found: Vec<BadRow>,
    count: usize,
    /// The lowest line of those that are not in `found`.
    rest: Option<usize>,
}

impl Report {
    /// Problems quote what the file says, which may hold anything: they are sanitised here.
    fn add(&mut self, line: usize, problem: &str) {
        self.count += 1;
        self.found.push(BadRow { line, problem: sanitise(problem) });
        if self.found.len() > 2 * MOST_PROBLEMS {
            self.shorten();
        }
    }

    fn shorten(&mut self) {
        self.found.sort_by_key(|row| row.line);
        let rest = self.found.get(MOST_PROBLEMS).map(|row| row.line);
        self.rest = [self.rest, rest].into_iter().flatten().min();
        self.found.truncate(MOST_PROBLEMS);
    }

    fn rows(mut self) -> Vec<BadRow> {
        self.shorten();
        if let Some(line) = self.rest {
            let more = self.count - self.found.len();
            let problem = format!("{more} problems from here on are not listed");
            self.found.push(BadRow { line, problem });
        }
        self.found
    }
}

/// What a row may say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Number,
    Ean,
    Name,
    Price,
    Vat,
    Group,
}

const COLUMNS: [Column; 6] =
    [Column::Number, Column::Ean, Column::Name, Column::Price, Column::Vat, Column::Group];

impl Column {
    const fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Ean => "ean",
            Self::Name => "name",
            Self::Price => "price",
            Self::Vat => "vat",
            Self::Group => "group",
        }
    }

    fn named(name: &str) -> Option<Self> {
        COLUMNS.into_iter().find(|column| column.name() == name)
    }

    const fn is_required(self) -> bool {
        !matches!(self, Self::Ean | Self::Group)
    }
}

/// One row as written.
#[derive(Default)]
struct Row<'a> {
    line: usize,
    /// In the order of [`COLUMNS`]; `None`: absent.
    cells: [Option<Cell<'a>>; COLUMNS.len()],
}

/// The text of one column and where it stands.
struct Cell<'a> {
    /// `None`: present, but already reported.
    text: Option<Cow<'a, str>>,
    line: usize,
}

impl<'a> Row<'a> {
    fn set(&mut self, column: Column, cell: Cell<'a>) {
        if let Some(place) = self.cells.get_mut(column as usize) {
            *place = Some(cell);
        }
    }

    fn cell(&self, column: Column) -> Option<&Cell<'a>> {
        self.cells.get(column as usize)?.as_ref()
    }

    /// The article, if nothing is wrong with it.
    fn article(&self, bad: &mut Report) -> Option<Article> {
        for column in COLUMNS {
            if column.is_required() && self.cell(column).is_none() {
                bad.add(self.line, &format!("{} is missing", column.name()));
            }
        }
        // Every column is looked at before giving up, so that all of its problems are told.
        let number = self.read(Column::Number, bad, number);
        let ean = self.read(Column::Ean, bad, ean);
        let name = self.read(Column::Name, bad, name);
        let price = self.read(Column::Price, bad, price);
        let vat = self.read(Column::Vat, bad, vat);
        let group = self.read(Column::Group, bad, |text| Ok(clean(text)));
        let ean = match ean {
            None if self.cell(Column::Ean).is_some() => return None,
            ean => ean,
        };
        let group = group.unwrap_or_default();
        Some(Article {
            number: number?,
            eans: ean.into_iter().collect(),
            name: name?,
            price: Some(price?),
            vat: Vat::Rate(vat?),
            group,
            ..Article::default()
        })
    }

    fn read<T>(
        &self,
        column: Column,
        bad: &mut Report,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        let cell = self.cell(column)?;
        match read(cell.text.as_ref()?.trim()) {
            Ok(value) => Some(value),
            Err(problem) => {
                bad.add(cell.line, &format!("{}: {problem}", column.name()));
                None
            }
        }
    }
}

/// Harmless text in no more memory than it needs: there may be a million of them.
fn clean(text: &str) -> String {
    sanitise(text).trim().to_owned()
}

/// A pharmacy number with its sign, `-03161577`.
fn is_pharmacy_number(text: &str) -> bool {
    text.strip_prefix('-').is_some_and(pzn_check_digit_ok)
}

fn number(text: &str) -> Result<String, String> {
    if is_pharmacy_number(text) {
        return Ok(text.to_owned());
    }
    if text.is_empty()
        || text.len() > LONGEST_NUMBER
        || !text.bytes().all(|b| b.is_ascii_alphanumeric())
    {
        return Err(format!("{text:?} is not 1 to {LONGEST_NUMBER} letters or digits (A-Z, 0-9)"));
    }
    Ok(text.to_owned())
}

fn ean(text: &str) -> Result<String, String> {
    if is_pharmacy_number(text) {
        return Ok(text.to_owned());
    }
    if !matches!(text.len(), 8 | 12 | 13 | 14) || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(format!("{text:?} does not have 8, 12, 13 or 14 digits"));
    }
    Ok(text.to_owned())
}

fn name(text: &str) -> Result<String, String> {
    let name = clean(text);
    if name.is_empty() { Err("has nothing that can be shown".to_owned()) } else { Ok(name) }
}

fn price(text: &str) -> Result<Money, String> {
    match parse_amount(text, false) {
        Some(price) if price <= HIGHEST_PRICE => Ok(price),
        Some(_) => Err(format!("{text:?} is more than 99999.99")),
        None => Err(format!("{text:?} is not an amount like 3.49 or 3,49")),
    }
}

fn vat(text: &str) -> Result<VatRate, String> {
    let digits = text.strip_suffix('%').unwrap_or(text).trim_end();
    let rate = digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse::<u8>().ok());
    match rate.flatten() {
        Some(rate) if rate <= HIGHEST_VAT => Ok(VatRate::whole(rate)),
        _ => Err(format!("{text:?} is not a whole percentage from 0 to {HIGHEST_VAT}")),
    }
}
