//! List calls over real HTTP: search, order, pages, fields and scrolling (`wire::api::lists`).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use jiff::Timestamp;
use kasse::sandbox::{
    CARD_BONUS, CARD_DORMANT, CARD_INACTIVE, CARD_LOCKED, CARD_RICH, CARD_VOUCHER, Clock, Options,
};
use rstest::rstest;
use serde_json::{Value, json};

use crate::sandbox::kit::{Answer, Kit, assert_refused, line, sale};

const SALES: &str = "/api/v2/Smart/Transactions";
const CARDS: &str = "/api/v2/Loyalty/MerchantCards";
const FORMAT: &str = "ProductFormatException";

/// `GET` with these parameters, encoded as clients do it.
async fn list(kit: &Kit, path: &str, parameters: &[(&str, &str)]) -> Answer {
    let mut url = reqwest::Url::parse(&kit.url).unwrap();
    url.query_pairs_mut().extend_pairs(parameters);
    kit.get(&format!("{path}?{}", url.query().unwrap())).await
}

fn each<'a>(answer: &'a Answer, pointer: &str) -> Vec<&'a Value> {
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one.pointer(pointer).unwrap())
        .collect()
}

/// Ten sales of 100, 200, … with references `ref-0` …; the even ones are paid in cash.
async fn sold() -> Kit {
    let kit = Kit::start().await;
    for number in 0..10 {
        let mut body = sale(Some(CARD_VOUCHER), &[line(1, None, 1, 100 * (number + 1), 19)]);
        body["transactionRef"] = json!(format!("ref-{number}"));
        body["merchantRef"] = json!(if number < 5 { "Meier & Sohn" } else { "Schulze" });
        let id = kit.create(&body).await;
        if number % 2 == 0 {
            assert_eq!(kit.step(&id, "start/cash").await.status, 200);
        }
    }
    kit
}

#[rstest]
#[case("transactionRef:ref-3", &["ref-3"])]
#[case("TRANSACTIONREF:\"REF-3\"", &["ref-3"])]
#[case("transactionRef:ref-3 AND status:ok", &[])]
#[case("transactionRef:ref-3 OR transactionRef:ref-5", &["ref-3", "ref-5"])]
#[case("status:ok AND merchantRef:Meier*", &["ref-0", "ref-2", "ref-4"])]
#[case("(NOT merchantRef:meier*) AND basket_info.sum:[600 TO 700]", &["ref-5", "ref-6"])]
#[case("basket.products.priceOne:>=900 AND !status:ok", &["ref-9"])]
#[case("basket_info.sum:{600 TO 900} AND transactionRef:*", &["ref-6", "ref-7"])]
#[case("transactionRef:ref-? AND basket_info.sum:<200", &["ref-0"])]
#[case("\"Meier & Sohn\" AND status:created", &["ref-1", "ref-3"])]
#[case("receipt.value.text:\"2,00 EUR\"", &[])]
#[case("idents.merchantcard.card.cardnumber:9276004423382427 AND status:created AND basket_info.sum:[* TO 400]", &["ref-1", "ref-3"])]
#[tokio::test]
async fn sales_are_found_by_any_property(#[case] q: &str, #[case] references: &[&str]) {
    let kit = sold().await;
    let found = list(&kit, SALES, &[("q", q)]).await;
    assert_eq!(each(&found, "/transactionRef"), references, "{q}");
    assert_eq!(found.body["count"], references.len());
}

#[tokio::test]
async fn a_reference_that_was_changed_is_found_by_the_new_one_only() {
    let kit = sold().await;
    let one = list(&kit, SALES, &[("q", "transactionRef:ref-1")]).await;
    let id = one.body["data"][0]["id"].as_str().unwrap();
    let put = json!({ "transactionRef": "Ref-New" });
    assert_eq!(kit.send("PUT", &format!("{SALES}/{id}"), Some(&put)).await.status, 200);
    for (reference, count) in [("ref-1", 0), ("ref-new", 1), ("ref-2", 1)] {
        let q = format!("transactionRef:{reference}");
        assert_eq!(list(&kit, SALES, &[("q", &q)]).await.body["count"], count, "{reference}");
    }
    let by_id = list(&kit, SALES, &[("q", &format!("id:{id}"))]).await;
    assert_eq!(each(&by_id, "/transactionRef"), ["Ref-New"]);
}

#[tokio::test]
async fn an_index_changes_no_answer() {
    let kit = sold().await;
    let one = list(&kit, SALES, &[("q", "transactionRef:ref-1")]).await;
    let id = one.body["data"][0]["id"].as_str().unwrap();
    for (path, q) in [
        (SALES, "transactionRef:REF-1".to_owned()),
        (SALES, "transactionRef:ref-1 AND status:ok".to_owned()),
        (SALES, "transactionRef:ref-1 AND transactionRef:ref-2".to_owned()),
        (SALES, "transactionRef:\"ref-\"".to_owned()),
        (SALES, format!("id:{id}")),
        (SALES, format!("id:{}", id.to_lowercase())),
        (CARDS, format!("card.cardnumber:{CARD_BONUS}")),
        (CARDS, format!("card.cardnumber:{CARD_BONUS} AND points:1")),
        (CARDS, "card.cardnumber:927600442".to_owned()),
    ] {
        // Twice denied is the same question, and none that an index could be asked.
        let scanned = list(&kit, path, &[("q", &format!("NOT NOT ({q})"))]).await;
        assert_eq!(list(&kit, path, &[("q", &q)]).await.body, scanned.body, "{q}");
    }
}

#[tokio::test]
async fn pages_have_an_order_and_tell_the_total() {
    let kit = sold().await;
    let page = list(
        &kit,
        SALES,
        &[
            ("q", "transactionRef:ref-*"),
            ("sort", "status:asc,basket_info.sum:desc"),
            ("count", "3"),
            ("offset", "4"),
            ("fields", "transactionRef,basket_info.sum,nothing"),
            ("expand", "all"),
            ("preset", "x"),
        ],
    )
    .await;
    assert_eq!(
        page.body,
        json!({ "count": 10, "data": [
            { "transactionRef": "ref-1", "basket_info": { "sum": 200 } },
            { "transactionRef": "ref-8", "basket_info": { "sum": 900 } },
            { "transactionRef": "ref-6", "basket_info": { "sum": 700 } },
        ] })
    );
    let last = list(&kit, SALES, &[("offset", "9")]).await;
    assert_eq!((last.body["count"].as_u64(), each(&last, "/id").len()), (Some(11), 2));
    let none = list(&kit, SALES, &[("count", "0")]).await;
    assert_eq!(none.body, json!({ "count": 11, "data": [] }));
}

#[tokio::test]
async fn a_scroll_goes_on_over_what_was_found_until_it_expires() {
    let (clock, hand) = Clock::manual(Timestamp::UNIX_EPOCH);
    let kit = Kit::with(Options { clock, ..Options::default() }).await;
    for number in 0..5 {
        kit.create(&sale(None, &[line(1, None, 1, 100 + number, 19)])).await;
    }
    let parameters = [
        ("scroll_expire", "5m"),
        ("count", "2"),
        ("q", "is_demo:true"),
        ("sort", "basket_info.sum:asc"),
        ("fields", "basket_info.sum"),
    ];
    let first = list(&kit, SALES, &parameters).await;
    assert_eq!(
        (first.body["count"].as_u64(), each(&first, "/basket_info/sum")),
        (Some(6), vec![&json!(100), &json!(101)])
    );
    let id = first.body["scroll_id"].as_str().unwrap().to_owned();
    kit.create(&sale(None, &[line(1, None, 1, 1, 19)])).await;
    let second = list(&kit, SALES, &[("scroll_id", &id)]).await;
    assert_eq!(second.body["count"], 6, "what came later is not in it");
    assert_eq!(each(&second, "/basket_info/sum"), [102, 103]);
    assert_refused(
        &list(&kit, CARDS, &[("scroll_id", &id)]).await,
        "ProductNotFoundException",
        1001,
    );
    hand.advance(299);
    let third = list(&kit, SALES, &[("scroll_id", &id)]).await;
    assert_eq!(each(&third, "/basket_info/sum"), [104, 796]);
    hand.advance(299);
    let after = list(&kit, SALES, &[("scroll_id", &id)]).await;
    assert_eq!((after.body["count"].as_u64(), each(&after, "/id").len()), (Some(6), 0));
    hand.advance(300);
    assert_refused(
        &list(&kit, SALES, &[("scroll_id", &id)]).await,
        "ProductNotFoundException",
        1001,
    );
}

#[tokio::test]
async fn what_is_beyond_ten_thousand_needs_a_scroll() {
    let kit = Kit::start().await;
    for parameters in [
        &[("count", "10001")][..],
        &[("count", "1"), ("offset", "10000")],
        &[("offset", "10001")],
        &[("count", "-1")],
        &[("count", "many")],
    ] {
        assert_refused(&list(&kit, SALES, parameters).await, FORMAT, 1001);
    }
}

#[tokio::test]
async fn a_query_that_cannot_be_read_is_refused_with_its_position() {
    let kit = Kit::start().await;
    // As deep as a path that is not too long can be.
    let deep = format!("{}a:1", "(".repeat(2_500));
    for (q, details) in [
        ("status:ok AND", "q: expected a condition at position 14"),
        ("(status:ok", "q: expected ) at position 11"),
        ("status:[1 2]", "q: expected TO at position 11"),
        (deep.as_str(), "q: nested too deeply at position 65"),
    ] {
        let refused = list(&kit, CARDS, &[("q", q)]).await;
        assert_refused(&refused, FORMAT, 1001);
        assert_eq!(refused.body["error_details"], details);
        let checked = list(&kit, CARDS, &[("q", q), ("validate", "1")]).await;
        assert_eq!(checked.body, json!({ "result": false }));
    }
    let fine = list(&kit, CARDS, &[("q", "status:ok"), ("validate", "1")]).await;
    assert_eq!(fine.body, json!({ "result": true }));
    assert_refused(&list(&kit, CARDS, &[("sort", "id:up")]).await, FORMAT, 1001);
}

#[rstest]
#[case("card.cardnumber:9276004428481652", &[CARD_DORMANT])]
#[case("card.cardnumber:9276004428481652 AND points:1", &[])]
#[case("lock_status:locked", &[CARD_LOCKED])]
#[case("NOT stock_status:active", &[CARD_INACTIVE, CARD_DORMANT])]
#[case("balance:[352 TO 500]", &[CARD_VOUCHER, CARD_DORMANT])]
#[case("cardgroup.display_name:bonus*", &[CARD_BONUS])]
#[case("last_charge:[2020-09-01 TO 2020-09-16]", &[CARD_BONUS, CARD_RICH])]
#[case("last_usage:*", &[CARD_DORMANT])]
#[case("card.cardnumber:92760044*52 AND balance:>1000", &[CARD_LOCKED])]
#[tokio::test]
async fn cards_are_found_by_any_property(#[case] q: &str, #[case] numbers: &[&str]) {
    let kit = Kit::start().await;
    let found = list(&kit, CARDS, &[("q", q)]).await;
    let mut expected: Vec<&str> = numbers.to_vec();
    expected.sort_unstable();
    assert_eq!(each(&found, "/card/cardnumber"), expected, "{q}");
}
