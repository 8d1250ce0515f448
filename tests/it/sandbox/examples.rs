//! The JSON examples of the documents, asked for as printed and compared field for field.
//!
//! These are the examples that the pages of `wire::api` are drawn from: both seeds, the calls on
//! transactions, idents and devices, the grants, and the error of an expired token. What the
//! documents cannot foretell (ids, tokens, times that the server sets) is listed with each example
//! and compared by its shape. Not here: what only STOMP carries.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use kasse::sandbox::{CLIENT_ID, CLIENT_SECRET, Clock, Options, SEED_TOKEN};
use serde_json::{Value, json};

use crate::sandbox::examples_data::{
    APPLY_ANSWER, CARD_LIST_IDENT, CHARGE_ANSWER, CHARGE_REQUEST, DEVICE, EXPIRED, IDENTS,
    START_ANSWER, UPDATE_REQUEST, VALIDATE_REQUEST,
};
use crate::sandbox::kit::{Kit, client};

const STX: &str = "/api/v2/Smart/Transactions";
const SEED_STX: &str = "/api/v2/Smart/Transactions/STX_KJXJDUN542NR3WMRHRVU5WWM6ZQEA2";

/// How a value is compared that the document's own cannot be.
#[derive(Debug, Clone, Copy)]
enum Shape {
    /// Prefix, underscore, thirty digits and capitals.
    Id(&'static str),
    /// So many lower-case letters and digits.
    Lower(usize),
    /// So many hex digits.
    Hex(usize),
    /// The document shows an ellipsis, or nothing at all after one.
    Elided,
}

/// One example: a request at a time, after others, and what the document prints.
struct Example {
    name: &'static str,
    /// When it is asked for, as the document's times say.
    at: &'static str,
    /// What the document's story has done before.
    before: &'static [(&'static str, &'static str, &'static str)],
    request: (&'static str, &'static str, &'static str),
    answer: &'static str,
    /// Where the answer is compared by shape (JSON pointers).
    except: &'static [(&'static str, Shape)],
}

const EXAMPLES: &[Example] = &[
    Example {
        name: "charge document, create",
        at: "2020-09-25T11:15:30+02:00",
        before: &[],
        request: ("POST", STX, CHARGE_REQUEST),
        answer: CHARGE_ANSWER,
        except: &[("/id", Shape::Id("STX"))],
    },
    Example {
        name: "apply document, preTransaction",
        at: "2020-09-17T09:40:00+02:00",
        before: &[],
        request: (
            "POST",
            "/api/v2/Smart/Transactions/STX_KJXJDUN542NR3WMRHRVU5WWM6ZQEA2/preTransaction",
            "",
        ),
        answer: APPLY_ANSWER,
        except: &[],
    },
    Example {
        name: "start/cash",
        at: "2020-09-17T09:43:59+02:00",
        before: &[("PUT", SEED_STX, r#"{"idents":[{"type":"card","value":"9276004429942845"}]}"#)],
        request: (
            "POST",
            "/api/v2/Smart/Transactions/STX_KJXJDUN542NR3WMRHRVU5WWM6ZQEA2/start/cash",
            "{}",
        ),
        answer: START_ANSWER,
        except: &[
            ("/transactions/0/id", Shape::Id("LTX")),
            ("/receipt", Shape::Elided),
            ("/idents/0/merchantcard", Shape::Elided),
            ("/is_demo", Shape::Elided),
            ("/application_context", Shape::Elided),
            ("/checkout_links", Shape::Elided),
            ("/payment_links", Shape::Elided),
            ("/payment_method", Shape::Elided),
        ],
    },
    Example {
        name: "cancelTrx",
        at: "2021-02-25T08:46:48+01:00",
        before: &[
            ("POST", STX, TERMINAL_SALE),
            ("POST", "{id}/start/cashless", ""),
            ("POST", STX, TERMINAL_SALE),
            ("POST", "{id}/start/cashless", ""),
            ("POST", STX, TERMINAL_SALE),
            ("POST", "{id}/start/cashless", ""),
        ],
        request: ("POST", "/api/v2/Smart/Transactions/3/cancelTrx", ""),
        answer: r#"{"status":"cancelled","receipt_number":3,"transactions":[]}"#,
        except: &[
            ("/object", Shape::Elided),
            ("/id", Shape::Id("STX")),
            ("/merchant", Shape::Elided),
            ("/device_source", Shape::Elided),
            ("/device_destination", Shape::Elided),
            ("/created", Shape::Elided),
            ("/updated", Shape::Elided),
            ("/transactionRef", Shape::Elided),
            ("/merchantRef", Shape::Elided),
            ("/intent", Shape::Elided),
            ("/basket", Shape::Elided),
            ("/receipt", Shape::Elided),
            ("/receipt_merchant", Shape::Elided),
            ("/receipt_merchant_print", Shape::Elided),
            ("/basket_info", Shape::Elided),
            ("/idents", Shape::Elided),
            ("/is_demo", Shape::Elided),
            ("/application_context", Shape::Elided),
            ("/checkout_links", Shape::Elided),
            ("/payment_links", Shape::Elided),
            ("/payment_method", Shape::Elided),
        ],
    },
    Example {
        name: "the list of idents",
        at: "2020-09-25T11:15:30+02:00",
        before: &[],
        request: ("GET", "/api/v2/Smart/Idents", ""),
        answer: IDENTS,
        except: &[],
    },
    Example {
        name: "validate an ident",
        at: "2020-09-25T11:15:30+02:00",
        before: &[],
        request: ("POST", "/api/v2/Smart/Idents/notused/validate", VALIDATE_REQUEST),
        answer: CARD_LIST_IDENT,
        // The card is that of the charge document, where it is compared.
        except: &[("/0/merchantcard", Shape::Elided)],
    },
    Example {
        name: "a device",
        at: "2020-09-25T11:15:30+02:00",
        before: &[],
        request: ("GET", "/api/v2/Smart/Devices/SDV_3WCAD3VVV2Y8FW5XR5GQGGKYBQUUAE", ""),
        answer: DEVICE,
        except: &[],
    },
];

/// 0.01, as on the terminal receipt of the documents.
const TERMINAL_SALE: &str = r#"{"basket":{"products":[{"id":1,"desc":"Test","quantity":1,"priceOne":1,"tax":19}]},"basket_info":{"sum":1}}"#;

/// Asserts that `got` is what the document prints, but for the exceptions.
#[track_caller]
fn assert_printed(name: &str, printed: &Value, mut got: Value, except: &[(&str, Shape)]) {
    let mut printed = printed.clone();
    for (at, shape) in except {
        let value = got.pointer(at).unwrap_or_else(|| panic!("{name}: {at} is missing")).clone();
        if !matches!(shape, Shape::Elided) {
            let text = value.as_str().unwrap();
            assert!(fits(text, *shape), "{name}: {at} is {text}, not {shape:?}");
        }
        for side in [&mut printed, &mut got] {
            let (parent, key) = at.rsplit_once('/').unwrap();
            match side.pointer_mut(parent).unwrap() {
                Value::Object(fields) => drop(fields.shift_remove(key)),
                Value::Array(items) => items[key.parse::<usize>().unwrap()] = Value::Null,
                other => panic!("{name}: {at} in {other}"),
            }
        }
    }
    assert_eq!(got, printed, "{name}");
}

fn fits(text: &str, shape: Shape) -> bool {
    let all = |length: usize, text: &str, fits: fn(char) -> bool| {
        text.len() == length && text.chars().all(fits)
    };
    match shape {
        Shape::Id(prefix) => text.strip_prefix(prefix).is_some_and(|rest| {
            let rest = rest.strip_prefix('_').unwrap_or_default();
            all(30, rest, |c| c.is_ascii_digit() || c.is_ascii_uppercase())
        }),
        Shape::Lower(length) => all(length, text, |c| c.is_ascii_digit() || c.is_ascii_lowercase()),
        Shape::Hex(length) => all(length, text, |c| matches!(c, '0'..='9' | 'a'..='f')),
        Shape::Elided => true,
    }
}

async fn ask(kit: &Kit, method: &str, path: &str, body: &str) -> Value {
    let body = (!body.is_empty()).then(|| serde_json::from_str::<Value>(body).unwrap());
    let answer = kit.send(method, path, body.as_ref()).await;
    assert_eq!(answer.status, 200, "{method} {path}: {answer:?}");
    answer.body
}

#[tokio::test]
async fn every_example_is_answered_as_printed() {
    for example in EXAMPLES {
        // The offset of a printed time follows from the time, so it must come out the same again.
        let (clock, _) = Clock::manual(example.at.parse().unwrap());
        let kit = Kit::with(Options { clock, ..Options::default() }).await;
        let mut id = String::new();
        for (method, path, body) in example.before {
            let path = path.replace("{id}", &format!("{STX}/{id}"));
            let answer = ask(&kit, method, &path, body).await;
            answer["id"].as_str().unwrap().clone_into(&mut id);
        }
        let (method, path, body) = example.request;
        let got = ask(&kit, method, path, body).await;
        let printed = serde_json::from_str(example.answer).unwrap();
        assert_printed(example.name, &printed, got, example.except);
    }
}

#[tokio::test]
async fn the_update_of_the_documents_is_answered_as_told() {
    let kit = Kit::start().await;
    let got = ask(&kit, "PUT", SEED_STX, UPDATE_REQUEST).await;
    for (field, value) in [
        ("status", json!("created")),
        ("merchantRef", json!("customer nr. 123")),
        ("transactionRef", json!("order nr. 123")),
    ] {
        assert_eq!(got[field], value);
    }
    assert_eq!(got["basket_info"]["sum"], 796);
}

#[tokio::test]
async fn check_ins_have_the_documented_fields() {
    let kit = Kit::start().await;
    let list = ask(&kit, "GET", "/api/v2/Smart/Checkins", "").await;
    assert_eq!(list.as_object().unwrap().keys().collect::<Vec<_>>(), ["count", "data"]);
    for checkin in list["data"].as_array().unwrap() {
        let keys: Vec<&str> = checkin.as_object().unwrap().keys().map(String::as_str).collect();
        let documented = [
            "object",
            "id",
            "customerName",
            "picture",
            "created",
            "account",
            "customer",
            "merchantcard",
        ];
        assert_eq!(keys, documented);
        assert_eq!(checkin["object"], "smart.checkins");
        assert!(fits(checkin["id"].as_str().unwrap(), Shape::Id("CKI")), "{checkin}");
    }
}

#[tokio::test]
async fn an_expired_token_is_answered_as_printed() {
    let (clock, hand) = Clock::manual("2020-09-25T11:15:30+02:00".parse().unwrap());
    let kit = Kit::with(Options { clock, ..Options::default() }).await;
    let body = json!({ "grant_type": "client_credentials", "client_id": CLIENT_ID,
                       "client_secret": CLIENT_SECRET });
    let token = token(&kit, body).await.1["access_token"].as_str().unwrap().to_owned();
    assert_ne!(token, SEED_TOKEN, "that one never expires");
    hand.advance(1_201);
    let url = format!("{}/api/v2/Smart/Idents", kit.url);
    let response = client().get(url).header("Authorization", format!("Bearer {token}"));
    let response = response.send().await.unwrap();
    assert_eq!(response.status().as_u16(), 403);
    let got: Value = response.json().await.unwrap();
    let printed = serde_json::from_str(EXPIRED).unwrap();
    assert_printed("an expired token", &printed, got, &[("/supportId", Shape::Hex(32))]);
}

async fn token(kit: &Kit, body: Value) -> (u16, Value) {
    let response =
        kit.http.post(format!("{}/oauth/token", kit.url)).json(&body).send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

#[tokio::test]
async fn every_token_example_is_answered_as_printed() {
    let kit = Kit::start().await;
    let account = |mut body: Value| {
        body["client_id"] = json!(CLIENT_ID);
        body["client_secret"] = json!(CLIENT_SECRET);
        body
    };

    let (status, got) = token(
        &kit,
        account(json!({
            "grant_type": "device", "uuid": "/vendor/unknown/cashier/dotnettest1",
        })),
    )
    .await;
    assert_eq!(status, 200, "{got}");
    let printed = json!({ "device_code": "2429e1d92f2f76cc3bbdc0333457ef25", "user_code": "aa63q9k9",
                          "verification_url": "http://www.secuoffice.com", "expires_in": 1200,
                          "interval": 5 });
    let except = [
        ("/device_code", Shape::Hex(32)),
        ("/user_code", Shape::Lower(8)),
        // The sandbox may name a page of its own.
        ("/verification_url", Shape::Elided),
    ];
    assert_printed("device registration", &printed, got.clone(), &except);

    // Somebody enters the user code, where that is asked for.
    let confirm = format!("{}/sandbox/confirm/{}", kit.url, got["user_code"].as_str().unwrap());
    kit.http.post(confirm).send().await.unwrap();
    let poll = account(json!({ "grant_type": "device", "code": got["device_code"] }));
    let (status, got) = token(&kit, poll).await;
    assert_eq!(status, 200, "{got}");
    let printed = json!({ "access_token": "c0p22mjoea0vktmfe09r9h1b40", "expires_in": 1200,
                          "token_type": "bearer", "scope": null,
                          "refresh_token": "d3aece0996cee981609cab15653db0e9bc9ef804" });
    let except = [("/access_token", Shape::Lower(26)), ("/refresh_token", Shape::Hex(40))];
    assert_printed("device token", &printed, got.clone(), &except);

    let refresh =
        account(json!({ "grant_type": "refresh_token", "refresh_token": got["refresh_token"] }));
    let (_, got) = token(&kit, refresh).await;
    let printed = json!({ "access_token": "01g5prsq95pkq67pik7dh7vq22", "expires_in": 1200,
                          "token_type": "bearer", "scope": null });
    assert_printed("refresh", &printed, got, &[("/access_token", Shape::Lower(26))]);

    let (_, got) = token(&kit, account(json!({ "grant_type": "client_credentials" }))).await;
    let printed = json!({ "access_token": "8ej26rvo6pnj4ea26p6t2258od", "expires_in": 1200,
                          "token_type": "bearer", "scope": "https://scope.secucard.com/e/api" });
    assert_printed("client credentials", &printed, got, &[("/access_token", Shape::Lower(26))]);
}
