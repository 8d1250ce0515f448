//! Arithmetic on amounts: sums over basket lines, the split of a bonus, what a purchase earns.
//!
//! Pure. Must not know cards, accounts or transactions.

pub(crate) mod basket;
pub(crate) mod bonus;
pub(crate) mod programme;
