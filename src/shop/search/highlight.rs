//! Which parts of a name are what was typed.

use std::ops::Range;

use super::forgiving::near;
use super::matching::{Match, Typed};
use crate::shop::words::{Word, words};

/// The ranges of `name`, in bytes, that match the words of `query`: in order, apart from each
/// other, on the borders of letters.
#[must_use]
pub fn highlight(name: &str, query: &str) -> Vec<Range<usize>> {
    let own = words(name);
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for typed in Typed::all(query) {
        let matches = own.iter().filter_map(|word| Some((typed.matches(&word.letters)?, word)));
        let Some((kind, word)) = matches.min_by_key(|(kind, _)| *kind) else { continue };
        ranges.extend(place(&typed.letters, kind, word));
    }
    ranges.sort_unstable_by_key(|range| (range.start, range.end));
    let mut apart: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match apart.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => apart.push(range),
        }
    }
    apart
}

fn place(typed: &str, kind: Match, word: &Word) -> Option<Range<usize>> {
    let letters = match kind {
        Match::Forgiven => 0..near(typed, &word.letters)?,
        Match::Exact | Match::Beginning | Match::Inside => {
            let before = word.letters.get(..word.letters.find(typed)?)?;
            let first = before.chars().count();
            first..first + typed.chars().count()
        }
    };
    let places = word.places.get(letters)?;
    Some(places.first()?.start..places.last()?.end)
}
