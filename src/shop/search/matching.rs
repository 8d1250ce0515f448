//! How a typed word matches a word.

use super::forgiving::near;
use crate::shop::catalogue::Set;
use crate::shop::words::words;
use crate::shop::{Article, Catalogue};

/// From the best to the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Match {
    /// It is the word.
    Exact,
    /// The word begins so.
    Beginning,
    /// It is within the word.
    Inside,
    /// With typing errors, it is the word or its beginning.
    Forgiven,
}

/// A word of the query.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Typed {
    /// As words are compared.
    pub letters: String,
    /// As it is written, in small letters: what numbers are compared with.
    pub written: String,
}

impl Typed {
    /// The different words of `query`.
    pub(super) fn all(query: &str) -> Vec<Self> {
        let typed = |word: crate::shop::words::Word| {
            let start = word.places.first().map_or(0, |place| place.start);
            let end = word.places.last().map_or(0, |place| place.end);
            let written = query.get(start..end).unwrap_or_default().to_ascii_lowercase();
            Self { letters: word.letters, written }
        };
        let mut all: Vec<Self> = words(query).into_iter().map(typed).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The packed articles that have it as a word or as their number.
    pub(super) fn exactly(&self, catalogue: &Catalogue) -> Set {
        let mut set = catalogue.nothing();
        catalogue.with_word(&self.letters, &mut set);
        catalogue.with_number(&self.written, &mut set);
        set
    }

    /// How it matches `word`.
    pub(super) fn matches(&self, word: &str) -> Option<Match> {
        literally(&self.letters, word)
            .or_else(|| near(&self.letters, word).map(|_| Match::Forgiven))
    }
}

fn literally(typed: &str, word: &str) -> Option<Match> {
    match word.find(typed)? {
        0 if word.len() == typed.len() => Some(Match::Exact),
        0 => Some(Match::Beginning),
        _ => Some(Match::Inside),
    }
}

/// How `article` matches all of `typed`: as its worst word does.
pub(super) fn best(article: &Article, typed: &[Typed]) -> Option<Match> {
    let mut own = words(&article.name);
    own.extend(words(&article.short));
    let number = article.number.to_ascii_lowercase();
    let of_word = |typed: &Typed| {
        let of_names = own.iter().filter_map(|word| typed.matches(&word.letters));
        of_names.chain(literally(&typed.written, &number)).min()
    };
    typed.iter().map(of_word).try_fold(Match::Exact, |worst, kind| Some(worst.max(kind?)))
}
