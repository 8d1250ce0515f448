//! Typing errors: a letter too many, too few, another one, or two exchanged.
//!
//! Owns how many are forgiven and the way to the words that are near. Of a word with `n` errors at
//! the most, one of `n + 1` pieces is right, so only words with such a piece are looked at.

use std::ops::Range;

use crate::shop::Catalogue;
use crate::shop::catalogue::Set;

/// From so many letters on one error is forgiven.
const ONE: usize = 4;
/// From so many letters on two are.
const TWO: usize = 8;

/// How many errors are forgiven in a word of so many letters.
const fn forgiven(letters: usize) -> usize {
    match letters {
        0..ONE => 0,
        ONE..TWO => 1,
        _ => 2,
    }
}

/// If `typed` with few errors is `word` or its beginning: how many letters of it.
pub(super) fn near(typed: &str, word: &str) -> Option<usize> {
    let typed: Vec<char> = typed.chars().collect();
    nearest(&typed, word)
}

fn nearest(typed: &[char], word: &str) -> Option<usize> {
    let most = forgiven(typed.len());
    if most == 0 || word.len() + most < typed.len() {
        return None;
    }
    let word: Vec<char> = word.chars().take(typed.len() + most).collect();
    // Rows of the table of distances: between the first letters typed, and so many of the word.
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=word.len()).collect();
    let mut last = None;
    for (count, letter) in (1..).zip(typed) {
        let mut next = Vec::with_capacity(row.len());
        next.push(count);
        let mut least = count;
        for (at, own) in (1..).zip(&word) {
            let cell = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX / 2);
            let mut errors = cell(&row, at - 1) + usize::from(letter != own);
            errors = errors.min(cell(&row, at) + 1).min(cell(&next, at - 1) + 1);
            let other = (at > 1).then(|| word.get(at - 2)).flatten();
            if last == Some(own) && other == Some(letter) {
                errors = errors.min(cell(&before, at - 2) + 1);
            }
            least = least.min(errors);
            next.push(errors);
        }
        if least > most {
            return None;
        }
        last = Some(letter);
        before = std::mem::replace(&mut row, next);
    }
    // Of equally good beginnings the longest, which is no longer than what is typed.
    let places = row.iter().enumerate().filter(|(_, errors)| **errors <= most);
    let (length, _) = places.min_by_key(|(at, errors)| (**errors, at.abs_diff(typed.len())))?;
    Some(length)
}

/// Takes the packed articles with a word that is near to `typed` into `set`.
pub(super) fn collect(catalogue: &Catalogue, typed: &str, set: &mut Set) {
    let letters: Vec<char> = typed.chars().collect();
    let most = forgiven(letters.len());
    if most == 0 {
        return;
    }
    let pieces = pieces(letters.len(), most + 1);
    let mut searched: Vec<String> = Vec::new();
    // Two letters that were exchanged across two pieces break both: put right, none.
    let borders = pieces.iter().map(|piece| piece.start);
    for border in borders {
        let mut letters = letters.clone();
        if border > 0 {
            letters.swap(border - 1, border);
        }
        for piece in &pieces {
            let part: String = letters.get(piece.clone()).unwrap_or_default().iter().collect();
            if !searched.contains(&part) {
                searched.push(part);
            }
        }
    }
    for part in searched {
        let wanted = |word: &[u8]| {
            std::str::from_utf8(word).is_ok_and(|word| nearest(&letters, word).is_some())
        };
        catalogue.with_part(&part, set, wanted);
    }
}

/// `letters` in `count` pieces of about the same length.
fn pieces(letters: usize, count: usize) -> Vec<Range<usize>> {
    (0..count).map(|at| at * letters / count..(at + 1) * letters / count).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_errors_are_forgiven_and_more_in_longer_words() {
        let near = |typed, word| near(typed, word).is_some();
        for (typed, word) in [
            ("brto", "brot"),
            ("bort", "brot"),
            ("brt", "brt"),
            ("brit", "brot"),
            ("artcle", "article"),
            ("rogenbort", "roggenbrot"),
            ("brotchne", "brotchen"),
            ("mlich", "milch"),
            ("milhc", "milchreis"),
        ] {
            assert!(near(typed, word) || typed.len() < 4, "{typed} {word}");
        }
        for (typed, word) in [("brt", "brot"), ("brrrt", "brot"), ("milk", "kilt"), ("abcd", "")] {
            assert!(!near(typed, word), "{typed} {word}");
        }
    }

    #[test]
    fn it_is_told_how_much_of_the_word_was_typed() {
        assert_eq!(near("milhc", "milchreis"), Some(5));
        assert_eq!(near("mich", "milchreis"), Some(5));
        assert_eq!(near("brotchen", "brotchen"), Some(8));
    }
}
