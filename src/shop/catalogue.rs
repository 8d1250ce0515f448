//! All articles of the shop, found by number or code in constant time.

use std::collections::HashMap;

use super::Article;

/// The shop's articles. Numbers and codes are unique; [`Catalogue::new`] tells which are not.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    articles: Vec<Article>,
    by_number: HashMap<String, usize>,
    by_ean: HashMap<String, usize>,
}

/// Two articles that cannot be told apart: indexes into the list given to [`Catalogue::new`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clash {
    /// The one that stays.
    pub first: usize,
    /// The one that could never be found.
    pub second: usize,
    /// The number or code that both carry.
    pub code: String,
}

impl Catalogue {
    /// Indexes `articles`.
    ///
    /// # Errors
    /// All pairs of articles that share a number or a code.
    pub fn new(articles: Vec<Article>) -> Result<Self, Vec<Clash>> {
        let mut catalogue = Self::default();
        let mut clashes = Vec::new();
        for (index, article) in articles.iter().enumerate() {
            let number = article.number.to_uppercase();
            if let Some(&first) = catalogue.by_number.get(&number) {
                clashes.push(Clash { first, second: index, code: article.number.clone() });
            } else {
                catalogue.by_number.insert(number, index);
            }
            if let Some(ean) = &article.ean {
                let key = gtin_key(ean);
                if let Some(&first) = catalogue.by_ean.get(&key) {
                    clashes.push(Clash { first, second: index, code: ean.clone() });
                } else {
                    catalogue.by_ean.insert(key, index);
                }
            }
        }
        catalogue.articles = articles;
        if clashes.is_empty() { Ok(catalogue) } else { Err(clashes) }
    }

    /// The article with this number, letters in any case.
    #[must_use]
    pub fn by_number(&self, number: &str) -> Option<&Article> {
        self.articles.get(*self.by_number.get(&number.to_uppercase())?)
    }

    /// The article with this code; UPC-A, EAN-13 and GTIN-14 of the same article are one code.
    #[must_use]
    pub fn by_ean(&self, ean: &str) -> Option<&Article> {
        self.articles.get(*self.by_ean.get(&gtin_key(ean))?)
    }

    /// The article at `index`, as [`super::search()`] returns them.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&Article> {
        self.articles.get(index)
    }

    /// All articles in the order of the file.
    #[must_use]
    pub fn all(&self) -> &[Article] {
        &self.articles
    }
}

/// Codes of 12 and 13 digits are 14-digit ones with leading zeros. Eight-digit codes stay apart:
/// an EAN-8 is not the EAN-13 that its digits with zeros in front would name.
fn gtin_key(ean: &str) -> String {
    if (12..=14).contains(&ean.len()) { format!("{ean:0>14}") } else { ean.to_owned() }
}
