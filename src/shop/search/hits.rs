//! The best hits, found one kind of match after the other.

use super::matching::{Match, Typed, best};
use crate::shop::Catalogue;
use crate::shop::catalogue::Set;

/// What is found so far.
pub(super) struct Hits<'a> {
    catalogue: &'a Catalogue,
    limit: usize,
    /// Articles that lie over the packed ones: how each matches, its name's length, its index.
    laid: Vec<(Match, u8, usize)>,
    /// Packed articles that are found, or have others laid over them.
    seen: Set,
    /// Indexes, the best first.
    pub found: Vec<usize>,
}

impl<'a> Hits<'a> {
    pub(super) fn new(catalogue: &'a Catalogue, typed: &[Typed], limit: usize) -> Self {
        let (mut seen, mut laid) = (catalogue.nothing(), Vec::new());
        for (index, article) in catalogue.laid() {
            seen.insert(*index);
            if let Some(kind) = best(article, typed) {
                let length = u8::try_from(article.name.chars().count()).unwrap_or(u8::MAX);
                laid.push((kind, length, *index));
            }
        }
        Self { catalogue, limit, laid, seen, found: Vec::new() }
    }

    pub(super) const fn are_full(&self) -> bool {
        self.found.len() >= self.limit
    }

    /// Takes the best of the articles that are in all of `sets`, one set per typed word, and not
    /// found yet.
    pub(super) fn take(&mut self, kind: Match, sets: &[Set]) {
        let room = self.limit.saturating_sub(self.found.len());
        let Some((first, others)) = sets.split_first() else { return };
        if room == 0 {
            return;
        }
        let mut all = first.clone();
        for other in others {
            all.keep(other);
        }
        all.drop_all(&self.seen);
        self.seen.join(&all);
        // All of a million may match a letter: only those are put in order that have a chance.
        let length = |index: usize| self.catalogue.name_length(index);
        let mut counts = [0_usize; 256];
        for index in all.iter() {
            counts.get_mut(usize::from(length(index))).into_iter().for_each(|count| *count += 1);
        }
        let mut sum = 0;
        let longest = counts.iter().position(|count| {
            sum += count;
            sum >= room
        });
        let longest = longest.and_then(|longest| u8::try_from(longest).ok()).unwrap_or(u8::MAX);
        let mut last = room + 1;
        let chance = |index: usize| {
            let length = length(index);
            if length == longest {
                last = last.saturating_sub(1);
            }
            (length < longest || (length == longest && last > 0)).then_some((length, index))
        };
        let mut hits: Vec<(u8, usize)> = all.iter().filter_map(chance).collect();
        let laid = self.laid.iter().filter(|(own, ..)| *own == kind);
        hits.extend(laid.map(|(_, length, index)| (*length, *index)));
        hits.sort_unstable();
        self.found.extend(hits.into_iter().take(room).map(|(_, index)| index));
    }
}
