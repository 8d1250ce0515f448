//! Lists of transactions and the jobs of the terminal, as they stand on the wire.

use kasse::wire::{DownReason, Outcome, Status, TerminalJob};
use serde_json::{Value, json};

use crate::client::server::{Reply, Server, answer, client, transaction};

/// The parameters of a request's query, decoded.
fn query(path: &str) -> Vec<(String, String)> {
    serde_urlencoded::from_str(path.split_once('?').unwrap().1).unwrap()
}

fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

#[tokio::test]
async fn a_list_is_asked_for_by_page_newest_first_and_searched() {
    let page = json!({"count": 4711, "data": [transaction("STX_1", "ok"), transaction("STX_2", "failed")]});
    let server = Server::granting(move |_, _| answer(200, &page));
    let client = client(&server);
    for (typed, offset, q) in [
        ("", 0, None),
        (
            "shop 2",
            25,
            Some(
                "(transactionRef:*shop* OR merchantRef:*shop*) AND \
             (transactionRef:*2* OR merchantRef:*2* OR receipt_number:2)",
            ),
        ),
        (r#"a"&b=c"#, 0, Some(r#"(transactionRef:"a\"&b=c" OR merchantRef:"a\"&b=c")"#)),
    ] {
        let Outcome::Ok(page) = client.list(typed, offset).await else { panic!() };
        assert_eq!((page.total, page.taken, page.rows.len()), (4_711, 2, 2));
        assert_eq!(page.rows[1].status, Status::Failed);
        let request = server.seen().pop().unwrap();
        assert_eq!(request.method, "GET");
        assert!(request.path.starts_with("/api/v2/Smart/Transactions?"), "{}", request.path);
        let mut expected = vec![
            pair("count", "25"),
            pair("offset", &offset.to_string()),
            pair("sort", "created:desc"),
        ];
        expected.extend(q.map(|q| pair("q", q)));
        assert_eq!(query(&request.path), expected);
    }
}

#[tokio::test]
async fn odd_rows_are_left_out_and_counted_and_texts_are_cleaned() {
    let mut odd = transaction("STX_3", "ok");
    odd["transactionRef"] = json!("a\u{1b}[2Jb\u{202e}");
    let data = json!([transaction("STX_1", "ok"), {"id": "STX_2"}, 7, {"id": "../x", "status": "ok"},
        transaction("STX_4", "who knows"), odd]);
    let page = json!({"count": 6, "data": data});
    let server = Server::granting(move |_, _| answer(200, &page));
    let Outcome::Ok(page) = client(&server).list("", 0).await else { panic!() };
    assert_eq!((page.total, page.taken), (6, 6), "the next page begins behind all of them");
    let ids: Vec<&str> = page.rows.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(ids, ["STX_1", "STX_4", "STX_3"]);
    assert_eq!(page.rows[1].status, Status::Other);
    assert_eq!(page.rows[2].transaction_ref.as_deref(), Some("ab"));
}

#[tokio::test]
async fn a_server_that_ignores_the_page_does_not_flood_the_till() {
    let rows: Vec<Value> = (0..500).map(|n| transaction(&format!("STX_{n}"), "ok")).collect();
    let page = json!({"count": 500, "data": rows});
    let server = Server::granting(move |_, _| answer(200, &page));
    let Outcome::Ok(page) = client(&server).list("", 0).await else { panic!() };
    assert_eq!((page.total, page.taken, page.rows.len()), (500, 500, 25));
}

#[tokio::test]
async fn no_match_is_an_empty_list_and_everything_else_is_none() {
    let missing = json!({"status": "error", "error": "ProductNotFoundException", "code": 1});
    for (status, body, rows) in [
        (404, missing, Some(0)),
        (200, json!({"count": 0, "data": null}), Some(0)),
        (200, json!({"data": [transaction("STX_1", "ok")]}), Some(1)),
        (200, json!({"count": 3}), None),
        (200, json!({"count": 3, "data": {}}), None),
        (404, json!("no such page"), None),
    ] {
        let shown = body.to_string();
        let server = Server::granting(move |_, _| answer(status, &body));
        match (client(&server).list("", 0).await, rows) {
            (Outcome::Ok(page), Some(rows)) => assert_eq!(page.rows.len(), rows, "{shown}"),
            (Outcome::Refused(_) | Outcome::Unknown(DownReason::Unreadable), None) => {}
            (other, _) => panic!("{shown}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn the_terminal_is_asked_for_its_jobs_once() {
    let server = Server::granting(|_, _| answer(200, &transaction("STX_9", "ok")));
    let client = client(&server);
    for (job, path) in [(TerminalJob::Diagnosis, "diagnosis"), (TerminalJob::EndOfDay, "endOfDay")]
    {
        let Outcome::Ok(done) = client.terminal(job).await else { panic!() };
        assert_eq!((done.id.as_str(), done.status), ("STX_9", Status::Ok));
        let request = server.seen().pop().unwrap();
        assert_eq!(request.method, "POST");
        assert_eq!(request.path, format!("/api/v2/Smart/Transactions/me/{path}"));
    }

    let server = Server::granting(|_, _| Reply::Reset);
    let lost = crate::client::server::client(&server).terminal(TerminalJob::EndOfDay).await;
    assert_eq!(lost, Outcome::Unknown(DownReason::Broken));
    assert_eq!(server.calls(), 1, "never repeated by itself");

    let refused = json!({"status": "error", "error": "ProductNotAllowedException", "code": 7});
    let server = Server::granting(move |_, _| answer(400, &refused));
    let refused = crate::client::server::client(&server).terminal(TerminalJob::Diagnosis).await;
    assert!(matches!(refused, Outcome::Refused(error) if error.code == 7));
}
