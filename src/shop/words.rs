//! Texts as words that can be compared: without case, diacritics and punctuation.
//!
//! Owns what counts as the same letter. "Brötchen", "BROTCHEN" and "broetchen" are one word, and so
//! are "Straße" and "Strasse": an `e` behind `a`, `o` or `u` does not count anywhere. The beginning
//! of a word always becomes the beginning of what the word becomes.

use std::ops::Range;

use nucleo_matcher::chars::normalize;

/// Letters of a word that count; what is behind them is left out.
pub(super) const LONGEST_WORD: usize = 60;
/// Words of a text that count.
pub(super) const MOST_WORDS: usize = 255;

/// A word of a text.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// What it is compared by; never empty, never with a line break.
    pub letters: String,
    /// Where each of the letters stands in the text, in bytes.
    pub places: Vec<Range<usize>>,
}

/// The words of `text`, in order.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut word = Word::default();
    let mut chars = text.char_indices().peekable();
    let mut before = ' ';
    while let Some((at, c)) = chars.next() {
        let end = at + c.len_utf8();
        let next = chars.peek().map_or(' ', |(_, next)| *next);
        if is_mark(c) {
            word.stretch(end);
        } else if c.is_alphanumeric() {
            word.push(c, at..end);
        } else if matches!(c, '.' | ',') && before.is_ascii_digit() && next.is_ascii_digit() {
            // "1,5 l" and "1.5l".
            word.put('.', at..end);
        } else if !word.letters.is_empty() {
            words.push(std::mem::take(&mut word));
            if words.len() == MOST_WORDS {
                return words;
            }
        }
        before = c;
    }
    if !word.letters.is_empty() {
        words.push(word);
    }
    words
}

/// A diacritic behind its letter.
const fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

impl Word {
    fn push(&mut self, c: char, place: Range<usize>) {
        for c in c.to_lowercase() {
            match c {
                'ß' => {
                    self.put('s', place.clone());
                    self.put('s', place.clone());
                }
                'æ' => self.put('a', place.clone()),
                'œ' => self.put('o', place.clone()),
                'þ' => self.put('t', place.clone()),
                c if is_mark(c) => self.stretch(place.end),
                c => match normalize(c) {
                    'e' if self.letters.ends_with(['a', 'o', 'u']) => self.stretch(place.end),
                    c => self.put(c, place.clone()),
                },
            }
        }
    }

    fn put(&mut self, c: char, place: Range<usize>) {
        if self.places.len() < LONGEST_WORD {
            self.letters.push(c);
            self.places.push(place);
        }
    }

    /// The last letter reaches to `end`.
    fn stretch(&mut self, end: usize) {
        if let Some(last) = self.places.last_mut() {
            last.end = end;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing)]

    use super::*;

    fn letters(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.letters).collect()
    }

    #[test]
    fn case_diacritics_and_spellings_of_umlauts_do_not_count() {
        for text in ["Brötchen", "BRÖTCHEN", "brotchen", "broetchen", "Bro\u{308}tchen"] {
            assert_eq!(letters(text), ["brotchen"], "{text}");
        }
        assert_eq!(letters("Straße Suède"), letters("STRASSE suede"));
        assert_eq!(letters("Crème brûlée Ærø Łódź"), ["creme", "brulee", "aro", "lodz"]);
    }

    #[test]
    fn words_end_at_what_is_neither_letter_nor_digit_but_not_within_a_number() {
        assert_eq!(letters("Coca-Cola 1,5l (6x0.33) 3."), ["coca", "cola", "1.5l", "6x0.33", "3"]);
        assert_eq!(letters(" -/% "), Vec::<String>::new());
        assert_eq!(letters("A\nB"), ["a", "b"]);
    }

    #[test]
    fn what_is_typed_so_far_is_the_beginning_of_the_word() {
        for word in ["Feuerwehrmann", "Brötchen", "Ausbaeuerlich", "Maße", "quelle", "oeuvre"] {
            let whole = letters(word).concat();
            for (end, _) in word.char_indices().skip(1) {
                let typed = letters(&word[..end]).concat();
                assert!(whole.starts_with(&typed), "{word}: {typed} of {whole}");
            }
        }
    }

    #[test]
    fn letters_know_their_places() {
        let word = &words("x Bröetß")[1];
        assert_eq!(word.letters, "brotss");
        assert_eq!(word.places, [2..3, 3..4, 4..7, 7..8, 8..10, 8..10]);
    }

    #[test]
    fn long_words_and_texts_are_cut() {
        assert_eq!(letters(&"x".repeat(10_000)).concat().len(), LONGEST_WORD);
        assert_eq!(letters(&"x ".repeat(10_000)).len(), MOST_WORDS);
    }
}
