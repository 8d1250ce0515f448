//! Reading a catalogue from TOML or CSV text.
//!
//! Owns what an article file may say: the columns, their rules, and the report of everything that
//! is wrong with it, line by line. The two notations are read by `toml` and `csv`; both hand rows
//! of plain text to the same rules, so prices are never floats. Must not touch the disk.

mod csv;
#[cfg(test)]
mod tests;
mod toml;

use std::collections::BTreeMap;
use std::fmt;

use super::{Article, Catalogue, VatRate, pzn_check_digit_ok};
use crate::money::{Money, parse_amount};
use crate::text::sanitise;

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
/// # Errors
/// Every problem of every row in the order of the file, numbers and codes used twice included.
pub fn import(text: &str, format: Format) -> Result<Catalogue, Vec<BadRow>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut bad = Report::default();
    let rows = match format {
        Format::Toml => toml::rows(text, &mut bad),
        Format::Csv => csv::rows(text, &mut bad),
    };
    if rows.is_empty() && bad.0.is_empty() {
        bad.add(1, "the file holds no article");
    }
    let (lines, articles): (Vec<usize>, Vec<Article>) = rows
        .iter()
        .filter_map(|row| row.article(&mut bad).map(|article| (row.line, article)))
        .unzip();
    let line = |index: usize| lines.get(index).copied().unwrap_or(1);
    match Catalogue::new(articles) {
        Ok(catalogue) => {
            for (index, other) in hidden(&catalogue) {
                let article = catalogue.get(index).map_or("", |article| article.number.as_str());
                let problem =
                    format!("number {article} is the ean of the article of line {}", line(other));
                bad.add(line(index), &problem);
            }
            if bad.0.is_empty() {
                return Ok(catalogue);
            }
        }
        Err(clashes) => {
            for clash in clashes {
                let first = line(clash.first);
                let problem = format!("{} is already the article of line {first}", clash.code);
                bad.add(line(clash.second), &problem);
            }
        }
    }
    bad.0.sort_by_key(|row| row.line);
    Err(bad.0)
}

/// Articles whose number is the code of another one, and that one: a code is looked for first, so
/// typing the number would sell the wrong article.
fn hidden(catalogue: &Catalogue) -> Vec<(usize, usize)> {
    let articles = catalogue.all();
    let position = |wanted: &Article| articles.iter().position(|a| a.number == wanted.number);
    articles
        .iter()
        .enumerate()
        .filter_map(|(index, article)| {
            let other = catalogue.by_ean(&article.number)?;
            (other.number != article.number).then(|| Some((index, position(other)?)))?
        })
        .collect()
}

/// What has been found wrong so far.
#[derive(Default)]
struct Report(Vec<BadRow>);

impl Report {
    /// Problems quote what the file says, which may hold anything: they are sanitised here.
    fn add(&mut self, line: usize, problem: &str) {
        self.0.push(BadRow { line, problem: sanitise(problem) });
    }
}

/// What a row may say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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
struct Row {
    line: usize,
    /// `None`: present, but already reported.
    cells: BTreeMap<Column, Option<Cell>>,
}

/// The text of one column and where it stands.
struct Cell {
    text: String,
    line: usize,
}

impl Row {
    /// The article, if nothing is wrong with it.
    fn article(&self, bad: &mut Report) -> Option<Article> {
        for column in COLUMNS {
            if column.is_required() && !self.cells.contains_key(&column) {
                bad.add(self.line, &format!("{} is missing", column.name()));
            }
        }
        // Every column is looked at before giving up, so that all of its problems are told.
        let number = self.read(Column::Number, bad, number);
        let ean = self.read(Column::Ean, bad, ean);
        let name = self.read(Column::Name, bad, name);
        let price = self.read(Column::Price, bad, price);
        let vat = self.read(Column::Vat, bad, vat);
        let group = self.read(Column::Group, bad, |text| Ok(sanitise(text).trim().to_owned()));
        let ean = match ean {
            None if self.cells.contains_key(&Column::Ean) => return None,
            ean => ean,
        };
        let group = group.unwrap_or_default();
        Some(Article { number: number?, ean, name: name?, price: price?, vat: vat?, group })
    }

    fn read<T>(
        &self,
        column: Column,
        bad: &mut Report,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        let cell = self.cells.get(&column)?.as_ref()?;
        match read(cell.text.trim()) {
            Ok(value) => Some(value),
            Err(problem) => {
                bad.add(cell.line, &format!("{}: {problem}", column.name()));
                None
            }
        }
    }
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
    let clean = sanitise(text).trim().to_owned();
    if clean.is_empty() { Err("has nothing that can be shown".to_owned()) } else { Ok(clean) }
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
        Some(rate) if rate <= HIGHEST_VAT => Ok(VatRate(rate)),
        _ => Err(format!("{text:?} is not a whole percentage from 0 to {HIGHEST_VAT}")),
    }
}
