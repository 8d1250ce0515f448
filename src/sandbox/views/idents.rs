//! How the API shows idents: cards, check-ins, and cards that a sale creates
//! ([`crate::wire::api::idents`]).

use serde_json::{Value, json};

use crate::sandbox::fixtures::CheckinFixture;
use crate::sandbox::store::{Book, IdentKind, SentIdent};
use crate::sandbox::views::card;
use crate::sandbox::views::json::with;
use crate::wire::Ident;

/// How the API describes a kind of idents.
struct Template {
    id: &'static str,
    kind: &'static str,
    prefix: &'static str,
    length: u8,
    name: &'static str,
}

const CARD: Template = Template {
    id: "smi_1",
    kind: "card",
    prefix: "9276",
    length: 16,
    name: "secucard Kundenkarte",
};
const CHECKIN: Template = Template {
    id: "smi_2",
    kind: "checkin",
    prefix: "CKI_",
    length: 34,
    name: "secucard Check-In",
};
const PAYPAL: Template =
    Template { id: "smi_3", kind: "checkin", prefix: "PPT_", length: 34, name: "PayPal Check-In" };
/// Shares its id with the former, as the documents do; never listed.
const CREATE: Template = Template {
    id: "smi_3",
    kind: "create_card",
    prefix: "CRG_",
    length: 34,
    name: "secucard Kundenkarte erstellen",
};

impl Template {
    fn of(ident: &SentIdent) -> &'static Self {
        match ident.kind {
            IdentKind::Card => &CARD,
            IdentKind::Checkin if ident.value.starts_with(PAYPAL.prefix) => &PAYPAL,
            IdentKind::Checkin => &CHECKIN,
            IdentKind::CreateCard => &CREATE,
        }
    }
}

/// `GET /Smart/Idents`: what scanned texts may be.
pub(crate) fn templates() -> Vec<Value> {
    [CARD, CHECKIN, PAYPAL]
        .iter()
        .map(|it| {
            json!({ "object": "smart.idents", "id": it.id, "type": it.kind, "prefix": it.prefix,
                    "length": it.length, "name": it.name })
        })
        .collect()
}

/// The idents as answered, cards with their balances of this moment.
pub(crate) fn all(book: &Book, sent: &[SentIdent]) -> Vec<Ident> {
    let one = |ident: &SentIdent| {
        let template = Template::of(ident);
        let account = book.account_of(ident);
        Ident {
            object: "smart.idents".to_owned(),
            id: template.id.to_owned(),
            prefix: Some(template.prefix.to_owned()),
            name: Some(template.name.to_owned()),
            kind: template.kind.to_owned(),
            value: ident.value.clone(),
            valid: match ident.kind {
                IdentKind::Card => account.is_some(),
                IdentKind::Checkin => book.checkin(&ident.value).is_some(),
                IdentKind::CreateCard => book.creatable(ident).is_some(),
            },
            merchantcard: account.map(card::in_transaction),
            customer: Value::Null,
        }
    };
    sent.iter().map(one).collect()
}

/// The idents of a paid sale: the one that asked for a card shows the card that was created.
pub(crate) fn paid(book: &Book, sent: &[SentIdent], new: Option<&str>) -> Vec<Ident> {
    let mut idents = all(book, sent);
    let card = new.and_then(|number| book.accounts.get(number)).map(card::in_transaction);
    let asked = idents.iter_mut().find(|ident| ident.kind == CREATE.kind && ident.valid);
    if let (Some(ident), Some(card)) = (asked, card) {
        ident.merchantcard = Some(card);
    }
    idents
}

/// The idents as they are answered outside of transactions: with their length.
pub(crate) fn with_lengths(book: &Book, sent: &[SentIdent]) -> Vec<Value> {
    let length = |sent| Value::from(Template::of(sent).length);
    let shown = all(book, sent);
    shown
        .iter()
        .zip(sent)
        .map(|(ident, sent)| with(json!(ident), [("length", length(sent))]))
        .collect()
}

/// A check-in as list answers show it.
pub(crate) fn checkin(book: &Book, checkin: &CheckinFixture) -> Value {
    let shown = json!({
        "object": "smart.checkins",
        "id": checkin.id,
        "customerName": checkin.name,
        "picture": null,
        "created": checkin.created,
        "account": { "object": "general.accounts", "id": checkin.account_id },
        "customer": { "object": "loyalty.customers", "id": checkin.customer_id },
    });
    let account = checkin.card.as_ref().and_then(|number| book.accounts.get(number));
    match account.map(card::in_transaction) {
        Some(card) => with(shown, [("merchantcard", json!(card))]),
        None => shown,
    }
}
