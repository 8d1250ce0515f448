//! Export files as the programs in use write them, with the columns that these document. The files
//! are in `tests/articles`; each is imported as it is, or with the columns named in its test.

use kasse::shop::{Article, Unit};

use crate::articles::kit::{article, export};

/// Gives each article its group.
fn grouped(articles: Vec<(Article, &str)>) -> Vec<Article> {
    articles
        .into_iter()
        .map(|(article, group)| Article { group: group.to_owned(), ..article })
        .collect()
}

#[test]
fn excel_in_german_writes_windows_1252_semicolons_and_a_sep_line() {
    let (articles, notes) = export("excel-german.csv", &[]);
    let short = |article: Article, short: &str| Article { short: short.to_owned(), ..article };
    let expected = vec![
        (
            short(article("00123", &["4006381333931"], "Textmarker gelb", 149, 19), "Marker"),
            "Schreibwaren",
        ),
        (article("200", &["02000107"], "Brötchen „Körner“", 55, 7), "Backwaren"),
        (
            Article {
                unit: Unit::Kilogram,
                note: "Messer liegt in der Schublade".to_owned(),
                ..short(article("300", &[], "Käse am Stück", 123_450, 7), "Käse")
            },
            "Frischetheke",
        ),
        (
            Article {
                deposit: Some("900".to_owned()),
                age: Some(16),
                ..short(article("400", &["4001234567899"], "Weißbier 0,5 l", 129, 19), "Weißbier")
            },
            "Getränke",
        ),
        (short(article("900", &[], "Pfand 0,08", 8, 19), "Pfand"), "Pfand"),
        (
            Article {
                age: Some(18),
                locked: true,
                note: "erst ab 29.12.".to_owned(),
                ..article("950", &["4012345678901"], "Silvesterknaller", 999, 19)
            },
            "Saison",
        ),
    ];
    assert_eq!(articles, grouped(expected));
    assert_eq!(
        notes,
        [
            "read as windows-1252",
            "columns that are not read: Lieferant",
            "1 code has its lost leading zeros back"
        ]
    );
}

#[test]
fn excel_in_english_writes_a_byte_order_mark_and_commas() {
    let (articles, notes) = export("excel-english.csv", &[]);
    let expected = vec![
        (article("A-100", &["5012345678900"], "Tea, black", 349, 20), "Hot drinks"),
        (
            Article {
                note: "Fragile, wrap it".to_owned(),
                ..article("A-101", &["012345678905"], "Mug \"Best Boss\"", 850, 20)
            },
            "Household",
        ),
        (
            Article { age: Some(18), ..article("A-102", &["5098765432104"], "Gin", 102_400, 20) },
            "Spirits",
        ),
    ];
    assert_eq!(articles, grouped(expected));
    assert_eq!(notes, [""; 0]);
}

#[test]
fn excels_unicode_text_is_utf_16_with_tabs() {
    let (articles, notes) = export("excel-unicode.txt", &[]);
    let expected = vec![
        (article("11", &["4000417025005"], "Schokolade Vollmilch", 119, 7), "Süßes"),
        (article("12", &["4000417025104"], "Nüsse \"extra\" geröstet", 299, 7), "Knabbern"),
        (article("13", &[], "Чай", 400, 7), "Tee"),
    ];
    assert_eq!(articles, grouped(expected));
    assert_eq!(notes, ["read as UTF-16LE"]);
}

#[test]
fn libreoffice_quotes_texts_and_leaves_numbers_alone() {
    let (articles, notes) = export("libreoffice.csv", &[]);
    let expected = vec![
        (article("7001", &["4023456789018"], "Geschirrtuch", 495, 19), "Haushalt"),
        (article("7002", &["4023456789117", "4023456789216"], "Schwamm 2er", 150, 19), "Haushalt"),
        (Article { price: None, ..article("7003", &[], "Reparatur", 0, 19) }, "Dienste"),
    ];
    assert_eq!(articles, grouped(expected));
    assert_eq!(notes, [""; 0]);
}

#[test]
fn odoo_exports_product_templates() {
    let (articles, notes) = export("odoo.csv", &[]);
    let expected = vec![
        (article("FURN_7777", &["5901234123457"], "Office Chair", 7_000, 19), "Office / Chairs"),
        (Article { unit: Unit::Kilogram, ..article("FOOD_0001", &[], "Apples", 249, 7) }, "Food"),
        (article("FURN.8888", &[], "Lamp, \"Nova\"", 3_950, 19), "Office / Lamps"),
    ];
    assert_eq!(articles, grouped(expected));
    assert_eq!(notes, ["columns that are not read: Cost, Quantity On Hand"]);
}

/// Its tax classes are words of the shop, and the standard one is an empty field. Variations have
/// the class `parent`.
#[test]
fn woocommerce_exports_products_and_variations_with_tax_classes() {
    let columns = ["vat.=standard", "vat.parent=standard", "vat.reduced-rate=reduced"];
    let (articles, notes) = export("woocommerce.csv", &columns);
    let class = |article: Article, class: &str| Article {
        vat: kasse::shop::Vat::Class(class.to_owned()),
        ..article
    };
    let standard = |article| class(article, "standard");
    let expected = vec![
        (
            standard(article("woo-cd-01", &["4019999000017"], "Album on CD", 1_500, 0)),
            "Music > CDs",
        ),
        (standard(article("woo-shirt-s", &["4019999000116"], "Shirt - S", 2_490, 0)), ""),
        (standard(article("woo-shirt-m", &["4019999000215"], "Shirt - M", 2_490, 0)), ""),
        (
            class(article("woo-book", &["9783161484100"], "Cookbook", 1_995, 0), "reduced"),
            "Books, Gifts",
        ),
        (Article { locked: true, ..standard(article("woo-old", &[], "Poster", 500, 0)) }, "Gifts"),
    ];
    assert_eq!(articles, grouped(expected));
    assert!(notes[0].starts_with("columns that are not read: ID, "), "{notes:?}");
    assert_eq!(notes[1..], ["1 row is no article of its own and was left out, from line 5"]);
}

/// Its items have no number besides their barcode.
#[test]
fn opensourcepos_exports_items() {
    let (articles, notes) = export("opensourcepos.csv", &[]);
    let expected = vec![
        (article("4260000000011", &["4260000000011"], "Dog biscuits", 279, 7), "Pet food"),
        (article("4260000000110", &["4260000000110"], "Cat litter 10 l", 649, 19), "Pet care"),
    ];
    assert_eq!(articles, grouped(expected));
    assert!(notes[0].contains("Cost Price"), "{notes:?}");
}

/// It has no VAT rates, so the shop's goes with all of its rows.
#[test]
fn shopify_exports_variants_below_their_product() {
    let (articles, notes) = export("shopify.csv", &["vat:=standard"]);
    let standard =
        |article| Article { vat: kasse::shop::Vat::Class("standard".to_owned()), ..article };
    let expected = vec![
        (
            standard(article("LS-W-M", &["4055555000013"], "Linen Shirt White / M", 4_990, 0)),
            "Apparel & Accessories > Clothing",
        ),
        (
            standard(article("LS-W-L", &["4055555000112"], "Linen Shirt White / L", 4_990, 0)),
            "Apparel & Accessories > Clothing",
        ),
        (standard(article("CANDLE_1", &[], "Beeswax Candle", 700, 0)), "Candles"),
        (Article { locked: true, ..standard(article("SOAP", &[], "Soap", 350, 0)) }, "Soaps"),
    ];
    assert_eq!(articles, grouped(expected));
    assert_eq!(
        notes[1..],
        ["1 row is no article of its own and was left out, from line 5"],
        "{notes:?}"
    );
}

#[test]
fn jtl_wawi_exports_gross_and_net_prices() {
    let (articles, notes) = export("jtl-wawi.csv", &[]);
    let expected = vec![
        (article("AR2016-0463", &["4044444000019"], "Müsli Früchte 500 g", 499, 7), "Lebensmittel"),
        (article("AR2016-0464", &["4044444000118"], "Thermoskanne 1 l", 2_495, 19), "Haushalt"),
        (
            Article { locked: true, ..article("AR2016-0465", &[], "Auslaufartikel", 100, 19) },
            "Haushalt",
        ),
    ];
    assert_eq!(articles, grouped(expected));
    assert_eq!(
        notes,
        ["columns that are not read: Kurzbeschreibung, Steuerklasse, Kategorie Ebene 1, \
          Bestand Gesamt, HAN"]
    );
}

/// Titles stand above its header and a total below its rows; which of its price lists is gross is
/// the shop's decision.
#[test]
fn lexware_exports_a_list_with_titles_and_a_total() {
    let (articles, notes) = export("lexware.csv", &["price=Preis 1"]);
    let expected = vec![
        (
            Article {
                short: "Gartenschere".to_owned(),
                ..article("1000", &["4033333000014"], "Gartenschere \"Profi\", rot", 1_990, 19)
            },
            "Werkzeug",
        ),
        (article("1001", &[], "Blumenerde", 649, 19), "Garten"),
        (Article { unit: Unit::Kilogram, ..article("1002", &[], "Äpfel Boskoop", 299, 7) }, "Obst"),
    ];
    assert_eq!(articles, grouped(expected));
    assert_eq!(notes[0], "read as windows-1252");
    assert_eq!(notes[2], "1 row is a total and was left out, from line 8");
}

/// GTIN and recommended price stand for number and price.
#[test]
fn a_suppliers_price_list_has_gtins_and_recommended_prices() {
    let (articles, notes) = export("supplier-gs1.csv", &[]);
    let short = |article: Article, short: &str| Article { short: short.to_owned(), ..article };
    let juice = |ean, name, cents| article(ean, &[ean], name, cents, 19);
    let expected = vec![
        (short(juice("4022222000012", "Apfelsaft naturtrüb 1 l", 199), "Apfelsaft 1l"), "Säfte"),
        (short(juice("4022222000111", "Birnensaft 1 l", 219), "Birnensaft 1l"), "Säfte"),
        (
            Article {
                unit: Unit::Kilogram,
                ..short(article("40222228", &["40222228"], "Bergkäse", 1_890, 7), "Bergkäse")
            },
            "Käse",
        ),
    ];
    assert_eq!(articles, grouped(expected));
    assert_eq!(
        notes,
        ["read as windows-1252", "columns that are not read: GTIN Gebinde, EK netto"]
    );
}
