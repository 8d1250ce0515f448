//! What the journal does for itself while nobody waits.
//!
//! Owns the settings and their defaults.

/// What the journal does for itself while nobody waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Upkeep {
    /// After how many entries a checkpoint is written. More of them make the next start longer.
    pub save_every: usize,
}

impl Default for Upkeep {
    fn default() -> Self {
        Self { save_every: 256 }
    }
}
