//! Bookings, holders, new cards and programmes over real HTTP.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use kasse::sandbox::{
    BonusProductFixture, CARD_BONUS, CARD_EMPTY, CARD_LOCKED, CARD_VOUCHER, Fixtures, GroupFixture,
    Options,
};
use rstest::rstest;
use serde_json::{Value, json};

use crate::sandbox::kit::{Answer, Kit, assert_refused, bakery, line, printed, sale};

const CARDS: &str = "/api/v2/Loyalty/MerchantCards";
const BOOKINGS: &str = "/api/v2/Loyalty/Transactions";
const CUSTOMERS: &str = "/api/v2/Loyalty/Customers";
const MERCHANT: &str = "MRC_35SZ3R5GGQQP4T0U2T5GFAN9P6C4PG";
const VOUCHER: &str = "MCD_2M8WTXPRM2YG99E2UMBHHAEWEGN6AD";
const EMPTY: &str = "MCD_2RXTNXPRM2YG9922UMBHHAEWEGN6AJ";
const GIFT: &str = "CRG_2BESGJNETJJRZVVYS8R7JWGVWK4PRZ";
const BONUS: &str = "CRG_2V6TQ8NHTJJRZB7YS8R7JWGVWK4PTN";

const FORMAT: &str = "ProductFormatException";
const MISSING: &str = "ProductNotFoundException";
const BACKEND: &str = "ProductBackendproviderException";

async fn book(kit: &Kit, target: &str, body: Value) -> Answer {
    kit.post(&format!("{CARDS}/me/transaction/{target}"), &body).await
}

/// A sandbox whose bonus programme was changed.
async fn with_programme(change: impl FnOnce(&mut GroupFixture)) -> Kit {
    let mut fixtures = Fixtures::default();
    change(&mut fixtures.groups[1]);
    Kit::with(Options { fixtures, ..Options::default() }).await
}

/// Pays the bakery's basket in cash, the card's balance applied or not; gives the receipt.
async fn buy(kit: &Kit, apply: bool) -> Vec<String> {
    let id = kit.create(&bakery(Some(CARD_BONUS))).await;
    if apply {
        assert_eq!(kit.step(&id, "preTransaction").await.status, 200);
    }
    let paid = kit.step(&id, "start/cash").await;
    assert_eq!(paid.status, 200, "{paid:?}");
    printed(&paid.body["receipt"])
}

fn after<'a>(receipt: &'a [String], caption: &str) -> Option<&'a str> {
    let at = receipt.iter().position(|line| line == caption)?;
    receipt.get(at + 1).map(String::as_str)
}

#[tokio::test]
async fn cards_are_charged_and_discharged_without_a_sale() {
    let kit = Kit::start().await;
    let charged = book(&kit, VOUCHER, json!({ "action": "charge", "amount": 20 })).await.body;
    assert_eq!((&charged["balance"], &charged["amount"]), (&json!(520), &json!(20)));
    assert!(charged["trans_id"].is_u64(), "{charged}");
    let receipt = printed(&charged["receipt"]);
    assert_eq!(receipt[0], "Kundenkarte Aufladung");
    assert_eq!(after(&receipt, "wurde aufgeladen:"), Some("0,20 EUR"));
    assert_eq!(after(&receipt, "Aktuelles Guthaben"), Some("5,20 EUR"));
    assert_eq!(printed(&charged["receipt_header"]), ["John's Bakery"]);

    let too_much = json!({ "action": "discharge", "amount": 600 });
    assert_refused(&book(&kit, VOUCHER, too_much.clone()).await, BACKEND, 1005);
    let mut split = too_much;
    split["amount_split_allowed"] = json!("1");
    let taken = book(&kit, VOUCHER, split).await.body;
    assert_eq!((&taken["balance"], &taken["amount"]), (&json!(0), &json!(520)));
    assert_eq!(after(&printed(&taken["receipt"]), "Zahlung über:"), Some("5,20 EUR"));

    let back = book(&kit, VOUCHER, json!({ "action": "cancel_last" })).await.body;
    assert_eq!((&back["balance"], &back["amount"]), (&json!(520), &json!(520)));
    assert_eq!(printed(&back["receipt"])[1], "STORNO");
    let again = book(&kit, VOUCHER, json!({ "action": "cancel_last" })).await;
    assert_refused(&again, BACKEND, 1007);
    assert_eq!(kit.holds(CARD_VOUCHER), (520, 0));
    assert_eq!(kit.ledger.bookings().len(), 3);
}

#[rstest]
#[case(json!({ "action": "pay", "amount": 1 }), FORMAT, 1001)]
#[case(json!({ "action": "immediate_bonus", "amount": 1 }), FORMAT, 1001)]
#[case(json!({ "amount": 1 }), FORMAT, 1001)]
#[case(json!({ "action": "charge" }), FORMAT, 1001)]
#[case(json!({ "action": "charge", "amount": 0 }), FORMAT, 1001)]
#[case(json!({ "action": "charge", "amount": -5 }), FORMAT, 1001)]
#[case(json!({ "action": "charge", "amount": 1.5 }), FORMAT, 1001)]
#[case(json!({ "action": "charge", "amount": i64::MAX }), FORMAT, 1001)]
#[case(json!({ "action": "sale_revenue", "amount": 5, "bonus_amount": 6 }), FORMAT, 1001)]
#[case(json!({ "action": "charge", "amount": 1, "amount_split_allowed": "perhaps" }), FORMAT, 1001)]
#[case(json!({ "action": "charge", "amount": 1, "cardnumber": CARD_LOCKED }), BACKEND, 1016)]
#[case(json!({ "action": "charge_points", "amount": 1 }), BACKEND, 1016)]
#[case(json!({ "action": "cancel_last" }), BACKEND, 1007)]
#[tokio::test]
async fn what_cannot_be_booked_changes_nothing(
    #[case] body: Value,
    #[case] error: &str,
    #[case] code: i64,
) {
    let kit = Kit::start().await;
    assert_refused(&book(&kit, VOUCHER, body).await, error, code);
    assert!(kit.ledger.bookings().is_empty());
    let other = json!({ "action": "charge", "amount": 1 });
    assert_refused(&book(&kit, "MCD_X", other.clone()).await, MISSING, 1001);
    let from = format!("{CARDS}/MCD_X/transaction/{VOUCHER}");
    assert_refused(&kit.post(&from, &other).await, MISSING, 1001);
}

#[tokio::test]
async fn a_sale_is_not_taken_back_from_behind() {
    let kit = Kit::start().await;
    buy(&kit, true).await;
    let body = json!({ "action": "cancel_last", "cardnumber": CARD_BONUS });
    assert_refused(&book(&kit, "me", body).await, BACKEND, 1007);
}

#[tokio::test]
async fn bookings_are_listed_with_what_took_them_back() {
    let kit = Kit::start().await;
    let mut body = bakery(Some(CARD_BONUS));
    body["transactionRef"] = json!("R1");
    let id = kit.create(&body).await;
    kit.step(&id, "preTransaction").await;
    let paid = kit.step(&id, "start/cash").await.body;
    let cancelled = kit.step(&id, "cancel").await.body;
    let charge = json!({ "action": "charge", "amount": 150, "terminal_id": "T1",
                         "additional_data": { "a": 1 } });
    book(&kit, VOUCHER, charge).await;

    let list = kit.get(BOOKINGS).await.body;
    assert_eq!(list["count"], 3);
    let [sold, back, charged] = [0, 1, 2].map(|at| list["data"][at].clone());
    assert_eq!(sold["id"], paid["transactions"][0]["id"]);
    assert_eq!(back["id"], cancelled["transactions"][1]["id"]);
    for (booking, facts) in [
        (
            &sold,
            json!({ "amount": 776, "balance": 78, "status": "cancelled",
                        "description": "Umsatz", "purpose": "R1", "tid": null }),
        ),
        (
            &back,
            json!({ "amount": 796, "balance": 220, "status": "ok",
                        "description": "Storno", "purpose": "R1" }),
        ),
        (
            &charged,
            json!({ "amount": 150, "balance": 650, "status": "ok", "tid": "T1",
                           "description": "Aufladung", "purpose": null, "currency": "EUR",
                           "additional_data": { "a": 1 } }),
        ),
    ] {
        for (name, fact) in facts.as_object().unwrap() {
            assert_eq!(booking[name], *fact, "{name} of {booking}");
        }
        let one = kit.get(&format!("{BOOKINGS}/{}", booking["id"].as_str().unwrap())).await;
        assert_eq!(one.body, *booking);
    }
    assert_eq!(sold["children"][0]["id"], back["id"]);
    assert_eq!(back["parents"][0]["id"], sold["id"]);
    assert_eq!((&sold["parents"], &back["children"]), (&json!([]), &json!([])));
    assert_eq!(charged["merchantcard"]["id"], VOUCHER);
    assert_eq!(charged["cardgroup"]["id"], GIFT);
    assert_eq!(printed(&charged["receipt"])[0], "Kundenkarte Aufladung");
    assert_eq!(printed(&back["receipt"])[1], "STORNO");
    let sought = kit
        .get(&format!("{BOOKINGS}?q=card.cardnumber:{CARD_BONUS}%20AND%20amount:[780%20TO%20*]"))
        .await
        .body;
    assert_eq!((&sought["count"], &sought["data"][0]["id"]), (&json!(1), &back["id"]));
    assert_refused(&kit.get(&format!("{BOOKINGS}/LTX_X")).await, MISSING, 1001);
}

#[tokio::test]
async fn what_a_card_holds_is_printed() {
    let kit = Kit::start().await;
    let path = format!("{CARDS}/me/getCardBalanceReceipt");
    let body = json!({ "cardnumber": CARD_BONUS, "terminal_id": "VT000124" });
    let answer = kit.post(&path, &body).await.body;
    for (name, value) in [
        ("valid", json!(true)),
        ("balance", json!(220)),
        ("cash_balance", json!(200)),
        ("bonus_balance", json!(20)),
        ("points", json!(0)),
        ("limit_allowed", json!(false)),
        ("limit", json!(0)),
        ("limit_str", json!("0,00 EUR")),
        ("amount_split_enabled", json!(true)),
        ("new_passcode", json!(false)),
    ] {
        assert_eq!(answer[name], value, "{name}");
    }
    let receipt = printed(&answer["receipt"]);
    assert_eq!(&receipt[..2], ["Kundenkarte", "Terminal-ID: VT000124"]);
    assert_eq!(receipt[3], format!("Kartennummer: {CARD_BONUS}"));
    assert_eq!(after(&receipt, "Aktuelles Guthaben"), Some("2,20 EUR"));
    let unknown = kit.post(&path, &json!({ "cardnumber": "9276000000000000" })).await.body;
    assert_eq!((&unknown["valid"], &unknown["receipt"]), (&json!(false), &json!([])));
}

#[tokio::test]
async fn a_holder_is_shown_on_its_cards_until_it_is_gone() {
    let kit = Kit::start().await;
    let contact = json!({ "forename": "John", "surname": "Test", "dob": "1901-02-03",
                          "address": { "street": "Example Street", "city": "Examplecity" } });
    let body = json!({ "merchant": MERCHANT, "merchant_contact": contact, "customernumber": "testnr",
                       "note": "n", "consent_for_communication": "declined", "age": "30" });
    let made = kit.post(CUSTOMERS, &body).await.body;
    assert_eq!(
        (&made["object"], &made["merchant"]["id"]),
        (&json!("loyalty.customers"), &json!(MERCHANT))
    );
    assert_eq!((&made["contact"], &made["merchant_contact"]), (&contact, &contact));
    let id = made["id"].as_str().unwrap();
    let path = format!("{CUSTOMERS}/{id}");
    assert_eq!(kit.get(&path).await.body, made);
    // As an SDK sends a list of conditions: the words alone.
    assert_eq!(kit.get(&format!("{CUSTOMERS}?q=testnr")).await.body["data"], json!([made]));

    let card = kit.post(&format!("{CARDS}/{EMPTY}/setCustomer/{id}"), &json!(null)).await.body;
    assert_eq!(card["customer"], made);
    let other = json!({ "merchant_contact": { "surname": "Meier" } });
    let registered = kit.post(&format!("{CARDS}/{VOUCHER}/registerCustomer"), &other).await.body;
    assert_eq!(registered["customer"]["contact"], json!({ "surname": "Meier" }));
    let without = kit.get(&format!("{CARDS}?q=!customer.object:loyalty.customers")).await.body;
    assert_eq!(without["count"], 5);
    let renamed = json!({ "note": "new", "merchant_contact": { "surname": "Other" } });
    let changed = kit.send("PUT", &path, Some(&renamed)).await.body;
    assert_eq!((&changed["note"], &changed["customernumber"]), (&json!("new"), &json!("testnr")));
    let sale = kit.read(&kit.create(&bakery(Some(CARD_EMPTY))).await).await;
    assert_eq!(sale["idents"][0]["merchantcard"]["customer"], changed);

    let nobody = kit.send("PUT", &path, Some(&json!({ "anonymize": true }))).await.body;
    assert_eq!((&nobody["contact"], &nobody["note"]), (&json!({}), &Value::Null));
    assert_eq!(kit.send("DELETE", &path, None).await.body, json!({ "result": true }));
    assert_refused(&kit.get(&path).await, MISSING, 1001);
    let left = kit.get(&format!("{CARDS}/{EMPTY}")).await.body;
    assert_eq!(left.get("customer"), None);
    for wrong in [
        json!({ "merchant": "MRC_X" }),
        json!({ "merchant_contact": "John" }),
        json!({ "merchant_contact": { "address": [] } }),
        json!({ "consent_for_communication": "perhaps" }),
        json!({ "note": "x".repeat(1001) }),
    ] {
        assert_refused(&kit.post(CUSTOMERS, &wrong).await, FORMAT, 1001);
    }
    assert_refused(&kit.send("DELETE", &path, None).await, MISSING, 1001);
}

#[tokio::test]
async fn a_card_is_changed_and_moved_to_another_programme() {
    let kit = Kit::start().await;
    let path = format!("{CARDS}/{VOUCHER}");
    let body = json!({ "expiry_date": "2031-12-31T00:00:00+01:00", "additional_data": { "a": 1 } });
    let changed = kit.send("PUT", &path, Some(&body)).await.body;
    assert_eq!(changed["expiry_date"], body["expiry_date"]);
    assert_eq!(changed["additional_data"], json!({ "a": 1 }));
    assert_eq!(kit.get(&path).await.body, changed);
    for wrong in [json!({ "expiry_date": "soon" }), json!({ "additional_data": [1] })] {
        assert_refused(&kit.send("PUT", &path, Some(&wrong)).await, FORMAT, 1001);
    }
    let moved = kit.send("PUT", &format!("{path}/cardgroup/{BONUS}"), None).await.body;
    assert_eq!((&moved["cardgroup"]["id"], &moved["balance"]), (&json!(BONUS), &json!(500)));
    let sale = sale(Some(CARD_VOUCHER), &[line(1, None, 1, 1000, 19)]);
    let id = kit.create(&sale).await;
    kit.step(&id, "start/cash").await;
    assert_eq!(kit.holds(CARD_VOUCHER), (500, 100), "it earns as its new programme does");
    for (card, group) in [(VOUCHER, "CRG_X"), ("MCD_X", BONUS)] {
        let refused = kit.send("PUT", &format!("{CARDS}/{card}/cardgroup/{group}"), None).await;
        assert_refused(&refused, "ProductInternalException", 1001);
    }
}

#[tokio::test]
async fn new_cards_come_with_their_codes_and_work() {
    let kit = Kit::start().await;
    let path = format!("{CARDS}/{MERCHANT}/createMerchantcards/{BONUS}");
    let body = json!({ "cards_amount": 3, "customer": { "merchant_contact": { "surname": "M" } } });
    let made = kit.post(&path, &body).await.body;
    assert_eq!(made.as_array().unwrap().len(), 3);
    for card in made.as_array().unwrap() {
        let number = card["card"]["cardnumber"].as_str().unwrap();
        assert!(number.len() == 16 && number.starts_with("9276"), "{number}");
        assert_eq!(card["customer"]["contact"]["surname"], "M");
        let csc = card["csc"].as_str().unwrap();
        assert!(csc.len() == 4 && csc.chars().all(|c| c.is_ascii_digit()));
        let check = json!({ "cardnumber": number, "csc": csc });
        let checked = kit.post(&format!("{CARDS}/me/checkCsc"), &check).await.body;
        assert_eq!(checked, json!({ "result": true }));
        let listed = kit.get(&format!("{CARDS}?q=card.cardnumber:{number}")).await.body;
        assert_eq!((&listed["count"], listed["data"][0].get("csc")), (&json!(1), None));
        let id = kit.create(&bakery(Some(number))).await;
        assert_eq!(kit.step(&id, "start/cash").await.body["status"], "ok");
        assert_eq!(kit.holds(number), (0, 80));
    }
    assert_eq!(kit.get(CUSTOMERS).await.body["count"], 1, "one holder for all");
    for wrong in [json!({ "cards_amount": 0 }), json!({ "cards_amount": 1001 })] {
        assert_refused(&kit.post(&path, &wrong).await, FORMAT, 1001);
    }
    let elsewhere = format!("{CARDS}/MRC_X/createMerchantcards/{BONUS}");
    assert_refused(&kit.post(&elsewhere, &body).await, MISSING, 1001);
}

#[tokio::test]
async fn a_web_terminal_learns_what_it_may_do() {
    let kit = with_programme(|group| group.points_per_euro = 1).await;
    let data = kit.get(&format!("{CARDS}/{VOUCHER}/virtualTerminalData/{MERCHANT}")).await.body;
    assert_eq!(data["store"]["name"], "John's Bakery");
    assert_eq!(data["actions"], json!(["charge", "discharge", "sale_revenue", "cancel_last"]));
    let other = kit.get(&format!("{CARDS}/{VOUCHER}/virtualTerminalData/MRC_X")).await.body;
    assert_eq!(other, json!({ "disabled": 1 }));
}

#[tokio::test]
async fn points_are_earned_spent_and_taken_back() {
    let kit = with_programme(|group| group.points_per_euro = 2).await;
    let receipt = buy(&kit, true).await;
    assert_eq!(after(&receipt, "Aktuelle Punkte:"), Some("14"), "2 for each of 7 full euros");
    assert_eq!(after(&receipt, "Bonus:"), Some("0,78 EUR"));
    let of = |action: &str, amount: i64| json!({ "action": action, "amount": amount, "cardnumber": CARD_BONUS });
    let spent = book(&kit, "me", of("discharge_points", 10)).await.body;
    assert_eq!((&spent["points"], &spent["balance"]), (&json!(4), &json!(78)));
    assert_eq!(after(&printed(&spent["receipt"]), "Aktuelle Punkte:"), Some("4"));
    assert_refused(&book(&kit, "me", of("discharge_points", 5)).await, BACKEND, 1005);
    let sale = kit.get("/api/v2/Smart/Transactions?q=status:ok").await.body;
    let id = sale["data"][0]["id"].as_str().unwrap();
    assert_refused(&kit.step(id, "cancel").await, BACKEND, 1007);
    book(&kit, "me", of("charge_points", 10)).await;
    assert_eq!(kit.step(id, "cancel").await.body["status"], "cancelled");
    assert_eq!(kit.holds(CARD_BONUS), (200, 20));
    let revenue = book(
        &kit,
        "me",
        json!({ "action": "sale_revenue", "amount": 1000,
        "bonus_amount": 500, "cardnumber": CARD_BONUS }),
    )
    .await
    .body;
    assert_eq!((&revenue["points"], &revenue["bonus_balance"]), (&json!(10), &json!(70)));
}

#[rstest]
#[case::as_it_is(&[], &[], false, "0,78 EUR")]
#[case::white_number(&["30037"], &[], false, "0,35 EUR")]
#[case::white_ean(&["4999012345678"], &[], false, "0,20 EUR")]
#[case::white_with_bonus(&["30037", "111000007"], &[], false, "0,33 EUR")]
#[case::black(&[], &["51"], false, "0,58 EUR")]
#[case::full_price(&[], &[], true, "0,80 EUR")]
#[tokio::test]
async fn lists_and_prices_decide_what_earns(
    #[case] white: &[&str],
    #[case] black: &[&str],
    #[case] full_price: bool,
    #[case] bonus: &str,
) {
    let owned = |list: &[&str]| list.iter().map(|entry| (*entry).to_owned()).collect();
    let (white_list, black_list) = (owned(white), owned(black));
    let kit = with_programme(|group| {
        (group.white_list, group.black_list, group.full_price) =
            (white_list, black_list, full_price);
    })
    .await;
    assert_eq!(after(&buy(&kit, true).await, "Bonus:"), Some(bonus));
}

#[tokio::test]
async fn a_charge_earns_where_the_programme_says_so() {
    for (charge_earns, bonus) in [(false, 0), (true, 150)] {
        let kit = with_programme(|group| group.charge_earns = charge_earns).await;
        let charge = sale(Some(CARD_BONUS), &[line(1, Some("4260447149502"), 1, 1500, 0)]);
        let id = kit.create(&charge).await;
        assert_eq!(kit.step(&id, "start/cash").await.status, 200);
        assert_eq!(kit.holds(CARD_BONUS), (1700, 20 + bonus));
    }
}

#[tokio::test]
async fn bonus_products_are_called_as_the_programme_calls_them() {
    let kit = with_programme(|group| {
        group.bonus_products = vec![BonusProductFixture {
            tax: 19,
            article_number: "R19".to_owned(),
            ean: "4999012345999".to_owned(),
            desc: "Rabatt".to_owned(),
        }];
    })
    .await;
    let id = kit.create(&bakery(Some(CARD_BONUS))).await;
    let applied = kit.step(&id, "preTransaction").await.body;
    assert_eq!(applied["bonus_products"][0]["articleNumber"], "111000007");
    let named = &applied["bonus_products"][1];
    assert_eq!(
        (&named["articleNumber"], &named["ean"], &named["desc"], &named["priceOne"]),
        (&json!("R19"), &json!("4999012345999"), &json!("Rabatt"), &json!(-5))
    );
    let basket = kit.read(&id).await["basket"]["products"].clone();
    assert_eq!((&basket[4]["ean"], &basket[4]["desc"]), (&named["ean"], &named["desc"]));
}
