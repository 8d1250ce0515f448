//! All articles of the shop, packed: found by number or code at once, and by their words.
//!
//! Owns the packed form and what is laid over it. A million articles take some 45 bytes each: in
//! compressed frames ([`frames`]), with tables of positions ([`table`]) that hold no copies of
//! numbers and codes, and an index of words ([`vocabulary`]). Must not read or write files: the
//! packed form as bytes is [`Catalogue::parts`].

mod build;
mod bytes;
mod frames;
mod parts;
mod record;
mod set;
mod shelf;
mod table;
#[cfg(test)]
mod tests;
mod vocabulary;

use std::fmt::{self, Write as _};
use std::ops::Range;
use std::sync::Arc;

pub use build::Builder;
pub use parts::{Damage, Part, Parts};
pub(super) use set::Set;
pub(super) use shelf::is_same_code;

use self::shelf::{Shelf, has_code};
use super::Article;

const _: () = assert!(super::MOST_ARTICLES <= table::MOST, "positions do not fit a slot");

/// The shop's articles. Numbers and codes are unique; [`Catalogue::new`] tells which are not.
///
/// Clones are the same catalogue and cost nothing. An article has an index, which is its place in
/// the order in which they were given.
#[derive(Clone, Default)]
pub struct Catalogue {
    shelf: Arc<Shelf>,
    /// Articles that were taught or changed since, few, in the order of their indexes.
    laid: Arc<Vec<(usize, Article)>>,
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
    /// Packs `articles`; [`Builder`] does it without having all of them in memory.
    ///
    /// # Errors
    /// All pairs of articles that share a number or a code.
    pub fn new(articles: Vec<Article>) -> Result<Self, Vec<Clash>> {
        let mut builder = Builder::default();
        for article in &articles {
            builder.push(article);
        }
        drop(articles);
        builder.finish()
    }

    /// The same with `article`, in the place of the one with its number if there is one. Its codes
    /// are its own from now on.
    #[must_use]
    pub fn with(&self, article: Article) -> Self {
        self.with_all([article])
    }

    /// The same with all of `articles`, one after the other.
    #[must_use]
    pub fn with_all(&self, articles: impl IntoIterator<Item = Article>) -> Self {
        let mut all = self.clone();
        let laid = Arc::make_mut(&mut all.laid);
        for article in articles {
            if let Some(own) = laid.iter_mut().find(|(_, own)| is_number(own, &article.number)) {
                own.1 = article;
                continue;
            }
            let next = || laid.last().map_or(0, |(at, _)| *at + 1).max(self.shelf.count);
            let index = self.shelf.position_of_number(&article.number).unwrap_or_else(next);
            laid.insert(laid.partition_point(|(at, _)| *at < index), (index, article));
        }
        all
    }

    /// The article with this number, letters in any case.
    #[must_use]
    pub fn by_number(&self, number: &str) -> Option<Article> {
        match self.laid.iter().find(|(_, article)| is_number(article, number)) {
            Some((_, article)) => Some(article.clone()),
            None => self.shelf.get(self.shelf.position_of_number(number)?),
        }
    }

    /// The article with this code; UPC-A, EAN-13 and GTIN-14 of the same article are one code.
    #[must_use]
    pub fn by_ean(&self, ean: &str) -> Option<Article> {
        Some(self.with_code(ean)?.1)
    }

    fn with_code(&self, code: &str) -> Option<(usize, Article)> {
        if let Some((at, article)) = self.laid.iter().find(|(_, article)| has_code(article, code)) {
            return Some((*at, article.clone()));
        }
        let found = self.shelf.with_code(code)?;
        // What is laid over it does not have the code any more.
        self.over(found.0).is_none().then_some(found)
    }

    /// The article at `index`, as [`super::search()`] returns them.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<Article> {
        match self.over(index) {
            Some(article) => Some(article.clone()),
            None => self.shelf.get(index),
        }
    }

    fn over(&self, index: usize) -> Option<&Article> {
        let place = self.laid.binary_search_by_key(&index, |(at, _)| *at).ok()?;
        self.laid.get(place).map(|(_, article)| article)
    }

    /// The articles that are laid over the packed ones and have none of these under them.
    fn taught(&self) -> &[(usize, Article)] {
        let first = self.laid.partition_point(|(at, _)| *at < self.shelf.count);
        self.laid.get(first..).unwrap_or_default()
    }

    /// How many articles there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shelf.count + self.taught().len()
    }

    /// True without any article.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Packed articles whose number is the code of another one: the index of each and of the other,
    /// and the number. A code is looked for first, so typing it would sell the wrong article.
    pub fn hidden(&self) -> impl Iterator<Item = (usize, usize, String)> {
        self.shelf.hidden()
    }

    /// All articles in the order of the file; taught ones behind them.
    pub fn iter(&self) -> impl Iterator<Item = Article> {
        let changed = |(at, article)| self.over(at).cloned().unwrap_or(article);
        let taught = self.taught().iter().map(|(_, article)| article.clone());
        self.shelf.iter().enumerate().map(changed).chain(taught)
    }

    /// A digest of all articles: catalogues with the same one sell the same.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut digest = String::new();
        // Writing to a String cannot fail.
        for byte in self.shelf.digest {
            let _ = write!(digest, "{byte:02x}");
        }
        for (at, article) in self.laid.iter() {
            let _ = write!(digest, " {at}: {article:?}");
        }
        digest
    }
}

/// What the search asks.
impl Catalogue {
    /// The articles that are laid over the packed ones, with their indexes.
    pub(super) fn laid(&self) -> &[(usize, Article)] {
        &self.laid
    }

    /// No packed article.
    pub(super) fn nothing(&self) -> Set {
        self.shelf.nothing()
    }

    /// Letters of the name of the packed article at `index`, 255 at the most.
    pub(super) fn name_length(&self, index: usize) -> u8 {
        self.shelf.lengths.get(index).copied().unwrap_or(u8::MAX)
    }

    /// Takes the packed articles that have this word into `set`.
    pub(super) fn with_word(&self, word: &str, set: &mut Set) {
        self.shelf.words.collect(self.shelf.words.exactly(word), set);
    }

    /// Takes the packed article that has this number into `set`.
    pub(super) fn with_number(&self, number: &str, set: &mut Set) {
        self.shelf.position_of_number(number).into_iter().for_each(|position| set.insert(position));
    }

    /// Takes the packed articles with a word that begins so into `set`.
    pub(super) fn with_beginning(&self, word: &str, set: &mut Set) {
        self.shelf.words.collect(self.shelf.words.beginning(word), set);
    }

    /// Takes the packed articles with a word that has `part` in it into `set`, if `wanted` says so
    /// of the word.
    pub(super) fn with_part(
        &self,
        part: &str,
        set: &mut Set,
        mut wanted: impl FnMut(&[u8]) -> bool,
    ) {
        let mut ranks: Range<usize> = 0..0;
        self.shelf.words.containing(part, |rank, word| {
            if !wanted(word) {
                return;
            }
            // Neighbours are one walk.
            if rank == ranks.end {
                ranks.end += 1;
            } else {
                self.shelf.words.collect(ranks.clone(), set);
                ranks = rank..rank + 1;
            }
        });
        self.shelf.words.collect(ranks, set);
    }

    /// Calls `found` for every packed article in whose number `part` stands, in small letters:
    /// with its index, and whether the number begins so.
    pub(super) fn numbers_with(&self, part: &str, found: impl FnMut(usize, bool)) {
        self.shelf.numbers_with(part, found);
    }

    /// Whether `part` may stand in a number of a packed article.
    pub(super) fn may_be_number(&self, part: &str) -> bool {
        self.shelf.number_letters.may_hold(part)
    }

    /// The number of a packed article.
    pub(super) fn number(&self, index: usize) -> Option<String> {
        self.shelf.number(index)
    }
}

/// A number that tells an article from another one with its number, almost surely.
#[must_use]
pub fn fingerprint(article: &Article) -> u64 {
    let mut bytes = Vec::with_capacity(128);
    record::put(&mut bytes, article);
    table::hash(0, article.number.bytes().chain(bytes))
}

fn is_number(article: &Article, number: &str) -> bool {
    article.number.eq_ignore_ascii_case(number)
}

impl fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Catalogue").field("articles", &self.len()).finish()
    }
}
