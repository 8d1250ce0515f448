//! The grammar as a table, and its laws as properties.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use proptest::prelude::*;

use super::*;
use crate::money::Money;
use crate::shop::{Article, Vat, VatRate, luhn_ok};

const CARD: &str = "9276004429942845";

fn catalogue() -> Catalogue {
    let article = |number: &str, ean: Option<&str>| Article {
        number: number.to_owned(),
        eans: ean.map(str::to_owned).into_iter().collect(),
        name: number.to_owned(),
        price: Some(Money(100)),
        vat: Vat::Rate(VatRate::whole(7)),
        group: String::new(),
        ..Article::default()
    };
    Catalogue::new(vec![
        article("30037", None),
        article("51", Some("4999012345678")),
        article("7", Some("4006381333931")),
        article("8", Some("96385074")),
        article("9", Some("036000291452")),
        article("4711", None),
        article("10", Some("10012345000017")),
        article("AB-12", None),
    ])
    .unwrap()
}

fn rules() -> ScanRules {
    ScanRules {
        cards: vec![CardPattern::default()],
        embedded: vec![EmbeddedPattern::new("29IIIIIPPPPPC").unwrap()],
        ..ScanRules::default()
    }
}

fn read(line: &str) -> Scan {
    recognise(line, &rules(), &catalogue())
}

fn number(scan: &Scan) -> Option<&str> {
    match scan {
        Scan::Article { number, .. } => Some(number),
        _ => None,
    }
}

#[test]
fn articles_are_recognised() {
    for (line, expected) in [
        ("30037", "30037"),
        ("4999012345678", "51"),
        ("4006381333931", "7"),
        ("04006381333931", "7"),
        ("96385074", "8"),
        ("036000291452", "9"),
        ("0036000291452", "9"),
        ("10012345000017", "10"),
        ("400638133393112", "7"),
        ("400638133393112345", "7"),
        ("]E04006381333931", "7"),
        ("]E496385074", "8"),
        ("]C10104006381333931\u{1d}2112345", "7"),
        ("0104006381333931", "7"),
        ("ab-12", "AB-12"),
        (" 7 ", "7"),
    ] {
        assert_eq!(number(&read(line)), Some(expected), "{line:?}");
    }
}

#[test]
fn gs1_data_is_read_without_an_identifier_and_in_any_order() {
    for line in [
        "\u{1d}0104006381333931",
        "010400638133393117261231",
        "172612310104006381333931",
        "10AB-1/2\u{1d}0104006381333931",
        "]d210AB-1\u{1d}0104006381333931",
        "21S1\u{1d}10L\u{1d}172612000104006381333931",
        "(01)04006381333931(17)261231(10)ABC",
        "(17)261231(01)04006381333931",
        "010400638133393121305-51",
        "010400638133393121SSSSSSSSSSSSSSSSSSSS17261231",
        "https://example.com/01/04006381333931",
        "https://id.gs1.org/01/04006381333931/10/ABC%2F1?17=261231",
        "http://shop.example/de/products/01/04006381333931?a=1;b=2",
        "]Q1https://example.com/gtin/4006381333931",
    ] {
        assert_eq!(number(&read(line)), Some("7"), "{line:?}");
    }
    assert_eq!(number(&read("0100000096385074")), Some("8"), "an EAN-8 in fourteen digits");
    assert_eq!(
        read("172612310104260447149502"),
        Scan::Unknown("04260447149502".to_owned()),
        "the article that is missing is named"
    );
}

#[test]
fn upc_e_is_expanded_when_only_the_expansion_is_known() {
    for (line, expected) in [
        ("01234505", "012000003455"),
        ("01234531", "012300000451"),
        ("01234543", "012340000053"),
        ("01234565", "012345000065"),
    ] {
        let article = |ean: &str| Article {
            number: ean.to_owned(),
            eans: vec![ean.to_owned()],
            name: ean.to_owned(),
            price: Some(Money(100)),
            vat: Vat::Rate(VatRate::whole(7)),
            group: String::new(),
            ..Article::default()
        };
        let long = Catalogue::new(vec![article(expected)]).unwrap();
        assert_eq!(number(&recognise(line, &rules(), &long)), Some(expected), "{line}");
        let both = Catalogue::new(vec![article(expected), article(line)]).unwrap();
        assert_eq!(number(&recognise(line, &rules(), &both)), Some(line), "{line}");
    }
    assert_eq!(read("01234565"), Scan::Unknown("01234565".to_owned()));
    assert_eq!(read("01234543"), Scan::WrongCheckDigit("01234543".to_owned()));
}

#[test]
fn a_pharmacy_number_is_found_with_and_without_its_sign() {
    for (number_of, ean) in [
        ("90", Some("03161577")),
        ("90", Some("-03161577")),
        ("03161577", None),
        ("-03161577", None),
        ("3161577", None),
    ] {
        let article = Article {
            number: number_of.to_owned(),
            eans: ean.map(str::to_owned).into_iter().collect(),
            name: "Drops".to_owned(),
            price: Some(Money(100)),
            vat: Vat::Rate(VatRate::whole(19)),
            group: String::new(),
            ..Article::default()
        };
        let catalogue = Catalogue::new(vec![article]).unwrap();
        for line in ["-03161577", "03161577", "-3161577", "3161577", "*-03161577*", "4150031615770"]
        {
            let line = match line.len() {
                13 => (0..10)
                    .map(|check| format!("{}{check}", &line[..12]))
                    .find(|line| ean_check_digit_ok(line))
                    .unwrap(),
                _ => line.to_owned(),
            };
            let scan = recognise(&line, &rules(), &catalogue);
            assert_eq!(number(&scan), Some(number_of), "{line} {ean:?}");
        }
        // No pharmacy number, as its check digit is wrong.
        assert_eq!(number(&recognise("-03161578", &rules(), &catalogue)), None);
    }
    assert_eq!(
        read("-96385074"),
        Scan::Unknown("-96385074".to_owned()),
        "an EAN-8 that passes for one"
    );
}

#[test]
fn a_label_of_the_health_industry_is_its_article() {
    let article = Article {
        number: "A123BJC5D6E7".to_owned(),
        eans: Vec::new(),
        name: "Gauze".to_owned(),
        price: Some(Money(100)),
        vat: Vat::Rate(VatRate::whole(19)),
        group: String::new(),
        ..Article::default()
    };
    let catalogue = Catalogue::new(vec![article]).unwrap();
    for line in ["+A123BJC5D6E71", "*+A123BJC5D6E71*", "+A123BJC5D6E7"] {
        assert_eq!(number(&recognise(line, &rules(), &catalogue)), Some("A123BJC5D6E7"), "{line}");
    }
    assert_eq!(number(&recognise("+A123BJC5D6E", &rules(), &catalogue)), None);
}

#[test]
fn a_code_that_begins_with_a_sign_is_no_search_text() {
    for line in ["+10", "/A/B", "-romano", " total"] {
        assert!(!matches!(recognise_code(line, &rules(), &catalogue()), Scan::Words(_)), "{line}");
    }
}

#[test]
fn a_price_inside_the_code_is_read() {
    let mut code = "290471100315".to_owned();
    let check = (0..10).find(|d| ean_check_digit_ok(&format!("{code}{d}"))).unwrap();
    code.push_str(&check.to_string());
    assert_eq!(
        read(&code),
        Scan::Article { number: "4711".to_owned(), carried: Carried::Price(Money(315)) }
    );
}

#[test]
fn what_is_no_article_is_told_apart() {
    assert_eq!(read("4006381333932"), Scan::WrongCheckDigit("4006381333932".to_owned()));
    assert_eq!(read("4260447149502"), Scan::Unknown("4260447149502".to_owned()));
    assert_eq!(read("2112345678900"), Scan::InStoreUnknown("2112345678900".to_owned()));
    assert_eq!(read("123456"), Scan::Unknown("123456".to_owned()));
    assert_eq!(read("1234567"), Scan::Unknown("1234567".to_owned()));
    assert_eq!(read("1,50"), Scan::Unknown("1,50".to_owned()));
    assert_eq!(read("fruit salad"), Scan::Words("fruit salad".to_owned()));
    assert_eq!(read("  "), Scan::Nothing);
}

#[test]
fn cards_are_recognised_however_they_come() {
    let card = Scan::Card(CardNumber::new(CARD));
    for line in [
        CARD.to_owned(),
        format!(";{CARD}=2512101?"),
        format!("ö{CARD}´2512101_"),
        format!("ö{CARD}2512101_"),
        format!("%B{CARD}^MUSTER/MAX^2512101?;{CARD}=2512101?"),
        format!("2;{CARD}=2512101?"),
        format!("]C0{CARD}"),
    ] {
        assert_eq!(read(&line), card, "{line}");
    }
}

#[test]
fn bank_cards_are_dropped_unseen() {
    for line in [
        "4111111111111111",
        ";4111111111111111=25121010000?",
        "%B4111111111111111^DOE/JANE^2512?",
        "378282246310005",
        "30569309025904",
    ] {
        assert_eq!(read(line), Scan::BankCard, "{line}");
    }
    assert_eq!(read(";1234?"), Scan::UnreadableSwipe);
    assert_eq!(read("%"), Scan::UnreadableSwipe);
}

#[test]
fn an_unfinished_line_is_empty_a_number_text_or_raw() {
    for (line, expected) in [
        ("", Shape::Empty),
        ("12,5", Shape::Number),
        ("ö", Shape::Text),
        ("öl", Shape::Text),
        ("ö9", Shape::Raw),
        ("2ö9", Shape::Raw),
        (";", Shape::Raw),
        ("%B", Shape::Raw),
        ("]E0", Shape::Raw),
        ("12A", Shape::Text),
    ] {
        assert_eq!(shape(line), expected, "{line:?}");
    }
}

#[test]
fn a_pattern_of_wrong_length_prefix_or_groups_is_an_error() {
    for pattern in
        ["", "29IIIIIPPPPP", "39IIIIIPPPPPC", "29PPPPPPPPPPC", "29IIIIIPPQQQC", "29IIIIICPPPPC"]
    {
        assert!(EmbeddedPattern::new(pattern).is_err(), "{pattern}");
    }
}

proptest! {
    /// A card number in a finished line never becomes text that could be shown.
    #[test]
    fn no_luhn_valid_card_is_ever_shown(prefix in "[45]", rest in "[0-9]{14}") {
        let head = format!("{prefix}{rest}");
        let check = (0..10).find(|d| luhn_ok(&format!("{head}{d}"))).unwrap();
        prop_assert_eq!(read(&format!("{head}{check}")), Scan::BankCard);
    }

    /// Any line is read without a panic, and never as a bank card's digits.
    #[test]
    fn any_line_is_read_without_a_panic(line in "\\PC{0,80}") {
        let _ = read(&line);
        let _ = shape(&line);
    }

    /// Once raw, always raw: what follows the start of a swipe cannot become a command.
    #[test]
    fn a_line_that_begins_as_a_swipe_or_identifier_stays_raw(start in prop::sample::select(vec![";", "%", "ö9", "]C1"]), rest in "\\PC{0,40}") {
        for end in rest.char_indices().map(|(i, _)| i) {
            let line = format!("{start}{}", &rest[..end]);
            prop_assert_eq!(shape(&line), Shape::Raw);
        }
    }
}
