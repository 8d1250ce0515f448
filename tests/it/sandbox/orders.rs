//! Remote payments, orders and devices over real HTTP.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use kasse::sandbox::CARD_BONUS;
use serde_json::{Value, json};

use crate::sandbox::kit::{Kit, assert_refused, bakery};

const TRANSACTIONS: &str = "/api/v2/Smart/Transactions";
const NOT_ALLOWED: &str = "ProductNotAllowedException";
const NOT_FOUND: &str = "ProductNotFoundException";

fn order(delivery: &Value) -> Value {
    let mut body = bakery(None);
    body["intent"] = json!("order");
    body["delivery_options"] = delivery.clone();
    body
}

#[tokio::test]
async fn a_prepared_payment_is_started_without_a_method() {
    let kit = Kit::start().await;
    for (method, status) in [("debit", "pending"), ("prepaid", "pending"), ("invoice", "ok")] {
        let id = kit.create(&bakery(None)).await;
        assert_refused(&kit.step(&id, "start").await, NOT_ALLOWED, 1001);
        let body = json!({ "customer": { "object": "payment.customers", "id": "PCU_1" } });
        let prepared = kit.post(&format!("{TRANSACTIONS}/{id}/prepare/{method}"), &body).await.body;
        assert_eq!(
            (&prepared["status"], &prepared["payment_method"]),
            (&json!("approved"), &json!(method))
        );
        assert_eq!(prepared["customer"], body["customer"]);
        let started = kit.step(&id, "start/").await.body;
        assert_eq!(
            (&started["status"], &started["payment_method"]),
            (&json!(status), &json!(method))
        );
        assert_eq!(kit.step(&id, "start").await.status, 409);
        assert_eq!(kit.step(&id, "cancel").await.body["status"], "cancelled");
    }
}

#[tokio::test]
async fn a_remote_payment_can_start_unprepared_and_names_the_buyer() {
    let kit = Kit::start().await;
    let path = format!("{TRANSACTIONS}/{}/start/debit", kit.create(&bakery(None)).await);
    let buyer = json!({ "customer": { "id": "PCU_1" }, "container": { "id": "PCT_1" } });
    let paid = kit.post(&path, &buyer).await.body;
    assert_eq!((&paid["status"], &paid["payment_method"]), (&json!("pending"), &json!("debit")));
    assert_eq!((&paid["customer"], &paid["container"]), (&buyer["customer"], &buyer["container"]));

    let empty = kit.create(&json!({})).await;
    let refused = kit.post(&format!("{TRANSACTIONS}/{empty}/start/debit"), &buyer).await;
    assert_refused(&refused, "ProductBackendproviderException", 1005);
    assert_eq!(kit.read(&empty).await.get("customer"), None, "a refused start changes nothing");
}

#[tokio::test]
async fn calls_without_a_name_of_their_own_suffer_faults_at_any_place() {
    let kit = Kit::start().await;
    let calls = ["Transactions/me/diagnosis", "Transactions/1/prepare/debit", "Idents/x/validate"];
    for (fault, hit) in [("too-many@start", false), ("too-many", true)] {
        kit.faults.set(vec![fault.parse().unwrap()]);
        for call in calls {
            let got = kit.post(&format!("/api/v2/Smart/{call}"), &json!([])).await.status;
            let unhit = if call.starts_with("Transactions/1") { 404 } else { 200 };
            assert_eq!(got, if hit { 429 } else { unhit }, "{fault} at {call}");
        }
    }
}

#[tokio::test]
async fn a_prepared_payment_keeps_the_applied_card_until_an_update() {
    let kit = Kit::start().await;
    let id = kit.create(&bakery(Some(CARD_BONUS))).await;
    kit.step(&id, "preTransaction").await;
    let prepared = kit.step(&id, "prepare/debit").await.body;
    assert_eq!(prepared["basket_info"]["missing_sum"], 576);
    let changed = kit.send("PUT", &format!("{TRANSACTIONS}/{id}"), Some(&json!({}))).await.body;
    assert_eq!(changed["status"], "created");
    kit.step(&id, "preTransaction").await;
    kit.step(&id, "prepare/invoice").await;
    assert_eq!(kit.step(&id, "start").await.body["status"], "ok");
    assert_eq!(kit.holds(CARD_BONUS), (0, 78));
}

#[tokio::test]
async fn what_needs_another_companys_page_is_refused() {
    let kit = Kit::start().await;
    let id = kit.create(&bakery(None)).await;
    for method in ["creditcard", "paypal", "easycredit", "eps", "giropay", "sofort", "ccload"] {
        for step in ["prepare", "start"] {
            let refused = kit.step(&id, &format!("{step}/{method}")).await;
            assert_refused(&refused, "ProductBackendproviderException", 1009);
            assert_eq!(refused.body["error_details"], format!("{method} cannot be simulated"));
        }
    }
    for step in ["prepare/cash", "prepare/seashells", "start/seashells"] {
        assert_refused(&kit.step(&id, step).await, NOT_FOUND, 1001);
    }
    assert_eq!(kit.read(&id).await["status"], "created");
    assert_refused(&kit.step("SUB_1", "updatePaymentContainer").await, NOT_FOUND, 1001);
}

#[tokio::test]
async fn an_order_is_shipped_or_fetched() {
    let kit = Kit::start().await;
    let shipping = order(&json!({ "type": "shipping" }));
    let fetched = order(&json!({ "type": "collection", "store_id": "STO_1" }));
    for (body, before, after) in
        [(shipping, "received", "shipped"), (fetched, "collection", "collected")]
    {
        let id = kit.create(&body).await;
        kit.step(&id, "prepare/debit").await;
        let delivery = json!({ "delivery_options": { "tracking_code": "1234567" } });
        let path = format!("{TRANSACTIONS}/{id}/setDelivery");
        assert_refused(&kit.post(&path, &delivery).await, NOT_ALLOWED, 1001);
        let started = kit.step(&id, "start").await.body;
        assert_eq!((&started["status"], &started["intent"]), (&json!(before), &json!("order")));
        let code = started["delivery_options"]["code"].as_str().unwrap_or_default().len();
        assert_eq!(code, if before == "collection" { 8 } else { 0 });
        let set = kit.post(&path, &delivery).await.body;
        assert_eq!(set["status"], after);
        assert_eq!(set["delivery_options"]["tracking_code"], "1234567");
        assert_eq!(set["delivery_options"]["type"], body["delivery_options"]["type"]);
    }
    let odd = order(&json!({ "type": "pigeon" }));
    assert_refused(&kit.post(TRANSACTIONS, &odd).await, "ProductFormatException", 1001);
}

#[tokio::test]
async fn devices_are_listed_and_read() {
    let kit = Kit::start().await;
    let list = kit.get("/api/v2/Smart/Devices").await.body;
    assert_eq!(list["count"], 3);
    for device in list["data"].as_array().unwrap() {
        let id = device["id"].as_str().unwrap();
        assert_eq!(&kit.get(&format!("/api/v2/smart/devices/{id}")).await.body, device);
    }
    assert_eq!(kit.get("/api/v2/Smart/Devices/me").await.body["type"], "cashier");
    assert_refused(&kit.get("/api/v2/Smart/Devices/SDV_1").await, NOT_FOUND, 1001);
}

#[tokio::test]
async fn odd_bodies_are_refused_and_change_nothing() {
    let kit = Kit::start().await;
    let id = kit.create(&bakery(None)).await;
    let before = kit.read(&id).await;
    for body in [json!(1), json!("x"), json!([1]), json!({ "customer": 1 }), json!(true)] {
        for path in ["prepare/debit", "setDelivery", "start/cashless_direct"] {
            let answer = kit.post(&format!("{TRANSACTIONS}/{id}/{path}"), &body).await;
            assert_refused(&answer, "ProductFormatException", 1001);
        }
        for path in ["Idents/x/validate", "Checkins/me/TriggerPushEvent"] {
            let answer = kit.post(&format!("/api/v2/Smart/{path}"), &body).await;
            assert_refused(&answer, "ProductFormatException", 1001);
        }
    }
    assert_eq!(kit.read(&id).await, before);
}
