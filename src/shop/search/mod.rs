//! Finding articles by the words of their names, the way a cashier half remembers them.
//!
//! Owns the order of the hits. Each typed word must be in the article, in any order: as a word of
//! name, short name or number, as the beginning of one, within one ("brot" in "Roggenbrot"), or,
//! where that finds little, with typing errors. An article is as good as its worst word.

mod forgiving;
mod highlight;
mod hits;
mod matching;
mod numbers;
#[cfg(test)]
mod tests;

pub use highlight::highlight;

use self::hits::Hits;
use self::matching::{Match, Typed};
use super::Catalogue;
use super::catalogue::Set;

/// Words of a query that count; a search for more would take longer than a key may.
const MOST_WORDS: usize = 8;
/// With more words than this, none is forgiven an error.
const FORGIVEN_WORDS: usize = 4;
/// With fewer hits, typing errors are forgiven.
const LITTLE: usize = 5;

/// Indexes of the articles that match `query`, best first, at most `limit`.
///
/// Case and diacritics do not count, nor how umlauts are written. Words as typed come first, then
/// beginnings of words, then parts of words, then what is typed with errors; among those, shorter
/// names, then the order of the catalogue. The second value tells whether the best hit contains
/// every typed word literally: only then may Enter take it without the cashier having chosen it.
///
/// Numbers are looked at, other than as they are typed, where names do not fill `limit`.
#[must_use]
pub fn search(catalogue: &Catalogue, query: &str, limit: usize) -> (Vec<usize>, bool) {
    if query.trim().is_empty() {
        return ((0..catalogue.len().min(limit)).collect(), false);
    }
    let mut typed = Typed::all(query);
    typed.truncate(MOST_WORDS);
    if typed.is_empty() || limit == 0 {
        return (Vec::new(), false);
    }
    let mut hits = Hits::new(catalogue, &typed, limit);
    let exact: Vec<Set> = typed.iter().map(|word| word.exactly(catalogue)).collect();
    hits.take(Match::Exact, &exact);
    let grown = |sets: &[Set], grow: &dyn Fn(&Typed, &mut Set)| -> Vec<Set> {
        let mut sets = sets.to_vec();
        typed.iter().zip(&mut sets).for_each(|(word, set)| grow(word, set));
        sets
    };
    let mut beginning = grown(&exact, &|word, set| catalogue.with_beginning(&word.letters, set));
    hits.take(Match::Beginning, &beginning);
    if hits.are_full() {
        let literal = is_literal(catalogue, &hits.found, query);
        return (hits.found, literal);
    }
    let mut inside =
        grown(&beginning, &|word, set| catalogue.with_part(&word.letters, set, |_| true));
    hits.take(Match::Inside, &inside);
    if !hits.are_full() && numbers::collect(catalogue, &typed, &mut beginning, &mut inside) {
        // They may be better than what is found: once more from the beginning.
        hits = Hits::new(catalogue, &typed, limit);
        hits.take(Match::Exact, &exact);
        hits.take(Match::Beginning, &beginning);
        hits.take(Match::Inside, &inside);
    }
    let literal = is_literal(catalogue, &hits.found, query);
    if hits.found.len() < LITTLE.min(limit) && typed.len() <= FORGIVEN_WORDS {
        let mut forgiven =
            grown(&inside, &|word, set| forgiving::collect(catalogue, &word.letters, set));
        // What the names do not have literally, the numbers were not asked for either.
        numbers::collect(catalogue, &typed, &mut beginning, &mut forgiven);
        hits.take(Match::Forgiven, &forgiven);
    }
    (hits.found, literal)
}

/// Whether the best of `found`, which has each word, has signs between letters as they are typed
/// too: a code like `F<b` is no search for two words.
fn is_literal(catalogue: &Catalogue, found: &[usize], query: &str) -> bool {
    let Some(article) = found.first().and_then(|best| catalogue.get(*best)) else { return false };
    let as_typed = |text: &str| text.to_lowercase().replace(',', ".");
    let text = as_typed(&format!("{}\n{}\n{}", article.name, article.short, article.number));
    let with_signs = |part: &&str| part.contains(|c: char| !c.is_alphanumeric());
    let mut parts = query.split_whitespace().filter(with_signs);
    parts.all(|part| text.contains(&as_typed(part)))
}
