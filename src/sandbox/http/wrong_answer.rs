//! Answers that look definite and are wrong: refusals of what took effect, the answers of other
//! transactions, and a replica that does not know what is young.
//!
//! Owns the text of such answers. Must not change the books.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::sandbox::faults::fault::{Differing, Refusing};
use crate::sandbox::http::context::Server;
use crate::sandbox::http::response::{page, respond, status};
use crate::sandbox::refusal::{Action, Limit, Refusal};
use crate::wire::Status;

/// What the sum of another transaction is more, minor units.
const MORE: i64 = 100;
/// A currency that no shop here has.
const OTHER_CURRENCY: &str = "CHF";
/// What other ids and references end with: no till makes such ones.
const OTHER: &str = "-OTHER";

impl Server {
    /// A refusal that says nothing about the books.
    pub(super) fn refused(&self, refusing: Refusing) -> Response {
        let status = status(refusing.status);
        if refusing.bare {
            let page_text = format!(
                "<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>\n"
            );
            return page(status, page_text);
        }
        let refusal = match refusing.status {
            401 | 403 => Refusal::Token,
            404 => Refusal::NotFound("smart.transactions".to_owned()),
            408 => Refusal::Limit(Limit::Time),
            409 => Refusal::Status { action: Action::Start, status: Status::Ok },
            429 => Refusal::TooMany,
            _ => Refusal::Format("body: refused by a fault script".to_owned()),
        };
        respond(status, &refusal.body(self.tokens.support_id()))
    }

    /// The answer of another transaction than `id`.
    pub(super) fn of_a_paid_one(&self, id: &str) -> Response {
        match self.ledger.newest_paid_other_than(id) {
            Some(other) => respond(StatusCode::OK, &other),
            None => self.refuse(&Refusal::not_found("smart.transactions", id)),
        }
    }

    /// Whether a replica that is `lag` behind does not know the transaction `id` yet.
    pub(super) fn lags(&self, id: &str, lag: Duration) -> bool {
        let found = self.ledger.transaction(id);
        !lag.is_zero() && found.is_some_and(|found| self.is_young(&found.created, lag))
    }

    /// The list in `body` without transactions younger than `lag`; anything else as it is.
    pub(super) fn without_young(&self, body: &Bytes, lag: Duration) -> Body {
        let whole = || Body::from(body.clone());
        let Ok(Value::Object(mut answer)) = serde_json::from_slice(body) else { return whole() };
        let Some(data) = answer.get_mut("data").and_then(Value::as_array_mut) else {
            return whole();
        };
        let before = data.len();
        data.retain(|entry| {
            let created = entry.get("created").and_then(Value::as_str);
            !created.is_some_and(|created| self.is_young(created, lag))
        });
        let gone = before - data.len();
        let count = answer.get("count").and_then(Value::as_u64).unwrap_or_default();
        answer.insert("count".to_owned(), json!(count.saturating_sub(gone as u64)));
        Body::from(Value::Object(answer).to_string())
    }

    fn is_young(&self, created: &str, lag: Duration) -> bool {
        let Ok(created) = created.parse::<Timestamp>() else { return false };
        let age = self.clock.now().as_millisecond() - created.as_millisecond();
        u128::try_from(age).unwrap_or_default() < lag.as_millis()
    }

    /// The answer in `body` as it reads of another transaction; a refusal as it is.
    pub(super) fn of_another(&self, body: &Bytes, differing: Differing) -> Body {
        let Ok(mut answer) = serde_json::from_slice::<Value>(body) else {
            return Body::from(body.clone());
        };
        match answer.get_mut("data").and_then(Value::as_array_mut) {
            Some(data) => {
                for entry in data {
                    self.replace(entry, differing);
                }
            }
            None => self.replace(&mut answer, differing),
        }
        Body::from(answer.to_string())
    }

    fn replace(&self, answer: &mut Value, differing: Differing) {
        let Some(fields) = answer.as_object_mut() else { return };
        let is_error = fields.get("status").is_some_and(|status| status == "error");
        if is_error {
            return;
        }
        let Some(id) = fields.get("id").and_then(Value::as_str).map(str::to_owned) else {
            // What `preTransaction` answers: sums alone.
            return more(fields, "missing_sum");
        };
        let whole = differing == Differing::Whole;
        if let (true, Some(other)) = (whole, self.ledger.newest_other_than(&id)) {
            *answer = json!(other);
            return;
        }
        if whole || differing == Differing::Id {
            fields.insert("id".to_owned(), json!(format!("{id}{OTHER}")));
        }
        if whole || differing == Differing::Reference {
            let reference = fields.get("transactionRef").and_then(Value::as_str);
            let other = format!("{}{OTHER}", reference.unwrap_or_default());
            fields.insert("transactionRef".to_owned(), json!(other));
        }
        let Some(info) = fields.get_mut("basket_info").and_then(Value::as_object_mut) else {
            return;
        };
        if whole || differing == Differing::Sum {
            more(info, "sum");
        }
        if whole || differing == Differing::Currency {
            info.insert("currency".to_owned(), json!(OTHER_CURRENCY));
        }
    }
}

fn more(fields: &mut Map<String, Value>, name: &str) {
    let sum = fields.get(name).and_then(Value::as_i64).unwrap_or_default();
    fields.insert(name.to_owned(), json!(sum.saturating_add(MORE)));
}
