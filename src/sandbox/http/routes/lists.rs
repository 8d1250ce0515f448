//! How every list call answers ([`crate::wire::api::lists`]): `{count, data, scroll_id?}`.

use serde_json::{Map, Value, json};

use crate::sandbox::http::context::Server;
use crate::sandbox::http::operation::{Answer, Param, Request};
use crate::sandbox::refusal::Refusal;
use crate::sandbox::search::find::Search;
use crate::sandbox::search::lists::List;
use crate::sandbox::search::scroll::Page;

/// What list calls take behind `?`.
pub(super) const QUERY: &[Param] = &[
    Param::text(
        "q",
        "`PROPERTY:VALUE`, joined by AND, OR, NOT and parentheses; `*` and `?` in values.",
    ),
    Param::whole("count", "How many at most, up to 10000."),
    Param::whole("offset", "How many are left out first."),
    Param::text("sort", "`PROPERTY:asc` or `PROPERTY:desc`, several with commas."),
    Param::text("fields", "Names of the properties to show, with commas."),
    Param::text("scroll_expire", "How long a scroll is kept, such as `5m`; begins one."),
    Param::text("scroll_id", "Goes on with the scroll of an earlier answer."),
    Param::text("validate", "`1` only answers `result`: whether `q` can be read."),
];

/// Answers what the query part of the address asks of `list`.
pub(super) fn answer(server: &Server, request: &Request, list: List) -> Result<Answer, Refusal> {
    let now = server.clock.now();
    let sought = match Search::read(&request.query)? {
        Search::Check(fine) => return Ok(Answer::json(&json!({ "result": fine }))),
        Search::Next { scroll, keep } => server.scrolls.next(list.name(), &scroll, keep, now)?,
        Search::Find(find) => match find.scroll {
            None => server.ledger.list(list, &find),
            Some(keep) => {
                let found = server.ledger.list_all(list, &find);
                server.scrolls.begin(list.name(), found, find.page_size(), keep, now)
            }
        },
    };
    Ok(Answer::json(&envelope(sought)))
}

fn envelope(sought: Page) -> Value {
    let mut envelope = Map::new();
    envelope.insert("count".to_owned(), sought.count.into());
    envelope.insert("data".to_owned(), Value::Array(sought.data));
    if let Some(id) = sought.scroll_id {
        envelope.insert("scroll_id".to_owned(), id.into());
    }
    Value::Object(envelope)
}
