//! Going on after a page: what was found stays as it was found until it is read or expires.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::sandbox::ids::Ids;
use crate::sandbox::refusal::Refusal;

/// So many scrolls are open at a time; a further one ends the oldest.
const MOST_OPEN: usize = 32;
/// What is not read yet of all of them together, bytes; a further scroll ends the oldest ones.
const MOST_BYTES: usize = 32 << 20;

/// The open scrolls.
pub(crate) struct Scrolls(Mutex<Open>);

struct Open {
    ids: Ids,
    /// Oldest first.
    contexts: VecDeque<Context>,
}

struct Context {
    id: String,
    /// The list that it belongs to.
    list: &'static str,
    total: usize,
    page_size: usize,
    /// What was not read yet, as text: a resource in memory is several times that.
    rest: std::vec::IntoIter<String>,
    keep: SignedDuration,
    ends: Timestamp,
}

/// What a list call found, as much of it as the answer shows.
#[derive(Debug, PartialEq)]
pub(crate) struct Page {
    /// All matches, not only those of this page.
    pub(crate) count: usize,
    /// This page.
    pub(crate) data: Vec<Value>,
    /// Where to go on, if that was asked for.
    pub(crate) scroll_id: Option<String>,
}

impl Open {
    const fn new(seed: u64) -> Self {
        Self { ids: Ids::new(seed), contexts: VecDeque::new() }
    }

    /// What is not read yet of all scrolls, bytes.
    fn bytes(&self) -> usize {
        let rest =
            |context: &Context| -> usize { context.rest.as_slice().iter().map(String::len).sum() };
        self.contexts.iter().map(rest).sum()
    }
}

impl Scrolls {
    /// No open scrolls; ids follow from `seed`.
    pub(crate) const fn new(seed: u64) -> Self {
        Self(Mutex::new(Open::new(seed)))
    }

    /// Ends all scrolls; ids follow from `seed` again.
    pub(crate) fn restart(&self, seed: u64) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Open::new(seed);
    }

    /// Splits what `list` found into its first page and a scroll for the rest.
    pub(crate) fn begin(
        &self,
        list: &'static str,
        mut found: Vec<Value>,
        page_size: usize,
        keep: SignedDuration,
        now: Timestamp,
    ) -> Page {
        let total = found.len();
        let rest: Vec<String> =
            found.split_off(page_size.min(total)).iter().map(Value::to_string).collect();
        let mut open = self.open(now);
        let id = open.ids.hex(40);
        let bytes: usize = rest.iter().map(String::len).sum();
        while open.contexts.len() >= MOST_OPEN
            || !open.contexts.is_empty() && open.bytes() + bytes > MOST_BYTES
        {
            open.contexts.pop_front();
        }
        open.contexts.push_back(Context {
            id: id.clone(),
            list,
            total,
            page_size,
            rest: rest.into_iter(),
            keep,
            ends: now.saturating_add(keep).unwrap_or(Timestamp::MAX),
        });
        Page { count: total, data: found, scroll_id: Some(id) }
    }

    /// The next page, empty after the last one.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for a scroll that has ended or was another list's.
    pub(crate) fn next(
        &self,
        list: &'static str,
        id: &str,
        keep: Option<SignedDuration>,
        now: Timestamp,
    ) -> Result<Page, Refusal> {
        let mut open = self.open(now);
        let mut contexts = open.contexts.iter_mut();
        let context = contexts
            .find(|context| context.id == id && context.list == list)
            .ok_or_else(|| Refusal::NotFound("scroll_id".to_owned()))?;
        context.keep = keep.unwrap_or(context.keep);
        context.ends = now.saturating_add(context.keep).unwrap_or(Timestamp::MAX);
        let page = context.rest.by_ref().take(context.page_size);
        // Our own text always reads.
        let data = page.map(|text| serde_json::from_str(&text).unwrap_or_default()).collect();
        Ok(Page { count: context.total, data, scroll_id: Some(context.id.clone()) })
    }

    /// The scrolls that have not expired.
    fn open(&self, now: Timestamp) -> std::sync::MutexGuard<'_, Open> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.contexts.retain(|context| now < context.ends);
        open
    }
}

impl fmt::Debug for Scrolls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scrolls")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use serde_json::json;

    const KEEP: SignedDuration = SignedDuration::from_secs(60);

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    fn begin(scrolls: &Scrolls, total: i64) -> String {
        let found = (0..total).map(|id| json!({ "id": id })).collect();
        let first = scrolls.begin("a", found, 2, KEEP, at(0));
        assert_eq!(first.count, usize::try_from(total).unwrap());
        first.scroll_id.unwrap()
    }

    #[test]
    fn pages_follow_each_other_until_all_was_read() {
        let scrolls = Scrolls::new(1);
        let id = begin(&scrolls, 5);
        for expected in [vec![2, 3], vec![4], vec![], vec![]] {
            let page = scrolls.next("a", &id, None, at(0)).unwrap();
            let ids: Vec<i64> = page.data.iter().filter_map(|value| value["id"].as_i64()).collect();
            assert_eq!((page.count, ids, page.scroll_id.as_ref()), (5, expected, Some(&id)));
        }
    }

    #[test]
    fn every_page_keeps_the_scroll_for_its_time_and_no_longer() {
        let scrolls = Scrolls::new(1);
        let id = begin(&scrolls, 9);
        scrolls.next("a", &id, None, at(59)).unwrap();
        scrolls.next("a", &id, Some(SignedDuration::from_secs(10)), at(118)).unwrap();
        assert!(scrolls.next("a", &id, None, at(128)).is_err());
        assert!(scrolls.next("a", &id, None, at(0)).is_err(), "gone for good");
    }

    #[test]
    fn a_restart_ends_all_scrolls() {
        let scrolls = Scrolls::new(1);
        let id = begin(&scrolls, 5);
        scrolls.next("a", &id, None, at(0)).unwrap();
        scrolls.restart(1);
        assert!(scrolls.next("a", &id, None, at(0)).is_err());
    }

    #[test]
    fn what_is_not_read_is_bounded_in_bytes_and_the_oldest_scrolls_end() {
        let scrolls = Scrolls::new(1);
        let large = || (0..5).map(|_| json!({ "id": "x".repeat(1 << 20) })).collect();
        let begin = || scrolls.begin("a", large(), 1, KEEP, at(0)).scroll_id.unwrap();
        let ids: Vec<String> = (0..20).map(|_| begin()).collect();
        assert!(scrolls.open(at(0)).bytes() <= MOST_BYTES);
        let is_open = |id: &&String| scrolls.next("a", id, None, at(0)).is_ok();
        // Four of the five are not read yet.
        assert_eq!(ids.iter().filter(is_open).count(), 7);
        assert!(ids[13..].iter().all(|id| is_open(&id)), "the newest");
    }

    #[test]
    fn scrolls_are_few_and_belong_to_their_list() {
        let scrolls = Scrolls::new(1);
        let first = begin(&scrolls, 5);
        assert!(scrolls.next("b", &first, None, at(0)).is_err());
        let others: Vec<String> = (0..MOST_OPEN).map(|_| begin(&scrolls, 5)).collect();
        assert!(scrolls.next("a", &first, None, at(0)).is_err(), "the oldest made room");
        assert!(others.iter().all(|id| scrolls.next("a", id, None, at(0)).is_ok()));
    }
}
