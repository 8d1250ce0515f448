#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use proptest::collection::vec;
use proptest::prelude::*;

use super::matching::best;
use super::*;
use crate::shop::Article;

fn shop(names: &[&str]) -> Catalogue {
    let article = |(number, name): (usize, &&str)| Article {
        number: format!("{}", 100 + number),
        name: (*name).to_owned(),
        ..Article::default()
    };
    Catalogue::new(names.iter().enumerate().map(article).collect()).unwrap()
}

/// The names that are found, and whether the best one is literal.
fn found(names: &[&str], query: &str) -> (Vec<String>, bool) {
    let shop = shop(names);
    let (found, literal) = search(&shop, query, 50);
    (found.into_iter().map(|index| shop.get(index).unwrap().name).collect(), literal)
}

const NAMES: [&str; 9] = [
    "Roggenbrot",
    "Brot",
    "Brötchen",
    "Vollkornbrot 500 g",
    "Milch 3,5 % 1 l",
    "Milchreis",
    "Straußenei",
    "Cola 1,5 l",
    "Gebäck frisch",
];

#[test]
fn words_come_before_beginnings_and_these_before_parts_of_words() {
    let names = ["Roggenbrot", "Brotkorb", "Altes Brot", "Brot", "Vollkornbrot 500 g"];
    let expected = ["Brot", "Altes Brot", "Brotkorb", "Roggenbrot", "Vollkornbrot 500 g"];
    assert_eq!(found(&names, "brot"), (expected.map(str::to_owned).to_vec(), true));
}

#[test]
fn words_in_any_order_and_spelling_find_the_article() {
    for (query, name) in [
        ("500 voll", "Vollkornbrot 500 g"),
        ("korn", "Vollkornbrot 500 g"),
        ("BROETCH", "Brötchen"),
        ("brotchen", "Brötchen"),
        ("brötchen", "Brötchen"),
        ("strauss", "Straußenei"),
        ("1,5 cola", "Cola 1,5 l"),
        ("1.5", "Cola 1,5 l"),
        ("frisch gebaeck", "Gebäck frisch"),
        ("105", "Milchreis"),
        ("milch 3,5", "Milch 3,5 % 1 l"),
    ] {
        let (names, literal) = found(&NAMES, query);
        assert_eq!((names.first().map(String::as_str), literal), (Some(name), true), "{query}");
    }
}

#[test]
fn typing_errors_are_forgiven_where_little_is_found() {
    for (query, name) in [
        ("mlich", "Milchreis"),
        ("rogenbort", "Roggenbrot"),
        ("brötchne", "Brötchen"),
        ("vollkron 500", "Vollkornbrot 500 g"),
        ("milchries", "Milchreis"),
    ] {
        let (names, literal) = found(&NAMES, query);
        assert_eq!((names.first().map(String::as_str), literal), (Some(name), false), "{query}");
    }
    assert_eq!(found(&NAMES, "xyz"), (Vec::new(), false));
    assert_eq!(found(&NAMES, "brt"), (Vec::new(), false));
    let many = ["Milch A", "Milch B", "Milch C", "Milch D", "Milch E", "Mulch"];
    assert_eq!(found(&many, "milch").0.len(), 5, "enough is found");
}

#[test]
fn nothing_typed_lists_the_articles_and_no_word_lists_none() {
    let shop = shop(&NAMES);
    assert_eq!(search(&shop, " ", 3), (vec![0, 1, 2], false));
    assert_eq!(search(&shop, "-%", 3), (Vec::new(), false));
    assert_eq!(search(&shop, "brot", 0), (Vec::new(), false));
    assert_eq!(search(&shop, "i", 2).0, [5, 6], "the shortest of those with the letter");
}

#[test]
fn the_parts_of_a_name_that_were_typed_are_told() {
    let parts = |name: &str, query: &str| -> Vec<String> {
        highlight(name, query).into_iter().map(|range| name[range].to_owned()).collect()
    };
    assert_eq!(parts("Vollkornbrot 500 g", "500 korn"), ["korn", "500"]);
    assert_eq!(parts("Brötchen", "broet"), ["Bröt"]);
    assert_eq!(parts("Broetchen", "bröt"), ["Broet"]);
    assert_eq!(parts("Straußenei", "strauss"), ["Strauß"]);
    assert_eq!(parts("Milchreis", "milhc reis"), ["Milchreis"]);
    assert_eq!(parts("Milchreis", "milhc"), ["Milch"]);
    assert_eq!(parts("Brot und Brotkorb", "brotk brot"), ["Brot", "Brotk"]);
    assert_eq!(parts("Brot", "käse"), Vec::<String>::new());
}

proptest! {
    /// The index finds what a look at every article finds.
    #[test]
    fn packed_articles_are_found_as_single_ones_are(
        names in vec("[abäe]{1,5}( [a-cß]{1,9}){0,2}", 1..60),
        query in "[abäce]{1,6}( [abc0-9]{1,3})?",
    ) {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let shop = shop(&names);
        let typed = Typed::all(&query);
        let kinds = shop.iter().map(|article| best(&article, &typed));
        let mut expected: Vec<_> = kinds
            .enumerate()
            .filter_map(|(index, kind)| Some((kind?, names[index].chars().count(), index)))
            .collect();
        expected.sort_unstable();
        let literal = |hit: &&(Match, usize, usize)| hit.0 < Match::Forgiven;
        let literals = expected.iter().filter(literal).count();
        if literals >= LITTLE {
            expected.truncate(literals);
        }
        let expected: Vec<usize> = expected.into_iter().map(|(.., index)| index).collect();
        // The other way: all of them laid over nothing.
        let laid = Catalogue::default().with_all(shop.iter());
        for catalogue in [&shop, &laid] {
            let (found, is_literal) = search(catalogue, &query, 1_000);
            prop_assert_eq!(&found, &expected, "{}", query);
            prop_assert_eq!(is_literal, literals > 0);
        }
        let few = search(&shop, &query, 3).0;
        prop_assert_eq!(&few[..], expected.get(..3).unwrap_or(&expected));
    }

    #[test]
    fn highlighted_parts_are_texts_of_the_name(name in "\\PC{0,30}", query in "\\PC{0,12}") {
        let mut end = 0;
        for range in highlight(&name, &query) {
            prop_assert!(range.start >= end && !name[range.clone()].is_empty());
            end = range.end;
        }
    }
}

#[test]
fn signs_between_letters_are_no_spaces_to_enter() {
    let article =
        |name: &str| Article { name: name.into(), number: "1".into(), ..Article::default() };
    for (name, query, literal) in [
        ("Fruit salad, small bowl", "f b", true),
        ("Fruit salad, small bowl", "F<b", false),
        ("Fruit salad, small bowl", "salad,", true),
        ("Coca-Cola 0,5l", "coca-c", true),
        ("Coca-Cola 0,5l", "coca 0,5", true),
        ("Coca-Cola 0,5l", "cola-coca", false),
    ] {
        let catalogue = Catalogue::new(vec![article(name)]).unwrap();
        assert_eq!(search(&catalogue, query, 5), (vec![0], literal), "{query}");
    }
}
