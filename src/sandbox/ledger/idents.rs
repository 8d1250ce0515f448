//! What scanned texts lead to: idents, check-ins, devices.

use serde_json::Value;

use crate::sandbox::ledger::Ledger;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::request::draft::ident;
use crate::sandbox::request::node::Node;
use crate::sandbox::store::{IdentKind, SentIdent};
use crate::sandbox::views::{devices, idents};

impl Ledger {
    /// `POST /Smart/Idents/{id}/validate`: the idents of `body`, or the one, each with its card.
    pub(crate) fn validate_idents(&self, body: &Value) -> Result<Vec<Value>, Refusal> {
        let body = Node::body(body);
        let sent: Vec<SentIdent> = if body.value.is_object() {
            vec![ident(&body)?]
        } else {
            body.list()?.iter().map(ident).collect::<Result<_, _>>()?
        };
        Ok(idents::with_lengths(&self.book(), &sent))
    }

    /// `POST /Smart/Idents/{id}/read`: what lies on the simulated reader. That is the first card
    /// for `smi_1` and the first check-in for `smi_2`.
    pub(crate) fn read_ident(&self, id: &str) -> Result<Value, Refusal> {
        let book = self.book();
        let (kind, value) = match id {
            "smi_1" => (IdentKind::Card, book.shop.cards.first().map(|card| &card.number)),
            "smi_2" => (IdentKind::Checkin, book.shop.checkins.first().map(|it| &it.id)),
            _ => return Err(Refusal::not_found("smart.idents", id)),
        };
        let nothing = || Refusal::NotFound("ident on the reader".to_owned());
        let sent = SentIdent { kind, value: value.ok_or_else(nothing)?.clone() };
        idents::with_lengths(&book, &[sent]).pop().ok_or_else(nothing)
    }

    /// `GET /Smart/Checkins`.
    pub(crate) fn checkins(&self) -> Vec<Value> {
        let book = self.book();
        book.shop.checkins.iter().map(|checkin| idents::checkin(&book, checkin)).collect()
    }

    /// `GET /Smart/Devices`.
    pub(crate) fn devices(&self) -> Vec<Value> {
        devices::all(&self.book().shop)
    }
}
