//! How the books look from outside: the JSON of answers, receipts and slips.
//!
//! Must not change anything.

pub(crate) mod idents;
pub(crate) mod receipt;
pub(crate) mod slips;
