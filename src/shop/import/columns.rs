//! What the columns of an article file are called, here and in other programs.
//!
//! Owns the names. Must not know the values.

use std::collections::HashMap;
use std::sync::LazyLock;

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
const NAMES: [(Column, &str); COUNT] = [
    (
        Column::Number,
        "number artikelnummer artikelnr artnr artnummer articlenumber articleno \
         variantsku sku plu plunummer internalreference defaultcode internereferenz \
         itemnumber itemno productnumber productcode produktnummer materialnummer \
         bestellnummer nummer artikel itemid",
    ),
    (
        Column::Ean,
        "ean eans gtin gtinean eangtin eancode eannummer ean13 ean8 gtin13 gtin8 \
         gtinupceanorisbn variantbarcode barcode barcodes strichcode upc upcean \
         gtinstueck gtinartikel ean1 ean2 ean3",
    ),
    (
        Column::Name,
        "name artikelname artikelbezeichnung bezeichnung productname itemname \
         produktname displayname title titel description1 bezeichnung1 artikeltext \
         description beschreibung",
    ),
    (
        Column::Short,
        "short shortname bontext kassentext kurztext kurzbezeichnung kurzname \
         receipttext receiptname",
    ),
    (
        Column::Price,
        "price grossprice pricegross priceinclvat priceincltax vkpreisbrutto \
         preisbrutto bruttopreis vkbrutto bruttovk stdvkbrutto verkaufspreis \
         verkaufspreisbrutto bruttoverkaufspreis ladenpreis endpreis vkpreis vk \
         preis preis1brutto vk1 regularprice variantprice unitprice salesprice \
         salespriceincl listprice sellingprice retailprice uvp uvpbrutto rrp",
    ),
    (Column::Open, "open openprice preisoffen offenerpreis freierpreis preisfrei"),
    (
        Column::Vat,
        "vat vatrate vatclass mwst mwstsatz ust ustsatz ustin mwstin ustproz \
         mwstproz steuersatz steuersatzin umsatzsteuer mehrwertsteuer taxrate \
         taxpercent tax1percent taxclass steuerklasse steuerart customertaxes \
         verkaufssteuern steuer taxes tax",
    ),
    (
        Column::Group,
        "group warengruppe artikelgruppe hauptwarengruppe productcategory \
         poscategory kategorie kategorieebene1 kategorien categories category gruppe \
         department",
    ),
    (
        Column::Unit,
        "unit einheit mengeneinheit verkaufseinheit unitofmeasure uom me \
         verkaufsmengeneinheit",
    ),
    (Column::Deposit, "deposit pfandartikel pfandartikelnummer pfandnummer depositarticle pfand"),
    (
        Column::Age,
        "age altersfreigabe mindestalter minage agelimit fsk usk altersbeschraenkung \
         ageverification",
    ),
    (Column::PackOf, "packof gebindevon gebindeartikel inhaltsartikel packungvon stueckartikel"),
    (Column::PackPieces, "packpieces gebindemenge stueckjegebinde gebindeinhalt piecesperpack"),
    (
        Column::Locked,
        "locked gesperrt inaktiv inactive blocked sperre verkaufsgesperrt deleted \
         archived archiviert verkaufssperre",
    ),
    (Column::Note, "note hinweis bemerkung kassenhinweis notiz notizintern notes"),
    (Column::Active, "active aktiv published status isactive veroeffentlicht"),
    (Column::Kind, "type typ producttype produkttyp"),
    (Column::Handle, "handle"),
    (Column::Variant, "option1value option2value option3value"),
    (
        Column::Net,
        "nettopreis preisnetto vknetto nettovk stdvknetto vkpreisnetto netprice \
         pricenet priceexclvat priceexcltax verkaufspreisnetto nettoverkaufspreis",
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
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        let own = NAMES.iter().filter(move |(column, _)| *column == self);
        own.flat_map(|(_, names)| names.split_whitespace())
    }

    /// The column of kasse's own name for it.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().chain([Self::Active]).find(|column| column.name() == name)
    }

    /// Several columns of a file may say something of it.
    pub(super) const fn is_repeatable(self) -> bool {
        matches!(self, Self::Ean | Self::Variant | Self::Active | Self::Net)
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

/// [`NAMES`] by name, with the place of each.
static MEANINGS: LazyLock<HashMap<&str, (Column, usize)>> = LazyLock::new(|| {
    let all = NAMES.iter().flat_map(|(column, names)| {
        let names = names.split_whitespace().enumerate();
        names.map(|(rank, name)| (name, (*column, rank)))
    });
    all.collect()
});

/// The column that a header names in some program, and how specific the name is: 0 is kasse's own.
pub(super) fn known(header: &str) -> Option<(Column, usize)> {
    // Nothing that is longer names a column, and a header may be a text of any length.
    if header.len() > 100 {
        return None;
    }
    let find = |text: &str| MEANINGS.get(plain(text).as_str()).copied();
    let bare = || {
        let (before, rest) = header.split_once(['(', '['])?;
        let (inside, behind) = rest.split_once([')', ']'])?;
        let found = find(&format!("{before}{behind}"))?;
        let words = || inside.split([' ', ',', ';', '/', '.', '-']).map(plain);
        if words().any(|word| NET_WORDS.contains(&word.as_str())) {
            // "Preis (EUR, netto)" is a net price.
            return matches!(found.0, Column::Price | Column::Net).then_some((Column::Net, 0));
        }
        let is_rate = inside.contains('%');
        let is_harmless = words().all(|word| {
            HARMLESS_WORDS.contains(&word.as_str())
                || (is_rate && word.bytes().all(|byte| byte.is_ascii_digit()))
        });
        // "Barcode (EAN)" says the same twice; "EAN (Karton)" is the code of something else.
        (is_harmless || find(inside).is_some_and(|same| same.0 == found.0)).then_some(found)
    };
    find(header).or_else(bare)
}

/// Words in the brackets of a header that make its price a net one.
const NET_WORDS: &[&str] = &[
    "netto",
    "net",
    "ex",
    "exkl",
    "excl",
    "exklusive",
    "exclusive",
    "excluding",
    "exclvat",
    "excltax",
    "ohne",
    "ohnemwst",
    "without",
    "zzgl",
    "zzglmwst",
];
/// Words in the brackets of a header that change nothing: gross, a currency, a unit.
const HARMLESS_WORDS: &[&str] = &[
    "",
    "brutto",
    "gross",
    "inkl",
    "incl",
    "inklusive",
    "inclusive",
    "including",
    "inclvat",
    "incltax",
    "inklmwst",
    "mwst",
    "ust",
    "vat",
    "tax",
    "steuer",
    "eur",
    "euro",
    "chf",
    "usd",
    "gbp",
    "pln",
    "dkk",
    "sek",
    "nok",
    "czk",
    "in",
    "je",
    "pro",
    "per",
    "stk",
    "stck",
    "stueck",
    "st",
    "piece",
    "pieces",
    "pc",
    "pcs",
    "each",
    "kg",
    "kilogramm",
    "kilogram",
    "jahre",
    "years",
];

/// Whether a column of this name often holds a program's keys of VAT rates, not percentages.
pub(super) fn holds_tax_keys(header: &str) -> bool {
    ["steuerklasse", "steuerart", "taxclass"].contains(&plain(header).as_str())
}
