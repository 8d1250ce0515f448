//! Requests: any operation with ids that exist, ids that do not, queries and bodies.

use http::Request;
use kasse::sandbox::{
    CARD_BONUS, CARD_EMPTY, CARD_INACTIVE, CARD_LOCKED, CARD_RICH, CARD_VOUCHER, SEED_TOKEN,
};
use serde_json::{Value, json};

use super::described::{Api, Operation, anything};
use super::rng::Rng;
use super::values::{Damage, Texts, Writer};

const CARDS: &[&str] =
    &[CARD_BONUS, CARD_EMPTY, CARD_INACTIVE, CARD_LOCKED, CARD_RICH, CARD_VOUCHER];
const METHODS: &[&str] = &[
    "cash",
    "cash",
    "cashless",
    "loyalty",
    "demo",
    "cashless_direct",
    "debit",
    "invoice",
    "prepaid",
    "creditcard",
    "paypal",
    "CASH",
    "",
];
/// What a till does with a sale, for sequences that lead somewhere.
const STEPS: &[&str] = &[
    "addTransaction",
    "addTransaction",
    "preTransaction",
    "preTransaction",
    "startTransaction",
    "startTransaction",
    "startTransaction",
    "cancelTransaction",
    "abortTransaction",
    "updateTransaction",
    "getOne",
    "getAll",
    "prepare",
    "startPreparedTransaction",
    "setDelivery",
];
/// Parts of queries.
const QUERY: &[&str] = &[
    "status",
    "created",
    "id",
    "transactionRef",
    "basket_info.sum",
    "card.cardnumber",
    ":",
    ":",
    "\"",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    " TO ",
    " AND ",
    " OR ",
    "NOT ",
    "!",
    "&&",
    "||",
    ">",
    "<",
    ">=",
    "*",
    "?",
    "\\",
    "ok",
    "created",
    "1",
    "100",
    "2020-01-01",
    "-",
    ",",
    "%",
    "é",
    " ",
    "asc",
    "desc",
    "name",
    "next",
    "nothing",
];

/// Makes requests.
pub struct Requests {
    pub api: Api,
    /// Ids that answers named, the oldest forgotten.
    known: Vec<String>,
    place: usize,
}

impl Requests {
    pub fn new(api: Api) -> Self {
        let known = CARDS.iter().map(|card| (*card).to_owned()).collect();
        Self { api, known, place: 0 }
    }

    /// Remembers the ids that an answer names.
    pub fn learn_from(&mut self, answer: &Value) {
        match answer {
            Value::String(text) if is_id(text) => self.learn(text),
            Value::Array(values) => values.iter().take(3).for_each(|value| self.learn_from(value)),
            Value::Object(fields) => fields.values().for_each(|value| self.learn_from(value)),
            _ => {}
        }
    }

    fn learn(&mut self, id: &str) {
        if self.known.len() < 200 {
            self.known.push(id.to_owned());
            return;
        }
        // The cards stay.
        self.place = (self.place + 1) % (self.known.len() - CARDS.len());
        id.clone_into(&mut self.known[CARDS.len() + self.place]);
    }

    fn transaction(&self, rng: &mut Rng) -> Option<String> {
        let all: Vec<&String> = self.known.iter().filter(|id| id.starts_with("STX_")).collect();
        (!all.is_empty()).then(|| rng.pick(&all).clone())
    }

    /// Any request.
    pub fn any(&self, rng: &mut Rng) -> Request<Vec<u8>> {
        let operations = &self.api.operations;
        let operation = if rng.chance(400) {
            self.api.operation(rng.pick(STEPS))
        } else {
            &operations[usize::try_from(rng.between(0, operations.len() as u64 - 1)).unwrap()]
        };
        let damage = Damage(rng.pick(&[0, 20, 100, 400]));
        self.request(rng, operation, damage)
    }

    /// What a till would send: no damage.
    pub fn sensible(&self, rng: &mut Rng) -> Request<Vec<u8>> {
        let operation = self.api.operation(rng.pick(STEPS));
        self.request(rng, operation, Damage(0))
    }

    fn request(&self, rng: &mut Rng, operation: &Operation, damage: Damage) -> Request<Vec<u8>> {
        let mut uri = self.path(rng, operation, damage);
        if !operation.query.is_empty() && rng.chance(700) {
            uri.push('?');
            for name in &operation.query {
                if rng.chance(500) {
                    let value = Self::query(rng, name);
                    uri.extend([name, "=", &encoded(&value), "&"]);
                }
            }
        }
        let method = if rng.chance(damage.0 / 10) {
            rng.pick(&["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "FOO"])
        } else {
            &operation.method
        };
        // No request without a socket can be asked more; `raw` has longer ones.
        uri.truncate(60_000);
        let mut request = Request::builder().method(method).uri(uri);
        if rng.chance(1_000 - damage.0 / 10) {
            request = request.header("Authorization", format!("Bearer {SEED_TOKEN}"));
        }
        if rng.chance(900) {
            let kind = if operation.name == "token" && rng.chance(500) {
                "application/x-www-form-urlencoded"
            } else {
                "application/json"
            };
            request = request.header("Content-Type", kind);
        }
        request.body(self.body(rng, operation, damage)).unwrap()
    }

    fn path(&self, rng: &mut Rng, operation: &Operation, damage: Damage) -> String {
        let segment = |segment: &str, rng: &mut Rng| -> String {
            let Some(name) = segment.strip_prefix('{').and_then(|it| it.strip_suffix('}')) else {
                return segment.to_owned();
            };
            let texts = Texts { known: &self.known };
            if rng.chance(damage.0) {
                return encoded(&texts.any(rng));
            }
            match name {
                "payment_method" => rng.pick(METHODS).to_owned(),
                "receipt_number" => rng.between(0, 5).to_string(),
                "id" if operation.path.contains("/Smart/Transactions/") => {
                    self.transaction(rng).unwrap_or_else(|| "STX_0".to_owned())
                }
                _ => encoded(&texts.any(rng)),
            }
        };
        operation.path.split('/').map(|it| segment(it, rng)).collect::<Vec<_>>().join("/")
    }

    fn query(rng: &mut Rng, name: &str) -> String {
        match name {
            "count" | "offset" if rng.chance(800) => rng
                .pick(&["0", "1", "2", "10", "10000", "10001", "-1", "99999999999999999999"])
                .to_owned(),
            _ => (0..rng.between(0, 8)).map(|_| rng.pick(QUERY)).collect(),
        }
    }

    fn body(&self, rng: &mut Rng, operation: &Operation, damage: Damage) -> Vec<u8> {
        if matches!(operation.name.as_str(), "addTransaction" | "updateTransaction")
            && rng.chance(600)
        {
            let mut sale = sale(rng);
            if rng.chance(damage.0) {
                sale.truncate(usize::try_from(rng.between(0, sale.len() as u64)).unwrap());
            }
            return sale;
        }
        let anything = anything();
        let schema = match &operation.request {
            Some(schema) => schema,
            None if rng.chance(950) => return Vec::new(),
            None => &anything,
        };
        let texts = Texts { known: &self.known };
        let mut writer = Writer { api: &self.api, texts, damage, out: String::new() };
        writer.value(rng, schema, 0);
        let mut body = writer.out.into_bytes();
        if rng.chance(damage.0 / 4) && !body.is_empty() {
            for _ in 0..rng.between(1, 4) {
                let at = usize::try_from(rng.between(0, body.len() as u64 - 1)).unwrap();
                body[at] = u8::try_from(rng.between(0, 255)).unwrap();
            }
        }
        body
    }
}

/// A sale whose sum is right.
fn sale(rng: &mut Rng) -> Vec<u8> {
    let mut sum = 0;
    let products: Vec<_> = (1..=rng.between(0, 4))
        .map(|id| {
            let (quantity, price) = (rng.between(1, 3), rng.between(1, 900));
            sum += quantity * price;
            json!({ "id": id, "desc": "x", "quantity": quantity, "priceOne": price,
                    "tax": rng.pick(&[0, 7, 19]),
                    "ean": rng.pick(&["", "", "", kasse::wire::CHARGE_EAN]) })
        })
        .collect();
    let idents: Vec<_> = (0..rng.between(0, 2))
        .map(|_| json!({ "type": "card", "value": rng.pick(CARDS) }))
        .collect();
    let body = json!({
        "intent": rng.pick(&["sale", "sale", "order"]), "idents": idents,
        "basket": { "products": products }, "basket_info": { "sum": sum, "currency": "EUR" },
        "transactionRef": rng.pick(&["a", "b", "A"]),
    });
    body.to_string().into_bytes()
}

/// Percent-encoded as far as a path needs it.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'-' | b'_' | b'.' | b'*' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// `STX_…` and the like, and numbers of cards.
fn is_id(text: &str) -> bool {
    let prefixed = text.len() > 20 && text.as_bytes()[3] == b'_';
    prefixed || (text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_digit()))
}
