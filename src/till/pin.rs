//! The prompt for the PIN, and what wrong ones cost.
//!
//! Owns the shapes only; the PIN itself is checked outside, because that takes time.

use serde::{Deserialize, Serialize};

use super::CallId;
use crate::pin::Pin;

/// The first wait after a wrong PIN, ms; every further one is twice as long.
const FIRST_WAIT: u64 = 1_000;
/// The longest wait, ms: a manager who mistyped must get in, after however many others tried.
const LONGEST_WAIT: u64 = 60_000;

/// The PIN is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PinPrompt {
    /// What it is for.
    pub purpose: PinPurpose,
    /// What is being typed. Never kept anywhere.
    #[serde(skip)]
    pub entry: PinEntry,
    /// How far it is.
    pub step: PinStep,
}

impl PinPrompt {
    /// An empty prompt.
    #[must_use]
    pub fn new(purpose: PinPurpose) -> Self {
        Self { purpose, entry: PinEntry::default(), step: PinStep::Typing }
    }
}

/// What the PIN opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PinPurpose {
    /// The locked screen.
    Unlock,
    /// The way out of a kiosk.
    Quit,
}

/// How far a prompt is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PinStep {
    /// Digits are taken.
    Typing,
    /// What came was no PIN, like a scan; it is gone. Digits are taken.
    Dropped,
    /// The PIN was wrong. Digits are taken once [`Tries::wait`] is over.
    Wrong,
    /// It is being checked.
    Checking(CallId),
}

/// What came at the prompt so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PinEntry {
    /// The digits.
    pub pin: Pin,
    /// More came than a PIN has: a scan, a swipe, a text.
    pub foreign: bool,
}

/// Wrong PINs since the last right one, whatever prompt they were typed at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tries {
    /// How many.
    pub wrong: u32,
    /// No PIN is taken before this moment, ms.
    pub until: u64,
}

impl Tries {
    /// How long no PIN is taken, ms; `None`: one may be typed.
    #[must_use]
    pub fn wait(self, now: u64) -> Option<u64> {
        self.until.checked_sub(now).filter(|left| *left > 0)
    }

    /// One more wrong PIN.
    pub(super) fn failed(&mut self, now: u64) {
        let wait = FIRST_WAIT.checked_shl(self.wrong).unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT);
        // Beyond some point every wait is the longest: a count of more says nothing.
        self.wrong = self.wrong.saturating_add(1).min(u64::BITS - 1);
        self.until = now.saturating_add(if wait == 0 { LONGEST_WAIT } else { wait });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wrong_pin_costs_more_but_never_for_good() {
        let mut tries = Tries::default();
        let mut waits = Vec::new();
        for _ in 0..200 {
            tries.failed(5_000);
            waits.push(tries.wait(5_000).unwrap_or_default() / 1_000);
        }
        assert_eq!(waits.get(..8), Some(&[1, 2, 4, 8, 16, 32, 60, 60][..]));
        assert!(waits.iter().skip(6).all(|wait| *wait == 60), "{waits:?}");
        assert_eq!(tries.wait(65_000), None);
    }
}
