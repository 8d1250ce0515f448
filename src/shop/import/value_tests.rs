//! Values as programs and people write them.

#![allow(clippy::unwrap_used)]

use super::amounts::price;
use super::values::{age, codes, decision, deposit, number, pieces, text, unit, vat};
use super::*;
use crate::money::{Money, Percent};
use crate::shop::{Unit, Vat};

#[test]
fn prices_with_currency_thousands_and_decimals() {
    let options = Options::default();
    for (written, cents) in [
        ("3,49 €", 349),
        ("€ 3.49", 349),
        ("€3,49", 349),
        ("3.49 EUR", 349),
        ("3,49 euro", 349),
        ("1.234,50", 123_450),
        ("1,234.50", 123_450),
        ("1 234,50", 123_450),
        ("1\u{a0}234,50\u{a0}€", 123_450),
        ("1'234.50", 123_450),
        ("1.234,5000", 123_450),
        ("3.4900", 349),
        ("0,500", 50),
        ("3.490000", 349),
        ("0", 0),
        ("0,00", 0),
        (",5", 50),
        ("7,", 700),
        ("007", 700),
        ("99.999,99", 9_999_999),
        ("'3,49", 349),
        ("=\"3,49\"", 349),
    ] {
        assert_eq!(price(written, &options), Ok(Money(cents)), "{written}");
    }
    for (written, what) in [
        ("3,499", What::Ambiguous),
        ("1.000", What::Ambiguous),
        ("12,500 €", What::Ambiguous),
        ("3,4999", What::TooFine),
        ("0.005", What::TooFine),
        ("1.234,567", What::TooFine),
        ("-3,49", What::Negative),
        ("3,49-", What::Negative),
        ("−1", What::Negative),
        ("€ -3,49", What::Negative),
        ("100000", What::TooHigh),
        ("1.234.567", What::TooHigh),
        ("99999999999999999999", What::TooHigh),
        ("1.23.45", What::NotAmount),
        ("12.34,56", What::NotAmount),
        ("1.234 567,00", What::NotAmount),
        ("3.49 CHF", What::NotAmount),
        ("1e3", What::NotAmount),
        ("+3", What::NotAmount),
        ("(3,49)", What::NotAmount),
        ("٣", What::NotAmount),
        ("", What::NotAmount),
        (".", What::NotAmount),
        ("€", What::NotAmount),
    ] {
        assert_eq!(price(written, &options), Err(what), "{written}");
    }
    let francs = Options { currency: "CHF".to_owned(), ..Options::default() };
    assert_eq!(price("Fr. 3.40", &francs), Ok(Money(340)));
    assert_eq!(price("3.40 €", &francs), Err(What::NotAmount));
}

#[test]
fn codes_with_separators_lost_zeros_and_a_spreadsheets_marks() {
    for (written, expected, zeros) in [
        ("4006381333931", &["4006381333931"][..], 0),
        ("4 006381 333931", &["4006381333931"], 0),
        ("978-3-16-148410-0", &["9783161484100"], 0),
        ("4006381333931.0", &["4006381333931"], 0),
        ("4006381333931,00", &["4006381333931"], 0),
        ("'4006381333931", &["4006381333931"], 0),
        ("=\"012345678905\"", &["012345678905"], 0),
        ("12345678905", &["012345678905"], 1),
        ("2000107", &["02000107"], 1),
        ("4006381333931 40063813", &["4006381333931", "40063813"], 0),
        ("96385074,40170725;12345678905", &["96385074", "40170725", "012345678905"], 1),
        ("96385074|96385074", &["96385074"], 0),
        ("012345678905 0012345678905", &["012345678905"], 0),
        ("96385074\n40170725", &["96385074", "40170725"], 0),
        ("-03161577", &["-03161577"], 0),
    ] {
        let expected: Vec<String> = expected.iter().map(|code| (*code).to_owned()).collect();
        assert_eq!(codes(written), Ok((expected, zeros)), "{written}");
    }
    for (written, what) in [
        ("4,00638E+12", What::LostDigits),
        ("4.00638E+12", What::LostDigits),
        ("4E+12", What::LostDigits),
        ("4006381333931 4.00638e+12", What::LostDigits),
        ("2000108", What::NotCode),
        ("12345678906", What::NotCode),
        ("400638133393", What::NotCode),
        ("40063813339x", What::NotCode),
        ("0", What::NotCode),
    ] {
        let found = codes(written);
        // Twelve digits are a code of their own, whatever their check digit.
        if written.len() == 12 && written.bytes().all(|byte| byte.is_ascii_digit()) {
            assert!(found.is_ok());
        } else {
            assert_eq!(found, Err(what), "{written}");
        }
    }
}

#[test]
fn numbers_are_those_that_a_scan_finds() {
    for right in [
        "1",
        "00123",
        "WOO-CD-01",
        "FURN_7777",
        "10.0153",
        "AB/12",
        "2024-17",
        "12-ROT",
        "-03161577",
    ] {
        assert_eq!(number(right), Ok(right.to_owned()));
    }
    assert_eq!(number("'00123"), Ok("00123".to_owned()));
    assert_eq!(number("100.0"), Ok("100".to_owned()));
    assert_eq!(number("100.01"), Ok("100.01".to_owned()));
    assert_eq!(number("A.0"), Ok("A.0".to_owned()));
    for (wrong, what) in [
        ("-12", What::NotNumber),
        ("+12", What::NotNumber),
        ("/a", What::NotNumber),
        ("a-", What::NotNumber),
        ("a b", What::NotNumber),
        ("a*b", What::NotNumber),
        ("Ä1", What::NotNumber),
        ("123456789012345678901", What::NotNumber),
        ("1-51", What::KeyInNumber),
        ("999-51", What::KeyInNumber),
        ("1,23E+11", What::LostDigits),
    ] {
        assert_eq!(number(wrong), Err(what), "{wrong}");
    }
}

#[test]
fn rates_and_classes() {
    let classes = ["Standard 19", "reduced 7"].map(|class| class.parse().unwrap());
    let classes = VatClasses::new(classes.to_vec()).unwrap();
    let options = Options { classes, ..Options::default() };
    for (written, hundredths) in [
        ("19", 1_900),
        ("19 %", 1_900),
        ("19,00%", 1_900),
        ("8.1", 810),
        ("5,5", 550),
        ("0", 0),
        ("USt 7%", 700),
        ("USt. 7 %", 700),
        ("19% MwSt.", 1_900),
    ] {
        let rate = Vat::Rate(Percent::of_hundredths(hundredths));
        assert_eq!(vat(written, &options), Ok(rate), "{written}");
    }
    assert_eq!(vat("standard", &options), Ok(Vat::Class("Standard".to_owned())));
    for fraction in ["0.19", "0,07", "0.5"] {
        assert_eq!(vat(fraction, &options), Err(What::Fraction), "{fraction}");
    }
    let unknown = || Err(What::UnknownClass("Standard, reduced".to_owned()));
    for wrong in ["31", "7.125", "-7", "luxury", "USt", "7 7"] {
        assert_eq!(vat(wrong, &options), unknown(), "{wrong}");
    }
}

#[test]
fn units_ages_deposits_decisions_and_pieces() {
    for (written, expected) in [
        ("Stk.", Unit::Piece),
        ("Stück", Unit::Piece),
        ("Units", Unit::Piece),
        ("Flasche", Unit::Piece),
        ("kg", Unit::Kilogram),
        ("1 kg", Unit::Kilogram),
        ("KGM", Unit::Kilogram),
    ] {
        assert_eq!(unit(written), Ok(expected), "{written}");
    }
    for wrong in ["100 g", "l", "m²", "Stunde"] {
        assert_eq!(unit(wrong), Err(What::NotUnit(wrong.to_owned())));
    }
    for (written, expected) in [
        ("16", Some(16)),
        ("ab 18", Some(18)),
        ("18+", Some(18)),
        ("FSK 16", Some(16)),
        ("0", None),
    ] {
        assert_eq!(age(written), Ok(expected), "{written}");
    }
    assert_eq!(age("-16"), Err(What::NotAge));
    assert_eq!(deposit("P-25"), Ok(Some("P-25".to_owned())));
    assert_eq!(deposit("900"), Ok(Some("900".to_owned())));
    assert_eq!(deposit("0,00"), Ok(None));
    for amount in ["0,25", "0.25", "0.25 €", "€ 1"] {
        assert_eq!(deposit(amount), Err(What::DepositAmount), "{amount}");
    }
    for (written, expected) in
        [("x", true), ("JA", true), ("1", true), ("nein", false), ("0", false)]
    {
        assert_eq!(decision(written), Ok(expected), "{written}");
    }
    for (written, expected) in [("6", Ok(6)), ("6,0", Ok(6)), ("1", Err(What::NotPieces))] {
        assert_eq!(pieces(written), expected, "{written}");
    }
    assert_eq!(pieces("10000"), Err(What::NotPieces));
    assert_eq!(pieces("2.000"), Err(What::Ambiguous));
}

#[test]
fn texts_are_cut_and_accents_bounded() {
    assert_eq!(text("  Bun\r\nsoft ", 120), ("Bun soft".to_owned(), false));
    assert_eq!(text("abcdef", 6), ("abcdef".to_owned(), false));
    assert_eq!(text("abcdef", 5), ("abcde".to_owned(), true));
    let flood = format!("e{}f", "\u{301}".repeat(50));
    assert_eq!(text(&flood, 120), ("e\u{301}\u{301}\u{301}f".to_owned(), false));
}

#[test]
fn an_apostrophe_that_keeps_a_text_from_being_a_formula_is_no_letter() {
    for (written, read) in [
        ("'=1+1", "=1+1"),
        ("'-10 % Aktion", "-10 % Aktion"),
        ("'s Biermichel", "'s Biermichel"),
        ("'", "'"),
        ("=1+1", "=1+1"),
    ] {
        assert_eq!(text(written, 100), (read.to_owned(), false), "{written}");
    }
}
