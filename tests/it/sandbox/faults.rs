//! Every fault by name, over real sockets: what the caller sees and what takes effect.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::time::{Duration, Instant};

use kasse::sandbox::{CARD_BONUS, CARD_VOUCHER, Fault, Faults, Options, SEED_TOKEN};
use rstest::rstest;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::sandbox::kit::{Answer, Kit, assert_refused, bakery, line, sale};

pub fn faults(texts: &[&str]) -> Vec<Fault> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

async fn connect(kit: &Kit) -> TcpStream {
    TcpStream::connect(kit.url.strip_prefix("http://").unwrap()).await.unwrap()
}

async fn write(stream: &mut TcpStream, method: &str, path: &str, token: &str) {
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\
         Content-Length: 0\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
}

/// All bytes that a keep-alive connection gives until the server closes it by itself.
async fn raw(kit: &Kit, path: &str) -> String {
    let mut stream = connect(kit).await;
    write(&mut stream, "POST", path, SEED_TOKEN).await;
    let mut bytes = String::new();
    stream.read_to_string(&mut bytes).await.unwrap();
    bytes
}

pub fn start(id: &str) -> String {
    format!("/api/v2/Smart/Transactions/{id}/start/cash")
}

/// A kit with one applied sale that is ready to be started.
pub async fn ready() -> (Kit, String) {
    let kit = Kit::start().await;
    let id = kit.create(&bakery(Some(CARD_BONUS))).await;
    kit.step(&id, "preTransaction").await;
    (kit, id)
}

/// Asserts that the sale is as before, and can still be paid exactly once.
pub async fn assert_no_effect(kit: &Kit, id: &str) {
    assert_eq!(kit.ledger.loyalty_transactions(), 0);
    assert_eq!(kit.read(id).await["status"], "processing");
    assert_eq!(kit.step(id, "start/cash").await.body["status"], "ok");
    assert_eq!(kit.ledger.loyalty_transactions(), 1);
}

/// Asserts that the sale is paid exactly once, and cannot be again.
pub async fn assert_effect(kit: &Kit, id: &str) {
    assert_eq!(kit.ledger.loyalty_transactions(), 1);
    assert_eq!(kit.read(id).await["status"], "ok");
    assert_eq!(kit.step(id, "start/cash").await.status, 409);
    assert_eq!(kit.holds(CARD_BONUS), (0, 78));
}

#[tokio::test]
async fn lost_request_closes_without_a_byte_and_without_effect() {
    let (kit, id) = ready().await;
    kit.faults.set(faults(&["lost-request@start#1"]));
    assert_eq!(raw(&kit, &start(&id)).await, "");
    assert_no_effect(&kit, &id).await;
}

#[tokio::test]
async fn lost_answer_closes_without_a_byte_after_the_effect() {
    let (kit, id) = ready().await;
    kit.faults.set(faults(&["lost-answer@start#1"]));
    assert_eq!(raw(&kit, &start(&id)).await, "");
    assert_effect(&kit, &id).await;
}

#[tokio::test]
async fn torn_body_breaks_off_in_the_middle_after_the_effect() {
    let (kit, id) = ready().await;
    kit.faults.set(faults(&["torn-body@start#1"]));
    let bytes = raw(&kit, &start(&id)).await;
    let (head, body) = bytes.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    assert_eq!(body.len(), length.parse::<usize>().unwrap() / 2);
    assert!(body.starts_with("{\"object\":\"smart.transactions\""), "{body}");
    assert!(serde_json::from_str::<Value>(body).is_err());
    assert_effect(&kit, &id).await;
}

#[rstest]
#[case("error-500@start#1", false)]
#[case("error-500=after@start#1", true)]
#[tokio::test]
async fn error_500_looks_the_same_before_and_after_the_effect(
    #[case] fault: &str,
    #[case] effect: bool,
) {
    let (kit, id) = ready().await;
    kit.faults.set(faults(&[fault]));
    let answer = kit.step(&id, "start/cash").await;
    assert_eq!(answer.status, 500);
    assert_eq!(answer.body["error"], "ProductInternalException");
    if effect { assert_effect(&kit, &id).await } else { assert_no_effect(&kit, &id).await }
}

#[rstest]
#[case("html@start#1", 502, false)]
#[case("html=after@start#1", 200, true)]
#[tokio::test]
async fn html_takes_the_place_of_the_answer(
    #[case] fault: &str,
    #[case] status: u16,
    #[case] effect: bool,
) {
    let (kit, id) = ready().await;
    kit.faults.set(faults(&[fault]));
    let request = kit.http.post(format!("{}{}", kit.url, start(&id))).bearer_auth(SEED_TOKEN);
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), status);
    assert_eq!(response.headers()["content-type"], "text/html; charset=UTF-8");
    assert!(response.headers().get("server").is_none(), "a proxy is no sandbox");
    assert!(response.text().await.unwrap().starts_with("<!DOCTYPE html>"));
    if effect { assert_effect(&kit, &id).await } else { assert_no_effect(&kit, &id).await }
}

#[tokio::test]
async fn token_expired_refuses_a_good_token_without_effect() {
    let (kit, id) = ready().await;
    kit.faults.set(faults(&["token-expired#1"]));
    let answer = kit.step(&id, "start/cash").await;
    assert_eq!(answer.status, 403);
    assert_refused(&answer, "ProductNotAllowedException", 2003);
    assert_no_effect(&kit, &id).await;
}

#[tokio::test]
async fn too_many_refuses_without_effect_and_says_when_to_come_back() {
    let (kit, id) = ready().await;
    kit.faults.set(faults(&["too-many@start#2"]));
    let answer = kit.step(&id, "start/cash").await;
    assert_eq!(answer.status, 429);
    assert_refused(&answer, "ProductNotAllowedException", 1001);
    let request = kit.http.post(format!("{}{}", kit.url, start(&id))).bearer_auth(SEED_TOKEN);
    assert_eq!(request.send().await.unwrap().headers()["retry-after"], "1");
    assert_no_effect(&kit, &id).await;
}

#[tokio::test]
async fn slow_drip_gives_the_whole_answer_in_small_pieces() {
    let (kit, id) = ready().await;
    kit.faults.set(faults(&["slow-drip=60@start#1"]));
    let began = Instant::now();
    let mut stream = connect(&kit).await;
    write(&mut stream, "POST", &start(&id), SEED_TOKEN).await;
    let (mut bytes, mut reads) = (Vec::new(), 0);
    let body = loop {
        assert!(stream.read_buf(&mut bytes).await.unwrap() > 0, "the connection stays open");
        reads += 1;
        let text = String::from_utf8_lossy(&bytes);
        let body = text.split_once("\r\n\r\n").map(|(_, body)| serde_json::from_str(body));
        if let Some(Ok(body)) = body {
            break body;
        }
    };
    let body: Value = body;
    assert_eq!(body["status"], "ok");
    assert!(reads > 5, "{reads} reads");
    assert!(began.elapsed() >= Duration::from_millis(40), "{:?}", began.elapsed());
    assert_effect(&kit, &id).await;
}

#[tokio::test]
async fn latency_delays_the_effect_even_when_the_caller_has_gone() {
    let (kit, id) = ready().await;
    kit.faults.set(faults(&["latency=120@start#1"]));
    let began = Instant::now();
    let mut stream = connect(&kit).await;
    write(&mut stream, "POST", &start(&id), SEED_TOKEN).await;
    // The fault counts down when the request has arrived; nothing has happened by then.
    while !kit.faults.current().is_empty() {
        tokio::task::yield_now().await;
    }
    drop(stream);
    let early = kit.ledger.loyalty_transactions();
    assert!(early == 0 || began.elapsed() >= Duration::from_millis(120));
    while kit.ledger.loyalty_transactions() == 0 {
        tokio::task::yield_now().await;
    }
    assert!(began.elapsed() >= Duration::from_millis(120), "{:?}", began.elapsed());
    assert_effect(&kit, &id).await;
}

async fn token(kit: &Kit) -> String {
    let body = json!({ "grant_type": "client_credentials", "client_id": "sandbox",
                       "client_secret": "sandbox" });
    let answer: Answer = kit.post("/oauth/token", &body).await;
    answer.body["access_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn restart_forgets_tokens_and_drops_every_connection() {
    let (kit, id) = ready().await;
    let former = token(&kit).await;
    let path = format!("/api/v2/Smart/Transactions/{id}");
    let mut idle = connect(&kit).await;
    write(&mut idle, "GET", &path, &former).await;
    let mut first = [0; 12];
    idle.read_exact(&mut first).await.unwrap();
    assert_eq!(&first, b"HTTP/1.1 200");

    kit.faults.set(faults(&["restart@start#1"]));
    assert_eq!(raw(&kit, &start(&id)).await, "");
    // The rest of its answer, and then the end: this connection asked for no such thing.
    idle.read_to_string(&mut String::new()).await.unwrap();
    let read = |token: String| kit.http.get(format!("{}{path}", kit.url)).bearer_auth(token);
    assert_eq!(read(former.clone()).send().await.unwrap().status(), 403);
    let next = token(&kit).await;
    assert_ne!(next, former);
    assert_eq!(read(next).send().await.unwrap().status(), 200);
    assert_eq!(read(former).send().await.unwrap().status(), 403, "it does not come back");
    assert_no_effect(&kit, &id).await;
}

#[tokio::test]
async fn card_spent_lets_the_start_meet_an_empty_card() {
    let kit = Kit::start().await;
    let id = kit.create(&sale(Some(CARD_VOUCHER), &[line(1, None, 1, 300, 7)])).await;
    assert_eq!(kit.step(&id, "preTransaction").await.body["missing_sum"], 0);
    kit.faults.set(faults(&["card-spent@start#1"]));
    assert_refused(&kit.step(&id, "start/loyalty").await, "ProductBackendproviderException", 1005);
    assert_eq!(kit.holds(CARD_VOUCHER), (0, 0));
    let bookings = kit.ledger.bookings();
    assert_eq!(bookings.len(), 1);
    assert_eq!(bookings[0].cash.minor(), -500);
    assert_eq!(kit.read(&bookings[0].transaction).await["status"], "ok", "a sale like any other");
    assert_eq!(kit.step(&id, "preTransaction").await.body["missing_sum"], 300);
    assert_eq!(kit.step(&id, "start/cash").await.body["status"], "ok");
    assert_eq!(kit.holds(CARD_VOUCHER), (0, 0));
}

#[tokio::test]
async fn card_spent_spares_sales_without_a_card() {
    let kit = Kit::start().await;
    kit.faults.set(faults(&["card-spent"]));
    let id = kit.create(&bakery(None)).await;
    assert_eq!(kit.step(&id, "start/cash").await.status, 200);
    assert_eq!(kit.ledger.loyalty_transactions(), 0);
    assert_eq!(kit.step("STX_UNKNOWN", "start/cash").await.status, 404);
}

#[tokio::test]
async fn card_spent_and_a_lost_answer_may_meet_in_one_call() {
    let (kit, id) = ready().await;
    kit.faults.set(faults(&["lost-answer@start#1", "card-spent@start#1"]));
    assert_eq!(raw(&kit, &start(&id)).await, "");
    assert_eq!(kit.ledger.loyalty_transactions(), 1, "the other till's");
    assert_eq!(kit.read(&id).await["status"], "processing");
}

#[tokio::test]
async fn each_place_means_its_call() {
    let (kit, id) = ready().await;
    let path = format!("/api/v2/Smart/Transactions/{id}");
    let calls = [
        ("token", "POST", "/oauth/token".to_owned()),
        ("create", "POST", "/api/v2/Smart/Transactions".to_owned()),
        ("list", "GET", "/api/v2/Smart/Transactions?q=transactionRef:1".to_owned()),
        ("read", "GET", path.clone()),
        ("update", "PUT", path.clone()),
        ("pre_transaction", "POST", format!("{path}/preTransaction")),
        ("start", "POST", format!("{path}/start/cashless")),
        ("abort", "POST", format!("{path}/abort")),
        ("cancel", "POST", format!("{path}/cancel")),
        ("cards", "GET", "/api/v2/Loyalty/MerchantCards?q=card.cardnumber:1".to_owned()),
    ];
    for (place, ..) in &calls {
        kit.faults.set(faults(&[&format!("too-many@{place}")]));
        for (call, method, path) in &calls {
            // Without a body, which some of them refuse: that is not the question here.
            let status = kit.send(method, path, None).await.status;
            assert_eq!(status == 429, call == place, "{place} at {call}: {status}");
        }
    }
    kit.faults.set(faults(&["too-many"]));
    for (_, method, path) in &calls {
        assert_eq!(kit.send(method, path, None).await.status, 429, "{path}");
    }
    assert_eq!(kit.get("/nowhere").await.status, 404, "no call of the API");
}

#[tokio::test]
async fn equal_seeds_and_orders_of_calls_give_equal_faults() {
    let mut runs = Vec::new();
    for seed in [11, 11, 12] {
        let faults = faults(&["error-500@create:1/3", "too-many:1/4", "html=after@read:1/2"]);
        let kit = Kit::with(Options { seed, faults, ..Options::default() }).await;
        let mut statuses = Vec::new();
        for call in 0..40 {
            let request = if call % 2 == 0 {
                kit.http.post(format!("{}/api/v2/Smart/Transactions", kit.url)).json(&bakery(None))
            } else {
                let path = kasse::sandbox::SEED_TRANSACTION;
                kit.http.get(format!("{}/api/v2/Smart/Transactions/{path}", kit.url))
            };
            let response = request.bearer_auth(SEED_TOKEN).send().await.unwrap();
            let json = response.headers()["content-type"] != "text/html; charset=UTF-8";
            statuses.push((response.status().as_u16(), json));
        }
        runs.push(statuses);
    }
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0], runs[2]);
    for seen in [(200, true), (200, false), (429, true), (500, true)] {
        assert!(runs[0].contains(&seen), "{seen:?} in {:?}", runs[0]);
    }
}

#[tokio::test]
async fn faults_are_switched_over_http_without_a_token_and_without_faults() {
    let kit = Kit::with(Options { faults: faults(&["lost-request"]), ..Options::default() }).await;
    let url = format!("{}/sandbox/faults", kit.url);
    let get = || async { kit.http.get(&url).send().await.unwrap().json::<Value>().await.unwrap() };
    assert_eq!(get().await, json!(["lost-request@any"]));
    let wanted = json!(["latency=50..400", "lost-answer@start#1"]);
    let put = kit.http.put(&url).json(&wanted).send().await.unwrap();
    let now = json!(["latency=50..400@any", "lost-answer@start#1"]);
    assert_eq!(put.json::<Value>().await.unwrap(), now);
    assert_eq!(kit.faults.current(), faults(&["latency=50..400@any", "lost-answer@start#1"]));

    for wrong in [json!(["html", "gremlins"]), json!({}), json!([1])] {
        let refused = kit.http.put(&url).json(&wrong).send().await.unwrap();
        assert_eq!(refused.status(), 400, "{wrong}");
        let body: Value = refused.json().await.unwrap();
        assert!(body["error_details"].as_str().unwrap().starts_with("body: "), "{body}");
        assert_eq!(get().await, now, "a wrong list changes nothing");
    }
    assert_eq!(kit.http.post(&url).send().await.unwrap().status(), 405);
    let none = kit.http.put(&url).json(&json!([])).send().await.unwrap();
    assert_eq!(none.json::<Value>().await.unwrap(), json!([]));
    kit.create(&bakery(None)).await;
    let logged: Vec<String> = kit.requests.all().into_iter().map(|logged| logged.method).collect();
    assert_eq!(logged, ["POST", "POST"], "switching is no call of the API");
}

#[test]
fn the_trainer_s_menu_knows_every_fault() {
    assert_eq!(
        Faults::names(),
        [
            "latency",
            "lag",
            "card-spent",
            "duplicate",
            "lost-request",
            "restart",
            "error-500",
            "html",
            "token-expired",
            "too-many",
            "refused",
            "refused-after",
            "other-answer",
            "lost-answer",
            "torn-body",
            "slow-drip",
        ]
    );
}
