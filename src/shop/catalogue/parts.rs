//! The packed form as bytes, to be kept in a file and read back without packing anything.
//!
//! Owns the names of the parts and what must fit together. Whoever keeps them sees to it that they
//! come back unchanged; what does not fit is damage, and what fits is still read with care.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::Catalogue;
use super::bytes::{Reader, length, put_number};
use super::frames::Frames;
use super::shelf::{ARTICLES, Letters, NUMBERS, Shelf};
use super::table::{self, Table};
use super::vocabulary::Vocabulary;

/// The packed form that is written, and the only one that is read.
const FORM: u64 = 1;

/// One part of a packed catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Part {
    About,
    Articles,
    ArticleIndex,
    Numbers,
    NumberIndex,
    ByNumber,
    ByCode,
    Words,
    WordGroups,
    WordLists,
    Lengths,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::About,
        Self::Articles,
        Self::ArticleIndex,
        Self::Numbers,
        Self::NumberIndex,
        Self::ByNumber,
        Self::ByCode,
        Self::Words,
        Self::WordGroups,
        Self::WordLists,
        Self::Lengths,
    ];

    /// Its name in a file.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::About => "about",
            Self::Articles => "articles",
            Self::ArticleIndex => "article-index",
            Self::Numbers => "numbers",
            Self::NumberIndex => "number-index",
            Self::ByNumber => "by-number",
            Self::ByCode => "by-code",
            Self::Words => "words",
            Self::WordGroups => "word-groups",
            Self::WordLists => "word-lists",
            Self::Lengths => "lengths",
        }
    }
}

/// The bytes of all parts, in the order of [`Part::ALL`].
pub type Parts = [Vec<u8>; Part::ALL.len()];

/// Parts that are no catalogue: why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage(&'static str);

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Damage {}

impl Catalogue {
    /// The bytes of the packed articles, part by part; what is laid over them is not in it.
    #[must_use]
    pub fn parts(&self) -> Vec<(Part, Cow<'_, [u8]>)> {
        let packed = &*self.shelf;
        let mut about = Vec::new();
        let numbers = [FORM, length(packed.count), packed.seed, packed.number_letters.0];
        for number in numbers {
            put_number(&mut about, number);
        }
        about.extend_from_slice(&packed.digest);
        let others: [&[u8]; Part::ALL.len() - 1] = [
            &packed.articles.bytes,
            &packed.articles.index,
            &packed.numbers.bytes,
            &packed.numbers.index,
            &packed.by_number.0,
            &packed.by_code.0,
            &packed.words.text,
            &packed.words.groups,
            &packed.words.lists,
            &packed.lengths,
        ];
        let all = std::iter::once(Cow::Owned(about)).chain(others.map(Cow::Borrowed));
        Part::ALL.into_iter().zip(all).collect()
    }

    /// The catalogue of these parts.
    ///
    /// # Errors
    /// They are of another form, or do not fit together.
    pub fn from_parts(parts: Parts) -> Result<Self, Damage> {
        let [about, articles, article_index, numbers, number_index, rest @ ..] = parts;
        let [by_number, by_code, text, groups, lists, lengths] = rest;
        let mut from = Reader(&about);
        match from.number() {
            Some(FORM) => {}
            Some(form) if form > FORM => {
                return Err(Damage("they were packed by a newer version of kasse"));
            }
            _ => return Err(Damage("they are not packed articles")),
        }
        let broken = Damage("the parts do not fit together");
        let numbers_of =
            |from: &mut Reader<'_>| Some((from.index()?, from.number()?, Letters(from.number()?)));
        let (count, seed, number_letters) = numbers_of(&mut from).ok_or_else(|| broken.clone())?;
        let digest = from.0.try_into().map_err(|_| broken.clone())?;
        let articles = Frames { bytes: articles, index: article_index };
        let numbers = Frames { bytes: numbers, index: number_index };
        let fits = count <= table::MOST
            && articles.count() == count.div_ceil(ARTICLES)
            && numbers.count() == count.div_ceil(NUMBERS)
            && lengths.len() == count;
        if !fits {
            return Err(broken);
        }
        let (by_number, by_code) = (Table(by_number), Table(by_code));
        let words = Vocabulary { text, groups, lists };
        let shelf = Shelf {
            count,
            seed,
            digest,
            number_letters,
            articles,
            numbers,
            by_number,
            by_code,
            words,
            lengths,
        };
        Ok(Self { shelf: Arc::new(shelf), laid: Arc::default() })
    }
}
