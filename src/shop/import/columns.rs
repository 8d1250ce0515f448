//! What the columns of an article file are called, here and in other programs.
//!
//! Owns the names and the choice between several of them. Must not know the values.

use super::map::ColumnMap;
use super::problem::short;
use super::{Problem, Report, What};
use crate::hint::nearest;

/// Names of further columns that are remembered; the rest is counted.
const MOST_NAMES: usize = 20;

/// What a row may say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// The article's number.
    Number,
    /// Its codes; several columns may hold some.
    Ean,
    /// Its name.
    Name,
    /// What the receipt says.
    Short,
    /// Gross price.
    Price,
    /// Whether the price is asked for at the till.
    Open,
    /// VAT rate or class.
    Vat,
    /// Merchandise group.
    Group,
    /// Piece or kilogram.
    Unit,
    /// Number of the deposit article.
    Deposit,
    /// Least age.
    Age,
    /// The article of which this is a pack.
    PackOf,
    /// How many are in it.
    PackPieces,
    /// Whether it may not be sold.
    Locked,
    /// For the cashier.
    Note,
    /// The contrary of locked, as web shops write it.
    Active,
    /// A kind of product: a group where there is no other, and what is no article of its own.
    Kind,
    /// The product of which this row is a variant.
    Handle,
    /// What distinguishes a variant.
    Variant,
    /// A net price, which is never taken.
    Net,
}

/// How many columns there are.
pub(super) const COUNT: usize = Column::Net as usize + 1;

/// English name first, then other programs' and German ones, the more specific before others.
/// Written as [`plain`] makes them.
const NAMES: [(Column, &[&str]); COUNT] = [
    (
        Column::Number,
        &[
            "number",
            "artikelnummer",
            "artikelnr",
            "artnr",
            "artnummer",
            "articlenumber",
            "articleno",
            "variantsku",
            "sku",
            "plu",
            "plunummer",
            "internalreference",
            "defaultcode",
            "internereferenz",
            "itemnumber",
            "itemno",
            "productnumber",
            "productcode",
            "produktnummer",
            "materialnummer",
            "bestellnummer",
            "nummer",
            "artikel",
            "itemid",
        ],
    ),
    (
        Column::Ean,
        &[
            "ean",
            "eans",
            "gtin",
            "gtinean",
            "eangtin",
            "eancode",
            "eannummer",
            "ean13",
            "ean8",
            "gtin13",
            "gtin8",
            "gtinupceanorisbn",
            "variantbarcode",
            "barcode",
            "barcodes",
            "strichcode",
            "upc",
            "upcean",
            "gtinstueck",
            "gtinartikel",
            "ean1",
            "ean2",
            "ean3",
        ],
    ),
    (
        Column::Name,
        &[
            "name",
            "artikelname",
            "artikelbezeichnung",
            "bezeichnung",
            "productname",
            "itemname",
            "produktname",
            "displayname",
            "title",
            "titel",
            "description1",
            "bezeichnung1",
            "artikeltext",
            "description",
            "beschreibung",
        ],
    ),
    (
        Column::Short,
        &[
            "short",
            "shortname",
            "bontext",
            "kassentext",
            "kurztext",
            "kurzbezeichnung",
            "kurzname",
            "receipttext",
            "receiptname",
        ],
    ),
    (
        Column::Price,
        &[
            "price",
            "grossprice",
            "pricegross",
            "priceinclvat",
            "priceincltax",
            "vkpreisbrutto",
            "preisbrutto",
            "bruttopreis",
            "vkbrutto",
            "bruttovk",
            "stdvkbrutto",
            "verkaufspreis",
            "verkaufspreisbrutto",
            "bruttoverkaufspreis",
            "ladenpreis",
            "endpreis",
            "vkpreis",
            "vk",
            "preis",
            "preis1brutto",
            "vk1",
            "regularprice",
            "variantprice",
            "unitprice",
            "salesprice",
            "salespriceincl",
            "listprice",
            "sellingprice",
            "retailprice",
            "uvp",
            "uvpbrutto",
            "rrp",
        ],
    ),
    (
        Column::Open,
        &["open", "openprice", "preisoffen", "offenerpreis", "freierpreis", "preisfrei"],
    ),
    (
        Column::Vat,
        &[
            "vat",
            "vatrate",
            "vatclass",
            "mwst",
            "mwstsatz",
            "ust",
            "ustsatz",
            "ustin",
            "mwstin",
            "ustproz",
            "mwstproz",
            "steuersatz",
            "steuersatzin",
            "umsatzsteuer",
            "mehrwertsteuer",
            "taxrate",
            "taxpercent",
            "tax1percent",
            "taxclass",
            "steuerklasse",
            "steuerart",
            "customertaxes",
            "verkaufssteuern",
            "steuer",
            "taxes",
            "tax",
            "steuerschluessel",
        ],
    ),
    (
        Column::Group,
        &[
            "group",
            "warengruppe",
            "artikelgruppe",
            "hauptwarengruppe",
            "productcategory",
            "poscategory",
            "kategorie",
            "kategorieebene1",
            "kategorien",
            "categories",
            "category",
            "gruppe",
            "department",
        ],
    ),
    (
        Column::Unit,
        &[
            "unit",
            "einheit",
            "mengeneinheit",
            "verkaufseinheit",
            "unitofmeasure",
            "uom",
            "me",
            "verkaufsmengeneinheit",
        ],
    ),
    (
        Column::Deposit,
        &[
            "deposit",
            "pfandartikel",
            "pfandartikelnummer",
            "pfandnummer",
            "depositarticle",
            "pfand",
        ],
    ),
    (
        Column::Age,
        &[
            "age",
            "altersfreigabe",
            "mindestalter",
            "minage",
            "agelimit",
            "fsk",
            "usk",
            "altersbeschraenkung",
            "ageverification",
        ],
    ),
    (
        Column::PackOf,
        &[
            "packof",
            "gebindevon",
            "gebindeartikel",
            "inhaltsartikel",
            "packungvon",
            "stueckartikel",
        ],
    ),
    (
        Column::PackPieces,
        &["packpieces", "gebindemenge", "stueckjegebinde", "gebindeinhalt", "piecesperpack"],
    ),
    (
        Column::Locked,
        &[
            "locked",
            "gesperrt",
            "inaktiv",
            "inactive",
            "blocked",
            "sperre",
            "verkaufsgesperrt",
            "deleted",
            "archived",
            "archiviert",
            "verkaufssperre",
        ],
    ),
    (
        Column::Note,
        &["note", "hinweis", "bemerkung", "kassenhinweis", "notiz", "notizintern", "notes"],
    ),
    (Column::Active, &["active", "aktiv", "published", "status", "isactive", "veroeffentlicht"]),
    (Column::Kind, &["type", "typ", "producttype", "produkttyp"]),
    (Column::Handle, &["handle"]),
    (Column::Variant, &["option1value", "option2value", "option3value"]),
    (
        Column::Net,
        &[
            "nettopreis",
            "preisnetto",
            "vknetto",
            "nettovk",
            "stdvknetto",
            "vkpreisnetto",
            "netprice",
            "pricenet",
            "priceexclvat",
            "priceexcltax",
            "verkaufspreisnetto",
            "nettoverkaufspreis",
        ],
    ),
];

impl Column {
    /// The columns that an article has, in the order in which a file lists them best.
    pub const ALL: [Self; 15] = [
        Self::Number,
        Self::Ean,
        Self::Name,
        Self::Short,
        Self::Price,
        Self::Open,
        Self::Vat,
        Self::Group,
        Self::Unit,
        Self::Deposit,
        Self::Age,
        Self::PackOf,
        Self::PackPieces,
        Self::Locked,
        Self::Note,
    ];

    /// Its name in kasse's own files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Ean => "ean",
            Self::Name => "name",
            Self::Short => "short",
            Self::Price => "price",
            Self::Open => "open",
            Self::Vat => "vat",
            Self::Group => "group",
            Self::Unit => "unit",
            Self::Deposit => "deposit",
            Self::Age => "age",
            Self::PackOf => "pack_of",
            Self::PackPieces => "pack_pieces",
            Self::Locked => "locked",
            Self::Note => "note",
            Self::Active => "active",
            Self::Kind => "type",
            Self::Handle => "handle",
            Self::Variant => "variant",
            Self::Net => "net price",
        }
    }

    /// What other programs call it, without case, accents and punctuation.
    #[must_use]
    pub fn names(self) -> &'static [&'static str] {
        NAMES.iter().find(|(column, _)| *column == self).map_or(&[], |(_, names)| names)
    }

    /// The column of kasse's own name for it.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().chain([Self::Active]).find(|column| column.name() == name)
    }

    /// Several columns of a file may say something of it.
    const fn is_repeatable(self) -> bool {
        matches!(self, Self::Ean | Self::Variant | Self::Net)
    }
}

/// A header without case, accents and punctuation: `Art.-Nr.` is `artnr`.
fn plain(header: &str) -> String {
    let mut out = String::with_capacity(header.len());
    for c in header.chars().flat_map(char::to_lowercase) {
        match c {
            'ä' => out.push_str("ae"),
            'ö' => out.push_str("oe"),
            'ü' => out.push_str("ue"),
            'ß' => out.push_str("ss"),
            'é' | 'è' | 'ê' => out.push('e'),
            c if c.is_alphanumeric() => out.push(c),
            _ => {}
        }
    }
    out
}

/// The column that a header names in some program, and how specific the name is: 0 is kasse's own.
pub(super) fn known(header: &str) -> Option<(Column, usize)> {
    // Nothing that is longer names a column, and a header may be a text of any length.
    if header.len() > 100 {
        return None;
    }
    let find = |text: &str| {
        let text = plain(text);
        NAMES.iter().find_map(|(column, names)| {
            names.iter().position(|name| *name == text).map(|rank| (*column, rank))
        })
    };
    let bare = || {
        let (before, rest) = header.split_once(['(', '['])?;
        let (inside, behind) = rest.split_once([')', ']'])?;
        // "Preis (netto)" is a net price, whatever else is in brackets is a unit.
        let inside = plain(inside);
        if ["netto", "net", "exclvat", "excltax", "ohnemwst", "zzglmwst"].contains(&inside.as_str())
        {
            return Some((Column::Net, 0));
        }
        find(&format!("{before}{behind}"))
    };
    find(header).or_else(bare)
}

/// Which fields of a file say what.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// Index of the field and what it says.
    pub(super) fields: Vec<(usize, Column)>,
    /// Indexes of the fields without a name.
    pub(super) unnamed: Vec<usize>,
    /// What the file calls the columns.
    names: [Option<String>; COUNT],
    /// Further columns.
    pub(super) ignored: Ignored,
}

/// Columns that are not read.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Ignored {
    /// The first of their names.
    pub(super) names: Vec<String>,
    /// How many there are.
    pub(super) count: usize,
}

impl Ignored {
    pub(super) fn add(&mut self, name: &str) {
        self.count += 1;
        if self.names.len() < MOST_NAMES {
            self.names.push(short(name));
        }
    }
}

impl Layout {
    /// How many columns of an article these headers name: the line with the most is the header.
    pub(super) fn score<'a>(headers: impl Iterator<Item = &'a str>, map: &ColumnMap) -> usize {
        let mut seen = [false; COUNT];
        for header in headers {
            let mapped = map.of_header(header);
            for column in mapped.into_iter().chain(known(header).map(|(column, _)| column)) {
                if let Some(seen) = seen.get_mut(column as usize) {
                    *seen = true;
                }
            }
        }
        seen.iter().filter(|seen| **seen).count()
    }

    /// Gives every header its meaning: the configuration's first, then the more specific of two
    /// names. Two headers of the same name are told, and what is missing is not.
    pub(super) fn new<'a>(
        headers: impl Iterator<Item = &'a str> + Clone,
        map: &ColumnMap,
        line: usize,
        bad: &mut Report,
    ) -> Self {
        let mut layout = Self::default();
        // The best field of each column, and how specific its name is.
        let mut best: [Option<(usize, usize)>; COUNT] = [None; COUNT];
        let mut twice = [false; COUNT];
        for (field, header) in headers.clone().enumerate() {
            let Some((column, rank)) = known(header).filter(|(column, _)| !map.decides(*column))
            else {
                continue;
            };
            if column.is_repeatable() {
                continue;
            }
            let (Some(best), Some(twice)) =
                (best.get_mut(column as usize), twice.get_mut(column as usize))
            else {
                continue;
            };
            match best {
                Some((_, other)) if *other == rank && !*twice => {
                    *twice = true;
                    bad.add(Problem::of_column(line, header, What::Twice));
                }
                Some((_, other)) if *other <= rank => {}
                _ => *best = Some((field, rank)),
            }
        }
        for (field, header) in headers.enumerate() {
            let mapped = map.of_header(header);
            let own = known(header).map(|(column, _)| column).filter(|column| {
                !map.decides(*column)
                    && (column.is_repeatable()
                        || best
                            .get(*column as usize)
                            .copied()
                            .flatten()
                            .is_some_and(|at| at.0 == field))
            });
            if mapped.is_empty() && own.is_none() {
                if header.trim().is_empty() {
                    layout.unnamed.push(field);
                } else {
                    layout.ignored.add(header);
                }
                continue;
            }
            for column in mapped.into_iter().chain(own) {
                layout.fields.push((field, column));
                if let Some(name) = layout.names.get_mut(column as usize) {
                    name.get_or_insert_with(|| short(header));
                }
            }
        }
        layout
    }

    pub(super) fn has(&self, column: Column) -> bool {
        self.fields.iter().any(|(_, own)| *own == column)
    }

    /// What the file calls a column.
    pub(super) fn name(&self, column: Column) -> &str {
        self.names.get(column as usize).and_then(Option::as_deref).unwrap_or(column.name())
    }

    /// Tells which columns are missing that every article needs. A number may be its code.
    pub(super) fn check(&self, map: &ColumnMap, line: usize, bad: &mut Report) {
        for (column, header) in map.headers() {
            if !self.has(column) {
                bad.add(Problem::of_column(line, header, What::NoSuchHeader));
            }
        }
        for column in [Column::Number, Column::Name, Column::Price, Column::Vat] {
            let stands_in = match column {
                Column::Number => self.has(Column::Ean),
                Column::Price => self.has(Column::Open) || self.has(Column::PackOf),
                _ => false,
            };
            if self.has(column) || map.is_fixed(column) || map.names_header(column) || stands_in {
                continue;
            }
            if column == Column::Price && self.has(Column::Net) {
                bad.add(Problem::of_column(line, self.name(Column::Net), What::NetPrice));
                continue;
            }
            let near = nearest(column.name(), self.ignored.names.iter().map(String::as_str));
            let hint = near.map(|near| {
                format!(
                    "; if it is {near}, [articles] columns can say so: \"{}={near}\"",
                    column.name()
                )
            });
            let what = What::NoColumn { column: column.name(), hint: hint.unwrap_or_default() };
            bad.add(Problem::of_line(line, what));
        }
    }
}
