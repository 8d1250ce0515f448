//! The rules of transactions, cards and balances, over real HTTP.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use kasse::sandbox::{
    CARD_BONUS, CARD_DORMANT, CARD_EMPTY, CARD_INACTIVE, CARD_LOCKED, CARD_RICH, CARD_VOUCHER,
    Fixtures, Options,
};
use kasse::wire::CHARGE_EAN;
use rstest::rstest;
use serde_json::{Value, json};

use crate::sandbox::kit::{Kit, assert_refused, bakery, line, printed, sale};

const TRANSACTIONS: &str = "/api/v2/Smart/Transactions";
const BACKEND: &str = "ProductBackendproviderException";
const FORMAT: &str = "ProductFormatException";
const NOT_ALLOWED: &str = "ProductNotAllowedException";

fn charge(id: i64, price: i64) -> Value {
    line(id, Some(CHARGE_EAN), 1, price, 0)
}

#[tokio::test]
async fn a_sale_without_a_card_pays_and_leaves_no_trace_on_cards() {
    let kit = Kit::start().await;
    let id = kit.create(&bakery(None)).await;
    let paid = kit.step(&id, "start/cash").await.body;
    assert_eq!(paid["status"], "ok");
    assert_eq!(paid["receipt"], json!([]));
    assert_eq!(paid["transactions"], json!([]));
    assert_eq!(paid["basket_info"], json!({ "sum": 796, "gratuity": null, "currency": "EUR" }));
    assert_eq!(kit.ledger.loyalty_transactions(), 0);
}

#[tokio::test]
async fn an_unknown_card_is_an_invalid_ident() {
    let kit = Kit::start().await;
    let answer = kit.post(TRANSACTIONS, &bakery(Some("9276000000000000"))).await.body;
    assert_eq!(answer["status"], "created");
    assert_eq!(answer["idents"][0]["valid"], false);
    assert_eq!(answer["idents"][0]["merchantcard"], Value::Null);
    let id = answer["id"].as_str().unwrap();
    assert_refused(&kit.step(id, "preTransaction").await, BACKEND, 1016);
}

#[tokio::test]
async fn an_update_drops_the_applied_card() {
    let kit = Kit::start().await;
    let id = kit.create(&bakery(Some(CARD_BONUS))).await;
    kit.step(&id, "preTransaction").await;
    let path = format!("{TRANSACTIONS}/{id}");
    let body = json!({ "merchantRef": "customer nr. 123", "transactionRef": "order nr. 123" });
    let updated = kit.send("PUT", &path, Some(&body)).await.body;
    assert_eq!(updated["status"], "created");
    assert_eq!(updated["merchantRef"], "customer nr. 123");
    assert_eq!(updated["basket"]["products"].as_array().unwrap().len(), 3);
    assert_eq!(updated["basket_info"], json!({ "sum": 796, "gratuity": null, "currency": "EUR" }));
    assert_eq!(updated["idents"][0]["value"], CARD_BONUS, "what is not named stays");
    let again = kit.step(&id, "preTransaction").await.body;
    assert_eq!(again["missing_sum"], 576);
}

#[tokio::test]
async fn a_rich_card_pays_the_whole_basket() {
    let kit = Kit::start().await;
    let id = kit.create(&bakery(Some(CARD_RICH))).await;
    let applied = kit.step(&id, "preTransaction").await.body;
    assert_eq!(applied, json!({ "missing_sum": 0, "bonus_products": [] }));
    let paid = kit.step(&id, "start/loyalty").await.body;
    assert_eq!(paid["status"], "ok");
    assert_eq!(kit.holds(CARD_RICH), (5_000_000 - 796, 0));
}

#[tokio::test]
async fn loyalty_pays_unapplied_sales_too_but_never_a_part() {
    let kit = Kit::start().await;
    let id = kit.create(&bakery(Some(CARD_BONUS))).await;
    let refused = kit.step(&id, "start/loyalty").await;
    assert_refused(&refused, BACKEND, 1005);
    assert!(refused.body["error_user"].as_str().unwrap().contains("5,76 EUR"));
    kit.step(&id, "preTransaction").await;
    assert_refused(&kit.step(&id, "start/loyalty").await, BACKEND, 1005);
    assert_eq!(kit.read(&id).await["status"], "processing");
    assert_eq!(kit.holds(CARD_BONUS), (200, 20));

    let id = kit.create(&bakery(Some(CARD_RICH))).await;
    assert_eq!(kit.step(&id, "start/loyalty").await.body["status"], "ok");
}

#[tokio::test]
async fn a_card_emptied_by_another_till_is_refused() {
    let kit = Kit::start().await;
    let (mine, theirs) =
        (kit.create(&bakery(Some(CARD_BONUS))).await, kit.create(&bakery(Some(CARD_BONUS))).await);
    for id in [&mine, &theirs] {
        assert_eq!(kit.step(id, "preTransaction").await.body["missing_sum"], 576);
    }
    assert_eq!(kit.step(&theirs, "start/cash").await.status, 200);
    let refused = kit.step(&mine, "start/cash").await;
    assert_refused(&refused, BACKEND, 1005);
    assert_eq!(kit.holds(CARD_BONUS), (0, 78), "never negative");
    assert_eq!(kit.read(&mine).await["status"], "processing");
    // Applying again sees what is left, and the sale completes.
    assert_eq!(kit.step(&mine, "preTransaction").await.body["missing_sum"], 718);
    assert_eq!(kit.step(&mine, "start/cash").await.status, 200);
}

#[tokio::test]
async fn a_charge_of_the_same_sale_does_not_cover_what_another_till_spent() {
    let kit = Kit::start().await;
    let lines = [line(1, None, 1, 300, 7), charge(2, 1000)];
    let mine = kit.create(&sale(Some(CARD_VOUCHER), &lines)).await;
    assert_eq!(kit.step(&mine, "preTransaction").await.body["missing_sum"], 1000);
    let theirs = kit.create(&sale(Some(CARD_VOUCHER), &[line(1, None, 1, 500, 7)])).await;
    assert_eq!(kit.step(&theirs, "start/loyalty").await.status, 200);
    assert_refused(&kit.step(&mine, "start/cash").await, BACKEND, 1005);
    assert_eq!(kit.holds(CARD_VOUCHER), (0, 0));
}

#[tokio::test]
async fn nothing_follows_a_start_but_a_cancel() {
    let kit = Kit::start().await;
    let id = kit.create(&bakery(Some(CARD_BONUS))).await;
    kit.step(&id, "start/cash").await;
    assert_refused(&kit.step(&id, "start/cash").await, NOT_ALLOWED, 1005);
    assert_refused(&kit.step(&id, "preTransaction").await, NOT_ALLOWED, 1001);
    assert_refused(&kit.step(&id, "abort").await, NOT_ALLOWED, 1001);
    let put = kit.send("PUT", &format!("{TRANSACTIONS}/{id}"), Some(&bakery(None))).await;
    assert_refused(&put, NOT_ALLOWED, 1001);
    assert_eq!(kit.ledger.loyalty_transactions(), 1);
}

#[tokio::test]
async fn an_aborted_sale_stays_aborted() {
    let kit = Kit::start().await;
    let id = kit.create(&bakery(Some(CARD_BONUS))).await;
    kit.step(&id, "preTransaction").await;
    let aborted = kit.step(&id, "abort").await.body;
    assert_eq!(aborted["status"], "aborted");
    assert_eq!(aborted["basket"]["products"].as_array().unwrap().len(), 3);
    assert_refused(&kit.step(&id, "start/cash").await, NOT_ALLOWED, 1005);
}

#[tokio::test]
async fn a_cancel_reverses_everything_once() {
    let kit = Kit::start().await;
    let id = kit.create(&bakery(Some(CARD_BONUS))).await;
    kit.step(&id, "preTransaction").await;
    kit.step(&id, "start/cash").await;
    let cancelled = kit.step(&id, "cancel").await.body;
    assert_eq!(cancelled["status"], "cancelled");
    assert_eq!(kit.holds(CARD_BONUS), (200, 20));
    let receipt = printed(&cancelled["receipt"]);
    assert!(receipt.contains(&"STORNO".to_owned()), "{receipt:?}");
    assert!(receipt.contains(&"2,20 EUR".to_owned()), "{receipt:?}");
    assert_refused(&kit.step(&id, "cancel").await, NOT_ALLOWED, 1007);
    assert_eq!(kit.holds(CARD_BONUS), (200, 20));
}

#[tokio::test]
async fn a_charge_that_was_spent_cannot_be_cancelled() {
    let kit = Kit::start().await;
    let loaded = kit.create(&sale(Some(CARD_EMPTY), &[charge(1, 1000)])).await;
    kit.step(&loaded, "start/cash").await;
    let spent = kit.create(&bakery(Some(CARD_EMPTY))).await;
    assert_eq!(kit.step(&spent, "start/loyalty").await.status, 200);
    assert_refused(&kit.step(&loaded, "cancel").await, BACKEND, 1007);
    assert_eq!(kit.holds(CARD_EMPTY), (204, 0));
    assert_eq!(kit.read(&loaded).await["status"], "ok");
}

#[tokio::test]
async fn balances_pay_articles_but_no_charge() {
    let kit = Kit::start().await;
    let body = sale(Some(CARD_VOUCHER), &[line(1, None, 1, 300, 7), charge(2, 1000)]);
    let id = kit.create(&body).await;
    assert_eq!(kit.step(&id, "preTransaction").await.body["missing_sum"], 1000);
    assert_refused(&kit.step(&id, "start/loyalty").await, BACKEND, 1005);
    assert_eq!(kit.step(&id, "start/cash").await.status, 200);
    assert_eq!(kit.holds(CARD_VOUCHER), (500 - 300 + 1000, 0));
}

#[tokio::test]
async fn a_charge_earns_no_bonus() {
    let kit = Kit::start().await;
    let body = sale(Some(CARD_BONUS), &[line(1, None, 1, 775, 7), charge(2, 1000)]);
    let id = kit.create(&body).await;
    let paid = kit.step(&id, "start/cash").await.body;
    assert_eq!(kit.holds(CARD_BONUS), (1200, 20 + 78));
    assert!(printed(&paid["receipt"]).contains(&"17,75 EUR".to_owned()));
}

#[tokio::test]
async fn a_charge_needs_a_card() {
    let kit = Kit::start().await;
    for card in [None, Some("9276000000000000")] {
        let id = kit.create(&sale(card, &[charge(1, 1500)])).await;
        assert_refused(&kit.step(&id, "start/cash").await, BACKEND, 1016);
        assert_eq!(kit.read(&id).await["status"], "created");
    }
}

#[tokio::test]
async fn a_locked_card_neither_pays_nor_loads_but_does_not_stop_a_sale() {
    let kit = Kit::start().await;
    let answer = kit.post(TRANSACTIONS, &bakery(Some(CARD_LOCKED))).await.body;
    assert_eq!(answer["idents"][0]["valid"], true);
    assert_eq!(answer["idents"][0]["merchantcard"]["lock_status"], "locked");
    let id = answer["id"].as_str().unwrap();
    assert_refused(&kit.step(id, "preTransaction").await, BACKEND, 1016);
    assert_refused(&kit.step(id, "start/loyalty").await, BACKEND, 1016);
    assert_eq!(kit.step(id, "start/cash").await.body["transactions"], json!([]));
    let id = kit.create(&sale(Some(CARD_LOCKED), &[charge(1, 1500)])).await;
    assert_refused(&kit.step(&id, "start/cash").await, BACKEND, 1016);
    assert_eq!(kit.holds(CARD_LOCKED), (1500, 0));
}

#[tokio::test]
async fn charging_an_inactive_card_activates_it() {
    let kit = Kit::start().await;
    for card in [CARD_INACTIVE, CARD_DORMANT] {
        let id = kit.create(&bakery(Some(card))).await;
        assert_refused(&kit.step(&id, "preTransaction").await, BACKEND, 1016);
    }
    let id = kit.create(&sale(Some(CARD_INACTIVE), &[charge(1, 1000)])).await;
    let paid = kit.step(&id, "start/cash").await.body;
    assert_eq!(paid["idents"][0]["merchantcard"]["stock_status"], "active");
    let id = kit.create(&bakery(Some(CARD_INACTIVE))).await;
    assert_eq!(kit.step(&id, "preTransaction").await.body["missing_sum"], 0);
}

#[tokio::test]
async fn returns_lower_the_sum_and_the_share_of_their_rate() {
    let kit = Kit::start().await;
    let lines = [line(1, None, 2, 500, 7), line(2, None, -1, 300, 19), line(3, None, 1, 100, 19)];
    let id = kit.create(&sale(Some(CARD_BONUS), &lines)).await;
    let applied = kit.step(&id, "preTransaction").await.body;
    assert_eq!(applied["missing_sum"], 800 - 220);
    assert_eq!(applied["bonus_products"].as_array().unwrap().len(), 1);
    assert_eq!(applied["bonus_products"][0]["priceOne"], -20);
    let negative = sale(None, &[line(1, None, -1, 300, 7)]);
    assert_refused(&kit.post(TRANSACTIONS, &negative).await, FORMAT, 1001);
}

#[tokio::test]
async fn an_empty_basket_can_be_created_but_not_paid() {
    let kit = Kit::start().await;
    let id = kit.create(&json!({})).await;
    assert_refused(&kit.step(&id, "start/cash").await, BACKEND, 1005);
    assert_refused(&kit.step(&id, "preTransaction").await, BACKEND, 1005);
}

#[tokio::test]
async fn the_terminal_pays_the_remainder_and_prints_two_slips() {
    let kit = Kit::start().await;
    let id = kit.create(&bakery(Some(CARD_BONUS))).await;
    kit.step(&id, "preTransaction").await;
    let paid = kit.step(&id, "start/cashless").await.body;
    assert_eq!(paid["status"], "ok");
    assert_eq!(paid["receipt_number"], 1);
    assert_eq!(paid["receipt_merchant_print"], true);
    assert!(paid["device_destination"]["id"].as_str().unwrap().starts_with("SDV_"));
    let slip = printed(&paid["receipt_merchant"]);
    assert!(slip.contains(&"* * Händlerbeleg * *".to_owned()), "{slip:?}");
    assert!(slip.contains(&"Betrag EUR 5,76".to_owned()), "{slip:?}");
    let customer = printed(&paid["receipt"]);
    assert!(customer.contains(&"2,20 EUR".to_owned()));
    assert!(customer.contains(&"* * Kundenbeleg * *".to_owned()), "{customer:?}");
    assert_eq!(kit.holds(CARD_BONUS), (0, 78));
}

#[tokio::test]
async fn while_the_terminal_works_the_sale_is_busy() {
    let latency = std::time::Duration::from_secs(1);
    let kit = Kit::with(Options { terminal_latency: latency, ..Options::default() }).await;
    let id = kit.create(&bakery(None)).await;
    let start = kit.step(&id, "start/cashless");
    let meddle = async {
        // The first refusal proves that the terminal has begun; before it, an update is allowed.
        loop {
            let put = kit.send("PUT", &format!("{TRANSACTIONS}/{id}"), Some(&json!({}))).await;
            if put.status != 200 {
                return (put, kit.step(&id, "start/cash").await);
            }
        }
    };
    let (paid, (put, second)) = tokio::join!(start, meddle);
    assert_refused(&put, NOT_ALLOWED, 1005);
    assert_refused(&second, NOT_ALLOWED, 1005);
    assert_eq!(paid.body["status"], "ok");
}

#[tokio::test]
async fn a_lost_create_is_found_by_its_reference() {
    let kit = Kit::start().await;
    let mut body = bakery(None);
    body["transactionRef"] = json!("till 1 sale 7");
    let id = kit.create(&body).await;
    for q in ["transactionRef:till%201%20sale%207", "transactionRef:%22till%201%20sale%207%22"] {
        let list = kit.get(&format!("{TRANSACTIONS}?q={q}")).await.body;
        assert_eq!(list["count"], 1, "{q}");
        assert_eq!(list["data"][0]["id"], json!(id));
    }
    let none = kit.get(&format!("{TRANSACTIONS}?q=transactionRef:other")).await.body;
    assert_eq!(none, json!({ "count": 0, "data": [] }));
    assert_eq!(kit.get(TRANSACTIONS).await.body["count"], 2, "with the fixtures' sale");
}

#[tokio::test]
async fn the_documented_card_is_listed_as_printed() {
    let kit = Kit::start().await;
    let list = kit
        .get(&format!("/api/v2/Loyalty/Merchantcards?q=card.cardnumber:%22{CARD_DORMANT}%22"))
        .await
        .body;
    let printed: Value = serde_json::from_str(r#"{"count":1,"data":[{"object":"loyalty.merchantcards","id":"MCD_W5ZVSRG8U2MN358FD2MRDCMPYM06AU","merchant":{"object":"general.merchants","id":"MRC_WVHJQFQ4JNVYNG5B55TYK748ZCHQP8"},"created_for_merchant":{"object":"general.merchants","id":"MRC_F40KSJYW5AAJHHC93TQ6C7A8X76WO6"},"card":{"object":"loyalty.cards","id":"CRD_3CVJTETZ3MHPR034C9BYGEKDH6XRP4","cardnumber":"9276004428481652","created":"2015-02-20T08:54:07+01:00"},"cardgroup":{"object":"loyalty.cardgroups","id":"CRG_2BESGJNETJJRZVVYS8R7JWGVWK4PRZ","display_name":"Geschenkgutschein","display_name_raw":"Geschenkgutschein","stock_warn_limit":0,"picture":"https://connect.secucard.com/ds_g/8e79737df1e2513db48908b342c3cc436edf501a"},"created_for_store":{"object":"general.stores","id":"STO_2ZCZRU9V6U8QA7B49K94667UP6C4PJ"},"is_base_card":false,"points":0,"cash_balance":300,"bonus_balance":52,"balance":352,"last_usage":"2019-09-12T10:52:22+02:00","last_charge":"2018-04-27T15:47:42+02:00","stock_status":"inactive","lock_status":"unlocked","passcode":1,"expiry_date":null}]}"#).unwrap();
    assert_eq!(list.to_string(), printed.to_string());
    let none = kit.get("/api/v2/Loyalty/MerchantCards?q=card.cardnumber:9276000000000000").await;
    assert_eq!(none.body, json!({ "count": 0, "data": [] }));
    let odd = kit.get("/api/v2/Loyalty/MerchantCards?q=points:").await;
    assert_refused(&odd, FORMAT, 1001);
}

#[rstest]
#[case::sum(json!({ "basket_info": { "sum": 795 } }), "basket_info.sum")]
#[case::sum_text(json!({ "basket_info": { "sum": "796" } }), "basket_info.sum")]
#[case::no_sum(json!({ "basket_info": {} }), "basket_info.sum")]
#[case::currency(json!({ "basket_info": { "sum": 796, "currency": "USD" } }), "currency")]
#[case::demo(json!({ "is_demo": "yes" }), "is_demo")]
#[case::idents(json!({ "idents": {} }), "idents")]
#[case::ident_type(json!({ "idents": [{ "type": "iris", "value": "1" }] }), "idents[0].type")]
#[case::ident_value(json!({ "idents": [{ "type": "card" }] }), "idents[0].value")]
#[case::basket(json!({ "basket": [] }), "basket")]
#[case::products(json!({ "basket": { "products": 1 } }), "basket.products")]
#[case::reference(json!({ "transactionRef": ["x"] }), "transactionRef")]
#[tokio::test]
async fn a_wrong_field_is_named(#[case] wrong: Value, #[case] field: &str) {
    let kit = Kit::start().await;
    let mut body = bakery(None);
    for (key, value) in wrong.as_object().unwrap() {
        body[key] = value.clone();
    }
    let answer = kit.post(TRANSACTIONS, &body).await;
    assert_refused(&answer, FORMAT, 1001);
    let details = answer.body["error_details"].as_str().unwrap();
    assert!(details.starts_with(field) || details.contains(&format!("{field}:")), "{details}");
}

#[rstest]
#[case::price("priceOne", json!(i64::MAX))]
#[case::negative_price("priceOne", json!(i64::MIN))]
#[case::fraction("priceOne", json!(1.5))]
#[case::beyond("priceOne", json!(1e300))]
#[case::quantity("quantity", json!(i64::MAX))]
#[case::negative_quantity("quantity", json!(i64::MIN))]
#[case::beyond_percent("tax", json!(119))]
#[case::beyond_hundredths("tax", json!(10_100))]
#[case::fraction_of_a_piece("quantity", json!(0.5))]
#[case::id("id", json!(i64::MAX))]
#[case::no_price("priceOne", Value::Null)]
#[case::no_tax("tax", Value::Null)]
#[case::no_text("desc", Value::Null)]
#[case::price_text("priceOne", json!("349"))]
#[tokio::test]
async fn an_absurd_line_is_refused(#[case] key: &str, #[case] value: Value) {
    let kit = Kit::start().await;
    let mut body = bakery(None);
    body["basket"]["products"][0][key] = value;
    let answer = kit.post(TRANSACTIONS, &body).await;
    assert_refused(&answer, FORMAT, 1001);
    let details = answer.body["error_details"].as_str().unwrap();
    assert!(details.starts_with(&format!("basket.products[0].{key}:")), "{details}");
}

#[tokio::test]
async fn sums_are_bounded_and_charges_positive() {
    let kit = Kit::start().await;
    for lines in [
        vec![line(1, None, 1_000_000, 1_000_000_000, 7)],
        (1..=11).map(|id| line(id, None, 1, 1_000_000_000, 7)).collect(),
        vec![line(1, None, 1, 900, 7), line(2, Some(CHARGE_EAN), -1, 500, 0)],
        vec![line(1, None, 1, 900, 7), line(1, None, 1, 500, 0)],
    ] {
        assert_refused(&kit.post(TRANSACTIONS, &sale(None, &lines)).await, FORMAT, 1001);
    }
}

#[test]
fn no_fixture_card_has_a_valid_check_digit() {
    for card in Fixtures::default().cards {
        assert!(card.number.len() == 16 && card.number.starts_with("9276"));
        let sum: u32 = card
            .number
            .chars()
            .rev()
            .filter_map(|c| c.to_digit(10))
            .enumerate()
            .map(|(index, digit)| match (index % 2, digit * 2) {
                (0, _) => digit,
                (_, twice) if twice > 9 => twice - 9,
                (_, twice) => twice,
            })
            .sum();
        assert_ne!(sum % 10, 0, "{card:?}");
    }
}
