//! `POST /oauth/token`, the one operation outside of `/api/v2` (api.md §1.1).

use super::super::faults::Place;
use super::operation::{Call, Guard, Operation};

pub(super) const OPERATIONS: &[Operation] = &[Operation {
    method: "POST",
    path: "/oauth/token",
    name: "token",
    summary: "Lets a device or an account in; takes JSON or a form.",
    guard: Guard::Anyone,
    place: Some(Place::Token),
    call: Call::Token,
}];
