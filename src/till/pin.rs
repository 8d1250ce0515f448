//! What wrong PINs cost. The PIN itself is checked outside, because that takes time.

use serde::{Deserialize, Serialize};

/// The wait after each of the first wrong PINs, ms: whoever mistypes is not punished.
const FIRST_WAIT: u64 = 1_000;
/// How many those are; every further one costs twice as much as the one before.
const PATIENT: u32 = 4;
/// The longest wait, ms: 10,000 PINs take more than two years, and never is anybody locked out for
/// good.
const LONGEST_WAIT: u64 = 2 * 3_600_000;

/// How long no PIN is taken after the wrong one that was the `wrong`th in a row, ms.
#[must_use]
pub const fn wait_after(wrong: u32) -> u64 {
    let doubled = wrong.saturating_sub(PATIENT);
    // 2^13 seconds are more than the longest wait.
    if doubled > 13 {
        return LONGEST_WAIT;
    }
    let wait = FIRST_WAIT << doubled;
    if wait > LONGEST_WAIT { LONGEST_WAIT } else { wait }
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
        self.wrong = self.wrong.saturating_add(1);
        self.until = now.saturating_add(wait_after(self.wrong));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_wrong_pins_cost_a_second_each_the_next_ones_twice_as_much_up_to_two_hours() {
        let mut tries = Tries::default();
        let mut waits = Vec::new();
        for _ in 0..200 {
            tries.failed(5_000);
            waits.push(tries.wait(5_000).unwrap_or_default() / 1_000);
        }
        assert_eq!(waits.get(..9), Some(&[1, 1, 1, 1, 2, 4, 8, 16, 32][..]));
        assert_eq!(waits.get(14..18), Some(&[2_048, 4_096, 7_200, 7_200][..]));
        assert!(waits.iter().skip(16).all(|wait| *wait == 7_200), "{waits:?}");
        assert_eq!(tries.wait(7_205_000), None);
    }

    #[test]
    fn ten_thousand_pins_take_more_than_two_years() {
        let seconds: u64 = (1..=10_000).map(|wrong| wait_after(wrong) / 1_000).sum();
        assert_eq!(seconds, 71_892_994);
        assert!(seconds > 2 * 365 * 24 * 3_600);
        assert_eq!(wait_after(u32::MAX), LONGEST_WAIT);
    }
}
