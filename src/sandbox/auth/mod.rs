//! Who may call the API: grants, access tokens, paired devices.
//!
//! Must not know HTTP beyond the status number of a refusal.

mod accounts;
pub(crate) mod oauth;
pub(crate) mod tokens;
