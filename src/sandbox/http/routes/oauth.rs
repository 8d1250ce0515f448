//! `POST /oauth/token`, the one operation outside of `/api/v2` ([`crate::wire::api::oauth`]).

use crate::sandbox::auth::oauth::{Given, Wanted};
use crate::sandbox::faults::fault::Place;
use crate::sandbox::http::operation::{Guard, Handler, Operation};
use crate::sandbox::http::schema::Schema;

pub(super) const OPERATIONS: &[Operation] = &[Operation::new(
    "POST",
    "/oauth/token",
    "token",
    "Lets a device or an account in; takes JSON or a form.",
    Handler::Token,
)
.guard(Guard::Public)
.at(Place::Token)
.takes(Schema::of::<Wanted>())
.gives(Schema::of::<Given>())];
