//! GS1 data: element strings with and without separators, their bracketed form, and Digital Link
//! addresses; what of them names an article.
//!
//! Owns the lengths of the application identifiers (AI). Must not know catalogues or cards.

use super::ean_check_digit_ok;

/// The separator behind a value whose length is not fixed (FNC1 in the code).
pub const GS: char = '\u{1d}';

/// Digits of a GTIN in element strings.
const GTIN: usize = 14;

/// One application identifier and its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Element<'a> {
    /// The identifier, `01`, without the fourth digit that some have for decimals.
    pub ai: &'a str,
    /// Its value.
    pub value: &'a str,
}

/// The length of the values of identifiers that begin so, in digits, and of the identifier itself.
/// These need no separator behind them.
const FIXED: &[(&str, usize, usize)] = &[
    ("00", 2, 18),
    ("01", 2, 14),
    ("02", 2, 14),
    ("03", 2, 14),
    ("04", 2, 16),
    ("11", 2, 6),
    ("12", 2, 6),
    ("13", 2, 6),
    ("14", 2, 6),
    ("15", 2, 6),
    ("16", 2, 6),
    ("17", 2, 6),
    ("18", 2, 6),
    ("19", 2, 6),
    ("20", 2, 2),
    ("31", 4, 6),
    ("32", 4, 6),
    ("33", 4, 6),
    ("34", 4, 6),
    ("35", 4, 6),
    ("36", 4, 6),
    ("41", 3, 13),
];

/// The longest value of identifiers that begin so, in characters, and the length of the identifier
/// itself. A separator or the end of the code ends them.
const VARIABLE: &[(&str, usize, usize)] = &[
    ("10", 2, 20),
    ("21", 2, 20),
    ("22", 2, 20),
    ("23", 3, 28),
    ("24", 3, 30),
    ("25", 3, 30),
    ("30", 2, 8),
    ("37", 2, 8),
    ("39", 4, 18),
    ("40", 3, 30),
    ("42", 3, 30),
    ("43", 4, 90),
    ("70", 4, 30),
    ("71", 3, 20),
    ("72", 4, 30),
    ("80", 4, 70),
    ("81", 4, 70),
    ("82", 4, 70),
    ("90", 2, 30),
    ("91", 2, 90),
    ("92", 2, 90),
    ("93", 2, 90),
    ("94", 2, 90),
    ("95", 2, 90),
    ("96", 2, 90),
    ("97", 2, 90),
    ("98", 2, 90),
    ("99", 2, 90),
];

/// The elements of `data`, in any order; `None` if it is no element string.
///
/// The data may begin with a separator and be in brackets, `(01)…(17)…`. A separator behind a value
/// of fixed length does no harm.
#[must_use]
pub fn elements(data: &str) -> Option<Vec<Element<'_>>> {
    let data = data.trim_start_matches(GS);
    if data.starts_with('(') { bracketed(data) } else { plain(data) }
}

fn plain(mut data: &str) -> Option<Vec<Element<'_>>> {
    let mut found = Vec::new();
    while !data.is_empty() {
        let begins = |row: &&(&str, usize, usize)| data.starts_with(row.0);
        let (element, rest) = if let Some((_, ai, length)) = FIXED.iter().find(begins) {
            let end = ai + length;
            (Element { ai: data.get(..*ai)?, value: data.get(*ai..end)? }, data.get(end..)?)
        } else {
            let (_, ai, longest) = VARIABLE.iter().find(begins)?;
            let end = data.find(GS).unwrap_or(data.len());
            let value = data.get(*ai..end)?;
            if value.is_empty() || value.len() > *longest {
                return None;
            }
            (Element { ai: data.get(..*ai)?, value }, data.get(end..)?)
        };
        found.push(valid(element)?);
        data = rest.strip_prefix(GS).unwrap_or(rest);
    }
    (!found.is_empty()).then_some(found)
}

fn bracketed(mut data: &str) -> Option<Vec<Element<'_>>> {
    let mut found = Vec::new();
    while !data.is_empty() {
        let (ai, rest) = data.strip_prefix('(')?.split_once(')')?;
        if !(2..=4).contains(&ai.len()) || !ai.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        // A value may hold brackets itself: the next identifier is one with digits in them.
        let end = rest
            .match_indices('(')
            .map(|(at, _)| at)
            .find(|at| next_identifier(rest.get(*at..).unwrap_or_default()))
            .unwrap_or(rest.len());
        let value = rest.get(..end)?.trim_matches([GS, ' ']);
        found.push(valid(Element { ai, value })?);
        data = rest.get(end..)?;
    }
    (!found.is_empty()).then_some(found)
}

fn next_identifier(text: &str) -> bool {
    let ai = text.strip_prefix('(').and_then(|rest| rest.split_once(')'));
    ai.is_some_and(|(ai, _)| {
        (2..=4).contains(&ai.len()) && ai.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// The element, if its value can be one.
fn valid(element: Element<'_>) -> Option<Element<'_>> {
    let Element { ai, value } = element;
    let digits = value.bytes().all(|byte| byte.is_ascii_digit());
    let good = match ai {
        "01" | "02" | "03" => digits && value.len() == GTIN && ean_check_digit_ok(value),
        "00" => digits && value.len() == 18,
        "11" | "12" | "13" | "14" | "15" | "16" | "17" | "18" | "19" => {
            digits && value.len() == 6 && is_date(value)
        }
        "20" => digits && value.len() == 2,
        _ if ai.starts_with(['3', '4'])
            && ai.len() > 2
            && FIXED.iter().any(|f| ai.starts_with(f.0)) =>
        {
            digits
        }
        _ => !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_graphic()),
    };
    good.then_some(element)
}

/// `YYMMDD`; the day may be 00, the whole month.
fn is_date(value: &str) -> bool {
    let number =
        |range: std::ops::Range<usize>| value.get(range).and_then(|v| v.parse::<u8>().ok());
    number(2..4).is_some_and(|month| (1..=12).contains(&month))
        && number(4..6).is_some_and(|day| day <= 31)
}

/// The GTIN of (01) in an element string, fourteen digits with a right check digit.
#[must_use]
pub fn gtin(data: &str) -> Option<&str> {
    elements(data)?.into_iter().find(|element| element.ai == "01").map(|element| element.value)
}

/// The GTIN at the beginning of data whose rest is no element string, as where a keyboard cannot
/// send the separator.
#[must_use]
pub fn leading_gtin(data: &str) -> Option<&str> {
    let gtin = data.trim_start_matches(GS).strip_prefix("01")?.get(..GTIN)?;
    ean_check_digit_ok(gtin).then_some(gtin)
}

/// The GTIN of a GS1 Digital Link, `https://example.com/some/path/01/04006381333931?17=261231`:
/// 8, 12, 13 or 14 digits with a right check digit behind a segment `01` or `gtin`.
#[must_use]
pub fn linked_gtin(address: &str) -> Option<&str> {
    let (scheme, rest) = address.split_once("://")?;
    if !scheme.eq_ignore_ascii_case("https") && !scheme.eq_ignore_ascii_case("http") {
        return None;
    }
    let path = rest.split(['?', '#']).next()?;
    let mut segments = path.split('/').skip(1).peekable();
    while let Some(segment) = segments.next() {
        let is_key = segment == "01" || segment.eq_ignore_ascii_case("gtin");
        if is_key
            && let Some(gtin) = segments.peek()
            && matches!(gtin.len(), 8 | 12 | 13 | 14)
            && ean_check_digit_ok(gtin)
        {
            return Some(gtin);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::format_collect)]

    use proptest::prelude::*;

    use super::*;

    const PEN: &str = "04006381333931";

    #[test]
    fn the_article_is_found_in_any_order() {
        for data in [
            "0104006381333931",
            "\u{1d}0104006381333931",
            "010400638133393117261231",
            "172612310104006381333931",
            "172612310104006381333931\u{1d}",
            "10AB-1/2+3\u{1d}0104006381333931",
            "21S1\u{1d}10L\u{1d}172612000104006381333931",
            "310300025001040063813339313922199",
            "0104006381333931\u{1d}10ABC",
            "01040063813339313103000250393297812345",
            "(01)04006381333931",
            "(17)261231(10)A(B)C(01)04006381333931",
            "(10)ABC(01)04006381333931(3103)000250",
        ] {
            assert_eq!(gtin(data), Some(PEN), "{data:?}");
        }
    }

    #[test]
    fn what_is_no_element_string_has_no_article() {
        for data in [
            "",
            "\u{1d}",
            "0104006381333932",
            "010400638133393",
            "0104006381333931171",
            "010400638133393117269931",
            "4006381333931",
            "10ABC0104006381333931ABCDEFGHIJKLMNOP",
            "02040063813339313712",
            "(01)4006381333931",
            "(01",
            "()04006381333931",
            "(1)04006381333931",
            "words 0104006381333931",
        ] {
            assert_eq!(gtin(data), None, "{data:?}");
        }
    }

    #[test]
    fn a_separator_that_got_lost_leaves_the_leading_article() {
        let lost = format!("01{PEN}21{}17261231", "S".repeat(18));
        assert_eq!((gtin(&lost), leading_gtin(&lost)), (None, Some(PEN)));
        assert_eq!(leading_gtin("0104006381333932"), None);
    }

    #[test]
    fn digital_links_are_read_on_every_host() {
        for address in [
            "https://id.gs1.org/01/04006381333931",
            "https://id.gs1.org/01/04006381333931/10/ABC%2F1/21/12?17=261231",
            "http://shop.example/products/de/01/04006381333931?a=b/c",
            "HTTPS://EXAMPLE.COM/01/04006381333931#x",
            "https://example.com/gtin/04006381333931",
            "https://example.com:8443/01/01/04006381333931",
        ] {
            assert_eq!(linked_gtin(address), Some(PEN), "{address}");
        }
        assert_eq!(linked_gtin("https://x.example/01/4006381333931"), Some("4006381333931"));
        for address in [
            "https://example.com/?01=04006381333931",
            "https://01/04006381333931",
            "https://example.com/01/04006381333932",
            "https://example.com/01",
            "ftp://example.com/01/04006381333931",
            "example.com/01/04006381333931",
        ] {
            assert_eq!(linked_gtin(address), None, "{address}");
        }
    }

    proptest! {
        /// Any order of these elements, values of variable length with their separator.
        #[test]
        fn elements_are_read_back_in_any_order(
            order in Just(vec![0_usize, 1, 2, 3, 4]).prop_shuffle(),
            lot in "[!-%+-~]{1,20}",
            serial in "[!-%+-~]{1,20}",
        ) {
            let all = [
                ("01", PEN.to_owned(), false),
                ("10", lot, true),
                ("17", "261231".to_owned(), false),
                ("21", serial, true),
                ("3103", "000250".to_owned(), false),
            ];
            let plain: String = order
                .iter()
                .filter_map(|&index| all.get(index))
                .map(|(ai, value, ends)| format!("{ai}{value}{}", if *ends { "\u{1d}" } else { "" }))
                .collect();
            let bracketed: String = order
                .iter()
                .filter_map(|&index| all.get(index))
                .map(|(ai, value, _)| format!("({ai}){value}"))
                .collect();
            for data in [plain, bracketed] {
                let read = elements(&data).unwrap();
                prop_assert_eq!(read.len(), 5);
                for element in read {
                    let same =
                        |(ai, value, _): &(&str, String, bool)| *ai == element.ai && *value == element.value;
                    prop_assert!(all.iter().any(same), "{:?}", element);
                }
            }
        }

        #[test]
        fn nothing_is_read_with_a_panic(data in "\\PC{0,60}", digits in "[0-9\u{1d}()]{0,60}") {
            for data in [data, digits] {
                let _ = (elements(&data), gtin(&data), leading_gtin(&data), linked_gtin(&data));
            }
        }
    }
}
