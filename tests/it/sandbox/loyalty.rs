//! Cards apart from sales over real HTTP: checks, codes, locks, holders, direct bookings.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use kasse::sandbox::{
    CARD_BONUS, CARD_DORMANT, CARD_EMPTY, CARD_LOCKED, CARD_VOUCHER, CSC, Options, PASSCODE,
};
use serde_json::{Value, json};

use crate::sandbox::kit::{Answer, Kit, assert_refused, bakery};

const CARDS: &str = "/api/v2/Loyalty/MerchantCards";
const MERCHANT: &str = "MRC_35SZ3R5GGQQP4T0U2T5GFAN9P6C4PG";
const VOUCHER: &str = "MCD_2M8WTXPRM2YG99E2UMBHHAEWEGN6AD";
const DORMANT: &str = "MCD_W5ZVSRG8U2MN358FD2MRDCMPYM06AU";
const GIFT: &str = "CRG_2BESGJNETJJRZVVYS8R7JWGVWK4PRZ";

const FORMAT: &str = "ProductFormatException";
const MISSING: &str = "ProductNotFoundException";
const BACKEND: &str = "ProductBackendproviderException";

async fn card(kit: &Kit, id: &str, step: &str, body: &Value) -> Answer {
    kit.post(&format!("{CARDS}/{id}/{step}"), body).await
}

async fn result(kit: &Kit, id: &str, step: &str, body: &Value) -> bool {
    let answer = card(kit, id, step, body).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body["result"].as_bool().unwrap()
}

#[tokio::test]
async fn a_number_is_validated_before_it_is_used() {
    let kit = Kit::start().await;
    let locked = json!({ "isValid": true, "hasPasscode": false, "isLocked": true });
    let invalid = json!({ "isValid": false });
    for (id, body, answer) in [
        ("MRC", json!({ "cardnumber": CARD_LOCKED, "merchant": MERCHANT }), &locked),
        ("me", json!({ "cardnumber": CARD_LOCKED }), &locked),
        (MERCHANT, json!({ "cardnumber": "9276000000000000" }), &invalid),
        ("me", json!({ "cardnumber": CARD_LOCKED, "merchant": "MRC_X" }), &invalid),
        (VOUCHER, json!({ "cardnumber": CARD_LOCKED }), &invalid),
    ] {
        let validated = card(&kit, id, "validateMerchantcard", &body).await;
        assert_eq!(validated.body, *answer, "{id} {body}");
    }
    let asking = card(&kit, DORMANT, "VALIDATEMERCHANTCARD", &json!({})).await.body;
    assert_eq!(asking, json!({ "isValid": true, "hasPasscode": true, "isLocked": false }));
    for (id, body, error) in [
        ("me", json!({}), FORMAT),
        ("me", json!({ "cardnumber": [] }), FORMAT),
        ("me", json!([1]), FORMAT),
        ("MRC_OTHER", json!({ "cardnumber": CARD_LOCKED }), MISSING),
        ("MCD_OTHER", json!({ "cardnumber": CARD_LOCKED }), MISSING),
    ] {
        assert_refused(&card(&kit, id, "validateMerchantcard", &body).await, error, 1001);
    }
}

#[tokio::test]
async fn the_code_on_the_back_is_checked_and_shown_nowhere() {
    let kit = Kit::start().await;
    for (id, number, csc, right) in [
        ("me", CARD_EMPTY, json!(CSC), true),
        ("me", CARD_EMPTY, json!(4471), true),
        ("me", CARD_EMPTY, json!("4472"), false),
        (VOUCHER, CARD_VOUCHER, json!(CSC), true),
        (VOUCHER, CARD_EMPTY, json!(CSC), false),
        ("me", "9276000000000000", json!(CSC), false),
    ] {
        let body = json!({ "cardnumber": number, "csc": csc });
        assert_eq!(result(&kit, id, "checkCsc", &body).await, right, "{id} {body}");
    }
    assert_refused(&card(&kit, VOUCHER, "checkCsc", &json!({})).await, FORMAT, 1001);
    for list in ["MerchantCards", "Cards", "Cardgroups"] {
        let all = kit.get(&format!("/api/v2/Loyalty/{list}")).await.body.to_string();
        assert!(!all.contains("csc") && !all.contains(CSC), "{list}");
        let sought = kit.get(&format!("/api/v2/Loyalty/{list}?q={CSC}")).await.body;
        assert_eq!(sought["count"], 0, "{list}");
    }
    for request in kit.requests.all() {
        assert!(!request.body.contains(CSC), "{request:?}");
    }
    let logged = kit.requests.all();
    assert!(logged[0].body.contains(r#""csc":"***""#), "{}", logged[0].body);
}

#[tokio::test]
async fn a_passcode_is_chosen_once_and_taken_away_by_who_knows_it() {
    let kit = Kit::start().await;
    let with = |name: &str, code: i64| json!({ "cardnumber": CARD_VOUCHER, name: code });
    let check = with("pin", 4321);
    assert!(!result(&kit, "me", "checkPasscode", &check).await);
    assert!(result(&kit, "me", "newPasscode", &with("passcode", 4321)).await);
    assert!(!result(&kit, "me", "newPasscode", &with("passcode", 1111)).await, "there is one");
    assert!(result(&kit, "me", "checkPasscode", &check).await);
    assert!(!result(&kit, "me", "checkPasscode", &with("pin", 1111)).await);
    assert!(!result(&kit, "me", "resetPasscode", &with("passcode", 1111)).await);
    assert!(result(&kit, "me", "resetPasscode", &with("passcode", 4321)).await);
    assert!(!result(&kit, "me", "checkPasscode", &check).await);
    let fixture = json!({ "cardnumber": CARD_DORMANT, "pin": PASSCODE.to_string() });
    assert!(result(&kit, DORMANT, "checkPasscode", &fixture).await);
    for wrong in [json!(-1), json!(1_000_000), json!("abc"), Value::Null] {
        let body = json!({ "cardnumber": CARD_VOUCHER, "passcode": wrong });
        assert_refused(&card(&kit, "me", "newPasscode", &body).await, FORMAT, 1001);
    }
    let logged = kit.requests.all();
    assert!(logged.iter().all(|request| !request.body.contains("4321")));
}

#[tokio::test]
async fn programmes_are_listed_and_say_when_they_ask_for_a_passcode() {
    let kit = Kit::start().await;
    let list = kit.get("/api/v2/Loyalty/Cardgroups").await.body;
    assert_eq!(list["count"], 2);
    let one = kit.get(&format!("/api/v2/Loyalty/Cardgroups/{GIFT}")).await.body;
    assert_eq!(one, list["data"][0]);
    assert_eq!(one["merchant"]["id"], MERCHANT);
    assert_eq!(
        (&one["display_name"], &one["stock_warn_limit"]),
        (&json!("Geschenkgutschein"), &json!(0))
    );
    assert_refused(&kit.get("/api/v2/Loyalty/Cardgroups/CRG_X").await, MISSING, 1001);
    let path = format!("/api/v2/Loyalty/Cardgroups/{GIFT}/checkPasscodeEnabled");
    for (body, asked) in [
        (json!(null), false),
        (json!({ "action": "charge", "cardnumber": CARD_DORMANT }), true),
        (json!({ "action": "cashreport", "cardnumber": CARD_DORMANT }), true),
        (json!({ "action": "charge", "cardnumber": CARD_EMPTY }), false),
    ] {
        let answer = kit.post(&path, &body).await;
        assert_eq!(answer.body, json!({ "result": asked }), "{body}");
    }
    assert_refused(&kit.post(&path, &json!({ "action": "pay" })).await, FORMAT, 1001);
    let other = json!({ "action": "charge", "cardnumber": CARD_BONUS });
    assert_refused(&kit.post(&path, &other).await, BACKEND, 1016);
}

#[tokio::test]
async fn a_locked_card_pays_nothing_until_it_is_unlocked() {
    let kit = Kit::start().await;
    let reasons = kit.get(&format!("{CARDS}/me/lockReasons")).await.body;
    assert_eq!(
        reasons.as_array().unwrap().iter().map(|reason| &reason["id"]).collect::<Vec<_>>(),
        [1, 2, 3, 6, 8]
    );
    let lock = format!("{CARDS}/{VOUCHER}/lock");
    let unlocked = json!({ "lock_status": "unlocked", "reason": null, "note": null });
    assert_eq!(kit.get(&lock).await.body, unlocked);
    let body = json!({ "reason": 3, "note": "Some note." });
    let wrong = json!({ "reason": 3, "csc": "0000" });
    assert_refused(&kit.post(&lock, &wrong).await, BACKEND, 1016);
    let locked = kit.post(&lock, &body).await.body;
    assert_eq!((&locked["id"], &locked["lock_status"]), (&json!(VOUCHER), &json!("locked")));
    let status = json!({ "lock_status": "locked", "reason": 3, "note": "Some note." });
    assert_eq!(kit.get(&lock).await.body, status);

    let id = kit.create(&bakery(Some(CARD_VOUCHER))).await;
    assert_refused(&kit.step(&id, "preTransaction").await, BACKEND, 1016);
    let open = card(&kit, VOUCHER, "unlock", &json!({ "csc": CSC })).await.body;
    assert_eq!(open["lock_status"], "unlocked");
    assert_eq!(kit.get(&lock).await.body, unlocked);
    assert_eq!(kit.step(&id, "preTransaction").await.body["missing_sum"], 296);
    for wrong in [json!({}), json!({ "reason": 4 }), json!({ "reason": "1" })] {
        assert_refused(&kit.post(&lock, &wrong).await, FORMAT, 1001);
    }
    let unknown = format!("{CARDS}/MCD_X/lock");
    assert_refused(&kit.get(&unknown).await, MISSING, 1001);
}

#[tokio::test]
async fn cards_are_read_one_by_one_as_they_are_listed() {
    let kit = Kit::start().await;
    for resource in ["MerchantCards", "Cards", "Cardgroups"] {
        let list = kit.get(&format!("/api/v2/Loyalty/{resource}")).await.body;
        let all = list["data"].as_array().unwrap();
        assert!(!all.is_empty());
        for listed in all {
            let id = listed["id"].as_str().unwrap();
            let read = kit.get(&format!("/api/v2/Loyalty/{resource}/{id}?expand=all")).await;
            assert_eq!(read.body, *listed);
        }
    }
    let number = kit.get(&format!("/api/v2/Loyalty/Cards?q=cardnumber:{CARD_EMPTY}")).await.body;
    assert_eq!(number["data"][0]["cardnumber"], CARD_EMPTY);
}

#[tokio::test]
async fn a_card_belongs_to_one_person_who_knows_its_code() {
    let folder = tempfile::tempdir().unwrap();
    let options =
        || Options { state: Some(folder.path().join("sandbox.jsonl")), ..Options::default() };
    let kit = Kit::with(options()).await;
    let plastic = kit.get(&format!("{CARDS}/{VOUCHER}")).await.body["card"]["id"].clone();
    let path = format!("/api/v2/Loyalty/Cards/{}/assignUser", plastic.as_str().unwrap());
    let (me, other) = (format!("{path}/me"), format!("{path}/ACC_1"));
    let pin = json!({ "pin": CSC });
    assert_refused(&kit.post(&me, &json!({ "pin": "0000" })).await, BACKEND, 1016);
    assert_refused(&kit.post(&me, &json!({})).await, FORMAT, 1001);
    assert_refused(&kit.post(&me.replace("CRD_", "CRD_X"), &pin).await, MISSING, 1001);
    assert_eq!(kit.post(&me, &pin).await.body, json!({ "result": true }));
    kit.stop().await.unwrap();

    let kit = Kit::with(options()).await;
    for path in [&me, &other] {
        assert_refused(&kit.post(path, &pin).await, "ProductDuplicateException", 1001);
    }
    assert_refused(&kit.send("DELETE", &other, None).await, MISSING, 1001);
    assert_eq!(kit.send("DELETE", &me, None).await.body, json!({ "result": true }));
    assert_refused(&kit.send("DELETE", &me, None).await, MISSING, 1001);
    assert_eq!(kit.post(&other, &pin).await.body, json!({ "result": true }));
}
