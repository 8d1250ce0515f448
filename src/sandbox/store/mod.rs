//! The books as data: accounts, transactions, bookings, card holders, and their indexes.
//!
//! Must not know who changes them, how they are shown or where they are kept.

mod account;
mod book;
mod bookings;
mod codes;
mod customer;
mod draft;
mod lookup;
mod payment;
mod sale;
mod shared;
mod weight;

pub use crate::sandbox::store::account::Balance;
pub(crate) use crate::sandbox::store::account::{Account, Lock};
#[cfg(test)]
pub(crate) use crate::sandbox::store::book::MOST_SALES;
pub(crate) use crate::sandbox::store::book::{Book, MOST_CARDS, MOST_HOLDERS};
pub use crate::sandbox::store::bookings::{Booking, Kind};
pub(crate) use crate::sandbox::store::customer::Customer;
pub(crate) use crate::sandbox::store::draft::{Draft, IdentKind, SentIdent};
pub(crate) use crate::sandbox::store::payment::{Payment, Remote};
pub(crate) use crate::sandbox::store::sale::{
    Applied, Progress, Sale, Settled, Slip, Stage, Task, Verdict,
};
pub(crate) use crate::sandbox::store::shared::Tracked;
