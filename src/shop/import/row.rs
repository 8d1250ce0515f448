//! From a row of text to an article.

use std::borrow::Cow;

use super::columns::{COUNT, Column, holds_tax_keys};
use super::values::{self, MOST_CODES, unprotected};
use super::variants::is_web_shops;
use super::{Goods, Options, Problem, What, amounts};
use crate::money::Money;
use crate::shop::{Article, Pack, Unit, Vat};

/// Characters of a name, a receipt's name, a group and a note at the most.
const LONGEST_NAME: usize = 120;
const LONGEST_SHORT: usize = 60;
const LONGEST_GROUP: usize = 80;
const LONGEST_NOTE: usize = 500;

/// Gives what the file calls a column.
pub(super) type Name<'a> = dyn Fn(Column) -> &'a str + 'a;

/// One row as written.
#[derive(Default)]
pub(super) struct Row<'a> {
    /// The line in which it begins.
    pub(super) line: usize,
    /// By column; `None`: absent.
    cells: [Option<Cell<'a>>; COUNT],
}

/// The text of one column and where it stands.
#[derive(Clone)]
pub(super) struct Cell<'a> {
    /// Not empty; `None`: present, but already reported.
    pub(super) text: Option<Cow<'a, str>>,
    pub(super) line: usize,
    /// The configuration says that the text means this.
    is_meant: bool,
    /// How many fields of the row it is made of.
    parts: usize,
}

/// A value was wrong and has been reported.
struct Wrong;

impl<'a> Row<'a> {
    pub(super) fn new(line: usize) -> Self {
        Self { line, ..Self::default() }
    }

    /// Sets a cell; of a column that may stand in a row several times all texts are kept.
    pub(super) fn set(&mut self, column: Column, text: Option<Cow<'a, str>>, line: usize) {
        let Some(place) = self.cells.get_mut(column as usize) else { return };
        match (place, text) {
            (Some(Cell { text: Some(before), parts, .. }), Some(text))
                if column.is_repeatable() =>
            {
                *parts += 1;
                // More codes are refused as a whole.
                if column != Column::Ean || *parts <= MOST_CODES {
                    let before = before.to_mut();
                    before.push_str(if column == Column::Variant { " / " } else { "|" });
                    before.push_str(&text);
                }
            }
            (place, text) => *place = Some(Cell { text, line, is_meant: false, parts: 1 }),
        }
    }

    fn cell(&self, column: Column) -> Option<&Cell<'a>> {
        self.cells.get(column as usize)?.as_ref()
    }

    /// Whether several fields of the file say something of a column.
    fn has_several(&self, column: Column) -> bool {
        self.text(column).is_some_and(|text| text.contains('|'))
    }

    pub(super) fn text(&self, column: Column) -> Option<&str> {
        self.cell(column)?.text.as_deref()
    }

    /// Gives every column its fixed value and every value its meaning, as the configuration says.
    pub(super) fn apply(&mut self, options: &'a Options) {
        for column in Column::ALL.into_iter().chain([Column::Active]) {
            let line = self.line;
            if let Some(value) = options.columns.fixed(column) {
                self.set_alone(column, value, line);
            } else if column == Column::Active && self.has_several(column) {
                // Each of its fields has a meaning of its own.
            } else if let Some(meant) =
                options.columns.meant(column, self.text(column).unwrap_or_default())
            {
                self.set_alone(column, meant, line);
            }
        }
    }

    fn set_alone(&mut self, column: Column, text: &'a str, line: usize) {
        if let Some(place) = self.cells.get_mut(column as usize) {
            let text = (!text.is_empty()).then_some(text.into());
            *place = text.map(|text| Cell { text: Some(text), line, is_meant: true, parts: 1 });
        }
    }

    /// Whether something of it is wrong that has been told before its values were looked at.
    pub(super) fn is_reported(&self) -> bool {
        self.cells.iter().flatten().any(|cell| cell.text.is_none())
    }

    fn has(&self, column: Column) -> bool {
        self.cell(column).is_some()
    }

    /// The article, if nothing is wrong with it. Every column is looked at before giving up, so
    /// that all of its problems are told.
    pub(super) fn article(&self, name_of: &Name, goods: &mut Goods) -> Option<Article> {
        let options = goods.options;
        let mut zeros = 0;
        let codes = self.read(Column::Ean, name_of, goods, |text| {
            if self.cell(Column::Ean).is_some_and(|cell| cell.parts > MOST_CODES) {
                return Err(What::ManyCodes(MOST_CODES));
            }
            let (codes, padded) = values::codes(text)?;
            zeros += padded;
            Ok(codes)
        });
        let pack = self.pack(name_of, goods);
        let is_pack = matches!(pack, Ok(Some(_)) | Err(Wrong));
        let open = self.read(Column::Open, name_of, goods, values::decision);
        let is_open = matches!(open, Ok(Some(true)))
            || self.text(Column::Price).is_some_and(|text| values::is_open(text.trim()));

        let has_number = self.has(Column::Number);
        let first_code = codes.as_ref().ok().and_then(|codes| codes.as_ref()?.first().cloned());
        self.require(Column::Number, has_number || self.has(Column::Ean), name_of, goods);
        self.require(Column::Name, false, name_of, goods);
        self.require(Column::Price, is_open || is_pack, name_of, goods);
        self.require(Column::Vat, is_pack, name_of, goods);

        let number = self.read(Column::Number, name_of, goods, values::number);
        let name = self.words(Column::Name, LONGEST_NAME, goods);
        if matches!(&name, Some(name) if name.is_empty()) && self.text(Column::Name).is_some() {
            let what = What::NoText;
            goods.bad.add(Problem::of_column(
                self.line_of(Column::Name),
                name_of(Column::Name),
                what,
            ));
        }
        let price = if is_open {
            Ok(None)
        } else {
            self.read(Column::Price, name_of, goods, |text| amounts::price(text, options))
        };
        let vat =
            self.read(Column::Vat, name_of, goods, |text| match values::vat(text, options)? {
                Vat::Rate(_) if self.is_tax_key(text, name_of) => {
                    Err(What::TaxKey(super::problem::short(text)))
                }
                vat => Ok(vat),
            });
        let unit = self.read(Column::Unit, name_of, goods, values::unit);
        let deposit = self.read(Column::Deposit, name_of, goods, values::deposit);
        let age = self.read(Column::Age, name_of, goods, values::age);
        let locked = self.read(Column::Locked, name_of, goods, values::locked);
        let active = self.read(Column::Active, name_of, goods, |text| {
            if !self.has_several(Column::Active) {
                return values::active(text);
            }
            // One no of several columns locks the article.
            text.split('|').try_fold(true, |all, text| {
                let meant = options.columns.meant(Column::Active, text).unwrap_or(text);
                Ok(all & (meant.is_empty() || values::active(meant)?))
            })
        });
        let short = self.words(Column::Short, LONGEST_SHORT, goods);
        let group = self.words(Column::Group, LONGEST_GROUP, goods);
        let group = group.or_else(|| {
            let kind = self.words(Column::Kind, LONGEST_GROUP, goods)?;
            (!is_web_shops(&kind)).then_some(kind)
        });
        let note = self.words(Column::Note, LONGEST_NOTE, goods);

        let number = number.ok()?.or(first_code)?;
        let (codes, price, vat) = (codes.ok()?.unwrap_or_default(), price.ok()?, vat.ok()?);
        let (pack, open) = (pack.ok()?, open.ok()?);
        let article = Article {
            number,
            eans: codes,
            name: name.filter(|name| !name.is_empty())?,
            short: short.unwrap_or_default(),
            price: if open == Some(true) { None } else { price },
            vat: vat.or_else(|| pack.as_ref().map(|_| Vat::default()))?,
            group: group.unwrap_or_default(),
            unit: unit.ok()?.unwrap_or(Unit::Piece),
            deposit: deposit.ok()?.flatten(),
            age: age.ok()?.flatten(),
            pack,
            locked: locked.ok()? == Some(true) || active.ok()? == Some(false),
            note: note.unwrap_or_default(),
        };
        if article.price.is_none() && !is_open && article.pack.is_none() {
            return None;
        }
        goods.counts.zeros += zeros;
        let has_price = article.price.is_some_and(|price| price != Money::ZERO);
        goods.counts.packs += usize::from(article.pack.is_some() && has_price);
        Some(article)
    }

    /// Whether a VAT rate is a bare number in a column that often holds keys.
    fn is_tax_key(&self, text: &str, name_of: &Name) -> bool {
        self.cell(Column::Vat).is_some_and(|cell| !cell.is_meant)
            && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','))
            && holds_tax_keys(name_of(Column::Vat))
    }

    fn pack(&self, name_of: &Name, goods: &mut Goods) -> Result<Option<Pack>, Wrong> {
        let of = self.read(Column::PackOf, name_of, goods, values::number)?;
        // Pieces in a box without the article that is in it say nothing that is sold here.
        let Some(of) = of else { return Ok(None) };
        if !self.has(Column::PackPieces) {
            let name = name_of(Column::PackPieces);
            goods.bad.add(Problem::of_column(self.line, name, What::Missing));
            return Err(Wrong);
        }
        let pieces = self.read(Column::PackPieces, name_of, goods, values::pieces)?;
        Ok(pieces.map(|pieces| Pack { of, pieces }))
    }

    fn line_of(&self, column: Column) -> usize {
        self.cell(column).map_or(self.line, |cell| cell.line)
    }

    fn require(&self, column: Column, is_given: bool, name_of: &Name, goods: &mut Goods) {
        if !is_given && !self.has(column) {
            goods.bad.add(Problem::of_column(self.line, name_of(column), What::Missing));
        }
    }

    /// Harmless text of a column.
    fn words(&self, column: Column, longest: usize, goods: &mut Goods) -> Option<String> {
        let (text, is_cut) = values::text(self.text(column)?, longest);
        goods.counts.cut += usize::from(is_cut);
        Some(text)
    }

    fn read<T>(
        &self,
        column: Column,
        name_of: &Name,
        goods: &mut Goods,
        read: impl FnOnce(&str) -> Result<T, What>,
    ) -> Result<Option<T>, Wrong> {
        let Some(cell) = self.cell(column) else { return Ok(None) };
        let Some(text) = &cell.text else { return Err(Wrong) };
        read(text.trim()).map(Some).map_err(|what| {
            let value = unprotected(text.trim());
            goods.bad.add(Problem::of_value(cell.line, name_of(column), value, what));
            Wrong
        })
    }
}
