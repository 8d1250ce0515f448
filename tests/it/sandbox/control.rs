//! Looking after a sandbox: its health, its fixtures, and beginning anew.

use std::time::Duration;

use kasse::sandbox::{
    CARD_BONUS, CARD_RICH, CARD_VOUCHER, Clock, Fixtures, Options, SEED_TRANSACTION,
};
use serde_json::json;

use crate::sandbox::kit::{Kit, assert_refused, bakery, found, line, sale};

#[tokio::test]
async fn health_tells_how_much_there_is_and_since_when() {
    let (clock, hand) = Clock::manual("2020-09-25T09:15:30Z".parse().unwrap());
    let kit = Kit::with(Options { clock, ..Options::default() }).await;
    let id = kit.create(&bakery(Some(CARD_BONUS))).await;
    kit.step(&id, "start/cash").await;
    hand.advance(90);
    let answer = kit.get("/sandbox/health").await;
    assert_eq!(
        answer.body,
        json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION"), "uptime": 90,
                "durable": false, "cards": Fixtures::default().cards.len(), "transactions": 2,
                "loyalty_transactions": 1 })
    );
}

#[tokio::test]
async fn a_reset_begins_the_books_anew_in_memory_and_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandbox.jsonl");
    for state in [None, Some(path.clone())] {
        let options = || Options { state: state.clone(), seed: 5, ..Options::default() };
        let kit = Kit::with(options()).await;
        let first = kit.create(&bakery(Some(CARD_BONUS))).await;
        kit.step(&first, "start/cash").await;
        assert_ne!(kit.holds(CARD_BONUS), (200, 20));
        let cards = "/api/v2/Loyalty/MerchantCards";
        let scroll = kit.get(&format!("{cards}?count=1&scroll_expire=5m")).await.body;
        let next = format!("{cards}?scroll_id={}", scroll["scroll_id"].as_str().unwrap());
        assert_eq!(kit.get(&next).await.status, 200);
        let answer = kit.send("POST", "/sandbox/reset", None).await;
        assert_eq!(kit.get(&next).await.status, 404, "what was found was in other books");
        assert_eq!((answer.status, &answer.body["transactions"]), (200, &json!(1)));
        assert_eq!(kit.holds(CARD_BONUS), (200, 20));
        assert_eq!(kit.get(&format!("/api/v2/Smart/Transactions/{first}")).await.status, 404);
        let again = kit.create(&bakery(None)).await;
        assert_eq!(again, first, "ids follow from the seed again");
        kit.step(&again, "start/cash").await;
        let paid = kit.read(&again).await;
        // What a sandbox finds that starts after a kill -9.
        if state.is_some() {
            let found = found(&path);
            assert_eq!(serde_json::to_value(found.transaction(&again).unwrap()).unwrap(), paid);
            assert_eq!(found.bookings(), kit.ledger.bookings());
            assert_eq!(found.balance(CARD_BONUS), kit.ledger.balance(CARD_BONUS));
        }
        kit.stop().await.unwrap();
        if state.is_some() {
            let kit = Kit::with(options()).await;
            assert_eq!(kit.read(&again).await, paid);
            kit.stop().await.unwrap();
        }
    }
}

#[tokio::test]
async fn nothing_is_reset_under_a_payment() {
    let terminal_latency = Duration::from_secs(3600);
    let kit = Kit::with(Options { terminal_latency, ..Options::default() }).await;
    let id = kit.create(&bakery(None)).await;
    let (http, url) = (kit.http.clone(), format!("{}/api/v2/Smart/Transactions/{id}", kit.url));
    let paying = tokio::spawn(async move {
        http.post(format!("{url}/start/cashless"))
            .bearer_auth(kasse::sandbox::SEED_TOKEN)
            .send()
            .await
    });
    // An abort is refused from the moment on at which the payment is under way.
    while kit
        .send("PUT", &format!("/api/v2/Smart/Transactions/{id}"), Some(&json!({})))
        .await
        .status
        == 200
    {
        tokio::task::yield_now().await;
    }
    let refused = kit.send("POST", "/sandbox/reset", None).await;
    assert_eq!(refused.status, 409);
    assert_refused(&refused, "ProductNotAllowedException", 1005);
    paying.abort();
}

#[tokio::test]
async fn exported_fixtures_open_the_same_books_again() {
    let kit = Kit::start().await;
    let id = kit.create(&bakery(Some(CARD_BONUS))).await;
    kit.step(&id, "preTransaction").await;
    kit.step(&id, "start/cash").await;
    let id = kit.create(&sale(Some(CARD_RICH), &[line(1, None, 1, 999, 19)])).await;
    kit.step(&id, "start/loyalty").await;
    kit.step(SEED_TRANSACTION, "abort").await;
    let mut charge = sale(None, &[line(1, Some("4260447149502"), 1, 1500, 0)]);
    let group = Fixtures::default().groups[0].id.clone();
    charge["idents"] = json!([{ "type": "create_card", "value": group }]);
    let id = kit.create(&charge).await;
    let made = kit.step(&id, "start/cash").await.body["idents"][0]["merchantcard"].clone();
    let made = made["card"]["cardnumber"].as_str().unwrap().to_owned();
    let cards = "/api/v2/Loyalty/MerchantCards";
    let codes = json!({ "cardnumber": CARD_RICH, "passcode": 7 });
    kit.post(&format!("{cards}/me/newPasscode"), &codes).await;
    let issued =
        kit.post(&format!("{cards}/me/createMerchantcards/{group}"), &json!({})).await.body;
    let issued = issued[0].clone();
    let lock = format!("{cards}/{}/lock", issued["id"].as_str().unwrap());
    assert_eq!(kit.post(&lock, &json!({ "reason": 3 })).await.status, 200);
    let exported = kit.get("/sandbox/fixtures").await.body;
    let fixtures = Fixtures::read(&exported.to_string()).unwrap();
    assert!(fixtures.sales.is_empty(), "an aborted transaction is no fixture");
    let other = Kit::with(Options { fixtures, ..Options::default() }).await;
    assert_eq!(other.holds(&made), (1500, 0));
    for card in [CARD_BONUS, CARD_RICH, CARD_VOUCHER, &made] {
        assert_eq!(other.holds(card), kit.holds(card));
        let look_up = format!("/api/v2/Loyalty/MerchantCards?q=card.cardnumber:{card}");
        assert_eq!(other.get(&look_up).await.body, kit.get(&look_up).await.body);
    }
    assert_eq!(other.get("/sandbox/fixtures").await.body, exported);
    assert_eq!(other.get(&lock).await.body["reason"], 3);
    let check = json!({ "cardnumber": CARD_RICH, "pin": 7 });
    let check = other.post(&format!("{cards}/me/checkPasscode"), &check).await;
    assert_eq!(check.body, json!({ "result": true }));
    let check = json!({ "cardnumber": issued["card"]["cardnumber"], "csc": issued["csc"] });
    let check = other.post(&format!("{cards}/me/checkCsc"), &check).await;
    assert_eq!(check.body, json!({ "result": true }));
    assert_eq!(
        Kit::start().await.get("/sandbox/fixtures").await.body["sales"],
        serde_json::to_value(Fixtures::default().sales).unwrap()
    );
}

#[tokio::test]
async fn control_routes_refuse_a_foreign_host_or_origin_with_403_and_change_nothing() {
    let kit = Kit::with(Options::default()).await;
    let id = kit.create(&bakery(None)).await;
    let ask = async |method: &str, path: &str, header: &str, value: &str| {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let request = reqwest::Client::new().request(method, format!("{}{path}", kit.url));
        let answer = request.header(header, value).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let routes = [
        ("POST", "/sandbox/reset"),
        ("GET", "/sandbox/fixtures"),
        ("GET", "/sandbox/health"),
        ("GET", "/sandbox/openapi.json"),
        ("GET", "/sandbox/faults"),
        ("PUT", "/sandbox/faults"),
        ("POST", "/sandbox/confirm/abcdefgh"),
    ];
    for (method, path) in routes {
        for (header, value) in [
            ("Host", "evil.example"),
            ("Host", "rebound.evil.example:8474"),
            ("Origin", "https://evil.example"),
            ("Origin", "null"),
        ] {
            let (status, body) = ask(method, path, header, value).await;
            assert_eq!(status, 403, "{method} {path} {header}: {value}");
            assert!(body.contains("is not this machine") && body.contains(header), "{body}");
        }
    }
    assert_eq!(kit.get(&format!("/api/v2/Smart/Transactions/{id}")).await.status, 200);
    // What is meant works, without Origin as ever.
    for (header, value) in [
        ("Host", "localhost:1"),
        ("Origin", "http://127.0.0.1:3000"),
        ("Origin", "http://localhost"),
        ("User-Agent", "curl/8"),
    ] {
        assert_eq!(ask("GET", "/sandbox/health", header, value).await.0, 200, "{header}: {value}");
        assert_eq!(ask("POST", "/sandbox/reset", header, value).await.0, 200, "{header}: {value}");
    }
    // The API itself is a matter of tokens.
    assert_eq!(ask("GET", "/api/v2/Smart/Transactions", "Host", "proxy.example").await.0, 403);
    let token = reqwest::Client::new()
        .get(format!("{}/api/v2/Smart/Transactions", kit.url))
        .bearer_auth(kasse::sandbox::SEED_TOKEN)
        .header("Host", "proxy.example");
    assert_eq!(token.send().await.unwrap().status().as_u16(), 200);
}
