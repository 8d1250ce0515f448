//! One press of a key: what tells it from the repeats of a key that is held down.
//!
//! A terminal sends no key-up: a held key is the same key again, first after the keyboard's delay
//! (200 to 1,000 ms), then ten to forty times a second. A bouncing contact is the same key again
//! within a few ms. Owns the times that tell these apart. Must not know what a key does.

use serde::{Deserialize, Serialize};

use super::Key;

/// How long the amount due must have been on the screen before a key may pay it, ms: shorter than
/// anybody reads it, longer than any bounce.
pub(super) const SHOWN_FOR: u64 = 150;

/// The same key again within this time is the same press, ms. The slowest usual repeat, that of
/// the Linux console, comes every 92 ms; a person does not press a key that often.
pub(super) const SAME_PRESS: u64 = 120;

/// Once a key is known to be held, its repeats may come this far apart, ms: a remote line holds
/// keystrokes back for up to 350 ms.
const STALLED: u64 = 400;

/// The longest delay before a keyboard repeats a held key, and some more for the line, ms.
const LONGEST_DELAY: u64 = 1_200;

/// The last press of a key that decides something; no other key is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Press {
    /// The key.
    pub key: Key,
    /// When it arrived, ms.
    pub at: u64,
    /// Whether a finger pressed it anew.
    pub sign: Sign,
    /// Its decision waits until then, ms: what comes meanwhile tells whether the key is held.
    pub decides: Option<u64>,
}

/// Whether a finger pressed a key anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sign {
    /// It did.
    New,
    /// It did, or this is the first repeat of a key that is held: the next repeat would follow
    /// within 120 ms.
    Unsure,
    /// It did not.
    Repeat,
}

impl Press {
    /// The press of `key` at this time, after the last one; `None`: another key came in between.
    pub(super) fn after(last: Option<Self>, key: Key, at: u64) -> Self {
        let sign = match last {
            Some(last) if last.key == key => {
                let gap = at.saturating_sub(last.at);
                let held = matches!(last.sign, Sign::Repeat) && gap <= STALLED;
                if gap <= SAME_PRESS || held {
                    Sign::Repeat
                } else if gap <= LONGEST_DELAY {
                    Sign::Unsure
                } else {
                    Sign::New
                }
            }
            _ => Sign::New,
        };
        Self { key, at, sign, decides: None }
    }
}

#[cfg(test)]
#[allow(clippy::indexing_slicing)]
mod tests {
    use super::*;

    /// The signs of one key that arrives at these times.
    fn signs(times: &[u64]) -> Vec<Sign> {
        let mut last = None;
        let mut signs = Vec::new();
        for &at in times {
            let press = Press::after(last, Key::Char('+'), at);
            signs.push(press.sign);
            last = Some(press);
        }
        signs
    }

    #[test]
    fn repeats_of_a_held_key_are_no_presses_at_any_usual_rate() {
        for (delay, period) in [(250, 92), (500, 33), (660, 40), (1_000, 25), (30, 30)] {
            let times: Vec<u64> =
                std::iter::once(0).chain((0..20).map(|n| delay + n * period)).collect();
            let signs = signs(&times);
            assert_eq!(signs[0], Sign::New);
            assert_ne!(signs[1], Sign::New, "{delay} {period}");
            assert!(signs[2..].iter().all(|sign| *sign == Sign::Repeat), "{delay} {period}");
        }
    }

    #[test]
    fn a_held_key_on_a_line_that_stalls_stays_held() {
        assert_eq!(signs(&[0, 30, 380, 410])[2], Sign::Repeat);
    }

    #[test]
    fn a_bounce_is_no_press_and_a_second_press_long_after_is_one() {
        assert_eq!(signs(&[0, 5]), [Sign::New, Sign::Repeat]);
        assert_eq!(signs(&[0, 1_201]), [Sign::New, Sign::New]);
        assert_eq!(signs(&[0, 300]), [Sign::New, Sign::Unsure]);
    }
}
