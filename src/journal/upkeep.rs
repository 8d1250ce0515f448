//! What the journal does for itself while nobody waits.
//!
//! Owns the settings and their defaults.

/// What the journal does for itself while nobody waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Upkeep {
    /// After how many entries a checkpoint is written. More of them make the next start longer.
    pub save_every: usize,
    /// From this size on, the oldest closed entries of the file move to an archive, bytes.
    pub archive_bytes: u64,
    /// Closed entries of days before this many days move to an archive, however few they are;
    /// `None`: the size alone decides.
    pub archive_days: Option<u32>,
    /// Archives are removed once all of their entries are of days before this many days; `None`:
    /// they are kept.
    pub keep_days: Option<u32>,
}

impl Default for Upkeep {
    fn default() -> Self {
        Self { save_every: 256, archive_bytes: 32 << 20, archive_days: None, keep_days: None }
    }
}
