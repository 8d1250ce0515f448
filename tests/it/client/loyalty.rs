//! Calls about cards and customers: where they go, what they take for an answer.

use kasse::wire::{DownReason, LockStatus, Outcome};
use serde_json::{Value, json};

use crate::client::server::{Server, answer, client};

const NUMBER: &str = "9276004429942845";

fn unknown<T>() -> Outcome<T> {
    Outcome::Unknown(DownReason::Unreadable)
}

#[tokio::test]
async fn codes_are_asked_after_as_the_documents_say() {
    let server = Server::granting(|request, _| {
        answer(200, &json!({"result": request.path.ends_with("checkCsc")}))
    });
    let client = client(&server);
    assert_eq!(client.check_csc(NUMBER, "4471").await, Outcome::Ok(true));
    assert_eq!(client.check_passcode(NUMBER, "0471").await, Outcome::Ok(false));
    let sent: Vec<(String, Value)> = server
        .seen()
        .iter()
        .skip(1)
        .map(|r| (format!("{} {}", r.method, r.path), r.json()))
        .collect();
    let base = "POST /api/v2/Loyalty/MerchantCards/me";
    assert_eq!(
        sent,
        [
            (format!("{base}/checkCsc"), json!({"cardnumber": NUMBER, "csc": "4471"})),
            // A number in the vendor's models.
            (format!("{base}/checkPasscode"), json!({"cardnumber": NUMBER, "pin": 471})),
        ]
    );
}

#[tokio::test]
async fn what_is_no_plain_yes_or_no_proves_nothing() {
    for body in
        [json!({}), json!({"result": null}), json!({"result": "true"}), json!({"result": 1})]
    {
        let server = Server::granting(move |_, _| answer(200, &body));
        assert_eq!(client(&server).check_csc(NUMBER, "4471").await, unknown());
    }
}

#[tokio::test]
async fn what_is_no_code_or_would_change_the_address_is_never_sent() {
    let server = Server::granting(|_, _| answer(200, &json!({"result": true})));
    let client = client(&server);
    let internal = Outcome::Down(DownReason::Internal);
    for code in ["", "447", "44711", "44a1", "-447", "٤٤٧١"] {
        assert_eq!(client.check_csc(NUMBER, code).await, internal, "{code}");
        assert_eq!(client.check_passcode(NUMBER, code).await, internal, "{code}");
    }
    assert_eq!(client.check_csc("9276 0044", "4471").await, internal);
    assert_eq!(client.card_lock("MCD_1/unlock").await, Outcome::Down(DownReason::Internal));
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn a_lock_is_read_with_its_reason() {
    let server = Server::granting(|_, _| {
        answer(200, &json!({"lock_status": "locked", "reason": "1", "note": "by\u{1b}[2J phone"}))
    });
    let Outcome::Ok(lock) = client(&server).card_lock("MCD_1").await else { panic!() };
    assert_eq!((lock.lock_status, lock.reason), (LockStatus::Locked, 1));
    assert!(!lock.note.contains('\u{1b}') && lock.note.contains("phone"), "{:?}", lock.note);
    assert_eq!(server.seen()[1].path, "/api/v2/Loyalty/MerchantCards/MCD_1/lock");

    let server = Server::granting(|_, _| answer(200, &json!({})));
    assert_eq!(client(&server).card_lock("MCD_1").await, unknown());
}

#[tokio::test]
async fn programmes_and_check_ins_are_listed() {
    let server = Server::granting(|request, _| {
        let data = if request.path.contains("Cardgroups") {
            json!([
                {"object": "loyalty.cardgroups", "id": "CRG_1", "display_name": "Gift\u{202e} card"},
                {"object": "loyalty.cardgroups", "id": "CRG_1/../x", "display_name": "Odd"},
            ])
        } else {
            json!([
                {"object": "smart.checkins", "id": "CKI_1", "customerName": "Anna",
                 "created": "2020-09-25T11:05:00+02:00", "picture": null,
                 "merchantcard": {"card": {"cardnumber": NUMBER}, "balance": 220}},
                {"object": "smart.checkins", "id": "CKI_2", "customerName": null},
            ])
        };
        answer(200, &json!({"count": 2, "data": data}))
    });
    let client = client(&server);
    let Outcome::Ok(groups) = client.card_groups().await else { panic!() };
    let groups: Vec<_> = groups.iter().map(|g| (g.id.as_str(), g.display_name.as_str())).collect();
    assert_eq!(groups, [("CRG_1", "Gift card")], "an id that is none cannot be chosen");
    let Outcome::Ok(check_ins) = client.check_ins().await else { panic!() };
    let names: Vec<_> =
        check_ins.iter().map(|c| (c.id.as_str(), c.customer_name.as_str())).collect();
    assert_eq!(names, [("CKI_1", "Anna"), ("CKI_2", "")]);
    assert_eq!(check_ins[0].merchantcard.as_ref().unwrap().balance.minor(), 220);
    let paths: Vec<_> = server.seen().iter().skip(1).map(|r| r.path.clone()).collect();
    assert_eq!(paths, ["/api/v2/Loyalty/Cardgroups?count=100", "/api/v2/Smart/Checkins?count=100"]);
}

#[tokio::test]
async fn no_list_is_no_entry_and_no_answer_is_no_list() {
    let not_found = json!({"status": "error", "error": "ProductNotFoundException"});
    for (status, body, empty) in [
        (200, json!({"count": 0, "data": []}), true),
        (200, json!({"count": 0, "data": null}), true),
        (404, not_found, true),
        (200, json!({}), false),
        (200, json!({"data": [1]}), false),
        (404, json!("no such page"), false),
    ] {
        let shown = body.to_string();
        let server = Server::granting(move |_, _| answer(status, &body));
        let outcome = client(&server).check_ins().await;
        assert_eq!(outcome == Outcome::Ok(Vec::new()), empty, "{shown}: {outcome:?}");
    }
}
