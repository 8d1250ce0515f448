//! What the journal's entries add up to: the till's records, replayed.
//!
//! Owns the way from entries to records and the checkpoint's bytes. What records mean is the
//! till's.

use crate::journal::{Entry, Fold};
use crate::till::{Record, Replay, State};

/// What the journal's entries add up to.
#[derive(Debug, Clone, Default)]
pub struct TillFold(Replay);

impl TillFold {
    /// Puts it into a fresh state.
    pub fn into_state(self, state: &mut State) {
        self.0.into_state(state);
    }
}

impl Fold for TillFold {
    fn format(&self) -> u32 {
        Replay::FORMAT
    }

    fn take(&mut self, entry: Entry) -> Result<(), String> {
        let Entry { seq, sale, body, .. } = entry;
        let change = serde_json::from_value(body).map_err(|error| error.to_string())?;
        self.0.record(seq, Record { sale, change });
        Ok(())
    }

    fn save(&self) -> Result<Vec<u8>, String> {
        serde_json::to_vec(&self.0).map_err(|error| error.to_string())
    }

    fn load(&mut self, saved: &[u8]) -> Result<(), String> {
        self.0 = serde_json::from_slice(saved).map_err(|error| error.to_string())?;
        Ok(())
    }

    fn oldest_open(&self) -> Option<i64> {
        self.0.oldest_open()
    }
}
