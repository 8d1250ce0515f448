//! How tokens are granted, renewed once, shared and kept.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use kasse::client::{Client, Connected, Settings};
use kasse::wire::{DownReason, Outcome, StartMethod};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::client::server::{
    Reply, Request, Server, answer, client, expired, grant, raw, settings, transaction,
};

fn paid() -> Reply {
    answer(200, &transaction("STX_1", "ok"))
}

fn is_ok<T>(outcome: &Outcome<T>) -> bool {
    matches!(outcome, Outcome::Ok(_))
}

#[tokio::test]
async fn logging_in_shows_whether_it_is_the_sandbox() {
    for (server_name, sandbox) in
        [("Server: kasse-sandbox/0.1\r\n", true), ("Server: nginx\r\n", false), ("", false)]
    {
        let body = r#"{"access_token":"T1","expires_in":1200,"token_type":"bearer","scope":null}"#;
        let bytes =
            format!("HTTP/1.1 200 OK\r\n{server_name}Content-Length: {}\r\n\r\n{body}", body.len());
        let server = Server::start(move |_, _| Reply::Send(bytes.clone().into_bytes()));
        assert_eq!(client(&server).connect().await, Outcome::Ok(Connected { sandbox }));
        let seen = server.seen();
        assert_eq!((seen.len(), seen[0].method.as_str()), (1, "POST"));
        assert_eq!(seen[0].path, "/oauth/token");
        let expected = json!({"grant_type": "client_credentials", "client_id": "till-1",
            "client_secret": "hunter2"});
        assert_eq!(seen[0].json(), expected);
        assert_eq!(seen[0].header("authorization"), None);
    }
}

#[tokio::test]
async fn a_wrong_secret_is_refused_for_the_account() {
    let body = json!({"error": "invalid_client",
        "error_description": "The client credentials are invalid"});
    let server = Server::start(move |_, _| answer(400, &body));
    let client = client(&server);
    let Outcome::Refused(error) = client.connect().await else { panic!() };
    assert!(error.is_account());
    assert_eq!(error.details, "The client credentials are invalid");
    let Outcome::Refused(error) = client.start("STX_1", StartMethod::Cash).await else { panic!() };
    assert!(error.is_account());
    assert_eq!(server.calls(), 0);
}

#[tokio::test]
async fn one_token_serves_until_it_expires() {
    let server = Server::granting(|_, _| paid());
    let client = client(&server);
    for _ in 0..3 {
        assert!(is_ok(&client.read("STX_1").await));
    }
    assert_eq!((server.grants(), server.calls()), (1, 3));
    assert!(is_ok(&client.connect().await));
    assert_eq!(server.grants(), 2, "logging in always asks");

    // Ten seconds are taken off, so this one is for the call at hand only.
    let server = Server::start(|request, _| {
        if request.is_grant() {
            return answer(200, &json!({"access_token": "T", "expires_in": 10}));
        }
        paid()
    });
    let client = self::client(&server);
    for _ in 0..2 {
        assert!(is_ok(&client.read("STX_1").await));
    }
    assert_eq!((server.grants(), server.calls()), (2, 2));
}

#[tokio::test]
async fn a_refused_token_is_renewed_and_the_call_repeated() {
    for refusal in [answer(403, &expired()), answer(401, &json!({})), raw(401, "text/html", b"<")] {
        let server =
            Server::granting(
                move |request, _| {
                    if request.bearer() == "T1" { refusal.clone() } else { paid() }
                },
            );
        assert!(is_ok(&client(&server).abort("STX_1").await));
        let calls: Vec<Request> = server.seen().into_iter().filter(|r| !r.is_grant()).collect();
        assert_eq!(server.grants(), 2);
        assert_eq!(calls.iter().map(Request::bearer).collect::<Vec<_>>(), ["T1", "T2"]);
        assert_eq!(calls[0].path, calls[1].path);
        assert_eq!(calls[0].body, calls[1].body);
    }
}

#[tokio::test]
async fn it_is_renewed_once_only() {
    for (status, body) in [(403, expired()), (401, json!({"error": "x"}))] {
        let server = Server::granting(move |_, _| answer(status, &body));
        let outcome = client(&server).read("STX_1").await;
        assert!(matches!(&outcome, Outcome::Refused(error) if error.http == status));
        assert_eq!((server.grants(), server.calls()), (2, 2));
    }
}

#[tokio::test]
async fn other_refusals_renew_nothing() {
    let mut other = expired();
    other["code"] = json!(2004);
    for (status, body) in [(403, other), (400, expired())] {
        let server = Server::granting(move |_, _| answer(status, &body));
        let outcome = client(&server).read("STX_1").await;
        assert!(matches!(outcome, Outcome::Refused(_)));
        assert_eq!((server.grants(), server.calls()), (1, 1));
    }
}

#[tokio::test]
async fn after_a_renewed_token_silence_is_unknown_again() {
    let server = Server::granting(|request, _| {
        if request.bearer() == "T1" { answer(403, &expired()) } else { Reply::Reset }
    });
    let outcome = client(&server).abort("STX_1").await;
    assert_eq!(outcome, Outcome::Unknown(DownReason::Broken));
    assert_eq!(server.calls(), 2, "refused once, sent once");
}

/// A gateway may answer for a backend that did not do it, after another one did.
#[tokio::test]
async fn a_call_that_moves_money_is_not_repeated_when_its_token_is_refused() {
    for (status, body) in [(401, json!({})), (403, expired())] {
        let refusing = move |request: &Request, _: usize| {
            if request.bearer() == "T1" { answer(status, &body) } else { paid() }
        };
        let server = Server::granting(refusing);
        let client = client(&server);
        let outcomes = [
            client.start("STX_1", StartMethod::Cash).await,
            client.read("STX_1").await,
            client.start("STX_1", StartMethod::Cashless).await,
        ];
        assert!(matches!(&outcomes[0], Outcome::Refused(error) if error.http == status));
        assert!(is_ok(&outcomes[1]) && is_ok(&outcomes[2]), "the next call has a new token");
        assert_eq!((server.grants(), server.calls()), (2, 3));
    }
    for call in ["start", "cancel", "cancelTrx", "endOfDay"] {
        let server = Server::granting(|_, _| answer(401, &json!({})));
        let client = client(&server);
        let outcome = match call {
            "start" => client.start("STX_1", StartMethod::Cashless).await,
            "cancel" => client.cancel("STX_1").await,
            "cancelTrx" => client.cancel_trx("STX_1", 3).await,
            _ => client.terminal(kasse::wire::TerminalJob::EndOfDay).await,
        };
        assert!(matches!(&outcome, Outcome::Refused(error) if error.http == 401), "{call}");
        assert_eq!((server.grants(), server.calls()), (1, 1), "{call}");
    }
}

#[tokio::test]
async fn calls_that_fail_together_renew_together() {
    let server =
        Server::granting(
            |request, _| {
                if request.bearer() == "T1" { answer(403, &expired()) } else { paid() }
            },
        );
    let client = client(&server);
    assert!(is_ok(&client.connect().await));
    let mut calls = JoinSet::new();
    for _ in 0..8 {
        let client = client.clone();
        calls.spawn(async move { client.read("STX_1").await });
    }
    assert!(calls.join_all().await.iter().all(is_ok));
    assert_eq!(server.grants(), 2);
}

#[tokio::test]
async fn without_a_token_no_payment_leaves() {
    for (reply, reason) in [
        (Reply::Hang(Vec::new()), DownReason::Timeout),
        (Reply::Reset, DownReason::Broken),
        (raw(500, "text/html", b"<html>"), DownReason::ServerError(500)),
        (raw(302, "text/html", b"<html>"), DownReason::Unreadable),
        (raw(200, "text/html", b"<html>"), DownReason::Unreadable),
        (answer(200, &json!({})), DownReason::Unreadable),
        (answer(200, &json!({"access_token": "a b", "expires_in": 9})), DownReason::Unreadable),
        (answer(200, &json!({"access_token": "x".repeat(9_999)})), DownReason::Unreadable),
    ] {
        let mut deadlines = settings("").deadlines;
        if reason == DownReason::Timeout {
            deadlines.call = 1_000;
        }
        let server = Server::start(move |_, _| reply.clone());
        let client = Client::new(&Settings { deadlines, ..settings(&server.url()) }).unwrap();
        let outcome = client.start("STX_1", StartMethod::Cash).await;
        assert_eq!(outcome, Outcome::Down(reason));
        assert_eq!((server.grants(), server.calls()), (1, 0));
    }
}

#[tokio::test]
async fn a_token_file_outlives_the_program() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("kasse/token.json");
    let server = Server::granting(|_, _| paid());
    let with_file = Settings { token_file: Some(file.clone()), ..settings(&server.url()) };
    assert!(is_ok(&Client::new(&with_file).unwrap().read("STX_1").await));
    assert_eq!(server.grants(), 1);

    let mode = |file: &std::path::Path| fs::metadata(file).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&file), mode(file.parent().unwrap())), (0o600, 0o700));
    let content = fs::read_to_string(&file).unwrap();
    assert!(content.contains("\"T1\"") && !content.contains("hunter2"), "{content}");

    // The next start uses it, in any spelling of the address …
    let again = Settings { url: format!("{}/api/v2/", server.url()), ..with_file.clone() };
    assert!(is_ok(&Client::new(&again).unwrap().read("STX_1").await));
    assert_eq!(server.grants(), 1);
    // … another account does not, …
    let other = Settings { client_id: "till-2".to_owned(), ..with_file.clone() };
    assert!(is_ok(&Client::new(&other).unwrap().read("STX_1").await));
    assert_eq!(server.grants(), 2);
    // … and nobody uses one that others could have read.
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    assert!(is_ok(&Client::new(&other).unwrap().read("STX_1").await));
    assert_eq!((server.grants(), mode(&file)), (3, 0o600));
    assert_eq!(server.seen().last().unwrap().bearer(), "T3");
}

#[tokio::test]
async fn a_token_file_that_cannot_be_written_fails_no_sale() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::granting(|_, _| paid());
    let file = Some(directory.path().to_owned());
    let client = Client::new(&Settings { token_file: file, ..settings(&server.url()) }).unwrap();
    assert!(is_ok(&client.read("STX_1").await));
    assert!(is_ok(&client.read("STX_1").await));
    assert_eq!(server.grants(), 1);
}

const DEVICE: &str = "/vendor/unknown/cashier/dotnettest1";

fn on_device(server: &Server) -> Settings {
    Settings { device_uuid: Some(DEVICE.to_owned()), ..settings(&server.url()) }
}

/// What each token request asked for: its grant and the field that belongs to it.
fn grants(server: &Server) -> Vec<(String, String)> {
    let asked = server.seen().into_iter().filter(Request::is_grant).map(|request| {
        let body = request.json();
        assert_eq!(
            (&body["client_id"], &body["client_secret"]),
            (&json!("till-1"), &json!("hunter2"))
        );
        let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
        let detail = text("uuid").or_else(|| text("code")).or_else(|| text("refresh_token"));
        (text("grant_type").unwrap(), detail.unwrap())
    });
    asked.collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(grant, detail)| ((*grant).to_owned(), (*detail).to_owned())).collect()
}

/// A device server: registers as `C1`, grants by it with the refresh token `R1`.
fn device(request: &Request, before: usize, refresh: &Reply) -> Reply {
    let body = request.json();
    if body.get("uuid").is_some() {
        return answer(
            200,
            &json!({"device_code": "C1", "user_code": "aa63q9k9",
            "verification_url": "http://www.secuoffice.com", "expires_in": 1200, "interval": 5}),
        );
    }
    if body.get("code").is_some() {
        let token = format!("T{}", before + 1);
        return answer(
            200,
            &json!({"access_token": token, "expires_in": 1200,
            "token_type": "bearer", "scope": null, "refresh_token": "R1"}),
        );
    }
    refresh.clone()
}

#[tokio::test]
async fn a_device_logs_in_and_refreshes() {
    let server = Server::start(|request, before| {
        if request.is_grant() {
            return device(request, before, &grant(before + 1));
        }
        if request.bearer() == "T2" { answer(403, &expired()) } else { paid() }
    });
    let directory = tempfile::tempdir().unwrap();
    let token_file = Some(directory.path().join("token.json"));
    let settings = Settings { token_file, ..on_device(&server) };
    let client = Client::new(&settings).unwrap();
    assert!(is_ok(&client.abort("STX_1").await));
    assert!(is_ok(&client.connect().await));
    // A later start of the program refreshes too: the first refresh kept the refresh token.
    assert!(is_ok(&Client::new(&settings).unwrap().connect().await));
    let expected = pairs(&[
        ("device", DEVICE),
        ("device", "C1"),
        ("refresh_token", "R1"),
        ("refresh_token", "R1"),
        ("refresh_token", "R1"),
    ]);
    assert_eq!(grants(&server), expected);
    assert_eq!(server.calls(), 2);
}

#[tokio::test]
async fn a_device_whose_session_is_over_logs_in_again() {
    let refused = answer(400, &json!({"error": "invalid_grant"}));
    let server = Server::start(move |request, before| device(request, before, &refused));
    let client = Client::new(&on_device(&server)).unwrap();
    assert!(is_ok(&client.connect().await));
    assert!(is_ok(&client.connect().await));
    let expected = pairs(&[
        ("device", DEVICE),
        ("device", "C1"),
        ("refresh_token", "R1"),
        ("device", DEVICE),
        ("device", "C1"),
    ]);
    assert_eq!(grants(&server), expected);
}

#[tokio::test]
async fn a_device_keeps_its_session_while_the_server_is_down() {
    let server = Server::start(|request, before| device(request, before, &Reply::Reset));
    let client = Client::new(&on_device(&server)).unwrap();
    assert!(is_ok(&client.connect().await));
    for _ in 0..2 {
        assert_eq!(client.connect().await, Outcome::Down(DownReason::Broken));
    }
    let last: Vec<_> = grants(&server).into_iter().skip(2).collect();
    assert_eq!(last, pairs(&[("refresh_token", "R1"), ("refresh_token", "R1")]));
}
