#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::HashMap;

use proptest::collection::vec;
use proptest::prelude::*;

use super::record::tests::article;
use super::shelf::gtin;
use super::*;
use crate::money::Money;

fn named(number: &str, eans: &[&str], name: &str) -> Article {
    Article {
        number: number.to_owned(),
        eans: eans.iter().map(ToString::to_string).collect(),
        name: name.to_owned(),
        price: Some(Money(199)),
        ..Article::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// What a map over the same articles finds, and the same clashes.
    #[test]
    fn packed_articles_are_found_as_in_a_map(
        articles in vec(article("[A-Za-z0-9]{1,4}"), 0..400),
        asked in vec("[A-Za-z0-9]{1,4}|[0-9]{8}|[0-9]{12,14}", 20),
    ) {
        let (mut numbers, mut codes) = (HashMap::new(), HashMap::new());
        let mut clashes = 0;
        for (index, article) in articles.iter().enumerate() {
            match numbers.entry(article.number.to_ascii_uppercase()) {
                std::collections::hash_map::Entry::Occupied(_) => clashes += 1,
                std::collections::hash_map::Entry::Vacant(free) => drop(free.insert(index)),
            }
            for code in &article.eans {
                let (long, digits) = gtin(code);
                match codes.entry((long, digits.to_owned())) {
                    std::collections::hash_map::Entry::Occupied(_) => clashes += 1,
                    std::collections::hash_map::Entry::Vacant(free) => drop(free.insert(index)),
                }
            }
        }
        let found = Catalogue::new(articles.clone()).err().unwrap_or_default();
        prop_assert_eq!(found.len(), clashes);
        let mut builder = Builder::default();
        for article in &articles {
            builder.push(article);
        }
        let packed = builder.finish_telling(|_, _, _| ());
        prop_assert_eq!(packed.len(), articles.len());
        prop_assert!(packed.iter().eq(articles.iter().cloned()));
        let codes_of = |article: &'_ Article| [&article.eans[..], std::slice::from_ref(&article.number)].concat();
        let stored: Vec<String> = articles.iter().flat_map(codes_of).collect();
        for code in stored.iter().step_by(3).chain(&asked) {
            let number = numbers.get(&code.to_ascii_uppercase()).map(|at| articles[*at].clone());
            prop_assert_eq!(packed.by_number(code), number, "{}", code);
            let (long, digits) = gtin(code);
            let by_code = codes.get(&(long, digits.to_owned())).map(|at| articles[*at].clone());
            prop_assert_eq!(packed.by_ean(code), by_code, "{}", code);
        }
        for (index, article) in articles.iter().enumerate().step_by(7) {
            prop_assert_eq!(packed.get(index), Some(article.clone()));
        }
        prop_assert_eq!(packed.get(articles.len()), None);
    }
}

/// The catalogue of some articles, taken apart.
fn parts() -> Parts {
    let articles = (0..600).map(|n: u32| {
        named(&n.to_string(), &[&format!("{}", 4_000_000_000_000_u64 + u64::from(n))], "Brot")
    });
    let packed = Catalogue::new(articles.collect()).unwrap();
    let parts: Vec<Vec<u8>> =
        packed.parts().into_iter().map(|(_, part)| part.into_owned()).collect();
    parts.try_into().unwrap()
}

#[test]
fn a_catalogue_is_put_together_from_its_parts() {
    let again = Catalogue::from_parts(parts()).unwrap();
    assert_eq!(again.len(), 600);
    assert_eq!(again.by_ean("4000000000599").unwrap().number, "599");
    assert_eq!(again.by_number("17").unwrap().eans, ["4000000000017"]);
    assert_eq!(crate::shop::search(&again, "brot", 3).0, [0, 1, 2]);
    let once_more = Catalogue::from_parts(parts()).unwrap();
    assert_eq!(again.digest(), once_more.digest());
    assert_ne!(again.digest(), again.with(named("17", &[], "Brot")).digest());
}

#[test]
fn parts_that_do_not_fit_are_damage() {
    let damage = |change: &dyn Fn(&mut Parts)| {
        let mut parts = parts();
        change(&mut parts);
        Catalogue::from_parts(parts).map(|packed| packed.len()).map_err(|error| error.to_string())
    };
    let broken = Err("the parts do not fit together".to_owned());
    assert_eq!(damage(&|parts| parts[10].truncate(1)), broken);
    assert_eq!(damage(&|parts| parts[2].truncate(4)), broken);
    assert_eq!(damage(&|parts| parts[0].truncate(3)), broken);
    assert_eq!(damage(&|parts| parts[0].clear()), Err("they are not packed articles".to_owned()));
    let newer = "they were packed by a newer version of kasse";
    assert_eq!(damage(&|parts| parts[0][0] = 9), Err(newer.to_owned()));
}

#[test]
fn whatever_is_damaged_no_other_article_is_found_and_nothing_panics() {
    for part in 1..Part::ALL.len() {
        let length = parts()[part].len();
        for at in (0..length).step_by((length / 40).max(1)) {
            let mut parts = parts();
            parts[part][at] ^= 0x5a;
            let Ok(packed) = Catalogue::from_parts(parts) else { continue };
            for code in ["4000000000000", "4000000000300", "4000000000599"] {
                if let Some(article) = packed.by_ean(code) {
                    assert_eq!(article.eans, [code], "{part} {at}");
                }
            }
            if let Some(article) = packed.by_number("300") {
                assert_eq!(article.number, "300");
            }
            assert!(packed.iter().count() <= 600);
            drop(crate::shop::search(&packed, "brot 30", 20));
            drop(crate::shop::search(&packed, "brto", 20));
        }
    }
}

#[test]
fn a_taught_article_is_found_at_once_in_every_way() {
    let shop = Catalogue::new(vec![named("1", &["40111315"], "Brot"), named("2", &[], "Milch")]);
    let shop = shop.unwrap();
    let taught = shop.with(named("3", &["4006381333931"], "Brezel"));
    assert_eq!((shop.len(), taught.len()), (2, 3));
    assert_eq!(taught.by_number("3").unwrap().name, "Brezel");
    assert_eq!(taught.by_ean("04006381333931").unwrap().name, "Brezel");
    assert_eq!(taught.get(2).unwrap().name, "Brezel");
    assert_eq!(crate::shop::search(&taught, "br", 9).0, [0, 2]);
    assert_eq!(crate::shop::search(&taught, "brezle", 9), (vec![2], false));
    let changed = taught.with(named("1", &["12345670"], "Baguette")).with(named("3", &[], "Brei"));
    assert_eq!(changed.len(), 3);
    assert_eq!(changed.by_ean("40111315"), None, "it has another code now");
    assert_eq!(changed.by_ean("12345670").unwrap().name, "Baguette");
    assert_eq!(changed.by_ean("4006381333931"), None);
    assert_eq!(crate::shop::search(&changed, "brot", 9).0, Vec::<usize>::new());
    let names: Vec<_> = changed.iter().map(|article| article.name).collect();
    assert_eq!(names, ["Baguette", "Milch", "Brei"]);
    assert_eq!(changed.with(named("4", &[], "Quark")).get(3).unwrap().number, "4");
}
