//! The calls as they stand on the wire, and what comes back when all is well.

use kasse::client::Client;
use kasse::money::Money;
use kasse::wire::{
    BasketInfoRequest, DownReason, IdentRequest, Outcome, StartMethod, Status, TransactionRequest,
};
use serde_json::{Value, json};

use crate::client::server::{Server, answer, client, settings, transaction};

fn request() -> TransactionRequest {
    TransactionRequest {
        intent: Some("sale".to_owned()),
        idents: vec![IdentRequest {
            kind: "card".to_owned(),
            value: "9276004424644352".to_owned(),
        }],
        basket_info: Some(BasketInfoRequest {
            sum: serde_json::from_value::<Money>(json!(796)).unwrap(),
            currency: "EUR".to_owned(),
        }),
        ..TransactionRequest::default()
    }
}

#[tokio::test]
async fn every_call_goes_where_the_documents_say() {
    let server = Server::granting(|request, _| {
        if request.path.ends_with("/preTransaction") {
            return answer(200, &json!({"missing_sum": 576, "bonus_products": []}));
        }
        answer(200, &transaction("STX_1", "ok"))
    });
    // The spelling with the API's path and a slash is as good.
    let client = Client::new(&settings(&format!("{}/api/v2/", server.url()))).unwrap();
    let body = request();
    let sent = serde_json::to_value(&body).unwrap();

    for outcome in [
        client.create(&body).await,
        client.update("STX_1", &body).await,
        client.read("STX_1").await,
        client.start("STX_1", StartMethod::Cash).await,
        client.start("STX_1", StartMethod::Cashless).await,
        client.start("STX_1", StartMethod::Loyalty).await,
        client.abort("STX_1").await,
        client.cancel("STX_1").await,
        client.cancel_trx("STX_1", 3).await,
    ] {
        let Outcome::Ok(answer) = outcome else { panic!("{outcome:?}") };
        assert_eq!((answer.id.as_str(), answer.status), ("STX_1", Status::Ok));
    }
    let Outcome::Ok(applied) = client.pre_transaction("STX_1").await else { panic!() };
    assert_eq!(serde_json::to_value(applied.missing_sum).unwrap(), json!(576));

    let base = "/api/v2/Smart/Transactions";
    let expected = [
        ("POST", base.to_owned(), Some(sent.clone())),
        ("PUT", format!("{base}/STX_1"), Some(sent)),
        ("GET", format!("{base}/STX_1"), None),
        ("POST", format!("{base}/STX_1/start/cash"), Some(json!({}))),
        ("POST", format!("{base}/STX_1/start/cashless"), Some(json!({}))),
        ("POST", format!("{base}/STX_1/start/loyalty"), Some(json!({}))),
        ("POST", format!("{base}/STX_1/abort"), None),
        ("POST", format!("{base}/STX_1/cancel"), None),
        ("POST", format!("{base}/3/cancelTrx"), None),
        ("POST", format!("{base}/STX_1/preTransaction"), None),
    ];
    let seen = server.seen();
    assert_eq!(seen.len(), expected.len() + 1, "one token for all");
    for (request, (method, path, body)) in seen.iter().skip(1).zip(expected) {
        assert_eq!((request.method.as_str(), &request.path), (method, &path));
        let got = (!request.body.is_empty()).then(|| request.json());
        assert_eq!(got, body, "{path}");
        assert_eq!(request.bearer(), "T1");
        assert_eq!(request.header("accept"), Some("application/json"));
        let agent = format!("kasse/{}", env!("CARGO_PKG_VERSION"));
        assert_eq!(request.header("user-agent"), Some(agent.as_str()));
        let json = body.is_some().then_some("application/json");
        assert_eq!(request.header("content-type"), json, "{path}");
    }
}

#[tokio::test]
async fn ids_that_would_change_the_address_are_never_sent() {
    let server = Server::granting(|_, _| answer(200, &transaction("STX_1", "ok")));
    let client = client(&server);
    let long = "X".repeat(65);
    for id in ["", "a/b", "..", "STX_1?x=1", "STX_1#", "STX 1", "STX_1%2f", "ü", "a\r\nb", &long] {
        let expected = Outcome::Down(DownReason::Internal);
        assert_eq!(client.start(id, StartMethod::Cash).await, expected, "{id:?}");
        assert_eq!(client.read(id).await, expected);
        assert_eq!(client.abort(id).await, expected);
        assert_eq!(client.cancel(id).await, expected);
        assert_eq!(client.update(id, &request()).await, expected);
        assert_eq!(client.pre_transaction(id).await, Outcome::Down(DownReason::Internal));
    }
    for number in [0, -1] {
        let expected = Outcome::Down(DownReason::Internal);
        assert_eq!(client.cancel_trx("STX_1", number).await, expected, "{number}");
    }
    for number in ["", "9276 0044", "9276_1", "1&q=x", "1:2", "*", &long] {
        let expected = Outcome::Down(DownReason::Internal);
        assert_eq!(client.find_card(number).await, expected, "{number:?}");
    }
    assert!(server.seen().is_empty(), "not even a token was asked for");
}

fn cards(numbers: &[&str]) -> Value {
    let data: Vec<Value> = numbers
        .iter()
        .map(|number| json!({"card": {"cardnumber": number}, "balance": 352}))
        .collect();
    json!({"count": data.len(), "data": data})
}

#[tokio::test]
async fn a_card_is_found_by_its_own_number_only() {
    const NUMBER: &str = "9276004428481652";
    for (status, body, found) in [
        (200, cards(&[NUMBER]), Some(true)),
        (200, cards(&["9276004428481653", NUMBER]), Some(true)),
        (200, cards(&["9276004428481653"]), Some(false)),
        (200, cards(&[]), Some(false)),
        (200, json!({"count": 0, "data": null}), Some(false)),
        (404, json!({"status": "error", "error": "ProductNotFoundException"}), Some(false)),
        (404, json!({"status": "error", "error": "Other"}), None),
        (404, json!("no such page"), None),
        (200, json!({}), None),
    ] {
        let shown = body.to_string();
        let server = Server::granting(move |_, _| answer(status, &body));
        let outcome = client(&server).find_card(NUMBER).await;
        match (&outcome, found) {
            (Outcome::Ok(card), Some(found)) => {
                assert_eq!(
                    card.as_ref().map(|card| card.card.cardnumber.as_str()),
                    found.then_some(NUMBER),
                    "{shown}"
                );
            }
            (Outcome::Refused(_) | Outcome::Unknown(DownReason::Unreadable), None) => {}
            _ => panic!("{shown}: {outcome:?}"),
        }
        let seen = server.seen();
        assert_eq!(seen[1].method, "GET");
        assert_eq!(
            seen[1].path,
            "/api/v2/Loyalty/MerchantCards?q=card.cardnumber:9276004428481652"
        );
    }
}
