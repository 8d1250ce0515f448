#![allow(clippy::unwrap_used)]

use super::*;

#[test]
fn a_sign_in_a_search_text_begins_no_swipe() {
    for text in ["milk 3,5%", "milk 3,5% fat", "a;b", "Rock; Pop", "100%ig", "bö5", "Größe 3", "Öl"]
    {
        let expected = if text.starts_with("100%") { Shape::Raw } else { Shape::Text };
        assert_eq!(shape(text), expected, "{text}");
    }
    let scan = recognise("milk 3,5%", &ScanRules::default(), &Catalogue::default());
    assert_eq!(scan, Scan::Words("milk 3,5%".to_owned()));
}

#[test]
fn a_swipe_begins_the_line_or_follows_half_a_number() {
    for (line, start) in [
        ("%B92", Some(0)),
        (";92", Some(0)),
        ("ö9", Some(0)),
        ("12;92", Some(2)),
        ("1,5%B", Some(3)),
        ("3ö9", Some(1)),
        ("ö", None),
        ("milk", None),
        ("]C0AB%12", None),
    ] {
        assert_eq!(swipe_start(line), start, "{line}");
    }
}

#[test]
fn a_track_behind_letters_is_a_swipe_all_the_same() {
    for (line, start) in [
        ("mil;9276004424644352=25?", Some(3)),
        ("mil%B4111111111111111^", Some(3)),
        ("milö9276004424644352", Some(3)),
        ("mil;9276004", None),
    ] {
        assert_eq!(swipe_start(line), start, "{line}");
        assert_eq!(shape(line) == Shape::Raw, start.is_some(), "{line}");
    }
}
