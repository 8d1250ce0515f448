//! Which day it is where the till stands.
//!
//! Owns the moment at which the loop looks at the calendar. What a new day changes is the till's
//! business ([`crate::till::Event::Day`]).

use std::time::Duration;

use jiff::civil::Date;
use jiff::{ToSpan, ZonedDateTime};

use super::{Console, Display, End};
use crate::till::Event;

/// A clock may be set meanwhile: the calendar is looked at this often at the least.
const OFTEN: Duration = Duration::from_secs(3_600);

/// A day, and how long it still lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Today {
    /// The day.
    pub date: Date,
    /// How long it still lasts.
    pub left: Duration,
}

impl Today {
    /// By the clock and the time zone of the machine.
    #[must_use]
    pub fn here() -> Self {
        let now = ZonedDateTime::now();
        let next = now.start_of_day().and_then(|day| day.checked_add(1.day()));
        let left = next.map_or(OFTEN, |next| now.duration_until(&next).unsigned_abs());
        Self { date: now.date(), left }
    }
}

/// Tells the day.
pub type Calendar = Box<dyn Fn() -> Today>;

impl<S: Display> Console<S> {
    /// The same console, which sells by the days of `calendar`.
    #[must_use]
    pub fn dated(mut self, calendar: Calendar) -> Self {
        self.calendar = Some(calendar);
        self
    }

    /// Tells the till when another day has begun.
    pub(super) fn turn_the_page(&mut self) -> Option<End> {
        let date = self.calendar.as_ref().map(|calendar| calendar().date)?;
        (date != self.state.today).then(|| self.happened(Event::Day(date))).flatten()
    }

    /// How long the loop may sleep before it looks at the calendar.
    pub(super) fn until_tomorrow(&self) -> Option<Duration> {
        self.calendar.as_ref().map(|calendar| calendar().left.min(OFTEN))
    }
}
