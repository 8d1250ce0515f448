//! The books as data: accounts, transactions, bookings, card holders, and the indexes that find them.
//!
//! Must not know who changes them, how they are shown or where they are kept.

pub(crate) mod account;
pub(crate) mod book;
pub(crate) mod bookings;
pub(crate) mod codes;
pub(crate) mod customer;
pub(crate) mod draft;
mod lookup;
pub(crate) mod payment;
pub(crate) mod sale;
