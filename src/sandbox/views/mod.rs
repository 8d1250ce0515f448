//! How the books look from outside: the JSON of answers, receipts and slips.
//!
//! Functions from data to JSON or lines. Must not change anything.

pub(crate) mod card;
pub(crate) mod devices;
pub(crate) mod idents;
pub(crate) mod json;
pub(crate) mod loyalty;
pub(crate) mod receipt;
pub(crate) mod slips;
pub(crate) mod transaction;
