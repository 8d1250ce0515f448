//! What can be wrong with an article file, and the bounded list of what is.
//!
//! Every error that an import can meet is a variant of [`What`]; `README.md` of this folder shows
//! each of them with an input.

use std::fmt;

use super::MOST_PROBLEMS;
use crate::text::{fit, sanitise};

/// Columns of a terminal that a quoted value takes at the most.
const LONGEST_VALUE: usize = 60;

/// One problem of an article file. All texts are sanitised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Line in the file, from 1.
    pub line: usize,
    /// The column as the file names it.
    pub column: Option<String>,
    /// What stands there, shortened.
    pub value: Option<String>,
    /// What is wrong and what is expected.
    pub what: What,
}

impl Problem {
    /// A problem of a line as a whole.
    pub(super) fn of_line(line: usize, what: What) -> Self {
        Self { line, column: None, value: None, what }
    }

    /// A problem of a column.
    pub(super) fn of_column(line: usize, column: &str, what: What) -> Self {
        Self { column: Some(short(column)), ..Self::of_line(line, what) }
    }

    /// A problem of a value.
    pub(super) fn of_value(line: usize, column: &str, value: &str, what: What) -> Self {
        Self { value: Some(short(value)), ..Self::of_column(line, column, what) }
    }

    /// Column, value and what is wrong, without the line: `price: "x" is not an amount …`.
    #[must_use]
    pub fn text(&self) -> String {
        match (&self.column, &self.value) {
            (Some(column), Some(value)) => format!("{column}: {value:?} {}", self.what),
            (Some(column), None) => format!("{column} {}", self.what),
            (None, Some(value)) => format!("{value:?} {}", self.what),
            (None, None) => self.what.to_string(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.text())
    }
}

/// Harmless and short enough for a line of its own.
pub(super) fn short(text: &str) -> String {
    fit(sanitise(text).trim(), LONGEST_VALUE, false)
}

/// What is wrong, and what is expected. `Display` continues a sentence that column and value begin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum What {
    /// The file cannot be read to its end.
    #[error("the file cannot be read: {0}")]
    Unreadable(String),
    /// A workbook or another file that is no text.
    #[error("this is a workbook, not a text: save it as CSV UTF-8")]
    Workbook,
    /// Most of the file is UTF-8, this line is not.
    #[error("is not UTF-8, while the lines before are: save the whole file in one encoding")]
    MixedEncoding,
    /// No article and no problem.
    #[error("the file holds no article")]
    Empty,
    /// More articles than memory is for.
    #[error("more than {0} articles")]
    TooMany(usize),
    /// Problems that are counted, not listed.
    #[error("{0} problems from here on are not listed")]
    More(usize),

    /// No line names the columns.
    #[error(
        "no header in the first {0} lines: one line must name the columns number, name, price and vat"
    )]
    NoHeader(usize),
    /// A column that every article needs.
    #[error("the header has no column {column}{hint}")]
    NoColumn {
        /// Its English name.
        column: &'static str,
        /// What may be meant.
        hint: String,
    },
    /// Only net prices.
    #[error(
        "is a net price and kasse sells at gross prices: export the gross price, or name its column \
         in [articles] columns, \"price=NAME\""
    )]
    NetPrice,
    /// Two columns with one meaning.
    #[error("stands here twice")]
    Twice,
    /// The configuration names a header that the file does not have.
    #[error("is a column that [articles] columns names and the file does not have")]
    NoSuchHeader,
    /// More fields than columns.
    #[error(
        "{found} fields where the header has {header}: a comma inside a field needs quotes, \"3,49\""
    )]
    Fields {
        /// Fields up to the last that is not empty.
        found: usize,
        /// Columns.
        header: usize,
    },
    /// A row without what an article has, between articles.
    #[error("is a total, but articles follow: delete the row, or complete it")]
    Total,
    /// A value that belongs to nothing.
    #[error("stands in a column without a name")]
    Unnamed,
    /// A forgotten quotation mark.
    #[error("a quotation mark is not closed: the field goes on in the next line")]
    OpenQuote,
    /// A line that no row of articles needs.
    #[error("longer than {0} bytes")]
    LongLine(usize),

    /// The text breaks the rules of TOML.
    #[error("not TOML: {0}")]
    NotToml(String),
    /// A TOML text that cannot be read in parts.
    #[error(
        "more than {0} bytes without a line [[article]], or with texts of several lines: write many \
         articles as CSV"
    )]
    LongToml(usize),
    /// Something else than articles in a TOML file.
    #[error("is unknown here, articles are [[article]]{0}")]
    UnknownTable(String),
    /// `[article]`.
    #[error("articles are written [[article]], in two brackets")]
    OneTable,
    /// An element that is no table.
    #[error("not an article {{ … }}")]
    NoTable,
    /// A misspelt key.
    #[error("is not known of an article{0}")]
    UnknownKey(String),
    /// The text breaks the rules of JSON.
    #[error("not JSON: {0}")]
    NotJson(String),
    /// Rows in two arrays of one object.
    #[error("a second array of objects: the articles are those of the first alone, leave it out")]
    SecondArray,
    /// An article whose first value is a list of objects.
    #[error("a list of objects before the number of its article: write number and name before it")]
    LateColumns,
    /// A value of a type that the column does not take.
    #[error("takes {expected}, not {found}")]
    WrongType {
        /// What the column takes.
        expected: &'static str,
        /// What stands there.
        found: &'static str,
    },

    /// A required value is absent.
    #[error("is missing")]
    Missing,
    /// A name of characters that are never shown.
    #[error("has nothing that can be shown")]
    NoText,
    /// Not an article number.
    #[error("is not 1 to 20 letters or digits (A-Z, 0-9), with - _ . / between them")]
    NotNumber,
    /// A number that the scan of its own label would not find.
    #[error("is what the till reads as a quantity, the key - and a number: begin it with a letter")]
    KeyInNumber,
    /// Not an article code.
    #[error("does not have 8, 12, 13 or 14 digits")]
    NotCode,
    /// More codes than an article may have.
    #[error("are more than {0} codes")]
    ManyCodes(usize),
    /// A code in the notation of a spreadsheet.
    #[error(
        "has lost digits in a spreadsheet: format the column as text or as a number without \
         decimals, and export again"
    )]
    LostDigits,
    /// Not an amount.
    #[error("is not an amount like 3.49 or 3,49")]
    NotAmount,
    /// Three decimals, or thousands.
    #[error("may be thousands or three decimals: write it with two decimals, like 3.49")]
    Ambiguous,
    /// Parts of a cent.
    #[error("has more than two decimals: prices are whole cents")]
    TooFine,
    /// Below zero.
    #[error("is negative: discounts and returned deposit are made at the till")]
    Negative,
    /// More than any article costs.
    #[error("is more than 99999.99")]
    TooHigh,
    /// Not a VAT rate.
    #[error("is not a percentage from 0 to 30")]
    NotRate,
    /// A rate as a fraction.
    #[error("is a fraction: write 19, not 0.19")]
    Fraction,
    /// A class that the shop has not configured.
    #[error("is neither a percentage from 0 to 30 nor a VAT class of the shop ({0})")]
    UnknownClass(String),
    /// A number in a column that holds keys of rates.
    #[error(
        "may be a key, not a percentage: write it with %, or say in [articles] columns what it \
         means, \"vat.{0}=19\""
    )]
    TaxKey(String),
    /// Not a unit.
    #[error(
        "is neither a piece nor a kilogram; [articles] columns can say what it means, \"unit.{0}=piece\""
    )]
    NotUnit(String),
    /// Not an age.
    #[error("is not an age from 1 to 99")]
    NotAge,
    /// Not a decision.
    #[error("is neither yes nor no (1, 0, x, ja, nein, true, false)")]
    NotYesNo,
    /// Not a number of pieces.
    #[error("is not a number of pieces from 2 to 9999")]
    NotPieces,
    /// An amount in the place of an article.
    #[error("is an amount: the deposit is an article of its own, and this is its number")]
    DepositAmount,

    /// A number or code used twice in one file.
    #[error("{code} is already the article of line {line}")]
    Taken {
        /// The number or code.
        code: String,
        /// Where it was used first.
        line: usize,
    },
    /// A number that is the code of another article: a code is looked for first.
    #[error("number {number} is the ean of the article of line {line}")]
    Hidden {
        /// The number.
        number: String,
        /// The other article.
        line: usize,
    },
}

/// What has been found wrong so far: the first [`MOST_PROBLEMS`] by line, and how many there are.
#[derive(Debug, Default)]
pub(super) struct Report {
    /// At most twice [`MOST_PROBLEMS`], so that sorting them costs little for each.
    found: Vec<Problem>,
    pub(super) count: usize,
    /// The lowest line of those that are not in `found`.
    rest: Option<usize>,
}

impl Report {
    pub(super) fn add(&mut self, problem: Problem) {
        self.count += 1;
        self.found.push(problem);
        if self.found.len() > 2 * MOST_PROBLEMS {
            self.shorten();
        }
    }

    fn shorten(&mut self) {
        self.found.sort_by_key(|problem| problem.line);
        let rest = self.found.get(MOST_PROBLEMS).map(|problem| problem.line);
        self.rest = [self.rest, rest].into_iter().flatten().min();
        self.found.truncate(MOST_PROBLEMS);
    }

    /// The problems by line; behind the last that is listed one tells how many are not.
    pub(super) fn listed(mut self) -> Vec<Problem> {
        self.shorten();
        if let Some(line) = self.rest {
            let more = self.count - self.found.len();
            self.found.push(Problem::of_line(line, What::More(more)));
        }
        self.found
    }
}
