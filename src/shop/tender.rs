//! What the customer gives and gets back.

use serde::{Deserialize, Serialize};

use crate::money::Money;

/// Why an amount given is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum TenderError {
    /// Less than the amount due.
    #[error("{missing:?} is missing")]
    TooLittle {
        /// What is missing.
        missing: Money,
    },
    /// The change would exceed the limit: more likely a typing error than a note.
    #[error("change would be {change:?}")]
    TooMuch {
        /// What the change would be.
        change: Money,
    },
}

/// The change for `given` when `due` is to be paid.
///
/// # Errors
/// [`TenderError`] when too little is given, or so much that the change exceeds `max_change`.
pub fn change(due: Money, given: Money, max_change: Money) -> Result<Money, TenderError> {
    let change = given - due;
    if change.is_negative() {
        Err(TenderError::TooLittle { missing: -change })
    } else if change > max_change {
        Err(TenderError::TooMuch { change })
    } else {
        Ok(change)
    }
}
