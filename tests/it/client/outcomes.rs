//! Every way in which a call can end, and that a payment is sent once in each of them.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use kasse::client::{Client, Deadlines, Settings, SettingsError};
use kasse::wire::DownReason::{
    Broken, Internal, NoConnection, NotEncrypted, ServerError, Timeout, Unreadable,
};
use kasse::wire::{ApiError, Outcome, StartMethod, Transaction};
use serde_json::json;

use crate::client::server::{Reply, Server, answer, client, expired, raw, settings, transaction};

/// Starts a payment at a server that answers `reply` to it.
async fn start(reply: Reply, deadlines: Deadlines) -> (Outcome<Transaction>, Server) {
    let server = Server::granting(move |_, _| reply.clone());
    let settings = Settings { deadlines, ..settings(&server.url()) };
    let client = Client::new(&settings).unwrap();
    assert!(matches!(client.connect().await, Outcome::Ok(_)));
    let outcome = client.start("STX_1", StartMethod::Cash).await;
    (outcome, server)
}

fn patient() -> Deadlines {
    settings("").deadlines
}

fn head(text: &str) -> Vec<u8> {
    text.replace('\n', "\r\n").into_bytes()
}

#[tokio::test]
async fn no_definite_answer_is_unknown_and_sent_once() {
    let html = b"<html><body>Bad gateway</body></html>";
    let json = "application/json";
    let big = format!("{{\"id\":\"STX_1\",\"status\":\"ok\",\"x\":\"{}\"}}", "y".repeat(4 << 20));
    for (name, reply, reason) in [
        ("reset", Reply::Reset, Broken),
        ("closed without a word", Reply::Last(Vec::new()), Broken),
        ("torn head", Reply::Last(head("HTTP/1.1 200 OK\nContent-")), Broken),
        ("torn body", Reply::Last(head("HTTP/1.1 200 OK\nContent-Length: 99\n\n{\"id\"")), Broken),
        (
            "torn chunk",
            Reply::Last(head("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n40\n{\"id\"")),
            Broken,
        ),
        ("body up to the end, torn", Reply::Last(head("HTTP/1.1 200 OK\n\n{\"id\"")), Unreadable),
        ("torn JSON", raw(200, json, b"{\"id\":\"STX_1\",\"status\":"), Unreadable),
        ("HTML", raw(200, "text/html", html), Unreadable),
        ("empty", raw(200, json, b""), Unreadable),
        ("list", answer(200, &json!([])), Unreadable),
        ("no fields", answer(200, &json!({})), Unreadable),
        ("no status", answer(200, &json!({"id": "STX_1"})), Unreadable),
        ("status null", answer(200, &json!({"id": "STX_1", "status": null})), Unreadable),
        ("another id", answer(200, &transaction("STX_2", "ok")), Unreadable),
        ("result only", answer(200, &json!({"result": true})), Unreadable),
        ("error with 200", answer(200, &expired()), Unreadable),
        (
            "wrong types",
            answer(200, &json!({"id": "STX_1", "status": "ok", "basket": 7})),
            Unreadable,
        ),
        ("too long", raw(200, json, big.as_bytes()), Unreadable),
        (
            "redirect",
            Reply::Send(head("HTTP/1.1 302 F\nLocation: /x\nContent-Length: 0\n\n")),
            Unreadable,
        ),
        (
            "redirect that keeps the method",
            Reply::Send(head("HTTP/1.1 307 T\nLocation: /x\nContent-Length: 0\n\n")),
            Unreadable,
        ),
        ("error of the server", answer(500, &expired()), ServerError(500)),
        ("HTML from a gateway", raw(503, "text/html", html), ServerError(503)),
        ("gateway gave up", raw(408, "text/html", html), Timeout),
    ] {
        let (outcome, server) = start(reply, patient()).await;
        assert_eq!(outcome, Outcome::Unknown(reason), "{name}");
        assert_eq!((server.calls(), server.grants()), (1, 1), "{name}");
    }
}

#[tokio::test]
async fn silence_is_unknown_and_sent_once() {
    let part = head("HTTP/1.1 200 OK\nContent-Length: 99\n\n{\"id\"");
    for bytes in [Vec::new(), head("HTTP/1.1 200 OK\n"), part] {
        let server = Server::granting(move |_, _| Reply::Hang(bytes.clone()));
        // Only this deadline is short, so that a busy machine still gets its token.
        let deadlines = Deadlines { cashless: 300, ..patient() };
        let client = Client::new(&Settings { deadlines, ..settings(&server.url()) }).unwrap();
        let outcome = client.start("STX_1", StartMethod::Cashless).await;
        assert_eq!(outcome, Outcome::Unknown(Timeout));
        while server.calls() == 0 {}
        assert_eq!((server.calls(), server.grants()), (1, 1));
    }
}

#[tokio::test]
async fn the_deadline_of_calls_ends_them() {
    let deadlines = Deadlines { call: 1_000, ..patient() };
    let (outcome, server) = start(Reply::Hang(Vec::new()), deadlines).await;
    assert_eq!(outcome, Outcome::Unknown(Timeout));
    assert_eq!(server.calls(), 1);
}

#[tokio::test]
async fn the_terminal_has_a_deadline_of_its_own() {
    let server = Server::granting(|request, _| {
        if request.path.ends_with("/cash") {
            return answer(200, &transaction("STX_1", "ok"));
        }
        Reply::Hang(Vec::new())
    });
    // Only the deadline for the terminal can end the silence in time …
    let deadlines = Deadlines { cashless: 300, ..patient() };
    let client = Client::new(&Settings { deadlines, ..settings(&server.url()) }).unwrap();
    let begun = Instant::now();
    let outcome = client.start("STX_1", StartMethod::Cashless).await;
    assert_eq!(outcome, Outcome::Unknown(Timeout));
    assert!(begun.elapsed() < Duration::from_millis(deadlines.call));
    // … and it is not the one for anything else.
    let deadlines = Deadlines { cashless: 0, ..patient() };
    let client = Client::new(&Settings { deadlines, ..settings(&server.url()) }).unwrap();
    assert!(matches!(client.start("STX_1", StartMethod::Cash).await, Outcome::Ok(_)));
}

#[tokio::test]
async fn refusals_are_definite_and_sent_once() {
    let locked = json!({
        "status": "error", "error": "ProductFormatException", "error_details": "card locked",
        "error_user": "Karte gesperrt", "code": 41, "supportId": "ab12",
    });
    let words = ApiError {
        http: 400,
        name: "ProductFormatException".to_owned(),
        user: "Karte gesperrt".to_owned(),
        details: "card locked".to_owned(),
        code: 41,
        support_id: "ab12".to_owned(),
    };
    let bare = |http: u16| ApiError { http, name: format!("HTTP {http}"), ..ApiError::default() };
    for (reply, expected) in [
        (answer(400, &locked), words),
        (raw(404, "text/html", b"<html>"), bare(404)),
        (raw(418, "text/plain", b""), bare(418)),
        (answer(429, &json!({})), bare(429)),
        (Reply::Last(head("HTTP/1.1 400 Bad\nContent-Length: 99\n\n{\"error\"")), bare(400)),
    ] {
        let (outcome, server) = start(reply, patient()).await;
        assert_eq!(outcome, Outcome::Refused(expected));
        assert_eq!((server.calls(), server.grants()), (1, 1));
    }
}

#[tokio::test]
async fn a_kept_connection_that_dies_under_a_payment_is_unknown() {
    let server = Server::granting(|request, _| {
        if request.method == "GET" {
            return answer(200, &transaction("STX_1", "processing"));
        }
        Reply::Reset
    });
    let client = client(&server);
    assert!(matches!(client.read("STX_1").await, Outcome::Ok(_)));
    let outcome = client.start("STX_1", StartMethod::Cash).await;
    assert_eq!(outcome, Outcome::Unknown(Broken));
    let starts = server.seen().iter().filter(|r| r.path.ends_with("/start/cash")).count();
    assert_eq!(starts, 1);
}

#[tokio::test]
async fn nobody_listening_is_down() {
    let address = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    };
    let client = Client::new(&settings(&format!("http://{address}"))).unwrap();
    assert_eq!(client.connect().await, Outcome::Down(NoConnection));
    assert_eq!(client.start("STX_1", StartMethod::Cash).await, Outcome::Down(NoConnection));
}

#[tokio::test]
async fn a_server_that_goes_away_after_the_login_is_down() {
    let server = Server::granting(|_, _| Reply::Reset);
    let settings = settings(&server.url());
    let client = Client::new(&settings).unwrap();
    assert!(matches!(client.connect().await, Outcome::Ok(_)));
    // Breaks the kept connection, so that the next call needs a new one.
    assert_eq!(client.read("STX_1").await, Outcome::Unknown(Broken));
    drop(server);
    let gone = || std::net::TcpStream::connect(settings.url.trim_start_matches("http://"));
    while gone().is_ok() {}
    assert_eq!(client.start("STX_1", StartMethod::Cash).await, Outcome::Down(NoConnection));
}

#[tokio::test]
async fn a_server_that_does_not_speak_tls_is_down() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        use std::io::Write;
        for stream in listener.incoming() {
            // The client may have gone already.
            let _sent = stream.unwrap().write_all(b"SSH-2.0-garbage\r\n\r\n\0\0\0\0");
        }
    });
    let client = match Client::new(&settings(&format!("https://{address}"))) {
        Ok(client) => client,
        // A machine without any trusted certificate says so before it sends anything.
        Err(error) => return assert!(matches!(error, SettingsError::Tls(_)), "{error}"),
    };
    assert_eq!(client.connect().await, Outcome::Down(NotEncrypted));
    assert_eq!(client.start("STX_1", StartMethod::Cash).await, Outcome::Down(NotEncrypted));
}

#[tokio::test]
async fn applying_a_card_needs_a_remainder() {
    for body in [json!({}), json!({"missing_sum": null}), json!({"bonus_products": []})] {
        let server = Server::granting(move |_, _| answer(200, &body));
        let outcome = client(&server).pre_transaction("STX_1").await;
        assert_eq!(outcome, Outcome::Unknown(Unreadable));
    }
}

#[tokio::test]
async fn a_new_transaction_needs_an_id_that_can_be_used() {
    for id in ["", "a/b", "\u{1b}[2J"] {
        let server = Server::granting(move |_, _| answer(200, &transaction(id, "created")));
        let client = client(&server);
        let outcome = client.create(&kasse::wire::TransactionRequest::default()).await;
        assert_eq!(outcome, Outcome::Unknown(Unreadable));
        assert_eq!(client.read(id).await, Outcome::Down(Internal));
    }
}
