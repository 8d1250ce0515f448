#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use proptest::prelude::*;

use super::*;
use crate::wire::ReceiptText;

fn texts(lines: &[ReceiptLine], width: usize) -> Vec<String> {
    layout(lines, width).into_iter().map(|row| row.text).collect()
}

fn decorated(text: &str, decoration: &[Decoration]) -> ReceiptLine {
    ReceiptLine::Text(ReceiptText { text: text.to_owned(), decoration: decoration.to_vec() })
}

#[test]
fn captions_stand_free_and_rules_span() {
    let lines = [
        ReceiptLine::Separator(Some("Bakery".to_owned())),
        ReceiptLine::text("one"),
        ReceiptLine::Separator(None),
        ReceiptLine::Separator(Some(" ".to_owned())),
        ReceiptLine::Separator(Some("Card".to_owned())),
    ];
    let rows = layout(&lines, 10);
    let shown: Vec<(&str, bool)> = rows.iter().map(|row| (row.text.as_str(), row.bold)).collect();
    assert_eq!(
        shown,
        [
            ("  Bakery", true),
            ("", false),
            ("one", false),
            ("----------", false),
            ("----------", false),
            ("", false),
            ("   Card", true),
        ]
    );
}

#[test]
fn text_is_wrapped_at_blanks_and_aligned() {
    use Decoration::{AlignCenter, AlignLeft, AlignRight, Important};
    for (text, decoration, rows) in [
        ("two words here", &[][..], &["two words", "here"][..]),
        ("two words here", &[AlignCenter], &["two words", "   here"]),
        ("two words here", &[AlignRight], &[" two words", "      here"]),
        ("here", &[AlignRight, AlignLeft], &["here"]),
        ("Donaudampfschiff fährt", &[], &["Donaudampf", "schiff", "fährt"]),
        ("  indented", &[], &["  indented"]),
        ("  indented text", &[], &["  indented", "text"]),
        ("", &[Important], &[""]),
        ("   ", &[AlignCenter], &[""]),
        ("日本語日本語", &[], &["日本語日本", "語"]),
        ("a\u{1b}[2Jb\u{202e}", &[], &["a[2Jb"]),
    ] {
        assert_eq!(texts(&[decorated(text, decoration)], 10), rows, "{text}");
    }
    assert!(layout(&[decorated("x", &[Important, AlignCenter])], 9)[0].bold);
    assert!(!layout(&[decorated("x", &[AlignCenter])], 9)[0].bold);
}

#[test]
fn pairs_go_to_both_margins_or_below_each_other() {
    for (name, value, rows) in [
        ("Total", "7,96", &["Total   7,96"][..]),
        ("Sandwich Romano", "3,49 B", &["Sandwich", "Romano", "      3,49 B"]),
        ("Fruit salads x", "2,49", &["Fruit salads", "x       2,49"]),
        ("", "2,49", &["        2,49"]),
        ("Name", "", &["Name"]),
        ("12345678", "123", &["12345678 123"]),
        ("123456789", "123", &["123456789", "         123"]),
        ("  2 x 0,99", "1", &["  2 x 0,99 1"]),
    ] {
        assert_eq!(texts(&[ReceiptLine::pair(name, value)], 12), rows, "{name} {value}");
    }
}

#[test]
fn paper_of_one_column_or_none_gets_one_character_a_row() {
    let lines = [
        ReceiptLine::Separator(Some("Ab".to_owned())),
        ReceiptLine::Separator(None),
        ReceiptLine::text("日 x"),
        ReceiptLine::pair("n", "1"),
        ReceiptLine::Unknown,
        ReceiptLine::Space,
    ];
    let expected = ["A", "b", "", "-", "?", "x", "n", "1", ""];
    assert_eq!(texts(&lines, 1), expected);
    assert_eq!(texts(&lines, 0), expected);
}

fn any_line() -> impl Strategy<Value = ReceiptLine> {
    let text = || prop_oneof!["\\PC{0,60}", any::<String>(), "[a-z \u{300}日\u{1f980}é]{0,60}"];
    let decoration = || {
        proptest::collection::vec(
            proptest::sample::select(vec![
                Decoration::Important,
                Decoration::AlignLeft,
                Decoration::AlignCenter,
                Decoration::AlignRight,
                Decoration::Other,
            ]),
            0..3,
        )
    };
    prop_oneof![
        proptest::option::of(text()).prop_map(ReceiptLine::Separator),
        (text(), decoration())
            .prop_map(|(text, decoration)| ReceiptLine::Text(ReceiptText { text, decoration })),
        (text(), text(), decoration()).prop_map(|(name, value, decoration)| {
            ReceiptLine::NameValue { name, value, decoration }
        }),
        Just(ReceiptLine::Space),
        Just(ReceiptLine::Unknown),
    ]
}

proptest! {
    #[test]
    fn no_row_is_wider_than_the_paper(
        lines in proptest::collection::vec(any_line(), 0..8),
        width in 1_usize..60,
    ) {
        for row in layout(&lines, width) {
            prop_assert!(columns(&row.text) <= width, "{:?} on {width}", row.text);
            prop_assert!(!row.text.chars().any(is_harmful));
        }
    }

    #[test]
    fn wrapping_loses_no_character(text in "[a-zäß€0-9 ]{0,80}", width in 1_usize..40) {
        let kept = |text: &str| text.chars().filter(|c| *c != ' ').collect::<String>();
        let rows = wrap(&text, width);
        prop_assert_eq!(kept(&rows.concat()), kept(&text));
    }
}
