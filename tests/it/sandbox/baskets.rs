//! Baskets of every documented kind over real HTTP, and the fields that are only told again.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use kasse::sandbox::{CARD_BONUS, CARD_EMPTY, CARD_VOUCHER, Fixtures, Options};
use kasse::wire::DISCHARGE_EANS;
use rstest::rstest;
use serde_json::{Value, json};

use crate::sandbox::kit::{Kit, assert_refused, bakery, line, printed, sale};

const TRANSACTIONS: &str = "/api/v2/Smart/Transactions";
const FORMAT: &str = "ProductFormatException";
const BACKEND: &str = "ProductBackendproviderException";
const SHOP: &str = "GCR_3QCX2UMNSE87Y698A5B90GD5MZWHP7";
const PAYEE: &str = "GCR_2H69XY35227V2VKP9WRA3SJ0W95RP0";

/// The mixed basket of the vendor's own test: 0.50 and 0.80, of which 0.10 go to a stakeholder.
fn mixed() -> Value {
    let article = |id: i64, desc: &str, price: i64| {
        json!({ "id": id, "item_type": "article", "quantity": 1, "desc": desc, "priceOne": price,
                "tax": 19, "reference_id": format!("1001.{id}") })
    };
    json!({
        "basket": { "products": [{
            "id": 1, "item_type": "sub_transaction", "desc": "Position 1", "sum": 130,
            "quantity": 1, "contract_id": SHOP, "reference_id": "1001",
            "sub_basket": [
                article(1, "Cola", 50),
                article(2, "Bier", 80),
                { "item_type": "stakeholder_payment", "desc": "stakeholder_1", "sum": 10,
                  "contract_id": PAYEE, "reference_id": "1001.3" },
            ],
        }] },
        "basket_info": { "sum": 130 },
    })
}

#[tokio::test]
async fn a_mixed_basket_is_told_again_applied_and_paid() {
    let kit = Kit::start().await;
    let mut body = mixed();
    body["idents"] = json!([{ "type": "card", "value": CARD_BONUS }]);
    let created = kit.post(TRANSACTIONS, &body).await.body;
    let product = &created["basket"]["products"][0];
    let fields = ["item_type", "sum", "reference_id", "contract_id"].map(|key| &product[key]);
    assert_eq!(fields, [&json!("sub_transaction"), &json!(130), &json!("1001"), &json!(SHOP)]);
    let nested = product["sub_basket"].as_array().unwrap();
    let kinds: Vec<_> = nested.iter().map(|item| item["item_type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["article", "article", "stakeholder_payment"]);
    assert_eq!((&nested[1]["desc"], &nested[1]["priceOne"]), (&json!("Bier"), &json!(80)));
    assert_eq!((&nested[2]["sum"], &nested[2]["contract_id"]), (&json!(10), &json!(PAYEE)));
    let id = created["id"].as_str().unwrap();
    assert_eq!(kit.step(id, "preTransaction").await.body["missing_sum"], 0);
    assert_eq!(kit.step(id, "start/loyalty").await.body["status"], "ok");
    // 10 % of the 1.30 that were paid with loaded money.
    assert_eq!(kit.holds(CARD_BONUS), (70, 33));
}

#[rstest]
#[case::sum("/basket/products/0/sum", json!(131), "basket.products[0].sum: must equal the sub-basket, which comes to 130")]
#[case::item("/basket/products/0/sub_basket/0/priceOne", json!(51), "basket.products[0].sum: must equal the sub-basket, which comes to 131")]
#[case::total("/basket_info/sum", json!(131), "basket_info.sum: must equal the basket, which comes to 130")]
#[case::none(
    "/basket/products/0/sub_basket",
    Value::Null,
    "basket.products[0].sub_basket: missing"
)]
#[case::nested("/basket/products/0/sub_basket/0/item_type", json!("sub_transaction"), "basket.products[0].sub_basket[0]: item_type is unknown here")]
#[case::twice("/basket/products/0/sub_basket/1/id", json!(1), "basket.products[0].sub_basket[1]: id is used twice")]
#[tokio::test]
async fn a_mixed_basket_that_does_not_add_up_is_refused(
    #[case] at: &str,
    #[case] value: Value,
    #[case] details: &str,
) {
    let kit = Kit::start().await;
    let mut body = mixed();
    *body.pointer_mut(at).unwrap() = value;
    let refused = kit.post(TRANSACTIONS, &body).await;
    assert_refused(&refused, FORMAT, 1001);
    assert_eq!(refused.body["error_details"], details);
}

#[tokio::test]
async fn contracts_that_are_not_enabled_get_4028() {
    let kit = Kit::start().await;
    let whole = kit.create(&bakery(None)).await;
    for at in ["/basket/products/0/contract_id", "/basket/products/0/sub_basket/2/contract_id"] {
        for contract in [Value::Null, json!("GCR_0")] {
            let mut body = mixed();
            *body.pointer_mut(at).unwrap() = contract;
            let refused = kit.post(TRANSACTIONS, &body).await;
            assert_refused(&refused, "ProductNotAllowedException", 4028);
            let path = format!("{TRANSACTIONS}/{whole}");
            assert_eq!(kit.send("PUT", &path, Some(&body)).await.body["code"], 4028);
        }
    }
    assert_eq!(
        kit.read(&whole).await["basket_info"]["sum"],
        796,
        "a refused update changes nothing"
    );
    let fixtures = Fixtures { contracts: Vec::new(), ..Fixtures::default() };
    let kit = Kit::with(Options { fixtures, ..Options::default() }).await;
    assert_eq!(kit.post(TRANSACTIONS, &mixed()).await.body["code"], 4028);
}

#[tokio::test]
async fn coupons_reduce_whatever_their_sign_and_shipping_adds() {
    let kit = Kit::start().await;
    for price in [-200, 200] {
        let body = json!({
            "idents": [{ "type": "card", "value": CARD_VOUCHER }],
            "basket": { "products": [
                line(1, None, 1, 1000, 19),
                { "id": 2, "item_type": "coupon", "desc": "Gutschein", "quantity": 1, "priceOne": price },
                { "id": 3, "item_type": "shipping", "desc": "Versand", "quantity": 1, "priceOne": 490 },
            ] },
            "basket_info": { "sum": 1290 },
        });
        let created = kit.post(TRANSACTIONS, &body).await.body;
        assert_eq!(created["basket_info"]["sum"], 1290, "{created}");
        assert_eq!(created["basket"]["products"][1]["priceOne"], price, "as sent");
        let id = created["id"].as_str().unwrap();
        assert_eq!(kit.step(id, "preTransaction").await.body["missing_sum"], 790);
    }
}

#[tokio::test]
async fn the_parts_of_a_bundle_cost_nothing_and_name_its_head() {
    let kit = Kit::start().await;
    let bundle = |parent: i64, price: i64| {
        let mut part = line(2, None, 1, price, 7);
        part["parent"] = json!(parent);
        sale(None, &[line(1, None, 1, 80, 7), part])
    };
    let created = kit.post(TRANSACTIONS, &bundle(1, 0)).await.body;
    let parents: Vec<_> = created["basket"]["products"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["parent"].clone())
        .collect();
    assert_eq!(parents, [Value::Null, json!(1)]);
    assert_eq!(created["basket_info"]["sum"], 80);
    for wrong in [bundle(1, 10), bundle(2, 0), bundle(9, 0)] {
        assert_refused(&kit.post(TRANSACTIONS, &wrong).await, FORMAT, 1001);
    }
}

#[tokio::test]
async fn a_discharge_is_paid_by_the_card_alone_and_earns_nothing() {
    let kit = Kit::start().await;
    for ean in DISCHARGE_EANS {
        let held = kit.holds(CARD_VOUCHER).0;
        let mut discharge = line(1, Some(ean), 1, 100, 0);
        discharge["desc"] = json!("Entladung 1,00 €");
        let id = kit.create(&sale(Some(CARD_VOUCHER), &[discharge])).await;
        for method in ["start/cash", "start/cashless"] {
            assert_refused(&kit.step(&id, method).await, BACKEND, 1005);
        }
        let paid = kit.step(&id, "start/loyalty").await.body;
        assert_eq!(paid["status"], "ok");
        assert!(printed(&paid["receipt"]).contains(&"Zahlung über:".to_owned()));
        assert_eq!(kit.holds(CARD_VOUCHER).0, held - 100);
    }
    let id =
        kit.create(&sale(Some(CARD_BONUS), &[line(1, Some(DISCHARGE_EANS[0]), 1, 150, 0)])).await;
    assert_eq!(kit.step(&id, "start/loyalty").await.body["status"], "ok");
    assert_eq!(kit.holds(CARD_BONUS), (50, 20), "a bonus programme gives no bonus for it");
    let more =
        kit.create(&sale(Some(CARD_EMPTY), &[line(1, Some(DISCHARGE_EANS[1]), 1, 1, 0)])).await;
    assert_refused(&kit.step(&more, "start/loyalty").await, BACKEND, 1005);
    let back = sale(
        Some(CARD_VOUCHER),
        &[line(1, None, 1, 500, 7), line(2, Some(DISCHARGE_EANS[0]), -1, 100, 0)],
    );
    assert_refused(&kit.post(TRANSACTIONS, &back).await, FORMAT, 1001);
}

#[tokio::test]
async fn quantities_are_whole_and_rates_may_come_in_hundredths() {
    let kit = Kit::start().await;
    let mut body =
        sale(Some(CARD_BONUS), &[line(1, None, 2, 500, 1900), line(2, None, 1, 100, 700)]);
    body["basket"]["products"][0]["quantity"] = json!(2.0);
    let created = kit.post(TRANSACTIONS, &body).await.body;
    let first = &created["basket"]["products"][0];
    assert_eq!((&first["quantity"], &first["tax"]), (&json!(2), &json!(1900)));
    let applied = kit.step(created["id"].as_str().unwrap(), "preTransaction").await.body;
    let taxes: Vec<_> =
        applied["bonus_products"].as_array().unwrap().iter().map(|p| p["tax"].clone()).collect();
    assert_eq!(taxes, [7, 19], "bonus lines are in percent");
}

/// Every field of a request that the sandbox has no use for comes back as it was sent.
#[tokio::test]
async fn what_is_only_told_again_is_told_again() {
    let kit = Kit::start().await;
    let told = json!({
        "provider_contract": { "object": "general.contracts", "id": PAYEE },
        "contract": { "id": SHOP, "object": "general.contracts" },
        "tax_amount": 51, "tax_rate": 7, "market": "M1", "cashier": "7", "product": "P",
        "trans_id": 12_345_678, "last_visited_page": "basket",
        "customer": { "object": "payment.customers", "id": "PCU_1" },
        "shipping_address": { "object": "payment.customers", "id": "PCU_2" },
        "container": { "object": "payment.containers", "id": "PCT_1" },
        "checkin": { "id": "CKI_1" },
        "payment_method": "debit",
        "delivery_options": { "type": "shipping" },
        "communications": { "action_type": "x", "template_id": "y" },
        "payment_context": { "x": 1 },
    });
    let mut body = bakery(None);
    for (key, value) in told.as_object().unwrap() {
        body[key] = value.clone();
    }
    body["merchant"] = json!("not what counts");
    body["application_context"] = json!({ "language": "de" });
    body["basket_info"]["gratuity"] = json!(30);
    let product = &mut body["basket"]["products"][0];
    product["group"] = json!([{ "id": "2", "desc": "Brötchen", "level": 2 }]);
    product["serialNumber"] = json!("1234");
    product["reference_id"] = json!("r1");
    product["plan_id"] = json!("PLAN_1");
    product["start_at"] = json!("2020-09-25T11:15:30+02:00");
    let id = kit.create(&body).await;
    let read = kit.read(&id).await;
    for (key, value) in told.as_object().unwrap() {
        assert_eq!(&read[key], value, "{key}");
    }
    assert_eq!(read["merchant"]["companyname"], "John's Bakery");
    assert_eq!(read["basket_info"], json!({ "sum": 796, "gratuity": 30, "currency": "EUR" }));
    assert_eq!(
        read["application_context"],
        json!({ "locks": { "customer": false }, "return_urls": null, "iframe_opts": null, "language": "de" })
    );
    for key in ["group", "serialNumber", "reference_id", "plan_id", "start_at"] {
        assert_eq!(read["basket"]["products"][0][key], body["basket"]["products"][0][key], "{key}");
    }
    let path = format!("{TRANSACTIONS}/{id}");
    let less = kit.send("PUT", &path, Some(&json!({ "cashier": null, "customer": [] }))).await.body;
    assert!(less.get("cashier").is_none() && less.get("customer").is_none(), "{less}");
    assert_eq!(less["market"], "M1");
    for (key, value) in [("tax_rate", json!("x")), ("customer", json!(1)), ("cashier", json!({}))] {
        let refused = kit.send("PUT", &path, Some(&json!({ key: value }))).await;
        assert_refused(&refused, FORMAT, 1001);
        assert!(refused.body["error_details"].as_str().unwrap().starts_with(key));
    }
}

#[tokio::test]
async fn discounts_decimal_rates_and_notes_are_taken_told_again_and_given_back() {
    let kit = Kit::start().await;
    let product = |id: i64, desc: &str, quantity: i64, price: i64, tax: Value| json!({ "id": id, "desc": desc, "quantity": quantity, "priceOne": price, "tax": tax });
    let texts = json!([{ "id": 1, "parent": null, "desc": "Table 4" },
                       { "id": 2, "parent": 1, "desc": "cold" }]);
    let body = json!({
        "idents": [{ "type": "card", "value": CARD_BONUS }],
        "basket": { "texts": texts, "products": [
            product(1, "Juice", 3, 129, json!(8.1)),
            product(2, "10 % off", 1, -39, json!(8.1)),
            product(3, "Deposit", 3, 25, json!(19)),
            product(4, "Milk", 1, 300, json!(810)),
            product(5, "Empties", -2, 25, json!(1900)),
        ] },
        "basket_info": { "sum": 673 },
    });
    let created = kit.post(TRANSACTIONS, &body).await.body;
    let taxes: Vec<_> = created["basket"]["products"]
        .as_array()
        .unwrap()
        .iter()
        .map(|product| product["tax"].clone())
        .collect();
    assert_eq!(taxes, [json!(8.1), json!(8.1), json!(19), json!(810), json!(1900)]);
    assert_eq!(created["basket"]["texts"], texts);
    let id = created["id"].as_str().unwrap();
    let held = kit.holds(CARD_BONUS);
    let applied = kit.step(id, "preTransaction").await.body;
    // 648 at 8.1 %, 25 at 19 %: of the bonus of 20, 19.26 and 0.74.
    let bonus: Vec<_> = applied["bonus_products"]
        .as_array()
        .unwrap()
        .iter()
        .map(|product| (product["tax"].clone(), product["priceOne"].clone()))
        .collect();
    assert_eq!(bonus, [(json!(8.1), json!(-19)), (json!(19), json!(-1))]);
    assert_eq!(kit.step(id, "start/cash").await.body["status"], "ok");
    assert_ne!(kit.holds(CARD_BONUS), held);
    assert_eq!(kit.step(id, "cancel").await.body["status"], "cancelled");
    assert_eq!(kit.holds(CARD_BONUS), held);
}

#[rstest]
#[case::three_decimals("/basket/products/0/tax", json!(8.125), "basket.products[0].tax: has more than two decimals")]
#[case::beyond_percent("/basket/products/0/tax", json!(100.5), "basket.products[0].tax: must be between 0 and 100")]
#[case::below("/basket/products/0/tax", json!(-0.5), "basket.products[0].tax: must be between 0 and 100")]
#[case::hundredths("/basket/products/0/tax", json!(811), "basket.products[0].tax: must be in percent")]
#[case::parent("/basket/texts/0/parent", json!(9), "basket.texts[0]: parent is no line")]
#[case::no_id("/basket/texts/0/id", Value::Null, "basket.texts[0].id: missing")]
#[case::no_text("/basket/texts/0/desc", Value::Null, "basket.texts[0].desc: missing")]
#[case::no_list("/basket/texts", json!("cold"), "basket.texts: expected a list")]
#[tokio::test]
async fn a_wrong_rate_or_note_is_named(
    #[case] at: &str,
    #[case] value: Value,
    #[case] details: &str,
) {
    let kit = Kit::start().await;
    let mut body = json!({
        "basket": { "texts": [{ "id": 1, "parent": 1, "desc": "cold" }],
                    "products": [line(1, None, 1, 100, 7)] },
        "basket_info": { "sum": 100 },
    });
    *body.pointer_mut(at).unwrap() = value;
    let refused = kit.post(TRANSACTIONS, &body).await;
    assert_refused(&refused, FORMAT, 1001);
    assert_eq!(refused.body["error_details"], details);
}

#[rstest]
#[case::nobody("", "start/cash")]
#[case::by_card(CARD_BONUS, "start/loyalty")]
#[tokio::test]
async fn a_basket_of_nothing_is_paid_and_books_nothing(#[case] card: &str, #[case] step: &str) {
    let kit = Kit::start().await;
    let held = kit.holds(CARD_BONUS);
    let idents: Vec<_> =
        (!card.is_empty()).then(|| json!({ "type": "card", "value": card })).into_iter().collect();
    let body = json!({
        "idents": idents,
        "basket": { "products": [line(1, None, 1, 100, 7), line(2, None, 1, -100, 7)] },
        "basket_info": { "sum": 0 },
    });
    let id = kit.post(TRANSACTIONS, &body).await.body["id"].as_str().unwrap().to_owned();
    assert_eq!(kit.step(&id, step).await.body["status"], "ok");
    assert_eq!(kit.holds(CARD_BONUS), held);
}
