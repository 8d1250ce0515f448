//! How the sandbox behaves as an HTTP server.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use kasse::sandbox::{
    self, CARD_BONUS, Options, SEED_TOKEN, SEED_TRANSACTION, SERVER_NAME, SandboxError,
};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::sandbox::kit::{Answer, Kit, assert_refused, bakery};

#[tokio::test]
async fn every_answer_carries_the_documented_headers() {
    let kit = Kit::start().await;
    for path in ["/api/v2/Smart/Transactions/STX_1", "/", "/oauth/token"] {
        let response = kit.http.get(format!("{}{path}", kit.url)).send().await.unwrap();
        let headers = response.headers();
        assert_eq!(headers["server"], SERVER_NAME);
        assert_eq!(headers["content-type"], "application/json; charset=UTF-8");
        assert_eq!(headers["cache-control"], "no-store");
    }
    assert!(SERVER_NAME.starts_with("kasse-sandbox/"));
}

#[tokio::test]
async fn the_reason_phrase_is_the_exception() {
    let kit = Kit::start().await;
    let mut stream = TcpStream::connect(kit.url.strip_prefix("http://").unwrap()).await.unwrap();
    let request = "GET /api/v2/Smart/Transactions/STX_1 HTTP/1.1\r\nHost: x\r\n\
                   Authenticate: Bearer expired\r\nConnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 403 ProductNotAllowedException\r\n"), "{answer}");
}

#[tokio::test]
async fn unknown_paths_and_ids_are_not_found() {
    let kit = Kit::start().await;
    let known = SEED_TRANSACTION.to_ascii_lowercase();
    for path in [
        "/",
        "/api/v2/Smart/Unknown",
        "/api/v2/Smart/Transactions/STX_UNKNOWN",
        &format!("/api/v2/Smart/Transactions/{known}"),
    ] {
        let answer = kit.get(path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert_refused(&answer, "ProductNotFoundException", 1001);
    }
    let start = kit.step("STX_UNKNOWN", "start/cash").await;
    assert_eq!(start.status, 404);
    let start = kit.step(SEED_TRANSACTION, "start/barter").await;
    assert_eq!(start.status, 404);
}

#[tokio::test]
async fn fixed_segments_match_in_any_case() {
    let kit = Kit::start().await;
    for path in ["/api/v2/smart/transactions", "/API/V2/SMART/TRANSACTIONS/"] {
        let answer = kit.post(path, &bakery(Some(CARD_BONUS))).await;
        assert_eq!(answer.status, 200, "{path}");
        let id = answer.body["id"].as_str().unwrap();
        let path = format!("/api/v2/smart/Transactions/{id}/PreTransaction");
        assert_eq!(kit.send("POST", &path, None).await.body["missing_sum"], 576);
    }
}

#[tokio::test]
async fn other_methods_are_refused() {
    let kit = Kit::start().await;
    for (method, path) in [
        ("DELETE", format!("/api/v2/Smart/Transactions/{SEED_TRANSACTION}")),
        ("GET", format!("/api/v2/Smart/Transactions/{SEED_TRANSACTION}/start/cash")),
        ("POST", "/api/v2/Loyalty/MerchantCards".to_owned()),
        ("GET", "/oauth/token".to_owned()),
    ] {
        let answer = kit.send(method, &path, None).await;
        assert_eq!(answer.status, 405, "{path}");
        assert_refused(&answer, "ProductNotAllowedException", 1001);
    }
}

#[tokio::test]
async fn bodies_that_are_no_json_are_refused() {
    let kit = Kit::start().await;
    let deep = "[".repeat(100_000);
    let large = format!("{{\"merchantRef\":\"{}\"}}", "x".repeat(1024 * 1024));
    for (body, status) in
        [("", 400), ("{", 400), ("[]", 400), ("null", 400), (&deep, 400), (&large, 413)]
    {
        let response = kit
            .http
            .post(format!("{}/api/v2/Smart/Transactions", kit.url))
            .bearer_auth(SEED_TOKEN)
            .body(body.to_owned())
            .send()
            .await
            .unwrap();
        let answer =
            Answer { status: response.status().as_u16(), body: response.json().await.unwrap() };
        assert_eq!(answer.status, status);
        assert_refused(&answer, "ProductFormatException", 1001);
        assert!(answer.body["error_details"].as_str().unwrap().starts_with("body"));
    }
}

#[tokio::test]
async fn ids_follow_from_the_seed() {
    let mut ids = Vec::new();
    for seed in [7, 7, 8] {
        let kit = Kit::with(Options { seed, ..Options::default() }).await;
        ids.push(kit.create(&bakery(None)).await);
    }
    assert_eq!(ids[0], ids[1]);
    assert_ne!(ids[0], ids[2]);
}

#[tokio::test]
async fn the_log_shows_what_arrived_but_no_secrets() {
    let kit = Kit::start().await;
    let body = json!({ "grant_type": "client_credentials", "client_secret": "hidden" });
    kit.post("/oauth/token", &body).await;
    kit.create(&bakery(Some(CARD_BONUS))).await;
    let requests = kit.requests.all();
    assert_eq!(requests.len(), 2);
    assert_eq!((requests[0].path.as_str(), requests[0].body.as_str()), ("/oauth/token", ""));
    assert_eq!(requests[1].method, "POST");
    let sent: Value = serde_json::from_str(&requests[1].body).unwrap();
    assert_eq!(sent, bakery(Some(CARD_BONUS)));
    assert!(!format!("{requests:?}").contains(CARD_BONUS));
}

#[tokio::test]
async fn a_taken_port_is_told_apart() {
    let kit = Kit::start().await;
    let listen = kit.url.strip_prefix("http://").unwrap().parse().unwrap();
    let taken = sandbox::bind(Options { listen, ..Options::default() }).await;
    assert!(matches!(taken, Err(SandboxError::AddressInUse(addr)) if addr == listen));
    let foreign = "192.0.2.1:0".parse().unwrap();
    let refused = sandbox::bind(Options { listen: foreign, ..Options::default() }).await;
    assert!(matches!(refused, Err(SandboxError::Bind { .. })));
}

#[tokio::test]
async fn a_stopped_sandbox_frees_its_port_and_its_books_can_go_on() {
    let kit = Kit::start().await;
    let id = kit.create(&bakery(Some(CARD_BONUS))).await;
    let listen = kit.url.strip_prefix("http://").unwrap().parse().unwrap();
    let ledger = std::sync::Arc::clone(&kit.ledger);
    // A connection that never says anything must not keep the sandbox alive.
    let _silent = TcpStream::connect(kit.url.strip_prefix("http://").unwrap()).await.unwrap();
    kit.stop().await.unwrap();
    let again = sandbox::bind_to(Options { listen, ..Options::default() }, ledger).await.unwrap();
    assert_eq!(again.addr(), listen);
    assert!(again.ledger().transaction(&id).is_some());
}
