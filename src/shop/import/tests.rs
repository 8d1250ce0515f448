//! Article files, good and bad.

#![allow(clippy::unwrap_used, clippy::panic)]

use proptest::prelude::*;

use super::amounts::HIGHEST_PRICE;
use super::values::LONGEST_NUMBER;
use super::*;
use crate::money::Money;
use crate::shop::{Vat, VatRate};

const HEAD: &str = "number;ean;name;price;vat;group\n";

fn problems(text: &str, format: Format) -> Vec<String> {
    import(text, format).unwrap_err().iter().map(ToString::to_string).collect()
}

#[test]
fn both_notations_give_the_same_article() {
    let expected = Article {
        number: "30037".to_owned(),
        eans: vec!["4999012345678".to_owned()],
        name: "Sandwich „Käse, groß“".to_owned(),
        price: Some(Money(349)),
        vat: Vat::Rate(VatRate::whole(7)),
        group: "Snacks".to_owned(),
        ..Article::default()
    };
    let toml = |number: &str, price: &str| {
        format!(
            "[[article]]\nnumber = {number}\nean = 4999012345678\nvat = 7\n\
             name = \"Sandwich „Käse, groß“\"\nprice = {price}\ngroup = \"Snacks\"\n"
        )
    };
    let csv = |separator: &str, price: &str| {
        let header = ["vat", "Group", "number", "EAN", "name", "price"].join(separator);
        let name = "\"Sandwich „Käse, groß“\"";
        let row = ["7 %", "Snacks", "30037", "4999012345678", name, price].join(separator);
        format!("\u{feff}{header}\r\n{row}\r\n\r\n")
    };
    for (text, format) in [
        (toml("30037", "3.49"), Format::Toml),
        (toml("\"30037\"", "\"3,49\""), Format::Toml),
        (
            format!(
                "article = [{{ {} }}]",
                toml("30037", "3.49").lines().skip(1).collect::<Vec<_>>().join(", ")
            ),
            Format::Toml,
        ),
        (csv(";", "3,49"), Format::Csv),
        (csv(",", "\"3,49\""), Format::Csv),
        (csv(",", "3.49"), Format::Csv),
    ] {
        let catalogue = import(&text, format).unwrap_or_else(|bad| panic!("{text}\n{bad:?}"));
        assert_eq!(catalogue.iter().collect::<Vec<_>>(), std::slice::from_ref(&expected), "{text}");
    }
}

#[test]
fn prices_are_read_as_written() {
    for (written, cents) in [
        ("3.49", 349),
        ("0.1", 10),
        ("1.15", 115),
        ("3", 300),
        ("\"3\"", 300),
        ("\",50\"", 50),
        ("\"0\"", 0),
        ("99999.99", 9_999_999),
        ("\"3.49 EUR\"", 349),
        ("\"1.234,50\"", 123_450),
    ] {
        let text = format!("[[article]]\nnumber=1\nname='x'\nvat=7\nprice={written}");
        let catalogue = import(&text, Format::Toml).unwrap();
        assert_eq!(catalogue.get(0).unwrap().price, Some(Money(cents)), "{written}");
    }
    for written in [
        "3.499",
        "3.49e0",
        "1e2",
        "inf",
        "nan",
        "-3.49",
        "-3",
        "+3.49",
        "1_000.00",
        "\"3.49 USD\"",
        "\"1.2345,50\"",
        "\"-\"",
        "100000",
        "true",
        "[3]",
    ] {
        let text = format!("[[article]]\nnumber=1\nname='x'\nvat=7\nprice={written}");
        let bad = problems(&text, Format::Toml);
        assert!(matches!(bad.as_slice(), [one] if one.starts_with("line 5: price")), "{bad:?}");
    }
}

#[test]
fn every_bad_csv_row_is_told_with_its_line() {
    for (rows, expected) in [
        ("", &["line 1: the file holds no article"][..]),
        (";;;;;\n", &["line 1: the file holds no article"]),
        ("1;;Bun;;7;\n", &["line 2: price is missing"]),
        (
            "1;;Bun;0,45;7;\n\n2;;Bread;x;7;",
            &["line 4: price: \"x\" is not an amount like 3.49 or 3,49"],
        ),
        (
            "1;;Bun;0,45;7;\r\n\r\n2;;Bread;1;31;\r\n",
            &["line 4: vat: \"31\" is not a percentage from 0 to 30"],
        ),
        ("1;123;Bun;0,45;7;", &["line 2: ean: \"123\" does not have 8, 12, 13 or 14 digits"]),
        (
            "A 1;;Bun;0,45;7;",
            &["line 2: number: \"A 1\" is not 1 to 20 letters or digits (A-Z, 0-9), with - _ . / \
                 between them"],
        ),
        ("1;;\u{202e}\u{1b}[2J;0,45;7;", &["line 2: name has nothing that can be shown"]),
        (
            "1;;Bun;0,45;7;;x",
            &[
                "line 2: 7 fields where the header has 6: a comma inside a field needs quotes, \"3,49\"",
            ],
        ),
        (
            "1;4999012345678;Bun;0,45;7;\n1;;Roll;0,45;7;\n2;04999012345678;Bread;2;7;",
            &[
                "line 3: 1 is already the article of line 2",
                "line 4: 04999012345678 is already the article of line 2",
            ],
        ),
        (
            "96385074;;Bun;0,45;7;\n2;96385074;Bread;2;7;\n40170725;40170725;Tea;1;19;\n",
            &["line 2: number 96385074 is the ean of the article of line 3"],
        ),
        (
            "1;;Bun;0,45;7;\n2;;\"Bread;2;7;\n3;;Tea;2;19;\n",
            &["line 3: a quotation mark is not closed: the field goes on in the next line"],
        ),
        (
            "é;1;;x;30.5;\n;;;;7;\n",
            &[
                "line 2: ean: \"1\" does not have 8, 12, 13 or 14 digits",
                "line 2: name is missing",
                "line 2: number: \"é\" is not 1 to 20 letters or digits (A-Z, 0-9), with - _ . / \
                 between them",
                "line 2: price: \"x\" is not an amount like 3.49 or 3,49",
                "line 2: vat: \"30.5\" is not a percentage from 0 to 30",
                "line 3: number is missing",
                "line 3: name is missing",
                "line 3: price is missing",
            ],
        ),
    ] {
        assert_eq!(problems(&format!("{HEAD}{rows}"), Format::Csv), expected, "{rows:?}");
    }
}

#[test]
fn a_header_that_cannot_be_used_is_told_alone() {
    for (text, expected) in [
        ("", &["line 1: the file holds no article"][..]),
        (
            "\nnumber,name,prise,vat\n1,Bun,x,y\n",
            &["line 2: the header has no column price; if it is prise, [articles] columns can \
                 say so: \"price=prise\""],
        ),
        ("number,name,price,vat,name\n", &["line 1: name stands here twice"]),
    ] {
        assert_eq!(problems(text, Format::Csv), expected, "{text:?}");
    }
    // Another separator leaves one column of which nothing is known.
    assert_eq!(
        problems("number#name\n1#Bun\n", Format::Csv),
        ["line 1: no header in the first 20 lines: one line must name the columns number, name, \
          price and vat"]
    );
    let unnamed = "number,name,price,vat,,\n1,Bun,1,7,,\n2,Tea,1,7,,note\n";
    assert_eq!(
        problems(unnamed, Format::Csv),
        ["line 3: \"note\" stands in a column without a name"]
    );
}

#[test]
fn every_bad_toml_table_is_told_with_its_line() {
    for (text, expected) in [
        ("", &["line 1: the file holds no article"][..]),
        (
            "artikel = 1\n",
            &["line 1: artikel is unknown here, articles are [[article]]; did you mean article?"],
        ),
        ("[article]\nnumber = 1\n", &["line 1: articles are written [[article]], in two brackets"]),
        ("article = [1,\n2]\n", &["line 1: not an article { … }", "line 2: not an article { … }"]),
        (
            "# comment\n[[article]]\nnumber = 1.5\nnmae = 'x'\nname = 7\nvat = '7%'\n\n[[article]]\n",
            &[
                "line 2: price is missing",
                "line 3: number takes digits, not float",
                "line 4: nmae is not known of an article; did you mean name?",
                "line 5: name takes text in quotes, not integer",
                "line 8: number is missing",
                "line 8: name is missing",
                "line 8: price is missing",
                "line 8: vat is missing",
            ],
        ),
        (
            "[[article]]\nnumber='a1'\nname='x'\nprice=1\nvat=7\n[[article]]\nnumber='A1'\nname='y'\nprice=1\nvat=7\n",
            &["line 6: A1 is already the article of line 1"],
        ),
    ] {
        assert_eq!(problems(text, Format::Toml), expected, "{text:?}");
    }
    let broken = problems("[[article]]\nnumber = 1\nname = \"x\n", Format::Toml);
    assert!(
        matches!(broken.as_slice(), [one] if one.starts_with("line 3: not TOML: ")),
        "{broken:?}"
    );
}

#[test]
fn empty_optional_columns_are_absent() {
    let toml = "[[article]]\nnumber=1\nname='x'\nprice=1\nvat=7\nean=''\ngroup=''\n";
    for (text, format) in
        [(toml, Format::Toml), ("number;name;price;vat;ean\n1;x;1;7;\n", Format::Csv)]
    {
        let catalogue = import(text, format).unwrap();
        let article = catalogue.get(0).unwrap();
        assert_eq!((article.eans.len(), article.group.as_str()), (0, ""));
    }
}

#[test]
fn more_articles_than_memory_is_for_are_refused_with_the_line_of_the_first_of_them() {
    let csv = format!("{HEAD}1;;Bun;1;7;\n\n2;;Tea;1;7;\n3;;Cake;1;7;\n4;;Roll;x;7;\n");
    let table = |number| format!("[[article]]\nnumber={number}\nname='x'\nprice=1\nvat=7\n");
    let toml: String = (1..=4).map(table).collect();
    for (text, format, line) in [(csv, Format::Csv, 5), (toml, Format::Toml, 11)] {
        let bad = catalogue_at_most(2, Cursor::new(text), format, &Options::default()).unwrap_err();
        assert_eq!(bad, [Problem::of_line(line, What::TooMany(2))]);
    }
}

#[test]
fn the_ending_of_a_name_tells_the_format() {
    assert_eq!(Format::of("a.toml"), Some(Format::Toml));
    assert_eq!(Format::of("a.b.CSV"), Some(Format::Csv));
    assert_eq!(Format::of("a.xlsx"), None);
    assert_eq!(Format::of("csv"), None);
}

/// Every answer must be usable: articles within their rules, or problems with real lines.
fn check(text: &str, format: Format) {
    match import(text, format) {
        Ok(catalogue) => {
            assert!(!catalogue.is_empty());
            for article in catalogue.iter() {
                assert!((1..=LONGEST_NUMBER).contains(&article.number.len()));
                let price = article.price.unwrap_or_default();
                assert!(!article.name.contains(crate::text::is_harmful));
                assert!((Money::ZERO..=HIGHEST_PRICE).contains(&price));
                assert_eq!(
                    catalogue.by_number(&article.number).map(|found| found.name),
                    Some(article.name)
                );
            }
        }
        Err(bad) => {
            assert!(!bad.is_empty());
            let lines = 1 + text.matches(['\n', '\r']).count();
            for row in bad {
                assert!((1..=lines).contains(&row.line), "{row:?}");
                assert!(!row.text().contains(crate::text::is_harmful), "{row:?}");
            }
        }
    }
}

proptest! {
    #[test]
    fn any_text_is_imported_or_refused_without_a_panic(text in any::<String>()) {
        check(&text, Format::Toml);
        check(&text, Format::Csv);
    }

    #[test]
    fn any_csv_rows_are_imported_or_refused_without_a_panic(rows in prop::collection::vec(
        "[0-9a-c]{0,3};[0-9]{0,14};[^;]{0,4};[0-9.,\"-]{0,6};[0-9%]{0,3};\\PC{0,3}", 0..6)) {
        check(&format!("{HEAD}{}", rows.join("\n")), Format::Csv);
    }

    #[test]
    fn any_toml_table_is_imported_or_refused_without_a_panic(values in prop::collection::vec(
        ("(number|ean|name|price|vat|group|x)", "[0-9]{1,3}|[0-9]\\.[0-9]{1,3}|'\\PC{0,3}'|\\[1\\]|\\{\\}"), 0..8)) {
        let body: Vec<_> = values.iter().map(|(key, value)| format!("{key} = {value}")).collect();
        check(&format!("[[article]]\n{}", body.join("\n")), Format::Toml);
    }

    #[test]
    fn every_price_survives_both_notations(cents in 0..=9_999_999_i64) {
        let (whole, rest) = (cents / 100, cents % 100);
        let csv = format!("number;name;price;vat\n1;x;{whole},{rest:02};7\n");
        let toml = format!("[[article]]\nnumber=1\nname='x'\nvat=7\nprice={whole}.{rest:02}\n");
        for (text, format) in [(csv, Format::Csv), (toml, Format::Toml)] {
            let catalogue = import(&text, format).unwrap();
            prop_assert_eq!(catalogue.get(0).and_then(|a| a.price), Some(Money(cents)));
        }
    }
}
