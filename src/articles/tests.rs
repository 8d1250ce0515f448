#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::sync::mpsc::channel;
use std::time::Duration;

use jiff::Timestamp;

use super::*;
use crate::money::Money;
use crate::shop::{Article, Catalogue};

fn article(number: u32, price: i64) -> Article {
    Article {
        number: number.to_string(),
        eans: vec![format!("{}", 4_000_000_000_000_u64 + u64::from(number))],
        name: format!("Article {number}"),
        price: Some(Money(price)),
        ..Article::default()
    }
}

fn import(store: &ArticleStore, articles: impl Iterator<Item = Article>) -> Changes {
    let mut import = Import::begin(store).unwrap();
    articles.for_each(|article| import.push(&article));
    import.finish().unwrap().write("goods.csv", Timestamp::now()).unwrap()
}

fn store() -> (tempfile::TempDir, ArticleStore) {
    let dir = tempfile::tempdir().unwrap();
    let store = ArticleStore::within(&dir.path().join("state"));
    (dir, store)
}

fn imported(store: &ArticleStore) -> Catalogue {
    store.read().unwrap().unwrap().imported.unwrap()
}

#[test]
fn an_import_is_read_back_and_the_next_one_says_what_changes() {
    let (_dir, store) = store();
    assert!(store.read().unwrap().is_none());
    let changes = import(&store, (0..2_000).map(|n| article(n, 199)));
    assert_eq!((changes.new.count, changes.new.first.len(), changes.unchanged), (2_000, 20, 0));
    assert_eq!(imported(&store).len(), 2_000);
    let first = store.generation().unwrap();
    assert!(first > 0);
    let mode = fs::metadata(store.path()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);

    let next = (10..2_005).map(|n| article(n, if n % 100 == 0 { 249 } else { 199 }));
    let changes = import(&store, next);
    let counts = |listed: &Listed| listed.count;
    assert_eq!(counts(&changes.new), 5);
    assert_eq!((counts(&changes.changed), counts(&changes.gone)), (19, 10));
    assert_eq!(changes.unchanged, 1_971);
    assert_eq!(changes.changed.first[0].number, "100");
    assert_eq!(changes.changed.first[0].columns, ["price"]);
    assert_eq!(changes.gone.first[9].name, "Article 9");
    assert_eq!(imported(&store).by_ean("4000000000100").unwrap().price, Some(Money(249)));
    assert!(store.generation().unwrap() > first);
    let kept = store.read().unwrap().unwrap();
    assert_eq!((kept.files.as_str(), kept.at.is_empty()), ("goods.csv", false));
}

#[test]
fn an_import_that_is_not_written_or_clashes_changes_nothing() {
    let (_dir, store) = store();
    import(&store, (0..10).map(|n| article(n, 100)));
    let mut dry = Import::begin(&store).unwrap();
    dry.push(&article(1, 1));
    assert_eq!(dry.finish().unwrap().changes.gone.count, 9);
    let mut twice = Import::begin(&store).unwrap();
    twice.push(&article(1, 1));
    twice.push(&article(1, 2));
    assert_eq!(twice.finish().err().unwrap().len(), 2, "number and code");
    assert_eq!(imported(&store).len(), 10);
}

#[test]
fn of_two_imports_at_once_the_later_one_is_refused() {
    let (_dir, store) = store();
    let mut slow = Import::begin(&store).unwrap();
    slow.push(&article(1, 1));
    import(&store, (0..10).map(|n| article(n, 100)));
    let error = slow.finish().unwrap().write("", Timestamp::now()).unwrap_err();
    assert!(error.passes(), "{error}");
    assert_eq!(imported(&store).len(), 10);
}

#[test]
fn a_taught_article_stays_until_an_import_brings_its_number_or_code() {
    let (_dir, store) = store();
    for number in [70, 71, 72] {
        store.teach(&article(number, 50), Timestamp::now()).unwrap();
    }
    store.teach(&article(70, 60), Timestamp::now()).unwrap();
    let kept = store.read().unwrap().unwrap();
    assert!(kept.imported.is_none() && store.generation().unwrap() == 0);
    let bakery = kept.over(&Catalogue::new(vec![article(1, 1)]).unwrap());
    assert_eq!((bakery.len(), bakery.by_number("70").unwrap().price), (4, Some(Money(60))));

    let other = Article { number: "9".to_owned(), ..article(71, 99) };
    let changes = import(&store, [article(1, 1), article(70, 80), other].into_iter());
    assert_eq!((changes.new.count, changes.taught), (3, 2));
    let kept = store.read().unwrap().unwrap();
    let left: Vec<_> = kept.taught.iter().map(|taught| taught.article.number.as_str()).collect();
    assert_eq!(left, ["72"]);
    let all = kept.over(kept.imported.as_ref().unwrap());
    assert_eq!((all.len(), all.by_number("70").unwrap().price), (4, Some(Money(80))));
    import(&store, [article(1, 1)].into_iter());
    assert_eq!(store.read().unwrap().unwrap().taught.len(), 1);
}

/// Every byte of the file in turn is damaged, some of them.
#[test]
fn a_damaged_file_is_an_error_that_says_what_to_do_or_the_articles_as_they_were() {
    let (_dir, store) = store();
    import(&store, (0..3_000).map(|n| article(n, 100)));
    let right = fs::read(store.path()).unwrap();
    let mut errors = 0;
    for at in (0..right.len()).step_by(right.len() / 300) {
        let mut bytes = right.clone();
        bytes[at] ^= 0x5a;
        fs::write(store.path(), &bytes).unwrap();
        match store.read() {
            Ok(None) => {}
            Ok(Some(kept)) => {
                let articles = kept.imported.unwrap();
                assert_eq!(articles.len(), 3_000, "{at}");
                assert!(articles.iter().eq((0..3_000).map(|n| article(n, 100))), "{at}");
            }
            Err(error) => {
                errors += 1;
                let text = error.to_string();
                let helps = text.contains("kasse articles import") || text.contains("newer");
                assert!(helps, "{at}: {text}");
            }
        }
    }
    assert!(errors > 200, "{errors}");
    for text in [&b""[..], b"no database at all, but long enough to be looked at by SQLite"] {
        fs::write(store.path(), text).unwrap();
        assert!(store.read().is_err() || text.is_empty());
    }
}

#[test]
fn a_file_that_others_may_write_is_refused() {
    let (_dir, store) = store();
    import(&store, [article(1, 1)].into_iter());
    fs::set_permissions(store.path(), fs::Permissions::from_mode(0o666)).unwrap();
    assert!(store.read().unwrap_err().to_string().contains("chmod 600"));
    assert!(store.teach(&article(2, 2), Timestamp::now()).is_err());
}

#[test]
fn a_watch_tells_of_an_import_and_not_of_what_was_taught() {
    let (_dir, store) = store();
    let (tell, told) = channel();
    let watch = Watch::start(store.clone(), 0, move |news| drop(tell.send(news)));
    store.teach(&article(7, 7), Timestamp::now()).unwrap();
    import(&store, (0..10).map(|n| article(n + 100, 100)));
    match told.recv_timeout(Duration::from_secs(30)).unwrap() {
        News::Articles(kept) => {
            let articles = kept.over(kept.imported.as_ref().unwrap());
            assert_eq!(articles.len(), 11);
            assert!(kept.generation > 0);
        }
        News::Failed(why) => panic!("{why}"),
    }
    fs::write(store.path(), "no database at all, but long enough to be looked at").unwrap();
    match told.recv_timeout(Duration::from_secs(30)).unwrap() {
        News::Failed(why) => assert!(why.contains("damaged"), "{why}"),
        News::Articles(_) => panic!("articles"),
    }
    drop(watch);
}

#[test]
fn taught_articles_are_written_by_the_teacher_and_failures_are_told() {
    let (_dir, store) = store();
    let (tell, told) = channel();
    let teacher = Teacher::start(store.clone(), move |why| drop(tell.send(why)));
    assert!(teacher.teach(article(1, 1)));
    drop(teacher);
    assert_eq!(store.read().unwrap().unwrap().taught[0].article, article(1, 1));
    assert!(told.recv().is_err(), "nothing failed");
    fs::set_permissions(store.path(), fs::Permissions::from_mode(0o622)).unwrap();
    let (tell, told) = channel();
    let teacher = Teacher::start(store, move |why| drop(tell.send(why)));
    assert!(teacher.teach(article(2, 1)));
    assert!(told.recv().unwrap().contains("others may write it"));
}
