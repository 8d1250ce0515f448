//! `POST /oauth/token`, the one operation outside of `/api/v2` ([`crate::wire::api::oauth`]).

use super::super::faults::Place;
use super::super::oauth::{Given, Wanted};
use super::operation::{Call, Guard, Operation};
use super::schema::Schema;

pub(super) const OPERATIONS: &[Operation] = &[Operation::new(
    "POST",
    "/oauth/token",
    "token",
    "Lets a device or an account in; takes JSON or a form.",
    Call::Token,
)
.guard(Guard::Anyone)
.at(Place::Token)
.takes(Schema::of::<Wanted>())
.gives(Schema::of::<Given>())];
