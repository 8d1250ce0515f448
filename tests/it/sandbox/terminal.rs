//! The simulated payment terminal over real HTTP: what comes of a payment, and its other tasks.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::time::Duration;

use kasse::sandbox::{CARD_BONUS, CARD_VOUCHER, Options};
use serde_json::{Value, json};

use crate::sandbox::kit::{Kit, assert_refused, bakery, line, printed, sale};

const TRANSACTIONS: &str = "/api/v2/Smart/Transactions";
const NOT_ALLOWED: &str = "ProductNotAllowedException";
const NOT_FOUND: &str = "ProductNotFoundException";

/// A terminal that would take far longer than any test: only a stop ends it.
fn endless() -> Options {
    Options { terminal_latency: Duration::from_secs(3_600), ..Options::default() }
}

/// Waits until the terminal works on the sale: reading does not tell, an update is refused then.
async fn until_busy(kit: &Kit, id: &str) {
    while kit.send("PUT", &format!("{TRANSACTIONS}/{id}"), Some(&json!({}))).await.status == 200 {}
}

#[tokio::test]
async fn the_cents_of_the_missing_sum_choose_the_outcome() {
    let kit = Kit::start().await;
    for (price, status, words) in [
        (1_05, "failed", "Zahlung abgelehnt"),
        (1_06, "failed", "Abbruch durch Kunden"),
        (2_07, "failed", "Zeitüberschreitung"),
        (1_04, "ok", "Karte akzeptiert"),
        (1_08, "ok", "Karte akzeptiert"),
        (5_00, "ok", "Karte akzeptiert"),
    ] {
        let id = kit.create(&sale(None, &[line(1, None, 1, price, 7)])).await;
        let answer = kit.step(&id, "start/cashless").await;
        assert_eq!((answer.status, &answer.body["status"]), (200, &json!(status)), "{price}");
        for copy in ["receipt", "receipt_merchant"] {
            let slip = printed(&answer.body[copy]);
            assert!(slip.contains(&words.to_owned()), "{copy} {slip:?}");
        }
        assert_eq!(answer.body["payment_method"], "cashless");
        assert_eq!(kit.read(&id).await, answer.body);
    }
}

#[tokio::test]
async fn a_failed_payment_moves_no_money_and_ends_the_transaction() {
    let kit = Kit::start().await;
    // 7.25, of which the card pays 2.20: the terminal is asked for 5.05.
    let id = kit.create(&sale(Some(CARD_BONUS), &[line(1, None, 1, 725, 19)])).await;
    assert_eq!(kit.step(&id, "preTransaction").await.body["missing_sum"], 505);
    let failed = kit.step(&id, "start/cashless").await.body;
    assert_eq!(failed["status"], "failed");
    assert_eq!(failed["transactions"], json!([]));
    assert_eq!(failed["basket"]["products"].as_array().unwrap().len(), 1, "nothing is redeemed");
    assert_eq!(failed["receipt_number"], 1);
    assert_eq!(kit.holds(CARD_BONUS), (200, 20));
    assert_eq!(kit.ledger.loyalty_transactions(), 0);
    for step in ["start/cash", "preTransaction", "abort", "cancel"] {
        let refused = kit.step(&id, step).await;
        assert_eq!(refused.status, 409, "{step}");
        let details = refused.body["error_details"].as_str().unwrap();
        assert!(details.contains("status failed"), "{details}");
    }
    assert_refused(&kit.step("1", "canceltrx").await, NOT_ALLOWED, 1007);
}

#[tokio::test]
async fn an_abort_stops_the_terminal_and_the_start_answers_failed() {
    let kit = Kit::with(endless()).await;
    let id = kit.create(&bakery(Some(CARD_BONUS))).await;
    kit.step(&id, "preTransaction").await;
    let meddle = async {
        until_busy(&kit, &id).await;
        kit.step(&id, "abort").await
    };
    // The applied card is dropped by the first update of `until_busy`, or was not: both may be.
    let (start, abort) = tokio::join!(kit.step(&id, "start/cashless"), meddle);
    assert_eq!((start.status, &start.body["status"]), (200, &json!("failed")));
    assert_eq!(abort.body, start.body, "one truth for both callers");
    assert!(printed(&start.body["receipt"]).contains(&"Abbruch durch Kasse".to_owned()));
    assert_eq!(kit.holds(CARD_BONUS), (200, 20));
    assert_eq!(kit.ledger.loyalty_transactions(), 0);
    assert_eq!(kit.step(&id, "start/cash").await.status, 409);
}

#[tokio::test]
async fn a_receipt_number_takes_a_payment_back_until_the_end_of_day() {
    let kit = Kit::start().await;
    let mut paid = Vec::new();
    for _ in 0..3 {
        let id = kit.create(&bakery(Some(CARD_BONUS))).await;
        paid.push(kit.step(&id, "start/cashless").await.body);
    }
    assert_eq!(kit.holds(CARD_BONUS), (200, 20 + 3 * 80));
    let back = kit.step("2", "cancelTrx").await;
    assert_eq!((back.status, &back.body["status"]), (200, &json!("cancelled")));
    assert_eq!(back.body["id"], paid[1]["id"]);
    for same in ["receipt", "receipt_merchant", "receipt_number"] {
        assert_eq!(back.body[same], paid[1][same], "{same}");
    }
    assert_eq!(kit.holds(CARD_BONUS), (200, 20 + 2 * 80), "its bonus went back, too");
    assert_refused(&kit.step("2", "canceltrx").await, NOT_ALLOWED, 1007);
    for unknown in ["9", "STX_1", "-1"] {
        assert_refused(&kit.step(unknown, "canceltrx").await, NOT_FOUND, 1001);
    }

    let report = kit.step("me", "endOfDay").await;
    assert_eq!((report.status, &report.body["status"]), (200, &json!("ok")), "{report:?}");
    let lines = printed(&report.body["receipt"]);
    for expected in ["Kassenschnitt", "Zahlungen 2", "Stornos 1", "Gesamt EUR 15,92"] {
        assert!(lines.contains(&expected.to_owned()), "{lines:?}");
    }
    let id = paid[2]["id"].as_str().unwrap();
    for (of, way) in [("3", "canceltrx"), (id, "cancel")] {
        let late = kit.step(of, way).await;
        assert_refused(&late, NOT_ALLOWED, 1007);
        let details = &late.body["error_details"];
        assert_eq!(details, "The terminal has closed the day since this payment", "{way}");
    }
    assert_eq!(kit.read(id).await["status"], "ok");
    let lines = printed(&kit.step("me", "EndofDay").await.body["receipt"]);
    assert!(lines.contains(&"Zahlungen 0".to_owned()), "{lines:?}");
}

#[tokio::test]
async fn a_diagnosis_is_a_transaction_of_its_own() {
    let kit = Kit::start().await;
    let done = kit.step("me", "Diagnosis").await.body;
    assert_eq!((&done["status"], &done["transactions"]), (&json!("ok"), &json!([])));
    assert!(done["device_destination"]["id"].as_str().unwrap().starts_with("SDV_"));
    assert!(printed(&done["receipt"]).contains(&"Diagnose erfolgreich".to_owned()));
    let id = done["id"].as_str().unwrap();
    assert_eq!(kit.read(id).await, done);
    let terminal = done["device_destination"]["id"].as_str().unwrap();
    assert_eq!(kit.step(terminal, "diagnosis").await.status, 200);
    assert_refused(&kit.step("SDV_1", "diagnosis").await, NOT_FOUND, 1001);
    assert_eq!(kit.step(id, "cancel").await.status, 400, "there is nothing to give back");
}

#[tokio::test]
async fn demo_shows_every_kind_of_line_and_moves_no_money() {
    let kit = Kit::start().await;
    let id = kit.create(&bakery(Some(CARD_VOUCHER))).await;
    let done = kit.step(&id, "start/demo").await.body;
    assert_eq!((&done["status"], &done["transactions"]), (&json!("ok"), &json!([])));
    let kinds: std::collections::BTreeSet<&str> =
        done["receipt"].as_array().unwrap().iter().map(|l| l["type"].as_str().unwrap()).collect();
    assert_eq!(
        kinds.into_iter().collect::<Vec<_>>(),
        ["name-value", "separator", "space", "textline"]
    );
    let lines = printed(&done["receipt"]);
    assert_eq!(lines[..5], ["Heading 1", "Normal textline1", "Heading 2", "Normal textline21", ""]);
    assert_eq!(lines[lines.len() - 2..], ["Name1 Wert1", "Name2 Wert2"]);
    assert_eq!(kit.holds(CARD_VOUCHER), (500, 0));
    assert_eq!(kit.step(&id, "cancel").await.body["status"], "cancelled");
}

#[tokio::test]
async fn a_terminal_of_the_shop_tells_what_it_did() {
    let kit = Kit::start().await;
    let id = kit.create(&bakery(Some(CARD_BONUS))).await;
    let path = format!("{TRANSACTIONS}/{id}/start/cashless_direct");
    let whole = json!({ "tid": "72015255", "trace": 11, "cardtype": "girocard" });
    for field in ["tid", "trace", "cardtype"] {
        let mut body = whole.clone();
        body.as_object_mut().unwrap().shift_remove(field);
        let refused = kit.post(&path, &body).await;
        assert_refused(&refused, "ProductFormatException", 1001);
        assert_eq!(refused.body["error_details"], format!("{field}: missing"));
    }
    let mut other = whole.clone();
    other["cardtype"] = json!("library");
    assert_refused(&kit.post(&path, &other).await, "ProductFormatException", 1001);
    let paid = kit.post(&path, &whole).await.body;
    assert_eq!(
        (&paid["status"], &paid["payment_method"]),
        (&json!("ok"), &json!("cashless_direct"))
    );
    assert_eq!(paid["receipt_merchant"], Value::Null, "the shop's terminal printed it");
    assert_eq!(kit.holds(CARD_BONUS), (200, 100));
}

#[tokio::test]
async fn the_tasks_of_a_terminal_block_as_payments_do() {
    let kit = Kit::with(endless()).await;
    let before = kit.ledger.transactions().len();
    for task in ["diagnosis", "endOfDay"] {
        let answer = tokio::time::timeout(Duration::from_millis(50), kit.step("me", task)).await;
        assert!(answer.is_err(), "{task} answered at once");
    }
    // What can be refused is refused without waiting.
    assert_eq!(kit.step("SDV_1", "diagnosis").await.status, 404);
    assert_eq!(kit.step("1", "canceltrx").await.status, 404);
    assert_eq!(kit.ledger.transactions().len(), before);
}

#[tokio::test]
async fn a_card_spent_while_the_terminal_declines_stays_spent_once() {
    let kit = Kit::start().await;
    let id = kit.create(&sale(Some(CARD_VOUCHER), &[line(1, None, 1, 605, 19)])).await;
    assert_eq!(kit.step(&id, "preTransaction").await.body["missing_sum"], 105);
    let other = kit.create(&sale(Some(CARD_VOUCHER), &[line(1, None, 1, 500, 19)])).await;
    assert_eq!(kit.step(&other, "start/loyalty").await.body["status"], "ok");
    // The card no longer holds what was applied: the terminal is not even asked.
    assert_refused(&kit.step(&id, "start/cashless").await, "ProductBackendproviderException", 1005);
    assert_eq!(kit.read(&id).await["status"], "processing");
    assert_eq!(kit.holds(CARD_VOUCHER), (0, 0));
}
