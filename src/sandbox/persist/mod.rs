//! What lies in files: the ledger's state, and fixtures that people wrote.

pub(crate) mod import;
pub(crate) mod state;
