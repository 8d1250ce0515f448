//! Files: the ledger's state, and fixtures written by hand.

pub(crate) mod import;
pub(crate) mod state;
