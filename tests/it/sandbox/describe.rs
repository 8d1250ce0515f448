//! The description of the API against the API: every operation in it is called, sensibly and
//! senselessly, and answers as described; nothing else is answered.

use kasse::sandbox::{CARD_BONUS, Options, Pairing, SEED_TOKEN, SEED_TRANSACTION};
use serde_json::{Value, json};

use crate::sandbox::kit::{Answer, Kit, bakery, sale};
use crate::sandbox::schema_kit::misfits;

const CARDS: &str = "/api/v2/Loyalty/MerchantCards";

/// One operation of the description.
struct Described {
    method: String,
    path: String,
    operation: Value,
}

impl Described {
    fn name(&self) -> &str {
        self.operation["operationId"].as_str().unwrap()
    }

    fn request(&self) -> Option<&Value> {
        self.operation.pointer("/requestBody/content/application~1json/schema")
    }

    fn needs_body(&self) -> bool {
        self.operation.pointer("/requestBody/required") == Some(&json!(true))
    }

    fn answer(&self, status: u16) -> &Value {
        let which = if status == 200 { "200" } else { "default" };
        &self.operation["responses"][which]["content"]["application/json"]["schema"]
    }

    fn needs_token(&self) -> bool {
        self.operation["security"] != json!([])
    }
}

/// What an operation is called with.
#[derive(Default)]
struct Example {
    /// Values of the path's open segments, in their order.
    params: Vec<String>,
    query: &'static str,
    body: Option<Value>,
    /// The status of the answer where nothing can succeed, 0 for 200.
    refused: u16,
}

fn container() -> Value {
    json!({ "type": "bank_account", "private": { "owner": "Doe", "iban": "DE37503240001000000524" } })
}

/// A request that must succeed. Whatever has to be there before is made first.
async fn sensible(kit: &Kit, name: &str) -> Example {
    let seed = || vec![SEED_TRANSACTION.to_owned()];
    let body = |body: Value| Example { body: Some(body), ..Example::default() };
    let on_seed = || Example { params: seed(), ..Example::default() };
    let me = || Example { params: vec!["me".to_owned()], ..Example::default() };
    let found = loyalty(kit, name).await;
    match name {
        _ if found.is_some() => found.unwrap(),
        "getAll" => Example { query: "?q=transactionRef:x", ..Example::default() },
        "addTransaction" => body(bakery(Some(CARD_BONUS))),
        "updateTransaction" => Example { params: seed(), ..body(sale(None, &[])) },
        "getOne" | "preTransaction" | "abortTransaction" => on_seed(),
        "prepare" => Example {
            params: vec![SEED_TRANSACTION.to_owned(), "debit".to_owned()],
            ..body(json!({}))
        },
        "startTransaction" => Example {
            params: vec![SEED_TRANSACTION.to_owned(), "cashless_direct".to_owned()],
            ..body(json!({ "tid": "72015255", "trace": 11, "cardtype": "girocard" }))
        },
        "startPreparedTransaction" => {
            kit.step(SEED_TRANSACTION, "prepare/debit").await;
            on_seed()
        }
        "cancelTrx" => {
            let paid = kit.step(SEED_TRANSACTION, "start/cashless").await.body;
            Example { params: vec![paid["receipt_number"].to_string()], ..Example::default() }
        }
        "diagnose" | "startEndOfDayReport" | "getOneDevice" => me(),
        "setDelivery" => {
            let mut order = bakery(None);
            order["intent"] = json!("order");
            order["delivery_options"] = json!({ "type": "shipping" });
            let id = kit.create(&order).await;
            kit.step(&id, "prepare/debit").await;
            kit.step(&id, "start").await;
            let delivery = json!({ "delivery_options": { "tracking_code": "1234567" } });
            Example { params: vec![id], ..body(delivery) }
        }
        "updatePaymentContainer" => Example { refused: 404, ..on_seed() },
        "validateIdents" => {
            let card = json!([{ "type": "card", "value": CARD_BONUS }]);
            Example { params: vec!["notused".to_owned()], ..body(card) }
        }
        "readIdent" => Example { params: vec!["smi_1".to_owned()], ..Example::default() },
        "triggerPushEvent" => Example {
            params: vec!["me".to_owned()],
            ..body(json!({ "target": "smart.checkins", "action": "changed" }))
        },
        "getAllIdents" | "getAllCheckins" | "getAllDevices" => Example::default(),
        "cancelTransaction" => {
            kit.step(SEED_TRANSACTION, "start/cash").await;
            on_seed()
        }
        "token" => body(json!({ "grant_type": "client_credentials", "client_id": "sandbox",
                                "client_secret": "sandbox" })),
        "confirmPairing" => {
            let register = json!({ "grant_type": "device", "client_id": "sandbox",
                                   "client_secret": "sandbox", "uuid": "/vendor/x" });
            let registered = kit.post("/oauth/token", &register).await.body;
            let code = registered["user_code"].as_str().unwrap().to_owned();
            Example { params: vec![code], ..Example::default() }
        }
        "addPaymentCustomer" => body(json!({ "contact": { "surname": "Doe" } })),
        "addPaymentContainer" => body(container()),
        "getOnePaymentCustomer" => {
            let buyer = json!({ "contact": { "surname": "Doe" } });
            let made = kit.post("/api/v2/Payment/Customers", &buyer).await.body;
            Example { params: vec![made["id"].as_str().unwrap().to_owned()], ..Example::default() }
        }
        "getOnePaymentContainer" => {
            let made = kit.post("/api/v2/Payment/Containers", &container()).await.body;
            Example { params: vec![made["id"].as_str().unwrap().to_owned()], ..Example::default() }
        }
        "setFaults" => body(json!(["latency=1@read"])),
        "getFaults" | "getHealth" | "reset" | "getFixtures" | "getDescription" => {
            Example::default()
        }
        other => panic!("the conformance test has no example for the operation {other}"),
    }
}

/// The same for `/Loyalty/…`.
async fn loyalty(kit: &Kit, name: &str) -> Option<Example> {
    let card = kit.get(&format!("{CARDS}?q=card.cardnumber:{CARD_BONUS}")).await.body;
    let card = &card["data"][0];
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let (id, group) = (text(&card["id"]), text(&card["cardgroup"]["id"]));
    let none = |params: &[&str]| Example {
        params: params.iter().map(|param| (*param).to_owned()).collect(),
        ..Example::default()
    };
    let with = |params: &[&str], body: Value| Example { body: Some(body), ..none(params) };
    let listed = |query| Example { query, ..Example::default() };
    let holder = json!({ "merchant_contact": { "surname": "Meier" }, "note": "n" });
    let made = if name.contains("Customer") {
        text(&kit.post("/api/v2/Loyalty/Customers", &holder).await.body["id"])
    } else {
        String::new()
    };
    Some(match name {
        "getAllMerchantCards" => listed("?q=card.cardnumber:9276004424644352&count=3&sort=id"),
        "getOneMerchantCard" | "getLock" => none(&[&id]),
        "updateMerchantCard" => {
            let change = json!({ "expiry_date": "2031-12-31", "additional_data": { "a": 1 } });
            with(&[&id], change)
        }
        "updateCardGroupOfMerchantCard" => none(&[&id, &group]),
        "createMerchantcards" => {
            with(&["me", &group], json!({ "cards_amount": 2, "customer": holder }))
        }
        "registerCustomer" => with(&[&id], holder),
        "setCustomer" => none(&[&id, &made]),
        "getVirtualTerminalData" => none(&[&id, &text(&card["merchant"]["id"])]),
        "getAllCards" => listed("?q=cardnumber:9276*&count=2"),
        "getOneCard" => none(&[&text(&card["card"]["id"])]),
        "assignUser" => with(&[&text(&card["card"]["id"]), "me"], json!({ "pin": "4471" })),
        "removeAssignedUser" => {
            let plastic = text(&card["card"]["id"]);
            let assign = format!("/api/v2/Loyalty/Cards/{plastic}/assignUser/me");
            kit.post(&assign, &json!({ "pin": "4471" })).await;
            none(&[&plastic, "me"])
        }
        "validateMerchantCard" => with(&["me"], json!({ "cardnumber": CARD_BONUS })),
        "checkCsc" => with(&[&id], json!({ "csc": "4471" })),
        "checkPassCode" => with(&[&id], json!({ "pin": 1234 })),
        "newPassCode" => with(&[&id], json!({ "passcode": 1234 })),
        "resetPassCode" => {
            kit.post(&format!("{CARDS}/{id}/newPasscode"), &json!({ "passcode": 7 })).await;
            with(&[&id], json!({ "passcode": 7 }))
        }
        "lock" => with(&[&id], json!({ "reason": 1, "note": "n", "csc": "4471" })),
        "unlock" => with(&[&id], json!({ "note": "n" })),
        "getLockReasons" => none(&[]),
        "getAllCustomers" | "getAllCardGroups" => listed("?count=1"),
        "addCustomer" => with(&[], holder),
        "getOneCustomer" | "deleteCustomer" => none(&[&made]),
        "updateCustomer" => with(&[&made], json!({ "note": null, "anonymize": true })),
        "getOneCardGroup" => none(&[&group]),
        "checkPassCodeEnabled" => {
            with(&[&group], json!({ "action": "charge", "cardnumber": CARD_BONUS }))
        }
        "getAllLoyaltyTransactions" | "getOneLoyaltyTransaction" => {
            // One that belongs to a sale and was taken back, and one that stands alone.
            kit.step(SEED_TRANSACTION, "preTransaction").await;
            kit.step(SEED_TRANSACTION, "start/cash").await;
            kit.step(SEED_TRANSACTION, "cancel").await;
            let charge = json!({ "action": "charge", "amount": 500 });
            kit.post(&format!("{CARDS}/{id}/transaction/{id}"), &charge).await;
            let bookings = kit.get("/api/v2/Loyalty/Transactions").await.body;
            assert_eq!(bookings["count"], 3);
            if name == "getOneLoyaltyTransaction" {
                none(&[&text(&bookings["data"][0]["id"])])
            } else {
                listed("?sort=created:desc,id")
            }
        }
        "executeTransaction" => with(
            &[&id, &id],
            json!({ "action": "discharge", "amount": 900, "amount_split_allowed": true,
                    "additional_data": { "a": 1 } }),
        ),
        "cardBalanceReceipt" => with(&[&id], json!({ "terminal_id": "VT1" })),
        _ => return None,
    })
}

/// The path with its open segments filled in; missing values are nonsense.
fn filled(path: &str, params: &[String]) -> String {
    let mut params = params.iter().map(String::as_str);
    let segments = path.split('/').map(|segment| {
        if segment.starts_with('{') { params.next().unwrap_or("%7Bnonsense%7D") } else { segment }
    });
    segments.collect::<Vec<_>>().join("/")
}

async fn description() -> (Value, Vec<Described>) {
    let kit = Kit::start().await;
    let document = kit.get("/sandbox/openapi.json").await.body;
    let mut all = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let (path, operation) = (path.clone(), operation.clone());
            all.push(Described { method: method.to_ascii_uppercase(), path, operation });
        }
    }
    assert!(all.len() > 55, "{}", all.len());
    (document, all)
}

async fn fresh() -> Kit {
    Kit::with(Options { pairing: Pairing::Manual, ..Options::default() }).await
}

#[track_caller]
fn assert_described(document: &Value, described: &Described, answer: &Answer) {
    let misfits = misfits(document, described.answer(answer.status), &answer.body);
    assert!(misfits.is_empty(), "{} {misfits:#?}\n{answer:?}", described.name());
}

#[tokio::test]
async fn the_description_is_one_of_openapi() {
    let (document, all) = description().await;
    assert_eq!(document["openapi"], "3.1.0");
    for part in ["/info/title", "/info/version", "/components/securitySchemes/bearer"] {
        assert!(document.pointer(part).is_some(), "{part}");
    }
    for described in &all {
        assert!(!described.operation["summary"].as_str().unwrap().is_empty());
        let open = described.path.matches('{').count();
        let parameters = described.operation["parameters"].as_array().unwrap();
        let declared = parameters.iter().filter(|parameter| parameter["in"] == "path").count();
        assert_eq!(open, declared, "{}", described.path);
    }
    let text = document.to_string();
    assert!(!text.contains("wire::api"), "links that callers cannot follow");
}

#[tokio::test]
async fn every_operation_answers_a_sensible_request_as_described() {
    let (document, all) = description().await;
    for described in &all {
        for upper in [false, true] {
            let kit = fresh().await;
            let example = sensible(&kit, described.name()).await;
            if let (Some(schema), Some(body)) = (described.request(), &example.body) {
                let misfits = misfits(&document, schema, body);
                assert!(misfits.is_empty(), "{} {misfits:#?}", described.name());
            }
            assert_eq!(described.request().is_some(), example.body.is_some());
            let path = if upper {
                let parts = described.path.split('/').map(|part| {
                    if part.starts_with('{') { part.to_owned() } else { part.to_ascii_uppercase() }
                });
                parts.collect::<Vec<_>>().join("/")
            } else {
                described.path.clone()
            };
            let path = format!("{}{}", filled(&path, &example.params), example.query);
            let answer = kit.send(&described.method, &path, example.body.as_ref()).await;
            let expected = if example.refused == 0 { 200 } else { example.refused };
            assert_eq!(answer.status, expected, "{} {path} {answer:?}", described.method);
            assert_described(&document, described, &answer);
        }
    }
}

#[tokio::test]
async fn every_operation_refuses_a_senseless_request_as_documented() {
    let (document, all) = description().await;
    let kit = fresh().await;
    for described in &all {
        let path = filled(&described.path, &[]);
        let mut bodies: Vec<&[u8]> = Vec::new();
        if described.needs_body() {
            bodies.extend([b"".as_slice(), b"{", b"\"x\"", b"[[[", b"{\"basket\":7}", b"\xff\xfe"]);
        } else if described.path.contains('{') {
            bodies.push(b"");
        }
        for body in bodies {
            let method = described.method.parse().unwrap();
            let request = kit.http.request(method, format!("{}{path}", kit.url));
            let request = request.bearer_auth(SEED_TOKEN).body(body.to_vec());
            let response = request.send().await.unwrap();
            let answer =
                Answer { status: response.status().as_u16(), body: response.json().await.unwrap() };
            assert!((400..500).contains(&answer.status), "{path} {body:?} {answer:?}");
            assert_described(&document, described, &answer);
        }
        if described.needs_token() {
            let method = described.method.parse().unwrap();
            let request = kit.http.request(method, format!("{}{path}", kit.url));
            let response = request.send().await.unwrap();
            let answer =
                Answer { status: response.status().as_u16(), body: response.json().await.unwrap() };
            assert_eq!((answer.status, &answer.body["code"]), (403, &json!(2003)));
            assert_described(&document, described, &answer);
        }
    }
}

#[tokio::test]
async fn what_is_not_described_is_not_there() {
    let (document, all) = description().await;
    let kit = fresh().await;
    for (path, methods) in document["paths"].as_object().unwrap() {
        let mut known: Vec<String> =
            methods.as_object().unwrap().keys().map(|name| name.to_ascii_uppercase()).collect();
        if known.iter().any(|name| name == "GET") {
            known.push("HEAD".to_owned());
        }
        known.push("OPTIONS".to_owned());
        known.sort_unstable();
        let filled = filled(path, &[]);
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"] {
            if method != "OPTIONS" && known.iter().any(|name| name == method) {
                continue;
            }
            let request = kit.http.request(method.parse().unwrap(), format!("{}{filled}", kit.url));
            let response = request.bearer_auth(SEED_TOKEN).send().await.unwrap();
            let allow = response.headers()["allow"].to_str().unwrap();
            let mut allowed: Vec<&str> = allow.split(", ").collect();
            allowed.sort_unstable();
            assert_eq!(allowed, known, "{method} {path}");
            let status = if method == "OPTIONS" { 204 } else { 405 };
            assert_eq!(response.status().as_u16(), status, "{method} {path}");
        }
        for path in [format!("{filled}/more"), format!("/x{filled}"), filled.replacen('/', "//", 3)]
        {
            let answer = kit.get(&path).await;
            let known =
                all.iter().any(|one| one.path.matches('/').count() == path.matches('/').count());
            assert!(answer.status == 404 || known && answer.status == 405, "{path} {answer:?}");
            assert_eq!(answer.body["status"], "error", "{path}");
        }
    }
}
