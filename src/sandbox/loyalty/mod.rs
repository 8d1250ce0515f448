//! What is done with cards apart from sales ([`crate::wire::api::loyalty`]).
//!
//! Each file adds steps to the ledger: checks of cards and codes, locks, holders, bookings without
//! a sale. Must not know HTTP.

mod bookings;
mod card;
mod cards;
mod checks;
mod customers;
pub(crate) mod locks;
mod passcodes;
mod reads;
mod users;
