//! Finding articles by name, the way a cashier half remembers it.

use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::Catalogue;

/// Indexes of the articles that match `query`, best first, at most `limit`.
///
/// Case and diacritics do not count ("broetchen" does not find "Brötchen", "brotchen" does). The
/// second value tells whether the best hit contains every typed word literally: only then may
/// Enter take it without the cashier having chosen it.
#[must_use]
pub fn search(catalogue: &Catalogue, query: &str, limit: usize) -> (Vec<usize>, bool) {
    let query = query.trim();
    if query.is_empty() {
        return ((0..catalogue.len().min(limit)).collect(), false);
    }
    let mut matcher = Matcher::new(Config::DEFAULT);
    let mut scored = score(catalogue, query, AtomKind::Substring, &mut matcher);
    let literal = !scored.is_empty();
    if !literal {
        scored = score(catalogue, query, AtomKind::Fuzzy, &mut matcher);
    }
    let best_first = |a: &(u32, usize), b: &(u32, usize)| b.0.cmp(&a.0).then(a.1.cmp(&b.1));
    if scored.len() > limit {
        // Only the best ones have to be put in order.
        scored.select_nth_unstable_by(limit, best_first);
        scored.truncate(limit);
    }
    scored.sort_unstable_by(best_first);
    (scored.into_iter().map(|(_, index)| index).collect(), literal)
}

fn score(
    catalogue: &Catalogue,
    query: &str,
    kind: AtomKind,
    matcher: &mut Matcher,
) -> Vec<(u32, usize)> {
    let pattern = Pattern::new(query, CaseMatching::Ignore, Normalization::Smart, kind);
    let mut buffer = Vec::new();
    let mut text = String::new();
    catalogue
        .iter()
        .enumerate()
        .filter_map(|(index, article)| {
            text.clear();
            text.push_str(&article.name);
            text.push(' ');
            text.push_str(&article.number);
            let score = pattern.score(Utf32Str::new(&text, &mut buffer), matcher)?;
            Some((score, index))
        })
        .collect()
}
