//! An import: the new articles beside the old ones, and what changes.
//!
//! Owns the comparison. Of the old articles a hash of each number and one of everything else are in
//! memory, besides the packed articles themselves.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};

use jiff::Timestamp;

use super::file::{Kept, is_in};
use super::{ArticleStore, ArticleStoreError};
use crate::shop::{Article, Builder, Catalogue, Clash, fingerprint};

/// Changes of one kind that are listed; the others are counted.
const LISTED: usize = 20;
/// Articles that others name, at the most: there are few deposits, and packs of many things.
const MOST_NAMED: usize = 200_000;

/// An import under way. Nothing is written before [`Ready::write`].
pub struct Import {
    store: ArticleStore,
    old: Kept,
    base: Catalogue,
    hasher: RandomState,
    /// The hashes of the old numbers in order, with their indexes.
    numbers: Vec<(u64, u32)>,
    /// By index: the hash of the article, and whether the new articles have its number.
    known: Vec<(u64, bool)>,
    builder: Builder,
    changes: Changes,
    /// Articles that others name as their deposit or as what is in a pack, and the first of these.
    named: BTreeMap<String, String>,
}

/// What an import changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Articles that were not there.
    pub new: Listed,
    /// Articles that were there and are another way now.
    pub changed: Listed,
    /// Articles that are not there any more.
    pub gone: Listed,
    /// Articles that are as they were.
    pub unchanged: usize,
    /// Taught articles that the new ones bring: they are ordinary ones from now on.
    pub taught: usize,
}

/// How many, and the first of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listed {
    /// All of them.
    pub count: usize,
    /// At most 20.
    pub first: Vec<Change>,
}

/// One article that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its number.
    pub number: String,
    /// Its name.
    pub name: String,
    /// What is another way, if it was there.
    pub columns: Vec<&'static str>,
}

impl Listed {
    fn add(&mut self, change: impl FnOnce() -> Change) {
        self.count += 1;
        if self.first.len() < LISTED {
            self.first.push(change());
        }
    }
}

impl Change {
    fn of(article: &Article, columns: Vec<&'static str>) -> Self {
        Self { number: article.number.clone(), name: article.name.clone(), columns }
    }
}

impl Import {
    /// Reads what is there.
    ///
    /// # Errors
    /// [`ArticleStoreError`]: a damaged file is not written over.
    pub fn begin(store: &ArticleStore) -> Result<Self, ArticleStoreError> {
        let old = store.read()?.unwrap_or_default();
        let base = old.imported.clone().unwrap_or_default();
        let hasher = RandomState::new();
        let mut numbers = Vec::with_capacity(base.len());
        let mut known = Vec::with_capacity(base.len());
        for (index, article) in (0_u32..).zip(base.iter()) {
            numbers.push((hasher.hash_one(article.number.to_ascii_uppercase()), index));
            known.push((fingerprint(&article), false));
        }
        numbers.sort_unstable();
        let (builder, changes) = (Builder::default(), Changes::default());
        let (store, named) = (store.clone(), BTreeMap::new());
        Ok(Self { store, old, base, hasher, numbers, known, builder, changes, named })
    }

    /// Takes the next of the new articles.
    pub fn push(&mut self, article: &Article) {
        self.builder.push(article);
        let pack = article.pack.as_ref().map(|pack| &pack.of);
        for other in article.deposit.iter().chain(pack) {
            if self.named.len() < MOST_NAMED && !self.named.contains_key(other) {
                self.named.insert(other.clone(), article.number.clone());
            }
        }
        let Self { base, hasher, numbers, known, changes, .. } = self;
        let hash = hasher.hash_one(article.number.to_ascii_uppercase());
        let place = numbers.binary_search_by_key(&hash, |(hash, _)| *hash).ok();
        let index = place.and_then(|place| numbers.get(place)).map(|(_, index)| *index as usize);
        let Some((old, seen)) = index.and_then(|index| known.get_mut(index)) else {
            return changes.new.add(|| Change::of(article, Vec::new()));
        };
        *seen = true;
        if *old == fingerprint(article) {
            changes.unchanged += 1;
            return;
        }
        changes.changed.add(|| {
            let old = index.and_then(|index| base.get(index)).unwrap_or_default();
            Change::of(article, columns(&old, article))
        });
    }

    /// How many articles it has taken.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.builder.len()
    }

    /// True before the first article.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.builder.is_empty()
    }

    /// All articles are taken.
    ///
    /// # Errors
    /// Pairs of articles with the same number or code.
    pub fn finish(self) -> Result<Ready, Vec<Clash>> {
        let Self { store, old, base, known, builder, mut changes, numbers, named, .. } = self;
        drop(numbers);
        for (index, _) in known.iter().enumerate().filter(|(_, (_, seen))| !seen) {
            changes.gone.add(|| Change::of(&base.get(index).unwrap_or_default(), Vec::new()));
        }
        drop((base, known));
        let Kept { generation, taught, .. } = old;
        let catalogue = builder.finish()?;
        let brought = taught.into_iter().map(|taught| taught.article);
        let forget: Vec<String> = brought
            .filter(|article| is_in(&catalogue, article))
            .map(|article| article.number)
            .collect();
        changes.taught = forget.len();
        let is_goods = |number: &str| {
            catalogue.by_number(number).is_some_and(|article| article.pack.is_none())
        };
        let lost = named.into_iter().filter(|(other, _)| !is_goods(other)).collect();
        Ok(Ready { store, generation, catalogue, changes, forget, lost })
    }
}

/// A complete import that is not written yet.
pub struct Ready {
    store: ArticleStore,
    generation: i64,
    catalogue: Catalogue,
    /// What it changes.
    pub changes: Changes,
    forget: Vec<String>,
    /// Numbers that articles name as their deposit or as what is in a pack, and that are no goods;
    /// and the first article that names each.
    pub lost: Vec<(String, String)>,
}

impl Ready {
    /// The new articles.
    #[must_use]
    pub const fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// Puts the new articles in the place of the old ones, in one transaction.
    ///
    /// # Errors
    /// [`ArticleStoreError`]; what was there is there then.
    pub fn write(self, files: &str, at: Timestamp) -> Result<Changes, ArticleStoreError> {
        let Self { store, generation, catalogue, changes, forget, .. } = self;
        store.replace(generation, &catalogue, files, at, &forget)?;
        Ok(changes)
    }
}

/// The columns in which two articles differ.
fn columns(old: &Article, new: &Article) -> Vec<&'static str> {
    [
        ("number", old.number != new.number),
        ("ean", old.eans != new.eans),
        ("name", old.name != new.name),
        ("short", old.short != new.short),
        ("price", old.price != new.price),
        ("vat", old.vat != new.vat),
        ("group", old.group != new.group),
        ("unit", old.unit != new.unit),
        ("deposit", old.deposit != new.deposit),
        ("age", old.age != new.age),
        ("pack", old.pack != new.pack),
        ("locked", old.locked != new.locked),
        ("note", old.note != new.note),
    ]
    .into_iter()
    .filter_map(|(name, differs)| differs.then_some(name))
    .collect()
}
