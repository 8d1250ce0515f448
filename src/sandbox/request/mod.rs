//! Reads the bodies of requests, strictly, and names the field that is wrong.
//!
//! Owns the normalisations that answers show (numbers as article numbers, absent EANs, …) and the
//! bounds that keep all later arithmetic exact. Must not know the books or HTTP.

pub(crate) mod draft;
mod echo;
mod lines;
pub(crate) mod node;
pub(crate) mod terminal_slip;
