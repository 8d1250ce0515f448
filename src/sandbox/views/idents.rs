//! What a customer is known by: cards, check-ins, and cards that a sale creates (api.md §1.4, §6.2).
//!
//! Owns how idents are shown and which card they lead to. Must not move money.

use serde_json::{Value, json};

use crate::wire::{Ident, MerchantCard};

use crate::sandbox::fixtures::world::{Fixtures, GroupFixture};
use crate::sandbox::ledger::{Accounts, Book, Ledger};
use crate::sandbox::refusal::Refusal;
use crate::sandbox::request::node::Node;
use crate::sandbox::request::{Draft, IdentKind, SentIdent, ident};
use crate::sandbox::store::account::Account;

/// The card that takes part in a sale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Holder {
    /// The number of a card that is there.
    Card(String),
    /// The programme (`CRG_…`) of a card that the sale creates.
    New(String),
}

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

/// The programme that `ident` asks a card of, if tills may have its cards created.
fn created<'a>(ident: &SentIdent, world: &'a Fixtures) -> Option<&'a GroupFixture> {
    let named = world.groups.iter().find(|group| group.id == ident.value);
    named.filter(|group| ident.kind == IdentKind::CreateCard && group.creatable)
}

/// The number of the existing card that `ident` leads to.
fn card<'a>(ident: &'a SentIdent, world: &'a Fixtures) -> Option<&'a str> {
    match ident.kind {
        IdentKind::Card => Some(&ident.value),
        IdentKind::Checkin => {
            let guest = world.checkins.iter().find(|guest| guest.id == ident.value)?;
            guest.card.as_deref()
        }
        IdentKind::CreateCard => None,
    }
}

/// The idents as answered, cards with their balances of this moment.
pub(crate) fn shown(sent: &[SentIdent], world: &Fixtures, accounts: &Accounts) -> Vec<Ident> {
    let one = |ident: &SentIdent| {
        let template = Template::of(ident);
        let account = card(ident, world).and_then(|number| accounts.get(number));
        let checked_in = world.checkins.iter().any(|guest| guest.id == ident.value);
        Ident {
            object: "smart.idents".to_owned(),
            id: template.id.to_owned(),
            prefix: Some(template.prefix.to_owned()),
            name: Some(template.name.to_owned()),
            kind: template.kind.to_owned(),
            value: ident.value.clone(),
            valid: match ident.kind {
                IdentKind::Card => account.is_some(),
                IdentKind::Checkin => checked_in,
                IdentKind::CreateCard => created(ident, world).is_some(),
            },
            merchantcard: account.map(Account::in_transaction),
            customer: Value::Null,
        }
    };
    sent.iter().map(one).collect()
}

/// The idents of a paid sale: the one that asked for a card shows the card that was created.
pub(crate) fn paid(
    sent: &[SentIdent],
    world: &Fixtures,
    accounts: &Accounts,
    new: Option<&str>,
) -> Vec<Ident> {
    let mut idents = shown(sent, world, accounts);
    let card: Option<MerchantCard> =
        new.and_then(|number| accounts.get(number)).map(Account::in_transaction);
    let asked = idents.iter_mut().find(|ident| ident.kind == CREATE.kind && ident.valid);
    if let (Some(ident), Some(card)) = (asked, card) {
        ident.merchantcard = Some(card);
    }
    idents
}

impl Ledger {
    /// `POST /Smart/Idents/{id}/validate`: the idents of `body`, or the one, each with its card.
    pub(crate) fn validate_idents(&self, body: &Value) -> Result<Vec<Value>, Refusal> {
        let body = Node::body(body);
        let sent: Vec<SentIdent> = if body.value.is_object() {
            vec![ident(&body)?]
        } else {
            body.list()?.iter().map(ident).collect::<Result<_, _>>()?
        };
        let book = self.book();
        let shown = shown(&sent, &book.world, &book.accounts);
        Ok(shown.iter().zip(&sent).map(|(ident, sent)| with_length(ident, sent)).collect())
    }

    /// `POST /Smart/Idents/{id}/read`: what lies on the simulated reader. That is the first card
    /// for `smi_1` and the first check-in for `smi_2`.
    pub(crate) fn read_ident(&self, id: &str) -> Result<Value, Refusal> {
        let book = self.book();
        let (kind, value) = match id {
            "smi_1" => (IdentKind::Card, book.world.cards.first().map(|card| &card.number)),
            "smi_2" => (IdentKind::Checkin, book.world.checkins.first().map(|guest| &guest.id)),
            _ => return Err(Refusal::NotFound(format!("smart.idents {id}"))),
        };
        let nothing = || Refusal::NotFound("ident on the reader".to_owned());
        let sent = SentIdent { kind, value: value.ok_or_else(nothing)?.clone() };
        let read = shown(std::slice::from_ref(&sent), &book.world, &book.accounts);
        read.first().map(|ident| with_length(ident, &sent)).ok_or_else(nothing)
    }

    /// `GET /Smart/Checkins`.
    pub(crate) fn checkins(&self) -> Vec<Value> {
        let book = self.book();
        let card = |number: &String| book.accounts.get(number).map(Account::in_transaction);
        let guests = book.world.checkins.iter();
        guests.map(|guest| guest.shown(guest.card.as_ref().and_then(card))).collect()
    }

    /// `GET /Smart/Devices`.
    pub(crate) fn devices(&self) -> Vec<Value> {
        crate::sandbox::fixtures::devices::all(&self.book().world)
    }
}

/// Outside of transactions idents carry their length, too.
fn with_length(ident: &Ident, sent: &SentIdent) -> Value {
    let mut shown = json!(ident);
    if let Some(fields) = shown.as_object_mut() {
        fields.insert("length".to_owned(), Value::from(Template::of(sent).length));
    }
    shown
}

impl Book {
    /// The first card of the sale that exists: its own or that of a check-in.
    pub(crate) fn card_of(&self, draft: &Draft) -> Option<(&str, &Account)> {
        draft.idents.iter().find_map(|ident| {
            let (number, card) = self.accounts.get_key_value(card(ident, &self.world)?)?;
            Some((number.as_str(), card))
        })
    }

    /// The programme of the card that the sale is to create. None when a card is there already.
    pub(crate) fn card_to_create(&self, draft: &Draft) -> Option<&GroupFixture> {
        if self.card_of(draft).is_some() {
            return None;
        }
        draft.idents.iter().find_map(|ident| created(ident, &self.world))
    }
}
