//! Everything the server says arrives sanitised.

use kasse::client::Client;
use kasse::text::is_harmful;
use kasse::wire::{Outcome, TransactionRequest};
use serde::Serialize;
use serde_json::{Value, json};

use crate::client::server::{Server, answer, client, settings};

/// What a terminal, a printer or an eye would obey: CSI, OSC, C1, controls, bidi, zero width.
const POISON: &str =
    "A\u{1b}[31mB\u{1b}]52;c;aGk=\u{7}C\u{9b}2JD\r\nE\u{0}\u{1b}p\u{202e}F\u{200b}G\u{7f}";
const CLEAN: &str = "ABCD EFG";

fn poisoned_transaction() -> Value {
    let line = |kind: &str, value: Value| json!({"type": kind, "value": value});
    json!({
        "object": POISON, "id": "STX_1", "status": "ok",
        "merchant": {"object": POISON, "id": POISON, "companyname": POISON},
        "created": POISON, "updated": POISON, "intent": POISON,
        "transactionRef": POISON, "merchantRef": POISON,
        "transactions": [{"object": POISON, "id": POISON}],
        "basket": {"type": POISON, "texts": [POISON, {POISON: [POISON]}], "products": [{
            "id": 1, "articleNumber": POISON, "ean": POISON, "desc": POISON, "quantity": 1,
            "priceOne": 1, "tax": 7, "group": [{"desc": POISON}], "item_type": POISON,
        }]},
        "basket_info": {"sum": 1, "currency": POISON},
        "idents": [{
            "object": POISON, "id": POISON, "name": POISON, "type": POISON, "value": POISON,
            "valid": true, "customer": {POISON: POISON},
            "merchantcard": {"cardgroup": {"display_name": POISON, "picture": POISON},
                "card": {"cardnumber": POISON}, "customer": {"name": POISON}},
        }],
        "receipt": [
            line("separator", json!({"caption": POISON})),
            line("textline", json!({"text": POISON, "decoration": [POISON]})),
            line("name-value", json!({"name": POISON, "value": POISON})),
        ],
        "application_context": {POISON: {POISON: POISON}},
        "checkout_links": [POISON], "payment_links": POISON,
    })
}

/// Asserts that nothing harmful is left anywhere in `answer`, and that the words still are there.
fn assert_clean(answer: &impl Serialize) {
    fn check(text: &str) -> usize {
        assert!(!text.chars().any(is_harmful), "{text:?}");
        assert!(!text.contains("[31m") && !text.contains("aGk="), "{text:?}");
        usize::from(text == CLEAN)
    }
    fn walk(value: &Value) -> usize {
        match value {
            Value::String(text) => check(text),
            Value::Array(items) => items.iter().map(walk).sum(),
            Value::Object(fields) => {
                fields.iter().map(|(key, value)| check(key) + walk(value)).sum()
            }
            _ => 0,
        }
    }
    let words = walk(&serde_json::to_value(answer).unwrap());
    assert!(words > 0, "the texts themselves stay");
}

#[tokio::test]
async fn answers_are_clean() {
    let server = Server::granting(|request, _| {
        if request.path.contains("MerchantCards") {
            return answer(
                200,
                &json!({"count": 1, "data": [{
                    "id": POISON, "card": {"cardnumber": "92\u{200b}76", "id": POISON},
                    "cardgroup": {"display_name": POISON, "picture": POISON},
                }]}),
            );
        }
        if request.path.ends_with("/preTransaction") {
            return answer(200, &json!({"missing_sum": 1, "bonus_products": [{"desc": POISON}]}));
        }
        answer(200, &poisoned_transaction())
    });
    let client = client(&server);
    assert_clean(&client.create(&TransactionRequest::default()).await);
    assert_clean(&client.read("STX_1").await);
    assert_clean(&client.pre_transaction("STX_1").await);
    let found = client.find_card("9276").await;
    assert!(matches!(found, Outcome::Ok(Some(_))), "compared after sanitising");
    assert_clean(&found);
}

#[tokio::test]
async fn refusals_are_clean() {
    let body = json!({"status": POISON, "error": POISON, "error_details": POISON,
        "error_user": POISON, "code": 1, "supportId": POISON});
    let server = Server::granting(move |_, _| answer(400, &body));
    let outcome = client(&server).read("STX_1").await;
    assert!(matches!(&outcome, Outcome::Refused(error) if error.user == CLEAN));
    assert_clean(&outcome);

    let body = json!({"error": POISON, "error_description": POISON});
    let server = Server::start(move |_, _| answer(400, &body));
    let outcome = client(&server).read("STX_1").await;
    assert!(matches!(&outcome, Outcome::Refused(error) if error.details == CLEAN));
    assert_clean(&outcome);
}

#[tokio::test]
async fn neither_secret_nor_token_is_ever_printed() {
    let server = Server::granting(|_, _| answer(400, &json!({"error": "No"})));
    let settings = settings(&server.url());
    let client = Client::new(&settings).unwrap();
    let outcome = client.read("STX_1").await;
    let printed = format!("{settings:?} {client:?} {outcome:?} {:?}", client.connect().await);
    assert!(printed.contains("till-1"), "{printed}");
    for secret in ["hunter2", "T1", "T2"] {
        assert!(!printed.contains(secret), "{printed}");
    }
}
