//! Who may work at the till, and what a till lets a person do to the program.

use serde::{Deserialize, Serialize};

/// What the PIN guards. Whether there is one is known here, the PIN itself is not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Access {
    /// There is no PIN.
    #[default]
    Free,
    /// The locked screen.
    Lock,
    /// The locked screen and the end of the program: nobody leaves the till without it.
    Kiosk,
}

/// Who works at the till. Each role may do what the ones before it may.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub enum Role {
    /// Learns to sell.
    Trainee,
    /// Sells.
    Cashier,
    /// Everything. The role while nobody logs in by name.
    #[default]
    Supervisor,
}
