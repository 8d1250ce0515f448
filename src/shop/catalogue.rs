//! All articles of the shop, found by number or code in constant time.
//!
//! Owns the two tables of positions. They hold no copies of numbers and codes: of a million
//! articles these would take as much memory as the articles themselves.

use std::fmt;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::Arc;

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use super::Article;

/// The shop's articles. Numbers and codes are unique; [`Catalogue::new`] tells which are not.
///
/// Clones are the same catalogue.
#[derive(Clone, Default)]
pub struct Catalogue(Arc<Shelf>);

#[derive(Default)]
struct Shelf {
    articles: Vec<Article>,
    /// Positions in `articles`, by [`number_hash`].
    by_number: HashTable<u32>,
    /// Positions in `articles` and in its codes, by [`ean_hash`].
    by_ean: HashTable<(u32, u8)>,
    hasher: RandomState,
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
        let mut clashes = Vec::new();
        let catalogue = Self::index(articles, |first, second, code| {
            clashes.push(Clash { first, second, code: code.to_owned() });
        });
        if clashes.is_empty() { Ok(catalogue) } else { Err(clashes) }
    }

    /// Indexes `articles` and tells `clash` which of them could never be found: the position of the
    /// one that stays, its own, and the number or code that both carry.
    pub(super) fn index(articles: Vec<Article>, mut clash: impl FnMut(usize, usize, &str)) -> Self {
        let hasher = RandomState::new();
        let mut by_number = HashTable::with_capacity(articles.len());
        let mut by_ean = HashTable::with_capacity(articles.iter().map(|a| a.eans.len()).sum());
        let at = |position: &u32| articles.get(*position as usize);
        for (index, article) in articles.iter().enumerate() {
            let position = u32::try_from(index).unwrap_or(u32::MAX);
            let number = &article.number;
            let same = |other: &u32| at(other).is_some_and(|other| is_number(other, number));
            let rehash = |other: &u32| at(other).map_or(0, |a| number_hash(&hasher, &a.number));
            match by_number.entry(number_hash(&hasher, number), same, rehash) {
                Entry::Occupied(first) => clash(*first.get() as usize, index, number),
                Entry::Vacant(place) => drop(place.insert(position)),
            }
            for (place, ean) in (0_u8..).zip(&article.eans) {
                let code = |at_code: &(u32, u8)| {
                    at(&at_code.0).and_then(|other| other.eans.get(usize::from(at_code.1)))
                };
                let same =
                    |other: &(u32, u8)| code(other).is_some_and(|own| gtin(own) == gtin(ean));
                let rehash =
                    |other: &(u32, u8)| code(other).map_or(0, |ean| ean_hash(&hasher, ean));
                match by_ean.entry(ean_hash(&hasher, ean), same, rehash) {
                    Entry::Occupied(first) => clash(first.get().0 as usize, index, ean),
                    Entry::Vacant(free) => drop(free.insert((position, place))),
                }
            }
        }
        Self(Arc::new(Shelf { articles, by_number, by_ean, hasher }))
    }

    /// The article with this number, letters in any case.
    #[must_use]
    pub fn by_number(&self, number: &str) -> Option<Article> {
        let goods = &*self.0;
        let same = |at: &u32| goods.at(*at).is_some_and(|article| is_number(article, number));
        goods.at(*goods.by_number.find(number_hash(&goods.hasher, number), same)?).cloned()
    }

    /// The article with this code; UPC-A, EAN-13 and GTIN-14 of the same article are one code.
    #[must_use]
    pub fn by_ean(&self, ean: &str) -> Option<Article> {
        self.get(self.position_of_ean(ean)?)
    }

    /// The index of the article with this code.
    pub(super) fn position_of_ean(&self, ean: &str) -> Option<usize> {
        let goods = &*self.0;
        let same = |at: &(u32, u8)| {
            let code = goods.at(at.0).and_then(|article| article.eans.get(usize::from(at.1)));
            code.is_some_and(|own| gtin(own) == gtin(ean))
        };
        goods.by_ean.find(ean_hash(&goods.hasher, ean), same).map(|at| at.0 as usize)
    }

    /// The article at `index`, as [`super::search()`] returns them.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<Article> {
        self.0.articles.get(index).cloned()
    }

    /// How many articles there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.articles.len()
    }

    /// True without any article.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All articles in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = Article> {
        self.0.articles.iter().cloned()
    }
}

impl fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Catalogue").field("articles", &self.len()).finish()
    }
}

impl Shelf {
    fn at(&self, position: u32) -> Option<&Article> {
        self.articles.get(position as usize)
    }
}

fn is_number(article: &Article, number: &str) -> bool {
    article.number.eq_ignore_ascii_case(number)
}

fn number_hash(hasher: &RandomState, number: &str) -> u64 {
    let mut hasher = hasher.build_hasher();
    number.bytes().for_each(|byte| hasher.write_u8(byte.to_ascii_uppercase()));
    hasher.finish()
}

fn ean_hash(hasher: &RandomState, ean: &str) -> u64 {
    hasher.hash_one(gtin(ean))
}

/// What makes two codes the same: those of 12 and 13 digits are 14-digit ones with leading zeros.
/// Eight-digit codes stay apart: an EAN-8 is not the EAN-13 that its digits with zeros in front
/// would name.
fn gtin(ean: &str) -> (bool, &str) {
    if (12..=14).contains(&ean.len()) { (true, ean.trim_start_matches('0')) } else { (false, ean) }
}
