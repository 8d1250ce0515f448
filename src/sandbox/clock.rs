//! The time of the sandbox: real, or moved by a test. Owns the notations of times.
//!
//! Must not be bypassed: nothing else in the sandbox asks the system for the time.

use std::cell::RefCell;
use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Where the sandbox takes the time from.
#[derive(Clone, Default)]
pub struct Clock(Source);

#[derive(Clone, Default)]
enum Source {
    #[default]
    System,
    Manual(Arc<AtomicI64>),
}

/// The hand that moves a clock made by [`Clock::manual`].
#[derive(Debug, Clone)]
pub struct ManualClock(Arc<AtomicI64>);

impl Clock {
    /// The system's clock.
    #[must_use]
    pub fn system() -> Self {
        Self::default()
    }

    /// A clock that stands at `start` until its hand moves it.
    #[must_use]
    pub fn manual(start: Timestamp) -> (Self, ManualClock) {
        let seconds = Arc::new(AtomicI64::new(start.as_second()));
        (Self(Source::Manual(Arc::clone(&seconds))), ManualClock(seconds))
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Source::System => Timestamp::now(),
            Source::Manual(seconds) => {
                Timestamp::from_second(seconds.load(Ordering::SeqCst)).unwrap_or(Timestamp::MAX)
            }
        }
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Source::System => "Clock(system)",
            Source::Manual(_) => "Clock(manual)",
        })
    }
}

impl ManualClock {
    /// Moves the clock on by `seconds`.
    pub fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

/// ISO 8601 with the numeric offset of German time: `2020-09-25T11:15:30+02:00`.
pub(crate) fn iso(at: Timestamp) -> String {
    thread_local! {
        /// The last answer: a busy sandbox asks for the same second many times over.
        static LAST: RefCell<(Timestamp, String)> = const { RefCell::new((Timestamp::MAX, String::new())) };
    }
    LAST.with_borrow_mut(|(second, text)| {
        if text.is_empty() || second.as_second() != at.as_second() {
            *second = at;
            *text = at.to_zoned_datetime(zone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
        }
        text.clone()
    })
}

/// Date and time as receipts print them: `24.09.2020` and `14:40:58`.
pub(crate) fn printed(at: Timestamp) -> (String, String) {
    let local = at.to_zoned_datetime(zone());
    (local.strftime("%d.%m.%Y").to_string(), local.strftime("%H:%M:%S").to_string())
}

/// First and last moment of the day `text` (`2020-09-25`) in German time.
pub(crate) fn day(text: &str) -> Option<(Timestamp, Timestamp)> {
    let date: Date = text.parse().ok().filter(|_| text.len() == 10)?;
    let first = date.to_zoned_datetime(zone()).ok()?.timestamp();
    let next = date.tomorrow().ok()?.to_zoned_datetime(zone()).ok()?.timestamp();
    Some((first, next.checked_sub(SignedDuration::from_nanos(1)).ok()?))
}

/// German time. Written out as a rule, so that it does not depend on the machine's time zones.
fn zone() -> TimeZone {
    static ZONE: LazyLock<TimeZone> =
        LazyLock::new(|| TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap_or(TimeZone::UTC));
    ZONE.clone()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn times_carry_the_offset_of_the_season() {
        let summer: Timestamp = "2020-09-25T09:15:30Z".parse().unwrap();
        let winter: Timestamp = "2015-02-20T07:54:07Z".parse().unwrap();
        assert_eq!(iso(summer), "2020-09-25T11:15:30+02:00");
        assert_eq!(iso(winter), "2015-02-20T08:54:07+01:00");
        assert_eq!(printed(summer), ("25.09.2020".to_owned(), "11:15:30".to_owned()));
    }

    #[test]
    fn a_manual_clock_moves_only_by_hand() {
        let start: Timestamp = "2020-09-25T09:15:30Z".parse().unwrap();
        let (clock, hand) = Clock::manual(start);
        assert_eq!(clock.now(), start);
        hand.advance(1200);
        assert_eq!(clock.now().as_second(), start.as_second() + 1200);
    }
}
