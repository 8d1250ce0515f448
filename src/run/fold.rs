//! What the journal's entries add up to: the till's records, replayed.
//!
//! Owns the way from entries to records and the checkpoint's format. What records mean is the
//! till's.

use crate::journal::{Entry, Fold};
use crate::till::{Record, Replay, State};

/// What the journal's entries add up to.
#[derive(Debug, Clone)]
pub struct TillFold(Replay);

impl Default for TillFold {
    fn default() -> Self {
        Self(Replay::new(0))
    }
}

impl TillFold {
    /// Puts it into a fresh state.
    pub fn into_state(self, state: &mut State) {
        self.0.into_state(state);
    }
}

impl Fold for TillFold {
    fn format(&self) -> u32 {
        1
    }

    fn take(&mut self, entry: Entry) -> Result<(), String> {
        let Entry { sale, body, .. } = entry;
        let change = serde_json::from_value(body).map_err(|error| error.to_string())?;
        self.0.record(Record { sale, change });
        Ok(())
    }

    fn save(&self) -> Result<Vec<u8>, String> {
        Err("not yet".to_owned())
    }

    fn load(&mut self, _: &[u8]) -> Result<(), String> {
        Err("not yet".to_owned())
    }

    fn oldest_open(&self) -> Option<i64> {
        None
    }
}
