//! Both seeds, replayed as printed over real HTTP, compared field for field.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use kasse::sandbox::{CARD_BONUS, CARD_EMPTY, SEED_TOKEN, SEED_TRANSACTION};
use serde_json::{Value, json};

use crate::sandbox::examples_data::{APPLY_ANSWER, CHARGE_ANSWER, CHARGE_REQUEST};
use crate::sandbox::kit::{Kit, bakery, printed};

/// Sends a request as the seeds print it: `Authenticate`, and nothing that they do not name.
async fn replay(kit: &Kit, path: &str, body: &'static str) -> (u16, String) {
    let mut request = kit
        .http
        .post(format!("{}{path}", kit.url))
        .header("Authenticate", format!("Bearer {SEED_TOKEN}"))
        .header("Accept", "application/json");
    if !body.is_empty() {
        request = request.header("Content-Type", "application/json").body(body);
    }
    let response = request.send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/json; charset=UTF-8");
    (response.status().as_u16(), response.text().await.unwrap())
}

#[tokio::test]
async fn the_first_seed_answers_as_printed() {
    let kit = Kit::start().await;
    let (status, body) = replay(&kit, "/api/v2/Smart/Transactions", CHARGE_REQUEST).await;
    assert_eq!(status, 200);
    let mut answer: Value = serde_json::from_str(&body).unwrap();
    let id = answer["id"].as_str().unwrap();
    assert!(id.starts_with("STX_") && id.len() == 34, "{id}");
    let created = answer["created"].as_str().unwrap();
    assert!(created.len() == 25 && created.parse::<jiff::Timestamp>().is_ok(), "{created}");
    let printed: Value = serde_json::from_str(CHARGE_ANSWER).unwrap();
    answer["id"] = printed["id"].clone();
    answer["created"] = printed["created"].clone();
    // The text, not the value: the order of the fields counts too.
    assert_eq!(answer.to_string(), printed.to_string());
    assert_eq!(kit.holds(CARD_EMPTY), (0, 0), "not charged before it is paid");
}

#[tokio::test]
async fn the_second_seed_answers_as_printed() {
    let kit = Kit::start().await;
    let path = format!("/api/v2/Smart/Transactions/{SEED_TRANSACTION}");
    let put = kit.send("PUT", &path, Some(&bakery(Some(CARD_BONUS)))).await;
    assert_eq!(put.status, 200, "{put:?}");
    let (status, body) = replay(&kit, &format!("{path}/preTransaction"), "").await;
    assert_eq!(status, 200);
    let answer: Value = serde_json::from_str(&body).unwrap();
    let printed: Value = serde_json::from_str(APPLY_ANSWER).unwrap();
    assert_eq!(answer.to_string(), printed.to_string());

    let now = kit.read(SEED_TRANSACTION).await;
    assert_eq!(now["status"], "processing");
    assert_eq!(now["basket_info"]["missing_sum"], 576);
    assert_eq!(now["basket_info"]["sum"], 796);
    let products = now["basket"]["products"].as_array().unwrap();
    assert_eq!(products.len(), 5);
    assert_eq!(
        products[3],
        json!({
            "id": 4, "parent": null, "articleNumber": "111000007", "ean": "",
            "desc": "Bonus VAT 7%", "quantity": 1, "priceOne": -15, "tax": 7, "group": [],
            "serialNumber": null, "item_type": "article", "reference_id": null,
            "contract_id": null, "sum": null,
        })
    );
    assert_eq!(kit.holds(CARD_BONUS), (200, 20), "nothing is spent before the start");
}

#[tokio::test]
async fn the_second_seed_works_on_the_fixture_without_an_update_too() {
    let kit = Kit::start().await;
    let path = format!("/api/v2/Smart/Transactions/{SEED_TRANSACTION}/preTransaction");
    let (_, body) = replay(&kit, &path, "").await;
    let answer: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(answer, serde_json::from_str::<Value>(APPLY_ANSWER).unwrap());
}

#[tokio::test]
async fn o2_the_applied_card_pays_and_collects_bonus() {
    let kit = Kit::start().await;
    let id = kit.create(&bakery(Some(CARD_BONUS))).await;
    assert_eq!(kit.step(&id, "preTransaction").await.body["missing_sum"], 576);
    let paid = kit.step(&id, "start/cash").await;
    assert_eq!(paid.status, 200, "{paid:?}");
    let paid = paid.body;
    assert_eq!(paid["status"], "ok");
    assert_eq!(paid["intent"], Value::Null);
    assert_eq!(paid["device_source"]["object"], "smart.devices");
    assert_eq!(paid["transactions"][0]["object"], "loyalty.transactions");
    assert_eq!(paid["basket"]["products"][0]["articleNumber"], "30037");
    let receipt = printed(&paid["receipt"]);
    let code = receipt[2].strip_prefix("TA Code: ").unwrap();
    assert!(code.len() == 8 && code.chars().all(|c| c.is_ascii_digit()), "{code}");
    assert_eq!(receipt[..2], ["Kundenkarte", "Kartennummer: 9276004424644352"]);
    assert_eq!(
        receipt[3..],
        [
            "",
            "Zahlung über:",
            "2,20 EUR",
            "",
            "Umsatz erfasst:",
            "7,76 EUR",
            "",
            "Bonus:",
            "0,78 EUR",
            "",
            "Aktuelles Guthaben",
            "0,78 EUR",
        ]
    );
    let card = &paid["idents"][0]["merchantcard"];
    assert_eq!((&card["cash_balance"], &card["bonus_balance"]), (&json!(0), &json!(78)));
    assert_eq!(kit.holds(CARD_BONUS), (0, 78));
    assert_eq!(kit.ledger.loyalty_transactions(), 1);
    assert_eq!(kit.read(&id).await, paid, "the paid transaction reads the same again");
}

#[tokio::test]
async fn o6_a_charge_loads_the_card_at_the_start() {
    let kit = Kit::start().await;
    let (_, body) = replay(&kit, "/api/v2/Smart/Transactions", CHARGE_REQUEST).await;
    let created: Value = serde_json::from_str(&body).unwrap();
    let id = created["id"].as_str().unwrap();
    let paid = kit.step(id, "start/cash").await.body;
    assert_eq!(paid["status"], "ok");
    assert_eq!(paid["basket"]["products"][0]["tax"], 7, "as sent, once it is paid");
    let receipt = printed(&paid["receipt"]);
    assert_eq!(
        receipt[3..],
        [
            "",
            "Umsatz erfasst:",
            "15,00 EUR",
            "",
            "Folgender Betrag",
            "wurde aufgeladen:",
            "15,00 EUR",
            "",
            "Aktuelles Guthaben",
            "15,00 EUR",
        ]
    );
    let path = format!("/api/v2/Loyalty/MerchantCards?q=card.cardnumber:{CARD_EMPTY}");
    let list = kit.get(&path).await.body;
    assert_eq!(list["count"], 1);
    assert_eq!(list["data"][0]["balance"], 1500);
    assert_ne!(list["data"][0]["last_charge"], Value::Null);
}

#[tokio::test]
async fn o4_a_gift_card_with_5_00_leaves_2_96() {
    let kit = Kit::start().await;
    let charge = crate::sandbox::kit::line(1, Some("4260447149519"), 1, 500, 0);
    let id = kit.create(&crate::sandbox::kit::sale(Some(CARD_EMPTY), &[charge])).await;
    assert_eq!(kit.step(&id, "start/cash").await.status, 200);
    let id = kit.create(&bakery(Some(CARD_EMPTY))).await;
    let applied = kit.step(&id, "preTransaction").await.body;
    assert_eq!(applied, json!({ "missing_sum": 296, "bonus_products": [] }));
}

#[test]
fn the_printed_answers_survive_reading_and_writing() {
    let created: kasse::wire::Transaction = serde_json::from_str(CHARGE_ANSWER).unwrap();
    let printed: Value = serde_json::from_str(CHARGE_ANSWER).unwrap();
    assert_eq!(serde_json::to_string(&created).unwrap(), printed.to_string());
    let applied: kasse::wire::PreTransaction = serde_json::from_str(APPLY_ANSWER).unwrap();
    let printed: Value = serde_json::from_str(APPLY_ANSWER).unwrap();
    assert_eq!(serde_json::to_string(&applied).unwrap(), printed.to_string());
}
