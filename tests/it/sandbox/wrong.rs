//! Faults whose answers look definite and are wrong: refusals after the effect, answers of other
//! transactions, calls delivered twice, replicas that lag.

use std::collections::BTreeSet;

use kasse::sandbox::{CARD_BONUS, Fault, Faults, SEED_TOKEN};
use kasse::till::FAULTS;
use rstest::rstest;
use serde_json::json;

use crate::sandbox::faults::{assert_effect, assert_no_effect, faults, ready, start};
use crate::sandbox::kit::{Kit, bakery};

fn transaction(id: &str) -> String {
    format!("/api/v2/Smart/Transactions/{id}")
}

#[rstest]
#[case(400, "ProductFormatException")]
#[case(401, "ProductNotAllowedException")]
#[case(403, "ProductNotAllowedException")]
#[case(404, "ProductNotFoundException")]
#[case(409, "ProductNotAllowedException")]
#[case(429, "ProductNotAllowedException")]
#[case(418, "ProductFormatException")]
#[tokio::test]
async fn refused_after_takes_effect_and_refuses_with_the_api_s_error_body(
    #[case] status: u16,
    #[case] error: &str,
) {
    let (kit, id) = ready().await;
    kit.faults.set(faults(&[&format!("refused-after={status}@start#1")]));
    let answer = kit.step(&id, "start/cash").await;
    assert_eq!(answer.status, status);
    assert_eq!((&answer.body["status"], &answer.body["error"]), (&json!("error"), &json!(error)));
    assert_effect(&kit, &id).await;
}

#[rstest]
#[case("refused-after=404-bare@start#1", true)]
#[case("refused=404-bare@start#1", false)]
#[tokio::test]
async fn a_bare_refusal_is_a_gateway_s_page(#[case] fault: &str, #[case] effect: bool) {
    let (kit, id) = ready().await;
    kit.faults.set(faults(&[fault]));
    let request = kit.http.post(format!("{}{}", kit.url, start(&id))).bearer_auth(SEED_TOKEN);
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 404);
    assert!(response.headers().get("server").is_none(), "a gateway is no sandbox");
    assert!(response.text().await.unwrap().contains("<h1>404 Not Found</h1>"));
    if effect { assert_effect(&kit, &id).await } else { assert_no_effect(&kit, &id).await }
}

#[test]
fn the_trainer_s_menu_offers_every_fault_that_there_is() {
    let offered: BTreeSet<_> = faults(FAULTS).iter().map(Fault::name).collect();
    assert_eq!(offered, Faults::names().iter().copied().collect());
}

#[tokio::test]
async fn refused_refuses_without_effect() {
    let (kit, id) = ready().await;
    kit.faults.set(faults(&["refused=403@start#1"]));
    assert_eq!(kit.step(&id, "start/cash").await.status, 403);
    assert_no_effect(&kit, &id).await;
}

#[tokio::test]
async fn refused_after_hides_a_cancellation_too() {
    let (kit, id) = ready().await;
    kit.step(&id, "start/cash").await;
    kit.faults.set(faults(&["refused-after=409@cancel#1"]));
    assert_eq!(kit.step(&id, "cancel").await.status, 409);
    assert_eq!(kit.read(&id).await["status"], "cancelled");
}

#[rstest]
#[case("other-answer=id@start#1", "/id")]
#[case("other-answer=reference@start#1", "/transactionRef")]
#[case("other-answer=sum@start#1", "/basket_info/sum")]
#[case("other-answer=currency@start#1", "/basket_info/currency")]
#[tokio::test]
async fn an_answer_differs_in_one_field_and_the_call_takes_effect(
    #[case] fault: &str,
    #[case] field: &str,
) {
    let (kit, id) = ready().await;
    kit.faults.set(faults(&[fault]));
    let answer = kit.step(&id, "start/cash").await;
    assert_eq!((answer.status, &answer.body["status"]), (200, &json!("ok")));
    let right = kit.read(&id).await;
    for known in ["/id", "/transactionRef", "/basket_info/sum", "/basket_info/currency"] {
        let same = answer.body.pointer(known) == right.pointer(known);
        assert_eq!(same, known != field, "{known} of {}", answer.body);
    }
    assert_effect(&kit, &id).await;
}

#[tokio::test]
async fn the_whole_answer_is_that_of_the_newest_other_transaction() {
    let (kit, id) = ready().await;
    let other = kit.create(&bakery(None)).await;
    kit.faults.set(faults(&["other-answer@start#1"]));
    let answer = kit.step(&id, "start/cash").await;
    assert_eq!((answer.status, &answer.body["id"]), (200, &json!(other)));
    assert_eq!(answer.body["status"], "created", "of another sale, which is not paid");
    assert_effect(&kit, &id).await;
}

#[tokio::test]
async fn an_unsent_call_takes_no_effect_and_answers_with_another_s_payment() {
    let (kit, id) = ready().await;
    let paid = kit.create(&bakery(None)).await;
    kit.step(&paid, "start/cash").await;
    kit.create(&bakery(None)).await;
    kit.faults.set(faults(&["other-answer=unsent@start#1"]));
    let answer = kit.step(&id, "start/cash").await;
    assert_eq!((answer.status, &answer.body["id"]), (200, &json!(paid)));
    assert_eq!(answer.body["status"], "ok", "of another sale: ours is not paid");
    assert_no_effect(&kit, &id).await;
}

#[tokio::test]
async fn applying_a_card_answers_another_remainder() {
    let kit = Kit::start().await;
    let id = kit.create(&bakery(Some(CARD_BONUS))).await;
    kit.faults.set(faults(&["other-answer=sum@pre_transaction#1"]));
    let wrong = kit.step(&id, "preTransaction").await.body["missing_sum"].as_i64().unwrap();
    let right = kit.step(&id, "preTransaction").await.body["missing_sum"].as_i64().unwrap();
    assert_eq!(wrong, right + 100);
}

#[tokio::test]
async fn another_answer_leaves_refusals_as_they_are() {
    let (kit, id) = ready().await;
    kit.step(&id, "start/cash").await;
    kit.faults.set(faults(&["other-answer@start#1"]));
    let answer = kit.step(&id, "start/cash").await;
    assert_eq!((answer.status, &answer.body["status"]), (409, &json!("error")));
}

#[tokio::test]
async fn a_start_delivered_twice_takes_effect_once_and_answers_already_paid() {
    let (kit, id) = ready().await;
    kit.faults.set(faults(&["duplicate@start#1"]));
    let answer = kit.step(&id, "start/cash").await;
    assert_eq!(answer.status, 409);
    assert_eq!(answer.body["error_user"], "Der Vorgang wurde bereits bezahlt");
    assert_effect(&kit, &id).await;
}

#[tokio::test]
async fn a_create_delivered_twice_leaves_two_transactions_of_one_reference() {
    let kit = Kit::start().await;
    kit.faults.set(faults(&["duplicate@create#1"]));
    let mut body = bakery(None);
    body["transactionRef"] = json!("twice");
    let id = kit.create(&body).await;
    let same: Vec<_> = kit.ledger.transactions();
    let same = same.iter().filter(|t| t.transaction_ref.as_deref() == Some("twice"));
    let ids: Vec<_> = same.map(|t| t.id.clone()).collect();
    assert_eq!((ids.len(), &ids[1]), (2, &id), "the second is told");
}

#[tokio::test]
async fn a_lagging_replica_knows_no_young_transaction_and_lists_none() {
    let kit = Kit::start().await;
    let mut body = bakery(None);
    body["transactionRef"] = json!("young");
    let id = kit.create(&body).await;
    let list = "/api/v2/Smart/Transactions?q=transactionRef:young";
    kit.faults.set(faults(&["lag=60000"]));
    for (method, path) in
        [("GET", transaction(&id)), ("POST", format!("{}/abort", transaction(&id)))]
    {
        assert_eq!(kit.send(method, &path, None).await.status, 404, "{path}");
    }
    let listed = kit.get(list).await.body;
    assert_eq!((&listed["count"], &listed["data"]), (&json!(0), &json!([])));
    let old = kit.get(&transaction(kasse::sandbox::SEED_TRANSACTION)).await;
    assert_eq!(old.status, 200, "an old one is known");

    kit.faults.set(faults(&[]));
    assert_eq!(kit.read(&id).await["status"], "created", "the abort did nothing");
    assert_eq!(kit.get(list).await.body["data"][0]["id"], json!(id));
}
