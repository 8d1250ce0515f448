//! Every operation of the server, a table per part of the API.

mod buyers;
mod control;
mod faults;
mod idents;
mod lists;
mod loyalty;
mod oauth;
mod payments;
mod transactions;

use std::sync::LazyLock;

use crate::sandbox::http::operation::Operation;
use crate::sandbox::http::paths::Paths;

/// Every operation there is, in the order in which paths are tried.
pub(super) const TABLES: &[&[Operation]] = &[
    transactions::OPERATIONS,
    payments::OPERATIONS,
    idents::OPERATIONS,
    loyalty::cards::OPERATIONS,
    loyalty::checks::OPERATIONS,
    loyalty::groups::OPERATIONS,
    loyalty::customers::OPERATIONS,
    loyalty::bookings::OPERATIONS,
    buyers::OPERATIONS,
    oauth::OPERATIONS,
    control::OPERATIONS,
    faults::OPERATIONS,
];

/// The operations of [`TABLES`] by path.
pub(super) static PATHS: LazyLock<Paths> = LazyLock::new(|| Paths::new(TABLES));
