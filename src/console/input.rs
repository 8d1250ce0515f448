//! Keys on their way to the till, and whether there are more of them.
//!
//! Owns the time at which keys arrived. Must not know what a key means.
//!
//! A key that may begin a code is held by the till until its time is over. The loop may be late by
//! then: what has arrived but was not taken yet, or not even read, belongs before that moment.

use std::io;

use super::{BATCH, BATCH_TIME, Console, Display, End};
use crate::till::{Event, Key};

/// What is known of input that is not taken yet.
pub(super) struct Arrivals {
    /// Whether the terminal has unread bytes.
    pub(super) unread: Box<dyn Fn() -> bool>,
    /// A key's hold was over while such bytes were there: they arrived before this time, ms.
    pub(super) before: Option<u64>,
    /// There may be more messages than were taken.
    pub(super) is_behind: bool,
}

impl Default for Arrivals {
    fn default() -> Self {
        Self { unread: Box::new(|| false), before: None, is_behind: false }
    }
}

impl<S: Display> Console<S> {
    /// Takes the messages that are there, but no more than a frame may wait for.
    pub(super) fn take_all(&mut self) -> io::Result<Option<End>> {
        let until = (self.clock)() + BATCH_TIME;
        for _ in 0..BATCH {
            if (self.clock)() > until {
                break;
            }
            let Ok(message) = self.messages.try_recv() else {
                self.arrivals.is_behind = false;
                return Ok(None);
            };
            if let Some(end) = self.take(message)? {
                return Ok(Some(end));
            }
        }
        self.arrivals.is_behind = true;
        Ok(None)
    }

    /// Before a key that was held acts: takes what was read since the last message.
    pub(super) fn catch_up(&mut self) -> io::Result<Option<End>> {
        let now = (self.clock)();
        let is_over = self.state.entry.held.as_ref().is_some_and(|held| held.due <= now);
        if is_over && !self.is_code_coming(now) { self.take_all() } else { Ok(None) }
    }

    /// Whether there is more that may belong to a key that is held and whose time is over.
    pub(super) fn is_code_coming(&mut self, now: u64) -> bool {
        let due = self.state.entry.held.as_ref().map(|held| held.due);
        let Some(due) = due.filter(|due| *due <= now) else { return false };
        if (self.arrivals.unread)() {
            self.arrivals.before = Some(due.saturating_sub(1));
            return true;
        }
        self.arrivals.before = None;
        self.arrivals.is_behind
    }

    /// Bytes that arrived at `at`.
    pub(super) fn input(&mut self, bytes: &[u8], at: u64) -> Option<End> {
        let at = self.arrivals.before.take().map_or(at, |before| at.min(before));
        if !self.intake.take(bytes) {
            return None;
        }
        let mut keys = std::mem::take(&mut self.keys);
        self.decoder.feed(bytes, &mut keys);
        self.escape_due = self.decoder.patience().map(|wait| (self.clock)() + wait);
        self.press(keys, at)
    }

    pub(super) fn press(&mut self, mut keys: Vec<Key>, at: u64) -> Option<End> {
        let mut end = None;
        for key in keys.drain(..) {
            // Told to end: what was typed before that and is not carried out yet is not any more.
            if end.is_some() || self.intake.is_ending() {
                break;
            }
            end = self.happened_at(Event::Key(key), at);
        }
        self.keys = keys;
        end
    }
}
