//! The packed articles and the ways to them.
//!
//! Owns what all clones of a catalogue share. Every way ends at the article itself: what is found
//! is held against what was asked for, so that no damage sells another article.

use memchr::memmem;
use zstd::bulk::Decompressor;

use super::bytes::Reader;
use super::frames::{Frames, record, records};
use super::set::Set;
use super::table::{Table, hash};
use super::vocabulary::Vocabulary;
use crate::shop::Article;

/// Articles of a frame.
pub(super) const ARTICLES: usize = 256;
/// Numbers of a frame.
pub(super) const NUMBERS: usize = 1_024;

/// Packed articles.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    /// How many articles there are.
    pub count: usize,
    /// What the hashes of the tables begin with.
    pub seed: u64,
    /// A digest of the articles in their order, however they are packed.
    pub digest: [u8; 16],
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

    fn number(&self, position: usize) -> Option<String> {
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

    /// All articles in order. It ends early at damage.
    pub(super) fn iter(&self) -> impl Iterator<Item = Article> {
        let all = |frames, count| Unpacked { frames, count, unpacker: Decompressor::new().ok() };
        let numbers = all(&self.numbers, 0).flat_map(owned);
        let articles = all(&self.articles, 0).flat_map(owned);
        numbers.zip(articles).map_while(|(number, article)| {
            super::record::read(&article, std::str::from_utf8(&number).ok()?)
        })
    }

    /// See [`super::Catalogue::numbers_with`].
    pub(super) fn numbers_with(&self, parts: &[&str], mut found: impl FnMut(usize, usize, bool)) {
        let finders: Vec<_> = parts.iter().map(memmem::Finder::new).collect();
        let frames =
            Unpacked { frames: &self.numbers, count: 0, unpacker: Decompressor::new().ok() };
        for (frame, numbers) in frames.enumerate() {
            // A frame is searched as it is: a part may also stand across two numbers, which is
            // looked at then.
            let small = numbers.to_ascii_lowercase();
            let mut places: Vec<(usize, usize)> = Vec::new();
            for (part, finder) in finders.iter().enumerate() {
                for hit in finder.find_iter(&small) {
                    if places.is_empty() {
                        places = spans(&numbers);
                    }
                    let next = places.partition_point(|(start, _)| *start <= hit);
                    let Some(place) = next.checked_sub(1) else { continue };
                    let Some((start, end)) = places.get(place) else { continue };
                    if hit + finder.needle().len() <= *end {
                        found(part, frame * NUMBERS + place, hit == *start);
                    }
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

fn owned(frame: Vec<u8>) -> impl Iterator<Item = Vec<u8>> {
    // A frame is some kilobytes; its records are handed on one by one.
    records(&frame).map(<[u8]>::to_vec).collect::<Vec<_>>().into_iter()
}

/// The records of one frame after the other.
struct Unpacked<'a> {
    frames: &'a Frames,
    count: usize,
    unpacker: Option<Decompressor<'static>>,
}

impl Iterator for Unpacked<'_> {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        let records = self.frames.unpack_with(self.unpacker.as_mut()?, self.count)?;
        self.count += 1;
        Some(records)
    }
}

/// Whether `article` has this code.
pub(super) fn has_code(article: &Article, code: &str) -> bool {
    article.eans.iter().any(|own| gtin(own) == gtin(code))
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
