//! Reading article files of the tests.

use std::fs;
use std::io::Cursor;
use std::ops::ControlFlow;
use std::path::Path;

use kasse::money::{Money, Percent};
use kasse::shop::import::{ColumnMap, Options, Summary, read};
use kasse::shop::{Article, Format, Vat, VatClasses};

/// A shop with two VAT classes and these columns.
pub fn options(columns: &[&str]) -> Options {
    let classes = ["standard 19", "reduced 7"].map(|class| class.parse().unwrap());
    let classes = VatClasses::new(classes.to_vec()).unwrap();
    let columns = ColumnMap::parse(columns.iter().copied()).unwrap();
    Options { columns, classes, ..Options::default() }
}

/// Reads a text in any encoding.
pub fn read_bytes(bytes: &[u8], format: Format, options: &Options) -> (Vec<Article>, Summary) {
    let mut articles = Vec::new();
    let summary = read(Cursor::new(bytes), format, options, &mut |sourced| {
        articles.push(sourced.article);
        ControlFlow::Continue(())
    });
    assert_eq!(summary.articles, articles.len());
    (articles, summary)
}

/// Reads a file of `tests/articles` in which nothing is wrong; gives its notes too.
pub fn export(file: &str, columns: &[&str]) -> (Vec<Article>, Vec<String>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/articles").join(file);
    let bytes = fs::read(path).unwrap();
    let format = Format::of(file).unwrap();
    let (articles, summary) = read_bytes(&bytes, format, &options(columns));
    assert_eq!(summary.problems, [], "{file}");
    (articles, summary.notes.iter().map(ToString::to_string).collect())
}

/// An article at a price in cents and a whole VAT rate.
pub fn article(number: &str, eans: &[&str], name: &str, cents: i64, vat: u8) -> Article {
    Article {
        number: number.to_owned(),
        eans: eans.iter().map(|ean| (*ean).to_owned()).collect(),
        name: name.to_owned(),
        price: Some(Money(cents)),
        vat: Vat::Rate(Percent::whole(vat)),
        ..Article::default()
    }
}
