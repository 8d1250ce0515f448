//! Buyers and their bank accounts, made before a payment is prepared.

use serde_json::{Value, json};

use crate::sandbox::kit::{Kit, assert_refused, bakery};

const CUSTOMERS: &str = "/api/v2/Payment/Customers";
const CONTAINERS: &str = "/api/v2/Payment/Containers";

fn account() -> Value {
    json!({ "type": "bank_account",
            "private": { "owner": "John Doe", "iban": "DE37503240001000000524", "bic": "FTSBDEFAXXX" } })
}

#[tokio::test]
async fn a_payment_is_prepared_for_a_buyer_and_a_bank_account() {
    let kit = Kit::start().await;
    let contact = json!({ "forename": "John", "surname": "Doe", "email": "mail@example.com" });
    let buyer = kit.post(CUSTOMERS, &json!({ "contact": contact })).await.body;
    assert_eq!((&buyer["object"], &buyer["contact"]), (&json!("payment.customers"), &contact));
    let container = kit.post(CONTAINERS, &account()).await.body;
    assert_eq!(container["object"], "payment.containers");
    assert_eq!(container["private"], account()["private"]);
    let public = json!({ "owner": "John Doe", "iban": "******************0524",
                         "bic": "FTSBDEFAXXX" });
    assert_eq!(container["public"], public);
    for (path, made, prefix) in [(CUSTOMERS, &buyer, "PCU_"), (CONTAINERS, &container, "PCT_")] {
        let id = made["id"].as_str().unwrap();
        assert!(id.starts_with(prefix), "{id}");
        assert_eq!(kit.get(&format!("{path}/{id}")).await.body, *made);
    }
    let id = kit.create(&bakery(None)).await;
    let reference = |made: &Value| json!({ "object": made["object"], "id": made["id"] });
    let body = json!({ "customer": reference(&buyer), "container": reference(&container) });
    let path = format!("/api/v2/Smart/Transactions/{id}/prepare/debit");
    let prepared = kit.post(&path, &body).await.body;
    assert_eq!(prepared["status"], "approved");
    assert_eq!(prepared["container"], body["container"]);
}

#[tokio::test]
async fn what_is_wrong_is_refused_and_a_reset_forgets_the_rest() {
    let kit = Kit::start().await;
    let format = "ProductFormatException";
    for (path, body) in [
        (CUSTOMERS, json!({})),
        (CUSTOMERS, json!({ "contact": "John" })),
        (CUSTOMERS, json!([])),
        (CONTAINERS, json!({ "private": {} })),
        (CONTAINERS, json!({ "type": "bank_account" })),
        (CONTAINERS, json!({ "type": ["bank_account"], "private": {} })),
    ] {
        assert_refused(&kit.post(path, &body).await, format, 1001);
    }
    let made = kit.post(CONTAINERS, &account()).await.body;
    let id = made["id"].as_str().unwrap();
    // Of one kind alone.
    let missing = "ProductNotFoundException";
    assert_refused(&kit.get(&format!("{CUSTOMERS}/{id}")).await, missing, 1001);
    kit.send("POST", "/sandbox/reset", None).await;
    assert_refused(&kit.get(&format!("{CONTAINERS}/{id}")).await, missing, 1001);
    assert_eq!(kit.post(CONTAINERS, &account()).await.body["id"], id, "ids follow from the seed");
}
