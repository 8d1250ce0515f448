//! The last exchanges, and no more of them than memory is for.

use std::collections::VecDeque;
use std::sync::Arc;

use super::{Body, Exchange};

/// Exchanges kept at the most.
pub const MOST: usize = 200;

/// Bytes of one body kept at the most.
pub const LONGEST_BODY: usize = 64 * 1024;

/// Bytes of all exchanges kept at the most; the newest one is kept in any case.
pub const MOST_BYTES: usize = 4 * 1024 * 1024;

/// The last exchanges, the oldest first.
#[derive(Debug, Default)]
pub struct Exchanges {
    kept: VecDeque<Arc<Exchange>>,
    bytes: usize,
}

impl Exchanges {
    /// Keeps `exchange` in place of an earlier report of it; the oldest ones go.
    pub fn put(&mut self, exchange: Exchange) {
        let size = exchange.size();
        match self.kept.iter_mut().rev().find(|kept| kept.id == exchange.id) {
            Some(kept) => {
                self.bytes = self.bytes.saturating_sub(kept.size());
                *kept = Arc::new(exchange);
            }
            None => self.kept.push_back(Arc::new(exchange)),
        }
        self.bytes += size;
        while self.kept.len() > MOST || (self.bytes > MOST_BYTES && self.kept.len() > 1) {
            let Some(oldest) = self.kept.pop_front() else { return };
            self.bytes = self.bytes.saturating_sub(oldest.size());
        }
    }

    /// All of them, the oldest first.
    #[must_use]
    pub fn all(&self) -> Vec<Arc<Exchange>> {
        self.kept.iter().map(Arc::clone).collect()
    }
}

impl Body {
    /// `text`, cut after [`LONGEST_BODY`] bytes.
    #[must_use]
    pub fn of(mut text: String) -> Self {
        let is_cut = text.len() > LONGEST_BODY;
        if is_cut {
            let end = (0..=LONGEST_BODY).rev().find(|end| text.is_char_boundary(*end));
            text.truncate(end.unwrap_or_default());
        }
        // A long answer would otherwise keep the memory of all of it.
        text.shrink_to_fit();
        Self { text, is_cut }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::super::Progress;
    use super::*;

    fn exchange(id: u64, bytes: usize) -> Exchange {
        Exchange {
            id,
            at: String::new(),
            method: "GET".to_owned(),
            url: "http://127.0.0.1:8474/api/v2/x?q=a:1".to_owned(),
            authorised: true,
            request: Body::of("x".repeat(bytes)),
            progress: Progress::Pending,
        }
    }

    #[test]
    fn only_the_last_ones_are_kept() {
        let mut kept = Exchanges::default();
        for id in 1..=500 {
            kept.put(exchange(id, 10));
        }
        let ids: Vec<u64> = kept.all().iter().map(|exchange| exchange.id).collect();
        assert_eq!(ids, (301..=500).collect::<Vec<_>>());
    }

    #[test]
    fn large_exchanges_push_out_more_than_one() {
        let mut kept = Exchanges::default();
        for id in 1..=150 {
            kept.put(exchange(id, LONGEST_BODY));
        }
        let held: usize = kept.all().iter().map(|exchange| exchange.size()).sum();
        assert!(held <= MOST_BYTES && held > MOST_BYTES - 2 * LONGEST_BODY, "{held}");
        assert_eq!(held, kept.bytes);
    }

    #[test]
    fn a_later_report_replaces_the_earlier_one() {
        let mut kept = Exchanges::default();
        kept.put(exchange(1, 10));
        kept.put(exchange(2, 10));
        let progress = Progress::Answered { status: 200, ms: 5, body: Body::default() };
        kept.put(Exchange { progress: progress.clone(), ..exchange(1, 30) });
        let all = kept.all();
        assert_eq!(all.len(), 2);
        assert_eq!(all.first().unwrap().progress, progress);
        assert_eq!(kept.bytes, all.iter().map(|exchange| exchange.size()).sum::<usize>());
    }

    #[test]
    fn bodies_are_cut_between_characters() {
        let body = Body::of("ä".repeat(LONGEST_BODY));
        assert!(body.is_cut && body.text.len() == LONGEST_BODY);
        let body = Body::of(format!("x{}", "ä".repeat(LONGEST_BODY)));
        assert!(body.is_cut && body.text.len() == LONGEST_BODY - 1);
        assert!(!Body::of("x".repeat(LONGEST_BODY)).is_cut);
    }

    #[test]
    fn long_bodies_give_back_the_memory_of_what_was_cut() {
        let mut kept = Exchanges::default();
        for id in 1..=500 {
            kept.put(exchange(id, 20 * LONGEST_BODY));
        }
        let held: usize = kept.all().iter().map(|exchange| exchange.request.text.capacity()).sum();
        assert!(held <= MOST_BYTES, "{held}");
    }

    #[test]
    fn the_path_is_what_follows_the_host() {
        assert_eq!(exchange(1, 0).path(), "/api/v2/x?q=a:1");
    }
}
