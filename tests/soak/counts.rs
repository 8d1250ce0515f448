//! How often what happened.

use std::collections::BTreeMap;
use std::fmt;

/// How often what happened, by name.
#[derive(Debug, Default, Clone)]
pub struct Counts(BTreeMap<String, u64>);

impl Counts {
    pub fn add(&mut self, what: &str) {
        self.add_many(what, 1);
    }

    pub fn add_many(&mut self, what: &str, times: usize) {
        *self.0.entry(what.to_owned()).or_default() += times as u64;
    }

    /// Keeps the largest.
    pub fn most(&mut self, what: &str, value: u64) {
        let kept = self.0.entry(what.to_owned()).or_default();
        *kept = (*kept).max(value);
    }

    pub fn merge(&mut self, other: &Self) {
        for (what, times) in &other.0 {
            if what.starts_with("longest") {
                self.most(what, *times);
            } else {
                *self.0.entry(what.clone()).or_default() += times;
            }
        }
    }

    pub fn of(&self, what: &str) -> u64 {
        self.0.get(what).copied().unwrap_or_default()
    }

    /// What has been added since `earlier`.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Self {
        let since =
            |(what, times): (&String, &u64)| (what.clone(), times.saturating_sub(earlier.of(what)));
        Self(self.0.iter().map(since).collect())
    }

    /// The sum of all whose names begin so.
    pub fn all(&self, start: &str) -> u64 {
        self.0.iter().filter(|(what, _)| what.starts_with(start)).map(|(_, times)| times).sum()
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (what, times) in &self.0 {
            writeln!(f, "{times:>9} {what}")?;
        }
        Ok(())
    }
}
