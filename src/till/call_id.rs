//! How calls are numbered. Must not know what they ask for.

use serde::{Deserialize, Serialize};

/// The number of a call; answers carry it back.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct CallId(pub u64);
