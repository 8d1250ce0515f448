//! Typing errors: a letter too many, too few, another one, or two exchanged.
//!
//! Owns how many are forgiven and the way to the words that are near. Of a word with `n` errors at
//! the most, one of `n + 1` pieces is right, so only words with such a piece are looked at.

use std::ops::Range;

use crate::shop::Catalogue;
use crate::shop::catalogue::Set;
use crate::shop::words::LONGEST_WORD;

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

/// A row of the table of distances: a typed word has at most 60 letters, and two may be missing.
type Row = [u8; LONGEST_WORD + 4];

fn nearest(typed: &[char], word: &str) -> Option<usize> {
    let most = forgiven(typed.len());
    if most == 0 || word.len() + most < typed.len() {
        return None;
    }
    let mut letters = ['\0'; LONGEST_WORD + 2];
    let mut count = 0;
    for (place, letter) in letters.iter_mut().zip(word.chars().take(typed.len() + most)) {
        *place = letter;
        count += 1;
    }
    let word = letters.get(..count)?;
    let most = u8::try_from(most).ok()?;
    // Between the letters typed so far, and so many of the word.
    let cell = |row: &Row, at: usize| row.get(at).copied().unwrap_or(u8::MAX / 2);
    let mut before: Row = [u8::MAX / 2; LONGEST_WORD + 4];
    let mut row: Row = std::array::from_fn(|at| u8::try_from(at).unwrap_or(u8::MAX / 2));
    let mut last = None;
    for (done, letter) in (1_u8..).zip(typed) {
        let mut next: Row = [u8::MAX / 2; LONGEST_WORD + 4];
        let mut left = done;
        let mut lowest = done;
        if let Some(first) = next.first_mut() {
            *first = done;
        }
        for (at, own) in (1..).zip(word) {
            let mut errors = cell(&row, at - 1) + u8::from(letter != own);
            errors = errors.min(cell(&row, at) + 1).min(left + 1);
            if last == Some(own) && at > 1 && word.get(at - 2) == Some(letter) {
                errors = errors.min(cell(&before, at - 2) + 1);
            }
            lowest = lowest.min(errors);
            left = errors;
            if let Some(place) = next.get_mut(at) {
                *place = errors;
            }
        }
        if lowest > most {
            return None;
        }
        last = Some(letter);
        before = std::mem::replace(&mut row, next);
    }
    // Of equally good beginnings the one that is as long as what is typed, or nearly.
    let places = row.iter().take(count + 1).enumerate().filter(|(_, errors)| **errors <= most);
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
