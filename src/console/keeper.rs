//! Where records go: the interface between the loop and the journal or its stand-in.
//!
//! Owns the shape of a record that is on its way to the disk. Must not know a journal, nor which
//! records are durable: the loop decides which ones are waited for.

use std::fmt;
use std::time::Duration;

use crate::till::Record;

/// Where records go.
pub trait Keeper {
    /// Keeps `record`; returns once it is on disk if it is a durable one.
    ///
    /// # Errors
    /// The reason, for the cashier, when it is not known to be kept.
    fn keep(&mut self, record: Record) -> Result<(), String>;

    /// Begins to keep a durable `record` and returns at once where that is possible. Records are
    /// kept in the order in which they were begun.
    fn begin(&mut self, record: Record) -> Keeping {
        Keeping::ended(self.keep(record))
    }
}

/// Waits at most this long for a record and says whether it is kept, as soon as that is known.
type Wait = Box<dyn FnMut(Duration) -> Option<Result<(), String>>>;

/// A durable record on its way to the disk.
pub struct Keeping(Wait);

impl Keeping {
    /// A record of which `wait` tells what became of it: `None` while that is not known after the
    /// given time; the reason, for the cashier, when it is not known to be kept.
    pub fn new(wait: impl FnMut(Duration) -> Option<Result<(), String>> + 'static) -> Self {
        Self(Box::new(wait))
    }

    /// A record of which the end is known already.
    #[must_use]
    pub fn ended(result: Result<(), String>) -> Self {
        Self::new(move |_| Some(result.clone()))
    }

    /// Waits at most `patience`; `None`: it is still on its way.
    pub fn wait(&mut self, patience: Duration) -> Option<Result<(), String>> {
        (self.0)(patience)
    }
}

impl fmt::Debug for Keeping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keeping(…)")
    }
}
