//! Packs articles into a catalogue, one after the other.
//!
//! Owns what is in memory meanwhile: the frames so far, a hash and a position per number and code,
//! and the words; never the articles themselves.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::frames::{Cursor, Packer};
use super::shelf::{ARTICLES, Letters, NUMBERS, Shelf, code_hash, is_same_code, number_hash};
use super::table::Table;
use super::vocabulary::Collector;
use super::{Catalogue, Clash};
use crate::shop::Article;
use crate::shop::words::words;

/// A catalogue that is being packed.
pub struct Builder {
    seed: u64,
    count: u32,
    digest: Sha256,
    articles: Packer,
    numbers: Packer,
    number_keys: Vec<(u64, u32)>,
    code_keys: Vec<(u64, u32)>,
    words: Collector,
    lengths: Vec<u8>,
    number_letters: Letters,
    record: Vec<u8>,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            // Nobody who writes an article file can make all of its keys collide.
            seed: RandomState::new().hash_one(0_u8),
            count: 0,
            digest: Sha256::new(),
            articles: Packer::new(ARTICLES),
            numbers: Packer::new(NUMBERS),
            number_keys: Vec::new(),
            code_keys: Vec::new(),
            words: Collector::default(),
            lengths: Vec::new(),
            number_letters: Letters::default(),
            record: Vec::new(),
        }
    }
}

impl Builder {
    /// Takes the next article: about 40 bytes of memory for it, and 60 more until
    /// [`Builder::finish`].
    pub fn push(&mut self, article: &Article) {
        self.record.clear();
        super::record::put(&mut self.record, article);
        self.digest.update(article.number.as_bytes());
        self.digest.update([0]);
        self.digest.update(&self.record);
        self.articles.push(&self.record);
        self.numbers.push(article.number.as_bytes());
        self.number_letters.add(&article.number);
        let position = self.count;
        self.number_keys.push((number_hash(self.seed, &article.number), position));
        for code in &article.eans {
            self.code_keys.push((code_hash(self.seed, code), position));
        }
        let mut all = words(&article.name);
        if !article.short.is_empty() {
            all.extend(words(&article.short));
        }
        self.words.push(all.iter().map(|word| word.letters.as_str()));
        self.lengths.push(u8::try_from(article.name.chars().count()).unwrap_or(u8::MAX));
        self.count = self.count.saturating_add(1);
    }

    /// How many articles it has taken.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.count as usize
    }

    /// True before the first article.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The catalogue.
    ///
    /// # Errors
    /// All pairs of articles that share a number or a code, in the order of the second ones.
    pub fn finish(self) -> Result<Catalogue, Vec<Clash>> {
        let mut clashes = Vec::new();
        let catalogue = self.finish_telling(|first, second, code| {
            clashes.push(Clash { first, second, code: code.to_owned() });
        });
        clashes.sort_by_key(|clash| clash.second);
        if clashes.is_empty() { Ok(catalogue) } else { Err(clashes) }
    }

    /// The catalogue; tells `clash` which articles could never be found: the position of the one
    /// that stays, its own, and the number or code that both carry.
    pub(in crate::shop) fn finish_telling(
        self,
        mut clash: impl FnMut(usize, usize, &str),
    ) -> Catalogue {
        let Self { seed, count, digest, articles, numbers, words, .. } = self;
        let Self { mut number_keys, mut code_keys, mut lengths, number_letters, .. } = self;
        let (articles, numbers) = (articles.finish(), numbers.finish());
        lengths.shrink_to_fit();
        let digest = digest.finalize().first_chunk().copied().unwrap_or_default();
        number_keys.sort_unstable();
        let by_number = Table::of(&number_keys);
        code_keys.sort_unstable();
        let by_code = Table::of(&code_keys);
        let words = words.finish();
        let count = count as usize;
        let packed = Shelf {
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
        clashing_numbers(&packed, &number_keys, &mut clash);
        clashing_codes(&packed, &code_keys, &mut clash);
        Catalogue { shelf: Arc::new(packed), laid: Arc::default() }
    }
}

fn clashing_numbers(
    shelf: &Shelf,
    keys: &[(u64, u32)],
    clash: &mut impl FnMut(usize, usize, &str),
) {
    let mut records = Cursor::new(&shelf.numbers, NUMBERS);
    for run in runs(keys) {
        let mut seen: Vec<(String, usize)> = Vec::new();
        for position in run.iter().map(|(_, position)| *position as usize) {
            let number = String::from_utf8_lossy(records.at(position).unwrap_or_default());
            match seen.iter().find(|(other, _)| other.eq_ignore_ascii_case(&number)) {
                Some((_, first)) => clash(*first, position, &number),
                None => seen.push((number.into_owned(), position)),
            }
        }
    }
}

fn clashing_codes(shelf: &Shelf, keys: &[(u64, u32)], clash: &mut impl FnMut(usize, usize, &str)) {
    let mut records = Cursor::new(&shelf.articles, ARTICLES);
    for run in runs(keys) {
        let hash = run.first().map_or(0, |(hash, _)| *hash);
        let mut seen: Vec<(String, usize)> = Vec::new();
        // An article that has the code twice is in the run twice.
        let mut last = None;
        for position in run.iter().map(|(_, position)| *position as usize) {
            if last.replace(position) == Some(position) {
                continue;
            }
            let bytes = records.at(position).unwrap_or_default();
            let Some(article) = super::record::read(bytes, "") else { continue };
            for code in article.eans {
                if code_hash(shelf.seed, &code) != hash {
                    continue;
                }
                match seen.iter().find(|(other, _)| is_same_code(other, &code)) {
                    Some((_, first)) => clash(*first, position, &code),
                    None => seen.push((code, position)),
                }
            }
        }
    }
}

/// The keys that share their hash with others, in runs; `keys` are in order.
fn runs(keys: &[(u64, u32)]) -> impl Iterator<Item = &[(u64, u32)]> {
    keys.chunk_by(|a, b| a.0 == b.0).filter(|run| run.len() > 1)
}
