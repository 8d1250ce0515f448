//! The packed articles and the ways to them.
//!
//! Owns what all clones of a catalogue share. Every way ends at the article itself: what is found
//! is held against what was asked for, so that no damage sells another article.

use memchr::memmem;

use super::bytes::Reader;
use super::frames::{Cursor, Frames, record, records};
use super::set::Set;
use super::table::{Table, hash};
use super::vocabulary::Vocabulary;
use crate::shop::Article;

/// Articles of a frame.
pub(super) const ARTICLES: usize = 256;
/// Numbers of a frame.
pub(super) const NUMBERS: usize = 512;

/// Which letters and digits stand in texts, in any case; everything else is one more letter.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Letters(pub u64);

impl Letters {
    pub(super) fn add(&mut self, text: &str) {
        self.0 |= Self::of(text).0;
    }

    fn of(text: &str) -> Self {
        let bit = |byte: u8| match byte.to_ascii_lowercase() {
            digit @ b'0'..=b'9' => digit - b'0',
            letter @ b'a'..=b'z' => letter - b'a' + 10,
            _ => 36,
        };
        Self(text.bytes().fold(0, |letters, byte| letters | 1 << bit(byte)))
    }

    /// Whether `text` may be a part of one of the texts.
    pub(super) fn may_hold(self, text: &str) -> bool {
        Self::of(text).0 & !self.0 == 0
    }

    fn are_digits(self) -> bool {
        self.0 < 1 << 10
    }
}

/// Packed articles.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    /// How many articles there are.
    pub count: usize,
    /// What the hashes of the tables begin with.
    pub seed: u64,
    /// A digest of the articles in their order, however they are packed.
    pub digest: [u8; 16],
    /// What the numbers consist of.
    pub number_letters: Letters,
    /// The articles without their numbers.
    pub articles: Frames,
    /// Their numbers.
    pub numbers: Frames,
    pub by_number: Table,
    pub by_code: Table,
    /// The words of names and short names.
    pub words: Vocabulary,
    /// Letters of the names, 255 at the most.
    pub lengths: Vec<u8>,
}

impl Shelf {
    /// The article at `position`.
    pub(super) fn get(&self, position: usize) -> Option<Article> {
        let number = self.number(position)?;
        let records = self.articles.unpack(position / ARTICLES)?;
        super::record::read(record(&records, position % ARTICLES)?, &number)
    }

    pub(super) fn number(&self, position: usize) -> Option<String> {
        let records = self.numbers.unpack(position / NUMBERS)?;
        let number = record(&records, position % NUMBERS)?;
        std::str::from_utf8(number).ok().map(str::to_owned)
    }

    /// Where the article with this number is.
    pub(super) fn position_of_number(&self, number: &str) -> Option<usize> {
        self.by_number.find(number_hash(self.seed, number)).find(|position| {
            self.number(*position).is_some_and(|own| own.eq_ignore_ascii_case(number))
        })
    }

    /// The article with this code, and where it is.
    pub(super) fn with_code(&self, code: &str) -> Option<(usize, Article)> {
        self.by_code.find(code_hash(self.seed, code)).find_map(|position| {
            let article = self.get(position)?;
            has_code(&article, code).then_some((position, article))
        })
    }

    /// See [`super::Catalogue::hidden`].
    pub(super) fn hidden(&self) -> impl Iterator<Item = (usize, usize, String)> {
        let numbers = unpacked(&self.numbers).flat_map(owned);
        let mut articles = Cursor::new(&self.articles, ARTICLES);
        numbers.enumerate().filter_map(move |(index, number)| {
            let number = String::from_utf8(number).ok()?;
            let other = self.by_code.find(code_hash(self.seed, &number)).find(|position| {
                let article = articles.at(*position).and_then(|own| super::record::read(own, ""));
                article.is_some_and(|article| has_code(&article, &number))
            })?;
            (other != index).then_some((index, other, number))
        })
    }

    /// All articles in order. It ends early at damage.
    pub(super) fn iter(&self) -> impl Iterator<Item = Article> {
        let numbers = unpacked(&self.numbers).flat_map(owned);
        let articles = unpacked(&self.articles).flat_map(owned);
        numbers.zip(articles).map_while(|(number, article)| {
            super::record::read(&article, std::str::from_utf8(&number).ok()?)
        })
    }

    /// See [`super::Catalogue::numbers_with`].
    pub(super) fn numbers_with(&self, part: &str, mut found: impl FnMut(usize, bool)) {
        let finder = memmem::Finder::new(part);
        for (frame, mut numbers) in unpacked(&self.numbers).enumerate() {
            let mut places = Vec::new();
            let records = numbers.clone();
            if !self.number_letters.are_digits() {
                numbers.make_ascii_lowercase();
            }
            // A frame is searched as it is: a part may also stand across two numbers.
            for hit in finder.find_iter(&numbers) {
                if places.is_empty() {
                    places = spans(&records);
                }
                let next = places.partition_point(|(start, _)| *start <= hit);
                let Some(place) = next.checked_sub(1) else { continue };
                let Some((start, end)) = places.get(place) else { continue };
                if hit + part.len() <= *end {
                    found(frame * NUMBERS + place, hit == *start);
                }
            }
        }
    }

    /// No article.
    pub(super) fn nothing(&self) -> Set {
        Set::empty(self.count)
    }
}

/// Where the records of a frame begin and end.
fn spans(frame: &[u8]) -> Vec<(usize, usize)> {
    let mut reader = Reader(frame);
    std::iter::from_fn(|| {
        let length = reader.index()?;
        let start = frame.len() - reader.0.len();
        reader.take(length)?;
        Some((start, start + length))
    })
    .collect()
}

#[allow(clippy::needless_pass_by_value)] // It is an iterator's item.
fn owned(frame: Vec<u8>) -> impl Iterator<Item = Vec<u8>> {
    // A frame is some kilobytes; its records are handed on one by one.
    records(&frame).map(<[u8]>::to_vec).collect::<Vec<_>>().into_iter()
}

/// The records of one frame after the other, up to a damaged one.
fn unpacked(frames: &Frames) -> impl Iterator<Item = Vec<u8>> {
    (0..frames.count()).map_while(|frame| frames.unpack(frame))
}

/// Whether `article` has this code.
pub(super) fn has_code(article: &Article, code: &str) -> bool {
    article.eans.iter().any(|own| is_same_code(own, code))
}

/// Whether an article with one code is found by the other.
pub(in crate::shop) fn is_same_code(one: &str, other: &str) -> bool {
    gtin(one) == gtin(other)
}

/// Letters of a number in any case are the same.
pub(super) fn number_hash(seed: u64, number: &str) -> u64 {
    hash(seed, number.bytes().map(|byte| byte.to_ascii_uppercase()))
}

pub(super) fn code_hash(seed: u64, code: &str) -> u64 {
    let (long, digits) = gtin(code);
    hash(seed, std::iter::once(u8::from(long)).chain(digits.bytes()))
}

/// What makes two codes the same: those of 12 and 13 digits are 14-digit ones with leading zeros.
/// Eight-digit codes stay apart: an EAN-8 is not the EAN-13 that its digits with zeros in front
/// would name.
pub(super) fn gtin(code: &str) -> (bool, &str) {
    if (12..=14).contains(&code.len()) {
        (true, code.trim_start_matches('0'))
    } else {
        (false, code)
    }
}
