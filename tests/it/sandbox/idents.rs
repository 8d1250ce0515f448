//! Idents, check-ins and cards that a sale creates, over real HTTP.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use kasse::sandbox::{CARD_BONUS, CARD_EMPTY, CARD_VOUCHER, Fixtures};
use kasse::wire::CHARGE_EAN;
use serde_json::{Value, json};

use crate::sandbox::kit::{Kit, assert_refused, bakery, line, printed, sale};

const GIFT: &str = "CRG_2BESGJNETJJRZVVYS8R7JWGVWK4PRZ";
const BONUS: &str = "CRG_2V6TQ8NHTJJRZB7YS8R7JWGVWK4PTN";

fn with_idents(mut sale: Value, idents: &Value) -> Value {
    sale["idents"] = idents.clone();
    sale
}

async fn guests(kit: &Kit) -> Vec<Value> {
    let list = kit.get("/api/v2/Smart/Checkins").await.body;
    assert_eq!(list["count"], 2);
    list["data"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_check_in_pays_and_collects_with_its_card() {
    let kit = Kit::start().await;
    let guest = guests(&kit).await.remove(0);
    assert_eq!(guest["customerName"], "Kunde 1");
    assert_eq!(guest["merchantcard"]["card"]["cardnumber"], CARD_BONUS);
    let idents = json!([{ "type": "checkin", "value": guest["id"] }]);
    let id = kit.create(&with_idents(bakery(None), &idents)).await;
    let ident = kit.read(&id).await["idents"][0].clone();
    assert_eq!((&ident["id"], &ident["prefix"]), (&json!("smi_2"), &json!("CKI_")));
    assert_eq!((&ident["valid"], &ident["merchantcard"]["balance"]), (&json!(true), &json!(220)));
    assert_eq!(kit.step(&id, "preTransaction").await.body["missing_sum"], 576);
    let paid = kit.step(&id, "start/cash").await.body;
    assert_eq!(paid["idents"][0]["merchantcard"]["balance"], 78);
    assert_eq!(kit.holds(CARD_BONUS), (0, 78));
}

#[tokio::test]
async fn unknown_idents_are_invalid_and_disturb_nothing() {
    let kit = Kit::start().await;
    let idents = json!([
        { "type": "checkin", "value": "CKI_0" }, { "type": "create_card", "value": "CRG_0" },
        { "type": "card", "value": "9276000000000000" }, { "type": "checkin", "value": "PPT_0" },
        { "type": "card", "value": CARD_VOUCHER },
    ]);
    let id = kit.create(&with_idents(bakery(None), &idents)).await;
    let shown = kit.read(&id).await["idents"].clone();
    let valid: Vec<bool> =
        shown.as_array().unwrap().iter().map(|ident| ident["valid"] == true).collect();
    assert_eq!(valid, [false, false, false, false, true]);
    assert_eq!((&shown[3]["id"], &shown[3]["prefix"]), (&json!("smi_3"), &json!("PPT_")));
    assert_eq!(kit.step(&id, "preTransaction").await.body["missing_sum"], 296);
    let odd = with_idents(bakery(None), &json!([{ "type": "passport", "value": "1" }]));
    assert_refused(
        &kit.post("/api/v2/Smart/Transactions", &odd).await,
        "ProductFormatException",
        1001,
    );
}

#[tokio::test]
async fn a_sale_creates_a_card_with_its_charge() {
    let kit = Kit::start().await;
    let idents = json!([{ "type": "create_card", "value": GIFT }]);
    let charge = [line(1, Some(CHARGE_EAN), 1, 1500, 0)];
    let id = kit.create(&with_idents(sale(None, &charge), &idents)).await;
    let ident = kit.read(&id).await["idents"][0].clone();
    assert_eq!(
        (&ident["id"], &ident["prefix"], &ident["name"], &ident["valid"]),
        (&json!("smi_3"), &json!("CRG_"), &json!("secucard Kundenkarte erstellen"), &json!(true))
    );
    assert_eq!(ident["merchantcard"], Value::Null, "there is no card before the start");
    let paid = kit.step(&id, "start/cash").await.body;
    let receipt = printed(&paid["receipt"]);
    let number = receipt[1].strip_prefix("Kartennummer: ").unwrap();
    assert!(number.len() == 16 && number.starts_with("9276"), "{number}");
    assert!(Fixtures::default().cards.iter().all(|card| card.number != number));
    let card = &paid["idents"][0]["merchantcard"];
    assert_eq!((&card["card"]["cardnumber"], &card["balance"]), (&json!(number), &json!(1500)));
    assert_eq!(paid["idents"][0]["value"], GIFT);

    // The new card is one like the others.
    let found = kit.get(&format!("/api/v2/Loyalty/MerchantCards?q=card.cardnumber:{number}")).await;
    assert_eq!(
        (&found.body["count"], &found.body["data"][0]["cash_balance"]),
        (&json!(1), &json!(1500))
    );
    let next = kit.create(&bakery(Some(number))).await;
    assert_eq!(kit.step(&next, "preTransaction").await.body["missing_sum"], 0);
    assert_eq!(kit.step(&next, "start/loyalty").await.body["status"], "ok");
    assert_eq!(kit.holds(number), (704, 0));
    let refused = kit.step(&id, "cancel").await;
    assert_eq!(refused.status, 400, "the charge was spent");
    kit.step(&next, "cancel").await;
    assert_eq!(kit.step(&id, "cancel").await.body["status"], "cancelled");
    assert_eq!(kit.holds(number), (0, 0));
}

#[tokio::test]
async fn a_new_bonus_card_collects_at_once_but_cannot_pay() {
    let kit = Kit::start().await;
    let idents = json!([{ "type": "create_card", "value": BONUS }]);
    let id = kit.create(&with_idents(bakery(None), &idents)).await;
    assert_eq!(kit.step(&id, "preTransaction").await.status, 400);
    assert_eq!(kit.step(&id, "start/loyalty").await.status, 400);
    assert_eq!(kit.ledger.loyalty_transactions(), 0);
    let paid = kit.step(&id, "start/cashless").await.body;
    assert_eq!(paid["idents"][0]["merchantcard"]["bonus_balance"], 80);
    let second = kit.create(&with_idents(bakery(None), &idents)).await;
    let second = kit.step(&second, "start/cash").await.body;
    assert_ne!(
        paid["idents"][0]["merchantcard"]["card"]["cardnumber"],
        second["idents"][0]["merchantcard"]["card"]["cardnumber"]
    );
}

#[tokio::test]
async fn with_a_card_there_none_is_created() {
    let kit = Kit::start().await;
    let idents =
        json!([{ "type": "create_card", "value": GIFT }, { "type": "card", "value": CARD_EMPTY }]);
    let charge = [line(1, Some(CHARGE_EAN), 1, 700, 0)];
    let id = kit.create(&with_idents(sale(None, &charge), &idents)).await;
    kit.step(&id, "start/cash").await;
    assert_eq!(kit.holds(CARD_EMPTY), (700, 0));
}

#[tokio::test]
async fn idents_can_be_validated_and_read_without_a_sale() {
    let kit = Kit::start().await;
    let body = json!([{ "value": CARD_VOUCHER, "type": "card" }, { "value": "1", "type": "card" }]);
    let idents = kit.post("/api/v2/Smart/Idents/notused/validate", &body).await.body;
    assert_eq!((&idents[0]["id"], &idents[0]["length"]), (&json!("smi_1"), &json!(16)));
    assert_eq!((&idents[0]["valid"], &idents[1]["valid"]), (&json!(true), &json!(false)));
    assert_eq!(idents[0]["merchantcard"]["balance"], 500);
    let one = kit.post("/api/v2/Smart/Idents/smi_1/validate", &body[0]).await.body;
    assert_eq!(one[0], idents[0], "one alone is a list of one");

    let guest = guests(&kit).await.remove(0);
    let read = kit.post("/api/v2/Smart/Idents/smi_2/read", &json!({})).await.body;
    assert_eq!((&read["value"], &read["valid"]), (&guest["id"], &json!(true)));
    let read = kit.post("/api/v2/Smart/Idents/smi_1/read", &json!({})).await.body;
    assert_eq!((&read["type"], &read["valid"]), (&json!("card"), &json!(true)));
    assert_eq!(kit.post("/api/v2/Smart/Idents/smi_9/read", &json!({})).await.status, 404);

    let event = json!({ "target": "general.components", "action": "open", "data": {} });
    let taken = kit.post("/api/v2/Smart/Checkins/me/TriggerPushEvent", &event).await.body;
    assert_eq!(taken, json!({ "result": true }));
}
